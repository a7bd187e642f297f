"""One look for every chart: template, number formats, and the line that says where a picture comes from."""

import json
import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_number, format_percent, ngettext
from charts import palette

# What a browser shows around a chart: no logo, one button that saves the picture, no zooming by accident.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": "hover",
    # All but the one that hands out the picture.
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d",
                               "resetScale2d", "hoverClosestCartesian", "hoverCompareCartesian", "toggleSpikelines"],
    "toImageButtonOptions": {"format": "png", "scale": 2, "filename": "uptake"},
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    # A map asks for its outlines here, and not from another host.
    "topojsonURL": "/app/static/",
}  # fmt: skip

# Set in the letters of the page, which the browser knows; nothing is fetched.
FONT = (
    '"Source Sans", "Source Sans 3", "Source Sans Pro", system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif'
)
TEXT, SMALL = 13, 11
# A phone is 390 pixels wide: this many small letters fit beside each other on it.
LETTERS_ON_A_PHONE = 58
LINE_HEIGHT, MARK_HEIGHT, MARGIN_TOP = 15, 16, 12
# How each language writes a kind of place in short, after its name.
KINDS_OF_PLACES = {
    "Region": "Reg.", "District": "Dist.", "область": "обл.", "район": "р-н", "облысы": "обл.", "ауданы": "ауд.",
}  # fmt: skip
PERCENT = 100


@dataclass(frozen=True)
class Measure:
    """How the numbers of a measure are called and written. A percentage comes as 42.3, not as 0.423."""

    name: str
    unit: str = ""
    decimals: int = 0
    percent: bool = False

    def write(self, value: float) -> str:
        """Return a value as written in the current language: 42.3%, 8,412 or 3.85."""
        return format_percent(value / PERCENT) if self.percent else format_number(value, self.decimals)


@dataclass(frozen=True)
class Caption:
    """What every chart carries, in words that are ready to be read; an empty part is left out.

    `provisional` is the reason why a figure is not final. `demonstration`: the figures are invented, and say so.
    """

    source: str
    last_update: str = ""
    base: str = ""
    provisional: str = ""
    demonstration: bool = False

    def sentences(self) -> list[str]:
        """Return the caption's parts, what keeps a figure from being taken as final first."""
        parts = [
            (_("Demonstration figures: invented, not measured"), "", self.demonstration),
            (_("Provisional: {reason}"), self.provisional, bool(self.provisional)),
            (_("Base: {base}"), self.base, bool(self.base)),
            (_("Source: {source}"), self.source, bool(self.source)),
            (_("Last update: {date}"), self.last_update, bool(self.last_update)),
        ]
        return [
            text.format(reason=said, base=said, source=said, date=said) for text, said, is_there in parts if is_there
        ]


