"""Whether a target will be met: a forecast that says how often it would have been right, and says nothing on little.

Three models (`analytics.growth_curves`) are judged by a rolling-origin back-test: from every month since the fifth
value each forecasts the months that followed; the one with the smallest mean absolute error is taken (L. J. Tashman,
"Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16 (2000), 437-450). The interval is
made of the errors of those back-tests, never of the fit. Its coverage is printed beside it: the share of months that
fell into the interval which this very procedure, choice of model included, would have printed from the months before.
"""

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from sqlmodel import Session

from analytics.adoption import trend
from analytics.growth_curves import MODELS
from analytics.lookup import look_up
from analytics.registry import targets
from analytics.scope import Scope
from data_model.periods import Period
from data_model.releases import FigureState

LEAST_POINTS = 8
# A model is tried from so many values on: fewer say nothing about a curve.
FIRST_ORIGIN = 5
LEVEL = 0.8
# How the errors of a forecast grow with its length h: as h to this power. A wrong slope errs in proportion to h; with
# the square root of h, intervals after eight values held half of what came (`python -m benchmarks.forecast`).
GROWTH = 1.0
# Beyond so many times the longest horizon that was back-tested nothing is judged.
FAR = 2
# An interval that held less than this share of what came is not one to judge by.
TRUSTED_COVERAGE = 65.0
ERRORS = ("model", "mean_absolute_error", "tests")
COLUMNS = ("period", "starts_on", "kind", "value", "low", "high")


@dataclass(frozen=True)
class Forecast:
    """A forecast, how it was chosen and how far to trust it.

    `frame`: period, starts_on, kind (measured, forecast), value, low, high (NaN for what was measured); measured months
    without a value are rows of NaN. Empty but for them where `refused`: `too_few_points` (fewer than LEAST_POINTS).
    `coverage`: percent of `tests` back-tested months that fell into the interval (None before there is one), which is
    meant to be `level` (0.8). `errors`: model, mean_absolute_error (unit of the measure), tests; smallest first.
    `verdict` against the target: on_course and off_course where the whole interval lies on one side of it, at_risk
    where only its better end reaches it, open where the interval allows no verdict, too_far for a date that is; ""
    without a target. `at_due` and its interval are the forecast for the target's date.
    """

    frame: pd.DataFrame
    points: int
    refused: str = ""
    model: str | None = None
    level: float = LEVEL
    coverage: float | None = None
    tests: int = 0
    horizon_tested: int = 0
    errors: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["model", "mean_absolute_error", "tests"])
    )
    target: float | None = None
    due: date | None = None
    at_due: float | None = None
    at_due_low: float | None = None
    at_due_high: float | None = None
    verdict: str = ""


def to_target(session: Session, scope: Scope) -> Forecast:
    """Return the forecast of the scope's measure and area, against its next target (without one where there is none).

    The target is the one of this area and measure that is due next after the scope's period, as it stood then.
    """
    asked = look_up(session, scope)
    aims = targets(session, scope.initiative, scope.as_of)
    aims = aims[(aims["measure"] == scope.measure) & (aims["area_code"] == scope.area)]
    to_come = np.array([day > scope.period.ends_on for day in aims["due_on"]], dtype=bool)
    aims = aims[to_come].sort_values("due_on")
    course = trend(session, scope)
    upper = float(asked.measure.factor) if asked.measure.factor is not None else float("inf")
    if aims.empty:
        return forecast(course, upper=upper)
    aim = aims.iloc[0]
    falling = bool(aim["baseline"] > aim["value"])
    return forecast(course, target=float(aim["value"]), due=aim["due_on"], upper=upper, falling=falling)


def forecast(
    course: pd.DataFrame,
    *,
    target: float | None = None,
    due: date | None = None,
    upper: float = float("inf"),
    falling: bool = False,
    ahead: int = 12,
) -> Forecast:
    """Return the forecast of a trend (`analytics.adoption.trend`: one row a period, gaps included).

    `upper` is the greatest value there can be (100 for a part in percent), `falling` tells that the target is reached
    from above. Reaches to the target's date, else `ahead` periods.
    """
    known = course["state"] == FigureState.REPORTED
    measured = _measured(course.loc[: course.index[known][-1]] if known.any() else course.iloc[:0])
    series = measured["value"].to_numpy(float)
    if known.sum() < LEAST_POINTS:
        return Forecast(measured, int(known.sum()), refused="too_few_points", target=target, due=due)
    series = series[np.flatnonzero(~np.isnan(series))[0] :]
    tests = _back_tests(series, upper)
    place, scale = _choose(tests, len(series))
    chosen, errors = list(MODELS)[place], _errors(tests, len(series))
    coverage, tested = _coverage(tests, series)
    last = Period.parse(str(measured["period"].iloc[-1]))
    steps = ahead if due is None else _steps(last, due)
    future = _future(series, last, max(steps, 1), upper, chosen, scale)
    made = Forecast(
        pd.concat([measured, future], ignore_index=True), int(known.sum()), model=chosen, coverage=coverage,
        tests=tested, horizon_tested=len(series) - FIRST_ORIGIN, errors=errors, target=target, due=due,
    )  # fmt: skip
    return made if target is None or due is None else _judged(made, future.iloc[-1], steps, falling)


