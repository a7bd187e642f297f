"""What schools said: observations as they were held at a moment, and the schools that were expected then.

The only reader of observations in analytics: questions about schools and about what stands behind a figure.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.lookup import Asked, areas_below, period_ids
from analytics.names import in_current_language
from analytics.reading import read_frame
from data_model.base import known_at
from data_model.bulk import Query
from data_model.participation import Enrolment
from data_model.periods import Period
from data_model.places import Area, School, SchoolRecord
from data_model.rollups import expected_condition
from data_model.statements import FEW_SCHOOLS
from data_model.submissions import Observation, ValueState

STATEMENT = ("period_id", "school_id", "metric_id", "state", "value", "submission", "row", "recorded_at")
SCHOOL = (
    "school_id", "school_code", "name", "area_code", "area_name", "setting", "languages", "wave", "demonstration",
)  # fmt: skip
SIZED = ("school_id", "school_code", "value")


class Place(NamedTuple):
    """Where to look: the areas (None: the whole country), and their schools where these are few enough to name."""

    areas: list[int] | None
    few_schools: list[int] | None


def statements(
    session: Session, asked: Asked, periods: Sequence[int], only: Sequence[int] | None = None
) -> pd.DataFrame:
    """Return what the schools of the area (or `only` some, by id) said of the measure's metrics in these periods (ids).

    Columns: STATEMENT. Held at the scope's moment; what was withdrawn is not there. Of some, wherever they lie.
    """
    queries = _held_at(asked, periods)
    place = Place(None, list(only)) if only is not None else _place(session, asked)
    if place.few_schools is not None:
        queries = [query.where(col(Observation.school_id).in_(place.few_schools)) for query in queries]
    elif place.areas is not None:
        queries = [
            query.join(SchoolRecord, col(SchoolRecord.school_id) == col(Observation.school_id)).where(
                known_at(SchoolRecord, asked.scope.as_of), col(SchoolRecord.area_id).in_(place.areas)
            )
            for query in queries
        ]
    query = queries[0] if len(queries) == 1 else sa.union_all(*queries)
    frame = read_frame(session, query, STATEMENT)
    whole = dict.fromkeys(("period_id", "school_id", "metric_id", "submission", "row"), "int64")
    return frame.astype({"value": "float64", **whole})


def _held_at(asked: Asked, periods: Sequence[int]) -> list[Query]:
    """Return the queries for what was held: current rows and, as of a moment, past rows apart.

    One condition for both could use neither of the table's partial indexes, and would read the whole table.
    """
    as_of = asked.scope.as_of
    query: Query = sa.select(
        col(Observation.period_id), col(Observation.school_id), col(Observation.metric_id), col(Observation.state),
        col(Observation.value), col(Observation.submission_id), col(Observation.row),
        # As the database keeps it: thousands of moments are read faster together, where they are wanted.
        sa.type_coerce(col(Observation.recorded_at), sa.String),
    ).where(
        col(Observation.initiative_id) == asked.initiative_id,
        col(Observation.period_id).in_(periods),
        col(Observation.metric_id).in_(asked.measure.metric_ids),
        col(Observation.state) != ValueState.WITHDRAWN,
    )  # fmt: skip
    current = query.where(col(Observation.superseded_at).is_(None))
    if as_of is None:
        return [current]
    past = query.where(col(Observation.superseded_at).is_not(None), col(Observation.superseded_at) > as_of)
    return [part.where(col(Observation.recorded_at) <= as_of) for part in (current, past)]


def expected_schools_frame(
    session: Session, asked: Asked, day: date, only: Sequence[int] | None = None
) -> pd.DataFrame:
    """Return the area's schools (or `only` some of them, by id) expected on `day`, with what was known of them: SCHOOL,
    in order of id.
    """
    query = _expected_query(session, asked, day)
    if only is not None:
        query = query.where(col(Enrolment.school_id).in_(only))
    return read_frame(session, query, SCHOOL).astype({"school_id": "int64"})


def expected_of_setting(
    session: Session, asked: Asked, period: Period, setting: str | None, between: tuple[float, float] | None
) -> pd.DataFrame:
    """Return the area's schools of a setting expected at the period's end: school_id, school_code, value.

    The value is what each said of the measure's first metric, and lies between two, both included; where those are None
    every school is there, and its value is not asked for. The database looks for them: of a country only they are read.
    """
    known = _expected_query(session, asked, period.ends_on).where(
        col(SchoolRecord.setting).is_not_distinct_from(setting)
    )
    query: Query = known.with_only_columns(col(School.id), col(School.code), sa.null())
    if between is not None:
        periods = list(period_ids(session, asked, [period]).values())
        held = sa.union_all(*(_sizes(part, asked, between) for part in _held_at(asked, periods))).subquery()
        joined = known.join(held, held.c.school_id == col(School.id))
        query = joined.with_only_columns(col(School.id), col(School.code), held.c.value)
    return read_frame(session, query, SIZED)


def _sizes(held: Query, asked: Asked, between: tuple[float, float]) -> Query:
    of_the_metric = col(Observation.metric_id) == asked.measure.numerator_id
    return held.where(of_the_metric, col(Observation.value).between(*between)).with_only_columns(
        col(Observation.school_id), col(Observation.value)
    )


def _expected_query(session: Session, asked: Asked, day: date) -> Query:
    query = _schools_query(asked).where(expected_condition(day))
    place = _place(session, asked)
    if place.areas is not None:
        query = query.where(col(SchoolRecord.area_id).in_(place.areas))
    if place.few_schools is not None:
        query = query.where(col(Enrolment.school_id).in_(place.few_schools))
    return query


def enrolled_school(session: Session, asked: Asked, school_code: str) -> Any | None:
    """Return one school of the initiative (SCHOOL, then joined_on, left_on, opened_on, closed_on), None if unknown."""
    query = (
        _schools_query(asked)
        .add_columns(
            col(Enrolment.joined_on), col(Enrolment.left_on), col(SchoolRecord.opened_on), col(SchoolRecord.closed_on)
        )
        .where(col(School.code) == school_code, col(School.country) == asked.country)
    )
    return session.connection().execute(query).one_or_none()


def enrolled_schools_frame(session: Session, asked: Asked) -> pd.DataFrame:
    """Return every school of the area that was ever enrolled, as known: SCHOOL, joined_on, left_on, opened_on,
    closed_on. In order of id. Which are expected on a day, `were_expected` says.
    """
    query = _schools_query(asked).add_columns(
        col(Enrolment.joined_on), col(Enrolment.left_on), col(SchoolRecord.opened_on), col(SchoolRecord.closed_on)
    )
    place = _place(session, asked)
    if place.areas is not None:
        query = query.where(col(SchoolRecord.area_id).in_(place.areas))
    frame = read_frame(session, query, (*SCHOOL, "joined_on", "left_on", "opened_on", "closed_on"))
    days = {name: pd.to_datetime(frame[name]) for name in ("joined_on", "left_on", "opened_on", "closed_on")}
    return frame.assign(**days).astype({"school_id": "int64"})


def were_expected(schools: pd.DataFrame, day: date) -> np.ndarray:
    """Return which of the enrolled schools were expected on a day: `data_model.rollups.expected_condition` for many."""
    when = pd.Timestamp(day)
    enrolled = (schools["joined_on"] <= when) & ~(schools["left_on"] <= when)
    is_open = ~(schools["opened_on"] > when) & ~(schools["closed_on"] <= when)
    return (enrolled & is_open).to_numpy(dtype=bool)


def _place(session: Session, asked: Asked) -> Place:
    """Return the area's schools by id where they are few: then they are looked up, and the country is not read."""
    areas = areas_below(session, asked)
    if areas is None:
        return Place(None, None)
    query = (
        sa.select(col(SchoolRecord.school_id))
        .where(col(SchoolRecord.area_id).in_(areas), known_at(SchoolRecord, asked.scope.as_of))
        .limit(FEW_SCHOOLS + 1)
    )
    schools = list(session.connection().execute(query).scalars())
    return Place(areas, schools if len(schools) <= FEW_SCHOOLS else None)


def _schools_query(asked: Asked) -> Query:
    as_of = asked.scope.as_of
    return (
        sa.select(
            col(School.id).label("school_id"), col(School.code).label("school_code"), col(SchoolRecord.name),
            col(Area.code).label("area_code"), in_current_language(Area).label("area_name"),
            col(SchoolRecord.setting), col(SchoolRecord.languages), col(Enrolment.wave), col(School.demonstration),
        )
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .join(Area, col(Area.id) == col(SchoolRecord.area_id))
        .where(
            col(Enrolment.initiative_id) == asked.initiative_id,
            known_at(Enrolment, as_of),
            known_at(SchoolRecord, as_of),
        )
        .order_by(col(School.id))
    )  # fmt: skip
