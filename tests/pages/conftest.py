"""What tests of the pages share: a small country that has reported, a person at the screen, and the app itself."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
import streamlit as st
from sqlalchemy.engine import Engine
from sqlmodel import Session
from streamlit.testing.v1 import AppTest

import ui.asking
import ui.identity
from access.identity import PUBLIC, Identity, identity_of_email
from data_model.engine import make_engine, open_session
from publishing.releases import release
from tests.factories import START, World, make_claim, make_source, make_world
from tests.intake.stories import Cell, accepted
from tests.made_once import made_once
from tests.screen import open_screen
from ui import answers, database

NOW = START + timedelta(days=1)
MONTHS = ("2026-08", "2026-09", "2026-10")
# Per school, in the order of their codes. The last one never reports; the fifth has no licences. In
# August three teachers are active in the whole of KZ-75: too few to be released.
TEACHERS = (10, 20, 30, 40, 50)
ACTIVE = {"2026-08": (1, 1, 1, 4, 5), "2026-09": (2, 4, 6, 8, 10), "2026-10": (5, 10, 15, 20, 25)}

Open = Callable[..., AppTest]


def reports(world: World, month: str) -> dict[Cell, float | str]:
    """Return what the schools report for a month: half the teachers are active in October, all licences handed out."""
    said: dict[Cell, float | str] = {}
    for code, total, active in zip(sorted(world.schools), TEACHERS, ACTIVE[month], strict=False):
        said[code, "teachers_total", month] = total
        said[code, "teachers_trained", month] = active
        said[code, "teachers_active", month] = active
        said[code, "licences_allocated", month] = "n/a" if total == 50 else total
        said[code, "licences_activated", month] = "n/a" if total == 50 else active
        said[code, "messages_sent", month] = 10 * active
    return said


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine on the database that the app opens too: SQLite, unless the test asks for `postgresql`."""
    address = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setattr(ui.asking, "clock", lambda: NOW)
    answers.forget()
    st.cache_resource.clear()
    opened = make_engine(address)
    yield opened
    opened.dispose()
    database.engine().dispose()  # the app's own


@pytest.fixture
def country(engine: Engine) -> World:
    """The small country with three months of reports, accepted one after another, and an announced figure."""

    def make() -> World:
        with open_session(engine, write=True) as session:
            world = make_world(session)
            make_claim(session, world.initiative, make_source(session, "S2", grade="C"), "claim", note="Said *once*.")
            for number, month in enumerate(MONTHS):
                accepted(session, world, reports(world, month), START + timedelta(hours=number))
            session.commit()
        return world

    return made_once(engine, "country", make)


@pytest.fixture
def released(engine: Engine, country: World) -> World:
    """The same country after a release."""

    def make() -> World:
        with open_session(engine, write=True) as session:
            reviewer = identity_of_email(session, "reviewer@example.org")
            release(session, by=reviewer, note="First", at=START + timedelta(hours=9))
            session.commit()
        return country

    return made_once(engine, "released", make)


@pytest.fixture
def open_page(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page as somebody: `open_page("adoption", "analyst", area="KZ-75")`."""

    def open_page(page: str = "overview", role: str = "", **address: str) -> AppTest:
        be(engine, monkeypatch, role)
        return open_screen(page, **address)

    return open_page


def be(engine: Engine, monkeypatch: pytest.MonkeyPatch, role: str) -> None:
    """Let the account of this role be who asks from now on; the public when it is empty."""

    def somebody(_at: datetime) -> Identity:
        if not role:
            return PUBLIC
        with open_session(engine) as session:
            return identity_of_email(session, f"{role}@example.org")

    monkeypatch.setattr(ui.identity, "current_identity", somebody)


def texts(app: AppTest) -> str:
    """Return everything that is said on the page, one piece a line."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    said = [str(element.value) for kind in kinds for element in app.get(kind)]
    # Of HTML what is read: its tags part the pieces.
    said += [unescape(piece) for piece in re.split(r"<[^>]*>", html(app)) if piece]
    said += [f"{metric.label}: {metric.value} {metric.delta}" for metric in app.metric]
    return "\n".join(said)


def html(app: AppTest) -> str:
    """Return the plain HTML on a page."""
    return "".join(element.proto.body for element in app.get("html"))


def ways(app: AppTest) -> list[dict[str, str | None]]:
    """Return what each way on in plain HTML would change of the address (see `ui.ways`)."""
    return [json.loads(unescape(change)) for change in re.findall(r'data-go="([^"]*)"', html(app))]


def pressed(app: AppTest, within: str) -> list[str]:
    """Return what stands on the ways on within each piece of HTML of a class."""
    bodies = [element.proto.body for element in app.get("html")]
    pieces = [body for body in bodies if f'class="{within}"' in body]
    found = re.findall(r"<(?:button|a)[^>]*>(.*?)</(?:button|a)>", "".join(pieces))
    return [unescape(re.sub(r'<span class="uptake-icon".*?</span>|<[^>]*>', "", one)) for one in found]


def go(app: AppTest, **changes: str | None) -> AppTest:
    """Press the way on that changes the address so, as `ui/static/page.js` does it in a browser."""
    assert changes in ways(app), changes
    for name, value in changes.items():
        if value is None:
            app.query_params.pop(name, None)
        else:
            app.query_params[name] = value
    return app.run()


def with_session(engine: Engine, question: Callable[[Session], object]) -> object:
    """Return the answer to a question put to the database."""
    with open_session(engine) as session:
        return question(session)
