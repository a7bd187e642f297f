"""A spark line: the recent course of a headline figure, without axes."""

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month
from charts import theme

HEIGHT = 44


def spark(frame: pd.DataFrame) -> go.Figure:
    """Return a small line through `value` over `starts_on`; a period without a value is a gap, the last a dot."""
    drawn = theme.figure(HEIGHT, margin={"l": 2, "r": 6, "t": 4, "b": 4})
    drawn.add_scatter(
        x=frame["starts_on"], y=frame["value"], mode="lines", line={"color": theme.FIRST, "width": 2}, hoverinfo="skip"
    )
    last = frame[frame["value"].notna()].tail(1)
    drawn.add_scatter(
        x=last["starts_on"], y=last["value"], mode="markers", marker={"color": theme.FIRST, "size": 7}, hoverinfo="skip"
    )
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(visible=False, rangemode="tozero")
    return drawn


def alt_text(frame: pd.DataFrame, measure: theme.Measure) -> str:
    """Return in words what the spark line shows: where it began and where it stands."""
    known = frame[frame["value"].notna()]
    if known.empty:
        return _("{measure}: nothing was reported.").format(measure=measure.name)
    first, last = known.iloc[0], known.iloc[-1]
    return _("{measure}: {first} in {start}, {last} in {end}.").format(
        measure=measure.name,
        first=measure.write(first.value),
        start=format_month(first.starts_on),
        last=measure.write(last.value),
        end=format_month(last.starts_on),
    )
