"""Where an event of the audit trail came from, and where it belongs.

Columns are added in place: rebuilding the table, as a batch does on SQLite, would lose the triggers that keep it.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_audit_event_at", "at"),
    ("ix_audit_event_account_id", "account_id"),
    ("ix_audit_event_action", "action"),
)


def upgrade() -> None:
    """Apply the change."""
    op.add_column("audit_event", sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True))
    op.add_column("audit_event", sa.Column("address", sqlmodel.sql.sqltypes.AutoString(length=45), nullable=True))
    for name, column in INDEXES:
        op.create_index(name, "audit_event", [column])
    op.create_table(
        "audit_event_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("initiative", sqlmodel.sql.sqltypes.AutoString(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["audit_event.id"], name=op.f("fk_audit_event_place_event_id_audit_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event_place")),
    )
    op.create_index("ix_audit_event_place_event_id", "audit_event_place", ["event_id"])
    op.create_index("ix_audit_event_place_initiative_event_id", "audit_event_place", ["initiative", "event_id"])
    op.create_index("ix_audit_event_place_country_event_id", "audit_event_place", ["country", "event_id"])
    _find_places()


def _find_places() -> None:
    """Say of the events there are where they belong, as far as their subject tells."""
    op.execute(
        "INSERT INTO audit_event_place (event_id, country, initiative) "
        "SELECT e.id, i.country, i.key FROM audit_event e "
        "JOIN submission s ON e.subject_key = CAST(s.id AS VARCHAR) JOIN initiative i ON i.id = s.initiative_id "
        "WHERE e.subject_type = 'submission' "
        "UNION ALL SELECT e.id, i.country, i.key FROM audit_event e JOIN initiative i ON i.key = e.subject_key "
        "WHERE e.subject_type = 'initiative'"
    )


def downgrade() -> None:
    """Take the change back. The hashes of events that named where they came from fit no more."""
    op.drop_table("audit_event_place")
    for name, _column in reversed(INDEXES):
        op.drop_index(name, "audit_event")
    op.drop_column("audit_event", "address")
    op.drop_column("audit_event", "channel")
