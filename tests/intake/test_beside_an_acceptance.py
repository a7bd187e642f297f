"""While a file is being accepted, everybody else goes on: pages read what was held before, and signing in succeeds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from access.sessions import account_for, start_session
from data_model.engine import make_engine, open_session
from data_model.people import Account
from data_model.rollups import Rollup
from intake.record import accept, preview
from tests.factories import START, World, make_world
from tests.intake.stories import Cell, accept_now, accepted, submitted, who

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


def prepare(engine: Engine) -> tuple[World, int]:
    """Make the small country with one report held, and another that waits. Returns the waiting one's number."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        accepted(session, world, BEFORE)
        waiting = submitted(session, world, AFTER, LATER).id
        session.commit()
    assert waiting is not None
    return world, waiting


def test_pages_and_signing_in_go_on_beside_an_acceptance(engine: Engine) -> None:
    world, waiting = prepare(engine)
    with ThreadPoolExecutor(1) as elsewhere, open_session(engine, write=True) as accepting:
        accept_now(accepting, world, waiting, LATER)
        assert shown(engine) == {20}
        signing_in = elsewhere.submit(sign_in, engine, "analyst@example.org")
        assert shown(engine) == {20}
        accepting.commit()
        cookie = signing_in.result()
    assert shown(engine) == {21}
    with open_session(engine) as session:
        assert account_for(session, cookie, LATER).email == "analyst@example.org"


@pytest.mark.postgresql
def test_signing_in_does_not_wait_for_an_acceptance_on_postgresql(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    world, waiting = prepare(engine)
    with ThreadPoolExecutor(1) as elsewhere, open_session(engine, write=True) as accepting:
        cookies: list[str] = []

        def meanwhile(_stage: str, _share: float) -> None:
            cookies.append(elsewhere.submit(sign_in, engine, "analyst@example.org").result(timeout=20))

        _comparison, fingerprint = preview(accepting, waiting)
        reviewer = who(accepting, world, "reviewer")
        accept(accepting, waiting, by=reviewer, fingerprint=fingerprint, at=LATER, progress=meanwhile)
        accepting.commit()
    assert len(cookies) == 3
    engine.dispose()
