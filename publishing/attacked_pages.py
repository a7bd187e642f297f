"""What charts, briefs and the IATI file print of a release's figures, read from what they are made of to the last mark.

Of an embedded chart that is its HTML: the value, what its head says, the bars, and each dot of its line, whose height
is a number to whoever measures it. Of a brief it is the data that its pages are set from. Pictures in pixels (the
preview beside a link, PNG) show nothing that these do not.
"""

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from html import unescape
from itertools import pairwise
from typing import Any

from sqlmodel import Session

from access.language import DEFAULT_LANGUAGE, in_language
from access.refusal import Refusal
from analytics.catalogue import measures as measures_of
from analytics.lookup import every_period, measure_facts
from analytics.released_figures import released_figures, released_periods, require_release
from analytics.scope import Scope
from data_model.periods import Period
from publishing import open_data
from publishing.addresses import FigureKey, embedded
from publishing.brief import places, standing
from publishing.brief.contents import Contents, Question, contents
from publishing.brief.rows import rows
from publishing.brief.standing import Told
from publishing.described import kept
from publishing.iati.activities import activity_file
from publishing.open_data import Filters, OpenRelease
from publishing.rolled_up import public_places
from publishing.web import site

# What a figure is known by in open data, and what is printed of it: how, and the number.
Place = tuple[str, str, str, str]
Found = tuple[Place, tuple[str, float]]
NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
WIDE = re.compile(r'<svg class="wide".*?</svg>', re.DOTALL)
# Where the line of a course begins and ends within its axes (`drawing.course`), and the dots of its periods.
INSIDE, DOT = 2.0, "0.55"


def printed_on_pages(
    session: Session, number: int, at: datetime, measures: Collection[str] = (), *, briefs: bool = True
) -> Iterator[Found]:
    """Yield each figure of a release that a chart, brief or IATI file prints, with the number that is read there.

    Of these `measures` only where some are named. `briefs`: they take longest, as everything is told anew in each.
    """
    with in_language(DEFAULT_LANGUAGE):
        release = open_data.open_release(session, number)
        held: dict[tuple[str, str, str], list[str]] = {}
        for row in open_data.read_figures(session, release, Filters(measures=list(measures))):
            held.setdefault((row["initiative"], row["measure"], row["area"]), []).append(row["period"])
        yield from _in_charts(session, release, held)
        yield from _behind_pages(session, release, held)
        yield from _in_briefs(session, release, held, at) if briefs else ()
        yield from _for_iati(session, release, held, at)


def _in_charts(session: Session, release: OpenRelease, held: dict[tuple[str, str, str], list[str]]) -> Iterator[Found]:
    """Read the course of every series, and of every period where in a country it is further."""
    for (initiative, measure, area), periods in held.items():
        key = FigureKey(initiative, measure, area, periods[-1])
        page = _page(session, release, key, "trend")
        for place, value in _told(page, key):
            yield place, ("chart", value)
        between = every_period(Period.parse(periods[0]), Period.parse(periods[-1]))
        for index, value in _dots(page, len(between)):
            yield (initiative, measure, area, between[index].key), ("dot", value)
        if "-" not in area:
            for period in periods:
                yield from _bars(session, release, FigureKey(initiative, measure, area, period))


def _page(session: Session, release: OpenRelease, key: FigureKey, chart: str) -> str:
    path, _mark, query = embedded(release.number, key, {"chart": chart, "lang": DEFAULT_LANGUAGE}).partition("?")
    answer = site.answer(session, path, query.encode())
    return answer.body.decode() if answer.status == 200 else ""


def _told(page: str, key: FigureKey) -> Iterator[tuple[Place, float]]:
    """Yield the figure's own value where the page says it, in its body and in its head."""
    place = (key.initiative, key.measure, key.area, key.period)
    said = re.findall(r'<p class="value">([^<]*)', page)
    said += [text.rpartition(": ")[2] for text in re.findall(r'og:image:alt" content="([^"]*)"', page)]
    for text in said:
        if found := NUMBER.match(unescape(text).strip()):
            yield place, _number(found[0])


