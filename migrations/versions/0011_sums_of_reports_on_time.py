"""How many of the schools that reported did so on time, kept with the sums."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ON_TIME = "on_time_have_reported"


def upgrade() -> None:
    """Apply the change. Sums made before stay without: what they would be is counted from the observations."""
    op.add_column("reporting_period", sa.Column("on_time_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    with op.batch_alter_table("rollup") as table:
        table.add_column(sa.Column("schools_on_time", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f(f"ck_rollup_{ON_TIME}"), "schools_on_time <= schools_reporting")


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("rollup") as table:
        table.drop_constraint(op.f(f"ck_rollup_{ON_TIME}"), type_="check")
        table.drop_column("schools_on_time")
    op.drop_column("reporting_period", "on_time_until")
