"""What one licence, one trained and one active teacher cost; blank with the reason where one side is not known."""

from decimal import Decimal
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_date, format_money, format_number
from charts import palette
from charts.theme import LETTERS_ON_A_PHONE, SMALL, TEXT, Caption, annotate, base_text, blank, ceiling
from charts.writing import told, write

ROW, BAR = 100, 22
REASONS = {
    "no_money": N_("no amount is known"),
    "no_rate": N_("no exchange rate is known"),
    "not_reported": N_("not reported"),
    "nobody": N_("nobody to divide by"),
    "several_currencies": N_("several currencies: choose one"),
    "not_by_area": N_("money is not recorded by area"),
}


def cost(frame: pd.DataFrame, caption: Caption, *, names: str = "name") -> go.Figure:
    """Return a bar from zero for each row of `analytics.money.unit_costs`, with the amount, rate and year it rests on.

    `names` is the column that says what the money is divided by. A cost that is not known is hatched and says why.
    """
    rows = frame.to_dict("records")
    figure = blank(ROW * max(len(rows), 1))
    known = [not pd.isna(row["cost"]) for row in rows]
    end = ceiling(max([float(row["cost"]) for row, there in zip(rows, known, strict=True) if there], default=1.0))
    figure.add_bar(
        orientation="h", y=list(range(len(rows))), width=BAR / ROW,
        x=[float(row["cost"]) if there else end for row, there in zip(rows, known, strict=True)],
        marker={
            "color": [palette.MAIN if there else palette.HATCH for there in known],
            "pattern": {
                "shape": ["" if there else "/" for there in known], "fillmode": "replace", "bgcolor": palette.NOTHING,
                "size": 7, "solidity": 0.15,
            },
        },
        customdata=[[row["measure"]] for row in rows], hoverinfo="text",
        hovertext=[told(str(row[names]), in_words(row), *_rests_on(row)) for row in rows],
    )  # fmt: skip
    for index, row in enumerate(rows):
        line: dict[str, Any] = {"xref": "paper", "xanchor": "left"}
        write(figure, f"{row[names]}: {in_words(row)}", 0, index, size=TEXT, colour=None, bold=known[index],
              yanchor="bottom", yshift=BAR / 2 + 1, **line)  # fmt: skip
        rests_on = "\n".join(line for part in _rests_on(row) for line in wrap(part, LETTERS_ON_A_PHONE))
        write(figure, rests_on, 0, index, size=SMALL, yanchor="top", yshift=-BAR / 2 - 1, align="left", **line)
    figure.update_xaxes(visible=False, range=[0, end])
    figure.update_yaxes(visible=False, range=[len(rows) - 0.4, -0.4])
    return annotate(figure, caption, below=4)


def alt_text(frame: pd.DataFrame, *, names: str = "name") -> str:
    """Return each cost with what it rests on, or why there is none."""
    return " ".join(
        f"{row[names]}: {in_words(row)} ({'; '.join(_rests_on(row))})." if _rests_on(row) else
        f"{row[names]}: {in_words(row)}."
        for row in frame.to_dict("records")
    )  # fmt: skip


def in_words(row: dict[Any, Any]) -> str:
    """Return a cost as written, or why it is not known."""
    if pd.isna(row["cost"]):
        return _(REASONS.get(row["reason"], REASONS["no_money"]))
    amount = Decimal(row["cost"])
    return format_money(amount, row["currency"], 0 if amount >= 1_000 else 2)


def _rests_on(row: dict[Any, Any]) -> list[str]:
    """Return what a cost rests on, in two lines: amount, people and schools; then the rates and years of prices."""
    money = "" if pd.isna(row["amount"]) else format_money(Decimal(row["amount"]), row["currency"])
    people = "" if pd.isna(row["people"]) else format_number(row["people"])
    base = base_text(row["schools_in_base"], row["schools_expected"])
    first = " · ".join(part for part in (f"{money} ÷ {people}" if money and people else money or people, base) if part)
    rate = ""
    if not pd.isna(row["rate_first_day"]):
        days = [format_date(row[name]) for name in ("rate_first_day", "rate_last_day")]
        text = _("rate of {first}") if days[0] == days[1] else _("rates of {first} to {last}")
        rate = text.format(first=days[0], last=days[1])
        rate = f"{rate} ({row['rate_sources']})" if row["rate_sources"] else rate
    year = ""
    if not pd.isna(row["price_year_first"]):
        years = sorted({int(row["price_year_first"]), int(row["price_year_last"])})
        year = _("prices of {years}").format(years="–".join(map(str, years)))
    return [line for line in (first, " · ".join(part for part in (rate, year) if part)) if line]
