"""What is held now about many cells at once, as arrays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.bulk import fetch_numbers
from data_model.participation import Enrolment
from data_model.submissions import Confirmation, Observation, ValueState

# A state as a number, in arrays: the order of ValueState.
STATES = list(ValueState)
REPORTED, NOT_APPLICABLE, WITHDRAWN = range(len(STATES))

# Up to so many schools are looked up one by one; for more, whole periods are read and sifted.
FEW_SCHOOLS = 400
SCHOOLS_IN_ONE_QUERY = 400


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
    submission_id: np.ndarray

    @classmethod
    def of_columns(cls, columns: list[np.ndarray]) -> "Statements":
        """Return statements from float columns in the order of the fields."""
        return cls(*(
            part if field.name == "value" else part.astype(np.int64)
            for field, part in zip(fields(cls), columns, strict=True)
        ))  # fmt: skip

    def __len__(self) -> int:
        return len(self.observation_id)

    def chosen(self, rows: np.ndarray) -> "Statements":
        """Return only these rows (a mask or positions)."""
        return Statements(*(getattr(self, field.name)[rows] for field in fields(self)))


def statement_columns() -> list[Any]:
    """Return the columns of Observation that make up Statements, in order."""
    return [
        col(Observation.id), col(Observation.period_id), col(Observation.metric_id), col(Observation.school_id),
        state_code(Observation), col(Observation.value), col(Observation.submission_id),
    ]  # fmt: skip


def current_statements(
    session: Session,
    initiative_id: int,
    *,
    period_ids: Iterable[int],
    metric_ids: Iterable[int],
    school_ids: np.ndarray,
    as_of: datetime | None = None,
) -> Statements:
    """Return what is held now (or was, at `as_of`) about these schools, metrics and periods, in no order.

    Reads by school while they are few, and whole periods when that is cheaper.
    """
    periods, metrics = sorted(set(period_ids)), sorted(set(metric_ids))
    schools = np.unique(school_ids)
    parts = []
    for period_id in periods:
        for some in _groups(session, initiative_id, schools):
            query = sa.select(*statement_columns()).where(
                col(Observation.initiative_id) == initiative_id,
                col(Observation.period_id) == period_id,
                col(Observation.metric_id).in_(metrics),
                known_at(Observation, as_of),
            )
            if some is not None:
                query = query.where(col(Observation.school_id).in_(some.tolist()))
            read = Statements.of_columns(fetch_numbers(session, query))
            parts.append(read if some is not None else read.chosen(np.isin(read.school_id, schools)))
    if not parts:
        return Statements.of_columns([np.zeros(0) for _ in fields(Statements)])
    return Statements(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Statements)))


def _groups(session: Session, initiative_id: int, schools: np.ndarray) -> Iterator[np.ndarray | None]:
    """Yield the schools in groups to look up, or None once: read them all."""
    enrolled = 0
    if len(schools) > FEW_SCHOOLS:
        count = select(sa.func.count()).select_from(Enrolment).where(Enrolment.initiative_id == initiative_id)
        enrolled = session.exec(count.where(col(Enrolment.superseded_at).is_(None))).one()
    if len(schools) > max(FEW_SCHOOLS, enrolled // 8):
        yield None
        return
    for start in range(0, len(schools), SCHOOLS_IN_ONE_QUERY):
        yield schools[start : start + SCHOOLS_IN_ONE_QUERY]