@lru_cache(maxsize=1)
def template() -> go.layout.Template:
    """Return the template of every chart. Small on purpose: on a page Streamlit's theme fills the rest in."""
    axis = {"showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True, "ticks": ""}
    return go.layout.Template(
        layout={
            "colorway": list(palette.CATEGORICAL),
            "colorscale": {"sequential": [[index / 9, colour] for index, colour in enumerate(palette.SEQUENTIAL)]},
            "font": {"family": FONT, "size": TEXT},
            "paper_bgcolor": palette.NOTHING,
            "plot_bgcolor": palette.NOTHING,
            "margin": {"l": 4, "r": 8, "t": MARGIN_TOP, "b": 24},
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {"align": "left"},
            "xaxis": axis,
            "yaxis": axis,
        }
    )


def blank(height: int) -> go.Figure:
    """Return an empty figure in our look, its plot `height` pixels high before `annotate` makes room around it.

    Numbers on its axes are written as in the current language.
    """
    # The separators of an axis are taken from how the language writes a number, decimal mark first.
    written = format_number(1234.5, 1)
    layout = go.Layout(template=template(), height=height, separators=written[-2] + written[1])
    # Streamlit's own grey for words is too faint in the light; in a file `concrete` makes them darker still.
    return go.Figure(layout=layout.update(font={"color": palette.QUIET}))


def packed(sentences: Iterable[str], letters: int) -> list[str]:
    """Return lines of so many letters with as many sentences as fit: none is broken that has room on a line."""
    lines: list[str] = []
    for sentence in sentences:
        if lines and len(lines[-1]) + len(sentence) + 3 <= letters:
            lines[-1] += f" · {sentence}"
        else:
            lines += textwrap.wrap(sentence, letters)
    return lines


def annotate(figure: go.Figure, caption: Caption, below: int = 30) -> go.Figure:
    """Write the caption under the picture and make room for it; return the same figure. The one place that does.

    `below` is how many pixels the picture's own labels take under its lower edge. An image of the picture alone still
    says where it comes from, and that it is provisional or invented.
    """
    lines = packed(caption.sentences(), LETTERS_ON_A_PHONE)
    mark = _("DEMONSTRATION") if caption.demonstration else _("PROVISIONAL") if caption.provisional else ""
    own_top = MARGIN_TOP if figure.layout.margin.t is None else figure.layout.margin.t
    top = own_top + (MARK_HEIGHT if mark else 0)
    bottom = below + LINE_HEIGHT * len(lines) + 6
    height = figure.layout.height + top + bottom
    # A title is the one text that may stand anywhere, from the figure's very edge; a note begins where the axes do.
    figure.update_layout(
        title={
            # On a page Streamlit sets every title in bold letters; the span takes that back.
            "text": f"<span style='font-weight:400'>{'<br>'.join(escape(line) for line in lines)}</span>",
            "font": {"size": SMALL, "color": palette.QUIET},
            "xref": "container", "x": 0, "xanchor": "left", "yref": "container", "yanchor": "bottom",
            "y": LINE_HEIGHT * max(len(lines) - 1, 0) / height, "pad": {"b": 5, "l": 2}, "automargin": False,
        },
        margin_t=top, margin_b=bottom, height=height,
    )  # fmt: skip
    figure.update_xaxes(tickfont_color=palette.QUIET).update_yaxes(tickfont_color=palette.QUIET)
    if mark:
        # At the top too, above what the picture itself has there: an image that was cut short still says it.
        figure.add_annotation(
            text=f"<b>{escape(mark)}</b>", showarrow=False, xref="paper", yref="paper", x=0, xanchor="left", y=1,
            yanchor="bottom", yshift=max(own_top - 6, 1), font={"size": SMALL, "color": palette.SECOND},
        )  # fmt: skip
    return figure


def concrete(figure: go.Figure, theme: str) -> go.Figure:
    """Return a copy of the figure with real colours, for where Streamlit is not: files, the printed brief.

    `theme` is `light` or `dark`; the text is then dark or light, the background stays clear.
    """
    written = figure.to_json()
    for placeholder, colour in palette.colours(theme).items():
        written = written.replace(placeholder, colour)
    copy = go.Figure(json.loads(written))
    text = "#111111" if theme == "light" else "#f2f5f8"
    return copy.update_layout(font_color=text)


def base_text(counted: Any, expected: Any) -> str:
    """Return a base in words: 412 of 530 schools; nothing where it is not known."""
    if pd.isna(expected):
        return ""
    total = int(expected)
    if pd.isna(counted):
        return ngettext("{expected} school expected", "{expected} schools expected", total).format(
            expected=format_number(total)
        )
    return ngettext("{counted} of {expected} school", "{counted} of {expected} schools", total).format(
        counted=format_number(int(counted)),
        expected=format_number(total),
    )


def reports_text(counted: Any, expected: Any) -> str:
    """Return a base that was counted month by month in words: 1,205 of 1,590 reports; nothing where it is not known."""
    if pd.isna(expected) or pd.isna(counted):
        return ""
    total = int(expected)
    return ngettext("{counted} of {expected} report", "{counted} of {expected} reports", total).format(
        counted=format_number(int(counted)), expected=format_number(total)
    )


def base_of(frame: pd.DataFrame, *, reports: bool = False) -> list[str]:
    """Return the base of every row of a frame of figures, in words. A release knows only who reported.

    `reports`: a row is made of several months, so that what is counted are reports and not schools.
    """
    counted = frame["schools_in_base"].fillna(frame["schools_reporting"])
    text = reports_text if reports else base_text
    return [text(one, all_) for one, all_ in zip(counted, frame["schools_expected"], strict=True)]


def shortened(text: str, letters: int) -> str:
    """Return the text in at most so many letters: what kind of place it names goes short before its name is cut."""
    if len(text) <= letters:
        return text
    name, _space, kind = text.rpartition(" ")
    short = f"{name} {KINDS_OF_PLACES[kind]}" if kind in KINDS_OF_PLACES else text
    return short if len(short) <= letters else short[: letters - 1].rstrip() + "…"


def ceiling(value: float) -> float:
    """Return a round number at or a little above the value, where an axis can end."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * size >= value * 0.9999)
