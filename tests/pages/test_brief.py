"""The brief on screen: made when its button is pressed, of what this person may see."""

import io

import pypdf
import pytest
import streamlit as st
from sqlmodel import select

from access.refusal import NotAllowed
from data_model.engine import open_session
from data_model.people import Grant
from tests.factories import make_initiative, make_source


@pytest.fixture
def pressed(monkeypatch, open_page):
    """Return a function that opens a page as somebody and presses the brief's button: its file name and its words."""

    def pressed(*who, **address):
        caught = {}
        monkeypatch.setattr(
            st, "download_button", lambda label, data, file_name, **_look: caught.update({label: (file_name, data)})
        )
        open_page(*who, **address)
        name, made = caught["Brief (PDF)"]
        return name, lambda: " ".join(
            " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made())).pages).split()
        )

    return pressed


@pytest.mark.usefixtures("released")
def test_staff_get_live_figures_of_the_view_and_the_public_what_is_released(pressed):
    name, words = pressed("overview", "analyst", area="KZ-75", period="2026-09", measure="teachers_active")
    assert name == "kz-chatgpt-edu-KZ-75-2026-09-en.pdf"
    assert "KZ-75 · September 2026" in words() and "All figures as they were known on" in words()
    assert "measure=teachers_active" in words(), "what leads on the page leads in the brief"
    _name, words = pressed("overview")
    assert "(release 1)" in words() and "School 0" not in words()


@pytest.mark.usefixtures("released")
def test_who_lost_their_grant_since_the_page_was_drawn_gets_no_brief(pressed, engine):
    _name, words = pressed("overview", "analyst")
    with open_session(engine, write=True) as session:
        for grant in session.exec(select(Grant)):
            session.delete(grant)
        session.commit()
    with pytest.raises(NotAllowed):
        words()


@pytest.mark.usefixtures("country")
def test_an_initiative_without_reports_has_one_too(pressed, engine):
    with open_session(engine, write=True) as session:
        make_initiative(session, make_source(session, "S9"), "kz-fund", kind="fund", name="The Fund")
        session.commit()
    name, words = pressed("initiatives", initiative="kz-fund")
    assert name == "kz-fund-en.pdf" and "No school reports about this initiative." in words()
