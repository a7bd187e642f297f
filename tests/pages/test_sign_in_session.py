"""A page that stands open goes by the session and the grants as they are at each interaction."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import select

import ui.asking
import ui.identity
from access import sessions
from access.accounts import add_account, add_grant, revoke_grant
from access.sessions import COOKIE, end_session, end_sessions_of, start_session
from access.settings import session_lifetime
from data_model.engine import open_session
from data_model.people import Account, Grant
from tests.pages.conftest import texts
from tests.screen import open_screen
from ui import asking

FOR_GRANTS, FOR_SIGNED_IN = "for those who hold a grant", "Sign in to open this page"


@pytest.fixture
def cookie(engine, country, monkeypatch):
    """Let the browser of a reviewer ask, by the cookie of a real session."""
    with open_session(engine, write=True) as session:
        account = add_account(session, email="real@example.org", password=None, at=asking.clock())
        add_grant(session, account, "reviewer", at=asking.clock(), country="KZ")
        value = start_session(session, account, at=asking.clock())
        session.commit()
    browser = SimpleNamespace(context=SimpleNamespace(cookies={COOKIE: value}))
    monkeypatch.setattr(ui.identity, "st", browser)
    return value


def account_of(session):
    return session.exec(select(Account).where(Account.email == "real@example.org")).one()


def test_a_changed_grant_takes_effect_at_the_next_interaction(engine, cookie):
    page = open_screen("review")
    assert FOR_GRANTS not in texts(page) and FOR_SIGNED_IN not in texts(page)
    with open_session(engine, write=True) as session:
        grant = session.exec(select(Grant).where(Grant.account_id == account_of(session).id)).one()
        revoke_grant(session, grant, at=asking.clock())
        session.commit()
    assert FOR_GRANTS in texts(page.run())
    with open_session(engine, write=True) as session:
        add_grant(session, account_of(session), "reviewer", at=asking.clock())
        session.commit()
    assert FOR_GRANTS not in texts(page.run())


@pytest.mark.parametrize("by", ["signing out", "an administrator"])
def test_a_session_that_ended_elsewhere_opens_nothing_at_the_next_interaction(engine, cookie, by):
    page = open_screen("review")
    assert FOR_SIGNED_IN not in texts(page)
    with open_session(engine, write=True) as session:
        if by == "signing out":
            end_session(session, cookie, at=asking.clock())
        else:
            end_sessions_of(session, account_of(session), at=asking.clock())
        session.commit()
    assert FOR_SIGNED_IN in texts(page.run())
    assert FOR_SIGNED_IN in texts(open_screen("review")), "the same cookie again opens nothing either"


def test_a_session_whose_time_is_over_opens_nothing_though_nothing_was_written(engine, cookie, monkeypatch):
    page, now = open_screen("review"), asking.clock()
    monkeypatch.setattr(ui.asking, "clock", lambda: now + timedelta(seconds=30))
    assert FOR_SIGNED_IN not in texts(page.run())
    monkeypatch.setattr(ui.asking, "clock", lambda: now + session_lifetime() - timedelta(seconds=1))
    monkeypatch.setattr("access.sessions.settings.session_idle_time", lambda: timedelta(days=900))
    assert FOR_SIGNED_IN not in texts(page.run())
    monkeypatch.setattr(ui.asking, "clock", lambda: now + session_lifetime())
    assert FOR_SIGNED_IN in texts(page.run())


def test_where_nothing_was_written_the_table_of_sessions_is_not_asked_again(engine, cookie, monkeypatch):
    page, asked = open_screen("review"), []
    asks = sessions.standing_for

    def asked_for(*given):
        asked.append(given)
        return asks(*given)

    monkeypatch.setattr(sessions, "standing_for", asked_for)
    page.run()
    page.run()
    assert not asked
    with open_session(engine, write=True) as session:
        add_account(session, email="another@example.org", password=None, at=asking.clock())
        session.commit()
    page.run()
    assert len(asked) == 1
