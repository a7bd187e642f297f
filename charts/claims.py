"""What was announced, claim by claim, beside what schools report. Claims are never summed or joined by a line."""

import textwrap
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access import codes
from access.language import N_, _, format_number
from charts import palette, states
from charts.rough_dates import in_words
from charts.theme import LETTERS_ON_A_PHONE, SMALL, TEXT, Caption, annotate, base_text, blank
from charts.trend import is_month

# Pixels: the heading of a panel, a line of a row's label, a mark with its number, one with its base below, and
# the space after a row.
HEADING, LABEL, MARK, MARK_WITH_BASE, SPACE = 30, 20, 22, 34, 10
LINES_OF_A_LABEL = 2
# The greatest mark stands here, so that every number has room on the right of its mark on a phone too.
WIDTH_OF_THE_GREATEST = 0.55
# How a claim was hedged: the mark that is drawn, and how its number is written.
SYMBOLS = {
    "exact": "circle", "at_least": "triangle-right", "at_most": "triangle-left", "about": "circle-open",
    "range": "line-ns-open",
}  # fmt: skip
HEDGED = {
    "exact": N_("{value}"),
    "at_least": N_("at least {value}"),
    "at_most": N_("at most {value}"),
    "about": N_("about {value}"),
    "range": N_("{value} to {value_high}"),
}


def announced(frame: pd.DataFrame, caption: Caption) -> go.Figure:
    """Return a row for each claim and under it, where schools report a figure of the same definition, that figure.

    `frame` is that of `analytics.announced.announced_and_measured`; a column `label` says what is announced (else
    `population` does). Figures of one unit share a scale from zero and a panel; every mark has its number beside it.
    """
    place = 0.0
    figure = blank(HEADING)
    for unit, rows in frame.groupby("unit", sort=False):
        place = _heading(figure, str(unit), place)
        top = _longest(rows)
        for row in rows.itertuples(index=False):
            place = _row(figure, row, place, top)
    figure.update_xaxes(visible=False, range=[-0.01, 1 / WIDTH_OF_THE_GREATEST])
    figure.update_yaxes(visible=False, range=[place, 0])
    figure.update_layout(margin={"l": 6, "r": 6, "t": 10}, height=max(place, MARK), hovermode="closest")
    return annotate(figure, caption, below=6)


def alt_text(frame: pd.DataFrame) -> str:
    """Return what the picture shows: each claim as it was hedged, and the figure beside it where there is one."""
    if frame.empty:
        return _("No announced figure.")
    return " ".join(f"{_label(row)}: {'; '.join(_said(row))}." for row in frame.itertuples(index=False))


def written(row: Any) -> str:
    """Return a claim's number as it was hedged: at least 84,000."""
    high = "" if pd.isna(row.value_high) else _number(row.value_high)
    return _(HEDGED[row.qualifier]).format(value=_number(row.value), value_high=high)


def _said(row: Any) -> list[str]:
    announced_part = _("announced {claim}").format(claim=f"{written(row)} {_unit(str(row.unit))}")
    if not row.measure:
        return [announced_part]
    base = _base(row)
    return [announced_part, f"{_measured_text(row)} ({base})" if base else _measured_text(row)]


def _measured_text(row: Any) -> str:
    """Return the figure that schools report, or why there is none; an invented one is never called measured."""
    if row.measured_state != states.REPORTED:
        return _("measured: {state}").format(state=states.in_words(row.measured_state))
    text = _("demonstration {value}") if row.demonstration else _("measured {value}")
    return text.format(value=_number(row.measured))


def _base(row: Any) -> str:
    """Return the period that the measured figure is of and what it rests on; nothing where there is none."""
    if row.measured_state != states.REPORTED:
        return ""
    counted = row.schools_reporting if pd.isna(row.schools_in_base) else row.schools_in_base
    period = in_words(row.measured_period) if is_month(row.measured_period) else row.measured_period
    return ", ".join(part for part in (period, base_text(counted, row.schools_expected)) if part)


def _heading(figure: go.Figure, unit: str, place: float) -> float:
    """Write what the rows below are counted in; return where they begin."""
    heading = _(codes.COUNTED[unit]) if unit in codes.COUNTED else unit  # a currency is its code
    _write(figure, f"<b>{escape(heading)}</b>", place + HEADING / 2 + 2, TEXT, None)
    return place + HEADING


