"""A measure over time: a line whose gaps are gaps, with its target and baseline where there are any."""

from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month, ngettext
from charts import theme
from charts.theme import Caption, Measure

HEIGHT = 300
HALF_A_MONTH = timedelta(days=15)


def trend(
    frame: pd.DataFrame,
    measure: Measure,
    caption: Caption,
    *,
    target: float | None = None,
    baseline: float | None = None,
) -> go.Figure:
    """Return the line of `value` over `starts_on`, from zero; `target` and `baseline` are in the measure's unit.

    A period without a figure is a grey band, never a point at zero. The last point is hollow while provisional.
    """
    drawn = theme.figure(HEIGHT)
    _shade_gaps(drawn, frame)
    rows = list(frame.itertuples())
    drawn.add_scatter(
        x=frame["starts_on"],
        y=frame["value"],
        mode="lines+markers",
        line={"color": theme.FIRST, "width": 2.5},
        marker={"size": 6, "color": theme.FIRST, "symbol": _symbols(frame, caption)},
        connectgaps=False,
        text=[_hover(row, measure) for row in rows],
        hovertemplate="%{text}<extra></extra>",
    )
    _label_the_end(drawn, frame, measure)
    for value, name in ((target, _("Target")), (baseline, _("Baseline"))):
        if value is not None:
            drawn.add_hline(
                y=value, line={"color": theme.MUTED, "width": 1.5, "dash": "dash"},
                annotation={"text": f"{name} {measure.write(value)}", "font": {"size": theme.SMALL}},
                annotation_position="top left",
            )  # fmt: skip
    drawn.update_yaxes(rangemode="tozero", ticksuffix=" %" if measure.percent else "", nticks=6)
    drawn.update_xaxes(showgrid=False, **_ticks(frame))
    return theme.annotate(drawn, caption)


def alt_text(frame: pd.DataFrame, measure: Measure) -> str:
    """Return in words what the line shows: first, highest and last figure, and how many periods have none."""
    known = frame[frame["value"].notna()]
    if known.empty:
        return _("{measure} over time: nothing was reported.").format(measure=measure.name)
    first, last, top = known.iloc[0], known.iloc[-1], known.nlargest(1, "value").iloc[0]
    text = _("{measure} over time: {first} in {start}, {last} in {end}; highest {top} in {when}.").format(
        measure=measure.name,
        first=measure.write(first.value), start=format_month(first.starts_on),
        last=measure.write(last.value), end=format_month(last.starts_on),
        top=measure.write(top.value), when=format_month(top.starts_on),
    )  # fmt: skip
    gaps = len(frame) - len(known)
    if gaps:
        text += " " + ngettext("{count} period has no figure.", "{count} periods have no figure.", gaps).format(
            count=gaps
        )
    return text


def _hover(row: object, measure: Measure) -> str:
    month = format_month(row.starts_on)  # type: ignore[attr-defined]
    return "<br>".join(part for part in (f"<b>{month}</b>", theme.said(row, measure), theme.base(row)) if part)


def _symbols(frame: pd.DataFrame, caption: Caption) -> list[str]:
    symbols = ["circle"] * len(frame)
    known = [index for index, value in enumerate(frame["value"]) if not pd.isna(value)]
    if known and caption.provisional:
        symbols[known[-1]] = "circle-open"
    return symbols


def _label_the_end(drawn: go.Figure, frame: pd.DataFrame, measure: Measure) -> None:
    known = frame[frame["value"].notna()]
    if known.empty:
        return
    last = known.iloc[-1]
    drawn.add_annotation(
        x=last.starts_on, y=last.value, text=f"<b>{measure.write(last.value)}</b>", showarrow=False,
        yshift=14, xanchor="right", xshift=8, font={"color": theme.FIRST},
    )  # fmt: skip


def _shade_gaps(drawn: go.Figure, frame: pd.DataFrame) -> None:
    """Shade the periods that have no figure, once for each run of them, with what they are."""
    state = frame["state"].where(frame["value"].isna(), "reported")
    runs = (state != state.shift()).cumsum()
    for _number, run in frame.assign(shown=state).groupby(runs, sort=False):
        if run["shown"].iloc[0] == "reported":
            continue
        start, end = pd.Timestamp(run["starts_on"].iloc[0]), pd.Timestamp(run["starts_on"].iloc[-1])
        words = _(theme.MISSING.get(run["shown"].iloc[0], theme.MISSING["not_reported"]))
        drawn.add_vrect(
            x0=start - HALF_A_MONTH, x1=end + HALF_A_MONTH, fillcolor=theme.FAINT, line_width=0, layer="below",
            annotation={"text": words, "font": {"size": theme.SMALL, "color": theme.MUTED}, "textangle": -90},
            annotation_position="bottom left",
        )  # fmt: skip


def _ticks(frame: pd.DataFrame) -> dict[str, list[date] | list[str] | int]:
    """Return at most four month names in the reader's language, the last period always among them."""
    months = list(frame["starts_on"])
    step = max(1, -(-len(months) // 4))
    chosen = months[::-1][::step][::-1]
    return {"tickvals": chosen, "ticktext": [format_month(month, short=True) for month in chosen], "tickangle": 0}
