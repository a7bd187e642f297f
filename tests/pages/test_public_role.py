"""On PostgreSQL a visitor's pages ask under the public's database role: they work, and it reads what is public only."""

import pytest
import sqlalchemy as sa
import streamlit as st

from access import settings
from access.identity import PUBLIC
from publishing import public_role
from publishing.brief.contents import Question
from publishing.brief.make import make
from tests.pages.conftest import NOW, texts
from ui import answers, database
from ui.navigation import ENTRIES

NAME, PASSWORD = "uptake_public_pages", "a password of its own"
PUBLIC_PAGES = [entry.name for entry in ENTRIES if entry.action is None]
VIEWS = [
    *((page, {}) for page in PUBLIC_PAGES),
    ("overview", {"release": "1"}), ("overview", {"area": "KZ-75", "measure": "teachers_active"}),
    ("adoption", {"measure": "teacher_activation", "view": "quarter"}), ("adoption", {"pair": "teachers_total"}),
    ("adoption", {"school": "001024"}), ("compare", {"what": "chance"}), ("compare", {"what": "groups"}),
    ("compare", {"what": "initiatives"}), ("compare", {"what": "measures"}), ("changes", {"since": "release"}),
    ("initiatives", {"initiative": "kz-chatgpt-edu"}), ("money", {"view": "cost"}), ("money", {"view": "funds"}),
    ("money", {"view": "case"}), ("overview", {"open": "teachers_active"}),
]  # fmt: skip


@pytest.fixture
def public(engine, released, postgresql_url, monkeypatch):
    """The country after a release, its visitors asking under the role."""
    public_role.make(engine, NAME, PASSWORD)
    address = sa.make_url(postgresql_url).set(username=NAME, password=PASSWORD).render_as_string(False)
    monkeypatch.setenv(settings.PUBLIC_DATABASE, address)
    asked = []
    opened = database._public_engine(address)
    sa.event.listen(opened, "after_cursor_execute", lambda *call: asked.append(call[2]))
    yield asked
    opened.dispose()
    answers.forget()
    st.cache_resource.clear()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {NAME}")
        connection.exec_driver_sql(f"DROP ROLE {NAME}")


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_every_page_of_a_visitor_works_under_the_public_role(public, open_page):
    for page, address in VIEWS:
        public.clear()
        answers.forget()
        said = texts(open_page(page, **address))
        assert said and public, f"{page} {address} was asked under another role"
        assert "permission denied" not in said
    with database.reading(public=True) as session:
        assert make(session, Question("kz-chatgpt-edu", released=True), NOW, who=PUBLIC).startswith(b"%PDF")
