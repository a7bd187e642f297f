"""How far each group is from the one it is compared with, and how sure that is."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_number
from charts import palette
from charts.theme import TEXT, Caption, Measure, annotate, base_text, blank, ceiling
from charts.writing import signed, told, write

ROW, ABOVE, LINE = 66, 19, 16
REASONS = {
    "too_few_schools": N_("too few schools to say how sure"),
    "no_rate": N_("no rate in one of the two"),
}


def gaps(
    frame: pd.DataFrame, measure: Measure, caption: Caption, *, names: str = "name", references: str = "reference_name"
) -> go.Figure:
    """Return a point for each gap of `analytics.compare.gaps` with its 95 % interval, around a line for "no gap".

    `names` and `references` are the columns that name a group and the one it is held against. A gap whose interval
    holds zero is drawn open: it may be chance. One that cannot be told says why.
    """
    rows = frame.to_dict("records")
    figure = blank(ROW * max(len(rows), 1))
    reach = _reach(frame)
    for index, row in enumerate(rows):
        _draw(figure, index, row, measure, str(row[names]), str(row[references]), _bases(row, measure, references))
    write(figure, _("no gap"), 0, 0, yref="paper", yanchor="top", yshift=-2)
    unit = _("{count} points") if measure.percent else "{count}"
    for end, side in ((-reach, "left"), (reach, "right")):
        text = unit.format(count=signed(end, Measure("", decimals=0)))
        write(figure, text, end, 0, yref="paper", xanchor=side, yanchor="top", yshift=-2)
    figure.update_xaxes(visible=False, range=[-reach * 1.04, reach * 1.04])
    figure.update_yaxes(visible=False, range=[len(rows) - 0.72, -0.72])
    figure.update_layout(hovermode="closest")
    return annotate(figure, caption, below=22)


def _draw(
    figure: go.Figure, index: int, row: dict[Any, Any], measure: Measure, name: str, reference: str, bases: list[str]
) -> None:
    """Draw one gap: who beside whom, in words and numbers, and its point with its interval around the line."""
    line: dict[str, Any] = {"xref": "paper", "xanchor": "left", "yanchor": "middle"}
    pair = _("{group} beside {reference}").format(group=name, reference=reference)
    write(figure, pair, 0, index, size=TEXT, colour=None, bold=True, yshift=ABOVE + LINE, **line)
    write(figure, in_words(row, measure), 0, index, yshift=ABOVE, **line)
    figure.add_shape(
        type="line", x0=0, x1=0, y0=index - 10 / ROW, y1=index + 10 / ROW, layer="below",
        line={"color": palette.MUTED, "width": 1.2},
    )  # fmt: skip
    if pd.isna(row["gap"]):
        return
    sure = _is_sure(row)
    if not pd.isna(row["gap_low"]):
        figure.add_scatter(
            x=[row["gap_low"], row["gap_high"]], y=[index, index], mode="lines", hoverinfo="skip",
            line={"color": palette.SECOND if sure else palette.MUTED, "width": 3}, cliponaxis=False,
        )  # fmt: skip
    figure.add_scatter(
        x=[row["gap"]], y=[index], mode="markers", customdata=[[row["group"]]], hoverinfo="text",
        hovertext=[told(name, in_words(row, measure), *bases)], cliponaxis=False,
        marker={
            "size": 11, "symbol": "circle" if sure else "circle-open",
            "color": palette.SECOND if sure else palette.MUTED, "line": {"width": 2},
        },
    )  # fmt: skip


def alt_text(frame: pd.DataFrame, measure: Measure, *, names: str = "name", references: str = "reference_name") -> str:
    """Return each gap with its interval, whether it may be chance, and both bases."""
    sentences = [_("{measure}: gaps between groups.").format(measure=measure.name)]
    for row in frame.to_dict("records"):
        pair = _("{group} beside {reference}: {gap}").format(
            group=row[names], reference=row[references], gap=in_words(row, measure)
        )
        sentences.append(f"{pair}.")
    return " ".join(sentences)


def in_words(row: dict[Any, Any], measure: Measure) -> str:
    """Return a gap as written: −5.2 points (−8.1 to −2.3), or why there is none."""
    if pd.isna(row["gap"]):
        return _(REASONS.get(row["reason"], REASONS["no_rate"]))
    size = signed(row["gap"], measure)
    text = _("{gap} points").format(gap=size) if measure.percent else size
    if pd.isna(row["gap_low"]):
        return f"{text}, {_(REASONS.get(row['reason'], REASONS['too_few_schools']))}"
    span = _("{gap} ({low} to {high})").format(
        gap=text, low=signed(row["gap_low"], measure), high=signed(row["gap_high"], measure)
    )
    return span if _is_sure(row) else _("{gap}, may be chance").format(gap=span)


def _is_sure(row: dict[Any, Any]) -> bool:
    """Return whether the interval leaves zero out."""
    return not pd.isna(row["gap_low"]) and (row["gap_low"] > 0 or row["gap_high"] < 0)


def _bases(row: dict[Any, Any], measure: Measure, references: str) -> list[str]:
    """Return both rates with the schools and people behind them."""
    one = _rate(row, measure, "rate", "schools_in_base", "people")
    other = _rate(row, measure, "rate_reference", "schools_in_base_reference", "people_reference")
    return [one, f"{row[references]}: {other}"]


def _rate(row: dict[Any, Any], measure: Measure, rate: str, schools: str, people: str) -> str:
    written = _("no rate") if pd.isna(row[rate]) else measure.write(row[rate])
    base = "" if pd.isna(row[schools]) else base_text(row[schools], row[schools])
    count = "" if pd.isna(row[people]) else _("{count} people").format(count=format_number(row[people]))
    return ", ".join(part for part in (written, base, count) if part)


def _reach(frame: pd.DataFrame) -> float:
    """Return a round number beyond every interval, the same on both sides of zero."""
    ends = [abs(float(one)) for name in ("gap", "gap_low", "gap_high") for one in frame[name].dropna()]
    return ceiling(max(ends, default=1.0))
