"""Whom to call: the schools whose report has not come, how long they have been silent, and who last spoke for them."""

from datetime import datetime

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import Identity
from access.permissions import Action, require
from analytics.area_figures import first_period
from analytics.completeness import due_days, end_of_day
from analytics.lookup import Asked, every_period, look_up, period_ids
from analytics.observed import enrolled_schools_frame, were_expected
from analytics.reading import read_frame
from analytics.scope import Scope
from data_model.base import known_at
from data_model.bulk import Query
from data_model.people import Account
from data_model.periods import Period
from data_model.statements import table_of_statements
from data_model.submissions import Observation, Submission, ValueState

SCHOOLS_IN_ONE_QUERY = 500
COLUMNS = (
    "school_code", "name", "area_code", "area_name", "due_on", "days_late", "periods_missed", "last_period",
    "last_submitted_at", "last_reported_by", "last_reported_by_email", "demonstration",
)  # fmt: skip


def who_to_call(session: Session, scope: Scope, who: Identity, at: datetime) -> pd.DataFrame:
    """Return the schools expected in the scope's period that have not reported its measure though it was due: COLUMNS.

    The longest silence first. due_on, days_late (Int64); periods_missed (Int64: in a row up to the scope's, of those in
    which the school was expected); last_period (key or None), last_submitted_at, last_reported_by and its e-mail: the
    newest report before the silence and the person who made it ("" where there is none). Empty before the due day is
    over. Staff only: raises NotAllowed for those who may not see live figures of the area.
    """
    require(session, who, Action.READ_LIVE, initiative=scope.initiative, area_code=scope.area)
    asked = look_up(session, scope.of(released=False))
    due = due_days(session, asked, [scope.period]).get(scope.period.starts_on)
    moment = at if scope.as_of is None else min(at, scope.as_of)
    due_until = end_of_day(session, asked.country, due, scope.as_of) if due is not None else None
    if due_until is None or moment < due_until:
        return _nobody()
    every = enrolled_schools_frame(session, asked)
    silent = every[_missing(session, asked, every, scope.period)].reset_index(drop=True)
    silent["periods_missed"], silent["last_period"] = _silence(session, asked, silent)
    silent["due_on"] = due
    silent["days_late"] = (moment - due_until).days + 1
    silent = silent.merge(_last_reports(session, asked, silent), on="school_id", how="left")
    for name in ("last_reported_by", "last_reported_by_email"):
        silent[name] = silent[name].fillna("")
    silent = silent.sort_values(["periods_missed", "school_code"], ascending=[False, True], ignore_index=True)
    return silent[list(COLUMNS)].astype({"days_late": "Int64", "periods_missed": "Int64"})


def districts_to_call(late: pd.DataFrame) -> pd.DataFrame:
    """Return the areas of the late schools, those with most first: area_code, area_name, schools_late, longest_silence
    (periods), never_reported (schools without any report), all Int64.
    """
    told = late.assign(never=late["last_period"].isna())
    grouped = told.groupby(["area_code", "area_name"], as_index=False).agg(
        schools_late=("school_code", "size"), longest_silence=("periods_missed", "max"), never_reported=("never", "sum")
    )
    counts = dict.fromkeys(("schools_late", "longest_silence", "never_reported"), "Int64")
    return grouped.astype(counts).sort_values(["schools_late", "area_code"], ascending=[False, True], ignore_index=True)


def _nobody() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS)).astype({"days_late": "Int64", "periods_missed": "Int64"})


def _missing(session: Session, asked: Asked, schools: pd.DataFrame, period: Period) -> np.ndarray:
    """Return which of the schools were expected in the period and did not report the measure."""
    expected = were_expected(schools, period.ends_on)
    number = period_ids(session, asked, [period]).get(period.starts_on, 0)
    said, _value = table_of_statements(
        session, asked.initiative_id, number, school_ids=schools["school_id"].to_numpy(np.int64),
        metric_ids=asked.measure.metric_ids, as_of=asked.scope.as_of,
    )  # fmt: skip
    missing: np.ndarray = expected & ~said.all(axis=1)
    return missing


def _silence(session: Session, asked: Asked, silent: pd.DataFrame) -> tuple[np.ndarray, list[str | None]]:
    """Return for how many periods each school has been silent in a row, and the last in which it reported."""
    missed, last = np.zeros(len(silent), dtype=np.int64), np.full(len(silent), None, dtype=object)
    first = first_period(session, asked)
    open_still = np.ones(len(silent), dtype=bool)
    for period in reversed(every_period(first, asked.scope.period) if first is not None else []):
        if not open_still.any():
            break
        some = silent[open_still]
        missing, expected = _missing(session, asked, some, period), were_expected(some, period.ends_on)
        places = np.flatnonzero(open_still)
        missed[places[missing]] += 1
        reported = expected & ~missing
        last[places[reported]] = period.key
        open_still[places[reported]] = False
    return missed, last.tolist()


def _last_reports(session: Session, asked: Asked, silent: pd.DataFrame) -> pd.DataFrame:
    """Return who last reported for each school: school_id, last_submitted_at, last_reported_by and its e-mail."""
    names = ("school_id", "last_submitted_at", "last_reported_by", "last_reported_by_email")
    parts = []
    for key, schools in silent.dropna(subset="last_period").groupby("last_period"):
        period = Period.parse(str(key))
        number = period_ids(session, asked, [period])[period.starts_on]
        ids = schools["school_id"].tolist()
        for start in range(0, len(ids), SCHOOLS_IN_ONE_QUERY):
            query = _reported(asked, number, ids[start : start + SCHOOLS_IN_ONE_QUERY])
            parts.append(read_frame(session, query, names))
    if not parts:
        return pd.DataFrame(columns=list(names)).astype({"school_id": "int64"})
    return pd.concat(parts, ignore_index=True).drop_duplicates("school_id")


def _reported(asked: Asked, period_id: int, schools: list[int]) -> Query:
    """Return the query for the submissions that speak for these schools in a period, newest first."""
    person = sa.func.coalesce(sa.func.nullif(col(Account.name), ""), col(Account.email))
    query: Query = (
        sa.select(col(Observation.school_id), col(Submission.submitted_at), person, col(Account.email))
        .join(Submission, col(Submission.id) == col(Observation.submission_id))
        .join(Account, col(Account.id) == col(Submission.submitted_by))
        .where(
            col(Observation.initiative_id) == asked.initiative_id,
            col(Observation.period_id) == period_id,
            col(Observation.metric_id).in_(asked.measure.metric_ids),
            col(Observation.school_id).in_(schools),
            col(Observation.state) != ValueState.WITHDRAWN,
            known_at(Observation, asked.scope.as_of),
        )
        .order_by(col(Submission.submitted_at).desc())
    )
    return query
