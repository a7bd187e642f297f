"""What a reset would take away: the invented rows, and what real people reported about invented schools."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from access.language import _, ngettext
from data_model.measures import Target
from data_model.money import Fund
from data_model.participation import Enrolment
from data_model.people import Account
from data_model.places import Area, School
from data_model.releases import Release
from data_model.submissions import Submission, SubmissionContent
from intake.cells import Cells

MADE = "demonstration_made"  # the audit trail's word for it
FLAGGED: tuple[type[SQLModel], ...] = (School, Area, Submission, Account, Release, Target, Fund)


@dataclass(frozen=True)
class RealSubmission:
    """A submission that is no demonstration, with values for invented schools among its own."""

    id: int
    file_name: str
    uploaded_by: str
    uploaded_at: str
    state: str
    on_invented_schools: int
    on_real_schools: int

    def as_line(self) -> str:
        """Return the submission, and what happens to it, as a line for a terminal."""
        told = _("Submission {number}, {file}, by {email} on {date}, {state}: {cells} values on invented schools.")
        line = told.format(
            number=self.id, file=self.file_name, email=self.uploaded_by, date=self.uploaded_at, state=self.state,
            cells=self.on_invented_schools,
        )  # fmt: skip
        if not self.on_real_schools:
            return line + " " + _("It is removed with them, its file too.")
        kept = ngettext(
            "Its {count} value on real schools stays.",
            "Its {count} values on real schools stay.",
            self.on_real_schools,
        )
        return line + " " + kept.format(count=self.on_real_schools)


def counts(session: Session) -> dict[str, int]:
    """Return how many demonstration rows there are, by table; tables without any are left out.

    A disabled account does not count: one may have to stay because the audit trail names it.
    """
    found = {}
    for table in FLAGGED:
        query = select(sa.func.count()).select_from(table).where(col(table.demonstration))  # type: ignore[attr-defined]
        if table is Account:
            query = query.where(col(Account.disabled_at).is_(None))
        count = session.exec(query).one()
        if count:
            found[str(table.__tablename__)] = count
    return found


def real_submissions(session: Session) -> list[RealSubmission]:
    """Return the real submissions that speak about invented schools, in order of number."""
    invented = invented_schools(session)
    found = []
    for submission, email in _candidates(session):
        cells = cells_of(session, submission)
        mask = np.isin(cells.school_id, invented)
        if mask.any():
            found.append(
                RealSubmission(
                    id=submission.id or 0,
                    file_name=submission.file_name,
                    uploaded_by=email,
                    uploaded_at=submission.submitted_at.date().isoformat(),
                    state=submission.state,
                    on_invented_schools=int(mask.sum()),
                    on_real_schools=int((~mask).sum()),
                )
            )
    return found


def invented_schools(session: Session) -> np.ndarray:
    """Return the ids of all demonstration schools, in order."""
    ids = session.exec(select(School.id).where(col(School.demonstration)).order_by(col(School.id))).all()
    return np.array(ids, dtype=np.int64)


def cells_of(session: Session, submission: Submission) -> Cells:
    """Return the statements of a submission."""
    stored = select(SubmissionContent.cells).where(SubmissionContent.submission_id == submission.id)
    return Cells.from_bytes(session.exec(stored).one())


def initiatives_concerned(session: Session) -> list[int]:
    """Return the ids of the initiatives in which an invented school takes part."""
    query = (
        select(Enrolment.initiative_id)
        .join(School, col(School.id) == col(Enrolment.school_id))
        .where(col(School.demonstration))
        .distinct()
    )
    return sorted(session.exec(query).all())


def _candidates(session: Session) -> Iterator[tuple[Submission, str]]:
    query = (
        select(Submission, Account.email)
        .join(Account, col(Account.id) == col(Submission.submitted_by))
        .where(col(Submission.initiative_id).in_(initiatives_concerned(session)))
        .where(col(Submission.demonstration).is_(False))
        .order_by(col(Submission.id))
    )
    yield from session.exec(query).all()
