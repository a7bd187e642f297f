"""People on screen: invited with a link that is shown once, given a role, and kept from what is not theirs."""

import pytest
from sqlmodel import select

from access.administration import people
from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.people import Account, Role
from tests.factories import make_account, make_country, make_grant
from tests.pages.conftest import texts


def number_of(engine, name):
    with open_session(engine) as session:
        return session.exec(select(Account.id).where(Account.email == f"{name}@example.org")).one()


@pytest.mark.usefixtures("country")
def test_an_invitation_makes_an_account_and_shows_its_link_once(open_page, engine):
    app = open_page("administration", "administrator", table="people", row="new")
    app.text_input(key="invite-email").input("new@example.org")
    app.selectbox(key="invite-role").select(Role.MANAGER)
    app.selectbox(key="invite-place").select("KZ")
    app.button(key="FormSubmitter:invitation-Make the invitation").click().run()
    assert not app.exception and "new@example.org is invited." in texts(app).replace("\\", "")
    assert len(app.code) == 1 and "/account/link/" in app.code[0].value
    app.run()
    assert not app.code, "never again"
    with open_session(engine) as session:
        assert [grant.country for grant in identity_of_email(session, "new@example.org").grants] == ["KZ"]


@pytest.mark.usefixtures("country")
def test_more_than_one_holds_is_refused_and_nothing_is_made(open_page, engine):
    app = open_page("administration", "administrator", table="people", row="new")
    app.text_input(key="invite-email").input("new@example.org")
    app.selectbox(key="invite-place").select("")
    app.button(key="FormSubmitter:invitation-Make the invitation").click().run()
    assert "You may not administer this" in texts(app) and not app.code
    with open_session(engine) as session:
        assert session.exec(select(Account).where(Account.email == "new@example.org")).first() is None


@pytest.mark.usefixtures("country")
def test_a_role_is_given_and_taken_back(open_page, engine):
    number = number_of(engine, "analyst")
    app = open_page("administration", "administrator", table="people", row=str(number))
    app.selectbox(key="grant-role").select(Role.REVIEWER)
    app.selectbox(key="grant-place").select("KZ-75")
    app.button(key="FormSubmitter:grant-Give this role").click().run()
    said = texts(app).replace("\\", "")
    assert "The role is given." in said and "Reviewer (KZ-75)" in said
    next(button for button in app.button if str(button.key).startswith("revoke-")).click().run()
    assert "The role is taken back" in texts(app) and "Analyst (KZ)" not in texts(app).replace("\\", "")


@pytest.mark.usefixtures("country")
def test_settings_of_the_instance_are_for_administrators_of_everything(open_page):
    app = open_page("administration", "administrator", table="instance")
    assert "You may not administer this" in texts(app) and not app.text_input


def test_the_page_of_the_list_of_people_stands_in_the_address(open_page, country, engine):
    with open_session(engine, write=True) as session:
        for number in range(people.PAGE):
            make_grant(session, make_account(session, f"z{number:02}@example.org"), Role.ANALYST, country="KZ")
        session.commit()
    first = open_page("administration", "administrator", table="people")
    assert "open-person" in str(first.button) and "z24@example.org" not in str(first.button)
    second = open_page("administration", "administrator", table="people", lines="2")
    assert "z24@example.org" in str(second.button) and "z01@example.org" not in str(second.button)


def test_a_choice_of_places_begins_where_schools_are(open_page, country, engine):
    with open_session(engine, write=True) as session:
        make_country(session, "AE", name_en="United Arab Emirates")
        make_grant(session, make_account(session, "chief@example.org"), Role.ADMINISTRATOR)
        session.commit()
    assert open_page("administration", "chief", table="people", row="new").selectbox(key="invite-place").value == "KZ"
    assert open_page("administration", "chief", table="schools").selectbox(key="choice_within").value == "KZ"
