"""A demonstration with ten times the schools and observations of another: each school nine times more.

A copy has its school's records, enrolments and observations, so every sum is exactly ten times what it was: the sums
are multiplied, not counted anew. What a page shows of the country and its areas is then as many points as before.
"""

import sqlite3
from pathlib import Path

TIMES = 10
# Where a school stands, in tables that a copy of it is written to as well.
OF_SCHOOLS = ("school_record", "enrolment", "observation", "confirmation")
SUMS = ("numerator", "denominator", "schools_in_base", "schools_reporting", "schools_expected", "schools_on_time")


def tenfold(source: Path, target: Path) -> None:
    """Write a database like `source` with ten times its schools to `target`."""
    connection = sqlite3.connect(target, isolation_level=None)
    given = sqlite3.connect(source)
    given.backup(connection)
    given.close()
    for setting in ("foreign_keys=OFF", "journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {setting}")
    (last,) = connection.execute("SELECT max(id) FROM school").fetchone()
    connection.execute(f"CREATE TEMP TABLE copy AS {' UNION ALL '.join(f'SELECT {n} AS n' for n in range(1, TIMES))}")
    _copy(connection, "school", f"school.id + copy.n * {last}", code="school.code || '-' || copy.n")
    for table in OF_SCHOOLS:
        _copy(connection, table, "NULL", school_id=f"{table}.school_id + copy.n * {last}")
    held = {name for _number, name, *_rest in connection.execute("PRAGMA table_info(rollup)")}
    changes = ", ".join(f"{name} = {name} * {TIMES}" for name in SUMS if name in held)
    connection.execute(f"UPDATE rollup SET {changes}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, new_id: str, **changed: str) -> None:
    """Write every row of the table nine times more, under a new id and with what is changed."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = {name: f"{table}.{name}" for name in columns} | {"id": new_id} | changed
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (table,)
    ).fetchall()
    for name, _sql in indexes:  # made anew afterwards, which is faster than row by row
        connection.execute(f"DROP INDEX {name}")
    connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {table}, copy"
    )
    for _name, sql in indexes:
        connection.execute(sql)
