"""What is to be reached: from the baseline to today to the target, a bar from zero for each."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_date
from charts import palette, states
from charts.theme import SMALL, TEXT, Caption, Measure, annotate, base_text, blank, ceiling
from charts.writing import told, write

# Pixels of one row: its name above its bar.
ROW, BAR, NAME_ABOVE = 66, 14, 18


def reached(frame: pd.DataFrame, measures: Mapping[str, Measure], caption: Caption) -> go.Figure:
    """Return a bar from zero to today's value for each target, with its baseline as a tick and the target as a diamond.

    Columns: measure (key), name, value, state, baseline (NaN when not known), target, due_on, verdict (in words, "" for
    none), schools_in_base, schools_expected. Every row has its own scale from zero; percentages end at 100. A row
    without a value has no bar and says why.
    """
    rows = frame.to_dict("records")
    figure = blank(ROW * max(len(rows), 1))
    ends = [_end(row, measures[row["measure"]]) for row in rows]
    there = [row["state"] == states.REPORTED for row in rows]
    places = list(range(len(rows)))
    figure.add_bar(
        orientation="h", y=places, width=BAR / ROW, marker_color=palette.MAIN, hoverinfo="text",
        x=[row["value"] / end if known else None for row, end, known in zip(rows, ends, there, strict=True)],
        hovertext=[_told(row, measures[row["measure"]]) for row in rows],
        customdata=[[row["measure"]] for row in rows],
    )  # fmt: skip
    _marks(figure, rows, ends, "target", {"symbol": "diamond", "size": 11, "color": palette.SECOND})
    _marks(figure, rows, ends, "baseline", {"symbol": "line-ns-open", "size": 16, "color": palette.MUTED})
    for place, row in zip(places, rows, strict=True):
        line: dict[str, Any] = {"xref": "paper", "xanchor": "left", "yanchor": "middle"}
        measure = measures[row["measure"]]
        write(
            figure, f"{row['name']}: {states.written(row['value'], row['state'], measure)}", 0, place, size=TEXT,
            colour=None, bold=row["state"] == states.REPORTED, yshift=BAR / 2 + NAME_ABOVE / 2 + 2, **line,
        )  # fmt: skip
        write(figure, _aim(row, measure), 0, place, size=SMALL, yshift=-BAR / 2 - 11, **line)
    figure.update_xaxes(visible=False, range=[0, 1.02])
    figure.update_yaxes(visible=False, range=[len(rows) - 0.45, -0.6])
    figure.update_layout(margin={"l": 6, "r": 8}, hovermode="closest")
    return annotate(figure, caption, below=4)


def alt_text(frame: pd.DataFrame, measures: Mapping[str, Measure]) -> str:
    """Return every target in words: today's value, the target, its date, the baseline and whether it will be met."""
    rows = frame.to_dict("records")
    return " ".join(
        f"{row['name']}: {states.written(row['value'], row['state'], measures[row['measure']])}."
        f" {_aim(row, measures[row['measure']])}."
        for row in rows
    ) or _("No targets.")  # fmt: skip


def _end(row: dict[Any, Any], measure: Measure) -> float:
    """Return where a row's scale ends."""
    if measure.percent:
        return 100.0
    return ceiling(max(value for value in (row["value"], row["target"], row["baseline"], 0.0) if not pd.isna(value)))


def _marks(figure: go.Figure, rows: list[dict[Any, Any]], ends: list[float], what: str, marker: dict[str, Any]) -> None:
    figure.add_scatter(
        mode="markers", marker={**marker, "line": {"width": 2}}, hoverinfo="skip", cliponaxis=False,
        x=[None if pd.isna(row[what]) else row[what] / end for row, end in zip(rows, ends, strict=True)],
        y=list(range(len(rows))),
    )  # fmt: skip


def _aim(row: dict[Any, Any], measure: Measure) -> str:
    """Return what is to be reached by when, from where, and whether it will be."""
    parts = [
        _("Target {value} by {date}").format(value=measure.write(row["target"]), date=format_date(row["due_on"])),
        "" if pd.isna(row["baseline"]) else _("baseline {value}").format(value=measure.write(row["baseline"])),
        row["verdict"],
    ]
    return " · ".join(part for part in parts if part)


def _told(row: dict[Any, Any], measure: Measure) -> str:
    base = base_text(row["schools_in_base"], row["schools_expected"])
    return told(row["name"], states.written(row["value"], row["state"], measure), base, _aim(row, measure))
