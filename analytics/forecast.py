"""Whether a target will be met: a forecast that says how often it would have been right, and says nothing on little.

Three models (`analytics.growth_curves`) are judged by back-tests, of whose errors the interval is made
(`analytics.back_tests`). Its coverage is printed beside it: the share of months that fell into the interval which this
very procedure, choice of model and calibration included, would have printed from the months before.

Who is active depends on the calendar. So months of holidays, by the country's own terms (`analytics.school_calendar`),
are neither fitted nor forecast nor judged for what is counted within a month (flows, distinct counts and their rates).
They are shown as what they are. A factor for each month of a year would need more years than there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlmodel import Session

from analytics.adoption import trend
from analytics.back_tests import FIRST_ORIGIN, LEAST_POINTS, LEVEL, BackTested, Interval, Tests
from analytics.growth_curves import MODELS
from analytics.lookup import Asked, country_of, look_up
from analytics.registry import targets
from analytics.school_calendar import expected_holidays, terms
from analytics.scope import Scope
from data_model.measures import MetricKind
from data_model.periods import Granularity, Period
from data_model.releases import FigureState

# Beyond so many times the longest horizon that was back-tested nothing is judged.
FAR = 2
# An interval that held less than this share of what came is not one to judge by.
TRUSTED_COVERAGE = 65.0
ERRORS = ("model", "mean_absolute_error", "tests")
COLUMNS = ("period", "starts_on", "kind", "value", "low", "high", "holidays")
# What depends on whether there are lessons: what is counted within a month, not where things stand at its end.
OF_LESSONS = (MetricKind.FLOW, MetricKind.DISTINCT)

# Tells of first days of months which lie in holidays.
Holidays = Callable[[Sequence[date]], Sequence[bool]]


@dataclass(frozen=True)
class Forecast:
    """A forecast, how it was chosen and how far to trust it.

    `frame`: period, starts_on, kind (measured, forecast), value, low, high (NaN for what was measured), holidays (left
    out of everything: measured ones have their value, forecast ones have none); measured months without a value are
    rows of NaN. Empty but for them where `refused`: `too_few_points` (fewer than LEAST_POINTS, holidays not counted).
    `coverage`: percent of `tests` back-tested months that fell into the interval (None before there is one), which is
    meant to be `level` (0.8); not `reliable` where it rests on too few starting months. `errors`: model,
    mean_absolute_error (unit of the measure), tests; smallest first.
    `verdict` against the target: on_course and off_course where the whole interval lies on one side of it, at_risk
    where only its better end reaches it, open where the interval allows no verdict, too_far for a date that is; ""
    without a target. `at_due` and its interval are the forecast for the target's date: for `judged_in`, which is the
    last month of lessons before it where it lies in holidays.
    """

    frame: pd.DataFrame
    points: int
    refused: str = ""
    model: str | None = None
    level: float = LEVEL
    coverage: float | None = None
    tests: int = 0
    reliable: bool = False
    horizon_tested: int = 0
    errors: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["model", "mean_absolute_error", "tests"])
    )
    target: float | None = None
    due: date | None = None
    at_due: float | None = None
    at_due_low: float | None = None
    at_due_high: float | None = None
    judged_in: date | None = None
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
    left_out = holidays(session, asked)
    upper = float(asked.measure.factor) if asked.measure.factor is not None else float("inf")
    if aims.empty:
        return forecast(course, upper=upper, left_out=left_out)
    aim = aims.iloc[0]
    falling = bool(aim["baseline"] > aim["value"])
    return forecast(
        course, target=float(aim["value"]), due=aim["due_on"], upper=upper, falling=falling, left_out=left_out
    )


def holidays(session: Session, asked: Asked) -> Holidays:
    """Return what tells the months that are left out of the measure's forecast."""
    if asked.measure.kind not in OF_LESSONS or asked.scope.period.granularity is not Granularity.MONTH:
        return no_holidays
    known = terms(session, country_of(session, asked.scope.initiative))
    return lambda months: expected_holidays(months, known)


def no_holidays(months: Sequence[date]) -> list[bool]:
    """Return of each month that it is left in."""
    return [False] * len(months)


