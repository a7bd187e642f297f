"""What the map of a brief shows: the regions of a country, or one region with its schools."""

from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from access.language import _
from analytics import adoption
from analytics.lookup import Asked, country_of, look_up
from analytics.school_places import school_places
from analytics.scope import Scope
from charts import map as maps
from charts.boundaries.reading import Boundaries, about_borders, boundaries
from charts.states import as_drawn, written
from charts.theme import Measure, base_of, shortened
from data_model.releases import FigureState
from publishing.brief.rows import rows

LETTERS_OF_A_NAME = 44


@dataclass(frozen=True)
class Place:
    """An area or a school on the map: `value` is None where there is none, `state` says why."""

    code: str
    name: str
    value: float | None
    state: str
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Mapped:
    """A map: `country` names its outlines, `chosen` the one area it is about ("" for all of them), `places` what is
    coloured: areas, or in a chosen area its schools.
    """

    title: str
    country: str
    chosen: str
    numbers: Measure
    places: tuple[Place, ...]
    note: str
    alternative: str


@dataclass(frozen=True)
class Area:
    """An area below the brief's place with its figure, or in words why there is none, and its base."""

    name: str
    value: str
    is_number: bool
    base: str


def listed(session: Session, scope: Scope, measure: Measure) -> list[Area]:
    """Return the areas directly below the scope's, in order of code; none where a release may not show them."""
    frame = as_drawn(adoption.by_area(session, scope))
    return [
        Area(
            shortened(row.name, LETTERS_OF_A_NAME), written(row.value, row.state, measure),
            row.state == FigureState.REPORTED, base,
        )
        for row, base in zip(rows(frame), base_of(frame), strict=True)
    ]  # fmt: skip


def mapped(session: Session, scope: Scope, measure: Measure) -> Mapped | None:
    """Return the map of the scope's measure; None where there are no outlines of its country or of the region.

    A country shows its regions. A region shows itself in its country when it is released, and its schools when live:
    figures of other regions may be outside of what the reader may see.
    """
    asked = look_up(session, scope)
    country = country_of(session, scope.initiative)
    found = boundaries(country)
    if found is None or (asked.area_id != asked.root_id and scope.area not in found.codes):
        return None
    if asked.area_id == asked.root_id:
        frame = adoption.by_area(session, scope)
        title, alternative = _("{measure} by region"), maps.alt_text(frame, measure)
        places = _areas(frame)
    elif scope.released:
        frame = adoption.by_area(session, scope.of(area=country))
        frame = frame[frame["area_code"] == scope.area]
        title, alternative = _("{measure}: where it stands"), maps.alt_text(frame, measure)
        places = _areas(frame)
    else:
        frame = school_places(session, scope)
        title, alternative = _("{measure} by school"), maps.schools_alt_text(frame, measure)
        places = _schools(frame)
    return Mapped(
        title=title.format(measure=measure.name),
        country=country,
        chosen="" if asked.area_id == asked.root_id else scope.area,
        numbers=measure,
        places=places,
        note=_note(found, _is_by_school(asked)),
        alternative=alternative,
    )


def _is_by_school(asked: Asked) -> bool:
    return asked.area_id != asked.root_id and not asked.scope.released


def _note(found: Boundaries, by_school: bool) -> str:
    """Return what a reader has to know of the map: where its borders come from, and that they claim nothing."""
    parts = [_("A dot is a school; an open ring has not reported.")] if by_school else []
    return " ".join([*parts, about_borders(found)])


def _areas(frame: pd.DataFrame) -> tuple[Place, ...]:
    return tuple(
        Place(row.area_code, row.name, _value(row.value, row.state), row.state) for row in rows(as_drawn(frame))
    )


def _schools(frame: pd.DataFrame) -> tuple[Place, ...]:
    placed = frame[frame["latitude"].notna() & frame["longitude"].notna()].head(maps.MOST_POINTS)
    return tuple(
        Place(
            row.school_code, row.name, _value(row.value, row.state), row.state, float(row.longitude),
            float(row.latitude),
        )
        for row in rows(placed)
    )  # fmt: skip


def _value(value: float, state: str) -> float | None:
    return float(value) if state == FigureState.REPORTED else None
