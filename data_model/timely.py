"""What was said on time: in a file handed in by the end of the due day, in the country's time zone, that stands.

Neither waiting for a reviewer nor a later correction makes a statement late; an undone submission makes none.
"""

from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from data_model.bulk import Query, fetch_numbers
from data_model.due_days import due_days_at
from data_model.participation import ReportingPeriod
from data_model.periods import end_of_day
from data_model.statements import groups_of_schools
from data_model.submissions import Confirmation, Observation, Submission, SubmissionState, ValueState
from data_model.time_zones import time_zone_at


def due_until(session: Session, period: ReportingPeriod, country: str, as_of: datetime | None = None) -> datetime:
    """Return the moment at which the period's due day is over: day and time zone as held now, or `as_of`."""
    due_on = due_days_at(session, [period], as_of).get(period.id or 0, period.due_on)
    return end_of_day(due_on, time_zone_at(session, country, as_of))


def handed_in(initiative_id: int, until: datetime, as_of: datetime | None = None) -> Query:
    """Return the query for the accepted submissions, not undone (now or `as_of`), that were made before a moment."""
    query: Query = sa.select(col(Submission.id)).where(
        col(Submission.initiative_id) == initiative_id, col(Submission.submitted_at) < until
    )
    if as_of is None:
        return query.where(col(Submission.state) == SubmissionState.ACCEPTED)
    stood = sa.or_(col(Submission.undone_at).is_(None), col(Submission.undone_at) > as_of)
    decided = col(Submission.state).in_([SubmissionState.ACCEPTED, SubmissionState.UNDONE])
    return query.where(decided, col(Submission.decided_at) <= as_of, stood)


def said_on_time(
    session: Session,
    initiative_id: int,
    period_id: int,
    *,
    school_ids: np.ndarray,
    metric_ids: list[int],
    until: datetime,
    as_of: datetime | None = None,
) -> np.ndarray:
    """Return whether each school said something of each metric, held or not, in a submission made before `until`:
    schools x metrics. `school_ids` are in order, each once.
    """
    said = np.zeros((len(school_ids), len(metric_ids)), dtype=bool)
    if not said.size:
        return said
    metrics = np.array(metric_ids)
    for some in groups_of_schools(session, initiative_id, school_ids):
        for query in _statements(initiative_id, period_id, metric_ids, until, as_of, some):
            metric, school = fetch_numbers(session, query)
            row = np.searchsorted(school_ids, school).clip(max=len(school_ids) - 1)
            wanted = school_ids[row] == school
            order = np.argsort(metrics)
            said[row[wanted], order[np.searchsorted(metrics[order], metric[wanted])]] = True
    return said


def _statements(
    initiative_id: int,
    period_id: int,
    metric_ids: list[int],
    until: datetime,
    as_of: datetime | None,
    some: np.ndarray | None,
) -> list[Query]:
    """Return the queries for (metric, school) said by then: what is held, what was, and what was confirmed.

    One apiece, as the indexes lie; of an observation it does not matter when it was held.
    """
    held, past = col(Observation.superseded_at).is_(None), col(Observation.superseded_at).is_not(None)
    queries = []
    for table, which in ((Observation, held), (Observation, past), (Confirmation, sa.true())):
        query: Query = sa.select(col(table.metric_id), col(table.school_id)).where(
            col(table.initiative_id) == initiative_id,
            col(table.period_id) == period_id,
            col(table.metric_id).in_(metric_ids),
            which,
            col(table.state) != ValueState.WITHDRAWN,
            col(table.submission_id).in_(handed_in(initiative_id, until, as_of)),
        )
        queries.append(query if some is None else query.where(col(table.school_id).in_(some.tolist())))
    return queries
