"""Review: decide on exactly what was shown, with a reason; take back what was accepted."""

from datetime import timedelta

import pytest

from data_model.engine import open_session
from data_model.submissions import Submission
from tests.factories import START
from tests.intake.stories import accept_now, submitted
from tests.pages.conftest import be, texts, with_session

NEW = {("001024", "teachers_active", "2026-10"): 9.0, ("100451", "teachers_total", "2026-10"): 60.0}


@pytest.fixture
def waiting(engine, country):
    """The number of a submission that waits: one value changed, one new."""
    with open_session(engine, write=True) as session:
        number = submitted(session, country, NEW, START + timedelta(hours=5)).id
        session.commit()
    return number


def state(engine, number):
    return with_session(engine, lambda session: session.get(Submission, number).state)


def test_a_reviewer_sees_what_waits_and_its_effect(open_page, waiting):
    app = open_page("review", "reviewer")
    app.button(key=f"open-{waiting}").click().run()
    said = texts(app)
    assert "This file adds 1 value and overwrites 1 value" in said
    assert "1 line explains 100.0% of the movement, which comes from 1 school." in said
    figures = next(frame.value for frame in app.table if "After" in frame.value.columns).set_index("Figure")
    assert figures.loc["Teachers active", ["Before", "After", "Explained below"]].tolist() == [
        "75 (5 of 6 schools)", "**79** (5 of 6 schools)", "100.0%",
    ]  # fmt: skip
    lines = [box.label for box in app.checkbox]
    assert lines[0].startswith("**") and "Teachers active · school 001024 · 5 → 9" in " ".join(lines)
    assert "Submitted by manager" in said


def test_looking_at_a_submission_keeps_nothing(open_page, engine, waiting):
    open_page("review", "reviewer", submission=str(waiting))
    assert state(engine, waiting) == "waiting"
    app = open_page("overview", "analyst")
    assert {metric.label: metric.value for metric in app.metric}["Teachers active"] == "75"


def test_accepting_moves_the_overview_and_undoing_brings_it_back(open_page, engine, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    app.button(key="accept").click().run()
    assert f"Submission {waiting} is accepted." in texts(app)
    overview = open_page("overview", "analyst")
    assert {metric.label: metric.value for metric in overview.metric}["Teachers active"] == "79"
    app = open_page("review", "reviewer", submission=str(waiting))
    app.text_area(key=f"reason-{waiting}").input("wrong month").run()
    app.button(key="undo").click().run()
    assert "2 values were reversed." in texts(app)
    overview = open_page("overview", "analyst")
    assert {metric.label: metric.value for metric in overview.metric}["Teachers active"] == "75"


@pytest.mark.parametrize("button", ["reject", "undo"])
def test_a_reason_is_needed(open_page, engine, waiting, button):
    app = open_page("review", "reviewer", submission=str(waiting))
    if button == "undo":
        app.button(key="accept").click().run()
    before = state(engine, waiting)
    app.button(key=button).click().run()
    assert "Say why: a reason is kept with the decision." in texts(app)
    assert state(engine, waiting) == before


def test_rejecting_with_a_reason_says_so_to_the_manager(open_page, engine, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    app.text_area(key=f"reason-{waiting}").input("another file came").run()
    app.button(key="reject").click().run()
    assert state(engine, waiting) == "rejected"
    assert "Reason: another file came" in texts(open_page("upload", "manager", submission=str(waiting)))


def test_a_stale_preview_is_refused_and_made_again(open_page, engine, country, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    with open_session(engine, write=True) as session:
        other = submitted(session, country, {("001024", "teachers_active", "2026-10"): 6.0}, START + timedelta(hours=6))
        accept_now(session, country, other.id, START + timedelta(hours=7))
        session.commit()
    app.button(key="accept").click().run()
    said = texts(app)
    assert "What is stored has changed since this preview was made" in said
    assert state(engine, waiting) == "waiting"
    changes = next(frame.value for frame in app.table if "Old value" in frame.value.columns)
    assert changes.iloc[0]["Old value"] == "6", "the preview on screen is the new one"
    app.button(key="accept").click().run()
    assert state(engine, waiting) == "accepted"


def test_who_made_it_does_not_review_it(open_page, waiting):
    app = open_page("review", "manager", submission=str(waiting))
    assert "accept" not in [button.key for button in app.button]


def test_a_refused_deed_is_answered_and_not_done(open_page, engine, monkeypatch, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    be(engine, monkeypatch, "")  # signed out in another window
    app.button(key="accept").click().run()
    assert state(engine, waiting) == "waiting"
    assert "Sign in" in texts(app)


def test_a_visitor_finds_the_page_closed(open_page, waiting):
    app = open_page("review", "", submission=str(waiting))
    assert "Sign in to open this page." in texts(app)
    assert "report.csv" not in texts(app)


def test_an_administrator_erases_a_files_bytes_and_the_page_says_so(open_page, engine, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    app.text_area(key=f"reason-{waiting}").input("people in it").run()
    app.button(key="reject").click().run()
    assert "erase" not in [button.key for button in app.button], "a reviewer does not administer"
    app = open_page("review", "administrator", submission=str(waiting))
    app.text_area(key=f"erase-reason-{waiting}").input("names").run()
    app.button(key="erase").click().run()
    said = texts(app)
    assert f"The file of submission {waiting} is erased." in said
    assert "The file was erased by administrator" in said and "names" in said
    assert "original" not in [button.key for button in app.get("download_button")]
