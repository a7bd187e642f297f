"""An investment case year by year: what would have been spent and what would have come back. Not a forecast."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_compact, format_money
from charts import palette
from charts.theme import SMALL, Caption, annotate, blank
from charts.writing import compact_axis, room_for, told, write, write_below

HEIGHT = 260
MOST_TICKS = 6
LETTERS = 12  # of an amount in short, in the language that writes it longest
# Column, what it is called, colour, dash.
LINES = (
    ("spending_total", N_("spent"), palette.SECOND, "solid"),
    ("returned_total", N_("come back"), palette.MAIN, "dash"),
)


def scenario(
    years: pd.DataFrame,
    caption: Caption,
    currency: str,
    *,
    breaks_even_in: int | None = None,
    least: pd.DataFrame | None = None,
    most: pd.DataFrame | None = None,
) -> go.Figure:
    """Return what is spent and what comes back, added up by year (`analytics.investment.case`), both on one scale.

    `least` and `most` are the years of the same case under its lowest and highest assumptions: a band between them. The
    year in which as much has come back as was spent is marked; where there is none, that is said.
    """
    figure = blank(HEIGHT)
    frames = [frame for frame in (years, least, most) if frame is not None]
    top = max([float(frame[column].max()) for frame in frames for column, *_rest in LINES if len(frame)], default=1.0)
    x = [int(year) for year in years["year"]]
    for column, name, colour, dash in LINES:
        if least is not None and most is not None:
            _band(figure, least, most, column)
        figure.add_scatter(
            x=x, y=_plain(years[column]), mode="lines", line={"color": colour, "width": 2.5, "dash": dash},
            hoverinfo="text", hovertext=[
                told(_year(year), f"{_(name)}: {_amount(amount, currency)}")
                for year, amount in zip(x, years[column], strict=True)
            ],
        )  # fmt: skip
    _name_ends(figure, years, top, currency)
    if breaks_even_in is not None:
        figure.add_shape(
            type="line", x0=breaks_even_in, x1=breaks_even_in, yref="paper", y0=0, y1=1, layer="below",
            line={"color": palette.MUTED, "width": 1, "dash": "dot"},
        )  # fmt: skip
    step = -(-len(x) // MOST_TICKS) or 1
    shown = x[::step]
    figure.update_xaxes(tickmode="array", tickvals=shown, ticktext=[str(year) for year in shown], tickangle=0)
    figure.update_xaxes(title={"text": _("year"), "font": {"size": SMALL}}, range=[x[0], x[-1]] if x else None)
    figure.update_yaxes(compact_axis(top or 1.0))
    figure.update_yaxes(automargin=False)
    left = room_for(figure.layout.yaxis.ticktext, LETTERS)
    figure.update_layout(margin={"l": left, "r": 96, "t": 24}, hovermode="closest")
    write(figure, currency, 0, 1, xref="paper", yref="paper", xanchor="right", xshift=-6, yanchor="bottom", yshift=2)
    below = write_below(figure, [_verdict(years, breaks_even_in)] if x else [], 46, left=left - 4, first_bold=True)
    return annotate(figure, caption, below=below + 2)


def alt_text(years: pd.DataFrame, currency: str, *, breaks_even_in: int | None = None) -> str:
    """Return what is spent and has come back in the last year shown, and when the two meet."""
    sentences = [_("A scenario, not a forecast.")]
    if len(years):
        last = years.iloc[-1]
        text = _("By {year}: spent {spent}, come back {returned}.")
        sentences.append(text.format(
            year=_year(int(last["year"])), spent=_amount(last["spending_total"], currency),
            returned=_amount(last["returned_total"], currency),
        ))  # fmt: skip
        sentences.append(_verdict(years, breaks_even_in))
    return " ".join(sentences)


def _verdict(years: pd.DataFrame, breaks_even_in: int | None) -> str:
    if breaks_even_in is None:
        text = _("Within {count} years less comes back than is spent, under these assumptions.")
        return text.format(count=int(years["year"].max()))
    text = _("In {year} as much has come back as was spent, under these assumptions.")
    return text.format(year=_year(breaks_even_in))


def _band(figure: go.Figure, least: pd.DataFrame, most: pd.DataFrame, column: str) -> None:
    edge: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=[int(year) for year in least["year"]], y=_plain(least[column]), **edge)
    figure.add_scatter(
        x=[int(year) for year in most["year"]], y=_plain(most[column]), fill="tonexty", fillcolor=palette.FAINT, **edge
    )


def _name_ends(figure: go.Figure, years: pd.DataFrame, top: float, currency: str) -> None:
    """Name the lines where they end, the upper one first, so that the names do not cover each other."""
    if years.empty:
        return
    last, room = years.iloc[-1], float("inf")
    for column, name, colour, _dash in sorted(LINES, key=lambda line: -float(last[line[0]])):
        place = min(float(last[column]), room)
        room = place - 0.17 * top
        write(
            figure, f"{_(name)}\n{format_compact(last[column])} {currency}", int(last["year"]), place, colour=colour,
            bold=True, xanchor="left", xshift=6, align="left",
        )  # fmt: skip


def _year(year: int) -> str:
    """Return a year of the calendar as it is, one that is counted from the beginning by its number."""
    return str(year) if year > 1_000 else _("year {number}").format(number=year)


def _plain(amounts: pd.Series) -> list[float | None]:
    return [None if pd.isna(amount) else float(amount) for amount in amounts]


def _amount(amount: Any, currency: str) -> str:
    return _("not known") if amount is None or pd.isna(amount) else format_money(amount, currency)
