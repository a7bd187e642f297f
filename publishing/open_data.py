"""A release as tables anybody may take: its figures, and what is needed to read them. From the released tables only."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from access.refusal import Refusal
from analytics.freshness import published_query
from data_model.bulk import Query
from data_model.releases import FigureState, Release, ReleasedFigure, ReleasedSchool
from publishing.described import AREA_COLUMNS, INITIATIVE_COLUMNS, LICENCE, MEASURE_COLUMNS, Row, kept, licence, number

FIGURE_COLUMNS = (
    "release", "initiative", "measure", "area", "period", "state", "value", "numerator", "denominator",
    "schools_reporting", "schools_expected", "unit", "demonstration",
)  # fmt: skip
SCHOOL_COLUMNS = (
    "country", "school", "name", "area", "setting", "languages", "opened_on", "closed_on", "demonstration",
)  # fmt: skip
__all__ = [
    "AREA_COLUMNS",
    "FIGURE_COLUMNS",
    "INITIATIVE_COLUMNS",
    "MEASURE_COLUMNS",
    "SCHOOL_COLUMNS",
    "Filters",
    "NoSuchRelease",
    "OpenData",
    "OpenRelease",
    "Row",
    "count_figures",
    "count_states",
    "last_period",
    "newest_licence",
    "open_data",
    "open_release",
    "read_figures",
    "read_schools",
    "state",
    "state_meanings",
]


class NoSuchRelease(Refusal):
    """There is no such release (`release_unknown`, `no_release`) any more (`release_withdrawn`).

    Of a withdrawn one `withdrawn_at` and `reason` are told.
    """

    withdrawn_at: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OpenRelease:
    """A release that can be opened. Read column by column: the public's database role may not see who made it."""

    number: int
    released_at: datetime
    as_of: datetime
    note: str
    threshold: int
    demonstration: bool
    withdrawn_at: datetime | None
    withdrawal_reason: str
    licence: Row = field(default_factory=lambda: dict(LICENCE))

    def about(self) -> Row:
        """Return what it says of itself, in the current language."""
        told: Row = {
            "release": self.number,
            "released_at": instant(self.released_at),
            "as_of": instant(self.as_of),
            "note": self.note,
            "threshold": self.threshold,
            "demonstration": self.demonstration,
        }
        if self.demonstration:
            told["notice"] = _("Demonstration data: these figures are invented, nobody measured them.")
        return told


@dataclass(frozen=True)
class OpenData:
    """A release: `about` it, its licence, and its tables (lists of rows with the columns named above)."""

    about: Row
    licence: Row
    figures: list[Row]
    measures: list[Row]
    areas: list[Row]
    initiatives: list[Row]


@dataclass(frozen=True)
class Filters:
    """Which figures are asked for. Empty: all. `first` and `last` are the first days of periods."""

    initiatives: Sequence[str] = ()
    measures: Sequence[str] = ()
    areas: Sequence[str] = ()
    periods: Sequence[str] = ()
    first: date | None = None
    last: date | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """Return them as conditions on `released_figure`."""
        named = (
            (ReleasedFigure.initiative_key, self.initiatives),
            (ReleasedFigure.measure, self.measures),
            (ReleasedFigure.area_code, self.areas),
            (ReleasedFigure.period, self.periods),
        )
        found: list[sa.ColumnElement[bool]] = [col(column).in_(list(wanted)) for column, wanted in named if wanted]
        if self.first is not None:
            found.append(col(ReleasedFigure.period_starts_on) >= self.first)
        if self.last is not None:
            found.append(col(ReleasedFigure.period_starts_on) <= self.last)
        return found


EVERYTHING = Filters()


def open_data(session: Session, wanted: int | None = None) -> OpenData:
    """Return a release (the newest when no number is given) in the current language. The same release, the same data.

    Raises NoSuchRelease.
    """
    release = open_release(session, wanted)
    figures = read_figures(session, release)
    keys = {name: {row[name] for row in figures} for name in ("measure", "area", "initiative")}

    def explained(table: str, key: str) -> list[Row]:
        return [row for row in kept(session, release.number, table) if row[key] in keys[key]]

    return OpenData(
        about=release.about(),
        licence=release.licence,
        figures=figures,
        measures=explained("measures", "measure"),
        areas=explained("areas", "area"),
        initiatives=explained("initiatives", "initiative"),
    )


def state(session: Session) -> tuple[object, ...]:
    """Return what changes with a release made or withdrawn, and with a setting of the instance. One cheap query."""
    return tuple(session.connection().execute(published_query()).one())


def state_meanings() -> dict[str, str]:
    """Return what the four states mean, in the current language."""
    return {
        FigureState.REPORTED: _("a value"),
        FigureState.NOT_REPORTED: _("no school has reported it; this is not zero"),
        FigureState.NOT_APPLICABLE: _("it does not apply to those who reported"),
        FigureState.SUPPRESSED: _("withheld to protect people; this is not zero"),
    }


