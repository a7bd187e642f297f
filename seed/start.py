"""What a fresh server starts with: the registry and, unless told otherwise, the demonstration."""

import os
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from access.language import _
from access.origin import Channel, coming_from
from data_model.engine import open_session
from data_model.periods import last_complete
from data_model.places import Country
from data_model.registry import Initiative
from seed.demo import Options, as_lines, make_demonstration
from seed.demonstration.making import Say
from seed.registry import load

DEMONSTRATION = "UPTAKE_DEMO"
COUNTRY = "KZ"
# PostgreSQL's advisory locks have no names: one number for one purpose.
SEED_LOCK = 7_203_115_002


def seed_when_empty(engine: Engine, *, say: Say, now: datetime | None = None) -> list[str] | None:
    """Fill a database that holds no initiative, in one transaction: all of it or nothing.

    Returns the demonstration's accounts as lines to print once (none where `UPTAKE_DEMO` is 0), or None when the
    database was filled before. Of several servers starting at once, one fills it and the others wait.
    """
    at = now or datetime.now(UTC)
    with coming_from(Channel.SEED), open_session(engine, write=True) as session:
        if engine.dialect.name == "postgresql":
            session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(SEED_LOCK)))
        if session.exec(select(Initiative.id).limit(1)).first() is not None:
            return None
        say(_("Loading the registry"))
        load(session, at)
        lines: list[str] = []
        if os.environ.get(DEMONSTRATION, "").strip() != "0":
            lines = as_lines(make_demonstration(session, default_options(session, at), say=say).accounts)
        session.commit()
    return lines


def default_options(session: Session, now: datetime, country: str = COUNTRY) -> Options:
    """Return the default demonstration of a country: up to the last month that is over there."""
    found = session.get(Country, country)
    time_zone = found.time_zone if found is not None else "UTC"
    until = last_complete(now, time_zone)
    return Options(until=until, country=country, time_zone=time_zone, comparison=country == COUNTRY)
