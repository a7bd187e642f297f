"""One's own account and links to set a password, as a browser uses them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.middleware import Middleware

from access.accounts import FREE_ATTEMPTS, add_account, add_grant, check_password, revoke_grant
from access.invitations import invite, make_link
from access.matrix.rows.routes import ROWS
from access.sessions import COOKIE, account_for, start_session
from access.web import account, sign_in
from access.web.renewal import Renewal
from data_model.engine import make_engine, open_session
from data_model.people import Account, AuditEvent, Grant
from tests.access.web.asgi import Client, whole_application
from tests.access.web.test_sign_in import Clock
from tests.factories import START, make_world

EMAIL, PASSWORD, NEW = "anna@example.org", "correct horse battery", "battery horse correct"
PAGE = {"sec_fetch_dest": "document"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def person(engine):
    """Anna, who manages a region, signed in twice: at her desk and somewhere else."""
    with open_session(engine, write=True) as session:
        make_world(session)
        anna = add_account(session, email=EMAIL, password=PASSWORD, at=START, name="Anna")
        add_grant(session, anna, "manager", at=START, area="KZ-75", initiative="kz-chatgpt-edu")
        cookies = [start_session(session, anna, at=START) for _place in range(2)]
        session.commit()
    return cookies


@pytest.fixture
def client(engine, clock):
    routes = [*sign_in.routes(engine, clock), *account.routes(engine, clock, "Ministry")]
    return Client(Starlette(routes=routes, middleware=[Middleware(Renewal, engine=engine, clock=clock)]))


def signed_in(engine, cookie, at=START):
    with open_session(engine) as session:
        return account_for(session, cookie, at).signed_in


def post(client, what, form, cookie, **headers):
    return client.post(f"/account/{what}", form, cookie=f"{COOKIE}={cookie}", **headers)


def last_event(engine):
    with open_session(engine) as session:
        return session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()


def test_the_page_shows_name_roles_and_sessions_in_the_readers_language(client, person):
    text = unescape(client.get("/account?lang=en", cookie=f"{COOKIE}={person[0]}").text)
    for shown in (EMAIL, 'value="Anna"', "Manager", "Where you are signed in", "Sign out everywhere"):
        assert shown in text
    assert text.count("Last seen") == 2 and text.count("this browser") == 1 and "<script" not in text
    spoken = client.get("/account?lang=kk", cookie=f"{COOKIE}={person[0]}").text
    assert '<html lang="kk">' in spoken and '<option value="en" selected>' in spoken


def test_who_is_not_signed_in_is_sent_to_do_so(client):
    assert client.get("/account").header("location").startswith("/account/login?")
    for what in ("profile", "password", "sessions"):
        assert client.post(f"/account/{what}", {"name": "x"}).header("location").startswith("/account/login?")


def test_another_password_takes_the_old_one_ends_other_sessions_and_changes_the_token(client, engine, person):
    here, elsewhere = person
    answer = post(client, "password", {"present": PASSWORD, "new": NEW, "again": NEW}, here)
    assert answer.status == 303 and "said=password" in answer.header("location")
    fresh = answer.cookies[COOKIE]
    assert fresh["httponly"] is True and fresh.value != here and signed_in(engine, fresh.value)
    assert not signed_in(engine, here) and not signed_in(engine, elsewhere)
    with open_session(engine, write=True) as session:
        assert check_password(session, EMAIL, NEW, at=START) and not check_password(session, EMAIL, PASSWORD, at=START)
    event = last_event(engine)
    assert event.action == "password_set" and NEW not in str(event.model_dump())


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"present": "wrong", "new": NEW, "again": NEW}, "The present password is another one"),
        ({"present": PASSWORD, "new": NEW, "again": "other"}, "The two new passwords differ"),
        ({"present": PASSWORD, "new": "short", "again": "short"}, "too short"),
        ({"new": NEW, "again": NEW}, "The present password is another one"),
    ],
)
def test_a_password_that_cannot_be_is_refused_and_everything_stays(client, engine, person, form, told):
    answer = post(client, "password", form, person[0])
    assert answer.status == 422 and told in answer.text and not answer.cookies and NEW not in answer.text
    assert all(signed_in(engine, cookie) for cookie in person)
    with open_session(engine, write=True) as session:
        assert check_password(session, EMAIL, PASSWORD, at=START)


def test_guessing_the_present_password_is_slowed_down_as_at_the_door(client, engine, person, clock):
    for _attempt in range(FREE_ATTEMPTS):
        assert post(client, "password", {"present": "wrong", "new": NEW, "again": NEW}, person[0]).status == 422
    right = {"present": PASSWORD, "new": NEW, "again": NEW}
    assert post(client, "password", right, person[0]).status == 422
    clock.at += timedelta(minutes=1)
    assert post(client, "password", right, person[0]).status == 303


def test_name_and_language_are_kept_and_recorded(client, engine, person):
    answer = post(client, "profile", {"name": "  Anna   B. ", "language": "kk"}, person[0])
    assert answer.header("location") == "/account?lang=kk&said=profile"
    with open_session(engine) as session:
        assert session.exec(select(Account.name, Account.language).where(Account.email == EMAIL)).one() == (
            "Anna B.", "kk",
        )  # fmt: skip
    details = last_event(engine).details
    assert (details["before"]["name"], details["after"]["name"]) == ("Anna", "Anna B.")
    assert post(client, "profile", {"name": "a" * 201, "language": "kk"}, person[0]).status == 422
    assert post(client, "profile", {"name": "a", "language": "xx"}, person[0]).status == 422


def test_signing_out_elsewhere_leaves_this_browser(client, engine, person):
    assert post(client, "sessions", {}, person[0]).status == 303
    assert signed_in(engine, person[0]) and not signed_in(engine, person[1])
    assert last_event(engine).details == {"sessions": 1}


def test_a_form_from_another_site_changes_nothing(client, engine, person):
    with open_session(engine, write=True) as session:
        path = invite(session, None, email="new@example.org", role="analyst", at=START).path
        session.commit()
    form = {"present": PASSWORD, "new": NEW, "again": NEW, "name": "Evil", "language": "ru"}
    for address in ("/account/profile", "/account/password", "/account/sessions", path):
        answer = client.post(address, form, cookie=f"{COOKIE}={person[0]}", origin="http://evil.example")
        assert answer.status == 403
    assert signed_in(engine, person[1]) and client.get(path).status == 200


def test_no_route_that_changes_something_answers_a_page_of_another_site(sqlite_url):
    application = Client(whole_application(make_engine(sqlite_url)))
    changing = [row.thing.split() for row in ROWS if not row.thing.startswith("GET ")]
    assert len(changing) >= 8
    for method, path in changing:
        for foreign in ({"origin": "http://evil.example"}, {"sec_fetch_site": "cross-site"}, {}):
            assert application.ask(method, path.replace("{token}", "x"), foreign).status in (403, 404), path


def test_a_link_sets_a_password_once_and_leads_to_the_door(client, engine):
    with open_session(engine, write=True) as session:
        path = invite(session, None, email=EMAIL, role="analyst", at=START).path
        session.commit()
    for _look in range(2):
        page = client.get(f"{path}?lang=en")
        assert page.status == 200 and EMAIL in page.text, "looking does not use it up"
        assert page.header("referrer-policy") == "no-referrer" and page.header("cache-control") == "no-store"
    assert client.post(path, {"new": NEW, "again": "other"}).status == 422
    assert client.post(path, {"new": "short", "again": "short"}).status == 422
    answer = client.post(f"{path}?lang=en", {"new": NEW, "again": NEW})
    assert answer.header("location") == "/account/login?lang=en&said=password_set" and not answer.cookies
    assert "Your password is set" in client.get(answer.header("location")).text
    assert client.post("/account/login", {"username": EMAIL, "password": NEW}).status == 303
    again = client.post(path, {"new": PASSWORD, "again": PASSWORD})
    assert again.status == 404 and "used already" in again.text and EMAIL not in again.text
    assert client.get("/account/link/nothing").status == 404


def test_changing_the_password_ends_links_that_were_made_before(client, engine, person):
    with open_session(engine, write=True) as session:
        anna = session.exec(select(Account).where(Account.email == EMAIL)).one()
        path = make_link(session, None, anna, at=START).path
        session.commit()
    post(client, "password", {"present": PASSWORD, "new": NEW, "again": NEW}, person[0])
    assert client.get(path).status == 404


def test_a_changed_grant_changes_the_token_at_the_next_page_and_a_copy_of_the_old_one_opens_nothing(
    client, engine, person, clock
):
    cookie = person[0]
    assert COOKIE not in client.get("/account", cookie=f"{COOKIE}={cookie}", **PAGE).cookies, "nothing changed"
    clock.at += timedelta(minutes=5)
    with open_session(engine, write=True) as session:
        grant = session.exec(select(Grant).join(Account).where(Account.email == EMAIL)).one()
        revoke_grant(session, grant, at=clock.at)
        session.commit()
    assert COOKIE not in client.get("/account", cookie=f"{COOKIE}={cookie}").cookies, "what is no page changes nothing"
    answer = client.get("/account", cookie=f"{COOKIE}={cookie}", **PAGE)
    fresh = answer.cookies[COOKIE].value
    assert answer.status == 200 and "You hold no role yet" in answer.text, "this very page goes by the new one"
    assert signed_in(engine, fresh, clock.at) and not signed_in(engine, cookie, clock.at)
    clock.at += timedelta(minutes=1)
    assert COOKIE not in client.get("/account", cookie=f"{COOKIE}={fresh}", **PAGE).cookies, "once is enough"


def test_a_renewed_session_still_ends_when_it_would_have(client, engine, person, clock):
    clock.at += timedelta(hours=1)
    answer = post(client, "password", {"present": PASSWORD, "new": NEW, "again": NEW}, person[0])
    fresh = answer.cookies[COOKIE].value
    assert signed_in(engine, fresh, clock.at + timedelta(minutes=30))
    with open_session(engine) as session:
        assert not account_for(session, fresh, START + timedelta(hours=12)).signed_in


def test_fields_are_labelled_and_say_what_is_wrong(client, person):
    text = post(client, "password", {"present": "x", "new": NEW, "again": NEW}, person[0]).text
    fields = re.findall(r'<(?:input|select) id="(\w+)"', text)
    assert set(fields) == set(re.findall(r'<label for="(\w+)"', text)) == {
        "name", "language", "present", "new", "again",
    }  # fmt: skip
    assert re.search(r'id="present"[^>]*aria-describedby="problem"', text)
