"""Erasing what a submission holds of its file, with a reason; and the file as it was submitted, until then.

What stays is what the record needs: the hash and size, who and when, counts, observations, the thread and the audit
trail. What goes is whatever was copied out of the file in the words of the file: its bytes, its name, what findings
quote, texts that were mended or stood for schools and columns; and the values of a file that was never accepted. Those
of an accepted one are its observations, which only an undo takes back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from data_model.people import Account
from data_model.submissions import OPEN_STATES, Erasure, Finding, Submission, SubmissionContent, SubmissionState
from intake.cells import Cells
from intake.record import find, given_reason
from intake.refusal import Refused

HELD_AS_OBSERVATIONS = (SubmissionState.ACCEPTED, SubmissionState.UNDONE)
# Of how the file was read, what says nothing in the file's own words.
KEPT_OF_READING = ("encoding", "delimiter", "decimal_mark", "header_row", "layout", "original", "table")


@dataclass(frozen=True)
class Erased:
    """When a file was erased, by whom and why."""

    at: datetime
    by: str
    reason: str


def erasure(session: Session, submission_id: int, *, who: Identity) -> Erased | None:
    """Return that a submission's file was erased; None while it is there. Raises NotAllowed as `original` does."""
    require(session, who, Action.READ_SUBMISSION, submission=submission_id)
    found = session.get(Erasure, submission_id)
    if found is None:
        return None
    by = session.get_one(Account, found.erased_by)
    return Erased(found.erased_at, by.name or by.email, found.reason)


def original(session: Session, submission_id: int, *, who: Identity) -> bytes:
    """Return the bytes of a submission's file; of a user export the table of counts that was kept.

    Raises NotAllowed unless `who` may read the submission, and Refused (`erased`).
    """
    require(session, who, Action.READ_SUBMISSION, submission=submission_id)
    query = select(SubmissionContent.original).where(SubmissionContent.submission_id == submission_id)
    held = session.exec(query).one()
    if held is None:
        raise Refused("erased", _("The file of submission {number} was erased.").format(number=submission_id))
    return held


def erase(session: Session, submission_id: int, *, by: Identity, reason: str, at: datetime) -> Submission:
    """Erase what a decided submission holds of its file, and return it.

    Raises NotAllowed unless `by` administers its initiative, and Refused: `unknown_submission`, `no_reason`,
    `still_open` while somebody has yet to decide on it, `already_erased`.
    """
    require(session, by, Action.ADMINISTER, submission=submission_id)
    submission, said = find(session, submission_id), given_reason(reason)
    if submission.state in OPEN_STATES:
        message = _("Submission {number} still waits to be decided on. Reject it first, or let its maker withdraw it.")
        raise Refused("still_open", message.format(number=submission_id))
    if session.get(Erasure, submission_id) is not None:
        raise Refused(
            "already_erased", _("The file of submission {number} is erased already.").format(number=submission_id)
        )
    with _leaving_no_trace(session):
        _erase_content(session, submission)
        session.execute(sa.delete(Finding).where(col(Finding.submission_id) == submission_id))
        submission.file_name = _name(submission)
        submission.reading = _without_words(submission.reading)
        session.add(submission)
        session.flush()
    session.add(Erasure(submission_id=submission_id, erased_by=by.account_id or 0, erased_at=at, reason=said))
    session.flush()
    audit.record(
        session, at=at, who=by, action="bytes_erased", subject_type="submission", subject_key=submission_id,
        details={"sha256": submission.sha256, "bytes": submission.size, "reason": said},
    )  # fmt: skip
    return submission


def _erase_content(session: Session, submission: Submission) -> None:
    assert submission.id is not None
    left: dict[str, Any] = {"original": None}
    if submission.state not in HELD_AS_OBSERVATIONS:
        left["cells"] = Cells.empty().to_bytes()
    its_own = col(SubmissionContent.submission_id) == submission.id
    session.execute(sa.update(SubmissionContent).where(its_own).values(**left))


def _name(submission: Submission) -> str:
    """Return what stands in the place of the file's name, which may itself name somebody."""
    return f"erased-{submission.sha256[:8]}"


def _without_words(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a file was read, without its words. That a value was mended stays, but not what had stood there."""
    kept = {name: reading[name] for name in KEPT_OF_READING if name in reading}
    kept["columns"] = [
        column for column in reading.get("columns", ()) if "metric" in column and column.get("how") != "mapping"
    ]
    mended = reading.get("options", {}).get("mended") or []
    if mended:
        kept["options"] = {"mended": [{**cell, "original": ""} for cell in mended]}
    return kept


@contextmanager
def _leaving_no_trace(session: Session) -> Iterator[None]:
    """Let SQLite overwrite what is deleted: else it lies in the file's free pages until those are used again."""
    if session.get_bind().dialect.name != "sqlite":
        yield  # a vacuum does it there
        return
    session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        session.connection().exec_driver_sql("PRAGMA secure_delete = OFF")
