"""Links to set a password: who makes them for whom, and that each works once, for a while."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access.accounts import add_account, add_grant, check_password, disable_account
from access.identity import Identity, identify
from access.invitations import LASTS, account_of_link, invite, make_link, use_link
from access.refusal import AccountRefused, NotAllowed
from access.sessions import account_for, start_session
from data_model.people import Account, AuditEvent, Grant, LinkPurpose, PasswordLink
from tests.factories import START, make_country, make_world

PASSWORD, EMAIL = "correct horse battery", "anna@example.org"
LATER = START + timedelta(hours=1)


@pytest.fixture
def world(session):
    make_country(session, "EE")
    return make_world(session)


def person(session, email, *, role: str | None = "administrator", **limits: str) -> tuple[Account, Identity]:
    account = add_account(session, email=email, password=PASSWORD, at=START)
    if role is not None:
        add_grant(session, account, role, at=START, **limits)
    return account, identify(session, account)


def refused(code, function, *arguments, **named):
    with pytest.raises((AccountRefused, NotAllowed)) as caught:
        function(*arguments, **named)
    assert caught.value.code == code and caught.value.message


def test_an_invitation_makes_an_account_that_its_link_opens_once(session, world):
    link = invite(session, None, email=EMAIL, name="Anna", role="manager", country="KZ", at=START)
    account = account_of_link(session, link.token, at=LATER)
    assert (account.email, account.name, link.purpose) == (EMAIL, "Anna", LinkPurpose.INVITATION)
    assert [(grant.role, grant.country) for grant in identify(session, account).grants] == [("manager", "KZ")]
    assert check_password(session, EMAIL, "", at=LATER) is None, "no password opens it before"

    refused("password_too_short", use_link, session, link.token, "short", at=LATER)
    use_link(session, link.token, PASSWORD, at=LATER)

    assert check_password(session, EMAIL, PASSWORD, at=LATER) is account
    refused("link_invalid", use_link, session, link.token, "another password", at=LATER)
    refused("link_invalid", account_of_link, session, link.token, at=LATER)


def test_a_link_that_is_old_replaced_unknown_or_of_a_disabled_account_opens_nothing(session, world):
    first = invite(session, None, email=EMAIL, role="manager", at=START)
    account = account_of_link(session, first.token, at=START + LASTS[first.purpose] - timedelta(seconds=1))
    refused("link_invalid", use_link, session, first.token, PASSWORD, at=START + LASTS[first.purpose])
    second = make_link(session, None, account, at=LATER)
    assert second.purpose is LinkPurpose.INVITATION, "they have never set a password"
    refused("link_invalid", use_link, session, first.token, PASSWORD, at=LATER)
    refused("link_invalid", use_link, session, "no such link \udc80", PASSWORD, at=LATER)
    disable_account(session, account, at=LATER)
    refused("link_invalid", use_link, session, second.token, PASSWORD, at=LATER)
    refused("disabled_account", make_link, session, None, account, at=LATER)


def test_a_reset_leaves_everything_until_it_is_used_and_then_ends_the_sessions(session, world):
    account, _who = person(session, EMAIL, role="manager")
    cookie = start_session(session, account, at=START)
    link = make_link(session, None, account, at=START)
    assert link.purpose is LinkPurpose.RESET
    assert account_for(session, cookie, LATER).signed_in and check_password(session, EMAIL, PASSWORD, at=LATER)
    use_link(session, link.token, "another password", at=LATER)
    assert not account_for(session, cookie, LATER).signed_in
    assert check_password(session, EMAIL, PASSWORD, at=LATER) is None


def test_the_token_is_kept_and_told_nowhere_but_in_the_link(session, world):
    link = invite(session, None, email=EMAIL, role="manager", at=START)
    use_link(session, link.token, PASSWORD, at=LATER)
    kept = [row.model_dump() for table in (PasswordLink, AuditEvent) for row in session.exec(select(table)).all()]
    assert link.token not in str(kept) and link.token not in repr(link)
    assert link.address == f"http://localhost:8501/account/link/{link.token}"
    actions = [event.action for event in session.exec(select(AuditEvent)).all()]
    assert actions == ["account_added", "grant_added", "link_made", "password_set"]


def test_nobody_invites_to_more_than_they_administer(session, world):
    _account, of_kz = person(session, "kz@example.org", country="KZ")
    _account, of_one = person(session, "one@example.org", initiative="kz-chatgpt-edu")
    _account, reviewer = person(session, "reviewer2@example.org", role="reviewer")
    for who, limits in (
        (of_kz, {}), (of_kz, {"country": "EE"}), (of_one, {"country": "KZ"}), (of_one, {"area": "KZ-75"}),
        (reviewer, {"country": "KZ"}), (of_kz, {"area": "XX-1"}),
    ):  # fmt: skip
        refused("not_allowed", invite, session, who, email=EMAIL, role="analyst", at=START, **limits)
    assert session.exec(select(Account).where(Account.email == EMAIL)).first() is None, "nothing was made"
    for number, (who, limits) in enumerate(
        ((of_kz, {"country": "KZ"}), (of_kz, {"area": "KZ-75"}), (of_one, {"initiative": "kz-chatgpt-edu"}))
    ):
        invite(session, who, email=f"{number}@example.org", role="administrator", at=START, **limits)
    assert len(session.exec(select(Grant).where(Grant.granted_at == START)).all()) >= 6


def test_nobody_makes_a_link_into_an_account_that_may_do_more_than_they(session, world):
    _account, of_kz = person(session, "kz@example.org", country="KZ")
    chief, everywhere = person(session, "chief2@example.org")
    clerk, _who = person(session, "clerk@example.org", role="manager", area="KZ-75")
    nobody, _who = person(session, "no@example.org", role=None)
    refused("not_allowed", make_link, session, of_kz, chief, at=START)
    refused("not_allowed", make_link, session, of_kz, nobody, at=START)
    assert make_link(session, of_kz, clerk, at=START) and make_link(session, everywhere, nobody, at=START)
    add_grant(session, clerk, "analyst", country="EE", at=START)
    refused("not_allowed", make_link, session, of_kz, clerk, at=START)
