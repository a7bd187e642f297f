"""The public's database role: it answers the open data routes, and can do nothing else at all."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

import data_model.__main__
from data_model.engine import make_engine
from data_model.tables import METADATA
from publishing import public_role
from publishing.public_role import RoleRefused, readable
from publishing.web import resources
from tests.publishing.web.conftest import client_of, fill

NAME, PASSWORD = "uptake_public_test", "a'quoted password"
OPEN = readable()
# What is nobody's business outside. A table that is added to the schema is closed until somebody opens it.
CLOSED_COLUMNS = {"release": {"released_by"}, "instance_setting": {"set_by"}}


@pytest.fixture
def public(postgresql_url):
    """An engine under the public's role, on PostgreSQL with releases."""
    engine = make_engine(postgresql_url)
    fill(engine)
    for password in ("the one before", PASSWORD):
        public_role.make(engine, NAME, password)
    opened = make_engine(sa.make_url(postgresql_url).set(username=NAME, password=PASSWORD).render_as_string(False))
    yield opened
    opened.dispose()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {NAME}")
        connection.exec_driver_sql(f"DROP ROLE {NAME}")
    engine.dispose()


def refused(engine, statement):
    with pytest.raises(DBAPIError) as trouble, engine.connect() as connection:
        connection.exec_driver_sql(statement)
    return "permission denied" in str(trouble.value) or "read-only" in str(trouble.value)


@pytest.mark.postgresql
def test_it_reads_what_was_released_and_nothing_else(public):
    client = client_of(public)
    for name in resources.TABLES:
        for form in ("json", "csv"):
            assert client.get(f"/api/v1/{name}.{form}").status == 200, name
    for address in ("", "/2", "/latest", *(f"/2/{name}" for name in resources.FILES)):
        assert client.get(f"/api/v1/releases{address}").status == 200, address
    assert client.get("/api/v1/releases/1").status == 410
    closed = {table.name for table in METADATA.sorted_tables} - OPEN.keys()
    assert closed >= {
        "observation", "confirmation", "submission", "submission_content", "finding", "account", "grant_of_role",
        "sign_in_session", "audit_event", "rollup", "school_record",
    }  # fmt: skip
    for table in sorted(closed):
        assert refused(public, f'SELECT 1 FROM "{table}"'), table
    for known in METADATA.sorted_tables:
        shut = {column.name for column in known.columns} - set(OPEN.get(known.name, ()))
        if known.name not in closed and known.name not in ("enrolment", "school", "moved_due_day", "changed_time_zone"):
            assert shut == CLOSED_COLUMNS.get(known.name, set()), known.name
        for column in sorted(shut):
            assert refused(public, f'SELECT "{column}" FROM "{known.name}"'), f"{known.name}.{column}"
    for table in sorted(OPEN):
        assert refused(public, f"DELETE FROM {table}"), table
    for statement in (
        "SET default_transaction_read_only = off; UPDATE release SET note = 'mine'",
        "SET default_transaction_read_only = off; CREATE TABLE mine (id int)",
        "SET default_transaction_read_only = off; CREATE TEMPORARY TABLE mine (id int)",
        "CREATE ROLE mine",
    ):
        assert refused(public, statement), statement


@pytest.mark.postgresql
def test_only_postgresql_has_roles_and_a_role_has_a_name_and_a_password(sqlite_url, postgresql_url):
    for url, name, password, code in (
        (sqlite_url, NAME, PASSWORD, "not_postgresql"), (postgresql_url, 'a"; DROP TABLE release', "x", "role_name"),
        (postgresql_url, NAME, "", "password_missing"),
    ):  # fmt: skip
        with pytest.raises(RoleRefused) as found:
            public_role.make(make_engine(url), name, password)
        assert found.value.code == code


@pytest.mark.postgresql
def test_an_upgrade_names_the_command_that_gives_it_its_rights_again(public, postgresql_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", postgresql_url)
    monkeypatch.setattr("sys.argv", ["data_model", "migrate"])
    assert data_model.__main__.main() == 0
    assert f"python -m publishing public-role {NAME}" in capsys.readouterr().out
