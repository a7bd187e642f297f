"""The access matrix: each of its cells run through the real function, page or route; that nothing is missing in it.

How to add a row is told in `access/matrix/__init__.py`.
"""

import importlib
import inspect
import pkgutil
import shutil
from pathlib import Path

import pytest
import streamlit as st

import ui.asking
import ui.identity
from access.identity import Identity
from access.matrix.document import document
from access.matrix.rows import FLOORS, UNDECIDED, every_row
from access.matrix.table import Asker
from data_model.engine import make_engine, open_session
from publishing.web import openapi
from tests.access.matrix import access, administration, analytics, intake, pages, publishing, routes  # noqa: F401
from tests.access.matrix.world import NOW, RUNS, Case, make_matrix_country, outcome
from ui import answers, database

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("access", "analytics", "intake", "publishing")
ROWS = {row.subject: row for row in every_row()}


@pytest.fixture(scope="module")
def country(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(sqlite_template, folder / "uptake.db")
    engine = make_engine(f"sqlite:///{folder / 'uptake.db'}")
    yield make_matrix_country(engine, folder / "staging")
    engine.dispose()


@pytest.fixture
def somebody(country, monkeypatch):
    """Let pages and routes look at the country's database, at the moment of asking."""
    monkeypatch.setenv("DATABASE_URL", country.engine.url.render_as_string())
    monkeypatch.setattr(ui.asking, "clock", lambda: NOW)
    monkeypatch.setattr(ui.identity, "current_identity", ui.identity.current_identity)
    answers.forget()
    st.cache_resource.clear()
    yield
    database.engine().dispose()


@pytest.mark.parametrize("subject", ROWS)
def test_access_matrix_holds_in_every_cell(subject, country, somebody):
    row, wrong = ROWS[subject], {}
    is_function = "/" not in subject
    for asker in Asker:
        # A page and a route write through connections of their own; what a function writes is rolled back.
        with open_session(country.engine, write=is_function) as session:
            found = outcome(RUNS[subject], Case(asker, session, country))
            session.rollback()
        if found != row.cell(asker):
            wrong[str(asker)] = f"is {found!r}, the matrix says {row.cell(asker)!r}"
    assert not wrong


def test_access_matrix_names_everything_that_takes_an_identity():
    taking = set()
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__"):
                taking |= set(_taking_an_identity(importlib.import_module(module.name)))
    named = {row.thing for row in ROWS.values()} | set(UNDECIDED)
    functions = {name for name in named if name.split(".")[0] in ROOMS and " " not in name}
    assert taking - functions == set(), "add them: access/matrix/__init__.py tells how"
    assert functions - taking - {"access.permissions.visible_areas"} == set(), "they are gone, or take nobody"


def _taking_an_identity(module):
    """Yield the public functions and methods of a module with a parameter that says who asks."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
            continue
        members = {name: thing} if inspect.isfunction(thing) else {}
        if inspect.isclass(thing):
            members = {f"{name}.{key}": one for key, one in vars(thing).items() if key[0] != "_"}
        for path, function in members.items():
            function = getattr(function, "__func__", function)
            if inspect.isfunction(function) and any(
                _is_identity(annotation)
                for key, annotation in inspect.get_annotations(function, eval_str=True).items()
                if key != "return"
            ):
                yield f"{module.__name__}.{path}"


def _is_identity(annotation):
    return annotation is Identity or Identity in getattr(annotation, "__args__", ())


def test_access_matrix_names_every_page():
    files_of_pages = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py") if path.stem != "__init__"}
    assert files_of_pages == {row.thing for row in ROWS.values() if row.subject.startswith("pages/")}


def test_access_matrix_names_every_route(country, somebody):
    ours = {
        f"{method} {route.path}"
        for route in routes.application(Case(Asker.VISITOR, None, country))._user_routes
        for method in route.methods - {"HEAD"}
    }
    assert ours <= set(ROWS)
    described = {f"GET {path.removesuffix('.json').removesuffix('.csv')}" for path in openapi.document()["paths"]}
    assert {route for route in described if "/releases/" not in route} <= {row.thing for row in ROWS.values()}


def test_access_matrix_runs_every_row_and_no_other():
    assert set(RUNS) == set(ROWS), "each row has a run in tests/access/matrix/"
    assert len(ROWS) == len(every_row()), "a subject stands twice"
    for rows in FLOORS.values():
        assert [row.subject for row in rows] == sorted((row.subject for row in rows), key=lambda text: text.rstrip(")"))


def test_access_matrix_in_the_docs_is_what_the_command_writes():
    written = (ROOT / "docs" / "access-matrix.md").read_text(encoding="utf-8")
    assert written == document(), "run `.venv/bin/python -m access matrix -o docs/access-matrix.md`"
    assert f"{len(ROWS) * len(Asker):,} cells" in written
