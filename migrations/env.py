"""Alembic's entry: runs on the engine it is handed, or on the one DATABASE_URL names."""

from alembic import context

from data_model.engine import make_engine
from data_model.tables import METADATA


def run() -> None:
    """Run the migrations in one transaction. Batch mode lets one migration file serve SQLite and PostgreSQL."""
    engine = context.config.attributes.get("engine") or make_engine()
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
