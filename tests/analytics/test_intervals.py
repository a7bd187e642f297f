"""Intervals are what their sources print, and hold what they promise where teachers of one school are alike."""

import numpy as np
import pytest

from analytics.intervals import LEAST_SCHOOLS, Rate, difference, rate_over_schools, wilson


def _independent(part: int, people: int) -> Rate:
    return Rate(part / people, people, LEAST_SCHOOLS, people, 1.0)


def test_the_score_interval_and_newcombes_difference_are_as_published():
    # Newcombe (1998, II), table II, method 10: 56/70 against 48/80, and 9/10 against 3/10.
    assert difference(_independent(56, 70), _independent(48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference(_independent(9, 10), _independent(3, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)
    assert difference(_independent(10, 10), _independent(0, 20)) == pytest.approx((0.6791, 1.0), abs=5e-5)
    low, high = wilson(_independent(0, 10))
    assert (low, high) == pytest.approx((0, 0.2775), abs=5e-5)


def test_a_gap_holds_in_ninety_five_of_a_hundred_where_teachers_of_a_school_are_alike():
    dice = np.random.default_rng(11)
    held = naive = 0
    tries = 400
    for _ in range(tries):
        rates = []
        for middle in (0.35, 0.5):
            people = dice.integers(10, 80, 40)
            own = dice.beta(middle * 6, (1 - middle) * 6, 40)  # schools differ
            rates.append(rate_over_schools(dice.binomial(people, own).astype(float), people.astype(float)))
        low, high = difference(*rates)
        held += low <= 0.35 - 0.5 <= high
        one, other = (Rate(rate.rate, rate.people, rate.schools, rate.people, 1.0) for rate in rates)
        low, high = difference(one, other)
        naive += low <= 0.35 - 0.5 <= high
    assert held / tries > 0.92
    assert naive / tries < 0.75  # counting people one by one promises far too much


def test_everybody_or_nobody_is_not_taken_for_certainty():
    nobody = rate_over_schools(np.zeros(15), np.full(15, 30.0))
    assert nobody.rate == 0 and nobody.effective == 15
    low, high = wilson(nobody)
    assert low == pytest.approx(0) and 0.1 < high < 0.3


def test_few_schools_have_no_interval():
    few = rate_over_schools(np.arange(9.0), np.full(9, 20.0))
    enough = rate_over_schools(np.arange(12.0), np.full(12, 20.0))
    assert np.isnan(wilson(few)).all() and np.isnan(difference(few, enough)).all()
    assert not np.isnan(wilson(enough)).any()
