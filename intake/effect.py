"""What a file would do to the headline figures: the country's sums before and after."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.bulk import fetch_numbers
from data_model.measures import Indicator, Measure
from data_model.participation import Requirement
from data_model.places import Area
from data_model.registry import Initiative
from data_model.rollups import Rollup, expected_query
from data_model.statements import table_of_statements
from data_model.sums import MeasurePlan, from_units, in_units, measure_plans, sums_of
from intake.cells import REPORTED, WITHDRAWN, Cells
from intake.compare import Comparison

SUMS = ("numerator", "denominator", "in_base", "reporting")
COLUMNS = (
    "period", "measure", "ratio", "factor", "schools_expected",
    "numerator_before", "denominator_before", "schools_in_base_before", "schools_reporting_before",
    "numerator_after", "denominator_after", "schools_in_base_after", "schools_reporting_after",
)  # fmt: skip


def effect(session: Session, initiative: Initiative, comparison: Comparison) -> pd.DataFrame:
    """Return the country's sums before and after, for the measures and periods whose sums the file would change.

    Columns: COLUMNS. `period` and `measure` are keys. `ratio` tells that the figure is numerator / denominator x
    `factor`, else it is the numerator. Sums are in the metric's unit, NaN while no school is in the base.
    """
    metric_ids, plans = measure_plans(session)
    asked = _asked(session, initiative, metric_ids, plans)
    rows = [
        row
        for index, period in enumerate(comparison.cells.periods)
        for row in _effect_on_period(session, initiative, comparison, index, metric_ids, asked)
        if row[-8:-4] != row[-4:]
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = [name for name in COLUMNS if name.startswith(("numerator", "denominator"))]
    return frame.astype(dict.fromkeys(numbers, float))


def _asked(
    session: Session, initiative: Initiative, metric_ids: list[int], plans: list[MeasurePlan]
) -> dict[str, tuple[MeasurePlan, int]]:
    """Return the plans (with their factor) of the measures made of what the initiative asks for, by key, in order."""
    asks = set(session.exec(select(Requirement.metric_id).where(Requirement.initiative_id == initiative.id)).all())
    factors = dict(session.exec(select(Indicator.id, Indicator.factor)).all())
    by_id = {plan.measure_id: plan for plan in plans}
    found = {}
    for measure in session.exec(select(Measure).order_by(col(Measure.position), col(Measure.id))).all():
        plan = by_id[measure.id or 0]
        parts = [plan.numerator] if plan.denominator is None else [plan.numerator, plan.denominator]
        if asks.issuperset(metric_ids[part] for part in parts):
            found[measure.key] = (plan, factors.get(plan.measure_id, 1))
    return found


def _effect_on_period(
    session: Session,
    initiative: Initiative,
    comparison: Comparison,
    index: int,
    metric_ids: list[int],
    asked: dict[str, tuple[MeasurePlan, int]],
) -> list[tuple[Any, ...]]:
    """Return a row a measure for one of the cells' periods."""
    assert initiative.id is not None
    period, period_id = comparison.cells.periods[index], int(comparison.stored.period_id[index])
    cells = comparison.cells.take((comparison.cells.period_index == index) & ~comparison.unchanged)
    expected = fetch_numbers(session, expected_query(initiative.id, period.ends_on))[0].astype(np.int64)
    schools = np.intersect1d(cells.school_id, expected)
    said, value = table_of_statements(session, initiative.id, period_id, school_ids=schools, metric_ids=metric_ids)
    plans = [plan for plan, _factor in asked.values()]
    here = np.zeros(len(schools), dtype=np.int64)
    before = sums_of(said, value, here, 1, plans)
    _say(cells, schools, metric_ids, said, value)
    after = sums_of(said, value, here, 1, plans)
    held = _held(session, initiative, period_id)
    rows = []
    for place, (key, (plan, factor)) in enumerate(asked.items()):
        now = held.get(plan.measure_id, (0, 0, 0, 0))
        then = tuple(
            int(part + getattr(after, name)[0, place] - getattr(before, name)[0, place])
            for part, name in zip(now, SUMS, strict=True)
        )
        ratio = plan.denominator is not None
        rows.append((period.key, key, ratio, factor, len(expected), *_plain(now, ratio), *_plain(then, ratio)))
    return rows


def _say(cells: Cells, schools: np.ndarray, metric_ids: list[int], said: np.ndarray, value: np.ndarray) -> None:
    """Let the cells of expected schools speak in the table of schools x metrics."""
    cells = cells.take(np.isin(cells.school_id, schools))
    at = np.searchsorted(schools, cells.school_id), np.searchsorted(np.array(metric_ids), cells.metric_id)
    said[at] = cells.state != WITHDRAWN
    value[at] = np.where(cells.state == REPORTED, cells.value, np.nan)


def _held(session: Session, initiative: Initiative, period_id: int) -> dict[int, tuple[int, ...]]:
    """Return the country's current sums by measure, as SUMS: the first two in units of `data_model.sums`."""
    query = (
        sa.select(
            col(Rollup.measure_id), col(Rollup.numerator), col(Rollup.denominator),
            col(Rollup.schools_in_base), col(Rollup.schools_reporting),
        )
        .join(Area, col(Area.id) == col(Rollup.area_id))
        .where(col(Area.country) == initiative.country, col(Area.level) == 0)
        .where(col(Rollup.initiative_id) == initiative.id, col(Rollup.period_id) == period_id)
        .where(col(Rollup.superseded_at).is_(None))
    )  # fmt: skip
    measure, numerator, denominator, base, reporting = fetch_numbers(session, query)
    whole = [in_units(numerator), in_units(denominator), base.astype(int), reporting.astype(int)]
    sums = zip(*(part.tolist() for part in whole), strict=True)
    return dict(zip(measure.astype(int).tolist(), sums, strict=True))


def _plain(sums: tuple[int, ...], ratio: bool) -> tuple[float | None, float | None, int, int]:
    """Return SUMS in the metric's unit, empty where nothing is summed."""
    numerator, denominator, base, reporting = sums
    in_unit = from_units(np.array([numerator, denominator])).tolist()
    return in_unit[0] if base else None, in_unit[1] if base and ratio else None, base, reporting
