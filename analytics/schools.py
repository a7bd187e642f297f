"""Figures school by school. Like a figure of one school: its base is 1 or 0, its state one of the four."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from access.language import _
from analytics.area_figures import span
from analytics.lookup import Asked, MeasureFacts, look_up, period_ids
from analytics.observed import enrolled_school, expected_schools_frame, statements
from analytics.scope import FIGURE_COLUMNS, CannotAnswer, Scope
from analytics.values import empty_figures, figure_frame, values_and_states
from data_model.periods import Period

SCHOOLS = ("school_code", "name", "area_code", "area_name", "setting", "languages", "wave")
SERIES = ("period", "starts_on")


def schools(session: Session, scope: Scope, only: Sequence[int] | None = None) -> pd.DataFrame:
    """Return the measure in each school expected in the area and period (or in `only` some of them, by id):
    school_code, name, area_code, area_name, setting (urban, rural or None), languages, wave, then FIGURE_COLUMNS, in
    order of code.

    Empty in a released scope: no school is ever released.
    """
    asked = look_up(session, scope)
    if scope.released:
        return empty_figures(SCHOOLS)
    known = expected_schools_frame(session, asked, scope.period.ends_on, only)
    ids = period_ids(session, asked, [scope.period])
    said = statements(session, asked, list(ids.values()), only)
    columns = school_figures(said, known["school_id"].to_numpy(dtype=np.int64), asked.measure)
    columns |= {name: known[name] for name in (*SCHOOLS, "demonstration")}
    columns["schools_expected"] = np.ones(len(known), dtype=int)
    return figure_frame(columns, SCHOOLS).sort_values("school_code", ignore_index=True)


def school_series(session: Session, scope: Scope, school_code: str) -> pd.DataFrame:
    """Return the measure of one school over time: the columns of `adoption.trend`, one row a period.

    Where it was not enrolled or not open it was not expected (`schools_expected` 0), and nothing it said counts.
    Without a first period it begins where the scope's area first reported. Empty in a released scope.
    Raises CannotAnswer (`unknown_school`) for a school that never took part.
    """
    asked = look_up(session, scope)
    if scope.released:
        return empty_figures(SERIES)
    school = enrolled_school(session, asked, school_code)
    if school is None:
        raise CannotAnswer(
            "unknown_school", _("There is no school {code} in this initiative.").format(code=school_code)
        )
    periods = span(session, asked)
    if not periods:
        return empty_figures(SERIES)
    return _series(session, asked, school, periods)


def school_figures(
    said: pd.DataFrame, keys: np.ndarray, measure: MeasureFacts, by: str = "school_id"
) -> dict[str, Any]:
    """Return the figure columns of single schools, but for who is expected and invented, which the caller knows.

    `said` are statements, `keys` the sorted values of its column `by` that stand for a row each; others are left out.
    """
    numerator, upper_said, upper_at = _column(said[said["metric_id"] == measure.numerator_id], keys, by)
    denominator = np.full(len(keys), np.nan)
    reporting, in_base, recorded_at = upper_said, ~np.isnan(numerator), upper_at
    if measure.denominator_id is not None:
        denominator, lower_said, lower_at = _column(said[said["metric_id"] == measure.denominator_id], keys, by)
        reporting = upper_said & lower_said
        in_base = in_base & ~np.isnan(denominator)
        recorded_at = np.fmax(upper_at, lower_at)
    score = numerator.copy()
    if measure.weighted:
        numerator = numerator * denominator
    value, state = values_and_states(
        numerator, denominator, in_base.astype(int), reporting.astype(int),
        ratio=measure.is_ratio, factor=measure.factor or 1,
    )  # fmt: skip
    if measure.weighted:
        value = np.where(np.isnan(value), np.nan, score)  # as it was said, not multiplied and divided again
    return {
        "value": value, "state": state,
        "numerator": np.where(in_base, numerator, np.nan), "denominator": np.where(in_base, denominator, np.nan),
        "schools_in_base": in_base.astype(int), "schools_reporting": reporting.astype(int),
        "recorded_at": pd.to_datetime(np.where(reporting, recorded_at, np.datetime64("NaT")), utc=True),
    }  # fmt: skip


def _column(said: pd.DataFrame, keys: np.ndarray, by: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what was said of one metric, in the order of `keys`: value (NaN for none), whether, when."""
    value, is_said = np.full(len(keys), np.nan), np.zeros(len(keys), dtype=bool)
    when = np.full(len(keys), np.datetime64("NaT"), dtype="datetime64[us]")
    if len(keys) and len(said):
        who = said[by].to_numpy(dtype=np.int64)
        place = np.searchsorted(keys, who).clip(max=len(keys) - 1)
        wanted = keys[place] == who
        value[place[wanted]] = said["value"].to_numpy(dtype=float)[wanted]
        is_said[place[wanted]] = True
        moments = pd.to_datetime(said["recorded_at"], utc=True).dt.tz_localize(None).to_numpy("datetime64[us]")
        when[place[wanted]] = moments[wanted]
    return value, is_said, when


def _series(session: Session, asked: Asked, school: Any, periods: list[Period]) -> pd.DataFrame:
    """Return one school's figures over the periods; a period that the initiative never had has a negative key."""
    ids = period_ids(session, asked, periods)
    keys = np.array([ids.get(period.starts_on, -1 - index) for index, period in enumerate(periods)], dtype=np.int64)
    expected = np.array([_was_expected(school, period.ends_on) for period in periods], dtype=bool)
    order = np.argsort(keys)
    said = statements(session, asked, list(ids.values()), [school.school_id])
    said = said[said["period_id"].isin(keys[expected])]
    figures = school_figures(said, keys[order], asked.measure, by="period_id")
    back = np.argsort(order)
    columns = {name: figures[name][back] for name in figures}
    columns |= {
        "period": [period.key for period in periods],
        "starts_on": [period.starts_on for period in periods],
        "schools_expected": expected.astype(int),
        "demonstration": [bool(school.demonstration)] * len(periods),
    }
    return figure_frame(columns, SERIES)[[*SERIES, *FIGURE_COLUMNS]]


def _was_expected(school: Any, day: date) -> bool:
    """Return whether the school was enrolled and open on that day: `data_model.rollups.expected_condition` for one."""
    joined = school.joined_on <= day and (school.left_on is None or school.left_on > day)
    opened = school.opened_on is None or school.opened_on <= day
    return joined and opened and (school.closed_on is None or school.closed_on > day)
