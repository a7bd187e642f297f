"""On PostgreSQL, check the references of the two large tables once a statement instead of once a row.

PostgreSQL checks a foreign key by a query for each row added, about three microseconds each, and `observation` and
`confirmation` have five. With them a file of a million values took 28 s, without them 8 s; one foreign key alone takes
2.7 s, so that composite keys would not do either. But what is asked is the same for nearly all rows: a file comes from
one submission and speaks of a few periods and metrics.

So the database asks once a statement, to the same end:

- Rows added to the large tables, or changed in what they refer to, must refer to rows that exist. Those are locked as a
  foreign key locks them, so that nobody deletes them before this transaction ends.
- Rows that are referred to cannot be deleted, truncated or given another id.
- What is refused is refused with the error that the foreign key would raise, to the word.

The foreign keys stay declared, as NOT ENFORCED, where PostgreSQL can: from version 18. SQLite checks its own cheaply.

One thing is stricter. Above READ COMMITTED a query does not see what others have committed since the transaction began,
so it cannot tell whether a row is still referred to: there these rows cannot be deleted at all.

A submission's bytes are stored as they are: compressing 35 MB took PostgreSQL half a second.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LARGE = ("observation", "confirmation")
PARENTS = {
    "initiative_id": "initiative",
    "school_id": "school",
    "metric_id": "metric",
    "period_id": "reporting_period",
    "submission_id": "submission",
}
BYTES = ("original", "cells")

# `added` is read once: all but the schools are few combinations. A school's row has nothing but the school, and a
# combination's none.
REFERS_TO_WHAT_EXISTS = """
CREATE FUNCTION refers_to_what_exists() RETURNS trigger {properties} AS $$
DECLARE
    named record;
    found bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT {distinct} INTO named FROM (
            SELECT {columns} FROM added
            GROUP BY GROUPING SETS ((initiative_id, metric_id, period_id, submission_id), (school_id))
        ) AS combination;
    ELSE
        SELECT {changed} INTO named;
    END IF;
    {checks}
    RETURN NULL;
END $$
"""
IS_THERE = """
    PERFORM FROM {parent} WHERE id = ANY (named.{column}) FOR KEY SHARE;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < cardinality(named.{column}) THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('insert or update on table "%1$s" violates foreign key constraint '
                '"fk_%1$s_{column}_{parent}"', TG_TABLE_NAME),
            DETAIL = format('Key ({column})=(%s) is not present in table "{parent}".', (
                SELECT min(one) FROM unnest(named.{column}) AS one WHERE NOT EXISTS (SELECT FROM {parent} WHERE id = one)
            )),
            SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            CONSTRAINT = format('fk_%s_{column}_{parent}', TG_TABLE_NAME);
    END IF;
"""

# As argument: the column of the large tables that refers to this one.
NOTHING_REFERS_TO_WHAT_IS_GONE = """
CREATE FUNCTION nothing_refers_to_what_is_gone() RETURNS trigger {properties} AS $$
DECLARE
    gone bigint[];  -- empty: all of them
    large text;
    kept bigint;
