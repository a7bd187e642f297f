"""People: nobody gives more than they hold, what is taken counts at once, and somebody always administers."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access.administration import people
from access.identity import identity_of_email
from access.permissions import Action, Place, may
from access.refusal import AccountRefused, NotAllowed
from access.sessions import account_for, start_session
from data_model.people import AuditEvent, Grant
from tests.factories import START, make_account, make_country, make_grant, make_initiative, make_source

HERE, THERE = "kz-chatgpt-edu", "ee-ti-hupe"


@pytest.fixture
def accounts(session):
    """A chief of everything, an administrator of Kazakhstan, an analyst there, and one who is an analyst in both."""
    make_country(session)
    make_country(session, "EE")
    make_initiative(session, make_source(session, "S1"), HERE)
    make_initiative(session, make_source(session, "S2"), THERE, country="EE")
    found = {name: make_account(session, f"{name}@example.org", password_hash="x") for name in
             ("chief", "here", "analyst", "both")}  # fmt: skip
    make_grant(session, found["chief"], "administrator")
    make_grant(session, found["here"], "administrator", country="KZ")
    for name, country in (("analyst", "KZ"), ("both", "KZ"), ("both", "EE")):
        make_grant(session, found[name], "analyst", country=country)
    return found


def who(session, name):
    return identity_of_email(session, f"{name}@example.org")


def refused(deed, *arguments, **named):
    with pytest.raises((AccountRefused, NotAllowed)) as told:
        deed(*arguments, **named)
    return told.value.code


def test_an_administrator_of_a_country_gives_and_takes_there_only(session, accounts):
    here = who(session, "here")
    people.grant(session, here, "analyst@example.org", "reviewer", Place(initiative=HERE), at=START)
    assert may(session, who(session, "analyst"), Action.RELEASE, initiative=HERE)
    for place in (Place(), Place(country="EE"), Place(initiative=THERE)):
        assert (
            refused(people.grant, session, here, "here@example.org", "administrator", place, at=START) == "not_allowed"
        )
    theirs = {one.view.country: one for one in people.one(session, here, accounts["both"].id).grants}
    assert theirs["KZ"].may_revoke and not theirs["EE"].may_revoke
    assert refused(people.revoke, session, here, theirs["EE"].number, at=START) == "not_allowed"
    people.revoke(session, here, theirs["KZ"].number, at=START)
    assert not may(session, who(session, "both"), Action.READ_LIVE, initiative=HERE)
    event = session.exec(select(AuditEvent).where(AuditEvent.action == "grant_revoked")).one()
    assert event.details["before"] == {"role": "analyst", "country": "KZ", "area": None, "initiative": None}


def test_they_see_whoever_holds_a_role_there_and_change_whoever_holds_none_elsewhere(session, accounts):
    here = who(session, "here")
    found, total = people.listing(session, here)
    assert [person.email for person in found] == ["analyst@example.org", "both@example.org", "here@example.org"]
    assert total == 3 and {person.email: person.may_change for person in found}["both@example.org"] is False
    assert refused(people.disable, session, here, accounts["both"].id, at=START) == "not_allowed"
    assert refused(people.one, session, here, accounts["chief"].id) == "unknown_account"
    everybody, total = people.listing(session, who(session, "chief"), search="B")
    assert [person.email for person in everybody] == ["both@example.org"] and total == 1


def test_the_last_administrator_of_everything_stays(session, accounts):
    chief, number = who(session, "chief"), accounts["chief"].id
    grant = session.exec(select(Grant).where(Grant.account_id == number)).one()
    assert refused(people.revoke, session, chief, grant.id, at=START) == "last_administrator"
    assert refused(people.disable, session, chief, number, at=START) == "last_administrator"
    second = make_account(session, "second@example.org", password_hash="")
    make_grant(session, second, "administrator")
    assert refused(people.disable, session, chief, number, at=START) == "last_administrator", "cannot sign in yet"
    second.password_hash = "x"
    people.disable(session, chief, number, at=START)
    assert refused(people.disable, session, who(session, "second"), second.id, at=START) == "last_administrator"


def test_ending_sessions_and_disabling_count_at_the_next_interaction(session, accounts):
    here, account = who(session, "here"), accounts["analyst"]
    cookie = start_session(session, account, at=START)
    later = START + timedelta(minutes=1)
    assert account_for(session, cookie, later).signed_in
    assert people.one(session, here, account.id).last_sign_in == START
    assert people.end_sessions(session, here, account.id, at=later) == 1
    assert not account_for(session, cookie, later).signed_in
    cookie = start_session(session, account, at=later)
    people.disable(session, here, account.id, at=later)
    assert not account_for(session, cookie, later).signed_in
    people.enable(session, here, account.id, at=later)
    assert not account_for(session, cookie, later).signed_in, "what has ended stays ended"
    assert account_for(session, start_session(session, account, at=later), later).signed_in


def test_the_same_role_is_not_given_twice(session, accounts):
    args = (session, who(session, "here"), "analyst@example.org", "analyst", Place(country="KZ"))
    assert refused(people.grant, *args, at=START) == "grant_exists"
