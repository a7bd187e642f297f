"""An investment case year by year: what would be spent, and between which bounds it might come back. Not a forecast."""

from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_compact, format_money
from charts import palette
from charts.theme import SMALL, Caption, annotate, blank
from charts.writing import compact_axis, told, write

HEIGHT = 260


def scenario(frame: pd.DataFrame, caption: Caption, currency: str) -> go.Figure:
    """Return bars from zero for `spending`, and beside each the span from `return_low` to `return_high`, by `year`.

    A year without an amount has no mark, and the words say so.
    """
    figure = blank(HEIGHT)
    years = [int(year) for year in frame["year"]]
    spending = [_plain(one) for one in frame["spending"]]
    low, high = ([_plain(one) for one in frame[name]] for name in ("return_low", "return_high"))
    top = max([one for one in [*spending, *high] if one is not None], default=1.0)
    figure.add_bar(
        x=[year - 0.18 for year in years], y=spending, width=0.32, marker={"color": palette.MAIN},
        text=["" if one is None else format_compact(one) for one in spending], textposition="outside",
        textfont={"size": SMALL, "color": palette.MAIN}, constraintext="none", textangle=0,
        cliponaxis=False, hoverinfo="text",
        hovertext=[
            told(_year(year), _("spending: {amount}").format(amount=_amount(one, currency)))
            for year, one in zip(years, frame["spending"], strict=True)
        ],
    )  # fmt: skip
    for year, lower, upper in zip(years, low, high, strict=True):
        if lower is None or upper is None:
            continue
        figure.add_scatter(
            x=[year + 0.18] * 2, y=[lower, upper], mode="lines+markers", hoverinfo="text", cliponaxis=False,
            line={"color": palette.SECOND, "width": 5}, marker={"size": 9, "symbol": "line-ew", "line_width": 2,
                                                                "line_color": palette.SECOND},
            hovertext=[told(_year(year), _("return: {low} to {high}").format(
                low=_amount(lower, currency), high=_amount(upper, currency)))] * 2,
        )  # fmt: skip
        text = format_compact(upper) if lower == upper else f"{format_compact(lower)}–{format_compact(upper)}"
        write(figure, text, year + 0.18, upper, colour=palette.SECOND, yanchor="bottom", yshift=4)
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "yanchor": "bottom", "xanchor": "left", "y": 1}
    write(figure, _("spending, {currency}").format(currency=currency), 0, bold=True, colour=palette.MAIN, yshift=16,
          **place)  # fmt: skip
    write(figure, _("assumed return, least to most"), 0, bold=True, colour=palette.SECOND, **place)
    figure.update_xaxes(tickmode="array", tickvals=years, ticktext=[_year(year) for year in years])
    figure.update_yaxes(compact_axis(top))
    figure.update_layout(margin_t=44, hovermode="closest")
    return annotate(figure, caption, below=28)


def alt_text(frame: pd.DataFrame, currency: str) -> str:
    """Return the spending of every year and the bounds of what is assumed to come back."""
    sentences = [_("A scenario, not a forecast.")]
    for row in frame.to_dict("records"):
        text = _("{year}: spending {spending}, assumed return {low} to {high}.")
        sentences.append(text.format(
            year=_year(int(row["year"])), spending=_amount(row["spending"], currency),
            low=_amount(row["return_low"], currency), high=_amount(row["return_high"], currency),
        ))  # fmt: skip
    return " ".join(sentences)


def _year(year: int) -> str:
    """Return a year of the calendar as it is, one that is counted from the beginning by its number."""
    return str(year) if year > 1_000 else _("year {number}").format(number=year)


def _plain(amount: Any) -> float | None:
    return None if amount is None or pd.isna(amount) else float(amount)


def _amount(amount: Any, currency: str) -> str:
    return _("not known") if amount is None or pd.isna(amount) else format_money(Decimal(str(amount)), currency)
