"""Links to set a password by, and people an identity provider answers for."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Text = sqlmodel.sql.sqltypes.AutoString
Moment = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "used_sign_in_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_sha256", Text(length=64), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_used_sign_in_state")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_used_sign_in_state_state_sha256")),
    )
    op.create_table(
        "password_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", Text(length=20), nullable=False),
        sa.Column("token_sha256", Text(length=64), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.CheckConstraint("purpose = 'invitation' OR purpose = 'reset'", name=op.f("ck_password_link_purpose_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_link_account_id_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_password_link_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_password_link_token_sha256")),
    )
    op.create_index("ix_password_link_account_id", "password_link", ["account_id"])
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", Text(length=300), nullable=False),
        sa.Column("subject", Text(length=255), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_provider_identity_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "account_id", name="uq_provider_identity_issuer_account_id"),
        sa.UniqueConstraint("issuer", "subject", name="uq_provider_identity_issuer_subject"),
    )
    op.create_index("ix_provider_identity_account_id", "provider_identity", ["account_id"])
    op.add_column("grant_of_role", sa.Column("rule", Text(length=300), nullable=True))
    op.add_column("sign_in_session", sa.Column("renewed_at", Moment(), nullable=True))
    op.add_column("sign_in_session", sa.Column("provider", Text(length=300), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("sign_in_session", "provider")
    op.drop_column("sign_in_session", "renewed_at")
    op.drop_column("grant_of_role", "rule")
    op.drop_index("ix_provider_identity_account_id", table_name="provider_identity")
    op.drop_table("provider_identity")
    op.drop_index("ix_password_link_account_id", table_name="password_link")
    op.drop_table("password_link")
    op.drop_table("used_sign_in_state")
