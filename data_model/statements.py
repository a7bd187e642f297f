"""What is held now about many cells at once, as arrays."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.bulk import Query, fetch_numbers
from data_model.participation import Enrolment
from data_model.submissions import Confirmation, Observation, ValueState

# A state as a number, in arrays: the order of ValueState.
STATES = list(ValueState)
REPORTED, NOT_APPLICABLE, WITHDRAWN = range(len(STATES))

# So many schools are looked up in one query; when more are wanted, all may be read and sifted.
FEW_SCHOOLS = 400


def state_code(table: type[Observation] | type[Confirmation]) -> sa.ColumnElement[int]:
    """Return the state of the table's rows as its place in STATES."""
    return sa.case({state.value: code for code, state in enumerate(STATES)}, value=col(table.state))


@dataclass
class Statements:
    """Current observations as arrays of one length; `state` indexes STATES, `value` is NaN unless reported."""

    observation_id: np.ndarray
    period_id: np.ndarray
    metric_id: np.ndarray
    school_id: np.ndarray
    state: np.ndarray
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.observation_id)

    def chosen(self, rows: np.ndarray) -> "Statements":
        """Return only these rows (a mask or positions)."""
        return Statements(*(getattr(self, field.name)[rows] for field in fields(self)))


def current_statements(
    session: Session,
    initiative_id: int,
    *,
    period_ids: Iterable[int],
    metric_ids: Iterable[int],
    school_ids: np.ndarray,
) -> Statements:
    """Return what is held now about these schools, metrics and periods, by period and metric.

    Reads by school while they are few, and all schools of the period when that is cheaper.
    """
    schools = np.unique(school_ids)
    groups = groups_of_schools(session, initiative_id, schools)
    few = [some for some in groups if some is not None]
    if len(few) == len(groups):
        return _statements_of_few(session, initiative_id, sorted(set(period_ids)), sorted(set(metric_ids)), few)
    parts: list[list[np.ndarray]] = [[np.zeros(0)] * len(fields(Statements))]
    columns = (col(Observation.id), col(Observation.school_id), state_code(Observation), col(Observation.value))
    metrics = sorted(set(metric_ids))
    for period_id in sorted(set(period_ids)):
        for metric_id in metrics:
            query = _held_by(initiative_id, period_id, [metric_id], None).with_only_columns(*columns)
            identity, school, state, value = fetch_numbers(session, query)
            wanted = np.isin(school, schools)
            place = [np.full(len(school), float(part)) for part in (period_id, metric_id)]
            parts.append([part[wanted] for part in (identity, *place, school, state, value)])
    read = [np.concatenate(column) for column in zip(*parts, strict=True)]
    identity, period, metric, school, state = (part.astype(np.int64) for part in read[:-1])
    return Statements(identity, period, metric, school, state, read[-1])


def _statements_of_few(
    session: Session, initiative_id: int, periods: list[int], metrics: list[int], groups: list[np.ndarray]
) -> Statements:
    """Return what is held now about a few schools, by period and metric: one query a group, whatever is asked of it."""
    parts: list[list[np.ndarray]] = [[np.zeros(0)] * len(fields(Statements))]
    for some in groups:
        query = sa.select(
            col(Observation.id), col(Observation.period_id), col(Observation.metric_id), col(Observation.school_id),
            state_code(Observation), col(Observation.value),
        ).where(
            col(Observation.initiative_id) == initiative_id,
            col(Observation.period_id).in_(periods),
            col(Observation.metric_id).in_(metrics),
            col(Observation.school_id).in_(some.tolist()),
            col(Observation.superseded_at).is_(None),
        )  # fmt: skip
        parts.append(fetch_numbers(session, query))
    read = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((read[3], read[2], read[1]))
    identity, period, metric, school, state = (part[order].astype(np.int64) for part in read[:-1])
    return Statements(identity, period, metric, school, state, read[-1][order])


def table_of_statements(
    session: Session,
    initiative_id: int,
    period_id: int,
    *,
    school_ids: np.ndarray,
    metric_ids: list[int],
    as_of: datetime | None = None,
    known: Statements | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (said, value), schools x metrics: whether the school reported or said "not applicable", and the value.

    What is held now or was, at `as_of`. `school_ids` are in order, each once. The value is NaN where none was reported.
    Of what is held now, a caller who has just written it may hand over as `known` what it wrote: metrics of which
    that covers all schools are not read.
    """
    said = np.zeros((len(school_ids), len(metric_ids)), dtype=bool)
    value = np.full(said.shape, np.nan)
    if not len(school_ids):
        return said, value
    columns = (col(Observation.metric_id), col(Observation.school_id), col(Observation.value))
    in_order = np.sort(np.array(metric_ids))
    place = np.argsort(np.array(metric_ids))
    unread = metric_ids
    if known is not None and as_of is None:
        of_period = known.chosen(known.period_id == period_id)
        of_period = of_period.chosen(np.isin(of_period.school_id, school_ids))
        at = np.searchsorted(school_ids, of_period.school_id), place[np.searchsorted(in_order, of_period.metric_id)]
        covered = np.zeros(said.shape, dtype=bool)
        covered[at] = True
        said[at] = of_period.state != WITHDRAWN
        value[at] = of_period.value
        unread = [metric_id for metric_id, column in zip(metric_ids, covered.T, strict=True) if not column.all()]
    for some in groups_of_schools(session, initiative_id, school_ids):
        # Of a few schools all metrics at once; of many one after another, as they lie.
        for metrics in [unread] if some is not None else [[metric_id] for metric_id in unread]:
            query = _held_by(initiative_id, period_id, metrics, some, as_of)
            query = query.where(col(Observation.state) != ValueState.WITHDRAWN).with_only_columns(*columns)
            metric, school, reported = fetch_numbers(session, query)
            row = np.searchsorted(school_ids, school).clip(max=len(school_ids) - 1)
            wanted = school_ids[row] == school
            column = place[np.searchsorted(in_order, metric[wanted])]
            said[row[wanted], column] = True
            value[row[wanted], column] = reported[wanted]
    return said, value


def _held_by(
    initiative_id: int,
    period_id: int,
    metric_ids: list[int],
    some: np.ndarray | None,
    as_of: datetime | None = None,
) -> Query:
    """Return the query for what is or was held about a period and metrics, of some schools or of all."""
    query = sa.select(col(Observation.id)).where(
        col(Observation.initiative_id) == initiative_id,
        col(Observation.period_id) == period_id,
        col(Observation.metric_id).in_(metric_ids),
        known_at(Observation, as_of),
    )
    return query if some is None else query.where(col(Observation.school_id).in_(some.tolist()))


def groups_of_schools(session: Session, initiative_id: int, schools: np.ndarray) -> list[np.ndarray | None]:
    """Return the schools in groups to look up, or None alone: read them all."""
    if len(schools) > FEW_SCHOOLS:
        count = select(sa.func.count()).select_from(Enrolment).where(Enrolment.initiative_id == initiative_id)
        enrolled = session.exec(count.where(col(Enrolment.superseded_at).is_(None))).one()
        if len(schools) > enrolled // 8:
            return [None]
    return [schools[start : start + FEW_SCHOOLS] for start in range(0, len(schools), FEW_SCHOOLS)]
