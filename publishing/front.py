"""What the start page tells: the newest release in short, and beside what was announced what was released.

From the released tables alone, in the current language; before the first release from the registry, without a figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from access.codes import FIGURES, claimed
from access.language import _
from analytics.announced import FIRST_MONTH, MEASURED_AS
from data_model.measures import MetricKind, Subject
from data_model.releases import FigureState
from publishing import open_data
from publishing.addresses import FigureKey
from publishing.described import COLUMNS, as_it_stands, kept
from publishing.open_data import Filters, OpenRelease, Row
from publishing.shown_figure import Shown, ShownFigure, numbers_of, shown, shown_figure

MOST_HEADLINES, MOST_CLAIMS = 4, 2
# Initiative -> measure -> the newest period's figure of the whole country.
Newest = Mapping[str, Mapping[str, Shown]]
Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Claimed:
    """Something that was announced, as it was hedged, by whom; beside it what was released of the same definition.

    `released` is None where nothing of this definition is asked for.
    """

    what: str
    said: str
    population: str
    publisher: str
    url: str
    grade: str
    released: Shown | None
    demonstration: bool


@dataclass(frozen=True)
class InitiativeTold:
    """An initiative in short: `more` claims stand on its own page. `reports`: figures of it were released."""

    key: str
    name: str
    kind: str
    status: str
    claims: tuple[Claimed, ...]
    more: int
    reports: bool


@dataclass(frozen=True)
class Front:
    """The start page: the release (None before the first), its leading figures, and the initiatives by country."""

    release: OpenRelease | None
    figures: int
    withheld: int
    headlines: tuple[ShownFigure, ...]
    kinds: Mapping[str, str]
    countries: tuple[tuple[str, tuple[InitiativeTold, ...]], ...]


def front(session: Session, number: int | None, at: datetime) -> Front:
    """Return the start page of a release, of the newest that is public where none is named. Raises NoSuchRelease.

    `at` is the moment of asking, of which the registry is told where nothing was released.
    """
    release = _release(session, number)
    if release is None:
        return Front(None, 0, 0, (), {}, _countries(as_it_stands(session, at), {}))
    tables: Tables = {name: kept(session, release.number, name) for name in COLUMNS}
    newest = _newest(session, release, tables)
    counted = open_data.count_states(session, release)
    return Front(
        release=release,
        figures=sum(counted.values()),
        withheld=counted.get(FigureState.SUPPRESSED, 0),
        headlines=_headlines(session, release, tables, newest),
        kinds={row["measure"]: str(row["kind"]) for row in tables["measures"]},
        countries=_countries(tables, newest),
    )


def leading(session: Session, release: OpenRelease) -> ShownFigure | None:
    """Return the first of the figures that lead a release, None where none does."""
    tables: Tables = {name: kept(session, release.number, name) for name in COLUMNS}
    found = _headlines(session, release, tables, _newest(session, release, tables))
    return found[0] if found else None


def limits(kind: str) -> list[str]:
    """Return what a figure of this kind does not say, in plain words."""
    said = {
        MetricKind.DISTINCT: _("It does not say how often or how well it was used: once in the period counts."),
        MetricKind.STOCK: _("It does not say whether what was handed out or learned is used."),
        MetricKind.FLOW: _("It does not say how many people stand behind it."),
        MetricKind.SCORE: _("It is the opinion of those who answered, not a test of learning."),
    }
    return [said[MetricKind(kind)], _("It does not say that anybody learned more.")]


def _release(session: Session, number: int | None) -> OpenRelease | None:
    try:
        return open_data.open_release(session, number)
    except open_data.NoSuchRelease as refused:
        if refused.code != "no_release":
            raise
        return None


def _newest(session: Session, release: OpenRelease, tables: Tables) -> dict[str, dict[str, Shown]]:
    """Return the newest figures of each initiative, that of most schools first."""
    numbers = {row["measure"]: numbers_of(row) for row in tables["measures"]}
    found: list[tuple[int, str, dict[str, Shown]]] = []
    for initiative in tables["initiatives"]:
        last = open_data.last_period(session, release, initiative["initiative"])
        if last is None:
            continue
        wanted = Filters([initiative["initiative"]], areas=[initiative["country"]], periods=[last])
        rows = open_data.read_figures(session, release, wanted)
        schools = max((row["schools_expected"] or 0 for row in rows), default=0)
        figures = {row["measure"]: shown(row, numbers[row["measure"]]) for row in rows}
        found.append((schools, initiative["initiative"], figures))
    found.sort(key=lambda one: -one[0])
    return {initiative: figures for _schools, initiative, figures in found}


def _headlines(session: Session, release: OpenRelease, tables: Tables, newest: Newest) -> tuple[ShownFigure, ...]:
    """Return the figures that lead: every rate of the initiative that leads, who takes part before the rest."""
    kinds = {row["measure"]: row for row in tables["measures"]}
    countries = {row["initiative"]: row["country"] for row in tables["initiatives"]}
    for initiative, figures in newest.items():
        rates = [key for key, one in figures.items() if kinds[key]["numerator"] and one.state == FigureState.REPORTED]
        rates.sort(key=lambda key: (*_order(kinds[key]), key))
        keys = [FigureKey(initiative, key, countries[initiative], figures[key].period) for key in rates]
        if keys:
            return tuple(shown_figure(session, release, key) for key in keys[:MOST_HEADLINES])
    return ()


def _order(measure: Row) -> tuple[bool, bool]:
    """Return what sorts rates: of people who take part before the rest, of teachers before others."""
    return measure["kind"] != MetricKind.DISTINCT, measure["subject"] != Subject.TEACHER


def _countries(tables: Tables, newest: Newest) -> tuple[tuple[str, tuple[InitiativeTold, ...]], ...]:
    names = {row["area"]: str(row["name"]) for row in tables["areas"]}
    found: dict[str, list[InitiativeTold]] = {}
    for row in tables["initiatives"]:
        claims = [one for one in tables["claims"] if one["initiative"] == row["initiative"]]
        found.setdefault(names.get(row["country"], str(row["country"])), []).append(
            _told(row, claims, newest.get(row["initiative"]))
        )
    # Those of which figures were released come first: there is more to see of them.
    order = sorted(found.items(), key=lambda pair: (not any(one.reports for one in pair[1]), pair[0]))
    return tuple((country, tuple(sorted(told, key=lambda one: (not one.reports, one.name)))) for country, told in order)


def _told(row: Row, claims: Sequence[Row], figures: Mapping[str, Shown] | None) -> InitiativeTold:
    def weight(claim: Row) -> tuple[bool, bool, str, str]:
        beside = (figures or {}).get(_measure(claim)) is not None
        return not beside, claim["figure"] == "other", str(claim["grade"] or "Z"), str(claim["claim"])

    first = sorted(claims, key=weight)[:MOST_CLAIMS]
    return InitiativeTold(
        key=str(row["initiative"]),
        name=str(row["name"]),
        kind=str(row["kind"]),
        status=str(row["status"]),
        claims=tuple(_claimed(claim, figures) for claim in first),
        more=len(claims) - len(first),
        reports=figures is not None,
    )


def _measure(claim: Row) -> str:
    """Return the measure of a claim's own definition; "" for none, and for a claim about a first month alone."""
    if claim["period"] == FIRST_MONTH:
        return ""
    return MEASURED_AS.get((str(claim["figure"]), str(claim["unit"])), "")


def _claimed(claim: Row, figures: Mapping[str, Shown] | None) -> Claimed:
    released = (figures or {}).get(_measure(claim))
    url = str(claim["url"] or "")
    return Claimed(
        what=_(FIGURES[claim["figure"]]) if claim["figure"] in FIGURES else str(claim["figure"]).replace("_", " "),
        said=_said(claim),
        population=str(claim["population"] or ""),
        publisher=str(claim["publisher"] or ""),
        url=url if url.startswith(("https://", "http://")) else "",
        grade=str(claim["grade"] or ""),
        released=released,
        demonstration=released is not None and released.demonstration,
    )


def _said(claim: Row) -> str:
    """Return a claim's number as it was hedged, with what is counted."""
    value, high = float(claim["value"]), claim["value_high"]
    return claimed(value, high, str(claim["qualifier"]), str(claim["unit"]), str(claim["period"] or ""))
