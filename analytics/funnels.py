"""How many come how far: from licence to use, from teacher to user. Each funnel over the schools that know all of it.

A step is compared with the one before only where it is a part of it. Whether it is, the cross-field rules say
(`MetricRule`: the lesser is at most the greater): active teachers need not have been trained, so nothing "drops off"
between the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.area_figures import area_figures
from analytics.lookup import Asked, MeasureFacts, areas_below, look_up, measure_facts, period_ids
from analytics.released_figures import newest_release
from analytics.scope import Scope
from analytics.values import values_and_states
from data_model.base import known_at
from data_model.bulk import Query, fetch_numbers
from data_model.measures import Measure, MetricRule
from data_model.releases import FigureState
from data_model.rollups import expected_query
from data_model.statements import table_of_statements

# What a person asks about -> the metrics of its steps, in order.
FUNNELS = {
    "licences": ("licences_allocated", "licences_activated"),
    "teachers": ("teachers_total", "teachers_trained", "teachers_active"),
}
NOT_RELEASED = "not_released"
COLUMNS = (
    "step", "measure", "value", "state", "share_of_first", "is_part_of_previous", "drop", "drop_share",
    "schools_in_base", "schools_expected", "demonstration",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The sums of all steps over the schools that reported all of them. `in_base` is None in a release."""

    sums: np.ndarray
    reporting: int
    in_base: int | None
    expected: int | None
    demonstration: bool
    state: str = ""  # suppressed, not_released: then there are no sums


def funnel(session: Session, scope: Scope, which: str) -> pd.DataFrame:
    """Return the steps of one of FUNNELS, in order, over the schools that reported all of them: COLUMNS.

    step (from 1), measure (metric key), value (NaN unless `state` is reported), state (of FigureState; `not_released`
    where a release does not tell it), share_of_first (percent), is_part_of_previous (bool), drop (the step before less
    this one) and drop_share (percent of the step before), both NaN unless this step is a part of the one before;
    schools_in_base (the same in every row; <NA> in releases), schools_expected (Int64), demonstration (bool).
    """
    steps = FUNNELS[which]
    asked = look_up(session, scope.of(measure=steps[0]))
    facts = measure_facts(session)
    counted = _nothing(len(steps))
    if asked.may_be_released or not scope.released:
        found = _from_sums(session, asked, facts, steps)
        if found is None and not scope.released:
            found = _from_statements(session, asked, [facts[key].id for key in steps])
        counted = found or counted
    pairs = _rules(session, _moment(session, scope))
    parts = [False, *((lesser, greater) in pairs for greater, lesser in pairwise(steps))]
    return _frame(steps, counted, np.array(parts))


def _from_sums(session: Session, asked: Asked, facts: dict[str, MeasureFacts], steps: Sequence[str]) -> Counted | None:
    """Return what the sums that are kept anyway tell, None where they do not.

    An indicator holds two steps over the schools that reported both. Of three steps the sums tell it when each of the
    metrics, and indicators that join them all, have as many reports and the same parts: it is then the same schools.
    """
    metrics = [facts[key] for key in steps]
    ids = [metric.id for metric in metrics]
    pairs = [one for one in facts.values() if one.factor is not None and set(one.metric_ids) <= set(ids)]
    if not set(ids) <= {part for pair in pairs for part in pair.metric_ids}:
        return None
    alone = [] if len(pairs) == 1 else metrics
    areas = {asked.area_id: asked.scope.area}
    rows = area_figures(session, asked, [*pairs, *alone], areas, [asked.scope.period]).set_index("measure")
    if (rows["state"] == FigureState.SUPPRESSED).any():
        return _nothing(len(steps), FigureState.SUPPRESSED)
    if rows["schools_reporting"].isna().any():
        return None  # a release that does not hold it
    reporting, bases = rows["schools_reporting"], rows["schools_in_base"].dropna()
    about = (int(rows["schools_expected"].iloc[0]), bool(rows["demonstration"].any()))
    if (reporting == 0).any():
        return Counted(np.full(len(steps), np.nan), 0, 0, *about)
    sums: dict[int, set[float]] = {number: set() for number in ids}
    numerator, denominator = (rows[name].astype(float).to_dict() for name in ("numerator", "denominator"))
    for pair in pairs:
        sums[pair.metric_ids[0]].add(numerator[pair.key])
        sums[pair.metric_ids[1]].add(denominator[pair.key])
    for metric in alone:
        sums[metric.id].add(numerator[metric.key])
    if reporting.nunique() > 1 or bases.nunique() > 1 or any(len(found) > 1 for found in sums.values()):
        return None
    in_base = int(bases.iloc[0]) if len(bases) else None
    return Counted(np.array([sums[number].pop() for number in ids]), int(reporting.iloc[0]), in_base, *about)


