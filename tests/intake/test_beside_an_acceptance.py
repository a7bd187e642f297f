"""While a file is being accepted, everybody else goes on: pages read what was held before, and signing in succeeds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy.engine import Engine
from sqlmodel import col, select

from access.sessions import account_for, start_session
from data_model.engine import open_session
from data_model.people import Account
from data_model.rollups import Rollup
from tests.factories import START, make_world
from tests.intake.stories import Cell, accept_now, accepted, submitted

BEFORE: dict[Cell, float | str] = {("001024", "teachers_total", "2026-09"): 20}
AFTER: dict[Cell, float | str] = {("001024", "teachers_total", "2026-09"): 21}
LATER = START + timedelta(hours=1)


def shown(engine: Engine) -> set[float]:
    """Return what a page reads now: the current sums of the one metric reported."""
    with open_session(engine) as session:
        query = select(Rollup.numerator).where(col(Rollup.superseded_at).is_(None))
        return {value for value in session.exec(query).all() if value is not None}


def sign_in(engine: Engine, email: str) -> str:
    """Return the cookie of a session begun while others write."""
    with open_session(engine, write=True) as session:
        account = session.exec(select(Account).where(Account.email == email)).one()
        cookie = start_session(session, account, at=LATER)
        session.commit()
    return cookie


def test_pages_and_signing_in_go_on_beside_an_acceptance(engine: Engine) -> None:
    with open_session(engine, write=True) as session:
        world = make_world(session)
        accepted(session, world, BEFORE)
        waiting = submitted(session, world, AFTER, LATER).id
        session.commit()
    assert waiting is not None
    with ThreadPoolExecutor(1) as elsewhere, open_session(engine, write=True) as accepting:
        accept_now(accepting, world, waiting, LATER)
        assert shown(engine) == {20}
        signing_in = elsewhere.submit(sign_in, engine, "analyst@example.org")
        if engine.dialect.name == "postgresql":
            signing_in.result(timeout=20)  # only SQLite has one writer at a time
        assert shown(engine) == {20}
        accepting.commit()
        cookie = signing_in.result()
    assert shown(engine) == {21}
    with open_session(engine) as session:
        assert account_for(session, cookie, LATER).email == "analyst@example.org"
