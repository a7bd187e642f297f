"""On PostgreSQL, write the large tables without needless work.

The references of the two largest are kept once a statement instead of once a row. A foreign key there costs three
microseconds a row, and these tables have five each: a million observations took fifteen seconds longer than without.
The triggers below refuse the same things with the same error, and lock what is referred to in the same way, but look
at a whole statement at once. SQLite checks its foreign keys cheaply and keeps them.

A file's bytes are stored as they are: compressing 35 MB took two seconds of an upload.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LARGE = ("observation", "confirmation")
REFERENCES = (
    ("initiative_id", "initiative"),
    ("school_id", "school"),
    ("metric_id", "metric"),
    ("period_id", "reporting_period"),
    ("submission_id", "submission"),
)
BYTES = ("original", "cells")

# The grouping sets take one pass over what was added; each row of `named` names one thing, the rest is empty.
REFERENCES_EXIST = """
CREATE FUNCTION references_exist() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    missing text;
BEGIN
    WITH named AS MATERIALIZED (
        SELECT initiative_id, school_id, metric_id, period_id, submission_id FROM added
        GROUP BY GROUPING SETS ((initiative_id), (school_id), (metric_id), (period_id), (submission_id))
    )
    SELECT json_strip_nulls(row_to_json(named))::text INTO missing FROM named WHERE NOT (
        EXISTS (SELECT FROM initiative WHERE id = named.initiative_id FOR KEY SHARE)
        OR EXISTS (SELECT FROM school WHERE id = named.school_id FOR KEY SHARE)
        OR EXISTS (SELECT FROM metric WHERE id = named.metric_id FOR KEY SHARE)
        OR EXISTS (SELECT FROM reporting_period WHERE id = named.period_id FOR KEY SHARE)
        OR EXISTS (SELECT FROM submission WHERE id = named.submission_id FOR KEY SHARE)
    ) LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('insert on table "%s" refers to what does not exist: %s', TG_TABLE_NAME, missing);
    END IF;
    RETURN NULL;
END $$
"""

NOTHING_REFERS_TO_IT = """
CREATE FUNCTION nothing_refers_to_it() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    large text;
    referring boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM removed) THEN
        RETURN NULL;
    END IF;
    FOREACH large IN ARRAY ARRAY['observation', 'confirmation'] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE %I IN (SELECT id FROM removed))', large, TG_ARGV[0])
            INTO referring;
        IF referring THEN
            RAISE foreign_key_violation USING MESSAGE = format(
                'delete on table "%s" violates a reference: table "%s" still refers to it', TG_TABLE_NAME, large
            );
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""

IDENTITY_NEVER_CHANGES = """
CREATE FUNCTION identity_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE foreign_key_violation USING MESSAGE = format(
        'update on table "%s" is refused: what identifies a row, or what a row refers to, never changes', TG_TABLE_NAME
    );
END $$
"""


def upgrade() -> None:
    """Replace the ten foreign keys by triggers, and compress no bytes."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for function in (REFERENCES_EXIST, NOTHING_REFERS_TO_IT, IDENTITY_NEVER_CHANGES):
        op.execute(function)
    columns = ", ".join(column for column, _parent in REFERENCES)
    for table in LARGE:
        for column, parent in REFERENCES:
            op.drop_constraint(_name(table, column, parent), table, type_="foreignkey")
        op.execute(
            f"CREATE TRIGGER references_exist AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            "FOR EACH STATEMENT EXECUTE FUNCTION references_exist()"
        )
        op.execute(
            f"CREATE TRIGGER identity_never_changes BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION identity_never_changes()"
        )
    for column, parent in REFERENCES:
        op.execute(
            f"CREATE TRIGGER nothing_refers_to_it AFTER DELETE ON {parent} REFERENCING OLD TABLE AS removed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION nothing_refers_to_it('{column}')"
        )
        op.execute(
            f"CREATE TRIGGER identity_never_changes BEFORE UPDATE OF id ON {parent} "
            "FOR EACH STATEMENT EXECUTE FUNCTION identity_never_changes()"
        )
    for column in BYTES:
        op.execute(f"ALTER TABLE submission_content ALTER COLUMN {column} SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Bring the foreign keys back, and the compression."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for column in BYTES:
        op.execute(f"ALTER TABLE submission_content ALTER COLUMN {column} SET STORAGE EXTENDED")
    for function in ("references_exist", "nothing_refers_to_it", "identity_never_changes"):
        op.execute(f"DROP FUNCTION {function}() CASCADE")  # and the triggers that call it
    for table in LARGE:
        for column, parent in REFERENCES:
            op.create_foreign_key(_name(table, column, parent), table, parent, [column], ["id"])


def _name(table: str, column: str, parent: str) -> str:
    return f"fk_{table}_{column}_{parent}"
