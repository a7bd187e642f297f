"""A course in the size of a word: no axes, no labels, gaps left open, the last value marked."""

import pandas as pd
import plotly.graph_objects as go

from charts import palette, states, trend
from charts.theme import Measure, blank

HEIGHT = 54
LAST, ALONE = 7, 4  # sizes of marks, pixels


def spark(frame: pd.DataFrame) -> go.Figure:
    """Return the course of a frame as `charts.trend.trend` takes it, without words: they stand around it."""
    figure = blank(HEIGHT)
    values = [
        float(value) if state == states.REPORTED else None
        for value, state in zip(frame["value"], frame["state"], strict=True)
    ]
    there = [value for value in values if value is not None]
    figure.add_scatter(
        x=list(range(len(values))), y=values, mode="lines+markers", connectgaps=False, hoverinfo="skip",
        line={"color": palette.MAIN, "width": 2},
        marker={"size": _sizes(values), "color": palette.MAIN, "opacity": 1, "line_width": 0},
        cliponaxis=False,
    )  # fmt: skip
    # Room for the last mark inside the plot: a card cuts off what lies beyond.
    room = max(len(values), 2) * 0.06
    figure.update_xaxes(visible=False, range=[-room / 2, len(values) - 1 + room])
    figure.update_yaxes(visible=False, range=[0, max(there, default=1.0) * 1.15 or 1])
    figure.update_layout(margin={"l": 0, "r": 4, "t": 4, "b": 2}, hovermode=False)
    return figure


def alt_text(frame: pd.DataFrame, measure: Measure) -> str:
    """Return what the course shows, as for the larger picture."""
    return trend.alt_text(frame, measure)


def _sizes(values: list[float | None]) -> list[int]:
    """Return the marks: the last value has one, and a value between two gaps, which no line would show."""
    padded = [None, *values, None]
    sizes = [
        ALONE if value is not None and before is None and after is None else 0
        for before, value, after in zip(padded, values, padded[2:], strict=False)
    ]
    for index in range(len(values) - 1, -1, -1):
        if values[index] is not None:
            sizes[index] = LAST
            break
    return sizes
