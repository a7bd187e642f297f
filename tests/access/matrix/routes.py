"""Runs of the rows of the routes: the whole application asked with the cookie of a real session."""

import json
import re
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from access.accounts import set_password
from access.invitations import make_link
from access.sessions import COOKIE, account_for
from data_model.engine import open_session
from data_model.people import Account
from tests.access.matrix.world import NOW, PERIOD, RELEASED, SCHOOL, Case, runs
from tests.access.web.asgi import HOST, Answer, Client, whole_application

PASSWORD = "correct horse battery staple"


def ask(case: Case, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Ask the application as this person, from a page of the site itself."""
    ours = {"origin": f"http://{HOST}", "cookie": case.cookie, "accept-language": "en"} | headers
    return Client(application(case)).ask(method, path, ours, body)


def application(case: Case) -> Any:
    """Return the application on the country's database, made once."""
    if case.country.application is None:
        case.country.application = whole_application(case.country.engine)
    return case.country.application


def status(answer: Answer) -> str | None:
    """Return the cell: None for an answer with content, else its status."""
    return None if answer.status < 300 else str(answer.status)


def answered(case: Case, method: str, path: str) -> str | None:
    """Ask, and return the cell."""
    return status(ask(case, method, path))


PLAIN = (
    "GET /_stcore/agent", "GET /_stcore/metrics", "GET /_stcore/script-health-check",
    "GET /api/v1/areas", "GET /api/v1/claims", "GET /api/v1/figures", "GET /api/v1/initiatives", "GET /api/v1/measures",
    "GET /api/v1/openapi", "GET /api/v1/releases", "GET /api/v1/schools", "GET /auth/login", "GET /health",
    "GET /robots.txt", "GET /sitemap.xml",
    "POST /api/v1/figures", "PUT /_stcore/upload_file/session/file",
)  # fmt: skip
for route in PLAIN:
    method, path = route.replace("openapi", "openapi.json").split(" ")
    runs(route)(partial(answered, method=method, path=path))


@runs("GET /")
def the_page(case: Case) -> str | None:
    return status(ask(case, "GET", "/"))


@runs("GET /embed/latest")
def a_chart_to_embed(case: Case) -> str | None:
    answer = ask(case, "GET", "/embed/latest/kz-chatgpt-edu/licence_activation/KZ/latest?lang=en")
    (value,) = re.findall(r'<p class="value">([0-9.]+)%', answer.text)
    assert float(value) == RELEASED, "whoever asks, it is the released figure"
    return status(answer)


@runs("GET /r/1")
def a_permanent_address(case: Case) -> str | None:
    answer = ask(case, "GET", "/r/1")
    return None if answer.header("location") == "/start?release=1" else status(answer)


@runs("GET /account/login")
def the_page_to_sign_in_on(case: Case) -> str | None:
    answer = ask(case, "GET", "/account/login")
    return "goes on" if answer.status == 303 else status(answer)


@runs("GET /account")
def ones_own_account(case: Case) -> str | None:
    return to_sign_in(ask(case, "GET", "/account"))


@runs("POST /account/password", "POST /account/profile", "POST /account/sessions")
def change_ones_own_account(case: Case) -> str | None:
    with open_session(case.country.engine, write=True) as session:
        if case.who.account_id is not None:
            set_password(session, session.get_one(Account, case.who.account_id), PASSWORD, at=NOW)
            session.commit()
    forms = {
        "password": {"present": PASSWORD, "new": PASSWORD, "again": PASSWORD},
        "profile": {"name": "", "language": "en"},
        "sessions": {"all": "1"},
    }
    outcomes = set()
    for path, form in forms.items():
        answer = ask(case, "POST", f"/account/{path}", urlencode(form).encode())
        done = answer.status == 303 and f"said={path}" in answer.header("location")
        outcomes.add(None if done else to_sign_in(answer))
    (outcome,) = outcomes
    return outcome


@runs("GET /account/link/{token}", "POST /account/link/{token}")
def set_a_password_by_a_link(case: Case) -> str | None:
    with open_session(case.country.engine, write=True) as session:
        nobody = session.get_one(Account, case.country.world.accounts["nobody"].id)
        path = make_link(session, None, nobody, at=datetime.now(UTC)).path
        session.commit()
    shown = ask(case, "GET", path)
    assert "nobody@example.org" in shown.text
    answer = ask(case, "POST", path, urlencode({"new": PASSWORD, "again": PASSWORD}).encode())
    assert answer.status == 303 and ask(case, "GET", path).status == 404
    return status(shown)


def to_sign_in(answer: Answer) -> str | None:
    """Return the cell of a page that sends whoever is not signed in to do so first."""
    asks = answer.status == 303 and answer.header("location").startswith("/account/login")
    return "to sign in" if asks else status(answer)


@runs("POST /account/login")
def sign_in(case: Case) -> str | None:
    with open_session(case.country.engine, write=True) as session:
        account = session.get_one(Account, case.country.world.accounts["nobody"].id)
        set_password(session, account, PASSWORD, at=NOW)
        session.commit()
    form = urlencode({"username": "nobody@example.org", "password": PASSWORD}).encode()
    answer = ask(case, "POST", "/account/login", form)
    assert COOKIE in answer.cookies
    return None if answer.status == 303 else status(answer)


@runs("POST /account/logout")
def sign_out(case: Case) -> str | None:
    cookie = case.cookie
    answer = ask(case, "POST", "/account/logout", cookie=cookie)
    with open_session(case.country.engine) as session:
        assert not account_for(session, cookie.partition("=")[2], datetime.now(UTC)).signed_in, (
            "the copy is worth nothing"
        )
    return None if answer.status == 303 else status(answer)


@runs("PUT /intake/files")
def bring_a_file(case: Case) -> str | None:
    content = f"school_code,period,teachers_total\n{SCHOOL},{PERIOD},51\n".encode()
    answer = ask(case, "PUT", f"/intake/files?initiative={case.initiative.key}&name=october.csv", content)
    assert ("draft" in json.loads(answer.text)) == (answer.status == 201)
    return status(answer)


@runs("PUT /register/files")
def bring_a_register(case: Case) -> str | None:
    content = f"school_code,wave,joined_on\n{SCHOOL},1,2025-01-01\n".encode()
    address = f"/register/files?table=enrolments&within={case.initiative.key}&name=enrolments.csv"
    answer = ask(case, "PUT", address, content)
    assert ("draft" in json.loads(answer.text)) == (answer.status == 201)
    return status(answer)
