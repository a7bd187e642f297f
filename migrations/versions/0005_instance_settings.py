"""What an administrator says about the instance."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CURRENT = "uq_instance_setting_current"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "instance_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at",
            name=op.f("ck_instance_setting_superseded_after_recorded"),
        ),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_instance_setting_set_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_setting")),
    )
    current = sa.text("superseded_at IS NULL")
    op.create_index(CURRENT, "instance_setting", ["key"], unique=True, sqlite_where=current, postgresql_where=current)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(CURRENT, table_name="instance_setting")
    op.drop_table("instance_setting")
