"""Money from funds through initiatives to those who receive it. What is not known stays a node of its own.

Drawn by us from bars and bands: Plotly's own diagram puts the names of neighbouring columns over each other on a phone.
"""

import textwrap
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from access.language import N_, _, format_compact, format_money, ngettext
from charts import palette
from charts.theme import Caption, annotate, blank
from charts.writing import told, write, write_below

KINDS = {"commitment": N_("committed"), "disbursement": N_("disbursed"), "expenditure": N_("spent")}
STAGES = (("fund", "fund_name"), ("initiative", "initiative_name"), ("recipient", "recipient"))
COLOURS = (palette.MAIN, palette.CATEGORICAL[2], palette.CATEGORICAL[3])
# Pixels: what all amounts of a column take together, the words above a node, the least height of one.
FULL, WORDS, LEAST = 150, 50, 2
# The width of a node and where the columns stand, as shares of the picture.
THICK = 0.035
LEFT = (0.0, 0.5 - THICK / 2, 1 - THICK)
# A name has two lines of so many letters, which on a phone keep clear of the next column.
LETTERS = 16
CURVE = np.linspace(0, 1, 24)

Node = tuple[int, str]  # stage, key


@dataclass(frozen=True)
class Flows:
    """Nodes with their names, what flows between two of neighbouring stages, and what flows through each node."""

    names: dict[Node, str]
    links: dict[tuple[Node, Node], Decimal]
    through: dict[Node, Decimal]


def sankey(frame: pd.DataFrame, caption: Caption, currency: str) -> go.Figure:
    """Return the flows of one kind of `analytics.money.flows`, as wide as their amounts in `currency`.

    An amount in another currency without a rate has no width: it is named under the picture, never guessed. What a flow
    comes from or goes to, where that is not known, is drawn in grey and says so.
    """
    drawn, without_rate = _parted(frame)
    flows = _flows(drawn)
    largest = max((_sum(flows, stage) for stage in range(len(STAGES))), default=Decimal()) or Decimal(1)
    tops, height = _laid_out(flows, FULL / float(largest))
    figure = blank(round(height) if flows.names else WORDS * 2)
    _bands(figure, flows, tops, FULL / float(largest), currency)
    for node, name in flows.names.items():
        _node(figure, node, name, flows.through[node], tops[node], FULL / float(largest), currency)
    if not flows.names:
        write(figure, _("No amount to draw"), 0.5, height / 2)
    figure.update_xaxes(visible=False, range=[0, 1])
    figure.update_yaxes(visible=False, range=[height, 0])
    figure.update_layout(margin={"l": 4, "r": 4, "t": 6}, hovermode="closest")
    below = write_below(figure, [_without_rate_in_words(without_rate)], 6)
    return annotate(figure, caption, below=below)


def alt_text(frame: pd.DataFrame, currency: str) -> str:
    """Return every flow with its amount, and those that have none in this currency."""
    drawn, without_rate = _parted(frame)
    flows = _flows(drawn)
    listed = [
        f"{flows.names[start]} → {flows.names[end]}: {format_money(amount, currency)}."
        for (start, end), amount in sorted(flows.links.items(), key=lambda pair: -pair[1])
    ]
    kinds = [_(KINDS[kind]) for kind in frame["kind"].unique() if kind in KINDS]
    opening = _("Flows of money, {kind}.").format(kind=", ".join(kinds)) if kinds else _("No flows of money.")
    said = _without_rate_in_words(without_rate)
    return " ".join([opening, *listed, *([f"{said}."] if said else [])])