def _dots(page: str, periods: int) -> Iterator[tuple[int, float]]:
    """Yield which periods have a dot on the line, and the value at its height by the numbers of the axis."""
    drawn = "".join(WIDE.findall(page))
    lines = [tuple(map(float, one)) for one in re.findall(r'd="M(\S+) (\S+)L(\S+) \2"[^>]*s-faint', drawn)]
    texts = [(float(y), unescape(text)) for y, text in re.findall(r'<text x="\S+" y="(\S+)"[^>]*>([^<]*)', drawn)]
    if len(lines) < 2:
        return
    (left, bottom, right), top = lines[0], lines[-1][1]
    # The axis' highest number stands beside its highest line.
    end = next(_number(found[0]) for y, text in texts if abs(y - top) < 1.5 and (found := NUMBER.match(text)))
    for x, y in re.findall(rf'<circle cx="(\S+)" cy="(\S+)" r="{DOT}"', drawn):
        across = (float(x) - left - INSIDE) / (right - left - 2 * INSIDE) if periods > 1 else 0
        yield round(across * (periods - 1)), (bottom - float(y)) / (bottom - top) * end


def _bars(session: Session, release: OpenRelease, key: FigureKey) -> Iterator[Found]:
    """Yield the areas of a country whose bar has a number."""
    page = _page(session, release, key, "areas")
    codes = {row["name"]: row["area"] for row in kept(session, release.number, "areas") if row["parent"] == key.area}
    texts = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", "".join(WIDE.findall(page)))]
    for name, text in pairwise(texts):
        if name in codes and (found := NUMBER.match(text)):
            yield (key.initiative, key.measure, codes[name], key.period), ("bar", _number(found[0]))


def _in_briefs(
    session: Session, release: OpenRelease, held: dict[tuple[str, str, str], list[str]], at: datetime
) -> Iterator[Found]:
    """Read the brief of every place in its newest period, and of a country what another measure that leads it tells.

    What does not depend on the measure that leads is told once for each place.
    """
    codes = {row["name"]: row["area"] for row in kept(session, release.number, "areas")}
    keys = {row["name"]: row["measure"] for row in kept(session, release.number, "measures")}
    for (initiative, area), period in {(one[0], one[2]): periods[-1] for one, periods in held.items()}.items():
        question = Question(initiative, area, Period.parse(period), released=True, release=release.number)
        said = _as_data(contents(session, question, at))["figures"]
        for key, told_of, how, text in _of_the_place(said, codes, keys) if said else ():
            if found := NUMBER.match(text):
                yield (initiative, key, told_of or area, period), (how, _number(found[0]))
    for (initiative, measure, area), periods in held.items():
        if "-" not in area:
            scope = Scope(
                initiative, measure, area, Period.parse(periods[-1]), as_of=release.released_at, released=True
            )
            yield from _led_by(session, scope, periods, codes)