BEGIN
    IF TG_OP <> 'TRUNCATE' THEN
        IF TG_OP = 'DELETE' THEN
            SELECT array_agg(id) INTO gone FROM removed;
        ELSE
            gone := ARRAY[OLD.id];
        END IF;
        EXECUTE format('SELECT array_agg(one) FROM unnest($1) AS one WHERE NOT EXISTS (SELECT FROM %I WHERE id = one)',
            TG_TABLE_NAME) INTO gone USING gone;
        IF gone IS NULL THEN
            RETURN NULL;
        END IF;
    END IF;
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
        RAISE feature_not_supported USING
            MESSAGE = format('rows of table "%s" can be deleted at isolation level READ COMMITTED only', TG_TABLE_NAME),
            HINT = 'Above it, this transaction would not see who refers to them since it began.';
    END IF;
    FOREACH large IN ARRAY ARRAY[{large}] LOOP
        EXECUTE format('SELECT %1$I FROM %2$I WHERE $1 IS NULL OR %1$I = ANY ($1) LIMIT 1', TG_ARGV[0], large)
            INTO kept USING gone;
        IF kept IS NOT NULL THEN
            RAISE foreign_key_violation USING
                MESSAGE = format('update or delete on table "%1$s" violates foreign key constraint '
                    '"fk_%2$s_%3$s_%1$s" on table "%2$s"', TG_TABLE_NAME, large, TG_ARGV[0]),
                DETAIL = format('Key (id)=(%s) is still referenced from table "%s".', kept, large),
                SCHEMA = TG_TABLE_SCHEMA, TABLE = large,
                CONSTRAINT = format('fk_%2$s_%3$s_%1$s', TG_TABLE_NAME, large, TG_ARGV[0]);
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """Let triggers check the ten references, and compress no bytes."""
    if op.get_bind().dialect.name != "postgresql":
        return
    _create_functions()
    names = ", ".join(PARENTS)
    differs = " OR ".join(f"OLD.{column} <> NEW.{column}" for column in PARENTS)
    for table in LARGE:
        _enforce(table, False)
        checks = "EXECUTE FUNCTION refers_to_what_exists()"
        op.execute(
            f"CREATE TRIGGER added_refers_to_what_exists AFTER INSERT ON {table} "
            f"REFERENCING NEW TABLE AS added FOR EACH STATEMENT {checks}"
        )
        op.execute(
            f"CREATE TRIGGER changed_refers_to_what_exists AFTER UPDATE OF {names} ON {table} "
            f"FOR EACH ROW WHEN ({differs}) {checks}"
        )
    for column, parent in PARENTS.items():
        for name, happening in (
            ("deleted", "DELETE ON {} REFERENCING OLD TABLE AS removed FOR EACH STATEMENT"),
            ("renumbered", "UPDATE OF id ON {} FOR EACH ROW WHEN (OLD.id <> NEW.id)"),
            ("truncated", "TRUNCATE ON {} FOR EACH STATEMENT"),
        ):
            op.execute(
                f"CREATE TRIGGER nothing_refers_to_{name} AFTER {happening.format(parent)} "
                f"EXECUTE FUNCTION nothing_refers_to_what_is_gone('{column}')"
            )
    _store_bytes("EXTERNAL")


def downgrade() -> None:
    """Let the foreign keys check again, which also checks what is held, and PostgreSQL compress."""
    if op.get_bind().dialect.name != "postgresql":
        return
    _store_bytes("EXTENDED")
    for function in ("refers_to_what_exists", "nothing_refers_to_what_is_gone"):
        op.execute(f"DROP FUNCTION {function}() CASCADE")  # and the triggers that call it
    for table in LARGE:
        _enforce(table, True)


def _create_functions() -> None:
    # The tables are those of this schema, whatever the one who writes has put before it.
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    properties = f"LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp"
    given = {
        "distinct": ", ".join(
            f"array_agg(DISTINCT {one}) FILTER (WHERE {one} IS NOT NULL) AS {one}" for one in PARENTS
        ),
        "columns": ", ".join(PARENTS),
        "changed": ", ".join(f"ARRAY[NEW.{one}] AS {one}" for one in PARENTS),
        "checks": "".join(IS_THERE.format(column=column, parent=parent) for column, parent in PARENTS.items()),
    }
    op.execute(REFERS_TO_WHAT_EXISTS.format(properties=properties, **given))
    large = ", ".join(f"'{table}'" for table in LARGE)
    op.execute(NOTHING_REFERS_TO_WHAT_IS_GONE.format(properties=properties, large=large))


def _enforce(table: str, enforced: bool) -> None:
    """Let the table's foreign keys check its rows or not. Before PostgreSQL 18 those that do not are no more."""
    version = op.get_bind().dialect.server_version_info or ()
    for column, parent in PARENTS.items():
        name = f"fk_{table}_{column}_{parent}"
        if version >= (18,):
            op.execute(f"ALTER TABLE {table} ALTER CONSTRAINT {name} {'' if enforced else 'NOT '}ENFORCED")
        elif enforced:
            op.create_foreign_key(name, table, parent, [column], ["id"])
        else:
            op.drop_constraint(name, table, type_="foreignkey")


def _store_bytes(storage: str) -> None:
    for column in BYTES:
        op.execute(f"ALTER TABLE submission_content ALTER COLUMN {column} SET STORAGE {storage}")
