"""Signing in and out, as a browser does it."""

import threading
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from access.accounts import FREE_ATTEMPTS, add_account
from access.language import current, in_language
from access.sessions import COOKIE, account_for
from access.web import page, sign_in
from data_model.engine import make_engine, open_session
from data_model.people import Account, SignInSession
from tests.access.web.asgi import Client
from tests.factories import START

EMAIL, PASSWORD = "anna@example.org", "correct horse battery"
RIGHT = {"username": EMAIL, "password": PASSWORD}


class Clock:
    """A clock that stands until it is set."""

    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client(engine, clock):
    with open_session(engine, write=True) as session:
        add_account(session, email=EMAIL, password=PASSWORD, at=START)
        session.commit()
    return Client(Starlette(routes=sign_in.routes(engine, clock)))


def who(engine, cookie, at=START):
    with open_session(engine) as session:
        return account_for(session, cookie, at).email


def test_the_right_password_opens_a_session_and_goes_back(client, engine):
    answer = client.post("/account/login?next=%2Fadoption%3Farea%3DKZ-75", RIGHT)
    assert answer.status == 303 and answer.header("location") == "/adoption?area=KZ-75"
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", "")
    assert cookie["max-age"] == str(12 * 60 * 60) and not cookie["domain"]
    assert who(engine, cookie.value) == EMAIL


def test_the_cookie_travels_by_https_alone_where_the_visitor_came_so(client):
    client.scheme = "https"
    assert client.post("/account/login", RIGHT).cookies[COOKIE]["secure"] is True


@pytest.mark.parametrize(
    "form", [{"username": EMAIL, "password": "wrong"}, {"username": "nobody@example.org", "password": PASSWORD}, {}]
)
def test_anything_else_opens_nothing_and_says_the_same(client, engine, form):
    answer = client.post("/account/login", form)
    assert answer.status == 401 and not answer.cookies
    assert "do not open an account" in answer.text and PASSWORD not in answer.text
    with open_session(engine) as session:
        assert session.exec(select(SignInSession)).all() == []


def test_guessing_closes_the_account_for_a_while_to_the_right_password_too(client, clock):
    for _ in range(FREE_ATTEMPTS):
        assert client.post("/account/login", {**RIGHT, "password": "wrong"}).status == 401
    assert client.post("/account/login", RIGHT).status == 401
    clock.at += timedelta(minutes=1)
    assert client.post("/account/login", RIGHT).status == 303


@pytest.mark.parametrize("path", ["/account/login", "/account/logout"])
@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"sec_fetch_site": "cross-site"}, {"origin": "null"}]
)
def test_a_form_from_another_site_does_nothing(client, engine, path, headers):
    cookie = client.post("/account/login", RIGHT).cookies[COOKIE].value
    answer = client.post(path, RIGHT, cookie=f"{COOKIE}={cookie}", **headers)
    assert answer.status == 403 and not answer.cookies
    assert who(engine, cookie) == EMAIL


def test_signing_out_ends_the_session_and_takes_the_cookie_back(client, engine):
    cookie = client.post("/account/login", RIGHT).cookies[COOKIE].value
    answer = client.post("/account/logout", cookie=f"{COOKIE}={cookie}")
    assert answer.status == 303 and answer.header("location") == "/"
    assert answer.cookies[COOKIE].value == "" and answer.cookies[COOKIE]["max-age"] == "0"
    assert who(engine, cookie) == ""
    assert client.get("/account/logout").status == 405, "a link or picture cannot sign anybody out"


def test_signing_in_changes_the_token(client, engine):
    planted = client.post("/account/login", RIGHT).cookies[COOKIE].value
    fresh = client.post("/account/login", RIGHT, cookie=f"{COOKIE}={planted}").cookies[COOKIE].value
    assert who(engine, planted) == "" and who(engine, fresh) == EMAIL


