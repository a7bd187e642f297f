"""The databases the tests work on: real, migrated, fresh for every test."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

import data_model.tables  # noqa: F401  registers every table
from data_model.engine import open_session, schema_state


def test_the_schema_is_that_of_the_migrations(engine):
    assert schema_state(engine) == "current"
    assert set(SQLModel.metadata.tables) <= set(sa.inspect(engine).get_table_names())


def test_each_of_two_tests_gets_a_fresh_database_first(engine):
    _leave_a_trace(engine)


def test_each_of_two_tests_gets_a_fresh_database_second(engine):
    _leave_a_trace(engine)


def _leave_a_trace(engine: sa.Engine) -> None:
    assert not sa.inspect(engine).has_table("trace")
    with open_session(engine, write=True) as session:
        session.connection().execute(sa.text("CREATE TABLE trace (id INTEGER PRIMARY KEY)"))
        session.commit()
    assert sa.inspect(engine).has_table("trace")


def test_what_is_not_committed_is_gone(session, engine):
    session.connection().execute(sa.text("CREATE TABLE trace (id INTEGER PRIMARY KEY)"))
    session.rollback()
    assert not sa.inspect(engine).has_table("trace")


@pytest.mark.postgresql
def test_the_postgresql_is_a_real_one(postgresql_url):
    engine = sa.create_engine(postgresql_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SHOW server_version_num")).scalar_one() >= "150000"
        assert connection.execute(sa.text("SHOW fsync")).scalar_one() == "off"
    engine.dispose()
