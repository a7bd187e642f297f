"""What a forecast is worth: every one that could have been made of a series, held against what came.

*Back-tests*: from every month since the fifth value each model (`analytics.growth_curves`) forecasts the months that
followed; the one with the smallest mean absolute error is taken (L. J. Tashman, "Out-of-sample tests of forecasting
accuracy", International Journal of Forecasting 16 (2000), 437-450).

*Interval*: split-conformal, made of the chosen model's errors and never of its fit (J. Lei et al., "Distribution-free
predictive inference for regression", Journal of the American Statistical Association 113 (2018), 1094-1111: errors
divided by how they are expected to grow, and one more counted for the error to come). Newer errors weigh more, for
series change (R. F. Barber et al., "Conformal prediction beyond exchangeability", Annals of Statistics 51 (2023),
816-845). The errors from one starting month hang together, so it is starting months that are counted.

*Calibration*: the interval that would have been printed at each earlier month is held against what followed it, and
widened or narrowed by what that shows (in the spirit of I. Gibbs and E. Candes, "Adaptive conformal inference under
distribution shift", Advances in Neural Information Processing Systems 34 (2021), 1660-1672).
"""

import math
from dataclasses import dataclass

import numpy as np

from analytics.growth_curves import MODELS

LEAST_POINTS = 8
# A model is tried from so many values on: fewer say nothing about a curve.
FIRST_ORIGIN = 5
LEVEL = 0.8
# What a back-test weighs beside one that starts a month later.
WEIGHT = 0.85
# Errors grow with their length h as h to a power that the back-tests tell, as far as they can: between 0 (nothing but
# noise) and 1 (a wrong slope). They are drawn towards 1 with the weight of so many of them.
GROWTH, DRAWN = 1.0, 4.0
# How far what followed earlier intervals is believed: n starting months as n / (n + DOUBT).
DOUBT = 0.5
# An error is taken for at most so many times the interval it fell out of.
SURPRISE = 10.0
NOTHING = 1e-9


@dataclass(frozen=True)
class Tests:
    """Back-tests as arrays: model (its place in MODELS), origin (values known), horizon, error (what came less what was
    forecast).
    """

    model: np.ndarray
    origin: np.ndarray
    horizon: np.ndarray
    error: np.ndarray

    def until(self, end: int) -> "Tests":
        """Return those of which the outcome was known when so many values were."""
        return self.chosen(self.origin + self.horizon <= end)

    def chosen(self, rows: np.ndarray) -> "Tests":
        """Return only these rows."""
        return Tests(self.model[rows], self.origin[rows], self.horizon[rows], self.error[rows])

    def means(self) -> list[tuple[float, int]]:
        """Return the mean size of the errors, by model, and of how many. Summed exactly: models may err alike."""
        sizes = [np.abs(self.error[self.model == model]) for model in range(len(MODELS))]
        return [(math.fsum(of_model) / len(of_model), len(of_model)) for of_model in sizes]


@dataclass(frozen=True)
class Interval:
    """Half the width of an interval `h` months ahead is `width` times `reach(h, until, growth)`. `model`: its place in
    MODELS. `reliable`: so many starting months were tried that a share `level` of them, one more counted, is one.
    """

    model: int
    until: int
    growth: float
    width: float
    reliable: bool

    def half(self, horizon: np.ndarray) -> np.ndarray:
        """Return half the width so many months ahead."""
        return self.width * reach(horizon, self.until, self.growth)


def back_tests(series: np.ndarray, upper: float) -> Tests:
    """Return every forecast that could have been made of the series, where something came to hold it against."""
    parts: list[list[np.ndarray]] = [[np.zeros(0)] * 4]
    for place, model in enumerate(MODELS.values()):
        for origin in range(FIRST_ORIGIN, len(series)):
            so_far = series[:origin]
            if np.isnan(so_far[-1]) or (~np.isnan(so_far)).sum() < FIRST_ORIGIN:
                continue
            error = series[origin:] - model(so_far, len(series) - origin, upper)
            came = np.flatnonzero(~np.isnan(error))
            parts.append([np.full(len(came), place), np.full(len(came), origin), came + 1, error[came]])
    model_of, origin_of, horizon, errors = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Tests(model_of.astype(int), origin_of.astype(int), horizon.astype(int), errors)


def reach(horizon: np.ndarray, origin: np.ndarray | int, growth: float) -> np.ndarray:
    """Return how large an error is expected so many months ahead, beside one of the next month: it grows with the
    length, and faster where little was known (as the variance of a fitted line does beyond its points).
    """
    return horizon**growth * np.sqrt(1 + horizon / origin)


