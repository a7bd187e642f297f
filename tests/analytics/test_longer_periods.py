from typing import Any

import numpy as np
import pandas as pd
import pytest

from analytics.longer_periods import over_time
from analytics.values import figure_frame
from data_model.periods import Granularity, Period

Month = tuple[float, float] | str  # numerator and denominator, or the state of a month without a value


def months(first: str, told: list[Month], ratio: float | None = None) -> pd.DataFrame:
    """Return a monthly trend; every month has 8 of 10 schools."""
    periods = [Period.parse(first).shifted(index) for index in range(len(told))]
    missing = [isinstance(one, str) for one in told]
    numerator = np.array([np.nan if isinstance(one, str) else one[0] for one in told])
    denominator = np.array([np.nan if isinstance(one, str) else one[1] for one in told])
    columns: dict[str, Any] = {
        "period": [period.key for period in periods], "starts_on": [period.starts_on for period in periods],
        "value": numerator if ratio is None else numerator / denominator * ratio,
        "state": [one if isinstance(one, str) else "reported" for one in told],
        "numerator": numerator, "denominator": denominator if ratio else [np.nan] * len(told),
        "schools_in_base": [0 if gone else 8 for gone in missing],
        "schools_reporting": [0 if gone else 8 for gone in missing],
        "schools_expected": [10] * len(told), "demonstration": [False] * len(told), "recorded_at": [None] * len(told),
    }  # fmt: skip
    return figure_frame(columns, ("period", "starts_on"))


QUARTER = months("2026-07", [(10, 100), (20, 100), (60, 300)])


def only(frame: pd.DataFrame) -> Any:
    assert len(frame) == 1
    return frame.iloc[0]


def test_a_flow_is_the_sum_of_its_months():
    row = only(over_time(QUARTER, "flow", Granularity.QUARTER))
    assert (row.period, row.value, row.aggregation) == ("2026-Q3", 90, "sum")
    assert (row.months, row.months_reported) == (3, 3)
    assert (row.schools_in_base, row.schools_expected) == (24, 30)  # reports


def test_a_stock_is_its_last_month_and_the_schools_of_that_month():
    row = only(over_time(QUARTER, "stock", Granularity.QUARTER))
    assert (row.value, row.aggregation, row.schools_expected) == (60, "last_month", 10)


def test_a_stock_whose_last_month_is_missing_is_missing_and_never_the_month_before():
    row = only(over_time(months("2026-07", [(10, 1), (20, 1), "not_reported"]), "stock", Granularity.QUARTER))
    assert (pd.isna(row.value), row.state, row.months_reported) == (True, "not_reported", 2)


def test_people_counted_once_a_month_are_never_added_over_months():
    row = only(over_time(QUARTER, "distinct", Granularity.QUARTER))
    assert (row.value, row.aggregation) == (30, "mean_month")


def test_rates_are_never_averaged():
    rates = months("2026-07", [(10, 100), (20, 100), (60, 300)], ratio=100)
    row = only(over_time(rates, "distinct", Granularity.QUARTER, factor=100))
    assert row.value == pytest.approx(18)  # 90 of 500, not the mean of 10 %, 20 % and 20 %
    last = only(over_time(rates, "stock", Granularity.QUARTER, factor=100))
    assert last.value == pytest.approx(20)


def test_a_score_is_weighted_by_its_count_over_months_too():
    scores = months("2026-07", [(40, 10), (2, 1)], ratio=1)
    assert only(over_time(scores, "score", Granularity.QUARTER)).value == pytest.approx(42 / 11)


@pytest.mark.parametrize(("kind", "value"), [("flow", 30), ("distinct", 15)])
def test_a_missing_month_is_no_zero(kind: str, value: float):
    row = only(over_time(months("2026-07", [(10, 1), "not_reported", (20, 1)]), kind, Granularity.QUARTER))
    assert (row.value, row.months, row.months_reported) == (value, 3, 2)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (["not_reported", "not_reported"], "not_reported"),
        (["not_reported", "not_applicable"], "not_applicable"),
        ([(10, 1), "suppressed"], "suppressed"),
    ],
)
def test_a_period_without_a_value_says_which_of_the_states_it_is_in(told: list, state: str):
    row = only(over_time(months("2026-07", told), "flow", Granularity.QUARTER))
    assert (pd.isna(row.value), pd.isna(row.numerator), row.state) == (True, True, state)


def test_a_school_year_begins_in_september():
    frame = over_time(months("2026-08", [(1, 1), (2, 1), (4, 1)]), "flow", Granularity.SCHOOL_YEAR)
    assert list(frame["period"]) == ["2025/26", "2026/27"]
    assert list(frame["value"]) == [1, 6]
    assert list(frame["months"]) == [1, 2]


def test_no_months_make_no_periods():
    assert over_time(QUARTER.head(0), "flow", Granularity.QUARTER).empty