def _measured(course: pd.DataFrame) -> pd.DataFrame:
    frame = course[["period", "starts_on"]].assign(
        kind="measured", value=course["value"].astype(float), low=np.nan, high=np.nan
    )
    return frame[list(COLUMNS)].reset_index(drop=True)


@dataclass(frozen=True)
class Tests:
    """Every forecast that could have been made, as arrays: model (its place in MODELS), origin (values known), horizon,
    error (what came less what was forecast).
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


def _back_tests(series: np.ndarray, upper: float) -> Tests:
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


def _choose(tests: Tests, until: int) -> tuple[int, float]:
    """Return the model that erred least on what was known by `until`, and the scale of its interval."""
    seen = tests.until(until)
    chosen = int(np.argmin([mean for mean, _tests in seen.means()]))
    of_chosen = seen.chosen(seen.model == chosen)
    relative = np.sort(np.abs(of_chosen.error) / of_chosen.horizon**GROWTH)
    # The smallest width that holds a share LEVEL of the errors, one more counted for the one to come.
    place = min(int(np.ceil((len(relative) + 1) * LEVEL)), len(relative)) - 1
    return chosen, float(relative[place])


def _errors(tests: Tests, until: int) -> pd.DataFrame:
    """Return how much each model erred on what was known by `until`: ERRORS, the smallest first."""
    rows = [(name, *mean) for name, mean in zip(MODELS, tests.until(until).means(), strict=True)]
    listed = pd.DataFrame(rows, columns=list(ERRORS))
    return listed.sort_values("mean_absolute_error", kind="stable", ignore_index=True)


def _coverage(tests: Tests, series: np.ndarray) -> tuple[float | None, int]:
    """Return how much of what came fell into the interval printed before (percent), and of how many months."""
    inside = count = 0
    for origin in range(LEAST_POINTS, len(series)):
        if (~np.isnan(series[:origin])).sum() < LEAST_POINTS:
            continue
        chosen, scale = _choose(tests, origin)
        after = tests.chosen((tests.model == chosen) & (tests.origin == origin))
        inside += int((np.abs(after.error) <= scale * after.horizon**GROWTH).sum())
        count += len(after.error)
    return (inside * 100 / count if count else None), count


def _future(series: np.ndarray, last: Period, ahead: int, upper: float, model: str, scale: float) -> pd.DataFrame:
    made = MODELS[model](series, ahead, upper)
    half = scale * np.arange(1, ahead + 1) ** GROWTH
    periods = [last.shifted(step) for step in range(1, ahead + 1)]
    return pd.DataFrame(
        {
            "period": [period.key for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "kind": "forecast",
            "value": made,
            "low": np.clip(made - half, 0, upper),
            "high": np.clip(made + half, 0, upper),
        }
    )


def _steps(last: Period, due: date) -> int:
    """Return how many periods after `last` the one lies in which `due` does; 0 or less when that is over."""
    steps, wanted = 0, Period.containing(due, last.granularity)
    while last.shifted(steps) < wanted:
        steps += 1
    return steps


def _judged(made: Forecast, at_due: pd.Series, steps: int, falling: bool) -> Forecast:
    """Return the forecast with what may be said of its target."""
    target, value, low, high = (float(made.target or 0), *(float(at_due[name]) for name in ("value", "low", "high")))
    worse, better = (high, low) if falling else (low, high)
    sign = -1 if falling else 1
    if steps < 1:
        verdict = ""
    elif steps > FAR * made.horizon_tested:
        verdict = "too_far"
    elif made.coverage is None or made.coverage < TRUSTED_COVERAGE:
        verdict = "open"
    elif sign * worse >= sign * target:
        verdict = "on_course"
    elif sign * better < sign * target:
        verdict = "off_course"
    else:
        verdict = "at_risk" if sign * value < sign * target else "open"
    return Forecast(**{**vars(made), "at_due": value, "at_due_low": low, "at_due_high": high, "verdict": verdict})
