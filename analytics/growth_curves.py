"""Three ways in which a series may go on: two curves that level off, and a trend that fades. Pure arithmetic.

- *Logistic* and *Gompertz* (the usual curves of adoption; N. Meade and T. Islam, "Modelling and forecasting the
  diffusion of innovation: a 25-year review", International Journal of Forecasting 22 (2006), 519-545): least squares
  over a grid of speed and midpoint, refined; the ceiling follows from both. What the last value lies off the curve
  fades out in the months ahead.
- *Damped trend*: Holt's smoothing with a trend that fades (E. S. Gardner and E. McKenzie, "Forecasting trends in time
  series", Management Science 31 (1985), 1237-1246).

A series is an array with one place a period, NaN where nothing was reported; nothing is filled in. Same series, same
forecast: there is no chance in here.
"""

from collections.abc import Callable

import numpy as np

SPEEDS = np.geomspace(0.04, 1.6, 14)
MIDPOINTS = 32
REFINED = 3
# How much of the last value's distance from the curve is left after each further period.
FADING = 0.75
SMOOTHING = np.array(
    [
        (level, trend, damping)
        for level in (0.2, 0.4, 0.6, 0.8, 1.0)
        for trend in (0.05, 0.15, 0.4)
        for damping in (0.8, 0.88, 0.94, 0.98)
    ]
)

Model = Callable[[np.ndarray, int, float], np.ndarray]


def damped_trend(series: np.ndarray, ahead: int, upper: float) -> np.ndarray:
    """Return the forecast of the `ahead` periods after the series by a fading trend, chosen by its one-step errors."""
    alpha, beta, phi = SMOOTHING.T
    known = np.flatnonzero(~np.isnan(series))
    level = np.full(len(alpha), series[known[0]])
    trend = np.full(len(alpha), (series[known[1]] - series[known[0]]) / (known[1] - known[0]))
    squares = np.zeros(len(alpha))
    for value in series[known[0] + 1 :]:
        expected = level + phi * trend
        error = np.zeros(len(alpha)) if np.isnan(value) else value - expected
        level, trend = expected + alpha * error, phi * trend + alpha * beta * error
        squares += error**2
    best = int(np.argmin(squares))
    steps = np.cumsum(phi[best] ** np.arange(1, ahead + 1))
    return np.clip(level[best] + trend[best] * steps, 0, upper)


def logistic(series: np.ndarray, ahead: int, upper: float) -> np.ndarray:
    """Return the forecast by a logistic curve."""
    return _curve(series, ahead, upper, lambda turned: 1 / (1 + np.exp(-np.clip(turned, -50, 50))))


def gompertz(series: np.ndarray, ahead: int, upper: float) -> np.ndarray:
    """Return the forecast by a Gompertz curve, which rises fast and levels off slowly."""
    return _curve(series, ahead, upper, lambda turned: np.exp(-np.exp(-np.clip(turned, -5, 50))))


# In order of simplicity: of two that err equally the first is taken.
MODELS: dict[str, Model] = {"damped_trend": damped_trend, "logistic": logistic, "gompertz": gompertz}


def _curve(series: np.ndarray, ahead: int, upper: float, shape: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return the curve beyond the series, moved by the last value's distance from it, which fades."""
    known = np.flatnonzero(~np.isnan(series))
    values, count = series[known], len(series)
    speed, midpoint = SPEEDS, np.linspace(-count, 2.5 * count, MIDPOINTS)
    for _round in range(REFINED):
        ceiling, fitted_speed, fitted_midpoint = _best(known, values, speed, midpoint, upper, shape)
        wide = midpoint[1] - midpoint[0]
        ratio = speed[1] / speed[0]
        speed = np.geomspace(fitted_speed / ratio, fitted_speed * ratio, 7)
        midpoint = np.linspace(fitted_midpoint - wide, fitted_midpoint + wide, 9)

    def curve(time: np.ndarray) -> np.ndarray:
        return ceiling * shape(fitted_speed * (time - fitted_midpoint))

    last = values[-1] - curve(known[-1:].astype(float))[0]
    passed = np.arange(1, ahead + 1)
    return np.clip(curve(count - 1.0 + passed) + last * FADING ** (count - 1 - known[-1] + passed), 0, upper)


def _best(
    known: np.ndarray,
    values: np.ndarray,
    speed: np.ndarray,
    midpoint: np.ndarray,
    upper: float,
    shape: Callable[[np.ndarray], np.ndarray],
) -> tuple[float, float, float]:
    """Return (ceiling, speed, midpoint) with the least squares of the grid. The ceiling follows from the other two."""
    grid = shape(speed[:, None, None] * (known[None, None, :] - midpoint[None, :, None]))
    weight = (grid**2).sum(axis=2)
    ceiling = np.divide(grid @ values, weight, out=np.zeros(weight.shape), where=weight > 1e-12)
    # A ceiling far beyond all that was seen is a guess: five times the largest value at most.
    ceiling = np.clip(ceiling, 0, min(upper, 5 * max(float(values.max()), 1e-9)))
    squares = ((ceiling[:, :, None] * grid - values) ** 2).sum(axis=2)
    place = np.unravel_index(int(np.argmin(squares)), squares.shape)
    return float(ceiling[place]), float(speed[place[0]]), float(midpoint[place[1]])