def _row(figure: go.Figure, row: Any, place: float, top: float) -> float:
    """Draw one claim and what is measured; return where the next begins."""
    lines = textwrap.wrap(_label(row), LETTERS_ON_A_PHONE, max_lines=LINES_OF_A_LABEL, placeholder="…")
    for line in lines:
        _write(figure, escape(line), place + LABEL / 2, SMALL, palette.QUIET)
        place += LABEL
    told = f"<b>{escape(_label(row))}</b><br>{escape(str(row.population))}<br>{escape(written(row))}"
    high = row.value if pd.isna(row.value_high) else row.value_high
    _stem(figure, row.value / top, high / top, place + MARK / 2, row.qualifier)
    _mark(figure, high / top, place + MARK / 2, SYMBOLS[row.qualifier], palette.SECOND, written(row), told)
    place += MARK
    if row.measure:
        text = _measured_text(row)
        if row.measured_state == states.REPORTED:
            base = _base(row)
            told = f"<b>{escape(_label(row))}</b><br>{escape(text)}<br>{escape(base)}"
            _stem(figure, row.measured / top, row.measured / top, place + MARK / 2, "exact", palette.MAIN)
            _mark(figure, row.measured / top, place + MARK / 2, "diamond", palette.MAIN, text, told, base)
            place += MARK_WITH_BASE - MARK
        else:
            _write(figure, f"<i>{escape(text)}</i>", place + MARK / 2, SMALL, palette.QUIET)
        place += MARK
    return place + SPACE


def _stem(
    figure: go.Figure, low: float, high: float, place: float, qualifier: str, colour: str = palette.SECOND
) -> None:
    """Draw the line from zero to the mark; of a range, the part between its ends is strong."""
    line = {"type": "line", "y0": place, "y1": place, "layer": "below"}
    figure.add_shape(**line, x0=0, x1=low, line={"color": palette.FAINT, "width": 3})
    if qualifier == "range":
        figure.add_shape(**line, x0=low, x1=high, line={"color": colour, "width": 4})


def _mark(
    figure: go.Figure, x: float, place: float, symbol: str, colour: str, text: str, told: str, base: str = ""
) -> None:
    """Draw a mark with its number beside it, and under that its base."""
    figure.add_scatter(
        x=[x], y=[place], mode="markers", hovertext=[told], hoverinfo="text", cliponaxis=False,
        marker={"symbol": symbol, "size": 11, "color": colour, "line": {"width": 2, "color": colour}},
    )  # fmt: skip
    figure.add_annotation(
        text=escape(text), x=x, y=place, xanchor="left", xshift=10, showarrow=False,
        font={"size": TEXT, "color": colour},
    )  # fmt: skip
    if base:
        figure.add_annotation(
            text=escape(base), x=x, y=place, xanchor="left", xshift=10, yanchor="top", yshift=-7, showarrow=False,
            font={"size": SMALL, "color": palette.QUIET},
        )  # fmt: skip


def _write(figure: go.Figure, text: str, place: float, size: int, colour: str | None) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="left", y=place, yanchor="middle", showarrow=False,
        font={"size": size} | ({"color": colour} if colour else {}),
    )  # fmt: skip


def _longest(rows: pd.DataFrame) -> float:
    """Return the greatest number that the panel shows, at least a little above zero."""
    shown = [*rows["value"], *rows["value_high"].dropna(), *rows["measured"].dropna()]
    return float(max(shown)) or 1.0


def _label(row: Any) -> str:
    """Return what a claim is about, with the grade of its source."""
    label = str(getattr(row, "label", "") or row.population)
    return _("{label} (grade {grade})").format(label=label, grade=row.grade) if getattr(row, "grade", "") else label


def _number(value: float) -> str:
    return format_number(value, 0 if float(value).is_integer() else 1)


UNITS = {
    "teachers": N_("teachers"),
    "students": N_("students"),
    "schools": N_("schools"),
    "people": N_("people"),
    "users": N_("users"),
    "licences": N_("licences"),
    "prompts": N_("prompts"),
    "percent": N_("percent"),
    "percent_of_gdp": N_("percent of GDP"),
    "hours_per_week": N_("hours a week"),
    "ratio": N_("times"),
}


def _unit(unit: str) -> str:
    """Return a claim's unit in words; a currency is its code."""
    return _(UNITS[unit]) if unit in UNITS else unit
