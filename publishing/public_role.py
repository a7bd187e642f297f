"""The public's database role on PostgreSQL: it reads what was released and nothing else, whatever a route may do."""

import re

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from access.language import _
from access.refusal import Refusal
from data_model.releases import Release, ReleasedFigure, ReleasedSchool, ReleasedTable

# Who made a release is nobody's business outside.
NOT_PUBLIC = ("released_by",)
PUBLIC_TABLES: tuple[type[SQLModel], ...] = (Release, ReleasedFigure, ReleasedTable, ReleasedSchool)
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
    for table in PUBLIC_TABLES:
        described = sa.inspect(table).local_table
        columns = [sql.Identifier(one.name) for one in described.columns if one.name not in NOT_PUBLIC]
        grant = sql.SQL("GRANT SELECT ({}) ON {} TO {}")
        statements.append(grant.format(sql.SQL(", ").join(columns), sql.Identifier(str(table.__tablename__)), role))
    return statements
