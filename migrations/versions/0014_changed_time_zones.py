"""When a country's time zone was changed, from which to which and by whom.

What was changed on screen before is taken from the audit trail.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "changed_time_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("before", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UTCDateTime, nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_changed_time_zone_changed_by_account")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_changed_time_zone_country_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_time_zone")),
    )
    op.create_index(op.f("ix_changed_time_zone_country"), "changed_time_zone", ["country"])
    _fill()


def _fill() -> None:
    """Read the changes that the audit trail tells."""
    database = op.get_bind()
    event = sa.table(
        "audit_event", sa.column("id"), sa.column("action"), sa.column("subject_key"), sa.column("account_id"),
        sa.column("details", sa.JSON), sa.column("at", UTCDateTime),
    )  # fmt: skip
    changed = sa.table(
        "changed_time_zone", sa.column("country"), sa.column("before"), sa.column("time_zone"),
        sa.column("changed_by"), sa.column("recorded_at", UTCDateTime),
    )  # fmt: skip
    told = database.execute(sa.select(event).where(event.c.action == "time_zone_set").order_by(event.c.id)).all()
    rows = [
        {
            "country": one.subject_key, "before": one.details["before"]["time_zone"],
            "time_zone": one.details["after"]["time_zone"], "changed_by": one.account_id, "recorded_at": one.at,
        }
        for one in told
    ]  # fmt: skip
    if rows:
        database.execute(sa.insert(changed), rows)


def downgrade() -> None:
    """Take the change back. Countries keep the time zone they have."""
    op.drop_index(op.f("ix_changed_time_zone_country"), table_name="changed_time_zone")
    op.drop_table("changed_time_zone")
