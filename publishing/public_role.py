"""The public's database role on PostgreSQL: it reads what is public and nothing else, whatever a page or route may do.

Public are the released tables and the registry. Both are named here, table by table, and nowhere else: a table that
is not named is closed, and so is a column that refers to one, such as who set or released something.
"""

import re
from typing import Any

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from access.language import _
from access.refusal import Refusal
from data_model.due_days import MovedDueDay
from data_model.editions import RegistryEdition
from data_model.measures import Definition, Indicator, Measure, Metric, MetricRule, Target
from data_model.money import ExchangeRate, Fund, Transaction
from data_model.participation import CompletenessThreshold, Enrolment, ReportingPeriod, Requirement
from data_model.places import Area, Country, School
from data_model.registry import (
    Claim,
    CountryFact,
    Initiative,
    Milestone,
    Organisation,
    Participation,
    Programme,
    Source,
)
from data_model.releases import Release, ReleasedFigure, ReleasedSchool, ReleasedTable
from data_model.settings import InstanceSetting
from data_model.terms import SchoolTerm
from data_model.time_zones import ChangedTimeZone

RELEASED: tuple[type[SQLModel], ...] = (Release, ReleasedFigure, ReleasedTable, ReleasedSchool)
REGISTRY: tuple[type[SQLModel], ...] = (
    Area, Claim, CompletenessThreshold, Country, CountryFact, Definition, ExchangeRate, Fund, Indicator, Initiative,
    InstanceSetting, Measure, Metric, MetricRule, Milestone, Organisation, Participation, Programme, RegistryEdition,
    ReportingPeriod, Requirement, SchoolTerm, Source, Target, Transaction,
)  # fmt: skip
PUBLIC_TABLES = (*RELEASED, *REGISTRY)
# Of these nothing but what counts them: how many schools take part, and whether there are invented ones; and by when
# reports were due before a day was moved, and which time zone a country had before, not who moved it or why.
COUNTED: dict[type[SQLModel], tuple[str, ...]] = {
    Enrolment: ("initiative_id", "superseded_at"),
    MovedDueDay: ("period_id", "before", "recorded_at"),
    School: ("demonstration",),
    ChangedTimeZone: ("country", "before", "recorded_at"),
}
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# No question of the public takes long; one that does is somebody's attempt to keep the database busy.
LONGEST_STATEMENT = "10s"


class RoleRefused(Refusal):
    """The role cannot be made (`not_postgresql`, `role_name`, `password_missing`)."""


def make(engine: Engine, name: str, password: str) -> None:
    """Make the role, or give an existing one exactly these rights and this password. Raises RoleRefused.

    The password reaches the server as a SCRAM verifier only, so that it stands in no log of statements.
    """
    if engine.dialect.name != "postgresql":
        raise RoleRefused("not_postgresql", _("SQLite has no roles: this is for PostgreSQL."))
    if not NAME.fullmatch(name):
        raise RoleRefused("role_name", _("A role's name has small letters, digits and _ only."))
    if not password:
        raise RoleRefused("password_missing", _("A password is needed."))
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection has been closed")
        verifier = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        for statement in _statements(name, verifier, _exists(engine, name), engine.url.database or ""):
            driver.execute(statement)


def _exists(engine: Engine, name: str) -> bool:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
        return found.first() is not None


def _statements(name: str, verifier: str, exists: bool, database: str) -> list[sql.Composed]:
    role = sql.Identifier(name)
    begin = sql.SQL("ALTER ROLE {} " if exists else "CREATE ROLE {} ").format(role)
    rights = sql.SQL("LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}")
    statements = [
        begin + rights.format(sql.Literal(verifier)),
        sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(role),
        sql.SQL("ALTER ROLE {} SET statement_timeout = {}").format(role, sql.Literal(LONGEST_STATEMENT)),
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role),
        sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format(),
        sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), role),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role),
    ]
    for table, columns in readable().items():
        grant = sql.SQL("GRANT SELECT ({}) ON {} TO {}")
        named = sql.SQL(", ").join(map(sql.Identifier, columns))
        statements.append(grant.format(named, sql.Identifier(table), role))
    return statements


def readable() -> dict[str, tuple[str, ...]]:
    """Return the columns that the role reads, by table. A column that refers to a closed table is closed itself."""
    described = [sa.inspect(table).local_table for table in PUBLIC_TABLES]
    open_names = {table.name for table in described}

    def is_open(column: sa.Column[Any]) -> bool:
        return all(key.target_fullname.split(".")[0] in open_names for key in column.foreign_keys)

    whole = {table.name: tuple(one.name for one in table.columns if is_open(one)) for table in described}
    return whole | {str(table.__tablename__): columns for table, columns in COUNTED.items()}
