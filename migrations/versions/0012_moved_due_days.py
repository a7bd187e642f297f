"""When the due day of a period was moved, from which day to which, by whom and why."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "moved_due_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("moved_by", sa.Integer(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["moved_by"], ["account.id"], name=op.f("fk_moved_due_day_moved_by_account")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_moved_due_day_period_id_reporting_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_due_day")),
    )
    op.create_index(op.f("ix_moved_due_day_period_id"), "moved_due_day", ["period_id"])


def downgrade() -> None:
    """Take the change back. Periods stay due on the day they were moved to."""
    op.drop_index(op.f("ix_moved_due_day_period_id"), table_name="moved_due_day")
    op.drop_table("moved_due_day")
