"""Figures of areas and periods as the rollups hold them: the one reader behind cards, trends, bars and maps."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.expected import Count, expected_counts
from analytics.lookup import Asked, MeasureFacts, period_ids
from analytics.values import figure_frame, values_and_states
from data_model.base import known_at
from data_model.participation import ReportingPeriod
from data_model.periods import Period
from data_model.rollups import Rollup

NAMES = ("measure", "area_id", "period", "starts_on")
# What a rollup holds: numerator, denominator, in base, reporting, expected, demonstration, recorded at.
Held = tuple[float | None, float | None, int, int, int, bool, datetime | None]
Cell = tuple[int, int, int]  # measure, area, period (ids)


def live_figures(
    session: Session, asked: Asked, measures: Sequence[MeasureFacts], areas: Sequence[int], periods: Sequence[Period]
) -> pd.DataFrame:
    """Return every combination, in the order given: measure (key), area_id, period (key), starts_on, FIGURE_COLUMNS.

    Reads rollups. Where there are none for a period it counts who is expected, from the enrolments.
    """
    ids = period_ids(session, asked, periods)
    held = _held(session, asked, measures, areas, list(ids.values()))
    cells = list(product(measures, areas, periods))
    rows: list[Held | None] = []
    for measure, area, period in cells:
        number = ids.get(period.starts_on, 0)
        row = held.get((measure.id, area, number))
        if row is None and area != asked.root_id and (measure.id, asked.root_id, number) in held:
            row = _nothing((0, False))  # the period is rolled up: an area without a row awaits no report
        rows.append(row)
    days = {period.ends_on for (_, _, period), row in zip(cells, rows, strict=True) if row is None}
    counts = expected_counts(session, asked.initiative_id, asked.country, days, asked.scope.as_of)
    filled = [
        row or _nothing(counts[period.ends_on].get(area, (0, False)))
        for (_, area, period), row in zip(cells, rows, strict=True)
    ]
    return _as_frame(cells, filled)


def periods_with_figures(
    session: Session, initiative_id: int, area_id: int, measure_ids: Sequence[int], as_of: datetime | None
) -> list[int]:
    """Return the ids of the periods in which a school of the area has reported one of the measures, in no order."""
    query = (
        sa.select(col(Rollup.period_id))
        .distinct()
        .where(
            col(Rollup.initiative_id) == initiative_id,
            # Named one by one, the periods let the index find the few rows of this area; else all areas' are read.
            col(Rollup.period_id).in_(
                sa.select(col(ReportingPeriod.id)).where(col(ReportingPeriod.initiative_id) == initiative_id)
            ),
            col(Rollup.measure_id).in_(measure_ids),
            col(Rollup.area_id) == area_id,
            col(Rollup.schools_reporting) > 0,
            known_at(Rollup, as_of),
        )
    )
    return list(session.connection().execute(query).scalars())


def _held(
    session: Session, asked: Asked, measures: Sequence[MeasureFacts], areas: Sequence[int], periods: Sequence[int]
) -> dict[Cell, Held]:
    query = sa.select(
        col(Rollup.measure_id), col(Rollup.area_id), col(Rollup.period_id),
        col(Rollup.numerator), col(Rollup.denominator), col(Rollup.schools_in_base), col(Rollup.schools_reporting),
        col(Rollup.schools_expected), col(Rollup.demonstration), col(Rollup.recorded_at),
    ).where(
        col(Rollup.initiative_id) == asked.initiative_id,
        col(Rollup.period_id).in_(periods),
        col(Rollup.measure_id).in_([measure.id for measure in measures]),
        col(Rollup.area_id).in_([*areas, asked.root_id]),
        known_at(Rollup, asked.scope.as_of),
    )  # fmt: skip
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in session.connection().execute(query)}


def _nothing(expected: Count) -> Held:
    return (None, None, 0, 0, expected[0], expected[1], None)


def _as_frame(cells: Sequence[tuple[MeasureFacts, int, Period]], rows: Sequence[Held]) -> pd.DataFrame:
    parts: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 7
    numerator, denominator = np.array(parts[0], dtype=float), np.array(parts[1], dtype=float)
    in_base, reporting = np.array(parts[2], dtype=int), np.array(parts[3], dtype=int)
    value, state = values_and_states(
        numerator, denominator, in_base, reporting,
        ratio=np.array([measure.is_ratio for measure, _, _ in cells], dtype=bool),
        factor=np.array([measure.factor or 1 for measure, _, _ in cells], dtype=float),
    )  # fmt: skip
    return figure_frame(
        {
            "measure": [measure.key for measure, _, _ in cells],
            "area_id": [area for _, area, _ in cells],
            "period": [period.key for _, _, period in cells],
            "starts_on": [period.starts_on for _, _, period in cells],
            "value": value, "state": state, "numerator": numerator, "denominator": denominator,
            "schools_in_base": in_base, "schools_reporting": reporting, "schools_expected": parts[4],
            "demonstration": parts[5], "recorded_at": list(parts[6]),
        },
        NAMES,
    )  # fmt: skip