def _of_the_place(
    said: dict[str, Any], codes: dict[str, str], keys: dict[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the measure, the area ("" for the brief's own), how it is told and the text of each figure."""
    for card in said["cards"]:
        yield card["measure"], "", "card", card["value"]
    for step in (step for funnel in said["funnels"] for step in funnel["steps"]):
        yield keys[step["name"]], "", "step", step["text"]
    for item in said["attention"]:
        name, _colon, text = item["figure"].rpartition(": ")
        if name in keys and item["place"] in codes:
            yield keys[name], codes[item["place"]], "look", text


def _led_by(session: Session, scope: Scope, periods: Sequence[str], codes: dict[str, str]) -> Iterator[Found]:
    """Read what a brief tells of the measure that leads it: by area, on the map, and over time."""
    (row,) = (one for one in rows(measures_of(session, scope.initiative, scope.as_of)) if one.measure == scope.measure)
    told = Told.of(row)
    shown = [(codes.get(one.name, ""), one.value) for one in places.listed(session, scope, told.numbers)]
    drawn = places.mapped(session, scope, told.numbers)
    shown += [(one.code, str(one.value or "")) for one in (drawn.places if drawn else ())]
    for code, text in shown:
        if found := NUMBER.match(text):
            yield (scope.initiative, scope.measure, code, scope.period.key), ("brief", _number(found[0]))
    for point in standing.course(session, scope, told).points:
        if point.value is not None:
            key = _period_of(periods, point.starts_on.isoformat())
            yield (scope.initiative, scope.measure, scope.area, key), ("point", point.value)


def _as_data(said: Contents) -> Any:
    return json.loads(json.dumps(asdict(said), default=str))


def _behind_pages(session: Session, release: OpenRelease, held: Collection[tuple[str, str, str]]) -> Iterator[Found]:
    """Read what every page of the app is told, through the one function that reads released figures for them."""
    view = require_release(session, release.released_at)
    facts = measure_facts(session)
    ids = {code: area for area, code in public_places(session).codes.items()}
    for initiative in sorted({one[0] for one in held}):
        areas = {ids[area]: area for of, _measure, area in held if of == initiative}
        measures = [facts[key] for key in sorted({measure for of, measure, _area in held if of == initiative})]
        periods = released_periods(session, view, initiative)
        for row in rows(released_figures(session, view, initiative, measures, areas, periods)):
            place = (initiative, str(row.measure), areas[row.area_id], str(row.period))
            for name in ("value", "numerator", "denominator"):
                if (number := getattr(row, name)) == number:  # not missing
                    yield place, (f"page {name}", float(number))


def _for_iati(
    session: Session, release: OpenRelease, held: dict[tuple[str, str, str], list[str]], at: datetime
) -> Iterator[Found]:
    """Read the actual values of every result in the IATI file, and the baselines as values of their period."""
    try:
        made = activity_file(session, release.number, at)
    except Refusal:  # nothing that IATI could hold
        return
    measures = {row["name"]: row["measure"] for row in kept(session, release.number, "measures")}
    countries = {row["initiative"]: row["country"] for row in kept(session, release.number, "initiatives")}
    activities = ElementTree.fromstring(made.content).iter("iati-activity")
    for initiative, activity in zip(made.activities, activities, strict=True):
        for result in activity.iter("result"):
            measure = measures[result.findtext("title/narrative") or ""]
            told = [(_key_of(period), one) for period in result.iter("period") for one in period.iter("actual")]
            told += [("", one) for one in result.iter("baseline")]
            for key, one in told:
                dimension = one.find("dimension")
                area = countries[initiative] if dimension is None else dimension.attrib["value"]
                within = key or _period_with(held.get((initiative, measure, area), ()), one.attrib["iso-date"])
                yield (initiative, measure, area, within), (one.tag, float(one.attrib["value"]))


def _period_of(keys: Sequence[str], starts_on: str) -> str:
    return next((key for key in keys if Period.parse(key).starts_on.isoformat() == starts_on), "")


def _period_with(keys: Sequence[str], day: str) -> str:
    moment = date.fromisoformat(day)
    return next((key for key in keys if Period.parse(key).starts_on <= moment <= Period.parse(key).ends_on), "")


def _key_of(period: Any) -> str:
    first = date.fromisoformat(period.find("period-start").attrib["iso-date"])
    last = date.fromisoformat(period.find("period-end").attrib["iso-date"])
    return next((one.key for one in _beginning(first) if one.ends_on == last), "")


def _beginning(first: date) -> Iterable[Period]:
    """Return the periods that can begin on a day."""
    quarter = (first.month - 1) // 3 + 1
    year = f"{first.year}/{(first.year + 1) % 100:02d}"
    return (Period.parse(key) for key in (f"{first:%Y-%m}", f"{first.year}-Q{quarter}", year))


def _number(text: str) -> float:
    return float(text.replace(",", ""))
