"""What was announced, claim by claim, beside what is measured. Claims are never summed and never joined by a line."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from access.language import N_, _, format_number, ngettext
from charts import theme
from charts.theme import Caption

ROW, AROUND = 60, 40
# How a claim was hedged: the mark that is drawn, and how its number is written.
SYMBOLS = {
    "exact": "circle",
    "at_least": "triangle-right",
    "at_most": "triangle-left",
    "about": "circle-open",
    "range": "line-ew-open",
}
WORDS = {
    "exact": N_("{value}"),
    "at_least": N_("at least {value}"),
    "at_most": N_("at most {value}"),
    "about": N_("about {value}"),
    "range": N_("{value} to {value_high}"),
}


def announced(frame: pd.DataFrame, caption: Caption) -> go.Figure:
    """Return a row for each claim, one panel for each unit: what was said, and the measured figure where there is one.

    `frame` is that of `analytics.registry.announced_and_measured`; a column `label` names the rows (else population).
    """
    units = list(dict.fromkeys(frame["unit"]))
    sizes = [int((frame["unit"] == unit).sum()) for unit in units]
    drawn = make_subplots(
        rows=max(len(units), 1),
        cols=1,
        row_heights=sizes or None,
        vertical_spacing=min(0.3, 44 / (ROW * len(frame) + 44)),
    )
    height = ROW * len(frame) + AROUND * max(len(units), 1)
    drawn.update_layout(template=theme.template(), height=height, dragmode=False)
    for position, unit in enumerate(units, start=1):
        _panel(drawn, frame[frame["unit"] == unit], position)
    return theme.annotate(drawn, caption)


def alt_text(frame: pd.DataFrame) -> str:
    """Return in words what the picture shows: how many claims, and each that stands beside a measured figure."""
    text = ngettext("{count} announced figure.", "{count} announced figures.", len(frame)).format(count=len(frame))
    rows: list[Any] = list(frame[frame["measured"].notna()].itertuples())
    for row in rows:
        text += " " + _("{label}: announced {claim}, measured {measured}.").format(
            label=_label(row),
            claim=written(row),
            measured=format_number(float(row.measured)),
        )
    return text


def written(row: Any) -> str:
    """Return a claim's number as it was hedged: "at least 84,000"."""
    high = getattr(row, "value_high", None)
    value: float = row.value
    return _(WORDS[row.qualifier]).format(
        value=_number(value), value_high=_number(high) if high is not None and not pd.isna(high) else ""
    )


def _number(value: float) -> str:
    return format_number(value, 0 if float(value).is_integer() else 1)


def _label(row: Any) -> str:
    return str(getattr(row, "label", "") or row.population)


def _panel(drawn: go.Figure, claims: pd.DataFrame, position: int) -> None:
    rows: list[Any] = list(claims.itertuples())
    labels = [_wrapped(_label(row), index) for index, row in enumerate(rows)]
    for row, label in zip(rows, labels, strict=True):
        if row.qualifier == "range" and not pd.isna(row.value_high):
            drawn.add_scatter(
                x=[row.value, row.value_high], y=[label, label], mode="lines",
                line={"color": theme.SECOND, "width": 3}, hoverinfo="skip", row=position, col=1,
            )  # fmt: skip
    drawn.add_scatter(
        x=[row.value for row in rows], y=labels, mode="markers+text",
        marker={"color": theme.SECOND, "size": 12, "symbol": [SYMBOLS[row.qualifier] for row in rows]},
        text=[f" {written(row)}" for row in rows], textposition="top center", cliponaxis=False,
        hovertext=[f"<b>{_label(row)}</b><br>{written(row)}" for row in rows],
        hovertemplate="%{hovertext}<extra>" + _("announced") + "</extra>", row=position, col=1,
    )  # fmt: skip
    measured = [(row, label) for row, label in zip(rows, labels, strict=True) if not pd.isna(row.measured)]
    drawn.add_scatter(
        x=[row.measured for row, _label_text in measured], y=[label for _row, label in measured], mode="markers+text",
        marker={"color": theme.FIRST, "size": 12, "symbol": "diamond"},
        text=[_number(float(row.measured)) for row, _label_text in measured],
        textposition="bottom center", textfont={"color": theme.FIRST}, cliponaxis=False,
        hovertemplate="%{x}<extra>" + _("measured") + "</extra>", row=position, col=1,
    )  # fmt: skip
    top = max([*(_end(row) for row in rows), *(float(row.measured) for row, _label_text in measured)], default=1.0)
    drawn.update_xaxes(range=[0, top * 1.18 or 1], nticks=5, row=position, col=1)
    drawn.update_yaxes(categoryorder="array", categoryarray=labels[::-1], row=position, col=1)
    drawn.update_yaxes(range=[-0.7, len(labels) - 0.3], row=position, col=1)


def _end(row: Any) -> float:
    high = row.value_high
    return float(row.value if pd.isna(high) else high)


def _wrapped(label: str, index: int) -> str:
    """Return the label in lines of some 24 letters, unique by zero-width marks: equal labels must not share a row."""
    lines, line = [], ""
    for word in label.split():
        if line and len(line) + len(word) > 24:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    if len(lines) > 3:
        lines = [*lines[:2], "…"]
    return "<br>".join(lines) + "\u200b" * index
