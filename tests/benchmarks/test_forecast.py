"""The measure of the forecast compares what was forecast with what came, and with nothing else."""

import numpy as np
import pandas as pd

from benchmarks.forecast import KINDS, as_table, simulated, tried


def test_a_month_is_inside_or_not_and_one_without_a_value_is_compared_with_nothing():
    values = simulated("logistic", 14, np.random.default_rng(1))
    found = list(tried("logistic", values, 10))
    assert [one.ahead for one in found] == [1, 2, 3, 4] and all(one.width > 0 for one in found)
    values[11], values[13] = np.nan, 100.0 if found[3].inside else values[13]
    again = list(tried("logistic", values, 10))
    assert [one.ahead for one in again] == [1, 3, 4]
    assert not again[2].inside
    assert "logistic" in as_table(pd.DataFrame(again))
    assert list(tried("logistic", values[:9], 7)) == []  # too few to forecast


def test_simulated_series_are_rates_and_the_same_every_time():
    for kind in KINDS:
        values = simulated(kind, 36, np.random.default_rng(3))
        assert values.min() >= 0 and values.max() <= 100
        assert (values == simulated(kind, 36, np.random.default_rng(3))).all()
