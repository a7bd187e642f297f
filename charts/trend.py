"""A measure over time: a line with its gaps left open, labelled at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month, format_month_name, format_quarter
from charts import palette, states
from charts.theme import SMALL, TEXT, Caption, Measure, annotate, base_of, blank

HEIGHT = 240
# More marks than these would run into each other under a picture as wide as a phone.
MOST_TICKS = 6
# The share of the plot in which the longest words for a missing value fit beside each other on a phone.
WIDE_GAP = 0.3


@dataclass(frozen=True)
class Reference:
    """A level to hold the course against: a target or a baseline, with the words beside its line."""

    value: float
    label: str


def trend(
    frame: pd.DataFrame,
    measure: Measure,
    caption: Caption,
    *,
    target: Reference | None = None,
    baseline: Reference | None = None,
    reports: bool = False,
    in_part: Sequence[bool] = (),
) -> go.Figure:
    """Return the measure over time, from a frame of `period`, `starts_on` and the columns of figures, in order of time.

    A period without a value is a gap with a shaded ground that says why, never a zero and never bridged. Each point
    tells its base, in `reports` where a period is made of several months. `customdata` of a point is its period's key.
    `in_part` tells of sums which are of a part of their period: those are open and stand alone, for they fall short.
    """
    figure = blank(HEIGHT)
    frame = states.as_drawn(frame)
    reported = frame["state"] == states.REPORTED
    whole = reported & ~pd.Series(list(in_part) or [False] * len(frame), index=frame.index, dtype=bool)
    _draw_course(figure, frame, whole, measure, caption, reports=reports)
    if not whole.equals(reported):
        _draw_parts(figure, frame[reported & ~whole], measure, reports=reports)
    shade_gaps(figure, frame)
    if target is not None:
        _draw_reference(figure, target, "dash", palette.SECOND, "left")
    if baseline is not None:
        # On the right: where a course begins it is near its baseline and would run through the words.
        _draw_reference(figure, baseline, "dot", palette.QUIET, "right")
    _label_end(figure, frame[reported], measure)
    levels = [reference.value for reference in (target, baseline) if reference is not None]
    _scale(figure, frame, max([*frame["value"][reported].tolist(), *levels], default=1.0), measure)
    figure.update_layout(margin_r=62, hovermode="x")
    return annotate(figure, caption, below=44)


def alt_text(
    frame: pd.DataFrame, measure: Measure, *, target: Reference | None = None, baseline: Reference | None = None
) -> str:
    """Return what the picture shows: from where to where, highest and lowest, which periods have no value, and the
    levels that it is held against."""
    levels = [f"{reference.label}." for reference in (target, baseline) if reference is not None]
    return " ".join([_course_in_words(frame, measure), *levels])


def _draw_course(
    figure: go.Figure, frame: pd.DataFrame, whole: pd.Series, measure: Measure, caption: Caption, *, reports: bool
) -> None:
    """Draw the line through the periods that are `whole`; what lies between two of them is never bridged."""
    figure.add_scatter(
        x=list(frame["starts_on"]),
        y=frame["value"].where(whole).tolist(),
        mode="lines+markers",
        connectgaps=False,
        line={"color": palette.MAIN, "width": 2.5},
        marker={"size": 6, "color": palette.MAIN, "symbol": _symbols(frame, caption)},
        customdata=[[key] for key in frame["period"]],
        hovertext=told(frame, measure, reports=reports),
        hoverinfo="text",
    )


def _draw_parts(figure: go.Figure, alone: pd.DataFrame, measure: Measure, *, reports: bool) -> None:
    """Draw sums of a part of their period, open and by themselves."""
    figure.add_scatter(
        x=list(alone["starts_on"]), y=alone["value"].tolist(), mode="markers", hoverinfo="text",
        marker={"size": 7, "color": palette.MAIN, "symbol": "circle-open"},
        customdata=[[key] for key in alone["period"]], hovertext=told(alone, measure, reports=reports),
    )  # fmt: skip


def _scale(figure: go.Figure, frame: pd.DataFrame, highest: float, measure: Measure) -> None:
    """Give time its names and the values a scale from zero with room above the highest."""
    days = list(frame["starts_on"])
    positions, texts = ticks(days, [str(key) for key in frame["period"]])
    figure.update_xaxes(tickmode="array", tickvals=positions, ticktext=texts, tickangle=0, range=with_room(days))
    figure.update_yaxes(
        range=[0, highest * 1.12 or 1], showgrid=True, gridcolor=palette.FAINT, nticks=5, separatethousands=True,
        ticksuffix="%" if measure.percent else "", tickformat=None if measure.percent else ",~f",
    )  # fmt: skip


def _course_in_words(frame: pd.DataFrame, measure: Measure) -> str:
    frame = states.as_drawn(frame)
    reported = frame[frame["state"] == states.REPORTED]
    if reported.empty:
        return _("{measure} over time: no value in any of {count} periods.").format(
            measure=measure.name, count=len(frame)
        )
    first, last = reported.iloc[0], reported.iloc[-1]
    ranked = reported.sort_values("value", kind="stable")
    lowest, highest = ranked.iloc[0], ranked.iloc[-1]
    text = _(
        "{measure} over time: {first} in {first_period}, {last} in {last_period}; highest {highest} in"
        " {highest_period}, lowest {lowest} in {lowest_period}."
    ).format(
        measure=measure.name,
        first=measure.write(first["value"]), first_period=_month(first), last=measure.write(last["value"]),
        last_period=_month(last), highest=measure.write(highest["value"]), highest_period=_month(highest),
        lowest=measure.write(lowest["value"]), lowest_period=_month(lowest),
    )  # fmt: skip
    missing = frame[frame["state"] != states.REPORTED]
    if missing.empty:
        return text
    gaps = ", ".join(f"{_month(row)} ({states.in_words(str(row['state']))})" for _index, row in missing.iterrows())
    return " ".join([text, _("Without a value: {periods}.").format(periods=gaps)])


def _month(row: Any) -> str:
    """Return a row's period in words; one that is no month as its key."""
    return period_text(str(row["period"]), row["starts_on"])


