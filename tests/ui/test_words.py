"""Figures in words: four kinds of nothing are four words, and a change says its unit."""

import math

import pytest

from access.language import in_language
from data_model.periods import Period
from ui import words

RATE = words.Measure("rate", "Rate", "", "", "", "stock", "teacher", 1, True, True, True)
COUNT = words.Measure("count", "Count", "", "", "people", "stock", "teacher", 0, False, False, True)


def test_zero_not_reported_not_applicable_and_suppressed_are_four_things():
    said = {words.figure(COUNT, 0.0, "reported")}
    said |= {words.figure(COUNT, None, state) for state in ("not_reported", "not_applicable", "suppressed")}
    assert said == {"0", "Not reported", "Not applicable", "Withheld"}


@pytest.mark.parametrize("value", [None, math.nan])
def test_a_missing_value_never_becomes_a_number(value):
    assert words.figure(RATE, value, "reported") == "Not reported"


def test_a_rate_changes_by_points_and_a_count_by_itself():
    assert words.change(RATE, 2.14) == "+2.1 points"
    assert words.change(RATE, -0.5) == "−0.5 points"
    assert words.change(COUNT, 1204) == "+1,204"


def test_a_change_that_rounds_to_nothing_points_nowhere() -> None:
    assert words.change(RATE, 0.04) == "±0.0 points"
    assert [words.direction(RATE, change) for change in (0.04, -0.04, 2.1, -2.1)] == ["off", "off", "up", "down"]


def test_a_base_is_said_with_what_was_expected():
    assert words.base(412, 530) == "412 of 530 schools"
    assert words.base(None, 530) == "530 schools expected"
    assert words.base(None, None) == "base withheld"


def test_numbers_and_months_are_written_as_the_language_writes_them():
    with in_language("ru"):
        assert words.figure(RATE, 42.34, "reported") == "42,3\xa0%"
        assert words.period(Period.parse("2026-09")) == "сентябрь 2026\u202fг." or "2026" in words.period(
            Period.parse("2026-09")
        )


@pytest.mark.parametrize(("written", "shown"), [
    ("2026", "2026"), ("2026-05", "May 2026"), ("2026-05-20", "20 May 2026"), ("", "–"),
])  # fmt: skip
def test_a_date_is_as_precise_as_its_source(written, shown):
    assert words.rough_date(written) == shown


def test_an_unknown_state_is_shown_and_does_not_fail():
    assert words.state("withdrawn_later") == "withdrawn later"
