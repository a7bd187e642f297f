"""What every measure means, from what it is made, who is asked for it, and since when it is worded as it is."""

from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.measures_described import measures
from data_model.bulk import Query
from data_model.measures import Definition, Measure
from data_model.participation import Requirement
from data_model.registry import Initiative


def definitions(session: Session, as_of: datetime | None = None) -> pd.DataFrame:
    """Return every measure as `analytics.measures_described.measures` does, worded as it was at a moment, and beside it

    part_of (names of the indicators that it is a part of, a list), asked_by (a list of (initiative, granularity,
    whether it is required)), first_worded and last_worded (when its first wording began, and the one that is shown),
    wordings (how many there were up to then).
    """
    listed = measures(session, as_of=as_of)
    asked, worded = _asked(session), _worded(session, as_of)
    rows: list[Any] = list(listed.itertuples(index=False))
    told = [worded.get(row.measure, (None, None, 0)) for row in rows]
    more: dict[str, list[Any]] = {
        "part_of": [[one.name for one in rows if row.measure in (one.numerator, one.denominator)] for row in rows],
        "asked_by": [_asking(asked, row.numerator or row.measure, row.denominator or row.measure) for row in rows],
        "first_worded": [first for first, _last, _count in told],
        "last_worded": [last for _first, last, _count in told],
        "wordings": [count for _first, _last, count in told],
    }
    return listed.assign(**{name: pd.Series(column, dtype=object) for name, column in more.items()})


Asked = dict[str, dict[str, tuple[str, bool]]]


def _asked(session: Session) -> Asked:
    """Return by metric who is asked for it: the initiative's name, how often, whether it is required."""
    query: Query = (
        sa.select(
            col(Measure.key), col(Initiative.name), col(Initiative.granularity), col(Requirement.required),
        )
        .select_from(Requirement)
        .join(Measure, col(Measure.id) == col(Requirement.metric_id))
        .join(Initiative, col(Initiative.id) == col(Requirement.initiative_id))
        .order_by(col(Initiative.name))
    )  # fmt: skip
    found: Asked = {}
    for row in session.connection().execute(query):
        found.setdefault(row.key, {})[row.name] = (str(row.granularity), bool(row.required))
    return found


def _asking(asked: Asked, upper: str, lower: str) -> list[tuple[str, str, bool]]:
    """Return who is asked for both metrics."""
    first, last = asked.get(upper, {}), asked.get(lower, {})
    return [(name, often, must and last[name][1]) for name, (often, must) in first.items() if name in last]


def _worded(session: Session, as_of: datetime | None) -> dict[str, tuple[datetime, datetime, int]]:
    query: Query = (
        sa.select(col(Measure.key), col(Definition.recorded_at))
        .join(Measure, col(Measure.id) == col(Definition.measure_id))
        .order_by(col(Definition.recorded_at))
    )
    moments: dict[str, list[datetime]] = {}
    for row in session.connection().execute(query):
        moments.setdefault(row.key, []).append(row.recorded_at)
    found = {}
    for key, known in moments.items():
        until = [one for one in known if as_of is None or one <= as_of] or known[:1]
        found[key] = (until[0], until[-1], len(until))
    return found
