"""Accounts: what is refused, what a password opens, and how guessing is slowed down."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access import accounts, audit
from access.accounts import add_account, add_grant, check_password, disable_account, revoke_grant, set_password
from access.identity import identify
from access.refusal import AccountRefused
from access.sessions import account_for, start_session
from data_model.people import Account, AuditEvent
from tests.factories import START, make_country, make_world

PASSWORD = "correct horse battery"
EMAIL = "anna@example.org"


@pytest.fixture
def account(session):
    return add_account(session, email=f" {EMAIL.upper()} ", password=PASSWORD, at=START)


def test_a_password_opens_its_account_and_no_other_does(session, account):
    assert account.email == EMAIL and account.password_hash.startswith("$argon2id$")
    assert check_password(session, EMAIL, PASSWORD, at=START) is account
    assert check_password(session, f" {EMAIL.upper()}", PASSWORD, at=START) is account
    assert check_password(session, EMAIL, PASSWORD + "!", at=START) is None
    assert check_password(session, "nobody@example.org", PASSWORD, at=START) is None


def test_the_password_may_be_typed_with_composed_or_decomposed_accents(session):
    add_account(session, email=EMAIL, password="pässword of ö", at=START)
    assert check_password(session, EMAIL, "pa\u0308ssword of o\u0308", at=START)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"password": "eleven char"}, "password_too_short"),
        ({"email": "anna"}, "email_invalid"),
        ({"email": "a@b@c"}, "email_invalid"),
        ({"email": "an na@example.org"}, "email_invalid"),
        ({"email": f"{'a' * 200}@example.org"}, "email_invalid"),
        ({"language": "xx"}, "language_unknown"),
    ],
)
def test_an_account_that_cannot_be_is_refused(session, given, code):
    with pytest.raises(AccountRefused) as refused:
        add_account(session, **{"email": EMAIL, "password": PASSWORD, "at": START} | given)
    assert refused.value.code == code and refused.value.message


def test_twelve_characters_are_enough_whatever_they_are(session):
    assert add_account(session, email=EMAIL, password="a" * 12, at=START)


def test_an_email_has_one_account(session, account):
    with pytest.raises(AccountRefused) as refused:
        add_account(session, email=EMAIL.title(), password=PASSWORD, at=START)
    assert refused.value.code == "account_exists"


def test_wrong_passwords_lock_for_longer_and_longer(session, account):
    at = START
    for _ in range(accounts.FREE_ATTEMPTS):
        assert check_password(session, EMAIL, "wrong", at=at) is None
    waits = []
    for _ in range(10):
        assert check_password(session, EMAIL, PASSWORD, at=account.locked_until - timedelta(seconds=1)) is None
        waits.append(account.locked_until - at)
        at = account.locked_until
        check_password(session, EMAIL, "wrong", at=at)
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits[-1] == accounts.LONGEST_DELAY
    assert check_password(session, EMAIL, PASSWORD, at=account.locked_until) is account
    assert (account.failed_sign_ins, account.locked_until) == (0, None)
    locked = session.exec(select(AuditEvent).where(AuditEvent.action == "account_locked")).all()
    assert len(locked) == 1


def test_a_guess_while_locked_neither_counts_nor_opens(session, account):
    for _ in range(accounts.FREE_ATTEMPTS):
        check_password(session, EMAIL, "wrong", at=START)
    until = account.locked_until
    assert check_password(session, EMAIL, "wrong", at=START) is None
    assert account.locked_until == until and account.failed_sign_ins == accounts.FREE_ATTEMPTS


def test_an_unknown_email_costs_as_much_as_a_known_one(session, account, monkeypatch):
    verified = []

    class Recording:
        def __init__(self, hasher):
            self.hasher = hasher

        def verify(self, held, password):
            verified.append(held)
            return self.hasher.verify(held, password)

        def __getattr__(self, name):
            return getattr(self.hasher, name)

    monkeypatch.setattr(accounts, "_hasher", Recording(accounts._hasher))
    for email in (EMAIL, "nobody@example.org"):
        accounts.try_password(session, email, "wrong")
    assert len(verified) == 2 and all(held.startswith("$argon2id$") for held in verified)
    assert verified[0].rsplit("$", 2)[0] == verified[1].rsplit("$", 2)[0], "same parameters"


def test_an_account_without_a_password_opens_to_none(session):
    session.add(Account(email="oidc@example.org", created_at=START))
    session.flush()
    assert check_password(session, "oidc@example.org", "", at=START) is None
    assert check_password(session, "oidc@example.org", "there is no such account", at=START) is None


def test_a_disabled_account_opens_to_nobody(session, account):
    cookie = start_session(session, account, at=START)
    disable_account(session, account, at=START)
    assert check_password(session, EMAIL, PASSWORD, at=START) is None
    assert not account_for(session, cookie, START).signed_in


def test_a_new_password_ends_the_sessions_of_the_old_one(session, account):
    cookie = start_session(session, account, at=START)
    set_password(session, account, "another horse battery", at=START)
    assert not account_for(session, cookie, START).signed_in
    assert check_password(session, EMAIL, PASSWORD, at=START) is None
    assert check_password(session, EMAIL, "another horse battery", at=START) is account


def test_a_grant_names_what_exists_and_fits_together(session):
    world = make_world(session)
    account = world.accounts["analyst"]
    make_country(session, "EE", time_zone="Europe/Tallinn")
    for limits, code in (
        ({"country": "XX"}, "country_unknown"),
        ({"area": "KZ-99"}, "area_unknown"),
        ({"initiative": "nothing"}, "initiative_unknown"),
        ({"country": "EE", "area": "KZ-75"}, "grant_empty"),
    ):
        with pytest.raises(AccountRefused) as refused:
            add_grant(session, account, "manager", at=START, **limits)
        assert refused.value.code == code
    with pytest.raises(AccountRefused) as refused:
        add_grant(session, account, "king", at=START)
    assert refused.value.code == "role_unknown"
    grant = add_grant(session, account, "manager", area="KZ-75", initiative="kz-chatgpt-edu", at=START)
    view = identify(session, account).grants[-1]
    assert (view.role, view.area_code, view.initiative_key) == ("manager", "KZ-75", "kz-chatgpt-edu")
    revoke_grant(session, grant, at=START)
    assert identify(session, account).grants[-1].role == "analyst"


def test_what_is_done_to_accounts_is_in_the_trail(session, account):
    country = make_country(session)
    assert country.code == "KZ"
    add_grant(session, account, "analyst", country="KZ", at=START)
    assert [event.action for event in session.exec(select(AuditEvent)).all()] == ["account_added", "grant_added"]
    assert audit.verify(session).intact
    everything = str([event.details for event in session.exec(select(AuditEvent)).all()])
    assert PASSWORD not in everything and "argon2" not in everything


def test_passwords_are_hashed_as_the_standard_recommends(monkeypatch):
    monkeypatch.undo()
    held = accounts._hash(PASSWORD)
    # RFC 9106, section 4: the second recommended option.
    assert held.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert accounts._hash(PASSWORD) != held, "salted"
