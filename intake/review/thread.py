"""The thread of a submission: what was done and said about it and about those it answers, in order of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.identity import Identity
from access.permissions import Action, require
from data_model.people import Account
from data_model.submissions import Submission, ThreadEntry
from intake.review.about import About


@dataclass(frozen=True)
class Entry:
    """One line of a thread: of which submission, what it is (ThreadKind), what it says of what, by whom and when."""

    submission: int
    kind: str
    text: str
    about: About
    written_by: str
    written_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return the line as the command line's JSON."""
        return {
            "submission": self.submission, "kind": self.kind, "text": self.text, "about": self.about.as_json(),
            "by": self.written_by, "at": self.written_at.isoformat(),
        }  # fmt: skip


def thread(session: Session, submission_id: int, *, who: Identity) -> list[Entry]:
    """Return what was done and said about a submission, about those it answers, and about those that answer it.

    Raises NotAllowed for one that `who` may not read, or that does not exist.
    """
    require(session, who, Action.READ_SUBMISSION, submission=submission_id)
    named = sa.func.coalesce(sa.func.nullif(col(Account.name), ""), col(Account.email))
    query = (
        sa.select(ThreadEntry, named)
        .join(Account, col(Account.id) == col(ThreadEntry.written_by))
        .where(col(ThreadEntry.submission_id).in_(chain(session, submission_id)))
        .order_by(col(ThreadEntry.written_at), col(ThreadEntry.id))
    )
    return [
        Entry(row.submission_id, row.kind, row.text, About.of_json(row.about), name, row.written_at)
        for row, name in session.execute(query).all()
    ]


def chain(session: Session, submission_id: int) -> list[int]:
    """Return the submissions of one story, the first first: each answers one before it."""
    found, wanted = {submission_id}, [submission_id]
    while wanted:
        here = wanted.pop()
        earlier = session.exec(select(Submission.answers_id).where(Submission.id == here)).all()
        later = session.exec(select(Submission.id).where(Submission.answers_id == here)).all()
        fresh = {one for one in (*earlier, *later) if one is not None} - found
        found |= fresh
        wanted += sorted(fresh)
    return sorted(found)
