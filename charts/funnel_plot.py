"""Rates against the number of people behind them, with the limits within which chance alone would keep them.

In place of a league table: who lies within the limits is not told apart from the others by this measure.
(D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24, 2005.)
"""

from math import log10
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_number, format_percent, ngettext
from charts import palette
from charts.theme import SMALL, TEXT, Caption, Measure, annotate, blank, shortened
from charts.writing import told, write

HEIGHT = 360
MOST_LABELS, LETTERS = 6, 22
# Beyond so many times the smallest number of people the axis counts in powers of ten.
SPREAD = 40
BEYOND = {"below_998": "triangle-down", "below_95": "triangle-down-open", "above_95": "triangle-up-open",
          "above_998": "triangle-up"}  # fmt: skip


def funnel_plot(units: pd.DataFrame, limits: pd.DataFrame, measure: Measure, caption: Caption) -> go.Figure:
    """Return the points of `analytics.funnel_plot.units` and the curves of `limits` beside them.

    Points beyond the limits stand out: open triangles beyond 95 %, filled ones beyond 99.8 %, pointing the way they
    lie; those furthest beyond are named. `customdata` of a point is its unit.
    """
    figure = blank(HEIGHT)
    wide = _is_wide(units)
    for name, dash in (("998", "solid"), ("95", "dash")):
        for side in ("low", "high"):
            _curve(figure, limits, f"{side}_{name}", {"color": palette.MUTED, "width": 1.2, "dash": dash})
    _curve(figure, limits, "overall", {"color": palette.MAIN, "width": 1.5})
    within = units[~units["beyond"].isin(list(BEYOND))]
    size = 7 if len(units) <= 500 else 4
    _points(figure, within, measure, {"color": palette.MUTED, "size": size, "symbol": "circle", "opacity": 0.55})
    for beyond, symbol in BEYOND.items():
        marker = {"color": palette.SECOND, "size": max(size, 6) + 2, "symbol": symbol, "line": {"width": 1.4}}
        _points(figure, units[units["beyond"] == beyond], measure, marker)
    _name_curves(figure, limits, measure, wide)
    _name_points(figure, units, wide)
    highest = float(units["rate"].max()) if len(units) else 1.0
    top = min(highest * 1.1, 100.0) if measure.percent else highest * 1.1
    figure.update_xaxes(
        type="log" if wide else "linear",
        title={"text": _("base of the rate: how many are counted"), "font": {"size": SMALL}},
        nticks=5, tickformat="~s" if wide else ",~f", **({"dtick": 1} if wide else {"rangemode": "tozero"}),
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, top or 1], showgrid=True, gridcolor=palette.FAINT, nticks=6,
        ticksuffix="%" if measure.percent else "",
    )  # fmt: skip
    figure.update_layout(margin_r=50, hovermode="closest")
    return annotate(figure, caption, below=50)


def alt_text(units: pd.DataFrame, measure: Measure) -> str:
    """Return how many units lie beyond which limits, and the names of those furthest beyond."""
    count = len(units)
    text = ngettext("{measure} of {count} unit.", "{measure} of {count} units.", count)
    sentences = [text.format(measure=measure.name, count=format_number(count))]
    said = {
        "below_998": _("Below the 99.8% limit: {units}."), "below_95": _("Below the 95% limit: {units}."),
        "above_95": _("Above the 95% limit: {units}."), "above_998": _("Above the 99.8% limit: {units}."),
    }  # fmt: skip
    for beyond, sentence in said.items():
        rows = units[units["beyond"] == beyond].sort_values("people_beyond", ascending=False, key=abs)
        if rows.empty:
            continue
        listed = ", ".join(str(name) for name in rows["name"].head(MOST_LABELS))
        more = len(rows) - MOST_LABELS
        if more > 0:
            listed = _("{names} and {count} more").format(names=listed, count=format_number(more))
        sentences.append(sentence.format(units=listed))
    rest = int((~units["beyond"].isin(list(BEYOND))).sum())
    sentences.append(_("Within the limits, not told apart from chance: {count}.").format(count=format_number(rest)))
    return " ".join(sentences)


def _is_wide(units: pd.DataFrame) -> bool:
    people = units["denominator"][units["denominator"] > 0]
    return bool(len(people)) and float(people.max()) > SPREAD * float(people.min())


def _curve(figure: go.Figure, limits: pd.DataFrame, column: str, line: dict[str, object]) -> None:
    figure.add_scatter(
        x=limits["denominator"].tolist(), y=limits[column].tolist(), mode="lines", line=line, hoverinfo="skip"
    )


def _points(figure: go.Figure, rows: pd.DataFrame, measure: Measure, marker: dict[str, object]) -> None:
    if rows.empty:
        return
    figure.add_scatter(
        x=rows["denominator"].tolist(), y=rows["rate"].tolist(), mode="markers", marker=marker,
        customdata=[[unit] for unit in rows["unit"]], hoverinfo="text", cliponaxis=False,
        hovertext=[
            told(
                str(row["name"]), measure.write(row["rate"]),
                _("{count} of {total}").format(
                    count=format_number(row["numerator"]), total=format_number(row["denominator"])
                ),
            )
            for row in rows.to_dict("records")
        ],
    )  # fmt: skip


def _at(people: float, wide: bool) -> float:
    """Return where an annotation stands on the axis of people."""
    return log10(people) if wide else people


def _name_curves(figure: go.Figure, limits: pd.DataFrame, measure: Measure, wide: bool) -> None:
    if limits.empty:
        return
    last = limits.iloc[-1]
    place: dict[str, Any] = {"xanchor": "left", "xshift": 4, "yanchor": "middle"}
    x = _at(float(last["denominator"]), wide)
    overall = measure.write(last["overall"])
    write(figure, overall, x, last["overall"], size=TEXT, colour=palette.MAIN, bold=True, **place)
    for side in ("high", "low"):
        outer, inner = float(last[f"{side}_998"]), float(last[f"{side}_95"])
        if abs(outer - float(last["overall"])) > 4:
            write(figure, format_percent(0.998), x, outer, **place)
        if abs(outer - inner) > 3 and abs(inner - float(last["overall"])) > 3:
            write(figure, format_percent(0.95, 0), x, inner, **place)


def _name_points(figure: go.Figure, units: pd.DataFrame, wide: bool) -> None:
    """Name those that lie furthest beyond the outer limits, where the names do not cover each other."""
    beyond = units[units["beyond"].isin(["below_998", "above_998"])]
    if beyond.empty:
        return
    taken: list[tuple[float, float]] = []
    people = units["denominator"][units["denominator"] > 0]
    ends = [_at(float(people.min()), True), _at(float(people.max()), True)] if wide else [0.0, float(people.max() or 0)]
    middle = sum(ends) / 2
    for row in beyond.sort_values("people_beyond", ascending=False, key=abs).to_dict("records"):
        x, y = _at(float(row["denominator"]), wide), float(row["rate"])
        if len(taken) == MOST_LABELS:
            break
        if any(abs(y - other) < 5 for _x, other in taken):
            continue
        taken.append((x, y))
        # Towards the middle of the picture, so that no name runs over its edge.
        on_the_left = x > middle
        write(
            figure, shortened(str(row["name"]), LETTERS), x, y, colour=palette.SECOND,
            xanchor="right" if on_the_left else "left", xshift=-8 if on_the_left else 8, yanchor="middle",
        )  # fmt: skip