def _parted(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    known = frame["converted"].notna() if len(frame) else pd.Series(dtype=bool)
    return frame[known], frame[~known]


def _flows(drawn: pd.DataFrame) -> Flows:
    names: dict[Node, str] = {}
    links: dict[tuple[Node, Node], Decimal] = defaultdict(Decimal)
    through: dict[Node, Decimal] = defaultdict(Decimal)
    for row in drawn.to_dict("records"):
        amount = Decimal(str(row["converted"]))
        way: list[Node] = []
        for stage, (key, name) in enumerate(STAGES):
            value = "" if pd.isna(row[key]) else str(row[key])
            way.append((stage, value))
            names.setdefault((stage, value), str(row[name]) if value else _unknown(stage))
            through[stage, value] += amount
        for start, end in pairwise(way):
            links[start, end] += amount
    # Largest first in each column, what is not known last.
    order = sorted(names, key=lambda node: (node[0], not node[1], -through[node]))
    return Flows({node: names[node] for node in order}, dict(links), dict(through))


def _unknown(stage: int) -> str:
    return (_("fund not known"), _("initiative not known"), _("recipient not known"))[stage]


def _sum(flows: Flows, stage: int) -> Decimal:
    return sum((amount for node, amount in flows.through.items() if node[0] == stage), Decimal())


def _laid_out(flows: Flows, scale: float) -> tuple[dict[Node, float], float]:
    """Return where each node's bar begins, in pixels from the top, and how high the picture is."""
    tops: dict[Node, float] = {}
    ends = [0.0] * len(STAGES)
    for node in flows.names:
        tops[node] = ends[node[0]] + WORDS
        ends[node[0]] = tops[node] + max(float(flows.through[node]) * scale, LEAST) + 6
    return tops, max([*ends, WORDS * 2.0])


def _bands(figure: go.Figure, flows: Flows, tops: dict[Node, float], scale: float, currency: str) -> None:
    """Draw what flows between two nodes as a band; those of one node lie below each other in the order of the nodes."""
    left_at, right_at = dict(tops), dict(tops)
    order = {node: number for number, node in enumerate(flows.names)}
    for (start, end), amount in sorted(flows.links.items(), key=lambda link: (order[link[0][0]], order[link[0][1]])):
        high = max(float(amount) * scale, LEAST)
        ease = 3 * CURVE**2 - 2 * CURVE**3
        across = LEFT[start[0]] + THICK + CURVE * (LEFT[end[0]] - LEFT[start[0]] - THICK)
        upper = left_at[start] + ease * (right_at[end] - left_at[start])
        left_at[start] += high
        right_at[end] += high
        figure.add_scatter(
            x=[*across.round(4), *across[::-1].round(4)], y=[*upper.round(1), *(upper[::-1] + high).round(1)],
            mode="lines", line={"width": 0}, fill="toself", fillcolor=palette.FAINT, hoveron="fills", hoverinfo="text",
            text=told(f"{flows.names[start]} → {flows.names[end]}", format_money(amount, currency)),
        )  # fmt: skip


def _node(
    figure: go.Figure, node: Node, name: str, amount: Decimal, top: float, scale: float, currency: str
) -> None:  # fmt: skip
    """Draw a node as a bar, and above it its name and what flows through it."""
    stage, key = node
    left, high = LEFT[stage], max(float(amount) * scale, LEAST)
    figure.add_shape(
        type="rect", x0=left, x1=left + THICK, y0=top, y1=top + high, line_width=0,
        fillcolor=COLOURS[stage] if key else palette.MUTED,
    )  # fmt: skip
    side = ("left", "center", "right")[stage]
    lines = textwrap.wrap(name, LETTERS, max_lines=2, placeholder="…")
    text = "\n".join([*lines, f"{format_compact(amount)} {currency}"])
    write(
        figure, text, (0.0, 0.5, 1.0)[stage], top, xanchor=side, yanchor="bottom", align=side,
        colour=None if key else palette.QUIET, italic=not key,
    )  # fmt: skip


def _without_rate_in_words(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in zip(rows["currency"], rows["amount"], strict=True):
        sums[str(currency)] += Decimal(str(amount))
    listed = ", ".join(f"{format_compact(amount)} {currency}" for currency, amount in sums.items())
    count = len(rows)
    text = ngettext(
        "{count} flow without an exchange rate is not drawn: {amounts}",
        "{count} flows without an exchange rate are not drawn: {amounts}",
        count,
    )
    return text.format(count=count, amounts=listed)
