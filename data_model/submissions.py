"""A file's way in, and what it left: submissions, their threads, findings, observations, remembered choices."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import BIG_ID, current_only, in_order, one_of


class SubmissionState(StrEnum):
    """How far a submission has come. Only an accepted one speaks for its cells.

    It waits until a reviewer takes it up, and is then returned to its maker, accepted or rejected; its maker may
    withdraw it. One that was returned is answered by another.
    """

    WAITING = "waiting"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"


# What a reviewer has still to decide on.
OPEN_STATES = (SubmissionState.WAITING, SubmissionState.IN_REVIEW)


class ThreadKind(StrEnum):
    """What an entry of a thread is: a step that was taken, a point that is to be mended, or a word about it."""

    TAKEN_UP = "taken_up"
    RETURNED = "returned"
    POINT = "point"
    COMMENT = "comment"
    WITHDRAWN = "withdrawn"


class Severity(StrEnum):
    """An error holds a file back; a warning never does."""

    ERROR = "error"
    WARNING = "warning"


class ValueState(StrEnum):
    """What a statement about a cell says. `withdrawn`: a wrong value was taken back; the cell is not reported."""

    REPORTED = "reported"
    NOT_APPLICABLE = "not_applicable"
    WITHDRAWN = "withdrawn"


class Submission(SQLModel, table=True):
    """One uploaded file: what it was, how it was read, who brought it, what became of it."""

    __tablename__ = "submission"
    __table_args__ = (
        one_of("state", SubmissionState),
        sa.CheckConstraint(
            "(state = 'waiting' OR state = 'in_review') = (decided_at IS NULL)", name="decided_unless_open"
        ),
        sa.CheckConstraint("state <> 'in_review' OR taken_up_at IS NOT NULL", name="in_review_by_somebody"),
        sa.CheckConstraint("(taken_up_by IS NULL) = (taken_up_at IS NULL)", name="taken_up_by_somebody"),
        sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name="undone_has_a_moment"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_is_hex"),
        sa.Index("ix_submission_initiative_id_state", "initiative_id", "state"),
        sa.Index("ix_submission_answers_id", "answers_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    state: str = Field(default=SubmissionState.WAITING, max_length=20)
    file_name: str = Field(max_length=300)
    sha256: str = Field(max_length=64, description="of the original bytes")
    size: int = Field(description="bytes of the original")
    reading: dict[str, Any] = Field(sa_type=sa.JSON, description="how it was read: options given and what was found")
    summary: dict[str, Any] = Field(sa_type=sa.JSON, description="the check's counts as submitted")
    fingerprint: str = Field(max_length=64)
    note: str = ""
    submitted_by: int = Field(foreign_key="account.id")
    submitted_at: datetime
    answers_id: int | None = Field(default=None, foreign_key="submission.id", description="the returned one it mends")
    taken_up_by: int | None = Field(default=None, foreign_key="account.id")
    taken_up_at: datetime | None = Field(default=None, description="when the reviewer who has it took it up")
    decided_by: int | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = Field(default=None, description="acceptance, rejection, return or withdrawal")
    decision_reason: str = ""
    undone_by: int | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = None
    undo_reason: str = ""
    demonstration: bool = Field(default=False)


class SubmissionContent(SQLModel, table=True):
    """A submission's heavy part, apart so that lists stay light: the original bytes and the values read from them."""

    __tablename__ = "submission_content"

    submission_id: int = Field(primary_key=True, foreign_key="submission.id", ondelete="CASCADE")
    original: bytes | None = Field(default=None, description="empty after an administrator erased it, with a reason")
    cells: bytes = Field(description="the statements read, as Arrow: school_id, metric_id, period, state, value, row")


class SubmissionArea(SQLModel, table=True):
    """An area in which schools of a submission lay when it was handed in: where a grant must hold to read it."""

    __tablename__ = "submission_area"

    submission_id: int = Field(primary_key=True, foreign_key="submission.id", ondelete="CASCADE")
    area_id: int = Field(primary_key=True, foreign_key="area.id")


class Erasure(SQLModel, table=True):
    """That a submission's file was erased: by whom, when and why. What goes and what stays: `intake.erasing`."""

    __tablename__ = "erasure"

    submission_id: int = Field(primary_key=True, foreign_key="submission.id", ondelete="CASCADE")
    erased_by: int = Field(foreign_key="account.id")
    erased_at: datetime
    reason: str


