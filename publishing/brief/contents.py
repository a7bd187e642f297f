"""What a brief says, in words that are ready to be read, in the current language.

Plain values: no frame, no query, no drawing. Whoever made it could read it out. Its citation is a hash of all of it.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from access import settings
from access.language import _, current, format_date, format_moment
from analytics import catalogue, registry
from analytics.catalogue import ReleaseView
from analytics.lookup import country_of
from analytics.scope import CannotAnswer, Scope
from charts import trend
from charts.theme import shortened
from data_model.periods import Period
from publishing.brief import announced, attention, places, standing, steps
from publishing.brief.announced import Milestone, Said, SourceTold
from publishing.brief.attention import Item
from publishing.brief.places import Area, Mapped
from publishing.brief.rows import rows
from publishing.brief.standing import Card, Course, Told
from publishing.brief.steps import Funnel
from publishing.open_data import open_release

LETTERS_OF_A_NAME, LETTERS_OF_A_SUMMARY, LETTERS_OF_A_DEFINITION = 90, 700, 190


@dataclass(frozen=True)
class Question:
    """What a brief is about. Without an area the whole country, without a period the newest with figures, without a
    measure to lead it the first rate of people who take part. `released`: as the public sees it, from the newest
    release or the one with the number `release`.
    """

    initiative: str
    area: str | None = None
    period: Period | None = None
    measure: str | None = None
    as_of: datetime | None = None
    released: bool = False
    release: int | None = None


@dataclass(frozen=True)
class Figures:
    """What schools report, as far as it is asked for and may be seen."""

    points: tuple[str, ...]
    cards: tuple[Card, ...]
    provisional: tuple[str, ...]
    course: Course
    map: Mapped | None
    funnels: tuple[Funnel, ...]
    attention: tuple[Item, ...]
    nothing_first: str
    attention_note: str
    areas_title: str
    areas: tuple[Area, ...]
    definitions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Contents:
    """All that a brief says. `figures` is None for an initiative of which there are none; `no_figures` then says why.

    `speaks_for` is the moment its figures are of.
    """

    language: str
    initiative: str
    place: str
    period: str
    stands: str
    summary: str
    demonstration: bool
    no_figures: str
    figures: Figures | None
    claims: tuple[Said, ...]
    claims_note: str
    milestones: tuple[Milestone, ...]
    partners: tuple[str, ...]
    sources: tuple[SourceTold, ...]
    grades: tuple[str, ...]
    figures_source: str
    address: str
    speaks_for: datetime
    data_version: str

    @property
    def citation(self) -> str:
        """What identifies this brief: the same for the same words and figures, another for any other."""
        said = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(said.encode()).hexdigest()[:12].upper()
        return f"UB-{digest[:4]}-{digest[4:8]}-{digest[8:]}"


def contents(session: Session, question: Question, at: datetime) -> Contents:
    """Return what the brief says when it is asked for at a moment, in the current language.

    Raises CannotAnswer for what does not exist or was not released, NoSuchRelease for a withdrawn release.
    """
    if question.release is not None:
        earlier = open_release(session, question.release)
        question = replace(question, released=True, as_of=earlier.released_at)
    country = country_of(session, question.initiative)
    (row,) = rows(registry.initiatives(session, question.initiative))
    scope = _scope(session, question, country, at)
    listed = catalogue.measures(session, question.initiative, question.as_of)
    figures, invented = (None, False) if scope is None else _figures(session, scope, listed, at)
    national = None if scope is None else _national(session, scope, country)
    said = announced.beside(session, question.initiative, national)
    claims, sources = announced.claims(said, {one.measure: Told.of(one).numbers for one in rows(listed)})
    cited = _with_own(sources, row)
    invented = invented or bool("demonstration" in said and said["demonstration"].any())
    release = catalogue.newest_release(session, question.as_of) if question.released else None
    speaks_for = _speaks_for(release, scope, at)
    return Contents(
        language=current(),
        initiative=shortened(str(row.name), LETTERS_OF_A_NAME),
        place=shortened(_place(session, question.area or country), LETTERS_OF_A_NAME),
        period=trend.period_text(scope.period.key, scope.period.starts_on) if scope else "",
        stands=_stands(release, scope, speaks_for),
        summary=first_sentences(str(row.summary or ""), LETTERS_OF_A_SUMMARY),
        demonstration=invented,
        no_figures="" if figures else _no_figures(question, row.schools_enrolled),
        figures=figures,
        claims=tuple(claims),
        claims_note=_claims_note(scope, national, country) if claims else "",
        milestones=tuple(announced.milestones(session, question.initiative, at)),
        partners=tuple(announced.partners(session, question.initiative)),
        sources=tuple(cited),
        grades=tuple(announced.grades(cited)),
        figures_source=_figures_source(release) if figures else "",
        address=address(question.initiative, scope, release.number if release else None),
        speaks_for=speaks_for,
        data_version=_version(session, question, release),
    )


def _version(session: Session, question: Question, release: ReleaseView | None) -> str:
    """Return what the figures are of. A release stands still, whatever comes after it."""
    if release is not None:
        return f"release {release.number}"
    return str(catalogue.data_version(session, question.initiative, question.released))


def _scope(session: Session, question: Question, country: str, at: datetime) -> Scope | None:
    """Return the scope of the brief's figures; None where there are none to be seen in the whole country.

    Live figures are pinned to the moment of asking, so that the printed address opens this view and no later one.
    """
    period = question.period or catalogue.latest_period(session, question.initiative, question.as_of, question.released)
    listed = catalogue.measures(session, question.initiative)
    if period is None or listed.empty:
        if question.area in (None, country):
            return None
        raise CannotAnswer("no_figures", _("There are no figures of {area}.").format(area=question.area))
    as_of = question.as_of
    if as_of is None and not question.released:
        as_of = _pinned(session, question.initiative, at)
    measure = question.measure or standing.leading(listed, standing.heading(listed) or list(listed["measure"]))
    return Scope(
        question.initiative, measure, question.area or country, period, as_of=as_of, released=question.released
    )


def _pinned(session: Session, initiative: str, at: datetime) -> datetime:
    """Return the whole second that an address can name: never before what was recorded last."""
    recorded = catalogue.data_version(session, initiative)[1]
    moment = _whole_second(at)
    if isinstance(recorded, datetime) and moment < recorded <= at:
        return moment + timedelta(seconds=1)
    return moment


def _speaks_for(release: Any, scope: Scope | None, at: datetime) -> datetime:
    if release is not None:
        moment: datetime = release.as_of
        return moment
    return scope.as_of if scope is not None and scope.as_of is not None else _whole_second(at)


def _whole_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _figures(session: Session, scope: Scope, listed: Any, at: datetime) -> tuple[Figures, bool]:
    told = {one.measure: Told.of(one) for one in rows(listed)}
    if scope.measure not in told:
        raise CannotAnswer("unknown_measure", _("There is no measure {key}.").format(key=scope.measure))
    headed = [told[key] for key in standing.heading(listed)] or [told[scope.measure]]
    lead = told[scope.measure]
    cards, invented = standing.cards(session, scope, headed, at)
    course = standing.course(session, scope, lead)
    items = attention.attention(session, scope, lead.numbers, at)
    reasons = dict.fromkeys(card.provisional for card in cards if card.provisional)
    leading = next((card for card in cards if card.measure == lead.key), cards[0])
    figures = Figures(
        points=tuple(_points(leading, course, items)),
        cards=tuple(cards),
        provisional=tuple(reasons),
        course=course,
        map=places.mapped(session, scope, lead.numbers),
        funnels=tuple(steps.told(session, scope, {key: one.numbers.name for key, one in told.items()})),
        attention=tuple(items),
        nothing_first=attention.nothing(session, scope),
        attention_note=attention.note(session, scope, lead.numbers),
        areas_title=_("{measure} by area").format(measure=lead.numbers.name),
        areas=tuple(places.listed(session, scope, lead.numbers)),
        definitions=tuple(
            (one.numbers.name, first_sentences(one.definition, LETTERS_OF_A_DEFINITION)) for one in headed
        ),
    )
    return figures, invented


def first_sentences(text: str, letters: int) -> str:
    """Return as many whole sentences as fit into so many letters; the first, cut short, where none does."""
    sentences = re.split(r"(?<=[.!?;])\s+", " ".join(text.split()))
    while len(sentences) > 1 and len(" ".join(sentences)) > letters:
        sentences.pop()
    return shortened(" ".join(sentences), letters)


def _points(card: Card, course: Course, items: Sequence[Item]) -> list[str]:
    """Return what a hurried reader takes along: where it stands, whether it will do, what to look at."""
    beside = "; ".join(part for part in (card.base, card.change, card.year_before) if part)
    text = _("{measure}: {value} ({base}).") if beside else _("{measure}: {value}.")
    first = text.format(measure=card.name, value=card.value, base=beside)
    target = f"{card.target.removesuffix('.')}. {course.outlook}" if card.target else ""
    named = "; ".join(dict.fromkeys(f"{item.place} ({item.why})" for item in items[:3]))
    look = _("Look first at: {places}.").format(places=named) if named else ""
    return [text for text in (first, target, look) if text]


def _national(session: Session, scope: Scope, country: str) -> Scope | None:
    """Return the scope of the whole country that stands beside claims: of a region's brief the newest release's.

    Live figures of the whole country may be outside of what the reader of one region may see.
    """
    if scope.area == country or scope.released:
        return scope.of(area=country)
    period = catalogue.latest_period(session, scope.initiative, None, True)
    return None if period is None else scope.of(area=country, period=period, released=True)


def _claims_note(scope: Scope | None, national: Scope | None, country: str) -> str:
    parts = [_("Announced and measured are never added or divided: they may count different people.")]
    if scope is not None and scope.area != country:
        parts.append(_("Both are of the whole country."))
        if national is not None and not scope.released:
            parts.append(_("Measured: as released."))
    return " ".join(parts)


def _with_own(sources: list[SourceTold], row: Any) -> list[SourceTold]:
    """Return the sources with that of the initiative itself, unless it is among them."""
    own = announced.source_told(row, len(sources) + 1)
    return sources if any(own.url == source.url for source in sources) else [*sources, own]


def _place(session: Session, area: str) -> str:
    return str(catalogue.area_trail(session, area)["name"].iloc[-1])


def _stands(release: Any, scope: Scope | None, speaks_for: datetime) -> str:
    if scope is None:
        return _("As known on {moment}").format(moment=format_moment(speaks_for))
    if release is not None:
        return _("Figures as released on {date} (release {number}).").format(
            date=format_date(release.released_at.date()), number=release.number
        )
    return _("All figures as they were known on {moment}.").format(moment=format_moment(speaks_for))


def _figures_source(release: Any) -> str:
    if release is not None:
        return _("Release {number}").format(number=release.number)
    return _("Reports of schools, reviewed and accepted")


def _no_figures(question: Question, enrolled: int) -> str:
    if not enrolled:
        return _("No school reports about this initiative. What is known is what was announced.")
    if question.released:
        return _("Nothing has been released yet.")
    return _("No school has reported yet")


def address(initiative: str, scope: Scope | None, release: int | None = None) -> str:
    """Return the address that opens this view: of released figures in that release, whatever comes after it."""
    of = {} if release is None else {"release": str(release)}
    if scope is None:
        asked = {"initiative": initiative, **of, "lang": current()}
        return f"{settings.address()}/initiatives?{urlencode(asked)}"
    asked = {"initiative": initiative, "area": scope.area, "period": scope.period.key, "measure": scope.measure}
    if scope.as_of is not None and not of:
        asked["as_of"] = scope.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{settings.address()}/?{urlencode(asked | of | {'lang': current()}, safe=':')}"
