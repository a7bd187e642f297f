"""A release as tables anybody may take: its figures, and what is needed to read them. From the released tables only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.language import _
from access.refusal import Refusal
from analytics.measures_described import measures
from analytics.names import in_current_language
from data_model.bulk import Query
from data_model.places import Area
from data_model.registry import Initiative
from data_model.releases import FigureState, Release, ReleasedFigure
from publishing.releases import latest

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
FIGURE_COLUMNS = (
    "release", "initiative", "measure", "area", "period", "state", "value", "numerator", "denominator",
    "schools_reporting", "schools_expected", "unit", "demonstration",
)  # fmt: skip
MEASURE_COLUMNS = ("measure", "name", "definition", "formula", "unit", "kind", "subject", "numerator", "denominator")
AREA_COLUMNS = ("area", "name", "level", "parent")
INITIATIVE_COLUMNS = ("initiative", "name", "country", "granularity")

Row = dict[str, Any]


class NoSuchRelease(Refusal):
    """There is no such release (`release_unknown`, `no_release`) any more (`release_withdrawn`)."""


@dataclass(frozen=True)
class OpenData:
    """A release: `about` it, and its tables (lists of rows with the columns named above)."""

    about: Row
    figures: list[Row]
    measures: list[Row]
    areas: list[Row]
    initiatives: list[Row]


def open_data(session: Session, number: int | None = None) -> OpenData:
    """Return a release (the newest when no number is given) in the current language. The same release, the same data.

    Raises NoSuchRelease.
    """
    release = _release(session, number)
    worded = _measures(session, release)
    figures = _figures(session, release, {row["measure"]: row["unit"] for row in worded})
    keys = {row["measure"] for row in figures}
    return OpenData(
        about=_about(release),
        figures=figures,
        measures=[row for row in worded if row["measure"] in keys],
        areas=_areas(session, {row["area"] for row in figures}),
        initiatives=_initiatives(session, {row["initiative"] for row in figures}),
    )


def state_meanings() -> dict[str, str]:
    """Return what the four states mean, in the current language."""
    return {
        FigureState.REPORTED: _("a value"),
        FigureState.NOT_REPORTED: _("no school has reported it; this is not zero"),
        FigureState.NOT_APPLICABLE: _("it does not apply to those who reported"),
        FigureState.SUPPRESSED: _("withheld to protect people; this is not zero"),
    }


def _release(session: Session, number: int | None) -> Release:
    release = latest(session) if number is None else session.get(Release, number)
    if release is None and number is None:
        raise NoSuchRelease("no_release", _("Nothing has been released yet."))
    if release is None:
        raise NoSuchRelease("release_unknown", _("There is no release {number}.").format(number=number))
    if release.withdrawn_at is not None:
        message = _("Release {number} was withdrawn on {day}: {reason}").format(
            number=release.id, day=release.withdrawn_at.date().isoformat(), reason=release.withdrawal_reason
        )
        raise NoSuchRelease("release_withdrawn", message)
    return release


def _about(release: Release) -> Row:
    about: Row = {
        "release": release.id,
        "released_at": _instant(release.released_at),
        "as_of": _instant(release.as_of),
        "note": release.note,
        "threshold": release.threshold,
        "demonstration": release.demonstration,
    }
    if release.demonstration:
        about["notice"] = _("Demonstration data: these figures are invented, nobody measured them.")
    return about


def _figures(session: Session, release: Release, units: dict[str, str]) -> list[Row]:
    query = (
        select(ReleasedFigure)
        .where(ReleasedFigure.release_id == release.id)
        .order_by(
            col(ReleasedFigure.initiative_key),
            col(ReleasedFigure.measure),
            col(ReleasedFigure.period_starts_on),
            col(ReleasedFigure.area_code),
        )
    )
    return [
        {
            "release": release.id,
            "initiative": figure.initiative_key,
            "measure": figure.measure,
            "area": figure.area_code,
            "period": figure.period,
            "state": figure.state,
            "value": _number(figure.value),
            "numerator": _number(figure.numerator),
            "denominator": _number(figure.denominator),
            "schools_reporting": figure.schools_reporting,
            "schools_expected": figure.schools_expected,
            "unit": units[figure.measure],
            "demonstration": figure.demonstration,
        }
        for figure in session.exec(query)
    ]


def _measures(session: Session, release: Release) -> list[Row]:
    described = measures(session, as_of=release.as_of).to_dict("records")
    rows = []
    for row in described:
        told: Row = {str(key): value for key, value in row.items() if key in MEASURE_COLUMNS}
        told["unit"] = row["unit"] or "%"
        rows.append(told)
    return sorted(rows, key=lambda row: str(row["measure"]))


def _areas(session: Session, codes: set[str]) -> list[Row]:
    parent = sa.orm.aliased(Area)
    query: Query = (
        sa.select(
            col(Area.code).label("area"), in_current_language(Area), col(Area.level), col(parent.code).label("parent")
        )
        .join(parent, col(parent.id) == col(Area.parent_id), isouter=True)
        .where(col(Area.level) <= 1)
        .order_by(col(Area.code))
    )
    return [row for row in _rows(session, query) if row["area"] in codes]


def _initiatives(session: Session, keys: set[str]) -> list[Row]:
    query: Query = sa.select(
        col(Initiative.key).label("initiative"), col(Initiative.name), col(Initiative.country),
        col(Initiative.granularity),
    ).order_by(col(Initiative.key))  # fmt: skip
    return [row for row in _rows(session, query) if row["initiative"] in keys]


def _rows(session: Session, query: Query) -> Sequence[Row]:
    return [dict(row._mapping) for row in session.connection().execute(query)]


def _number(value: float | None) -> float | int | None:
    """Return whole numbers as such: 12 is no measurement to a decimal."""
    return int(value) if value is not None and float(value).is_integer() else value


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
