"""Alembic's entry: runs on the engine it is handed, or on the one DATABASE_URL names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy.engine import Connection

from data_model.engine import make_engine
from data_model.tables import METADATA


def run() -> None:
    """Run the migrations in one transaction. Batch mode lets one migration file serve SQLite and PostgreSQL."""
    engine = context.config.attributes.get("engine") or make_engine()
    with engine.connect() as connection, _references_at_rest(connection) as check:
        context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        check()
        connection.commit()


@contextmanager
def _references_at_rest(connection: Connection) -> Iterator[Callable[[], None]]:
    """On SQLite, follow no references while tables are made anew: dropping the old one would take along what refers
    to it. Yields the check of all of them, for the end. https://www.sqlite.org/lang_altertable.html#otheralter
    """
    if connection.dialect.name != "sqlite":
        yield lambda: None
        return
    held = connection.connection.driver_connection
    assert held is not None
    held.execute("PRAGMA foreign_keys=OFF")  # has an effect outside a transaction only: none has begun

    def check() -> None:
        broken = held.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:5]}")

    try:
        yield check
    finally:
        connection.rollback()
        held.execute("PRAGMA foreign_keys=ON")


run()
