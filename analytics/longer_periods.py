"""From months to quarters and school years, as each kind of metric allows it.

- A *flow* adds up: the period is the sum of its months.
- A *stock* takes the period's last month as it is, and only the schools that reported it.
- A *distinct* count is never added over time, for the same people come again: a longer period is its *mean month*.
- A *score*, and every rate of flows or distinct counts, is the ratio of sums over the months, not a mean of rates.

A month without a value adds nothing and is not a zero: `months_reported` beside `months` says how many there are.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

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


class Span(NamedTuple):
    """A stretch of time that months are made into: its first day and how it is written. Spans sort by time."""

    starts_on: date
    key: str


def over_time(frame: pd.DataFrame, kind: str, granularity: Granularity, factor: float | None = None) -> pd.DataFrame:
    """Return a monthly trend (`analytics.adoption.trend`) in longer periods, in order of time.

    `kind` is the metric's, of an indicator its numerator's; `factor` is an indicator's and None for metrics. Columns:
    period, starts_on, aggregation (sum, last_month, mean_month, mean: named wherever the figure is shown), months (how
    many of the period are in the frame), months_reported, then FIGURE_COLUMNS of `analytics.scope`. Counts of schools
    are the last month's for a stock, else added over the months: reports, not schools. Where one month is withheld,
    what is made of it is too.
    """
    keys = [Period.containing(day, granularity) for day in frame["starts_on"]]
    spans = {period: Span(period.starts_on, period.key) for period in keys}
    return over_spans(frame, [spans[period] for period in keys], kind, factor)


def over_spans(
    frame: pd.DataFrame, spans: Sequence[Span | None], kind: str, factor: float | None = None
) -> pd.DataFrame:
    """Return a monthly trend over any spans, one named for each of its rows: see `over_time`. None: in no span."""
    places = pd.Series(list(spans), index=frame.index, dtype=object)
    rows = [
        _period(span, frame[[one == span for one in places]], MetricKind(kind), factor)
        for span in sorted(set(places.dropna()))
    ]
    return figure_frame({name: [row[name] for row in rows] for name in (*NAMES, *FIGURE_COLUMNS)}, NAMES)


def _period(span: Span, months: pd.DataFrame, kind: MetricKind, factor: float | None) -> dict[str, Any]:
    reported = months[months["state"] == FigureState.REPORTED]
    if kind is MetricKind.STOCK:
        row = {str(name): value for name, value in months.iloc[-1].items()}
    else:
        row = _over_months(months, reported, kind, factor)
    return row | {
        "period": span.key,
        "starts_on": span.starts_on,
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
