"""The legend of maps and heat maps: what colours and hatching mean, in pixels, so that it fits under every width."""

from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from access import codes
from charts import palette
from charts.theme import SMALL, Measure

STEP, HIGH, GAP, SWATCH = 46, 12, 12, 22
HEADING, ROW, EDGES = 20, 22, 18
LETTER = 6.2
PHONE = 350
NOT_COUNTED = ("hours", "points")


@dataclass(frozen=True)
class Swatch:
    """One entry: a class between two edges, or with `text` something that stands by itself."""

    colour: str = palette.NOTHING
    strength: float = 1.0
    start: str = ""
    end: str = ""
    text: str = ""
    hatched: tuple[bool, ...] = ()
    ring: bool = False
    sign: str = ""


def legend(figure: go.Figure, swatches: list[Swatch], measure: Measure, lower: int = 0, left: int = 0) -> int:
    """Draw the legend, `lower` pixels below the plot and `left` before it; return how many it takes below that."""
    # What is counted is in the measure's name: "Licences allocated, licences" would say it twice.
    unit = "%" if measure.percent else codes.word(measure.unit, codes.UNITS) if measure.unit in NOT_COUNTED else ""
    heading = f"{measure.name}, {unit}" if unit else measure.name
    _text(figure, f"<b>{escape(heading)}</b>", -left, lower + 4)
    top, across = lower + HEADING + 4, 0.0
    classes = [swatch for swatch in swatches if swatch.end]
    single = [swatch for swatch in swatches if not swatch.end]
    for number, swatch in enumerate(classes):
        _box(figure, number * STEP - left, top, STEP, swatch)
        _text(figure, escape(swatch.start), number * STEP - left, top + HIGH, middle=number > 0)
    if classes:
        _text(figure, escape(classes[-1].end), len(classes) * STEP - left, top + HIGH, middle=True)
        top += HIGH + EDGES + 4
    for swatch in single:
        wide = SWATCH + 6 + LETTER * len(swatch.text) + GAP
        if across and across + wide > PHONE:
            across, top = 0.0, top + ROW
        _box(figure, across - left, top, SWATCH, swatch)
        _text(figure, escape(swatch.text), across - left + SWATCH + 5, top - 3)
        across += wide
    return round(top - lower + (ROW if single else 0))


def _box(figure: go.Figure, left: float, top: float, wide: float, swatch: Swatch) -> None:
    shape: dict[str, Any] = {
        "xref": "paper", "yref": "paper", "xanchor": 0, "yanchor": 0, "xsizemode": "pixel", "ysizemode": "pixel",
    }  # fmt: skip
    line = {"width": 0.8, "color": palette.MUTED}
    if swatch.sign:
        _text(figure, swatch.sign, left + SWATCH / 2, top - 3, middle=True)
        return
    if swatch.ring:
        ends = {"x0": left + 5, "x1": left + 15, "y0": -top - 11, "y1": -top - 1}
        figure.add_shape(type="circle", line=line | {"width": 1.4}, **ends, **shape)
        return
    ground = palette.FAINT if swatch.hatched else swatch.colour
    figure.add_shape(
        type="rect", x0=left, x1=left + wide, y0=-top - HIGH, y1=-top, fillcolor=ground, opacity=swatch.strength,
        line=line, **shape,
    )  # fmt: skip
    for down in swatch.hatched:
        # The lines of one swatch in one path: each as long as the box is high.
        starts = range(0, int(wide) - HIGH + 1, 5)
        lower, upper = (-top, -top - HIGH) if down else (-top - HIGH, -top)
        path = " ".join(f"M{left + start},{lower} L{left + start + HIGH},{upper}" for start in starts)
        figure.add_shape(type="path", path=path, line={"width": 1, "color": palette.HATCH}, **shape)


def _text(figure: go.Figure, text: str, left: float, top: float, *, middle: bool = False) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", xanchor="center" if middle else "left", xshift=left, y=0, yref="paper",
        yanchor="top", yshift=-top, showarrow=False, font={"size": SMALL}, borderpad=0,
    )  # fmt: skip
