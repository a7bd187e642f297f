"""First schema."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from data_model.base import ExactDecimal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=320), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("disabled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "country",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_ru", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_kk", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
    )
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("type", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("type = 'metric' OR type = 'indicator'", name=op.f("ck_measure_type_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("key", name=op.f("uq_measure_key")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("publisher", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("published_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(length=2000), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(length=1), nullable=False),
        sa.CheckConstraint("grade = 'A' OR grade = 'B' OR grade = 'C'", name=op.f("ck_source_grade_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("key", name=op.f("uq_source_key")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_ru", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_kk", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("centre", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind = 'country' OR kind = 'region' OR kind = 'city' OR kind = 'district'", name=op.f("ck_area_kind_known")
        ),
        sa.CheckConstraint("(level = 0) = (parent_id IS NULL)", name=op.f("ck_area_only_the_root_has_no_parent")),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_area_level_in_range")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_area_country_country")),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_area_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_type", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("subject_key", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_audit_event_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_event_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_event_previous_hash")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_subject", ["subject_type", "subject_key"], unique=False)

    op.create_table(
        "country_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("fact", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.Column("qualifier", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "qualifier = 'exact' OR qualifier = 'at_least' OR qualifier = 'about' OR qualifier = 'at_most' OR qualifier = 'range'",
            name=op.f("ck_country_fact_qualifier_known"),
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_country_fact_country_country")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_country_fact_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_country_fact")),
        sa.UniqueConstraint(
            "country", "fact", "year", "source_id", name=op.f("uq_country_fact_country_fact_year_source_id")
        ),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("name_en", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_ru", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("name_kk", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("text_en", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text_ru", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text_kk", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("lower", sa.Float(), nullable=True),
        sa.Column("upper", sa.Float(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at", name=op.f("ck_definition_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_definition_measure_id_measure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
    )
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_definition_measure_id"), ["measure_id"], unique=False)
        batch_op.create_index(
            "uq_definition_current",
            ["measure_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "exchange_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("into", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", ExactDecimal(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at",
            name=op.f("ck_exchange_rate_superseded_after_recorded"),
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_exchange_rate_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
    )
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.create_index(
            "uq_exchange_rate_current",
            ["currency", "into", "day"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "metric",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("count_metric_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'score') = (count_metric_id IS NOT NULL)", name=op.f("ck_metric_a_score_names_its_count")
        ),
        sa.CheckConstraint(
            "kind = 'stock' OR kind = 'flow' OR kind = 'distinct' OR kind = 'score'", name=op.f("ck_metric_kind_known")
        ),
        sa.CheckConstraint(
            "subject = 'teacher' OR subject = 'student' OR subject = 'licence' OR subject = 'message'",
            name=op.f("ck_metric_subject_known"),
        ),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name=op.f("ck_metric_decimals_in_range")),
        sa.ForeignKeyConstraint(["count_metric_id"], ["metric.id"], name=op.f("fk_metric_count_metric_id_metric")),
        sa.ForeignKeyConstraint(["id"], ["measure.id"], name=op.f("fk_metric_id_measure")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True),
        sa.CheckConstraint(
            "kind = 'ministry' OR kind = 'government' OR kind = 'central_bank' OR kind = 'fund' OR kind = 'technology_provider' OR kind = 'foundation' OR kind = 'university' OR kind = 'consortium' OR kind = 'company' OR kind = 'international' OR kind = 'other'",
            name=op.f("ck_organisation_kind_known"),
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_organisation_country_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("key", name=op.f("uq_organisation_key")),
    )
    op.create_table(
        "release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("released_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("as_of", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawal_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["released_by"], ["account.id"], name=op.f("fk_release_released_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_table(
        "school",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_school_country_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("country", "code", name=op.f("uq_school_country_code")),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_session")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_session_token_sha256")),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("numerator_id", sa.Integer(), nullable=False),
        sa.Column("denominator_id", sa.Integer(), nullable=False),
        sa.Column("factor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["denominator_id"], ["metric.id"], name=op.f("fk_indicator_denominator_id_metric")),
        sa.ForeignKeyConstraint(["id"], ["measure.id"], name=op.f("fk_indicator_id_measure")),
        sa.ForeignKeyConstraint(["numerator_id"], ["metric.id"], name=op.f("fk_indicator_numerator_id_metric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_table(
        "metric_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alias", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_metric_alias_metric_id_metric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_alias")),
        sa.UniqueConstraint("alias", name=op.f("uq_metric_alias_alias")),
    )
    with op.batch_alter_table("metric_alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_metric_alias_metric_id"), ["metric_id"], unique=False)

    op.create_table(
        "metric_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesser_id", sa.Integer(), nullable=False),
        sa.Column("greater_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("lesser_id <> greater_id", name=op.f("ck_metric_rule_two_metrics")),
        sa.ForeignKeyConstraint(["greater_id"], ["metric.id"], name=op.f("fk_metric_rule_greater_id_metric")),
        sa.ForeignKeyConstraint(["lesser_id"], ["metric.id"], name=op.f("fk_metric_rule_lesser_id_metric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_rule")),
        sa.UniqueConstraint("lesser_id", "greater_id", name=op.f("uq_metric_rule_lesser_id_greater_id")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("lead_organisation_id", sa.Integer(), nullable=False),
        sa.Column("started_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_organisation_id"], ["organisation.id"], name=op.f("fk_programme_lead_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_programme_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("key", name=op.f("uq_programme_key")),
    )
    op.create_table(
        "released_figure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("initiative_key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("measure", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("area_code", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("period_starts_on", sa.Date(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("schools_reporting", sa.Integer(), nullable=True),
        sa.Column("schools_expected", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state <> 'suppressed' OR (value IS NULL AND numerator IS NULL AND denominator IS NULL)",
            name=op.f("ck_released_figure_suppressed_says_nothing"),
        ),
        sa.CheckConstraint(
            "state = 'reported' OR state = 'not_reported' OR state = 'not_applicable' OR state = 'suppressed'",
            name=op.f("ck_released_figure_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_released_figure_release_id_release"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_released_figure")),
        sa.UniqueConstraint(
            "release_id",
            "initiative_key",
            "measure",
            "area_code",
            "period",
            name=op.f("uq_released_figure_release_id_initiative_key_measure_area_code_period"),
        ),
    )
    op.create_table(
        "school_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("setting", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=True),
        sa.Column("languages", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("split_from_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "setting IS NULL OR setting = 'urban' OR setting = 'rural'", name=op.f("ck_school_record_setting_known")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR closed_on > opened_on",
            name=op.f("ck_school_record_closes_later"),
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_school_record_latitude_in_range")
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_school_record_longitude_in_range")
        ),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at",
            name=op.f("ck_school_record_superseded_after_recorded"),
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_school_record_area_id_area")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["school.id"], name=op.f("fk_school_record_merged_into_id_school")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_record_school_id_school")),
        sa.ForeignKeyConstraint(["split_from_id"], ["school.id"], name=op.f("fk_school_record_split_from_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_record")),
    )
    with op.batch_alter_table("school_record", schema=None) as batch_op:
        batch_op.create_index("ix_school_record_area_id", ["area_id"], unique=False)
        batch_op.create_index("ix_school_record_school_id", ["school_id"], unique=False)
        batch_op.create_index(
            "uq_school_record_current",
            ["school_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("announced_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("starts_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("ends_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("summary", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("granularity", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("last_recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "granularity = 'month' OR granularity = 'quarter' OR granularity = 'school_year'",
            name=op.f("ck_initiative_granularity_known"),
        ),
        sa.CheckConstraint(
            "kind = 'platform_rollout' OR kind = 'teacher_training' OR kind = 'curriculum' OR kind = 'infrastructure' OR kind = 'research' OR kind = 'fund' OR kind = 'national_platform' OR kind = 'licensing_framework' OR kind = 'other'",
            name=op.f("ck_initiative_kind_known"),
        ),
        sa.CheckConstraint(
            "status = 'announced' OR status = 'planned' OR status = 'active' OR status = 'completed' OR status = 'suspended' OR status = 'changed'",
            name=op.f("ck_initiative_status_known"),
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_initiative_country_country")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_initiative_programme_id_programme")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_initiative_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("key", name=op.f("uq_initiative_key")),
    )
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_initiative_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_initiative_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("figure", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("qualifier", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.Column("value_high", ExactDecimal(), nullable=True),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("population", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_of", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "(qualifier = 'range') = (value_high IS NOT NULL)", name=op.f("ck_claim_range_has_two_ends")
        ),
        sa.CheckConstraint(
            "kind = 'target' OR kind = 'result' OR kind = 'money' OR kind = 'effect'", name=op.f("ck_claim_kind_known")
        ),
        sa.CheckConstraint(
            "qualifier = 'exact' OR qualifier = 'at_least' OR qualifier = 'about' OR qualifier = 'at_most' OR qualifier = 'range'",
            name=op.f("ck_claim_qualifier_known"),
        ),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_claim_initiative_id_initiative")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_claim_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("key", name=op.f("uq_claim_key")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "column_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(length=200), nullable=False),
        sa.Column("meaning", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["account.id"], name=op.f("fk_column_choice_chosen_by_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_column_choice_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_choice")),
        sa.UniqueConstraint("initiative_id", "column", name=op.f("uq_column_choice_initiative_id_column")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("left_on IS NULL OR left_on > joined_on", name=op.f("ck_enrolment_leaves_later")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at", name=op.f("ck_enrolment_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_enrolment_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_enrolment_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_school_id", ["school_id"], unique=False)
        batch_op.create_index(
            "uq_enrolment_current",
            ["initiative_id", "school_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("capital", ExactDecimal(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_fund_country_country")),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_fund_initiative_id_initiative")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisation.id"], name=op.f("fk_fund_owner_id_organisation")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_fund_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("key", name=op.f("uq_fund_key")),
    )
    op.create_table(
        "grant_of_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("country", sqlmodel.sql.sqltypes.AutoString(length=2), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "role = 'analyst' OR role = 'manager' OR role = 'reviewer' OR role = 'administrator'",
            name=op.f("ck_grant_of_role_role_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_grant_of_role_account_id_account")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_grant_of_role_area_id_area")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_grant_of_role_country_country")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_grant_of_role_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_of_role")),
    )
    with op.batch_alter_table("grant_of_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_of_role_account_id"), ["account_id"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("due_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("achieved_on", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_milestone_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_milestone_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("initiative_id", "title", name=op.f("uq_milestone_initiative_id_title")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestone_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role = 'lead' OR role = 'implementer' OR role = 'funder' OR role = 'technology_provider' OR role = 'evaluator' OR role = 'partner'",
            name=op.f("ck_participation_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_participation_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_participation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_participation_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint(
            "initiative_id", "organisation_id", "role", name=op.f("uq_participation_initiative_id_organisation_id_role")
        ),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_initiative_id"), ["initiative_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "reporting_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("granularity", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("locked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "granularity = 'month' OR granularity = 'quarter' OR granularity = 'school_year'",
            name=op.f("ck_reporting_period_granularity_known"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_reporting_period_ends_later")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_reporting_period_initiative_id_initiative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_period")),
        sa.UniqueConstraint(
            "initiative_id",
            "starts_on",
            "granularity",
            name=op.f("uq_reporting_period_initiative_id_starts_on_granularity"),
        ),
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_requirement_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_requirement_metric_id_metric")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("initiative_id", "metric_id", name=op.f("uq_requirement_initiative_id_metric_id")),
    )
    op.create_table(
        "school_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=False),
        sa.Column("chosen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by"], ["account.id"], name=op.f("fk_school_choice_chosen_by_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_school_choice_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_choice_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_choice")),
        sa.UniqueConstraint("initiative_id", "text", name=op.f("uq_school_choice_initiative_id_text")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(length=300), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decision_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undo_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state = 'undone') = (undone_at IS NOT NULL)", name=op.f("ck_submission_undone_has_a_moment")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_submission_decided_unless_waiting")
        ),
        sa.CheckConstraint(
            "state = 'waiting' OR state = 'accepted' OR state = 'rejected' OR state = 'undone'",
            name=op.f("ck_submission_state_known"),
        ),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_submission_sha256_is_hex")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_submission_decided_by_account")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_submission_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["account.id"], name=op.f("fk_submission_submitted_by_account")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_submission_undone_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("ix_submission_initiative_id_state", ["initiative_id", "state"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("baseline", ExactDecimal(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at", name=op.f("ck_target_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_target_area_id_area")),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_target_initiative_id_initiative")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_target_measure_id_measure")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_target_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_initiative_id"), ["initiative_id"], unique=False)
        batch_op.create_index(
            "uq_target_current",
            ["initiative_id", "area_id", "measure_id", "due_on"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "confirmation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("file_row", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'reported') = (value IS NOT NULL)", name=op.f("ck_confirmation_only_reported_has_a_value")
        ),
        sa.CheckConstraint(
            "state = 'reported' OR state = 'not_applicable' OR state = 'withdrawn'",
            name=op.f("ck_confirmation_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_confirmation_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_confirmation_metric_id_metric")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_confirmation_period_id_reporting_period")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_confirmation_school_id_school")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_confirmation_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_confirmation_cell", ["initiative_id", "period_id", "metric_id", "school_id"], unique=False
        )
        batch_op.create_index("ix_confirmation_submission_id", ["submission_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("severity", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False),
        sa.Column("file_row", sa.Integer(), nullable=True),
        sa.Column("file_column", sa.String(length=300), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("severity = 'error' OR severity = 'warning'", name=op.f("ck_finding_severity_known")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_finding_submission_id_submission"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_submission_id"), ["submission_id"], unique=False)

    op.create_table(
        "money_transaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("from_organisation_id", sa.Integer(), nullable=True),
        sa.Column("to_organisation_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "kind = 'commitment' OR kind = 'disbursement' OR kind = 'expenditure'",
            name=op.f("ck_money_transaction_kind_known"),
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_money_transaction_currency_is_iso_4217")),
        sa.ForeignKeyConstraint(
            ["from_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_money_transaction_from_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_money_transaction_fund_id_fund")),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_money_transaction_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_money_transaction_source_id_source")),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"],
            ["organisation.id"],
            name=op.f("fk_money_transaction_to_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_transaction")),
    )
    with op.batch_alter_table("money_transaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_money_transaction_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_money_transaction_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "observation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("metric_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("file_row", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'reported') = (value IS NOT NULL)", name=op.f("ck_observation_only_reported_has_a_value")
        ),
        sa.CheckConstraint(
            "state = 'reported' OR state = 'not_applicable' OR state = 'withdrawn'",
            name=op.f("ck_observation_state_known"),
        ),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at",
            name=op.f("ck_observation_superseded_after_recorded"),
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_observation_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["metric_id"], ["metric.id"], name=op.f("fk_observation_metric_id_metric")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_observation_period_id_reporting_period")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_observation_school_id_school")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_observation_submission_id_submission")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_observation_past",
            ["initiative_id", "period_id", "metric_id", "school_id"],
            unique=False,
            sqlite_where=sa.text("superseded_at IS NOT NULL"),
            postgresql_where=sa.text("superseded_at IS NOT NULL"),
        )
        batch_op.create_index("ix_observation_submission_id", ["submission_id"], unique=False)
        batch_op.create_index(
            "uq_observation_current",
            ["initiative_id", "period_id", "metric_id", "school_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "rollup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("numerator", sa.Float(), nullable=True),
        sa.Column("denominator", sa.Float(), nullable=True),
        sa.Column("schools_in_base", sa.Integer(), nullable=False),
        sa.Column("schools_reporting", sa.Integer(), nullable=False),
        sa.Column("schools_expected", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("superseded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("schools_in_base <= schools_reporting", name=op.f("ck_rollup_base_has_reported")),
        sa.CheckConstraint("schools_reporting <= schools_expected", name=op.f("ck_rollup_reporting_are_expected")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at > recorded_at", name=op.f("ck_rollup_superseded_after_recorded")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_rollup_area_id_area")),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_rollup_initiative_id_initiative")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_rollup_measure_id_measure")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["reporting_period.id"], name=op.f("fk_rollup_period_id_reporting_period")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup")),
    )
    with op.batch_alter_table("rollup", schema=None) as batch_op:
        batch_op.create_index("ix_rollup_cell", ["initiative_id", "measure_id", "area_id", "period_id"], unique=False)
        batch_op.create_index(
            "uq_rollup_current",
            ["initiative_id", "period_id", "measure_id", "area_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "submission_content",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=True),
        sa.Column("cells", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_content_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_submission_content")),
    )

    _keep_audit_events()


def _keep_audit_events() -> None:
    """Let the database itself refuse to change or delete an audit event: the trail is append-only."""
    refusal = "audit events are never changed or deleted"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{verb} BEFORE {verb.upper()} ON audit_event "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_is_kept()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_kept()"
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("submission_content")
    with op.batch_alter_table("rollup", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rollup_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_rollup_cell")

    op.drop_table("rollup")
    with op.batch_alter_table("observation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_observation_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_observation_submission_id")
        batch_op.drop_index(
            "ix_observation_past",
            sqlite_where=sa.text("superseded_at IS NOT NULL"),
            postgresql_where=sa.text("superseded_at IS NOT NULL"),
        )

    op.drop_table("observation")
    with op.batch_alter_table("money_transaction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_money_transaction_initiative_id"))
        batch_op.drop_index(batch_op.f("ix_money_transaction_fund_id"))

    op.drop_table("money_transaction")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_submission_id"))

    op.drop_table("finding")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index("ix_confirmation_submission_id")
        batch_op.drop_index("ix_confirmation_cell")

    op.drop_table("confirmation")
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_target_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_target_initiative_id"))

    op.drop_table("target")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_initiative_id_state")

    op.drop_table("submission")
    op.drop_table("school_choice")
    op.drop_table("requirement")
    op.drop_table("reporting_period")
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_participation_initiative_id"))

    op.drop_table("participation")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestone_initiative_id"))

    op.drop_table("milestone")
    with op.batch_alter_table("grant_of_role", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_of_role_account_id"))

    op.drop_table("grant_of_role")
    op.drop_table("fund")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_enrolment_school_id")

    op.drop_table("enrolment")
    op.drop_table("column_choice")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_initiative_id"))

    op.drop_table("claim")
    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_initiative_programme_id"))
        batch_op.drop_index(batch_op.f("ix_initiative_country"))

    op.drop_table("initiative")
    with op.batch_alter_table("school_record", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_school_record_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index("ix_school_record_school_id")
        batch_op.drop_index("ix_school_record_area_id")

    op.drop_table("school_record")
    op.drop_table("released_figure")
    op.drop_table("programme")
    op.drop_table("metric_rule")
    with op.batch_alter_table("metric_alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_metric_alias_metric_id"))

    op.drop_table("metric_alias")
    op.drop_table("indicator")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    op.drop_table("school")
    op.drop_table("release")
    op.drop_table("organisation")
    op.drop_table("metric")
    with op.batch_alter_table("exchange_rate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exchange_rate_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.drop_table("exchange_rate")
    with op.batch_alter_table("definition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_definition_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_definition_measure_id"))

    op.drop_table("definition")
    op.drop_table("country_fact")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_subject")

    op.drop_table("audit_event")  # and its triggers with it
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_event_is_kept()")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_parent_id"))
        batch_op.drop_index(batch_op.f("ix_area_country"))

    op.drop_table("area")
    op.drop_table("source")
    op.drop_table("measure")
    op.drop_table("country")
    op.drop_table("account")
