"""The steps between handing in and deciding: take up, return, comment, withdraw, each with its line in the thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require, require_schools
from data_model.registry import Initiative
from data_model.submissions import OPEN_STATES, Submission, SubmissionState, ThreadEntry, ThreadKind
from intake.record import cells_of, find, given_reason, require_state, storable
from intake.refusal import Refused
from intake.review.about import WHOLE_FILE, About

MOST_POINTS = 500  # to mend at once; whoever has more sends the whole file back


@dataclass(frozen=True)
class Point:
    """One thing that is to be mended, and what the reviewer says about it."""

    about: About
    text: str = ""


def take_up(session: Session, submission_id: int, *, by: Identity, at: datetime) -> Submission:
    """Let a reviewer take a waiting submission up, or take it over from another. It can still be decided by any.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state` (also when they have it already).
    """
    submission = find(session, submission_id)
    require_state(submission, *OPEN_STATES)
    _require_reviewer(session, by, Action.TAKE_UP, submission, at)
    before = submission.taken_up_by
    if submission.state == SubmissionState.IN_REVIEW and before == by.account_id:
        raise Refused("wrong_state", _("You have submission {number} in review already.").format(number=submission_id))
    submission.state = SubmissionState.IN_REVIEW
    submission.taken_up_by, submission.taken_up_at = by.account_id, at.astimezone(UTC)
    _note(session, submission, ThreadKind.TAKEN_UP, by=by, at=at)
    _audit(session, submission, "take_up", by, at, {"taken_over_from": before} if before else {})
    return submission


def send_back(
    session: Session, submission_id: int, *, by: Identity, reason: str, points: Sequence[Point] = (), at: datetime
) -> Submission:
    """Return an open submission to its maker with a reason and what is to be mended. It speaks for nothing.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state`, `no_reason`, `too_many_points`.
    """
    submission = find(session, submission_id)
    require_state(submission, *OPEN_STATES)
    _require_reviewer(session, by, Action.RETURN, submission, at)
    said = given_reason(reason)
    if len(points) > MOST_POINTS:
        message = _("Name at most {count} points: with more, return the whole file and say so.")
        raise Refused("too_many_points", message.format(count=MOST_POINTS))
    submission.state, submission.decision_reason = SubmissionState.RETURNED, said
    submission.decided_by, submission.decided_at = by.account_id, at.astimezone(UTC)
    _note(session, submission, ThreadKind.RETURNED, by=by, at=at, text=said)
    for point in points:
        _note(session, submission, ThreadKind.POINT, by=by, at=at, text=point.text.strip(), about=point.about)
    _audit(session, submission, "return", by, at, {"reason": said, "points": len(points)})
    return submission


def comment(
    session: Session, submission_id: int, *, by: Identity, text: str, about: About = WHOLE_FILE, at: datetime
) -> ThreadEntry:
    """Say something about a submission, a row or a value of it, whatever its state. Returns the thread's new entry.

    Raises NotAllowed, or Refused: `unknown_submission`, `no_text`.
    """
    submission = find(session, submission_id)
    require(session, by, Action.COMMENT, submission=submission, at=at)
    if not text.strip():
        raise Refused("no_text", _("Write something: an empty comment is not kept."))
    entry = _note(session, submission, ThreadKind.COMMENT, by=by, at=at, text=text.strip(), about=about)
    _audit(session, submission, "comment", by, at, {"entry": entry.id})
    return entry


def withdraw(session: Session, submission_id: int, *, by: Identity, reason: str = "", at: datetime) -> Submission:
    """Let its maker take a submission away before it is accepted or rejected. It stays on record.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state` (also a returned one that was answered).
    """
    submission = find(session, submission_id)
    require_state(submission, *OPEN_STATES, SubmissionState.RETURNED)
    require(session, by, Action.WITHDRAW, submission=submission, at=at)
    refuse_answered(session, submission)
    submission.state, submission.decision_reason = SubmissionState.WITHDRAWN, storable(reason.strip())
    submission.decided_by, submission.decided_at = by.account_id, at.astimezone(UTC)
    _note(session, submission, ThreadKind.WITHDRAWN, by=by, at=at, text=reason.strip())
    _audit(session, submission, "withdraw", by, at, {"reason": submission.decision_reason})
    return submission


def to_answer(session: Session, submission_id: int, initiative: Initiative, *, by: Identity) -> Submission:
    """Return the returned submission that a new upload is to answer.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state`, `other_initiative`, `already_answered`.
    """
    submission = find(session, submission_id)
    require(session, by, Action.WITHDRAW, submission=submission)
    require_state(submission, SubmissionState.RETURNED)
    if submission.initiative_id != initiative.id:
        message = _("Submission {number} belongs to another initiative.")
        raise Refused("other_initiative", message.format(number=submission_id))
    refuse_answered(session, submission)
    return submission


def refuse_answered(session: Session, submission: Submission) -> None:
    """Raise Refused when a submission that still stands answers this one."""
    gone = (SubmissionState.WITHDRAWN, SubmissionState.REJECTED)
    query = select(Submission.id).where(Submission.answers_id == submission.id, col(Submission.state).not_in(gone))
    answer = session.exec(query).first()
    if answer is not None:
        message = _("Submission {number} is answered already, by submission {answer}.")
        raise Refused("already_answered", message.format(number=submission.id, answer=answer))


def _require_reviewer(session: Session, by: Identity, action: Action, submission: Submission, at: datetime) -> None:
    """Raise NotAllowed unless `by` may do this for every school that the submission speaks of."""
    require(session, by, action, submission=submission, at=at)
    assert submission.id is not None
    cells = cells_of(session, submission.id)
    require_schools(session, by, action, np.unique(cells.school_id), submission=submission)


def _note(
    session: Session,
    submission: Submission,
    kind: ThreadKind,
    *,
    by: Identity,
    at: datetime,
    text: str = "",
    about: About = WHOLE_FILE,
) -> ThreadEntry:
    assert submission.id is not None and by.account_id is not None
    entry = ThreadEntry(
        submission_id=submission.id, kind=kind, text=storable(text), about=about.as_json(),
        written_by=by.account_id, written_at=at.astimezone(UTC),
    )  # fmt: skip
    session.add(entry)
    session.flush()
    return entry


def _audit(
    session: Session, submission: Submission, action: str, by: Identity, at: datetime, details: dict[str, Any]
) -> None:
    assert submission.id is not None
    audit.record(
        session, at=at, who=by, action=action, subject_type="submission", subject_key=submission.id, details=details
    )