def open_release(session: Session, wanted: int | None = None) -> OpenRelease:
    """Return a release that is public, the newest when no number is given. Raises NoSuchRelease."""
    query: Query = sa.select(
        col(Release.id), col(Release.released_at), col(Release.as_of), col(Release.note), col(Release.threshold),
        col(Release.demonstration), col(Release.withdrawn_at), col(Release.withdrawal_reason),
    )  # fmt: skip
    if wanted is None:
        query = query.where(col(Release.withdrawn_at).is_(None)).order_by(col(Release.id).desc()).limit(1)
    else:
        query = query.where(col(Release.id) == wanted)
    row = session.connection().execute(query).one_or_none()
    if row is None and wanted is None:
        raise NoSuchRelease("no_release", _("Nothing has been released yet."))
    if row is None:
        raise NoSuchRelease("release_unknown", _("There is no release {number}.").format(number=wanted))
    release = OpenRelease(*row)
    if release.withdrawn_at is not None:
        message = _("Release {number} was withdrawn on {day}: {reason}").format(
            number=release.number, day=release.withdrawn_at.date().isoformat(), reason=release.withdrawal_reason
        )
        refused = NoSuchRelease("release_withdrawn", message)
        refused.withdrawn_at, refused.reason = instant(release.withdrawn_at), release.withdrawal_reason
        raise refused
    return replace(release, licence=licence(session, release.number))


def newest_licence(session: Session) -> Row:
    """Return the licence of the newest release that is public."""
    try:
        return open_release(session).licence
    except NoSuchRelease:
        return dict(LICENCE)


def count_figures(session: Session, release: OpenRelease, filters: Filters) -> int:
    """Return how many figures of a release are asked for."""
    query = sa.select(sa.func.count()).where(col(ReleasedFigure.release_id) == release.number, *filters.conditions())
    return int(session.connection().execute(query).scalar_one())


def count_states(session: Session, release: OpenRelease) -> dict[str, int]:
    """Return how many figures of a release are in each state."""
    query: Query = (
        sa.select(col(ReleasedFigure.state), sa.func.count())
        .where(col(ReleasedFigure.release_id) == release.number)
        .group_by(col(ReleasedFigure.state))
    )
    return {str(name): int(count) for name, count in session.connection().execute(query)}


def last_period(session: Session, release: OpenRelease, initiative: str) -> str | None:
    """Return the newest period of which a release holds figures of an initiative, None where it holds none."""
    query = (
        sa.select(col(ReleasedFigure.period))
        .where(col(ReleasedFigure.release_id) == release.number, col(ReleasedFigure.initiative_key) == initiative)
        .order_by(col(ReleasedFigure.period_starts_on).desc())
        .limit(1)
    )
    return session.connection().execute(query).scalar_one_or_none()


def read_figures(
    session: Session,
    release: OpenRelease,
    filters: Filters = EVERYTHING,
    *,
    skip: int = 0,
    limit: int | None = None,
) -> list[Row]:
    """Return figures of a release, always in the same order: initiative, measure, time, area."""
    units = {row["measure"]: row["unit"] for row in kept(session, release.number, "measures")}
    query: Query = (
        sa.select(
            col(ReleasedFigure.initiative_key), col(ReleasedFigure.measure), col(ReleasedFigure.area_code),
            col(ReleasedFigure.period), col(ReleasedFigure.state), col(ReleasedFigure.value),
            col(ReleasedFigure.numerator), col(ReleasedFigure.denominator), col(ReleasedFigure.schools_reporting),
            col(ReleasedFigure.schools_expected), col(ReleasedFigure.demonstration),
        )
        .where(col(ReleasedFigure.release_id) == release.number, *filters.conditions())
        .order_by(
            col(ReleasedFigure.initiative_key), col(ReleasedFigure.measure), col(ReleasedFigure.period_starts_on),
            col(ReleasedFigure.area_code),
        )
        .offset(skip)
        .limit(limit)
    )  # fmt: skip
    return [
        {
            "release": release.number,
            "initiative": row.initiative_key,
            "measure": row.measure,
            "area": row.area_code,
            "period": row.period,
            "state": row.state,
            "value": number(row.value),
            "numerator": number(row.numerator),
            "denominator": number(row.denominator),
            "schools_reporting": row.schools_reporting,
            "schools_expected": row.schools_expected,
            "unit": units[row.measure],
            "demonstration": bool(row.demonstration),
        }
        for row in session.connection().execute(query)
    ]


def read_schools(
    session: Session, release: OpenRelease, countries: Sequence[str], areas: Sequence[str], *, skip: int, limit: int
) -> tuple[int, list[Row]]:
    """Return how many schools a release's register holds of these countries and regions, and a page of them."""
    held = [
        col(ReleasedSchool.since_release) <= release.number,
        sa.or_(col(ReleasedSchool.until_release).is_(None), col(ReleasedSchool.until_release) > release.number),
    ]
    if countries:
        held.append(col(ReleasedSchool.country).in_(list(countries)))
    if areas:
        held.append(col(ReleasedSchool.area_code).in_(list(areas)))
    connection = session.connection()
    total = int(connection.execute(sa.select(sa.func.count(col(ReleasedSchool.id))).where(*held)).scalar_one())
    query: Query = (
        sa.select(
            col(ReleasedSchool.country), col(ReleasedSchool.code).label("school"), col(ReleasedSchool.name),
            col(ReleasedSchool.area_code).label("area"), col(ReleasedSchool.setting), col(ReleasedSchool.languages),
            col(ReleasedSchool.opened_on), col(ReleasedSchool.closed_on), col(ReleasedSchool.demonstration),
        )
        .where(*held)
        .order_by(col(ReleasedSchool.country), col(ReleasedSchool.code))
        .offset(skip)
        .limit(limit)
    )  # fmt: skip
    rows = [dict(row._mapping) for row in connection.execute(query)]
    for row in rows:
        for day in ("opened_on", "closed_on"):
            row[day] = row[day].isoformat() if row[day] is not None else None
    return total, rows


def instant(moment: datetime) -> str:
    """Return a moment as it is written in open data."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