def forecast(
    course: pd.DataFrame,
    *,
    target: float | None = None,
    due: date | None = None,
    upper: float = float("inf"),
    falling: bool = False,
    ahead: int = 12,
    level: float = LEVEL,
    left_out: Holidays = no_holidays,
) -> Forecast:
    """Return the forecast of a trend (`analytics.adoption.trend`: one row a period, gaps included).

    `upper` is the greatest value there can be (100 for a part in percent), `falling` tells that the target is reached
    from above, `left_out` which months lie in holidays. Reaches to the target's date, else `ahead` periods.
    """
    known = course["state"] == FigureState.REPORTED
    measured = _measured(course.loc[: course.index[known][-1]] if known.any() else course.iloc[:0], left_out)
    series = np.where(measured["holidays"], np.nan, measured["value"].to_numpy(float))
    fitted = np.flatnonzero(~np.isnan(series))
    if len(fitted) < LEAST_POINTS:
        return Forecast(measured, len(fitted), refused="too_few_points", level=level, target=target, due=due)
    series = series[fitted[0] : fitted[-1] + 1]
    tried = BackTested(series, upper)
    interval = tried.interval(len(series), level)
    coverage, tested = tried.coverage(level)
    last = Period.parse(str(measured["period"].iloc[-1]))
    steps = ahead if due is None else _steps(last, due)
    # From the last month that was fitted on; holidays that were measured since are behind.
    behind = len(measured) - 1 - int(fitted[-1])
    future = _future(series, last.shifted(1 - behind), left_out, behind + max(steps, 1), upper, interval)[behind:]
    made = Forecast(
        pd.concat([measured, future], ignore_index=True), len(fitted), model=list(MODELS)[interval.model], level=level,
        coverage=coverage, tests=tested, reliable=interval.reliable, horizon_tested=len(series) - FIRST_ORIGIN,
        errors=_errors(tried.tests, len(series)), target=target, due=due,
    )  # fmt: skip
    return made if target is None or due is None else _judged(made, future, steps, behind, falling)


def _measured(course: pd.DataFrame, left_out: Holidays) -> pd.DataFrame:
    frame = course[["period", "starts_on"]].assign(
        kind="measured", value=course["value"].astype(float), low=np.nan, high=np.nan,
        holidays=np.array(left_out(list(course["starts_on"])), dtype=bool),
    )  # fmt: skip
    return frame[list(COLUMNS)].reset_index(drop=True)


def _errors(tests: Tests, until: int) -> pd.DataFrame:
    """Return how much each model erred on what was known by `until`: ERRORS, the smallest first."""
    rows = [(name, *mean) for name, mean in zip(MODELS, tests.until(until).means(), strict=True)]
    listed = pd.DataFrame(rows, columns=list(ERRORS))
    return listed.sort_values("mean_absolute_error", kind="stable", ignore_index=True)


def _future(
    series: np.ndarray, begins: Period, left_out: Holidays, steps: int, upper: float, interval: Interval
) -> pd.DataFrame:
    """Return the rows after the series, of which `begins` is the first; months of holidays have no value."""
    periods = [begins.shifted(step) for step in range(steps)]
    rest = np.array(left_out([period.starts_on for period in periods]), dtype=bool)
    made = np.where(rest, np.nan, MODELS[list(MODELS)[interval.model]](series, steps, upper))
    half = interval.half(np.arange(1, steps + 1))
    return pd.DataFrame(
        {
            "period": [period.key for period in periods],
            "starts_on": [period.starts_on for period in periods],
            "kind": "forecast",
            "value": made,
            "low": np.clip(made - half, 0, upper),
            "high": np.clip(made + half, 0, upper),
            "holidays": rest,
        }
    )


def _steps(last: Period, due: date) -> int:
    """Return how many periods after `last` the one lies in which `due` does; 0 or less when that is over."""
    steps, wanted = 0, Period.containing(due, last.granularity)
    while last.shifted(steps) < wanted:
        steps += 1
    return steps


def _judged(made: Forecast, future: pd.DataFrame, steps: int, behind: int, falling: bool) -> Forecast:
    """Return the forecast with what may be said of its target, by the last month until its date that has a value."""
    of_lessons = future[future["value"].notna()]
    if of_lessons.empty:
        return replace(made, verdict="open" if steps >= 1 else "")
    at_due = of_lessons.iloc[-1]
    value, low, high = (float(at_due[name]) for name in ("value", "low", "high"))
    return replace(
        made, at_due=value, at_due_low=low, at_due_high=high, judged_in=at_due["starts_on"],
        verdict=_verdict(made, value, low, high, steps, behind, falling),
    )  # fmt: skip


def _verdict(made: Forecast, value: float, low: float, high: float, steps: int, behind: int, falling: bool) -> str:
    worse, better = (high, low) if falling else (low, high)
    sign, target = -1 if falling else 1, float(made.target or 0)
    if steps < 1:
        return ""
    if steps + behind > FAR * made.horizon_tested:
        return "too_far"
    if not made.reliable or made.coverage is None or made.coverage < TRUSTED_COVERAGE:
        return "open"
    if sign * worse >= sign * target:
        return "on_course"
    if sign * better < sign * target:
        return "off_course"
    return "at_risk" if sign * value < sign * target else "open"