def test_who_is_signed_in_goes_straight_on(client):
    cookie = client.post("/account/login", RIGHT).cookies[COOKIE].value
    answer = client.get("/account/login?next=/review", cookie=f"{COOKIE}={cookie}")
    assert answer.status == 303 and answer.header("location") == "/review"


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("/adoption?area=KZ-75&period=2026-09", "/adoption?area=KZ-75&period=2026-09"),
        ("/", "/"),
        ("//evil.example", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/\n/evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("evil", "/"),
        ("", "/"),
        (None, "/"),
        ("/account/logout", "/"),
        ("/" + "a" * 3_000, "/"),
    ],
)
def test_the_way_back_never_leaves_the_site(given, safe):
    assert page.safe_return(given) == safe


def test_what_was_typed_is_shown_as_text(client):
    evil = '"><script>alert(1)</script>'
    answer = client.post("/account/login?next=/%22%3E%3Cscript%3E", {"username": evil, "password": "x"})
    assert "<script" not in answer.text and "&lt;script&gt;" in answer.text


def test_the_page_runs_no_script_and_is_not_kept(client):
    answer = client.get("/account/login")
    assert answer.status == 200 and answer.header("cache-control") == "no-store"
    policy = answer.header("content-security-policy")
    assert policy.startswith("default-src 'none'") and "script-src" not in policy and "unsafe" not in policy


class Fields(HTMLParser):
    """Collects labels and inputs."""

    def __init__(self):
        super().__init__()
        self.labels, self.inputs, self.language, self.action = set(), {}, "", ""

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "label":
            self.labels.add(named["for"])
        elif tag == "input":
            self.inputs[named["name"]] = named
        elif tag == "html":
            self.language = named["lang"]
        elif tag == "form":
            self.action = named["action"]


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "en"),
        ("", "kk-KZ,kk;q=0.9,ru;q=0.8", "kk"),
        ("?lang=ru", "kk-KZ", "ru"),
        ("?lang=xx", "ru", "ru"),
    ],
)
def test_the_page_speaks_the_readers_language_and_labels_its_fields(client, query, header, language):
    headers = {} if header is None else {"accept_language": header}
    found = Fields()
    found.feed(client.get(f"/account/login{query}", **headers).text)
    assert found.language == language and f"lang={language}" in found.action
    assert set(found.inputs) == {"username", "password"}
    assert {named["id"] for named in found.inputs.values()} == found.labels
    assert found.inputs["password"]["autocomplete"] == "current-password"


def test_a_language_chosen_on_the_page_is_kept_after_it(client):
    assert client.post("/account/login?lang=ru&next=/review", RIGHT).header("location") == "/review?lang=ru"
    assert client.post("/account/login?lang=ru&next=/%3Flang%3Dkk", RIGHT).header("location") == "/?lang=kk"


def test_the_page_leaves_the_language_of_others_alone(client):
    with in_language("kk"):
        client.get("/account/login?lang=ru")

        assert current() == "kk"


def test_a_form_larger_than_ours_is_not_read_to_its_end(client):
    assert client.post("/account/login", b"username=" + b"a" * 20_000).status == 413


def test_many_at_once_are_counted_one_by_one(client, engine):
    threads = [
        threading.Thread(target=client.post, args=("/account/login", {**RIGHT, "password": "wrong"})) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_session(engine) as session:
        assert session.exec(select(Account.failed_sign_ins)).one() == 4


def test_health_says_whether_the_database_answers_and_fits(client, engine, tmp_path):
    assert (client.get("/health").status, client.get("/health").text) == (200, '{"status":"ok","database":"current"}')
    empty = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    answer = Client(Starlette(routes=sign_in.routes(empty))).get("/health")
    assert (answer.status, answer.text) == (503, '{"status":"failing","database":"empty"}')
    gone = make_engine("postgresql://nobody@127.0.0.1:9/nothing")
    answer = Client(Starlette(routes=sign_in.routes(gone))).get("/health")
    assert (answer.status, answer.text) == (503, '{"status":"failing","database":"unreachable"}')


def test_health_does_not_ask_the_database_each_time(client, monkeypatch):
    asked = []

    def state(engine):
        asked.append(engine)
        return "current"

    monkeypatch.setattr(sign_in, "schema_state", state)
    for _ in range(5):
        client.get("/health")
    assert len(asked) == 1
