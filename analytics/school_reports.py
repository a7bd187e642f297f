"""What was sent in about one school, and what was found in it."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.lookup import Asked
from analytics.reading import read_frame
from data_model.base import known_at
from data_model.bulk import Query
from data_model.measures import Metric
from data_model.participation import ReportingPeriod
from data_model.people import Account
from data_model.submissions import Confirmation, Finding, Observation, Submission

SUBMISSIONS = (
    "submission", "file_name", "state", "submitted_at", "submitted_by", "decided_at", "undone_at", "values",
    "values_held",
)  # fmt: skip
FINDINGS = ("submission", "state", "code", "severity", "row", "column", "value", "details")


def submissions_of(session: Session, asked: Asked, school_id: int) -> pd.DataFrame:
    """Return the submissions that ever spoke for a school in the initiative, newest first: SUBMISSIONS.

    values (Int64: how many cells of the school it spoke about, confirmations included), values_held (Int64: for how
    many of them it speaks at the scope's moment).
    """
    spoken = _spoken(session, asked, school_id)
    counts = spoken.groupby("submission").agg(values=("cell", "nunique"), values_held=("held", "sum"))
    person = sa.func.coalesce(sa.func.nullif(col(Account.name), ""), col(Account.email))
    query: Query = (
        sa.select(
            col(Submission.id), col(Submission.file_name), col(Submission.state), col(Submission.submitted_at), person,
            col(Submission.decided_at), col(Submission.undone_at),
        )
        .join(Account, col(Account.id) == col(Submission.submitted_by))
        .where(col(Submission.id).in_(counts.index.tolist()))
        .order_by(col(Submission.submitted_at).desc(), col(Submission.id).desc())
    )  # fmt: skip
    frame = read_frame(session, query, SUBMISSIONS[:7]).merge(counts, left_on="submission", right_index=True)
    return frame[list(SUBMISSIONS)].astype(dict.fromkeys(("submission", "values", "values_held"), "Int64"))


def findings_of(session: Session, asked: Asked, school_id: int) -> pd.DataFrame:
    """Return what was found in the school's rows of the files that spoke for it, newest file first: FINDINGS.

    `state` is the submission's. A file that was turned away spoke for nobody: its findings stand with it alone.
    """
    spoken = _spoken(session, asked, school_id)[["submission", "row"]].drop_duplicates()
    query: Query = (
        sa.select(
            col(Finding.submission_id), col(Submission.state), col(Finding.code), col(Finding.severity),
            col(Finding.row), col(Finding.column), col(Finding.value), col(Finding.details),
        )
        .join(Submission, col(Submission.id) == col(Finding.submission_id))
        .where(col(Finding.submission_id).in_(sorted(set(spoken["submission"].tolist()))))
        .where(col(Finding.row).in_(sorted(set(spoken["row"].tolist()))))
        .order_by(col(Finding.submission_id).desc(), col(Finding.id))
    )  # fmt: skip
    found = read_frame(session, query, FINDINGS)
    wanted = set(spoken.itertuples(index=False, name=None))
    own = [pair in wanted for pair in zip(found["submission"], found["row"], strict=True)]
    frame = found[pd.Series(own, index=found.index, dtype=bool)].reset_index(drop=True)
    return frame.astype({"submission": "Int64", "row": "Int64"})


def _spoken(session: Session, asked: Asked, school_id: int) -> pd.DataFrame:
    """Return every statement about the school: submission, row, cell (text), held (now, or at the scope's moment)."""
    as_of = asked.scope.as_of
    held: Any = sa.cast(sa.case((known_at(Observation, as_of), 1), else_=0), sa.Integer)
    nothing: Any = sa.literal(0)
    parts = []
    for table, is_held, past in (
        (Observation, held, col(Observation.superseded_at).is_not(None)),
        (Observation, held, col(Observation.superseded_at).is_(None)),
        (Confirmation, nothing, None),
    ):
        query: Query = sa.select(
            col(table.submission_id), col(table.row), col(table.period_id), col(table.metric_id), is_held
        ).where(
            col(table.initiative_id) == asked.initiative_id,
            # Named one by one, periods and metrics let the index of cells find this school's.
            col(table.period_id).in_(
                sa.select(col(ReportingPeriod.id)).where(col(ReportingPeriod.initiative_id) == asked.initiative_id)
            ),
            col(table.metric_id).in_(_metric_ids(session)),
            col(table.school_id) == school_id,
        )
        query = query if past is None else query.where(past)
        parts.append(query if as_of is None else query.where(col(table.recorded_at) <= as_of))
    frame = read_frame(session, sa.union_all(*parts), ("submission", "row", "period_id", "metric_id", "held"))
    frame["cell"] = frame["period_id"].astype(str) + "/" + frame["metric_id"].astype(str)
    return frame.astype({"held": "int64"})


def _metric_ids(session: Session) -> list[int]:
    return list(session.connection().execute(sa.select(col(Metric.id))).scalars())
