"""Milestones in time: done ones filled, promised ones open. Promised and not confirmed is not failed."""

from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd
import plotly.graph_objects as go

from access.language import _, ngettext
from charts import palette
from charts.rough_dates import in_words, span
from charts.theme import SMALL, TEXT, Caption, annotate, blank, shortened

ROW_HEIGHT, TOP = 60, 24
LETTERS_OF_A_TITLE = 52
MOST_YEARS_NAMED = 6


@dataclass(frozen=True)
class Milestone:
    """One step: what, the date as written, and whether a source says that it was done."""

    title: str
    written: str
    done: bool
    note: str = ""

    def state(self, today: date | None) -> str:
        """Return in words how far it has come."""
        if self.done:
            return _("done")
        if today and self.written and span(self.written)[1] < today:
            return _("promised, not confirmed")
        return _("planned")


def timeline(frame: pd.DataFrame, caption: Caption, today: date) -> go.Figure:
    """Return the milestones one below the other in order of time, with a line for today.

    `frame` has title, due_on, achieved_on and perhaps note (`analytics.registry`). A date known to the month or year is
    drawn as long as it is vague. One without any date stands last, without a mark.
    """
    steps = in_order(frame)
    figure = blank(ROW_HEIGHT * max(len(steps), 1))
    for index, step in enumerate(steps):
        _draw(figure, step, index, today)
    dated = [day for step in steps if step.written for day in span(step.written)]
    first, last = min([*dated, today]), max([*dated, today])
    room = (last - first) * 0.04
    figure.update_xaxes(range=[first - room, last + room], side="top", **_years(first, last))
    figure.update_yaxes(visible=False, range=[len(steps) - 0.5, -0.75])
    figure.add_shape(
        type="line", x0=today, x1=today, yref="paper", y0=0, y1=1, layer="below",
        line={"color": palette.MUTED, "width": 1, "dash": "dot"},
    )  # fmt: skip
    figure.add_annotation(
        text=escape(_("today")), x=today, y=0, yref="paper", yanchor="top", showarrow=False,
        font={"size": SMALL, "color": palette.QUIET},
    )  # fmt: skip
    figure.update_layout(margin_t=TOP, hovermode="closest")
    return annotate(figure, caption, below=24)


def alt_text(frame: pd.DataFrame, today: date | None = None) -> str:
    """Return what the picture shows: how many steps, how many done, each with its date; what is overdue by `today`."""
    steps = in_order(frame)
    done = sum(step.done for step in steps)
    text = ngettext("{count} milestone, {done} done.", "{count} milestones, {done} done.", len(steps))
    listed = [f"{step.title}: {_when(step, today)}." for step in steps]
    return " ".join([text.format(count=len(steps), done=done), *listed])


def in_order(frame: pd.DataFrame) -> list[Milestone]:
    """Return the frame's milestones in order of time, those without a date last."""
    steps = [
        Milestone(str(row["title"]), str(row["achieved_on"] or row["due_on"] or ""), bool(row["achieved_on"]),
                  str(row.get("note", "") or ""))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return sorted(steps, key=lambda step: (not step.written, span(step.written) if step.written else (date.min,) * 2))


def _draw(figure: go.Figure, step: Milestone, index: int, today: date) -> None:
    figure.add_annotation(
        text=f"{escape(shortened(step.title, LETTERS_OF_A_TITLE))}<br>"
        f"<span style='font-size:{SMALL}px'>{escape(_when(step, today))}</span>",
        x=0, xref="paper", xanchor="left", y=index, yanchor="bottom", yshift=3, align="left", showarrow=False,
        font={"size": TEXT},
    )  # fmt: skip
    if not step.written:
        return
    first, last = span(step.written)
    told = "<br>".join(escape(part) for part in (step.title, _when(step, today), step.note) if part)
    colour = palette.MAIN if step.done else palette.SECOND
    if first != last:
        figure.add_scatter(
            x=[first, last], y=[index + 0.14] * 2, mode="lines", line={"color": colour, "width": 3}, opacity=0.5,
            hoverinfo="skip", cliponaxis=False,
        )  # fmt: skip
    figure.add_scatter(
        x=[first + (last - first) / 2], y=[index + 0.14], mode="markers", hovertext=[told], hoverinfo="text",
        cliponaxis=False,
        marker={
            "symbol": "circle" if step.done else "circle-open", "size": 11, "color": colour,
            "line": {"width": 2, "color": colour},
        },
    )  # fmt: skip


def _when(step: Milestone, today: date | None) -> str:
    # Not inside the f-string: there the message catalogue would not find it.
    written = in_words(step.written) or _("no date")
    return f"{written}, {step.state(today)}"


def _years(first: date, last: date) -> dict[str, object]:
    """Return where years begin; over a short time its two ends."""
    years = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    step = -(-len(years) // MOST_YEARS_NAMED) or 1
    chosen = years[::step] or [first]
    return {"tickmode": "array", "tickvals": chosen, "ticktext": [str(day.year) for day in chosen]}
