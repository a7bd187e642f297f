"""Steps of which each should be a part of the one before, over the schools that reported all of them.

Between two steps stands what was lost only where the later one is a part of the earlier; else nothing is subtracted.
"""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_number, format_percent
from charts import palette, states
from charts.theme import SMALL, TEXT, Caption, annotate, base_text, blank, ceiling
from charts.writing import told, write

# Pixels of one step: its name and number, its bar, and what is said on the way to the next.
STEP, BAR = 74, 24
NAME_ABOVE = 15


def funnel(frame: pd.DataFrame, caption: Caption, *, names: str = "name") -> go.Figure:
    """Return a bar from zero for every step of `analytics.funnels.funnel`, with a column that names the steps.

    `customdata` of a bar is its measure. A step without a value is hatched over the whole width and says why.
    """
    figure = blank(STEP * max(len(frame), 1) - 18)
    rows = frame.to_dict("records")
    reported = [row["state"] == states.REPORTED for row in rows]
    end = ceiling(max([row["value"] for row, there in zip(rows, reported, strict=True) if there], default=1.0))
    figure.add_bar(
        orientation="h",
        y=list(range(len(rows))),
        x=[row["value"] if there else end for row, there in zip(rows, reported, strict=True)],
        width=BAR / STEP,
        marker={
            "color": [palette.MAIN if there else palette.HATCH for there in reported],
            "pattern": {
                "shape": ["" if there else "/" for there in reported],
                "fillmode": "replace", "bgcolor": palette.NOTHING, "size": 7, "solidity": 0.15,
            },
        },
        customdata=[[row["measure"]] for row in rows],
        hovertext=[told(str(row[names]), number(row), _base(row)) for row in rows],
        hoverinfo="text",
    )  # fmt: skip
    for index, row in enumerate(rows):
        line: dict[str, Any] = {"xref": "paper", "xanchor": "left", "yanchor": "middle"}
        write(
            figure, f"{row[names]}: {number(row)}", 0, index, size=TEXT, colour=None, yshift=BAR / 2 + NAME_ABOVE / 2,
            bold=reported[index], **line,
        )  # fmt: skip
        text = on_the_way(row) if index else ""
        if text:
            write(figure, text, 0, index - 0.5, size=SMALL, italic=not _is_drop(row), yshift=9, **line)
    figure.update_xaxes(visible=False, range=[0, end])
    figure.update_yaxes(visible=False, range=[len(rows) - 0.5, -0.62])
    figure.update_layout(margin={"l": 4, "r": 8})
    return annotate(figure, caption, below=2)


def alt_text(frame: pd.DataFrame, *, names: str = "name") -> str:
    """Return the steps in words, what is lost between two of which one is a part of the other, and the base."""
    if frame.empty:
        return _("No steps.")
    sentences = []
    for index, row in enumerate(frame.to_dict("records")):
        way = on_the_way(row) if index else ""
        sentences.append(f"{row[names]}: {number(row)}{f' ({way})' if way else ''}.")
    base = _base(frame.to_dict("records")[0])
    return " ".join([*sentences, _("Over the schools that reported all steps: {base}.").format(base=base)])


def nothing(state: str) -> str:
    """Return why there is no funnel, from the state of its first step."""
    if state == "not_released":
        return _("Not released: a release does not tell which schools reported all of these steps.")
    if state == "suppressed":
        return _("Withheld: one of the steps is too small a number of people to be published.")
    return _("No school has reported all of these steps.")


def number(row: dict[Any, Any]) -> str:
    """Return a step's number as written, or in words why there is none."""
    if row["state"] != states.REPORTED:
        return states.in_words(row["state"])
    return format_number(row["value"])


def _base(row: dict[Any, Any]) -> str:
    return base_text(row["schools_in_base"], row["schools_expected"])


def _is_drop(row: dict[Any, Any]) -> bool:
    return bool(row["is_part_of_previous"]) and not pd.isna(row["drop"])


def on_the_way(row: dict[Any, Any]) -> str:
    """Return what stands between a step and the one before it."""
    if _is_drop(row):
        share = "" if pd.isna(row["drop_share"]) else format_percent(row["drop_share"] / 100)
        if not share:
            return _("{drop} fewer").format(drop=format_number(row["drop"]))
        return _("{drop} fewer ({share})").format(drop=format_number(row["drop"]), share=share)
    if not row["is_part_of_previous"]:
        return _("not a part of the step before: no difference")
    return ""
