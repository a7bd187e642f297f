"""Every measure of one school below each other: a small course each, its gaps left open, its last value beside it."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _
from charts import palette, states, trend
from charts.theme import TEXT, Caption, Measure, annotate, blank
from charts.writing import told, write

ROW, HEAD, VALUE = 34, 20, 86


def rows(frame: pd.DataFrame, measures: Mapping[str, Measure], caption: Caption) -> go.Figure:
    """Return a row for each measure of `analytics.school_profile` (column `measure`), in the order of `measures`.

    Each has its own scale from zero. A period without a value is a gap on shaded ground; one in which the school was
    not expected to report is a gap without it. `customdata` of a point is its measure and period.
    """
    shown = [(key, frame[frame["measure"] == key]) for key in measures if (frame["measure"] == key).any()]
    height = (ROW + HEAD) * max(len(shown), 1)
    figure = blank(height)
    days = sorted(set(frame["starts_on"]))
    layout: dict[str, object] = {}
    for number, (key, course) in enumerate(shown):
        axis = "" if number == 0 else str(number + 1)
        bottom = 1 - (number * (ROW + HEAD) + HEAD + ROW) / height
        there = course["value"][course["state"] == states.REPORTED]
        layout[f"yaxis{axis}"] = {
            "domain": [bottom, bottom + ROW / height], "anchor": "x", "visible": False,
            "range": [0, (float(there.max()) if len(there) else 1.0) * 1.2 or 1.0],
        }  # fmt: skip
        _course(figure, key, course, measures[key], axis)
        place: dict[str, Any] = {"xref": "paper", "yref": f"y{axis} domain"}
        write(figure, measures[key].name, 0, 1, xanchor="left", yanchor="bottom", yshift=1, colour=None, **place)
        _write_last(figure, course, measures[key], place)
    positions, texts = trend.ticks(days, [f"{day:%Y-%m}" for day in days], most=4)
    last = "" if len(shown) < 2 else str(len(shown))
    layout["xaxis"] = {
        "range": trend.with_room(days), "tickmode": "array", "tickvals": positions, "ticktext": texts, "tickangle": 0,
        "anchor": f"y{last}",
    }  # fmt: skip
    figure.update_layout(layout, margin={"l": 4, "r": VALUE, "t": 4}, hovermode="closest")
    return annotate(figure, caption, below=42)


def alt_text(frame: pd.DataFrame, measures: Mapping[str, Measure]) -> str:
    """Return the course of every measure in words, with its gaps."""
    told_of = [(measure, frame[frame["measure"] == key]) for key, measure in measures.items()]
    return " ".join(trend.alt_text(course, measure) for measure, course in told_of if len(course)) or _("No value.")


def _course(figure: go.Figure, key: str, course: pd.DataFrame, measure: Measure, axis: str) -> None:
    reported = course["state"] == states.REPORTED
    values = [float(value) if there else None for value, there in zip(course["value"], reported, strict=True)]
    lonely = [
        value is not None and before is None and after is None
        for before, value, after in zip([None, *values[:-1]], values, [*values[1:], None], strict=True)
    ]
    last = max((index for index, value in enumerate(values) if value is not None), default=-1)
    figure.add_scatter(
        x=list(course["starts_on"]), y=values, mode="lines+markers", connectgaps=False, cliponaxis=False,
        line={"color": palette.MAIN, "width": 2}, hoverinfo="text", hovertext=_told(course, measure),
        customdata=[[key, period] for period in course["period"]], xaxis="x", yaxis=f"y{axis}",
        marker={"color": palette.MAIN, "size": [6 if index == last else 4 if alone else 2
                                                for index, alone in enumerate(lonely)]},
    )  # fmt: skip
    _shade(figure, course, [not there for there in reported], axis)


def _shade(figure: go.Figure, course: pd.DataFrame, missing: list[bool], axis: str) -> None:
    """Shade the months in which a report was expected and did not come, those beside each other in one."""
    silent = [gap and int(count) > 0 for gap, count in zip(missing, course["schools_expected"], strict=True)]
    days, half = [pd.Timestamp(day) for day in course["starts_on"]], pd.Timedelta(days=15)
    for is_gap, places in groupby(range(len(days)), key=lambda place: silent[place]):
        where = list(places)
        if is_gap:
            figure.add_shape(
                type="rect", xref="x", yref=f"y{axis} domain", x0=days[where[0]] - half, x1=days[where[-1]] + half,
                y0=0, y1=1, fillcolor=palette.GAP, line_width=0, layer="below",
            )  # fmt: skip


def _told(course: pd.DataFrame, measure: Measure) -> list[str]:
    lines = []
    for row in course.to_dict("records"):
        expected = int(row["schools_expected"]) > 0
        value = (
            states.written(row["value"], row["state"], measure) if expected else states.in_words(states.NOT_EXPECTED)
        )
        lines.append(told(measure.name, trend.period_text(str(row["period"]), row["starts_on"]), value))
    return lines


def _write_last(figure: go.Figure, course: pd.DataFrame, measure: Measure, place: dict[str, Any]) -> None:
    """Write the last value beside its course, with its month where later ones have none; or why there is none."""
    there = course[course["state"] == states.REPORTED]
    beside: dict[str, Any] = {"xanchor": "left", "xshift": 8, "align": "left", **place}
    if there.empty:
        write(figure, states.in_words(str(course["state"].iloc[-1])), 1, 0.5, italic=True, **beside)
        return
    last = there.iloc[-1]
    is_old = last["starts_on"] != course["starts_on"].iloc[-1]
    write(
        figure, measure.write(float(last["value"])), 1, 0.5, size=TEXT, bold=True, colour=palette.MAIN,
        yshift=7 if is_old else 0, **beside,
    )  # fmt: skip
    if is_old:
        write(figure, trend.short_period(str(last["period"]), last["starts_on"]), 1, 0.5, yshift=-8, **beside)
