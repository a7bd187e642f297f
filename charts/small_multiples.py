"""One measure in many places or groups: a small panel each, on one scale, each before the others in grey."""

import textwrap
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month_name, ngettext
from charts import palette, states, trend
from charts.theme import LINE_HEIGHT, SMALL, Caption, Measure, annotate, base_of, blank
from charts.writing import told, write

PANEL, HEAD, FOOT = 92, 34, 32
COLUMNS, GAP = 3, 0.05
MOST_PANELS = 24
LETTERS, LINES = 17, 3  # of a name: a third of a phone is so wide


def panels(
    frame: pd.DataFrame,
    measure: Measure,
    caption: Caption,
    *,
    since_joining: bool = False,
    units: str = "unit",
    names: str = "name",
) -> go.Figure:
    """Return a panel for each unit of a frame of `analytics.compare`: `at` (0, 1, 2 ...), and the columns of figures.

    Panels stand in the order of their last value, the greatest first. A month without a value is a gap on shaded
    ground; a unit of which no school is ever expected has no panel and is named below. `customdata` of a point is its
    unit. At most MOST_PANELS; the picture says how many more there are.
    """
    every = in_order(states.as_drawn(frame), units)
    courses = [(unit, rows) for unit, rows in every if not _is_idle(rows)]
    idle = states.not_expected(str(rows[names].iloc[0]) for _unit, rows in every if _is_idle(rows))
    shown = courses[:MOST_PANELS]
    written = {unit: _in_lines(str(rows[names].iloc[0])) for unit, rows in shown}
    grid = _Grid.around(written.values())
    figure = blank(grid.height)
    last = int(frame["at"].max()) if len(frame) else 0
    ends, top = _ends(frame, since_joining), _top(frame)
    layout: dict[str, object] = {}
    for number, (unit, rows) in enumerate(shown):
        axis = "" if number == 0 else str(number + 1)
        layout |= grid.axes(number, axis, last, top)
        _others(figure, shown, unit, axis)
        _course(figure, rows, unit, measure, axis, names, since_joining)
        _head_and_foot(figure, rows, written[unit], measure, axis, ends)
    figure.update_layout(layout, hovermode="closest", margin={"l": 2, "r": 4, "t": 4})
    lines = [line for line in (_left_out(len(courses) - len(shown)), idle) if line]
    if lines:
        write(figure, "\n".join(lines), 0, 0, xref="paper", yref="paper", xanchor="left", yanchor="top", align="left")
    return annotate(figure, caption, below=LINE_HEIGHT * sum(1 + line.count("\n") for line in lines) + 2)