def period_text(key: str, starts_on: date) -> str:
    """Return a period in words: September 2026, term 1 of 2025/26, Q3 2026; a school year as its key."""
    if is_month(key):
        return format_month(starts_on)
    year, _dash, number = key.partition("-T")
    if number:
        return _("term {number} of {year}").format(number=number, year=year)
    return format_quarter(starts_on) if "-Q" in key else key


def short_period(key: str, starts_on: date) -> str:
    """Return a period in few letters: Sep 2026; a quarter or a school year as its key."""
    return format_month(starts_on, short=True) if is_month(key) else key


def is_month(key: str) -> bool:
    """Return whether a period's key is that of a month: 2026-09, not 2026-Q3 or 2025/26."""
    return key[4:5] == "-" and key[5:].isdigit()


def told(frame: pd.DataFrame, measure: Measure, *, reports: bool = False) -> list[str]:
    """Return what is told about each point: period, value or why there is none, base."""
    lines = []
    for row, base in zip(frame.to_dict("records"), base_of(frame, reports=reports), strict=True):
        value = states.written(row["value"], row["state"], measure)
        lines.append(f"<b>{escape(_month(row))}</b><br>{escape(value)}<br>{escape(base)}")
    return lines


def _symbols(frame: pd.DataFrame, caption: Caption) -> list[str]:
    """Return each point's mark; the last one is open while it is provisional."""
    symbols = ["circle"] * len(frame)
    if caption.provisional and symbols:
        symbols[-1] = "circle-open"
    return symbols


def shade_gaps(figure: go.Figure, frame: pd.DataFrame, axis: str = "") -> None:
    """Shade periods without a value, those beside each other in one, and say why there is none."""
    days = list(frame["starts_on"])
    half = pd.Timedelta(days=15) if len(days) < 2 else (pd.Timestamp(days[1]) - pd.Timestamp(days[0])) / 2
    for state, rows in groupby(range(len(frame)), key=lambda index: frame["state"].iloc[index]):
        where = list(rows)
        if state == states.REPORTED:
            continue
        begin, end = pd.Timestamp(days[where[0]]) - half, pd.Timestamp(days[where[-1]]) + half
        # No annotation of add_vrect: it would redo the layout for every shade.
        figure.add_shape(
            type="rect", xref=f"x{axis}", yref=f"y{axis} domain", x0=begin, x1=end, y0=0, y1=1, fillcolor=palette.GAP,
            line_width=0, layer="below",
        )  # fmt: skip
        # Where the gap is wide enough for the words they lie, away from the marks of targets at the top.
        lies = len(where) >= WIDE_GAP * len(days)
        figure.add_annotation(
            text=escape(states.in_words(str(state))), x=begin + (end - begin) / 2, y=0.5 if lies else 0.98,
            xref=f"x{axis}", yref=f"y{axis} domain", yanchor="middle" if lies else "top",
            textangle=0 if lies else -90, showarrow=False, font={"size": SMALL, "color": palette.QUIET},
        )  # fmt: skip


def _draw_reference(figure: go.Figure, reference: Reference, dash: str, colour: str, side: str) -> None:
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=reference.value, y1=reference.value,
        line={"color": colour, "width": 1.5, "dash": dash},
    )  # fmt: skip
    figure.add_annotation(
        text=escape(reference.label), xref="paper", x=0 if side == "left" else 1, xanchor=side,
        y=reference.value, yanchor="bottom", showarrow=False, font={"size": SMALL, "color": colour},
    )  # fmt: skip


def _label_end(figure: go.Figure, reported: pd.DataFrame, measure: Measure) -> None:
    """Write the last value beside its point."""
    if reported.empty:
        return
    last = reported.iloc[-1]
    figure.add_annotation(
        text=f"<b>{escape(measure.write(last['value']))}</b>", x=last["starts_on"], y=last["value"], xanchor="left",
        xshift=9, showarrow=False, font={"size": TEXT, "color": palette.MAIN},
    )  # fmt: skip


def ticks(days: Sequence[date], keys: Sequence[str], most: int = MOST_TICKS) -> tuple[list[date], list[str]]:
    """Return where periods are named under the picture, and their names: the year only where it begins or changes."""
    step = -(-len(days) // most) if days else 1
    # Counted from the end, so that the period asked about is always named.
    chosen = list(range(len(days) - 1, -1, -step))[::-1]
    texts, year = [], ""
    for index in chosen:
        name, of_year = _tick(keys[index], days[index])
        texts.append(f"{name}<br>{of_year}" if of_year != year else name)
        year = of_year
    return [days[index] for index in chosen], texts


def _tick(key: str, day: date) -> tuple[str, str]:
    """Return what a period is called under the picture, and the year that it is of (empty for a school year)."""
    if is_month(key):
        return format_month_name(day), str(day.year)
    year, _dash, number = key.partition("-T")
    if number:
        return _("T{number}").format(number=number), year
    year, _dash, number = key.partition("-Q")
    return (_("Q{number}").format(number=number), year) if number else (key, "")


def with_room(days: Sequence[date]) -> list[pd.Timestamp] | None:
    """Return where the time axis begins and ends, so that the first and last point are not cut."""
    if not days:
        return None
    first, last = pd.Timestamp(days[0]), pd.Timestamp(days[-1])
    room = max((last - first) * 0.03, pd.Timedelta(days=6))
    return [first - room, last + room]
