"""How far adoption has come: over time, by area, and how complete the reports are.

Frames carry FIGURE_COLUMNS of `analytics.scope` after the columns that name their rows. School by school:
`analytics.schools`.
"""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.area_figures import area_figures, span
from analytics.lookup import LOWEST_RELEASED_LEVEL, Asked, look_up
from analytics.names import in_current_language
from analytics.reading import read_frame
from analytics.schools import school_series, schools
from analytics.scope import FIGURE_COLUMNS, Scope
from analytics.values import empty_figures
from data_model.places import Area

__all__ = ["by_area", "completeness", "school_series", "schools", "trend"]

TREND = ("period", "starts_on")
AREA = ("area_code", "name", "kind", "level", "has_areas_below")


def trend(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the measure over time: period (key), starts_on (date), then FIGURE_COLUMNS, in order of time.

    Every period from `first_period` (without one: the first the area reported) to the scope's has a row; one without
    reports is `not_reported`. Empty before the first report, and for districts in a released scope.
    """
    asked = look_up(session, scope)
    if scope.released and not asked.may_be_released:
        return empty_figures(TREND)
    periods = span(session, asked)
    if not periods:
        return empty_figures(TREND)
    frame = area_figures(session, asked, [asked.measure], {asked.area_id: scope.area}, periods)
    return frame[[*TREND, *FIGURE_COLUMNS]]


def by_area(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the measure in the areas directly below the scope's: area_code, name (current language), kind, level,
    has_areas_below, then FIGURE_COLUMNS, in order of code.

    Empty for an area with none below, and for districts in a released scope.
    """
    asked = look_up(session, scope)
    children = areas_directly_below(session, asked)
    if children.empty:
        return empty_figures(AREA)
    codes = dict(zip(children["area_id"], children["area_code"], strict=True))
    figures = area_figures(session, asked, [asked.measure], codes, [scope.period])
    return children.merge(figures, on="area_id")[[*AREA, *FIGURE_COLUMNS]]


def completeness(session: Session, scope: Scope) -> pd.DataFrame:
    """Return how many of the schools expected said something about the measure, by period and
    area below the scope's: area_code, name, period, starts_on, schools_expected, schools_reporting, share (percent;
    NaN where none is expected).
    """
    names = ["area_code", "name", "period", "starts_on", "schools_expected", "schools_reporting"]
    asked = look_up(session, scope)
    children = areas_directly_below(session, asked)
    periods = [] if children.empty else span(session, asked)
    if not periods:
        return empty_figures(names[:4])[names].assign(share=pd.Series(dtype="float64"))
    codes = dict(zip(children["area_id"], children["area_code"], strict=True))
    figures = area_figures(session, asked, [asked.measure], codes, periods)
    frame = children.merge(figures, on="area_id")[names]
    expected = frame["schools_expected"].to_numpy(dtype=float, na_value=np.nan)
    reporting = frame["schools_reporting"].to_numpy(dtype=float, na_value=np.nan)
    share = np.divide(reporting * 100, expected, out=np.full(len(frame), np.nan), where=expected > 0)
    return frame.assign(share=share)


def areas_directly_below(session: Session, asked: Asked) -> pd.DataFrame:
    """Return the areas directly below the scope's, in order of code: area_id and the columns of AREA.

    None where a released scope may not show them.
    """
    if asked.scope.released and asked.area_level + 1 > LOWEST_RELEASED_LEVEL:
        return pd.DataFrame(columns=["area_id", *AREA])
    below = sa.orm.aliased(Area)
    query: Any = (
        sa.select(
            col(Area.id).label("area_id"), col(Area.code).label("area_code"), in_current_language(Area),
            col(Area.kind), col(Area.level),
            sa.exists().where(col(below.parent_id) == col(Area.id)).label("has_areas_below"),
        )
        .where(col(Area.parent_id) == asked.area_id)
        .order_by(col(Area.code))
    )  # fmt: skip
    return read_frame(session, query)
