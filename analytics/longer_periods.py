"""From months to quarters and school years, as each kind of metric allows it.

- A *flow* adds up: the period is the sum of its months.
- A *stock* takes the period's last month as it is, and only the schools that reported it.
- A *distinct* count is never added over time, for the same people come again: a longer period is its *mean month*.
- A *score*, and every rate of flows or distinct counts, is the ratio of sums over the months, not a mean of rates.

A month without a value adds nothing and is not a zero: `months_reported` beside `months` says how many there are.
"""

from typing import Any

import numpy as np
import pandas as pd

from analytics.scope import FIGURE_COLUMNS
from analytics.values import SCHOOL_COUNTS, figure_frame
from data_model.measures import MetricKind
from data_model.periods import Granularity, Period
from data_model.releases import FigureState

NAMES = ("period", "starts_on", "aggregation", "months", "months_reported")
AGGREGATION = {
    MetricKind.STOCK: "last_month",
    MetricKind.FLOW: "sum",
    MetricKind.DISTINCT: "mean_month",
    MetricKind.SCORE: "mean",
}


def over_time(frame: pd.DataFrame, kind: str, granularity: Granularity, factor: float | None = None) -> pd.DataFrame:
    """Return a monthly trend (`analytics.adoption.trend`) in longer periods, in order of time.

    `kind` is the metric's, of an indicator its numerator's; `factor` is an indicator's and None for metrics. Columns:
    period, starts_on, aggregation (sum, last_month, mean_month, mean: named wherever the figure is shown), months (how
    many of the period are in the frame), months_reported, then FIGURE_COLUMNS of `analytics.scope`. Counts of schools
    are the last month's for a stock, else added over the months: reports, not schools. Where one month is withheld,
    what is made of it is too.
    """
    keys = [Period.containing(day, granularity) for day in frame["starts_on"]]
    rows = [
        _period(period, months, MetricKind(kind), factor)
        for period, months in frame.groupby(pd.Series(keys, index=frame.index), sort=True)
    ]
    return figure_frame({name: [row[name] for row in rows] for name in (*NAMES, *FIGURE_COLUMNS)}, NAMES)


def _period(period: Any, months: pd.DataFrame, kind: MetricKind, factor: float | None) -> dict[str, Any]:
    reported = months[months["state"] == FigureState.REPORTED]
    if kind is MetricKind.STOCK:
        row = {str(name): value for name, value in months.iloc[-1].items()}
    else:
        row = _over_months(months, reported, kind, factor)
    return row | {
        "period": period.key,
        "starts_on": period.starts_on,
        "demonstration": bool(months["demonstration"].any()),
        "recorded_at": months["recorded_at"].max(),
        "aggregation": AGGREGATION[kind],
        "months": len(months),
        "months_reported": len(reported),
    }


def _over_months(
    months: pd.DataFrame, reported: pd.DataFrame, kind: MetricKind, factor: float | None
) -> dict[str, Any]:
    row: dict[str, Any] = {name: months[name].sum(min_count=1) for name in SCHOOL_COUNTS}
    row |= {"value": np.nan, "numerator": np.nan, "denominator": np.nan, "state": _state(months)}
    if row["state"] != FigureState.REPORTED:
        return row
    numerator, denominator = reported["numerator"].sum(), reported["denominator"].sum(min_count=1)
    if factor is not None or kind is MetricKind.SCORE:
        value = numerator / denominator * (factor or 1)
    else:
        value = numerator / len(reported) if kind is MetricKind.DISTINCT else numerator
    return row | {"value": value, "numerator": numerator, "denominator": denominator}


def _state(months: pd.DataFrame) -> str:
    """Return the state of what is made of several months: withheld when one is, else the most that one says."""
    for state in (FigureState.SUPPRESSED, FigureState.REPORTED, FigureState.NOT_APPLICABLE):
        if (months["state"] == state).any():
            return state.value
    return FigureState.NOT_REPORTED.value
