"""School terms, and how complete reports must be."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "school_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("school_year", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_school_term_not_backwards")),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name=op.f("ck_school_term_number_in_range")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_school_term_country_country")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_school_term_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_term")),
        sa.UniqueConstraint("country", "school_year", "number", name=op.f("uq_school_term_country_school_year_number")),
    )
    op.create_table(
        "completeness_threshold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Float(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_completeness_threshold_percent_in_range")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_completeness_threshold_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completeness_threshold")),
        sa.UniqueConstraint("initiative_id", name=op.f("uq_completeness_threshold_initiative_id")),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("completeness_threshold")
    op.drop_table("school_term")