@dataclass(frozen=True)
class _Grid:
    """Where the panels stand: rows of COLUMNS, each under a head that holds the longest name."""

    lines: int
    head: int

    @classmethod
    def around(cls, written: Iterable[str]) -> "_Grid":
        names = list(written)
        head = HEAD + LINE_HEIGHT * max((name.count("\n") for name in names), default=0)
        return cls(max(-(-len(names) // COLUMNS), 1), head)

    @property
    def height(self) -> int:
        return self.lines * (PANEL + self.head + FOOT)

    def axes(self, number: int, axis: str, last: int, top: float) -> dict[str, object]:
        """Return the layout of a panel's two axes: all panels have one scale."""
        across, down = number % COLUMNS, number // COLUMNS
        left = across * (1 + GAP) / COLUMNS
        bottom = 1 - (down * (PANEL + self.head + FOOT) + self.head + PANEL) / self.height
        room = max(last * 0.04, 0.3)
        return {
            f"xaxis{axis}": {
                "domain": [left, left + (1 - GAP * (COLUMNS - 1)) / COLUMNS], "anchor": f"y{axis}",
                "showticklabels": False, "range": [-room, last + room], "fixedrange": True, "automargin": False,
            },
            f"yaxis{axis}": {
                "domain": [bottom, bottom + PANEL / self.height], "anchor": f"x{axis}", "range": [0, top],
                "showticklabels": False, "fixedrange": True, "showgrid": False, "zeroline": True,
                "zerolinecolor": palette.MUTED, "zerolinewidth": 1, "automargin": False,
            },
        }  # fmt: skip


def _top(frame: pd.DataFrame) -> float:
    reported = frame[frame["state"] == states.REPORTED]
    return float(reported["value"].max()) * 1.15 if len(reported) and reported["value"].max() > 0 else 1.0


def _left_out(count: int) -> str:
    return (
        ngettext("{count} more in the table", "{count} more in the table", count).format(count=count) if count else ""
    )


def _is_idle(rows: pd.DataFrame) -> bool:
    return bool((rows["state"] == states.NOT_EXPECTED).all())


def alt_text(frame: pd.DataFrame, measure: Measure, *, units: str = "unit", names: str = "name") -> str:
    """Return for each unit from where to where it went and how many of its periods have no value."""
    courses = in_order(states.as_drawn(frame), units)
    count = len(courses)
    text = ngettext("{measure} over time in {count} panel.", "{measure} over time in {count} panels.", count)
    sentences = [text.format(measure=measure.name, count=count)]
    for _unit, rows in courses:
        name, there = str(rows[names].iloc[0]), rows[rows["state"] == states.REPORTED]
        if _is_idle(rows):
            sentences.append(states.not_expected([name]))
            continue
        if there.empty:
            sentences.append(_("{name}: no value.").format(name=name))
            continue
        said = _("{name}: {first} to {last}.").format(
            name=name, first=measure.write(there["value"].iloc[0]), last=measure.write(there["value"].iloc[-1])
        )
        missing = len(rows) - len(there)
        gaps = ngettext("{count} period without a value.", "{count} periods without a value.", missing)
        sentences += [said, gaps.format(count=missing)] if missing else [said]
    return " ".join(sentences)


def in_order(frame: pd.DataFrame, units: str = "unit") -> list[tuple[Hashable, pd.DataFrame]]:
    """Return the units with their rows in order of time: by last value, the greatest first, those without any last."""

    def rank(course: tuple[Hashable, pd.DataFrame]) -> tuple[float, str]:
        there = course[1][course[1]["state"] == states.REPORTED]
        return (-float(there["value"].iloc[-1]) if len(there) else float("inf"), str(course[0]))

    return sorted(((unit, rows.sort_values("at")) for unit, rows in frame.groupby(units, sort=False)), key=rank)


def _others(figure: go.Figure, shown: list[tuple[Hashable, pd.DataFrame]], unit: Hashable, axis: str) -> None:
    """Draw the other units behind, in one line with gaps between them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for other, rows in shown:
        if other != unit:
            x += [*rows["at"].astype(float).tolist(), None]
            y += [*_values(rows), None]
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": palette.FAINT, "width": 1}, hoverinfo="skip", connectgaps=False,
        xaxis=f"x{axis}", yaxis=f"y{axis}",
    )  # fmt: skip


def _values(rows: pd.DataFrame) -> list[float | None]:
    pairs = zip(rows["value"], rows["state"], strict=True)
    return [float(value) if state == states.REPORTED else None for value, state in pairs]


def _course(
    figure: go.Figure, rows: pd.DataFrame, unit: Hashable, measure: Measure, axis: str, names: str, since_joining: bool
) -> None:
    values = _values(rows)
    alone = [
        value is not None and before is None and after is None
        for before, value, after in zip([None, *values[:-1]], values, [*values[1:], None], strict=True)
    ]
    last = max((index for index, value in enumerate(values) if value is not None), default=-1)
    figure.add_scatter(
        x=rows["at"].astype(float).tolist(), y=values, mode="lines+markers", connectgaps=False,
        line={"color": palette.MAIN, "width": 2.2}, cliponaxis=False,
        marker={"color": palette.MAIN, "size": [6 if index == last else 4 if lonely else 2
                                                for index, lonely in enumerate(alone)]},
        customdata=[[unit]] * len(rows), hoverinfo="text", xaxis=f"x{axis}", yaxis=f"y{axis}",
        hovertext=[
            told(str(row[names]), _when(row, since_joining), states.written(row["value"], row["state"], measure), base)
            for row, base in zip(rows.to_dict("records"), base_of(rows), strict=True)
        ],
    )  # fmt: skip
    for at, state in zip(rows["at"], rows["state"], strict=True):
        if state != states.REPORTED:
            figure.add_shape(
                type="rect", xref=f"x{axis}", yref=f"y{axis} domain", x0=float(at) - 0.5, x1=float(at) + 0.5, y0=0,
                y1=1, fillcolor=palette.GAP, line_width=0, layer="below",
            )  # fmt: skip


def _head_and_foot(
    figure: go.Figure, rows: pd.DataFrame, name: str, measure: Measure, axis: str, ends: tuple[str, str]
) -> None:
    place: dict[str, Any] = {"xref": f"x{axis} domain", "yref": f"y{axis} domain"}
    there = rows[rows["state"] == states.REPORTED]
    value = measure.write(there["value"].iloc[-1]) if len(there) else states.in_words(str(rows["state"].iloc[-1]))
    write(figure, name, 0, 1, xanchor="left", yanchor="bottom", yshift=13, colour=None, align="left", **place)
    write(figure, value, 0, 1, xanchor="left", yanchor="bottom", yshift=-2, colour=palette.MAIN, bold=True, **place)
    first, end = ends
    foot: dict[str, Any] = {"yanchor": "top", "yshift": -1, "size": SMALL - 1}
    write(figure, first, 0, 0, xanchor="left", align="left", **foot, **place)
    if end:
        write(figure, end, 1, 0, xanchor="right", align="right", **foot, **place)


def _ends(frame: pd.DataFrame, since_joining: bool) -> tuple[str, str]:
    """Return what stands at either end of time, which all panels share; the second is empty where it has one place."""
    if frame.empty:
        return "", ""
    last = int(frame["at"].max())
    if since_joining:
        return "0", _("month {count}").format(count=last) if last > 0 else ""
    in_time = frame.sort_values("at", kind="stable")
    return _end(in_time.iloc[0]), _end(in_time.iloc[-1]) if last > 0 else ""


def _end(row: Any) -> str:
    """Return a period in two short lines: two of them stand under a panel that is a third of a phone wide."""
    key, day = str(row["period"]), row["starts_on"]
    if pd.isna(day) or not trend.is_month(key):
        return _when(row, False)
    return f"{format_month_name(day)}\n{day.year}"


def _in_lines(name: str) -> str:
    """Return a name in lines that fit a panel on a phone."""
    return "\n".join(textwrap.wrap(name, LETTERS, max_lines=LINES, placeholder="…"))


def _when(row: Any, since_joining: bool) -> str:
    if since_joining or pd.isna(row["starts_on"]):
        count = int(row["at"])
        return ngettext("{count} month after joining", "{count} months after joining", count).format(count=count)
    return trend.short_period(str(row["period"]), row["starts_on"])
