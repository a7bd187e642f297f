"""The pictures that more than one page shows."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _
from analytics import adoption
from analytics.school_places import school_places
from analytics.scope import Scope
from charts import bars
from charts import map as maps
from charts.boundaries.reading import Boundaries, about_borders, boundaries
from charts.theme import Caption
from charts.theme import Measure as ChartMeasure
from ui import figures, words
from ui.figures import Picture
from ui.words import Measure


def by_area(measure: Measure, scope: Scope, opens: Callable[[str], None]) -> Picture:
    """Return the picture of a measure in the areas of a place, of which a click opens one."""
    return Picture(
        key="areas",
        title=_("{measure} by area, {period}").format(measure=measure.name, period=words.period(scope.period)),
        question=adoption.by_area,
        draw=bars.ranked,
        alternative=bars.alt_text,
        names={"name": _("Area")},
        code="area_code",
        opens=opens,
    )


def map_of(measure: Measure, scope: Scope, opens: Callable[[str], None]) -> Picture | None:
    """Return the map of a measure in the first-level areas of a country, of which a click opens one.

    None for a place whose areas have no outlines.
    """
    found = boundaries(scope.area)
    if found is None:
        return None
    return Picture(
        key="map",
        title=_("{measure} on the map, {period}").format(measure=measure.name, period=words.period(scope.period)),
        question=adoption.by_area,
        draw=partial(_draw_map, found),
        alternative=maps.alt_text,
        names={"name": _("Area")},
        code="area_code",
        opens=opens,
        note=about_borders(found),
    )


def in_areas(measure: Measure, scope: Scope, opens: Callable[[str], None]) -> None:
    """Show a measure in the areas of a place: on the map, where there are outlines, and beside it ranked."""
    mapped, ranked = map_of(measure, scope, opens), by_area(measure, scope, opens)
    if mapped is None:
        figures.show(ranked, scope, measure)
        return
    for column, picture in zip(st.columns(2, gap="medium"), (mapped, ranked), strict=True):
        with column:
            figures.show(picture, scope, measure)


def schools_on_map(measure: Measure, scope: Scope, country: str, opens: Callable[[str], None]) -> Picture | None:
    """Return the map of the schools of a place, of which a click opens one; None in a country without outlines."""
    found = boundaries(country)
    if found is None:
        return None
    return Picture(
        key="school-map",
        title=_("{measure} by school, {period}").format(measure=measure.name, period=words.period(scope.period)),
        question=school_places,
        draw=partial(_draw_schools, found, scope.area if scope.area != country else None),
        alternative=maps.schools_alt_text,
        names={"school_code": _("Code"), "name": _("School"), "area_name": _("Area")},
        code="school_code",
        opens=opens,
        note=about_borders(found),
    )


def schools_in(scope: Scope, measure: Measure, country: str, opens: Callable[[str], None]) -> None:
    """Show the schools of a place on a map, where there are outlines of its country."""
    picture = schools_on_map(measure, scope, country, opens)
    if picture is not None:
        figures.show(picture, scope, measure)


def _draw_schools(
    found: Boundaries, area: str | None, frame: pd.DataFrame, measure: ChartMeasure, caption: Caption
) -> Any:
    return maps.schools(frame, found.geojson, measure, caption, area=area)


def _draw_map(found: Boundaries, frame: pd.DataFrame, measure: ChartMeasure, caption: Caption) -> Any:
    return maps.areas(frame, found.geojson, measure, caption)
