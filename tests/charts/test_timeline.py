from datetime import date

import pytest

from charts import timeline
from charts.rough_dates import in_words, span
from charts.theme import Caption
from tests.charts.frames import TODAY, milestones

CAPTION = Caption("The registry's sources")


def test_a_step_is_done_planned_or_promised_and_not_confirmed():
    frame = milestones(("Begun", "", "2026-05-12"), ("Overdue", "2026-09", ""), ("Ahead", "2027", ""))
    figure = timeline.timeline(frame, CAPTION, TODAY)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [mark.marker.symbol for mark in marks] == ["circle", "circle-open", "circle-open"]
    words = timeline.alt_text(frame, TODAY)
    assert "3 milestones, 1 done." in words
    assert "Begun: 12 May 2026, done." in words
    assert "Overdue: September 2026, promised, not confirmed." in words
    assert "Ahead: 2027, planned." in words
    assert "failed" not in words + figure.to_json()


def test_a_year_that_is_not_over_is_not_overdue():
    assert "planned" in timeline.alt_text(milestones(("This year", "2026", "")), TODAY)


def test_a_vague_date_is_drawn_as_long_as_it_is_vague():
    figure = timeline.timeline(milestones(("Some time in 2026", "2026", "")), CAPTION, TODAY)
    line = next(trace for trace in figure.data if trace.mode == "lines")
    assert [str(day)[:10] for day in line.x] == ["2026-01-01", "2026-12-31"]


def test_steps_stand_in_order_of_time_and_those_without_a_date_last():
    frame = milestones(("Third", "2027-01", ""), ("Never dated", "", ""), ("First", "", "2025"), ("Second", "2026", ""))
    assert [step.title for step in timeline.in_order(frame)] == ["First", "Second", "Third", "Never dated"]
    assert timeline.timeline(frame, CAPTION, TODAY).layout.height


def test_no_steps_are_drawn_without_failing():
    assert timeline.timeline(milestones(), CAPTION, TODAY).layout.height
    assert timeline.alt_text(milestones(), TODAY).startswith("0 milestones")


@pytest.mark.parametrize(
    ("written", "first", "last", "words"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "February 2026"),
        ("2026-05-20", date(2026, 5, 20), date(2026, 5, 20), "20 May 2026"),
    ],
)
def test_a_date_is_no_more_precise_than_its_source(written: str, first: date, last: date, words: str):
    assert span(written) == (first, last)
    assert in_words(written) == words
