"""Sample files that work on the demonstration: what a manager can try the Upload page with."""

from datetime import datetime

import numpy as np
from sqlmodel import Session, col, select

from data_model.base import known_at
from data_model.measures import Measure
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Granularity, Period, last_complete
from data_model.places import Country, School, SchoolRecord
from data_model.registry import Initiative
from data_model.rollups import expected_condition
from data_model.submissions import Observation, ValueState
from seed.demonstration.files import LONG, RUSSIAN_SPREADSHEET, Table, write
from seed.demonstration.places import SAMPLE_SCHOOLS

WIDE_METRICS = ("licences_allocated", "licences_activated", "teachers_total", "teachers_trained", "teachers_active")
LONG_METRICS = ("licences_allocated", "licences_activated", "teachers_active")
SCHOOLS = len(SAMPLE_SCHOOLS)
# Of a school that never reported: a little of everything.
UNREPORTED = {"licences_allocated": 30, "licences_activated": 20, "teachers_total": 40, "teachers_trained": 12,
              "teachers_active": 9}  # fmt: skip
# A survey's mean without its number of answers is no metric: the preview shows the column as ignored.
SURVEY = "Средний балл опроса"


def sample_files(session: Session, initiative: Initiative, at: datetime) -> dict[str, bytes]:
    """Return sample files by name, made for the last complete month; none without a demonstration to try them on.

    A wide Russian spreadsheet (Windows-1251, title above, totals below) and a long UTF-8 file, each of a dozen invented
    schools. They repeat what is held, change some of it and add what is missing, so that a preview has all to show.
    """
    country = session.get_one(Country, initiative.country)
    period = last_complete(at, country.time_zone, Granularity(initiative.granularity))
    schools = _schools(session, initiative, period)
    if not schools:
        return {}
    figures = _figures(session, initiative, period, [school for school, _code, _name in schools])
    return {
        f"progress_wide_cp1251_{_written(period)}.csv": write(
            _table(period, schools, figures, WIDE_METRICS), RUSSIAN_SPREADSHEET
        ),
        f"progress_long_utf8_{_written(period)}.csv": write(_table(period, schools, figures, LONG_METRICS), LONG),
    }


def _written(period: Period) -> str:
    return period.key.replace("/", "-")


def _schools(session: Session, initiative: Initiative, period: Period) -> list[tuple[int, str, str]]:
    """Return (id, code, name) of a dozen invented schools expected in the period: the samples' own where they are."""
    query = (
        select(School.id, School.code, SchoolRecord.name)
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
        .where(Enrolment.initiative_id == initiative.id, col(School.demonstration))
        .where(known_at(Enrolment, None), known_at(SchoolRecord, None), expected_condition(period.ends_on))
    )
    own = [code for code, *_rest in SAMPLE_SCHOOLS]
    found = session.exec(query.where(col(School.code).in_(own))).all()
    if len(found) < SCHOOLS:
        others = query.where(col(School.code).not_in(own)).order_by(col(School.code)).limit(SCHOOLS - len(found))
        found = [*found, *session.exec(others).all()]
    return sorted(((school or 0, code, name) for school, code, name in found), key=lambda one: one[1])


def _figures(
    session: Session, initiative: Initiative, period: Period, schools: list[int]
) -> dict[tuple[int, str], float]:
    """Return the newest value held for each school and metric, up to the period."""
    query = (
        select(Observation.school_id, Measure.key, Observation.value)
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
        .join(Measure, col(Measure.id) == col(Observation.metric_id))
        .where(Observation.initiative_id == initiative.id, col(Observation.school_id).in_(schools))
        .where(known_at(Observation, None), Observation.state == ValueState.REPORTED)
        .where(ReportingPeriod.starts_on <= period.starts_on, col(Measure.key).in_(WIDE_METRICS))
        .order_by(col(ReportingPeriod.starts_on))
    )
    return {(school, metric): float(value or 0) for school, metric, value in session.exec(query).all()}


def _table(
    period: Period,
    schools: list[tuple[int, str, str]],
    figures: dict[tuple[int, str], float],
    metrics: tuple[str, ...],
) -> Table:
    held = {
        metric: np.array([figures.get((school, metric), UNREPORTED[metric]) for school, _code, _name in schools])
        for metric in WIDE_METRICS
    }
    # Every third school has come further since. What is part of something stays part of it.
    further = np.arange(len(schools)) % 3 == 0
    activated = np.minimum(held["licences_activated"] + 4 * further, held["licences_allocated"])
    active = np.minimum(held["teachers_active"] + 3 * further, np.minimum(activated, held["teachers_total"]))
    trained = np.minimum(held["teachers_trained"] + 5 * further, held["teachers_total"])
    values = held | {"licences_activated": activated, "teachers_active": active, "teachers_trained": trained}
    survey = [f"{3.1 + 0.15 * index:.1f}".replace(".", ",") for index in range(len(schools))]
    return Table(
        period=period,
        codes=[code for _school, code, _name in schools],
        names=[name for _school, _code, name in schools],
        values={metric: values[metric] for metric in metrics},
        other={SURVEY: survey},
    )
