"""A forecast is made of what was back-tested, says how often it held, and keeps silent where it knows nothing."""

from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from analytics import forecast as forecasts
from analytics.forecast import forecast, to_target
from analytics.growth_curves import MODELS
from data_model.measures import Target
from data_model.periods import Period
from tests.analytics.reports import Reports

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
    assert np.mean(inside) > forecasts.LEVEL - 0.05


def test_the_coverage_is_that_of_intervals_printed_before_the_months_they_are_judged_by():
    values = np.concatenate([np.linspace(5, 40, 12), [80.0] * 4])  # a jump that nothing foretold
    course = _course(values)
    found = forecast(course, upper=100)
    inside = []
    for origin in range(forecasts.LEAST_POINTS, len(values)):
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
def test_choice_errors_and_coverage_are_those_of_plain_loops(seed: int):
    chance = np.random.default_rng(seed)
    values = np.clip(_logistic(20) + chance.normal(0, 3, 20), 0, 100)
    values[[6, 11]] = np.nan
    found = forecast(_course(values), upper=100)
    errors: dict[str, list[tuple[int, int, float]]] = {name: [] for name in MODELS}  # origin, horizon, error
    for name, model in MODELS.items():
        for origin in range(forecasts.FIRST_ORIGIN, 20):
            if np.isnan(values[origin - 1]) or (~np.isnan(values[:origin])).sum() < forecasts.FIRST_ORIGIN:
                continue
            for step, value in enumerate(model(values[:origin], 20 - origin, 100), start=1):
                if not np.isnan(values[origin + step - 1]):
                    errors[name].append((origin, step, values[origin + step - 1] - value))

    def judged(until: int) -> tuple[str, float]:
        seen = {name: [one for one in of if one[0] + one[1] <= until] for name, of in errors.items()}
        best = min(seen, key=lambda name: sum(abs(one[2]) for one in seen[name]) / len(seen[name]))
        sizes = sorted(abs(error) / step for _origin, step, error in seen[best])
        return best, sizes[min(int(np.ceil((len(sizes) + 1) * forecasts.LEVEL)), len(sizes)) - 1]

    inside = []
    for origin in range(forecasts.LEAST_POINTS, 20):
        if (~np.isnan(values[:origin])).sum() >= forecasts.LEAST_POINTS:
            best, width = judged(origin)
            inside += [abs(error) <= width * step for at, step, error in errors[best] if at == origin]
    assert found.model == judged(20)[0] and found.tests == len(inside)
    assert found.coverage == pytest.approx(100 * np.mean(inside))
    first = found.frame[found.frame["kind"] == "forecast"].iloc[0]
    assert first["value"] - first["low"] == pytest.approx(judged(20)[1])
    told = found.errors.set_index("model")["mean_absolute_error"]
    for name, of in errors.items():
        assert told[name] == pytest.approx(np.mean([abs(one[2]) for one in of]))
