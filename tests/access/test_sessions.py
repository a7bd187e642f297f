"""Sign-in sessions: what opens one, what ends it, and that noting "last seen" never holds a page up."""

import stat
import time
from datetime import timedelta

import pytest
from sqlmodel import select

from access import audit, secret, settings
from access.identity import PUBLIC
from access.sessions import COOKIE, account_for, end_session, end_sessions_of, start_session
from data_model.engine import make_engine, open_session
from data_model.people import AuditEvent, SignInSession
from tests.factories import START, make_account, make_grant

MINUTE = timedelta(minutes=1)


@pytest.fixture
def account(session):
    account = make_account(session, "anna@example.org", name="Anna")
    make_grant(session, account, "manager")
    return account


def test_a_cookie_says_who_is_asking(session, account):
    cookie = start_session(session, account, at=START)
    who = account_for(session, cookie, START)
    assert (who.email, who.name) == ("anna@example.org", "Anna") and who.roles == {"manager"}
    assert COOKIE == "uptake_session"


def test_the_table_holds_nothing_to_sign_in_with(session, account):
    cookie = start_session(session, account, at=START)
    held = session.exec(select(SignInSession)).one()
    token = cookie.rsplit(".", 1)[0]
    assert len(token) >= 43, "256 random bits"
    assert held.token_sha256 not in cookie and token not in repr(held.model_dump())
    assert not account_for(session, held.token_sha256, START).signed_in


@pytest.mark.parametrize("cookie", [None, "", "x", "a.b", "é.ü", "." * 5000])
def test_no_or_a_made_up_cookie_is_the_public(session, account, cookie):
    start_session(session, account, at=START)
    assert account_for(session, cookie, START) == PUBLIC


def test_a_cookie_signed_with_another_secret_is_the_public(session, account, monkeypatch):
    monkeypatch.setenv(settings.SECRET, "a" * 32)
    cookie = start_session(session, account, at=START)
    assert account_for(session, cookie, START).signed_in
    monkeypatch.setenv(settings.SECRET, "b" * 32)
    assert account_for(session, cookie, START) == PUBLIC


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(session, account):
    cookie = start_session(session, account, at=START)
    other = start_session(session, account, at=START)
    end_session(session, cookie, at=START + MINUTE)
    assert account_for(session, cookie, START + MINUTE) == PUBLIC
    assert account_for(session, other, START + MINUTE).signed_in
    assert end_sessions_of(session, account, at=START + MINUTE) == 1
    assert account_for(session, other, START + MINUTE) == PUBLIC


def test_ending_what_is_over_changes_nothing(session, account):
    cookie = start_session(session, account, at=START)
    end_session(session, cookie, at=START)
    end_session(session, cookie, at=START + MINUTE)
    end_session(session, None, at=START)
    assert session.exec(select(SignInSession)).one().ended_at == START


def test_a_session_ends_after_its_lifetime_and_when_idle(engine, monkeypatch):
    monkeypatch.setenv(settings.SESSION_HOURS, "2")
    monkeypatch.setenv(settings.IDLE_MINUTES, "30")
    with open_session(engine, write=True) as session:
        account = make_account(session, "anna@example.org")
        used, idle = start_session(session, account, at=START), start_session(session, account, at=START)
        session.commit()

    def signed_in(cookie, minutes):
        with open_session(engine) as session:
            return account_for(session, cookie, START + minutes * MINUTE).signed_in

    assert all(signed_in(used, minutes) for minutes in (23, 46, 69, 92, 115)), "every interaction keeps it awake"
    assert not signed_in(used, 120)
    assert signed_in(idle, 29)
    assert not signed_in(idle, 29 + 30)


def test_signing_in_again_changes_the_token_and_ends_the_one_before(session, account):
    before = start_session(session, account, at=START)
    after = start_session(session, account, at=START, replaces=before)
    assert account_for(session, before, START) == PUBLIC
    assert account_for(session, after, START).signed_in


def test_a_changed_grant_is_seen_at_the_next_interaction(session, account):
    cookie = start_session(session, account, at=START)
    make_grant(session, account, "reviewer")
    assert account_for(session, cookie, START).roles == {"manager", "reviewer"}


def test_last_seen_is_noted_at_most_once_a_minute(engine):
    with open_session(engine, write=True) as session:
        cookie = start_session(session, make_account(session, "anna@example.org"), at=START)
        session.commit()

    def seen_after(seconds):
        with open_session(engine) as session:
            account_for(session, cookie, START + timedelta(seconds=seconds))
        with open_session(engine) as session:
            return (session.exec(select(SignInSession)).one().last_seen_at - START).total_seconds()

    assert [seen_after(30), seen_after(61), seen_after(100), seen_after(130)] == [0, 61, 61, 130]


def test_noting_last_seen_never_waits_for_a_writer(engine):
    with open_session(engine, write=True) as session:
        cookie = start_session(session, make_account(session, "anna@example.org"), at=START)
        session.commit()
    other = make_engine(engine.url.render_as_string(hide_password=False))
    with open_session(engine, write=True) as writer:
        held = writer.exec(select(SignInSession)).one()
        held.expires_at = START + timedelta(hours=3)
        writer.flush()
        started = time.monotonic()
        with open_session(other) as session:
            assert account_for(session, cookie, START + 5 * MINUTE).signed_in
        assert time.monotonic() - started < 5
        writer.commit()
    with open_session(other) as session:
        assert session.exec(select(SignInSession)).one().last_seen_at == START
        assert account_for(session, cookie, START + 6 * MINUTE).signed_in
    with open_session(other) as session:
        assert session.exec(select(SignInSession)).one().last_seen_at == START + 6 * MINUTE
        if other.dialect.name == "sqlite":
            patience = session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar()
            assert patience == 30_000, "the connection is as patient as before"
    other.dispose()


def test_sessions_long_over_are_removed(session, account):
    start_session(session, account, at=START)
    start_session(session, account, at=START + timedelta(days=60))
    assert len(session.exec(select(SignInSession)).all()) == 1


def test_signing_in_and_out_is_in_the_trail(session, account):
    end_session(session, start_session(session, account, at=START), at=START)
    assert [event.action for event in session.exec(select(AuditEvent)).all()] == ["signed_in", "signed_out"]
    assert audit.verify(session).intact


def test_the_key_file_lies_beside_the_database_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.delenv(settings.SECRET)
    url = f"sqlite:///{tmp_path / 'uptake.db'}"
    first = secret.signing_secret(url)
    path = tmp_path / "uptake.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) == 64 and secret.signing_secret(url) == first == path.read_bytes()
    assert list(tmp_path.iterdir()) == [path], "nothing else is left behind"


def test_the_first_of_two_processes_makes_the_key(tmp_path):
    path = tmp_path / "uptake.key"
    path.write_text("made by another process", encoding="ascii")
    secret._make(path)
    assert path.read_text(encoding="ascii") == "made by another process"
    assert list(tmp_path.iterdir()) == [path]


def test_a_short_secret_is_refused(monkeypatch):
    monkeypatch.setenv(settings.SECRET, "short")
    with pytest.raises(settings.SettingRefused, match="UPTAKE_SECRET"):
        secret.signing_secret("sqlite:///x.db")
