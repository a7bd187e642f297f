"""A figure counted from plain observations, without rollups: what the measured pages must show."""

import pandas as pd
from sqlalchemy.engine import Engine

OBSERVATIONS = """
    SELECT observation.school_id, observation.value FROM observation
    JOIN measure ON measure.id = observation.metric_id
    JOIN initiative ON initiative.id = observation.initiative_id
    JOIN reporting_period ON reporting_period.id = observation.period_id
    WHERE observation.superseded_at IS NULL AND observation.state = 'reported'
    AND measure.key = 'teachers_active' AND initiative.key = ? AND reporting_period.ends_on = ?
"""
NEWEST = """
    SELECT max(reporting_period.ends_on) FROM reporting_period
    JOIN initiative ON initiative.id = reporting_period.initiative_id
    WHERE initiative.key = ?
    AND reporting_period.id IN (SELECT DISTINCT period_id FROM observation WHERE superseded_at IS NULL)
"""
ENROLMENTS = """
    SELECT enrolment.school_id, joined_on, left_on, opened_on, closed_on FROM enrolment
    JOIN initiative ON initiative.id = enrolment.initiative_id
    JOIN school_record ON school_record.school_id = enrolment.school_id
    WHERE enrolment.superseded_at IS NULL AND school_record.superseded_at IS NULL AND initiative.key = ?
"""


def active_teachers(engine: Engine, initiative: str) -> int:
    """Return the active teachers of the newest month: the sum over the schools enrolled and open on its last day."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        day = raw.execute(NEWEST, (initiative,)).fetchone()[0]
        said = pd.read_sql_query(OBSERVATIONS, raw, params=(initiative, day))
        schools = pd.read_sql_query(ENROLMENTS, raw, params=(initiative,))
    expected = schools[
        (schools["joined_on"] <= day)
        & (schools["left_on"].isna() | (schools["left_on"] > day))
        & (schools["opened_on"].isna() | (schools["opened_on"] <= day))
        & (schools["closed_on"].isna() | (schools["closed_on"] > day))
    ]
    return int(said[said["school_id"].isin(expected["school_id"])]["value"].sum())
