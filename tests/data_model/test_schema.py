"""The migrations make the schema that the models describe, and can be taken back and made again, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine
from sqlmodel import Session
from sqlmodel.sql.sqltypes import UTCDateTime

from data_model.base import ExactDecimal
from data_model.engine import alembic_config, open_session, schema_state
from data_model.tables import METADATA
from tests.factories import make_world
from tests.intake.stories import NA, Cell, accepted


def test_models_and_migrated_schema_are_equal(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    assert found == []


def test_checks_of_the_models_stand_in_the_schema(engine: Engine) -> None:
    inspector = sa.inspect(engine)
    for table in METADATA.sorted_tables:
        declared = {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        assert {one["name"] for one in inspector.get_check_constraints(table.name)} == declared, table.name


def test_every_partial_unique_index_is_one(engine: Engine) -> None:
    inspector = sa.inspect(engine)
    found = {
        index["name"]: index
        for table in METADATA.tables
        for index in inspector.get_indexes(table)
        if str(index["name"]).endswith("_current")
    }
    assert {"uq_observation_current", "uq_rollup_current", "uq_enrolment_current", "uq_school_record_current",
            "uq_definition_current", "uq_target_current", "uq_exchange_rate_current"} <= set(found)  # fmt: skip
    for index in found.values():
        assert index["unique"]
        options = index["dialect_options"]
        assert "superseded_at IS NULL" in str(options[f"{engine.dialect.name}_where"])


def test_the_schema_goes_back_and_forth_on_a_filled_database(engine: Engine) -> None:
    with open_session(engine, write=True) as session:
        fill_every_table(session)
        session.commit()
    config = alembic_config(engine)
    command.downgrade(config, "base")
    left = set(sa.inspect(engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    command.upgrade(config, "head")
    assert schema_state(engine) == "current"
    with open_session(engine, write=True) as session:
        fill_every_table(session)
        session.commit()


def test_making_submissions_anew_takes_nothing_along_and_keeps_what_is_locked(engine: Engine) -> None:
    tables = ("submission", "finding", "submission_content", "observation", "period_lock")
    with open_session(engine, write=True) as session:
        fill_every_table(session)
        session.commit()

    def counts() -> list[int]:
        with engine.connect() as connection:
            return [connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]

    before = counts()
    command.downgrade(alembic_config(engine), "0007")
    command.upgrade(alembic_config(engine), "head")
    assert counts() == before and min(before) > 0
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.execute(sa.text("PRAGMA foreign_keys")).scalar_one() == 1


def fill_every_table(session: Session) -> None:
    """Put rows into every table: a world with reports, and a plain row where that leaves a table empty."""
    world = make_world(session)
    first: dict[Cell, float | str] = {
        ("001024", "teachers_total", "2026-09"): 20,
        ("001024", "teachers_trained", "2026-09"): NA,
    }
    accepted(session, world, first)
    accepted(session, world, {**first, ("001024", "teachers_trained", "2026-09"): 4})
    session.flush()
    connection = session.connection()
    for table in METADATA.sorted_tables:
        if not connection.execute(sa.select(sa.func.count()).select_from(table)).scalar():
            connection.execute(table.insert().values(plain_row(connection, table)))
    for table in METADATA.sorted_tables:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar(), f"{table.name} is empty"


def plain_row(connection: sa.Connection, table: sa.Table) -> dict[str, object]:
    """Return unremarkable values for the columns of the table that must have one, referring to rows that exist."""
    row: dict[str, object] = {}
    for column in table.columns:
        references = list(column.foreign_keys)
        if references and (not column.nullable or column.primary_key):
            row[column.name] = connection.execute(sa.select(references[0].column).limit(1)).scalar_one()
        elif not column.nullable and not column.primary_key:
            row[column.name] = PLAIN.get((table.name, column.name), plain_value(column))
    return row


PLAIN: dict[tuple[str, str], object] = {
    ("organisation", "kind"): "ministry",
    ("money_transaction", "kind"): "commitment",
    ("money_transaction", "currency"): "KZT",
    ("exchange_rate", "currency"): "KZT",
    ("exchange_rate", "into"): "USD",
    ("participation", "role"): "lead",
    ("claim", "kind"): "result",
    ("claim", "qualifier"): "exact",
    ("country_fact", "qualifier"): "exact",
    ("finding", "severity"): "warning",
    ("thread_entry", "kind"): "comment",
    ("released_figure", "state"): "not_reported",
    ("password_link", "purpose"): "reset",
}


PLAIN_OF_TYPE: tuple[tuple[type[sa.types.TypeEngine[Any]], object], ...] = (
    (ExactDecimal, Decimal(1)),
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.Float, 1.0),
    (sa.DateTime, datetime(2026, 1, 1, tzinfo=UTC)),
    (UTCDateTime, datetime(2026, 1, 1, tzinfo=UTC)),
    (sa.Date, date(2026, 1, 1)),
    (sa.LargeBinary, b"."),
    (sa.JSON, {}),
)


def plain_value(column: sa.Column[Any]) -> object:
    """Return a value of the column's type."""
    for kind, value in PLAIN_OF_TYPE:
        if isinstance(column.type, kind):
            return value
    return "x" * (64 if column.name in ("sha256", "hash") else 1)


def test_a_version_is_superseded_after_it_was_recorded(session: Session) -> None:
    make_world(session)
    statement = sa.text("UPDATE enrolment SET superseded_at = recorded_at WHERE school_id = 1")
    with pytest.raises(sa.exc.IntegrityError):
        session.connection().execute(statement)
