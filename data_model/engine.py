"""The database: which one, how it is opened, and that its schema is the one the code was written for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine, make_url
from sqlmodel import Session

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = "sqlite:///data/uptake.db"
BUSY_TIMEOUT_SECONDS = 30
IMMEDIATE = "uptake_immediate"


class SchemaOutdated(RuntimeError):
    """The database was made by an older version of the code."""


def database_url() -> str:
    """Return the address of the database: `DATABASE_URL`, or SQLite in `data/uptake.db`."""
    return os.environ.get("DATABASE_URL") or DEFAULT_URL


def make_engine(url: str | None = None) -> Engine:
    """Return an engine for `url` (see `database_url` when None), with this project's settings.

    SQLite: foreign keys on, write-ahead log, 30 s of patience, and transactions begun by us, so that a writer
    can take its lock at the start instead of failing in the middle. PostgreSQL: psycopg 3.
    """
    address = make_url(url or database_url())
    if address.get_backend_name() == "postgresql":
        return sa.create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, in _begin_sqlite
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=NORMAL", "temp_store=MEMORY",
                   "cache_size=-65536"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def open_session(engine: Engine, *, write: bool = False) -> Iterator[Session]:
    """Yield a session in a transaction. Nothing is kept unless the caller commits; an exception rolls back.

    `write=True` takes SQLite's one write lock at once, so that what is read inside cannot change before it is written.
    """
    bind = engine.execution_options(**{IMMEDIATE: True}) if write and engine.dialect.name == "sqlite" else engine
    with Session(bind, expire_on_commit=False) as session:
        try:
            yield session
        except BaseException:
            session.rollback()
            raise


def alembic_config(engine: Engine) -> Config:
    """Return Alembic's configuration for this engine, without a file."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest migration."""
    command.upgrade(alembic_config(engine), "head")


def public_roles(engine: Engine) -> list[str]:
    """Return the roles, beside the owner, that were given the right to read what is released; on SQLite none.

    Rights are given column by column, so that none of these reads a table or a column that a migration has added.
    """
    if engine.dialect.name != "postgresql":
        return []
    query = sa.text(
        "SELECT DISTINCT grantee FROM information_schema.column_privileges"
        " WHERE table_schema = current_schema() AND table_name = 'released_figure' AND grantee <> current_user"
        " ORDER BY grantee"
    )
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def schema_state(engine: Engine) -> str:
    """Return `empty`, `current` or `outdated`."""
    newest = ScriptDirectory.from_config(alembic_config(engine)).get_current_head()
    with engine.connect() as connection:
        stands_at = MigrationContext.configure(connection).get_current_revision()
        if stands_at is None:
            return "empty" if not sa.inspect(connection).get_table_names() else "outdated"
    return "current" if stands_at == newest else "outdated"


def ready_engine(url: str | None = None) -> Engine:
    """Return an engine whose schema is current: an empty database is migrated, an older one refused.

    Raises SchemaOutdated with the command to run.
    """
    engine = make_engine(url)
    state = schema_state(engine)
    if state == "outdated":
        raise SchemaOutdated("the database has an older schema: back it up, then run `python -m data_model migrate`")
    if state == "empty":
        migrate(engine)
    return engine
