"""What tests of the open data routes share: a country with three releases, the first of them withdrawn."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from access.identity import identify
from access.web.headers import SecurityHeaders
from data_model.engine import make_engine, open_session
from publishing import releases
from publishing.web.api import Api
from publishing.web.limits import RateLimit
from tests.access.web.asgi import HOST, Client
from tests.factories import START, make_claim, make_source, make_world
from tests.publishing.test_releases import PLENTY, report

# Three active teachers in one region: too few to be told.
SMALL = PLENTY | {"020311": {"teachers_total": 50, "teachers_active": 3, "messages_sent": 90}}
REASON = "It held a wrong file."


def fill(engine):
    """Make the country and its releases."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        world.areas["KZ"].name_ru = "Казахстан"
        make_claim(session, world.initiative, make_source(session, "S2"), note="=1+1")
        reviewer = identify(session, world.accounts["reviewer"])
        report(session, world, PLENTY)
        releases.release(session, by=reviewer, note="first", at=START + timedelta(hours=1))
        report(session, world, {"001024": {"teachers_active": 22}}, at=START + timedelta(hours=2))
        releases.release(session, by=reviewer, note="second", at=START + timedelta(hours=3))
        releases.withdraw(session, 1, by=reviewer, reason=REASON, at=START + timedelta(hours=4))
        report(session, world, SMALL, at=START + timedelta(hours=5))
        releases.release(session, by=reviewer, note="third", at=START + timedelta(hours=6))
        session.commit()


def client_of(engine, **options):
    """Return a client of the routes on a database, with the security headers around them."""
    options = {"limit": RateLimit(0), "looks_every": 0.0} | options
    api = Api(engine, **options)
    return Client(SecurityHeaders(api, page=Path(__file__), hosts=[HOST]))


@pytest.fixture(scope="module")
def filled(sqlite_template, tmp_path_factory):
    """An engine on an SQLite database with the releases."""
    path = tmp_path_factory.mktemp("released") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    fill(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(filled):
    """A client of the routes."""
    return client_of(filled)
