"""Since when a rule between metrics holds, until when, and why.

The rules that are there hold since the beginning: nobody had said otherwise.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
CURRENT = sa.text("superseded_at IS NULL")


def upgrade() -> None:
    """Apply the change."""
    with op.batch_alter_table("metric_rule") as table:
        table.add_column(
            sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=sa.text("''"))
        )
        table.add_column(sa.Column("recorded_at", UTCDateTime, nullable=True))
        table.add_column(sa.Column("superseded_at", UTCDateTime, nullable=True))
    rules = sa.table("metric_rule", sa.column("recorded_at", UTCDateTime))
    op.get_bind().execute(sa.update(rules).values(recorded_at=BEGINNING))
    with op.batch_alter_table("metric_rule") as table:
        table.alter_column("note", existing_type=sqlmodel.sql.sqltypes.AutoString(), server_default=None)
        table.alter_column("recorded_at", existing_type=UTCDateTime, nullable=False)
        table.drop_constraint(op.f("uq_metric_rule_lesser_id_greater_id"), type_="unique")
        table.create_check_constraint(
            op.f("ck_metric_rule_superseded_after_recorded"), "superseded_at IS NULL OR superseded_at > recorded_at"
        )
        table.create_index(
            "uq_metric_rule_current", ["lesser_id", "greater_id"], unique=True, sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        )  # fmt: skip


def downgrade() -> None:
    """Take the change back. Of a rule the version that holds stays; those that hold no more go."""
    rules = sa.table("metric_rule", sa.column("superseded_at", UTCDateTime))
    op.get_bind().execute(sa.delete(rules).where(rules.c.superseded_at.is_not(None)))
    with op.batch_alter_table("metric_rule") as table:
        table.drop_index("uq_metric_rule_current")
        table.drop_constraint(op.f("ck_metric_rule_superseded_after_recorded"), type_="check")
        table.create_unique_constraint(op.f("uq_metric_rule_lesser_id_greater_id"), ["lesser_id", "greater_id"])
        table.drop_column("superseded_at")
        table.drop_column("recorded_at")
        table.drop_column("note")
