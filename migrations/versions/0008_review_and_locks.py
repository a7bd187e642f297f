"""Review in steps with a thread, submissions that answer a returned one, and locks with who, why and until when."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ENTRIES = ("taken_up", "returned", "point", "comment", "withdrawn")
BEFORE = "Locked before reasons were kept."
IN_ORDER = "superseded_at IS NULL OR superseded_at > recorded_at"


def _one_of(column: str, codes: Sequence[str]) -> str:
    return " OR ".join(f"{column} = '{code}'" for code in codes)


RULES_BEFORE = {
    "decided_unless_waiting": "(state = 'waiting') = (decided_at IS NULL)",
    "state_known": _one_of("state", ("waiting", "accepted", "rejected", "undone")),
}
RULES = {
    "decided_unless_open": "(state = 'waiting' OR state = 'in_review') = (decided_at IS NULL)",
    "in_review_by_somebody": "state <> 'in_review' OR taken_up_at IS NOT NULL",
    "taken_up_by_somebody": "(taken_up_by IS NULL) = (taken_up_at IS NULL)",
    "state_known": _one_of(
        "state", ("waiting", "in_review", "returned", "accepted", "rejected", "withdrawn", "undone")
    ),
}


def upgrade() -> None:
    """Apply the change."""
    _submissions()
    _thread()
    _locks()
    connection = op.get_bind()
    held = sa.text("SELECT id, locked_at FROM reporting_period WHERE locked_at IS NOT NULL").columns(
        sa.column("id", sa.Integer), sa.column("locked_at", UTCDateTime)
    )
    lock = sa.table(
        "period_lock", sa.column("period_id"), sa.column("automatic", sa.Boolean), sa.column("reason"),
        sa.column("unlock_reason"), sa.column("recorded_at", UTCDateTime),
    )  # fmt: skip
    for period_id, locked_at in connection.execute(held).all():
        row = {"period_id": period_id, "automatic": False, "reason": BEFORE, "unlock_reason": ""}
        connection.execute(lock.insert().values(**row, recorded_at=locked_at))
    op.execute("ALTER TABLE reporting_period DROP COLUMN locked_at")


def downgrade() -> None:
    """Take the change back. What was in review waits again; what was returned or withdrawn becomes rejected."""
    op.add_column("reporting_period", sa.Column("locked_at", UTCDateTime, nullable=True))
    op.execute(
        "UPDATE reporting_period SET locked_at = (SELECT recorded_at FROM period_lock"
        " WHERE period_lock.period_id = reporting_period.id AND superseded_at IS NULL)"
    )
    for table in ("automatic_lock", "period_lock", "thread_entry"):
        op.drop_table(table)
    op.execute("UPDATE submission SET state = 'waiting' WHERE state = 'in_review'")
    op.execute("UPDATE submission SET state = 'rejected' WHERE state = 'returned' OR state = 'withdrawn'")
    with op.batch_alter_table("submission") as batch:
        batch.drop_index("ix_submission_answers_id")
        for name in RULES:
            batch.drop_constraint(op.f(f"ck_submission_{name}"), type_="check")
        for name, parent in (("answers_id", "submission"), ("taken_up_by", "account")):
            batch.drop_constraint(op.f(f"fk_submission_{name}_{parent}"), type_="foreignkey")
        for name in ("answers_id", "taken_up_by", "taken_up_at"):
            batch.drop_column(name)
        for name, rule in RULES_BEFORE.items():
            batch.create_check_constraint(op.f(f"ck_submission_{name}"), rule)


def _submissions() -> None:
    """Give the table of submissions its new states, and the columns of the review."""
    with op.batch_alter_table("submission") as batch:
        for name in RULES_BEFORE:
            batch.drop_constraint(op.f(f"ck_submission_{name}"), type_="check")
        batch.add_column(sa.Column("answers_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("taken_up_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("taken_up_at", UTCDateTime(), nullable=True))
        for name, parent in (("answers_id", "submission"), ("taken_up_by", "account")):
            batch.create_foreign_key(op.f(f"fk_submission_{name}_{parent}"), parent, [name], ["id"])
        for name, rule in RULES.items():
            batch.create_check_constraint(op.f(f"ck_submission_{name}"), rule)
        batch.create_index("ix_submission_answers_id", ["answers_id"], unique=False)


def _thread() -> None:
    op.create_table(
        "thread_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(_one_of("kind", ENTRIES), name=op.f("ck_thread_entry_kind_known")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_thread_entry_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name=op.f("fk_thread_entry_written_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_entry")),
    )  # fmt: skip
    op.create_index(op.f("ix_thread_entry_submission_id"), "thread_entry", ["submission_id"])


def _locks() -> None:
    op.create_table(
        "period_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("locked_by", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        *_span(),
        sa.Column("unlocked_by", sa.Integer(), nullable=True),
        sa.Column("unlock_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_period_lock_superseded_after_recorded")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_period_lock_period_id_reporting_period")
        ),
        sa.ForeignKeyConstraint(["locked_by"], ["account.id"], name=op.f("fk_period_lock_locked_by_account")),
        sa.ForeignKeyConstraint(["unlocked_by"], ["account.id"], name=op.f("fk_period_lock_unlocked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_lock")),
    )
    op.create_index(op.f("ix_period_lock_period_id"), "period_lock", ["period_id"])
    _current_only("period_lock", "period_id")
    op.create_table(
        "automatic_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        *_span(),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_automatic_lock_superseded_after_recorded")),
        sa.CheckConstraint("days BETWEEN 0 AND 3660", name=op.f("ck_automatic_lock_days_in_range")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_automatic_lock_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_automatic_lock_set_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automatic_lock")),
    )
    _current_only("automatic_lock", "initiative_id")


def _span() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("superseded_at", UTCDateTime(), nullable=True),
    )


def _current_only(table: str, column: str) -> None:
    condition = sa.text("superseded_at IS NULL")
    op.create_index(
        f"uq_{table}_current", table, [column], unique=True, sqlite_where=condition, postgresql_where=condition
    )
