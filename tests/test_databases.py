"""The databases the tests work on: real, migrated, fresh for every test."""

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

import data_model.tables  # noqa: F401  registers every table
from data_model.engine import open_session, schema_state
from data_model.people import Account
from tests.factories import make_account, make_grant


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


@pytest.mark.parametrize("time", ["first", "again"])
def test_what_another_test_stored_is_not_there_and_rows_count_from_one(session, time):
    account = make_account(session, f"{time}@example.org")
    make_grant(session, account, "manager", country=None)
    session.commit()
    assert account.id == 1
    assert [one.email for one in session.exec(select(Account)).all()] == [f"{time}@example.org"]


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
