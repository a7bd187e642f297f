"""One look for all charts: colours, number formats, and the lines that every chart carries."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_number, ngettext

# Streamlit's browser side puts the theme's colours in the place of these, in light and in dark. An image made
# elsewhere replaces them by `PRINTED`. The order is that of theme.chartCategoricalColors.
FIRST, SECOND, THIRD = "#000001", "#000002", "#000003"
MUTED = "rgba(128, 136, 146, 0.85)"
FAINT = "rgba(128, 136, 146, 0.16)"
PRINTED = {FIRST: "#0b6fb8", SECOND: "#c65a11", THIRD: "#2a8a57"}

# No tool bar over the picture; its downloads stand beside it. `responsive` follows the width of the page.
CONFIG: dict[str, Any] = {"displayModeBar": False, "responsive": True, "topojsonURL": "/app/static/"}

SMALL, NORMAL = 11, 13
# Pixels: the axis under a plot, and a line of the caption.
AXIS, CAPTION_LINE = 34, 15
MISSING = {
    "not_reported": N_("not reported"),
    "not_applicable": N_("not applicable"),
    "suppressed": N_("withheld"),
}


@dataclass(frozen=True)
class Caption:
    """What every chart carries besides its picture. Empty parts are left out."""

    source: str
    last_update: str = ""
    base: str = ""
    provisional: str = ""
    demonstration: bool = False


@dataclass(frozen=True)
class Measure:
    """How the numbers of a measure are written."""

    name: str
    unit: str = ""
    decimals: int = 0
    percent: bool = False

    def write(self, value: float) -> str:
        """Return the value as people read it: `42.3 %`, `1 204`."""
        number = format_number(value, self.decimals)
        return f"{number} %" if self.percent else number


def template() -> go.layout.Template:
    """Return the template that every figure has: small in bytes, transparent, with the theme's colours."""
    axis = {"automargin": True, "gridcolor": FAINT, "zeroline": False, "title": None, "fixedrange": True}
    return go.layout.Template(
        layout={
            "colorway": [f"#0000{position:02}" for position in range(1, 11)],
            "font": {"size": NORMAL},
            "hoverlabel": {"align": "left"},
            "margin": {"l": 8, "r": 16, "t": 16, "b": 16},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "xaxis": axis,
            "yaxis": axis,
        }
    )


def figure(height: int, **layout: Any) -> go.Figure:
    """Return an empty figure of this look and height (pixels)."""
    return go.Figure(layout=go.Layout(template=template(), height=height, dragmode=False, **layout))


def annotate(drawn: go.Figure, caption: Caption) -> go.Figure:
    """Write the caption's lines under the picture, so that a copied image still says what it is; return the figure."""
    lines = [_("Source: {source}").format(source=caption.source)]
    if caption.last_update:
        lines.append(_("Last update: {date}").format(date=caption.last_update))
    if caption.demonstration:
        lines.append(_("Demonstration: invented figures"))
    if caption.provisional:
        lines.append(_("Provisional: {reason}").format(reason=caption.provisional))
    height = (drawn.layout.height or 300) + CAPTION_LINE * len(lines)
    # A title may stand anywhere in the picture, an annotation only beside the plot: at the edge is more room.
    drawn.update_layout(
        title={
            "text": "<br>".join(lines), "font": {"size": SMALL, "color": MUTED}, "x": 0,
            "y": CAPTION_LINE * (len(lines) - 1) / height,
            "xref": "container", "yref": "container", "xanchor": "left", "yanchor": "bottom",
            "pad": {"l": 8, "b": 4}, "automargin": False,
        },
        margin_b=AXIS + CAPTION_LINE * len(lines),
        height=height,
    )  # fmt: skip
    return drawn


def base(row: Any) -> str:
    """Return the base of one figure in words, e.g. "412 of 530 schools". Empty where the row does not give it."""
    expected = row.schools_expected
    if pd.isna(expected):
        return ""
    counted = row.schools_in_base
    if pd.isna(counted):
        text = ngettext("{expected} school expected", "{expected} schools expected", int(expected))
        return text.format(expected=format_number(int(expected)))
    text = ngettext("{counted} of {expected} school", "{counted} of {expected} schools", int(expected))
    return text.format(counted=format_number(int(counted)), expected=format_number(int(expected)))


def said(row: Any, measure: Measure) -> str:
    """Return one figure in words: its value, or why there is none."""
    if row.state == "reported" and not math.isnan(row.value):
        return measure.write(row.value)
    return _(MISSING.get(row.state, MISSING["not_reported"]))