class BackTested:
    """A series' back-tests, and the interval that would have been printed whenever so many of its values were known."""

    def __init__(self, series: np.ndarray, upper: float) -> None:
        self.tests, self.count = back_tests(series, upper), len(series)
        known = np.cumsum(~np.isnan(series))
        tried = np.unique(self.tests.origin)
        self.origins = [int(origin) for origin in tried if known[origin - 1] >= LEAST_POINTS]
        parts = [self._outcomes(origin) for origin in self.origins]
        columns = zip(*(vars(part).values() for part in parts), strict=True)
        self._outcome = Tests(*(np.concatenate(column) for column in columns)) if parts else None

    def interval(self, until: int, level: float = LEVEL) -> Interval:
        """Return the interval that holds a share `level`, made of what was known when `until` values were."""
        model, growth, errors = self._errors(until)
        width = weighted_quantile(errors.error, errors.origin, until, level, finite=True)
        count = effective_count(errors.origin, until)
        after = None if self._outcome is None else self._outcome.until(until)
        if after is not None and len(after.error):
            scale = weighted_quantile(errors.error, errors.origin, until, LEVEL, finite=True)
            seen = scale * weighted_quantile(after.error, after.origin, until, level)
            belief = len(np.unique(after.origin)) / (len(np.unique(after.origin)) + DOUBT)
            width = width ** (1 - belief) * seen**belief
        return Interval(model, until, growth, width, reliable=(count + 1) * level <= count)

    def coverage(self, level: float = LEVEL) -> tuple[float | None, int]:
        """Return how much of what came fell into the interval printed before (percent), and of how many months."""
        inside = count = 0
        for origin in self.origins:
            printed = self.interval(origin, level)
            after = self._after(printed.model, origin)
            inside += int((np.abs(after.error) <= printed.half(after.horizon)).sum())
            count += len(after.error)
        return (inside * 100 / count if count else None), count

    def _errors(self, until: int) -> tuple[int, float, Tests]:
        """Return the model that erred least on what was known by `until`, how its errors grow, and its back-tests with
        the sizes of their errors, each divided by what was expected.
        """
        seen = self.tests.until(until)
        model = int(np.argmin([mean for mean, _tests in seen.means()]))
        own = seen.chosen(seen.model == model)
        sizes = np.abs(own.error)
        growth = _growth(sizes, own, until)
        return model, growth, Tests(own.model, own.origin, own.horizon, sizes / reach(own.horizon, own.origin, growth))

    def _outcomes(self, origin: int) -> Tests:
        """Return what followed an origin, each error as a share of the interval before it was calibrated."""
        model, growth, errors = self._errors(origin)
        scale = weighted_quantile(errors.error, errors.origin, origin, LEVEL, finite=True)
        after = self._after(model, origin)
        expected = np.maximum(scale * reach(after.horizon, origin, growth), NOTHING)
        share = np.minimum(np.abs(after.error) / expected, SURPRISE)
        return Tests(after.model, after.origin, after.horizon, share)

    def _after(self, model: int, origin: int) -> Tests:
        return self.tests.chosen((self.tests.model == model) & (self.tests.origin == origin))


def effective_count(origins: np.ndarray, until: int) -> float:
    """Return how many starting months tell as much as these, of which older ones weigh less (Kish's effective size)."""
    weights = WEIGHT ** (until - np.unique(origins))
    return float(weights.sum() ** 2 / (weights**2).sum())


def weighted_quantile(
    sizes: np.ndarray, origins: np.ndarray, until: int, level: float, *, finite: bool = False
) -> float:
    """Return the smallest size that a share `level` of the weight does not exceed. `finite`: one more starting month is
    counted, for the one to come; where there are too few for that, the largest size.
    """
    if finite:
        count = effective_count(origins, until)
        level = min(1.0, level * (count + 1) / count)
    order = np.argsort(sizes, kind="stable")
    weights = np.cumsum(WEIGHT ** (until - origins[order]))
    place = int(np.searchsorted(weights / weights[-1], level - NOTHING))
    return float(sizes[order][min(place, len(sizes) - 1)])


def _growth(sizes: np.ndarray, tests: Tests, until: int) -> float:
    """Return the power at which errors grow: a line through the logarithms of their weighted means by length."""
    weights = np.bincount(tests.horizon, WEIGHT ** (until - tests.origin))
    lengths = np.flatnonzero(weights)
    expected = sizes / np.sqrt(1 + tests.horizon / tests.origin) * WEIGHT ** (until - tests.origin)
    means = np.bincount(tests.horizon, expected)[lengths] / weights[lengths]
    weights = weights[lengths]
    along, up = np.log(lengths), np.log(np.maximum(means, NOTHING))
    along, up = along - np.average(along, weights=weights), up - np.average(up, weights=weights)
    slope = (np.sum(weights * along * up) + DRAWN * GROWTH) / (np.sum(weights * along**2) + DRAWN)
    return float(np.clip(slope, 0, 1))
