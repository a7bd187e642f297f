"""Words inside a picture: always escaped, in the sizes of the theme."""

import textwrap
from collections.abc import Iterable
from html import escape
from typing import Any

import plotly.graph_objects as go

from access.language import format_compact, format_number
from charts import palette
from charts.theme import LETTERS_ON_A_PHONE, SMALL, Measure, ceiling

LINE, LETTER = 16, 6.6
MINUS = "\N{MINUS SIGN}"


def write(
    figure: go.Figure,
    text: str,
    x: Any,
    y: Any,
    *,
    size: int = SMALL,
    colour: str | None = palette.QUIET,
    bold: bool = False,
    italic: bool = False,
    **where: Any,
) -> None:
    """Write a text at a place. `where` is what Plotly takes for an annotation: xref, xanchor, yshift and the like."""
    marked = escape(text).replace("\n", "<br>")
    marked = f"<b>{marked}</b>" if bold else f"<i>{marked}</i>" if italic else marked
    font = {"size": size} | ({"color": colour} if colour else {})
    figure.add_annotation(text=marked, x=x, y=y, showarrow=False, font=font, **where)


def write_below(
    figure: go.Figure, texts: Iterable[str], top: float, *, left: float = 0, first_bold: bool = False
) -> int:
    """Write sentences under the plot, so many pixels below it, from `left` pixels before it; return where they end."""
    for number, text in enumerate(text for text in texts if text):
        for line in textwrap.wrap(text, LETTERS_ON_A_PHONE - 4):
            write(
                figure, line, 0, 0, xref="paper", yref="paper", xanchor="left", yanchor="top", xshift=-left,
                yshift=-top, colour=None, bold=first_bold and number == 0,
            )  # fmt: skip
            top += LINE
    return round(top)


def room_for(names: Iterable[str], most: int) -> int:
    """Return how many pixels names of at most so many letters take on the left of a plot."""
    return round(LETTER * min(max((len(name) for name in names), default=1), most)) + 14


def compact_axis(highest: float) -> dict[str, Any]:
    """Return an axis from zero for large amounts, named in short in the current language."""
    top = ceiling(highest)
    places = [top * part / 4 for part in range(5)]
    return {
        "range": [0, top * 1.06], "showgrid": True, "gridcolor": palette.FAINT, "tickmode": "array", "tickvals": places,
        "ticktext": [format_compact(place) if place else "0" for place in places],
    }  # fmt: skip


def signed(value: float, measure: Measure) -> str:
    """Return a difference with its sign; of percentages it is one in percentage points, without a unit."""
    decimals = max(measure.decimals, 1) if measure.percent else measure.decimals
    text = format_number(abs(value), decimals)
    if not any(letter in "123456789" for letter in text):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def told(*parts: str) -> str:
    """Return what is told about a mark: its name in bold, then a line each; empty ones are left out."""
    first, *others = (escape(part) for part in parts if part)
    return "<br>".join([f"<b>{first}</b>", *others])
