"""Completeness: how much has come and whether that is enough, where it is missing, and whom to call."""

from datetime import timedelta

import pytest

import ui.asking
from tests.pages.conftest import NOW, texts


def table(app, heading):
    return next(frame.value for frame in app.dataframe if heading in frame.value.columns)


@pytest.fixture
def after_the_due_day(country, monkeypatch):
    """A moment at which October's reports are due: school 100451 has never reported."""
    monkeypatch.setattr(ui.asking, "clock", lambda: NOW + timedelta(days=60))
    return country


@pytest.mark.usefixtures("country")
def test_before_the_due_day_figures_are_provisional_and_nobody_is_called(open_page):
    said = texts(open_page("completeness", "analyst", measure="teachers_active"))
    assert "Schools that reported: 83.3%" in said
    assert "are **provisional**: reports are due by" in said
    assert "Nobody yet: these reports are not due." in said


@pytest.mark.usefixtures("after_the_due_day")
def test_a_school_that_is_late_stands_under_whom_to_call_with_its_silence(open_page):
    app = open_page("completeness", "analyst", measure="teachers_active")
    assert "are **final**" in texts(app)
    late = table(app, "Days late")
    assert late["Code"].to_list() == ["100451"]
    assert late["Months missed"].to_list() == [3]


@pytest.mark.usefixtures("after_the_due_day")
def test_below_its_threshold_a_headline_is_provisional_wherever_it_stands(open_page):
    reason = "66.7% of schools have reported, fewer than 80%"
    assert reason in texts(open_page("completeness", "analyst", area="KZ-10", measure="teachers_active"))
    overview = open_page("overview", "analyst", area="KZ-10")
    assert f"provisional: {reason}" in texts(overview)


@pytest.mark.usefixtures("after_the_due_day")
def test_every_place_and_month_can_be_read_as_a_table(open_page):
    app = open_page("completeness", "analyst", measure="teachers_active", completeness_as="table")
    rows = table(app, "Reported, %")
    last = rows[rows["Period"] == "2026-10"].set_index("Place")
    assert last.loc["KZ-10", "Schools reporting"] == 2 and last.loc["KZ-10", "Schools expected"] == 3
    assert last.loc["Kazakhstan", "Reported, %"] == 83.3
    assert last.loc["KZ-75", "On time, %"] == 100.0


@pytest.mark.usefixtures("released")
def test_a_visitor_is_shown_what_was_released_and_no_name_of_a_school(open_page):
    app = open_page("completeness", "", measure="teachers_active", completeness_as="table")
    assert "On time" not in table(app, "Reported, %").columns
    said = texts(app)
    assert "Names of schools are not released." in said
    assert not [frame for frame in app.dataframe if "Days late" in frame.value.columns]
    assert "100451" not in said
