"""The public's own pages: start, method, definitions, about, how they are cited, and where one begins."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.people import Account
from data_model.settings import InstanceSetting
from publishing import releases
from tests.factories import START
from tests.pages.conftest import be, go, html, texts, ways
from tests.screen import PATIENCE_SECONDS, ROOT
from ui import method


def at_the_door(**address: str) -> AppTest:
    """Return the app as it opens where no page is named."""
    app = AppTest.from_file(str(ROOT / "ui" / "dashboard.py"), default_timeout=PATIENCE_SECONDS)
    app.query_params.update(address)
    return app.run()


@pytest.mark.usefixtures("released")
def test_the_start_page_says_what_was_released_and_announced_and_what_they_do_not_say(open_page):
    app = open_page("start")
    said, shown = texts(app), html(app)
    assert "Teacher activation: 50.0%" in said and "October 2026 · 5 of 6 schools" in said
    assert "It does not say that anybody learned more." in said
    assert "<strong>Release 1</strong>" in shown and "First" in shown and "withheld to protect people" in shown
    assert "Announced</b>" in shown and "Kazakhstan</h3>" in shown
    assert "- counts of a few people, and whatever would give them away" in said


def test_before_the_first_release_it_tells_of_what_was_announced_alone(open_page, country):
    app = open_page("start")
    assert "No figures have been released yet." in texts(app) and not app.metric
    assert "Announced</b>" in html(app)


def test_an_earlier_release_is_shown_as_it_was_and_a_withdrawn_one_says_why(open_page, engine, released):
    with open_session(engine, write=True) as session:
        reviewer = identity_of_email(session, "reviewer@example.org")
        releases.release(session, by=reviewer, note="Second", at=START.replace(hour=20))
        releases.withdraw(session, 2, by=reviewer, reason="a wrong file", at=START.replace(hour=21))
        session.commit()
    assert "They stay as they are." in texts(open_page("start", release="1"))
    assert "a wrong file" in texts(open_page("start", release="2"))
    assert "Release 1</strong>" in html(open_page("start"))


@pytest.mark.usefixtures("released")
def test_who_names_no_page_begins_where_they_belong_and_a_shared_view_opens(open_page, engine, monkeypatch):
    be(engine, monkeypatch, "")
    assert at_the_door().title[0].value.startswith("AI in education")
    assert at_the_door(initiative="kz-chatgpt-edu", period="2026-09").title[0].value == "Overview"
    be(engine, monkeypatch, "analyst")
    assert at_the_door().title[0].value == "Overview"


@pytest.mark.usefixtures("released")
def test_a_definition_has_an_address_of_its_own_and_is_found_by_its_words(open_page):
    one = texts(open_page("definitions", measure="teacher_activation"))
    assert "### Teacher activation" in one and "### Teacher training" not in one
    assert "**Consists of:** Teachers active (`teachers_active`), Teachers total (`teachers_total`)" in one
    assert "**Initiatives that ask for it:**" in one
    app = open_page("definitions")
    assert "### Teacher training" in texts(app)
    app.text_input(key="choice_search").set_value("usefulness score").run()
    assert re.findall(r"^### (.*)", texts(app), re.MULTILINE) == ["Usefulness score"]
    assert app.query_params["q"] == "usefulness score"
    assert "There is no measure" in texts(open_page("definitions", measure="nothing"))


def test_every_rule_of_the_method_is_found_in_its_documentation(open_page):
    written = method._sections()
    assert all(name in written for part in method.PARTS for name in part.sections)
    said = texts(open_page("method"))
    assert "#### What is withheld" in said and "Fischetti" in said, "suppression names its sources"


def test_about_says_what_the_instance_says_and_nothing_in_it_runs(open_page, engine, country):
    with open_session(engine, write=True) as session:
        by = session.get_one(Account, country.accounts["administrator"].id).id
        for key, value in (("operator", "Ministry [of](javascript:x) Education"), ("contact_email", "ask@example.org")):
            session.add(InstanceSetting(key=key, value=value, set_by=by, recorded_at=START))
        session.commit()
    app = open_page("about")
    said = texts(app)
    assert r"Ministry \[of\](javascript\:x) Education" in said and "(mailto:ask@example.org)" in said
    assert "Creative Commons Attribution 4.0" in said
    assert 'href="mailto:ask@example.org"' in html(app), "the foot of every page says whom to ask"


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("page", "key", "address"),
    [
        ("start", "cite-start-teacher_activation", "/r/1/figures/kz-chatgpt-edu/teacher_activation/KZ/2026-10"),
        ("overview", "page", "/r/1/overview?"),
        ("method", "cite-method", "/r/1/method"),
    ],
)
def test_what_is_public_is_cited_under_an_address_that_stays(open_page, page, key, address):
    app = open_page(page)
    if {"cite": key} in ways(app):
        go(app, cite=key)
    else:
        app.get_by_key(key).click().run()
    citation, permanent, *embed = [block.value for block in app.code]
    assert address in permanent and permanent in citation and "release 1 of 2 Nov 2026" in citation
    assert (len(embed) == 1) == (page == "start")
    if embed:
        assert embed[0].startswith("<iframe src=") and address.replace("/r/1/figures", "/embed/1") in embed[0]


@pytest.mark.usefixtures("released")
def test_live_figures_are_not_cited_as_if_they_were_released(open_page):
    app = open_page("overview", "analyst")
    assert not [button.key for button in app.button if button.key and button.key.startswith("cite-")]
    assert not [change for change in ways(app) if "cite" in change]