class ThreadEntry(SQLModel, table=True):
    """One line of what was said and done about a submission while it was reviewed. Never changed."""

    __tablename__ = "thread_entry"
    __table_args__ = (one_of("kind", ThreadKind),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=20)
    text: str = ""
    about: dict[str, Any] = Field(
        sa_type=sa.JSON, description="what of the file, by codes and keys (intake.review.about); empty: all of it"
    )
    written_by: int = Field(foreign_key="account.id")
    written_at: datetime


class Finding(SQLModel, table=True):
    """One thing wrong or odd in a submission's file."""

    __tablename__ = "finding"
    __table_args__ = (one_of("severity", Severity),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG_ID)
    submission_id: int = Field(foreign_key="submission.id", index=True, ondelete="CASCADE")
    code: str = Field(max_length=60)
    severity: str = Field(max_length=10)
    row: int | None = Field(default=None, sa_column=sa.Column("file_row", sa.Integer))
    column: str = Field(default="", sa_column=sa.Column("file_column", sa.String(300), nullable=False))
    value: str = Field(default="", max_length=500)
    details: dict[str, Any] = Field(sa_type=sa.JSON, description="what the message names, so any language can say it")


class Observation(SQLModel, table=True):
    """What is held about one school, metric and period from `recorded_at` until `superseded_at`. Never changed else."""

    __tablename__ = "observation"
    __table_args__ = (
        one_of("state", ValueState),
        sa.CheckConstraint("(state = 'reported') = (value IS NOT NULL)", name="only_reported_has_a_value"),
        in_order(),
        current_only("uq_observation_current", "initiative_id", "period_id", "metric_id", "school_id"),
        sa.Index(
            "ix_observation_past",
            "initiative_id", "period_id", "metric_id", "school_id",
            sqlite_where=sa.text("superseded_at IS NOT NULL"),
            postgresql_where=sa.text("superseded_at IS NOT NULL"),
        ),
        sa.Index("ix_observation_submission_id", "submission_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG_ID)
    initiative_id: int = Field(foreign_key="initiative.id")
    school_id: int = Field(foreign_key="school.id")
    metric_id: int = Field(foreign_key="metric.id")
    period_id: int = Field(foreign_key="reporting_period.id")
    state: str = Field(max_length=20)
    value: float | None = Field(default=None, description="whole for counts: exact up to 2^53")
    submission_id: int = Field(foreign_key="submission.id", description="whose statement this is")
    row: int = Field(sa_column=sa.Column("file_row", sa.Integer, nullable=False))
    recorded_at: datetime
    superseded_at: datetime | None = None


class Confirmation(SQLModel, table=True):
    """An accepted statement equal to what was held: the witness to whom an undo of the first leaves the cell."""

    __tablename__ = "confirmation"
    __table_args__ = (
        one_of("state", ValueState),
        sa.CheckConstraint("(state = 'reported') = (value IS NOT NULL)", name="only_reported_has_a_value"),
        sa.Index("ix_confirmation_cell", "initiative_id", "period_id", "metric_id", "school_id"),
        sa.Index("ix_confirmation_submission_id", "submission_id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG_ID)
    initiative_id: int = Field(foreign_key="initiative.id")
    school_id: int = Field(foreign_key="school.id")
    metric_id: int = Field(foreign_key="metric.id")
    period_id: int = Field(foreign_key="reporting_period.id")
    state: str = Field(max_length=20)
    value: float | None = None
    submission_id: int = Field(foreign_key="submission.id")
    row: int = Field(sa_column=sa.Column("file_row", sa.Integer, nullable=False))
    recorded_at: datetime


class ColumnChoice(SQLModel, table=True):
    """A manager's remembered choice: in this initiative's files this column means that metric or role."""

    __tablename__ = "column_choice"
    __table_args__ = (sa.UniqueConstraint("initiative_id", "column"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    column: str = Field(sa_column=sa.Column("column", sa.String(200), nullable=False))
    meaning: str = Field(max_length=60, description="a metric's key, a role's name, or 'ignore'")
    chosen_by: int = Field(foreign_key="account.id")
    chosen_at: datetime


class SchoolChoice(SQLModel, table=True):
    """A manager's remembered choice: in this initiative's files this text names that school."""

    __tablename__ = "school_choice"
    __table_args__ = (sa.UniqueConstraint("initiative_id", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    text: str = Field(max_length=300)
    school_id: int = Field(foreign_key="school.id")
    chosen_by: int = Field(foreign_key="account.id")
    chosen_at: datetime
