"""What changed, and which places moved it: contributions that add up to the change of the whole."""

from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, ngettext
from charts import palette
from charts.theme import SMALL, TEXT, Caption, Measure, annotate, blank, shortened
from charts.writing import room_for, signed, told, write, write_below

ROW, LETTERS = 27, 27
MOST_ROWS = 15


def movers(frame: pd.DataFrame, measure: Measure, caption: Caption, *, names: str = "name") -> go.Figure:
    """Return a bar from zero for each area's contribution (`analytics.changes.by_area`), up or down, largest first.

    Beyond MOST_ROWS the others stand together in one bar: contributions may be added. Those without one are named.
    `customdata` of a bar is its area's code.
    """
    rows, missing = in_order(frame, names)
    figure = blank(ROW * max(len(rows), 1))
    values = [float(row["contribution"]) for row in rows]
    texts = [signed(value, _finer(values, measure)) for value in values]
    figure.add_bar(
        orientation="h", y=list(range(len(rows))), x=values, width=0.72,
        customdata=[[row["area_code"]] for row in rows], hoverinfo="text",
        marker={"color": [palette.SECOND if value < 0 else palette.MAIN for value in values], "line": {"width": 0}},
        hovertext=[told(str(row[names]), in_words(value, measure), *_parts(row, measure))
                   for row, value in zip(rows, values, strict=True)],
    )  # fmt: skip
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(rows))), range=[len(rows) - 0.5, -0.5], ticklabelstandoff=6,
        tickfont={"size": SMALL},
        ticktext=[shortened(str(row[names]), LETTERS).replace("<", "&lt;") for row in rows],
    )  # fmt: skip
    # What goes down is labelled on the other side of the line, where there is always room.
    for index, (value, text) in enumerate(zip(values, texts, strict=True)):
        write(figure, text, max(value, 0.0), index, size=TEXT, colour=None, xanchor="left", xshift=5)
    low, high = min([0.0, *values]), max([0.0, *values])
    figure.update_xaxes(visible=False, range=[low, high] if high > low else [0, 1])
    figure.add_shape(
        type="line", x0=0, x1=0, yref="paper", y0=0, y1=1, line={"color": palette.MUTED, "width": 1.2}
    )  # fmt: skip
    left = room_for((str(row[names]) for row in rows), LETTERS)
    figure.update_yaxes(automargin=False)
    figure.update_layout(margin={"l": left, "r": 56})
    said = (
        _("Overall change: {change}").format(change=in_words(sum(_known(frame)), _finer(values, measure)))
        if values
        else ""
    )
    below = write_below(figure, [said, _missing(missing)], 6, left=left - 4, first_bold=True)
    return annotate(figure, caption, below=below)


def alt_text(frame: pd.DataFrame, measure: Measure, *, names: str = "name") -> str:
    """Return the change of the whole and what each of the places that moved it most gave to it."""
    rows, missing = in_order(frame, names)
    total = in_words(sum(_known(frame)), measure) if rows else _("no change can be told")
    listed = [f"{row[names]} {in_words(float(row['contribution']), measure)}" for row in rows]
    text = _("{measure}, change in all: {total}.").format(measure=measure.name, total=total)
    moved = _("Contributions: {areas}.").format(areas=", ".join(listed)) if listed else ""
    return " ".join(part for part in (text, moved, _missing(missing)) if part)


def in_words(change: float, measure: Measure) -> str:
    """Return a change with its sign, in points where the measure is a percentage."""
    return _("{change} points").format(change=signed(change, measure)) if measure.percent else signed(change, measure)


def _finer(values: list[float], measure: Measure) -> Measure:
    """Return the measure as finely written as small contributions need, so that a bar never stands beside a zero."""
    largest = max((abs(value) for value in values), default=1.0)
    decimals = max(measure.decimals, 1) if measure.percent else measure.decimals
    return replace(measure, decimals=decimals + 1) if largest < 1 else measure


def in_order(frame: pd.DataFrame, names: str = "name") -> tuple[list[dict[Any, Any]], list[str]]:
    """Return the rows that are drawn, by size of their contribution, and the names of places without one."""
    known = frame[frame["contribution"].notna()]
    known = known.sort_values("contribution", key=abs, ascending=False, kind="stable")
    rows = known.head(MOST_ROWS).to_dict("records")
    rest = known.iloc[MOST_ROWS:]
    if len(rest):
        text = ngettext("{count} other", "{count} others", len(rest)).format(count=len(rest))
        rows.append({names: text, "area_code": "", "contribution": float(rest["contribution"].sum())})
    return rows, [str(name) for name in frame[names][frame["contribution"].isna()]]


def _known(frame: pd.DataFrame) -> list[float]:
    return [float(value) for value in frame["contribution"].dropna()]


def _missing(names: list[str]) -> str:
    return _("Cannot be told: {areas}.").format(areas=", ".join(sorted(names))) if names else ""


def _parts(row: dict[Any, Any], measure: Measure) -> list[str]:
    """Return from what to what a place went and, of a rate, how much came from its rate and how much from its size."""
    parts = []
    if not pd.isna(row.get("before")) and not pd.isna(row.get("now")):
        parts.append(f"{measure.write(row['before'])} → {measure.write(row['now'])}")
    if measure.percent and not pd.isna(row.get("of_rates")) and not pd.isna(row.get("of_mix")):
        parts.append(_("by its rate {rate}, by its size {mix}").format(
            rate=signed(row["of_rates"], measure), mix=signed(row["of_mix"], measure)
        ))  # fmt: skip
    return parts
