"""What lies beyond chance: limits checked against sums of their own, and against simulated schools."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from analytics import funnel_plot
from analytics.funnel_plot import judged, limits, look_at_first, summary
from analytics.scope import CannotAnswer
from tests.analytics.reports import Reports


def _figures(part: np.ndarray, people: np.ndarray) -> pd.DataFrame:
    codes = [f"{number:06}" for number in range(len(part))]
    return pd.DataFrame(
        {
            "unit": codes, "name": codes, "area_code": "KZ", "area_name": "KZ", "numerator": part.astype(float),
            "denominator": people.astype(float), "demonstration": False,
        }
    )  # fmt: skip


def _simulated(spread: float, schools: int = 2_000, seed: int = 5) -> pd.DataFrame:
    dice = np.random.default_rng(seed)
    people = dice.integers(8, 120, schools)
    angle = np.arcsin(np.sqrt(0.6)) + dice.normal(0, spread, schools)
    return _figures(dice.binomial(people, np.sin(angle) ** 2), people)


def test_exact_limits_hold_as_much_of_the_binomial_as_they_say():
    for people, rate in ((9, 0.5), (40, 0.2), (300, 0.9)):
        below = np.cumsum([comb(people, k) * rate**k * (1 - rate) ** (people - k) for k in range(people + 1)])
        low, high = funnel_plot.chance_limits(np.array([float(people)]), rate, 0.95)
        steps = np.arange(people + 1)
        # The distribution function, joined by straight lines: a fortieth lies below the one, above the other.
        assert np.interp(low[0] * people, steps, below) == pytest.approx(max(0.025, below[0]))
        assert np.interp(high[0] * people, steps, below) == pytest.approx(0.975)


def test_exact_and_normal_limits_meet_where_one_takes_over():
    sizes = np.array([float(funnel_plot.EXACT_UP_TO), funnel_plot.EXACT_UP_TO + 1.0])
    low, high = funnel_plot.chance_limits(sizes, 0.3, 0.998)
    assert low[0] == pytest.approx(low[1], abs=0.001) and high[0] == pytest.approx(high[1], abs=0.001)


def test_schools_that_differ_by_chance_alone_are_left_in_peace():
    frame = judged(_simulated(spread=0))
    found = summary(frame)
    assert not found.is_overdispersed and found.tau2 == 0
    assert (frame["beyond"] != "within").mean() == pytest.approx(0.05, abs=0.02)
    assert frame["beyond"].isin(["below_998", "above_998"]).mean() < 0.01


def test_a_spread_between_schools_widens_the_limits_and_is_estimated_as_it_was_made():
    frame = judged(_simulated(spread=0.15))
    found = summary(frame)
    assert found.is_overdispersed and found.phi > 2
    assert np.sqrt(found.tau2) == pytest.approx(0.15, rel=0.1)
    by_chance = (frame["z_chance"].abs() > funnel_plot.Z["95"]).mean()
    assert by_chance > 0.25  # a quarter of innocent schools accused without the adjustment
    assert (frame["beyond"] != "within").mean() < 0.1


def test_limits_narrow_with_people_and_hold_the_overall_rate():
    frame = judged(_simulated(spread=0.1))
    curves = limits(frame, points=12)
    assert np.allclose(curves["overall"], 100 * frame["numerator"].sum() / frame["denominator"].sum())
    for level in ("95", "998"):
        assert (curves[f"low_{level}"] < curves["overall"]).all() and (
            curves[f"high_{level}"] > curves["overall"]
        ).all()
        assert curves[f"low_{level}"].is_monotonic_increasing and curves[f"high_{level}"].is_monotonic_decreasing
        # More than chance: outside the limits of chance, but for the steps of very few people.
        large = curves["denominator"] > 30
        assert (curves[f"low_{level}"] <= curves[f"chance_low_{level}"])[large].all()
    assert limits(judged(_figures(np.array([]), np.array([])))).empty


def test_where_to_look_first_is_where_most_people_are_beyond_the_limit():
    part, people = np.full(60, 30.0), np.full(60, 50.0)
    part[0], people[0] = 0, 8  # far out, eight people
    part[1], people[1] = 100, 600  # a large school
    part[2], people[2] = 48, 50  # far above: nobody needs to look
    first = look_at_first(judged(_figures(part, people)))
    assert first["unit"].tolist() == ["000001", "000000"] and first["rank"].tolist() == [1, 2]
    assert first["people_beyond"].iloc[0] > 100 and (first["people_beyond"] > 0).all()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_units_are_the_schools_or_areas_with_a_rate(reports: Reports):
    reports.report(
        "2026-10",
        {
            "001024": {"teachers_active": 12.0, "teachers_total": 40.0},
            "001025": {"teachers_active": 0.0, "teachers_total": 0.0},  # nobody: no rate
            "020311": {"teachers_active": 30.0, "teachers_total": 40.0},
            "100450": {"teachers_active": 5.0},
        },
    )
    scope = reports.scope("teacher_activation")
    schools = funnel_plot.units(reports.session, scope, "schools")
    assert schools["unit"].tolist() == ["001024", "020311"] and schools["rate"].tolist() == [30, 75]
    areas = funnel_plot.units(reports.session, scope, "areas")
    assert dict(zip(areas["unit"], areas["rate"], strict=True)) == {"KZ-10": 75, "KZ-75": 30}
    assert areas["denominator"].sum() == schools["denominator"].sum() == 80
    with pytest.raises(CannotAnswer, match="Only a rate"):
        funnel_plot.units(reports.session, reports.scope("messages_sent"), "schools")
