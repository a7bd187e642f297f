"""The audit trail on screen: found, opened, checked, and kept from those who do not administer."""

import json

import pytest
import streamlit as st
from sqlmodel import select

from access import audit
from access.accounts import revoke_grant
from access.origin import Channel, coming_from
from access.refusal import NotAllowed
from data_model.engine import open_session
from data_model.people import Grant
from tests.factories import START
from tests.pages.conftest import texts


@pytest.fixture
def changed(engine, country):
    """The number of an event that says what stood before and after."""
    with open_session(engine, write=True) as session, coming_from(Channel.SCREEN, "192.0.2.7"):
        event = audit.record(
            session, at=START, who=None, action="row_changed", subject_type="initiative", subject_key="kz-chatgpt-edu",
            details={"name": "ChatGPT *Edu*", "before": {"due_days": 10}, "after": {"due_days": 15}},
        )  # fmt: skip
        session.commit()
    return event.id


def test_an_administrator_finds_an_event_and_sees_what_changed(open_page, country, changed):
    app = open_page("audit", "administrator")
    assert "Submission accepted" in " ".join(button.label for button in app.button)
    app.selectbox(key="audit-action").select("row_changed")
    app.button(key="FormSubmitter:audit-search-Search").click().run()
    opened = [button for button in app.button if str(button.key).startswith("open-event-")]
    assert [button.label for button in opened] == ["Entry changed: Initiative ChatGPT \\*Edu\\*"]
    opened[0].click().run()
    assert not app.exception
    said = texts(app)
    assert "on screen" in said and "192.0.2.7" not in said, "the operator is nobody who is signed in"
    assert app.table[0].value.reset_index().to_numpy().tolist() == [["Days to report", "10", "15"]]


def test_the_trail_is_checked_on_a_button(open_page, country):
    app = open_page("audit", "administrator")
    app.button(key="audit-verify").click().run()
    assert "Intact: all " in texts(app)


def test_the_trail_is_for_administrators(open_page, country):
    assert "Sign in to open this page." in texts(open_page("audit"))
    assert "This page is for those who hold a grant for it" in texts(open_page("audit", "reviewer"))


def test_what_is_taken_along_runs_no_formula_and_asks_anew_who_may(monkeypatch, open_page, engine, country, changed):
    pressed = {}
    monkeypatch.setattr(st, "download_button", lambda _label, made, name, **_look: pressed.update({name: made}))
    with open_session(engine, write=True) as session:
        audit.record(
            session, at=START, who=None, action="submit", subject_type="initiative", subject_key="=1+1",
            details={"initiative": "kz-chatgpt-edu"},
        )  # fmt: skip
        session.commit()
    open_page("audit", "administrator", subject_key="=1+1")
    assert "'=1+1" in pressed["audit-trail.csv"]().decode("utf-8-sig").splitlines()[1]
    assert json.loads(pressed["audit-trail.jsonl"]())["subject_key"] == "=1+1"
    with open_session(engine, write=True) as session:
        grant = session.exec(select(Grant).where(Grant.role == "administrator")).one()
        revoke_grant(session, grant, at=START)
        session.commit()
    for made in pressed.values():
        with pytest.raises(NotAllowed):
            made()


def test_a_page_that_ends_early_has_its_foot_too(open_page, changed):
    assert "uptake-foot" in str(
        [piece.proto for piece in open_page("audit", "administrator", event=str(changed)).get("html")]
    )
