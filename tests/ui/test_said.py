"""What the pages on comparing, changes and the investment case say in words."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from analytics.funnel_plot import Spread
from analytics.investment import Assumptions, case
from ui import beyond_chance, changes, groups, investment
from ui.words import Measure

RATE = Measure("teacher_activation", "Teacher activation", "", "", "", "distinct", "teacher", 1, True, True, True)
COUNT = Measure("teachers_active", "Teachers active", "", "", "people", "distinct", "teacher", 0, False, False, True)


@pytest.mark.parametrize(
    ("group", "code", "said"),
    [("setting", "rural", "rural"), ("language", "kk,ru", "Kazakh + Russian"), ("size", "20-49", "20–49 teachers"),
     ("size", "100+", "100+ teachers"), ("wave", "2", "wave 2"), ("wave", "", "not known")],
)  # fmt: skip
def test_a_group_of_schools_has_a_name_people_read(group, code, said):
    assert groups.name(group, code) == said


def test_what_to_look_at_says_of_how_many_and_how_many_are_missing():
    row = SimpleNamespace(rate=6.25, denominator=32.0, beyond="below_998", people_beyond=4.6)
    assert beyond_chance.in_words(row, RATE) == ("6.3% of 32, below the 99.8% limit: 5 short of the range of chance")
    row.people_beyond = 0.2
    assert beyond_chance.in_words(row, RATE).endswith("1 short of the range of chance")


def test_limits_say_that_they_are_widened_only_where_they_are():
    plain = beyond_chance.about(Spread(40.0, 20, 1.0, 0.0, False))
    assert "40.0%" in plain and "2012" not in plain
    assert "2.0 times as widely" in beyond_chance.about(Spread(40.0, 20, 4.0, 0.1, True))


def changed(**given):
    values = {"before": 40.0, "now": 45.0, "change": 5.0, "base_before": 10, "base_now": 12, "demonstration": False}
    return SimpleNamespace(**(values | given))


def test_a_change_says_from_what_to_what_on_which_schools():
    assert changes.in_words(changed(), RATE) == "40.0% to 45.0% (+5.0 points) · 10 schools then, 12 now"
    same = changed(base_now=10, demonstration=True)
    assert changes.in_words(same, COUNT) == "40 to 45 (+5) · 10 schools · demonstration"
    assert changes.in_words(changed(base_before=None), COUNT) == "40 to 45 (+5)"


def test_the_case_tells_both_ends_of_what_may_come_back():
    start = Assumptions(Decimal(100_000_000), 2023, Decimal(6), multiplier=Decimal(5), horizon=10)
    least, most = (case(Assumptions(**(start.__dict__ | {"growth_percent": Decimal(one)}))) for one in ("0", "3"))
    said = investment.in_words(investment.Span(least, most, most))
    assert said[0] == "Spent: 6M USD in 3 years, 6.0% of the GDP of 2023 (100M USD)."
    assert said[1].startswith("At the most return: what was spent has come back in year ")
    assert said[2] == "At the least return: what was spent has not come back within 10 years."
    assert said[3].startswith("At the full return it takes 10.0 years to reach 5.0 times the spending")
