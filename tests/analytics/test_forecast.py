"""A forecast is made of what was back-tested, says how often it held, and keeps silent where it knows nothing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import back_tests
from analytics.forecast import forecast, to_target
from analytics.growth_curves import MODELS
from data_model.measures import Target
from data_model.periods import Period
from data_model.terms import SchoolTerm
from tests.analytics.reports import Reports
from tests.factories import make_source

FIRST = Period.parse("2024-09")


def _course(values: np.ndarray) -> pd.DataFrame:
    periods = [FIRST.shifted(step) for step in range(len(values))]
    return pd.DataFrame(
        {
            "period": [period.key for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "value": values,
            "state": np.where(np.isnan(values), "not_reported", "reported"),
        }
    )


def _logistic(count: int, ceiling: float = 80, middle: float = 8) -> np.ndarray:
    return ceiling / (1 + np.exp(-0.4 * (np.arange(count) - middle)))


@pytest.mark.parametrize("name", ["logistic", "gompertz"])
def test_a_curve_finds_a_series_made_of_itself(name: str):
    time = np.arange(26)
    whole = _logistic(26) if name == "logistic" else 80 * np.exp(-np.exp(-0.25 * (time - 6)))
    made = MODELS[name](whole[:16], 10, 100)
    assert made == pytest.approx(whole[16:], abs=1.5)


def test_a_fading_trend_never_runs_away():
    made = MODELS["damped_trend"](np.arange(12) * 5.0, 60, 100)
    assert (np.diff(made) >= 0).all() and made[-1] <= 100
    assert np.diff(made)[-1] < np.diff(made)[0] / 2


def test_on_fewer_than_eight_points_nothing_is_forecast():
    values = _logistic(12)
    values[3:8] = np.nan  # seven are left
    found = forecast(_course(values), target=90, due=date(2026, 6, 30))
    assert found.refused == "too_few_points" and found.points == 7 and found.verdict == ""
    assert set(found.frame["kind"]) == {"measured"}
    assert forecast(_course(np.array([]))).refused == "too_few_points"


def test_the_model_with_the_smallest_back_tested_error_is_taken():
    found = forecast(_course(_logistic(20)), upper=100)
    assert found.model == found.errors["model"].iloc[0] == "logistic"
    assert found.errors["mean_absolute_error"].is_monotonic_increasing and len(found.errors) == len(MODELS)
    straight = forecast(_course(10 + 1.5 * np.arange(20.0)), upper=1e9)
    assert straight.model == "damped_trend"


def test_gaps_stay_gaps_and_the_same_series_gives_the_same_forecast():
    values = _logistic(18)
    values[[5, 11]] = np.nan
    course = _course(values)
    found, again = forecast(course, upper=100), forecast(course, upper=100)
    pd.testing.assert_frame_equal(found.frame, again.frame)
    measured = found.frame[found.frame["kind"] == "measured"]
    assert measured["value"].isna().tolist() == np.isnan(values).tolist() and found.points == 16
    ahead = found.frame[found.frame["kind"] == "forecast"]
    assert len(ahead) == 12 and ahead["period"].iloc[0] == FIRST.shifted(18).key
    assert (ahead["low"] <= ahead["value"]).all() and (ahead["value"] <= ahead["high"]).all()
    assert (np.diff(ahead["high"] - ahead["low"]) >= -1e-9).all() or (ahead["high"] == 100).any()


def test_months_after_the_last_value_are_not_taken_for_values():
    values = np.concatenate([_logistic(14), [np.nan, np.nan]])
    found = forecast(_course(values), upper=100)
    assert found.frame.loc[found.frame["kind"] == "forecast", "period"].iloc[0] == FIRST.shifted(14).key


def test_the_interval_holds_about_as_much_as_it_says_on_series_nobody_has_seen():
    inside = []
    for seed in range(14):
        dice = np.random.default_rng(seed)
        whole = np.clip(_logistic(24, dice.uniform(55, 95), dice.uniform(4, 12)) + dice.normal(0, 1.5, 24), 0, 100)
        ahead = forecast(_course(whole[:16]), upper=100, ahead=8).frame.query("kind == 'forecast'")
        inside += ((ahead["low"] <= whole[16:]) & (whole[16:] <= ahead["high"])).tolist()
    assert back_tests.LEVEL - 0.05 < np.mean(inside) < back_tests.LEVEL + 0.1


def test_the_coverage_is_that_of_intervals_printed_before_the_months_they_are_judged_by():
    values = np.concatenate([np.linspace(5, 40, 12), [80.0] * 4])  # a jump that nothing foretold
    course = _course(values)
    found = forecast(course, upper=100)
    inside = []
    for origin in range(back_tests.LEAST_POINTS, len(values)):
        before = forecast(course.iloc[:origin], upper=100, ahead=len(values) - origin).frame.query("kind == 'forecast'")
        inside += ((before["low"] <= values[origin:]) & (values[origin:] <= before["high"])).tolist()
    assert found.tests == len(inside) and found.coverage == pytest.approx(np.mean(inside) * 100)


@pytest.mark.parametrize(
    ("target", "due", "verdict"),
    [
        (60, date(2026, 12, 31), "on_course"),
        (99, date(2026, 9, 30), "off_course"),
        (80, date(2040, 1, 31), "too_far"),
        (60, date(2025, 1, 31), ""),  # its day is over: measured, not forecast
    ],
)
def test_a_verdict_is_given_only_where_the_interval_allows(target: float, due: date, verdict: str):
    dice = np.random.default_rng(4)
    course = _course(np.clip(_logistic(24) + dice.normal(0, 0.4, 24), 0, 100))
    assert forecast(course, target=target, due=due, upper=100).verdict == verdict


def test_a_target_within_the_interval_is_at_risk_or_open_but_never_on_course():
    dice = np.random.default_rng(4)
    course = _course(np.clip(_logistic(18, middle=12) + dice.normal(0, 1, 18), 0, 100))
    due = date(2026, 12, 31)
    at_due = forecast(course, target=50, due=due, upper=100)
    assert at_due.at_due is not None and at_due.at_due_high is not None and at_due.at_due_low is not None
    above = forecast(course, target=(at_due.at_due + at_due.at_due_high) / 2, due=due, upper=100)
    below = forecast(course, target=(at_due.at_due + at_due.at_due_low) / 2, due=due, upper=100)
    assert (above.verdict, below.verdict) == ("at_risk", "open")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_target_is_the_next_one_of_this_area_and_measure(reports: Reports):
    for step, value in enumerate(_logistic(10, middle=3)):
        period = Period.parse("2026-01").shifted(step).key
        reports.report(period, {"001024": {"teachers_trained": round(value), "teachers_total": 100.0}})
    world = reports.world
    for value, due in ((90, date(2027, 1, 31)), (20, date(2026, 6, 30)), (95, date(2028, 6, 30))):
        reports.session.add(
            Target(
                initiative_id=world.initiative.id, area_id=world.areas["KZ"].id, value=Decimal(value),
                measure_id=world.indicators["teacher_training"].id, due_on=due, recorded_at=reports.at,
            )
        )  # fmt: skip
    reports.session.flush()
    found = to_target(reports.session, reports.scope("teacher_training"))
    assert (found.target, found.due, found.points) == (90, date(2027, 1, 31), 10)
    assert found.frame["period"].iloc[-1] == "2027-01" and found.frame["high"].max() <= 100
    other = to_target(reports.session, reports.scope("teacher_training", area="KZ-75"))
    assert other.target is None and other.verdict == "" and other.at_due is None


@pytest.mark.parametrize("seed", range(4))
def test_choice_interval_and_coverage_are_those_of_plain_loops(seed: int):
    chance = np.random.default_rng(seed)
    values = np.clip(_logistic(20) + chance.normal(0, 3, 20), 0, 100)
    values[[6, 11]] = np.nan
    found = forecast(_course(values), upper=100)
    errors = _every_error(values)
    inside = []
    for origin in range(back_tests.LEAST_POINTS, 20):
        if not np.isnan(values[origin - 1]) and (~np.isnan(values[:origin])).sum() >= back_tests.LEAST_POINTS:
            best, growth, width = _printed(errors, values, origin)
            inside += [
                abs(error) <= width * _reach(step, origin, growth) for at, step, error in errors[best] if at == origin
            ]
    best, growth, width = _printed(errors, values, 20)
    assert found.model == best and found.tests == len(inside)
    assert found.coverage == pytest.approx(100 * np.mean(inside))
    ahead = found.frame[found.frame["kind"] == "forecast"].head(3)
    expected = [width * _reach(step, 20, growth) for step in (1, 2, 3)]
    assert (ahead["value"] - ahead["low"]).tolist() == pytest.approx(expected)
    told = found.errors.set_index("model")["mean_absolute_error"]
    for name, of in errors.items():
        assert told[name] == pytest.approx(np.mean([abs(one[2]) for one in of]))


Errors = dict[str, list[tuple[int, int, float]]]  # by model: origin, horizon, error


def _every_error(values: np.ndarray) -> Errors:
    found: Errors = {name: [] for name in MODELS}
    for name, model in MODELS.items():
        for origin in range(back_tests.FIRST_ORIGIN, len(values)):
            if np.isnan(values[origin - 1]) or (~np.isnan(values[:origin])).sum() < back_tests.FIRST_ORIGIN:
                continue
            for step, value in enumerate(model(values[:origin], len(values) - origin, 100), start=1):
                if not np.isnan(values[origin + step - 1]):
                    found[name].append((origin, step, values[origin + step - 1] - value))
    return found


def _reach(step: int, origin: int, growth: float) -> float:
    return step**growth * (1 + step / origin) ** 0.5


def _sized(errors: Errors, until: int) -> tuple[str, float, list[tuple[float, int]]]:
    """Return the model, how its errors grow, and (size, origin) of each, divided by how it grows."""
    seen = {name: [one for one in of if one[0] + one[1] <= until] for name, of in errors.items()}
    best = min(seen, key=lambda name: sum(abs(one[2]) for one in seen[name]) / len(seen[name]))
    points = []
    for step in sorted({one[1] for one in seen[best]}):
        of_step = [
            (0.85 ** (until - origin), abs(error) / (1 + step / origin) ** 0.5)
            for origin, length, error in seen[best] if length == step
        ]  # fmt: skip
        weight = sum(one for one, _size in of_step)
        points.append((np.log(step), np.log(sum(one * size for one, size in of_step) / weight), weight))
    whole = sum(weight for _x, _y, weight in points)
    x_mean = sum(x * weight for x, _y, weight in points) / whole
    y_mean = sum(y * weight for _x, y, weight in points) / whole
    up = sum(weight * (x - x_mean) * (y - y_mean) for x, y, weight in points) + 4 * 1.0
    growth = min(max(up / (sum(weight * (x - x_mean) ** 2 for x, _y, weight in points) + 4), 0), 1)
    return best, growth, [(abs(error) / _reach(step, origin, growth), origin) for origin, step, error in seen[best]]


def _quantile(sizes: list[tuple[float, int]], until: int, *, finite: bool) -> float:
    weights = [0.85 ** (until - origin) for origin in {origin for _size, origin in sizes}]
    count = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    level = min(1, 0.8 * (count + 1) / count) if finite else 0.8
    whole, so_far = sum(0.85 ** (until - origin) for _size, origin in sizes), 0.0
    for size, origin in sorted(sizes):
        so_far += 0.85 ** (until - origin)
        if so_far / whole >= level - 1e-9:
            return size
    raise AssertionError("some size holds everything")


def _printed(errors: Errors, values: np.ndarray, until: int) -> tuple[str, float, float]:
    """Return the model, the growth and the width of the interval that would have been printed then."""
    best, growth, sizes = _sized(errors, until)
    width = _quantile(sizes, until, finite=True)
    shares = []
    for origin in range(back_tests.LEAST_POINTS, until):
        if np.isnan(values[origin - 1]) or (~np.isnan(values[:origin])).sum() < back_tests.LEAST_POINTS:
            continue
        then, grown, then_sizes = _sized(errors, origin)
        before = _quantile(then_sizes, origin, finite=True)
        for at, step, error in errors[then]:
            if at == origin and at + step <= until:
                shares.append((min(abs(error) / (before * _reach(step, origin, grown)), 10.0), origin))
    if not shares:
        return best, growth, width
    tried = len({origin for _share, origin in shares})
    belief = tried / (tried + 0.5)
    return best, growth, width ** (1 - belief) * (width * _quantile(shares, until, finite=False)) ** belief


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    values=st.lists(st.floats(0, 100) | st.just(float("nan")), min_size=12, max_size=16),
    levels=st.tuples(st.floats(0.3, 0.95), st.floats(0.3, 0.95)),
)
def test_who_promises_more_draws_a_wider_interval(values: list[float], levels: tuple[float, float]):
    course, (less, more) = _course(np.array(values)), sorted(levels)
    narrow, wide = (forecast(course, upper=100, level=level) for level in (less, more))
    assert narrow.refused == wide.refused and narrow.model == wide.model
    ahead = wide.frame["kind"] == "forecast"
    assert (wide.frame.loc[ahead, "low"] <= narrow.frame.loc[ahead, "low"] + 1e-9).all()
    assert (wide.frame.loc[ahead, "high"] >= narrow.frame.loc[ahead, "high"] - 1e-9).all()
    assert narrow.tests == wide.tests


@settings(max_examples=15, deadline=None)
@given(dice=st.integers(0, 10_000), times=st.floats(0.01, 1000))
def test_a_measure_in_another_unit_has_the_same_forecast_in_that_unit(dice: int, times: float):
    values = 20 + np.cumsum(np.random.default_rng(dice).normal(1, 2, 13)).clip(-15, 60)
    one, other = forecast(_course(values)), forecast(_course(values * times))
    assert (one.model, one.coverage, one.tests) == (other.model, other.coverage, other.tests)
    for column in ("value", "low", "high"):
        expected = one.frame.loc[one.frame["kind"] == "forecast", column] * times
        assert other.frame.loc[other.frame["kind"] == "forecast", column].tolist() == pytest.approx(
            expected.tolist(), rel=1e-6
        )


def _summer(months: Sequence[date]) -> list[bool]:
    return [month.month in (6, 7, 8) for month in months]


def test_months_of_holidays_are_shown_but_neither_fitted_nor_forecast_nor_judged():
    values = _logistic(22) + np.random.default_rng(2).normal(0, 0.5, 22)  # September 2024 to June 2026
    dipped = values.copy()
    dipped[[9, 10, 11, 21]] = (30.0, 3.0, 8.0, 20.0)
    found = forecast(_course(dipped), upper=100, left_out=_summer)
    measured = found.frame[found.frame["kind"] == "measured"]
    assert measured["value"].tolist() == dipped.tolist() and found.points == 18
    assert measured.loc[measured["holidays"], "period"].tolist() == ["2025-06", "2025-07", "2025-08", "2026-06"]
    ahead = found.frame[found.frame["kind"] == "forecast"]
    assert ahead["period"].iloc[0] == "2026-07" and ahead.loc[ahead["holidays"], "value"].isna().all()
    assert ahead.loc[~ahead["holidays"], "value"].notna().all()
    without = values.copy()
    without[[9, 10, 11, 21]] = np.nan
    same = forecast(_course(without), upper=100, ahead=13)
    assert same.coverage == found.coverage and same.tests == found.tests and same.model == found.model
    in_september = same.frame.loc[same.frame["period"] == "2026-09", ["value", "low", "high"]]
    assert ahead.loc[ahead["period"] == "2026-09", ["value", "low", "high"]].to_numpy() == pytest.approx(
        in_september.to_numpy()
    )


def test_only_months_of_lessons_count_as_points():
    found = forecast(_course(_logistic(10)), upper=100, left_out=_summer)
    assert found.refused == "" and found.points == 9
    fewer = forecast(_course(_logistic(12)[2:]), upper=100, left_out=lambda months: [True] * 3 + [False] * 7)
    assert fewer.refused == "too_few_points" and fewer.points == 7


def test_a_target_due_in_the_holidays_is_judged_by_the_last_month_of_lessons():
    values = np.clip(_logistic(20) + np.random.default_rng(4).normal(0, 0.4, 20), 0, 100)
    found = forecast(_course(values), target=60, due=date(2026, 7, 31), upper=100, left_out=_summer)
    assert found.judged_in == date(2026, 5, 1) and found.verdict == "on_course"
    assert found.frame["period"].iloc[-1] == "2026-07" and found.at_due == found.frame["value"].dropna().iloc[-1]
    soon = forecast(_course(values[:21]), target=60, due=date(2026, 6, 30), upper=100, left_out=lambda m: [
        month >= date(2026, 5, 1) for month in m
    ])  # fmt: skip
    assert soon.at_due is None and soon.verdict == "open"  # nothing but holidays until then


def test_an_interval_of_too_few_starting_months_says_so_and_judges_nothing():
    straight = 10 + 2.0 * np.arange(9) + np.random.default_rng(1).normal(0, 0.1, 9)
    few = forecast(_course(straight), target=1, due=date(2025, 9, 30), upper=100)
    assert not few.reliable and few.verdict == "open"
    more = forecast(_course(np.append(straight, [28.0, 30.1])), target=1, due=date(2025, 9, 30), upper=100)
    assert more.reliable and more.verdict == "on_course"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_countrys_own_terms_say_what_holidays_are_and_only_for_what_depends_on_lessons(reports: Reports):
    source = make_source(reports.session, "terms")
    days = {"starts_on": date(2025, 9, 1), "ends_on": date(2026, 5, 25)}
    reports.session.add(SchoolTerm(country="KZ", school_year="2025/26", number=1, source_id=source.id, **days))
    for step, value in enumerate(_logistic(11, middle=3)):
        period = Period.parse("2025-09").shifted(step).key
        values = {"teachers_trained": round(value), "teachers_active": round(value), "teachers_total": 100.0}
        reports.report(period, {"001024": values})
    active = to_target(reports.session, reports.scope("teacher_activation", "2026-07"))
    stood = to_target(reports.session, reports.scope("teacher_training", "2026-07"))
    assert active.points == 9 and stood.points == 11 and not stood.frame["holidays"].any()
    assert active.frame.loc[active.frame["holidays"], "period"].tolist() == [
        "2026-06", "2026-07", "2026-08", "2027-06", "2027-07",
    ]  # fmt: skip
