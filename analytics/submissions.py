"""Submissions as lists and in detail, for those who upload and review. Only what the person may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import Identity
from access.permissions import Action, readable_submissions, require
from analytics.reading import read_frame
from data_model.bulk import Query
from data_model.people import Account
from data_model.registry import Initiative
from data_model.submissions import Finding, Submission

COLUMNS = (
    "submission", "initiative", "initiative_name", "state", "file_name", "sha256", "size", "note", "submitted_by",
    "submitted_by_email", "submitted_by_id", "submitted_at", "answers", "answered_by", "taken_up_by", "taken_up_by_id",
    "taken_up_at",
    "decided_by", "decided_at", "decision_reason", "undone_by",
    "undone_at", "undo_reason", "demonstration", "summary",
)  # fmt: skip
VALUES = ("new", "changed", "unchanged", "blank", "not_applicable")
FINDING = ("code", "severity", "row", "column", "value", "details")


@dataclass(frozen=True)
class SubmissionDetail:
    """One submission: its row of `listing`, how it was read, its counts and fingerprint, and its findings.

    `findings` has the columns of FINDING, in the order of the file; `details` holds what a message names.
    """

    row: dict[str, Any]
    reading: dict[str, Any]
    summary: dict[str, Any]
    fingerprint: str
    findings: pd.DataFrame


def listing(
    session: Session,
    *,
    who: Identity,
    states: Iterable[str] | None = None,
    initiative: str | None = None,
    limit: int = 200,
) -> pd.DataFrame:
    """Return the submissions that `who` may read, newest first.

    Columns: those of COLUMNS but `summary`, then the counts new, changed, unchanged, blank, not_applicable, errors,
    warnings, as they were when it was submitted. People are named, by address where they gave no name.
    """
    query = _query().order_by(col(Submission.submitted_at).desc(), col(Submission.id).desc()).limit(limit)
    query = query.where(readable_submissions(session, who))
    if states is not None:
        query = query.where(col(Submission.state).in_(list(states)))
    if initiative is not None:
        query = query.where(col(Initiative.key) == initiative)
    rows = [_row(row) for row in session.connection().execute(query)]
    names = [name for name in COLUMNS if name != "summary"]
    return pd.DataFrame(rows, columns=[*names, *VALUES, "errors", "warnings"])


def detail(session: Session, submission_id: int, *, who: Identity) -> SubmissionDetail:
    """Return one submission. Raises NotAllowed for one that `who` may not read, or that does not exist."""
    require(session, who, Action.READ_SUBMISSION, submission=submission_id)
    row = session.connection().execute(_query().where(col(Submission.id) == submission_id)).one()
    more: Query = sa.select(col(Submission.reading), col(Submission.fingerprint)).where(
        col(Submission.id) == submission_id
    )
    reading, fingerprint = session.connection().execute(more).one()
    findings: Query = (
        sa.select(
            col(Finding.code), col(Finding.severity), col(Finding.row), col(Finding.column), col(Finding.value),
            col(Finding.details),
        )
        .where(col(Finding.submission_id) == submission_id)
        .order_by(col(Finding.id))
    )  # fmt: skip
    frame = read_frame(session, findings, FINDING).astype({"row": "Int64"})
    return SubmissionDetail(_row(row), reading, row.summary, fingerprint, frame)


def _query() -> Query:
    people = {role: sa.orm.aliased(Account) for role in ("submitted_by", "taken_up_by", "decided_by", "undone_by")}
    answer = sa.orm.aliased(Submission)
    newest_answer = (
        sa.select(sa.func.max(col(answer.id)))
        .where(col(answer.answers_id) == col(Submission.id), col(answer.state).not_in(["withdrawn", "rejected"]))
        .scalar_subquery()
    )
    query: Query = sa.select(
        col(Submission.id).label("submission"), col(Initiative.key).label("initiative"),
        col(Initiative.name).label("initiative_name"), col(Submission.state), col(Submission.file_name),
        col(Submission.sha256), col(Submission.size), col(Submission.note),
        col(Submission.submitted_by).label("submitted_by_id"),
        col(people["submitted_by"].email).label("submitted_by_email"), col(Submission.submitted_at),
        col(Submission.answers_id).label("answers"), newest_answer.label("answered_by"),
        col(Submission.taken_up_by).label("taken_up_by_id"), col(Submission.taken_up_at),
        col(Submission.decided_at), col(Submission.decision_reason), col(Submission.undone_at),
        col(Submission.undo_reason), col(Submission.demonstration), col(Submission.summary),
        *(
            sa.func.coalesce(sa.func.nullif(col(person.name), ""), col(person.email)).label(role)
            for role, person in people.items()
        ),
    ).join(Initiative, col(Initiative.id) == col(Submission.initiative_id))  # fmt: skip
    for role, person in people.items():
        query = query.join(person, col(person.id) == getattr(Submission, role), isouter=True)
    return query


def _row(row: Any) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in COLUMNS if name != "summary"}
    values, findings = row.summary.get("values", {}), row.summary.get("findings_total", {})
    found |= {name: int(values.get(name, 0)) for name in VALUES}
    return found | {"errors": int(findings.get("error", 0)), "warnings": int(findings.get("warning", 0))}
