"""What was committed and what was paid out, added up over time."""

from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_compact, format_money, format_percent
from charts import palette, trend
from charts.theme import SMALL, Caption, annotate, blank
from charts.writing import compact_axis, told, write

HEIGHT = 260
# Column, what it is called, colour, dash. What was planned is dashed.
LINES = (
    ("committed_total", N_("committed"), palette.SECOND, "dash"),
    ("disbursed_total", N_("disbursed"), palette.MAIN, "solid"),
    ("spent_total", N_("spent"), palette.CATEGORICAL[2], "dot"),
)
CLOSE = 0.07


def planned_disbursed(frame: pd.DataFrame, caption: Caption, currency: str) -> go.Figure:
    """Return a rising line each for what was committed, disbursed and spent by then: `analytics.money.over_time`.

    A total is a step that lasts until the next amount. A line of nothing but zero is not drawn; the words name it.
    """
    figure = blank(HEIGHT)
    days = list(frame["starts_on"])
    drawn = [line for line in LINES if len(frame) and frame[line[0]].notna().any() and frame[line[0]].max() > 0]
    top = max([float(frame[column].max()) for column, *_rest in drawn], default=1.0)
    taken: list[float] = []
    for column, name, colour, dash in drawn:
        figure.add_scatter(
            x=days, y=[None if pd.isna(one) else float(one) for one in frame[column]], mode="lines",
            line={"color": colour, "width": 2.5, "dash": dash, "shape": "hv"}, connectgaps=False, hoverinfo="text",
            hovertext=[
                told(trend.period_text(str(month), day), f"{_(name)}: {_amount(one, currency)}")
                for month, day, one in zip(frame["month"], days, frame[column], strict=True)
            ],
        )  # fmt: skip
        last = frame[column].dropna().iloc[-1]
        place = _free(float(last) / top, taken)
        write(
            figure, f"{_(name)}\n{format_compact(last)} {currency}", days[-1], place * top, colour=colour, bold=True,
            xanchor="left", xshift=6, align="left",
        )  # fmt: skip
    positions, texts = trend.ticks(days, [str(month) for month in frame["month"]], most=4)
    figure.update_xaxes(tickmode="array", tickvals=positions, ticktext=texts, tickangle=0)
    figure.update_yaxes(compact_axis(top))
    write(figure, currency, 0, 1, xref="paper", yref="paper", xanchor="right", xshift=-6, yanchor="bottom", size=SMALL)
    figure.update_layout(margin_r=104, margin_t=26, hovermode="x")
    return annotate(figure, caption, below=44)


def alt_text(frame: pd.DataFrame, currency: str) -> str:
    """Return the totals at the end, and which share of what was committed has been paid out."""
    if frame.empty:
        return _("No money was recorded.")
    last = frame.iloc[-1]
    sentences = [_("By {period}:").format(period=trend.period_text(str(last["month"]), last["starts_on"]))]
    sentences += [f"{_(name)} {_amount(last[column], currency)}." for column, name, *_rest in LINES]
    committed, disbursed = last["committed_total"], last["disbursed_total"]
    if not pd.isna(committed) and not pd.isna(disbursed) and committed > 0:
        share = format_percent(Decimal(disbursed) / Decimal(committed))
        sentences.append(_("Disbursed of committed: {share}.").format(share=share))
    return " ".join(sentences)


def _amount(amount: Any, currency: str) -> str:
    return _("not known") if amount is None or pd.isna(amount) else format_money(Decimal(amount), currency)


def _free(place: float, taken: list[float]) -> float:
    """Return a height near `place` where no other label stands."""
    while any(abs(place - other) < 2 * CLOSE for other in taken):
        place -= CLOSE
    taken.append(place)
    return place
