"""What is held about one school: every value and "not applicable" of its metrics, as they stand now."""

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.reading import read_frame
from data_model.base import known_at
from data_model.bulk import Query
from data_model.measures import Measure
from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Observation, ValueState

COLUMNS = ("school_id", "period", "metric", "state", "value", "submission")


def held_of_school(session: Session, initiative: str, school_code: str) -> pd.DataFrame:
    """Return what is held about the school in the initiative, newest period first. Columns: COLUMNS; `period` and
    `metric` are keys, `value` is empty for what is not applicable.
    """
    query: Query = (
        sa.select(
            col(School.id), col(ReportingPeriod.starts_on), col(ReportingPeriod.granularity), col(Measure.key),
            col(Observation.state), col(Observation.value), col(Observation.submission_id),
        )
        .join(School, col(School.id) == col(Observation.school_id))
        .join(Initiative, col(Initiative.id) == col(Observation.initiative_id))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
        .join(Measure, col(Measure.id) == col(Observation.metric_id))
        .where(col(Initiative.key) == initiative, col(School.code) == school_code)
        .where(col(School.country) == col(Initiative.country), known_at(Observation, None))
        .where(col(Observation.state).in_([ValueState.REPORTED, ValueState.NOT_APPLICABLE]))
        .order_by(col(ReportingPeriod.starts_on).desc(), col(Measure.position), col(Measure.id))
    )  # fmt: skip
    found = read_frame(session, query, ("school_id", "starts_on", "granularity", *COLUMNS[2:]))
    spans = zip(found["starts_on"], found["granularity"], strict=True)
    found["period"] = [Period(starts_on, Granularity(granularity)).key for starts_on, granularity in spans]
    return found[list(COLUMNS)]