def _from_statements(session: Session, asked: Asked, metric_ids: list[int]) -> Counted:
    """Return the sums over the schools of one period that reported all steps: what no sum that is kept tells."""
    period = asked.scope.period
    query = expected_query(
        asked.initiative_id, period.ends_on, as_of=asked.scope.as_of, area_ids=areas_below(session, asked)
    )
    school, _area, invented = fetch_numbers(session, query)
    number = period_ids(session, asked, [period]).get(period.starts_on, 0)
    said, value = table_of_statements(
        session, asked.initiative_id, number, school_ids=school.astype(np.int64), metric_ids=metric_ids,
        as_of=asked.scope.as_of,
    )  # fmt: skip
    base = ~np.isnan(value).any(axis=1)
    return Counted(
        value[base].sum(axis=0), int(said.all(axis=1).sum()), int(base.sum()), len(school), bool(invented.any())
    )


def _nothing(steps: int, state: str = NOT_RELEASED) -> Counted:
    return Counted(np.full(steps, np.nan), 0, None, None, False, state)


def _moment(session: Session, scope: Scope) -> datetime | None:
    """Return the moment as of which is answered, None for now; of the public's answers the release's own."""
    release = newest_release(session, scope.as_of) if scope.released else None
    return release.as_of if release is not None else scope.as_of


def _rules(session: Session, as_of: datetime | None) -> set[tuple[str, str]]:
    """Return the pairs (lesser, greater) of metric keys of which the first was a part of the second at that moment."""
    lesser, greater = sa.orm.aliased(Measure), sa.orm.aliased(Measure)
    query: Query = (
        sa.select(col(lesser.key), col(greater.key))
        .select_from(MetricRule)
        .join(lesser, col(lesser.id) == col(MetricRule.lesser_id))
        .join(greater, col(greater.id) == col(MetricRule.greater_id))
        .where(known_at(MetricRule, as_of))
    )
    return {(row[0], row[1]) for row in session.connection().execute(query)}


def _frame(steps: Sequence[str], counted: Counted, is_part: np.ndarray) -> pd.DataFrame:
    count = len(steps)
    in_base = counted.in_base if counted.in_base is not None else int(counted.reporting > 0)
    value, state = values_and_states(
        counted.sums, np.full(count, np.nan), np.full(count, in_base), np.full(count, counted.reporting), ratio=False
    )
    before = np.concatenate([[np.nan], value[:-1]])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(value[0] > 0, value * 100 / value[0], np.nan)
        drop = np.where(is_part, before - value, np.nan)
        drop_share = np.where(before > 0, drop * 100 / before, np.nan)
    return pd.DataFrame(
        {
            "step": pd.array(range(1, count + 1), dtype="Int64"),
            "measure": list(steps),
            "value": value,
            "state": pd.array([counted.state] * count if counted.state else state, dtype="str"),
            "share_of_first": share,
            "is_part_of_previous": is_part.astype(bool),
            "drop": drop,
            "drop_share": drop_share,
            "schools_in_base": pd.array([counted.in_base] * count, dtype="Int64"),
            "schools_expected": pd.array([counted.expected] * count, dtype="Int64"),
            "demonstration": counted.demonstration,
        }
    )[list(COLUMNS)]
