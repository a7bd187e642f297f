"""Milestones in time: done ones filled, promised ones hollow. Promised and not confirmed is not failed."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month, ngettext
from charts import theme
from charts.theme import Caption

ROW, AROUND = 44, 30


def timeline(frame: pd.DataFrame, caption: Caption, today: date) -> go.Figure:
    """Return the milestones of `analytics.registry` on one line each, in order of time, with a line for today.

    A date known only to the month or year stands at its beginning and is written as it was given.
    """
    rows = _in_order(frame)
    drawn = theme.figure(ROW * max(len(rows), 1) + AROUND)
    names = [row.title if len(row.title) < 46 else row.title[:44] + " …" for row in rows]
    for done, symbol, words in ((True, "circle", _("done")), (False, "circle-open", _("planned, not confirmed"))):
        chosen = [(row, name) for row, name in zip(rows, names, strict=True) if row.done is done]
        drawn.add_scatter(
            x=[row.at for row, _name in chosen],
            y=[index for index, row in enumerate(rows) if row.done is done],
            mode="markers",
            marker={"color": theme.FIRST, "size": 11, "symbol": symbol, "line": {"width": 2, "color": theme.FIRST}},
            cliponaxis=False,
            hovertext=[f"<b>{row.title}</b><br>{row.written}, {words}" for row, _name in chosen],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    for index, (row, name) in enumerate(zip(rows, names, strict=True)):
        drawn.add_annotation(
            text=f"{name} · {row.written}", xref="paper", x=0, xanchor="left", y=index, yshift=15, showarrow=False
        )
    drawn.add_vline(x=today, line={"color": theme.MUTED, "dash": "dot", "width": 1})
    drawn.update_xaxes(**_ticks([row.at for row in rows]))
    drawn.update_yaxes(visible=False, autorange="reversed", range=[len(rows), -0.9])
    return theme.annotate(drawn, caption)


def alt_text(frame: pd.DataFrame) -> str:
    """Return in words how many milestones there are and how many of them are done."""
    rows = _in_order(frame)
    done = sum(1 for row in rows if row.done)
    text = ngettext("{count} milestone, {done} done.", "{count} milestones, {done} done.", len(rows))
    return text.format(count=len(rows), done=done)


def _ticks(days: list[date]) -> dict[str, object]:
    """Return four months spread over the time shown, named in the reader's language."""
    if not days:
        return {}
    first, last = min(days), max(days)
    chosen = sorted({(first + (last - first) * part / 3).replace(day=1) for part in range(4)})
    return {"tickvals": chosen, "ticktext": [format_month(day, short=True) for day in chosen]}


@dataclass(frozen=True)
class _Milestone:
    title: str
    written: str
    done: bool

    @property
    def at(self) -> date:
        """The first day that a date written as 2026, 2026-05 or 2026-05-20 covers."""
        year, month, day = ([int(part) for part in self.written.split("-")] + [1, 1])[:3]
        return date(year, month, day)


def _in_order(frame: pd.DataFrame) -> list[_Milestone]:
    found = [
        _Milestone(str(row.title), str(row.achieved_on or row.due_on), bool(row.achieved_on))
        for row in frame.itertuples()
    ]
    return sorted(found, key=lambda milestone: (milestone.at, milestone.title))
