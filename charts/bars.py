"""Places ranked by one measure: horizontal bars from zero. What has no figure says so in words, at the end."""

import pandas as pd
import plotly.graph_objects as go

from access.language import _, ngettext
from charts import theme
from charts.theme import Caption, Measure

ROW, AROUND = 27, 44


def ranked(
    frame: pd.DataFrame,
    measure: Measure,
    caption: Caption,
    *,
    selected: str | None = None,
    names: str = "name",
    codes: str = "area_code",
) -> go.Figure:
    """Return a bar for each row, greatest first; `selected` is the code of the one to stand out.

    `customdata` of each bar, and of each row without a figure, is its code.
    """
    known, unknown = _split(frame)
    drawn = theme.figure(ROW * max(len(frame), 1) + AROUND, bargap=0.28)
    drawn.add_bar(
        x=known["value"],
        y=known[names],
        orientation="h",
        marker_color=[theme.SECOND if code == selected else theme.FIRST for code in known[codes]],
        text=[measure.write(value) for value in known["value"]],
        textposition="outside",
        cliponaxis=False,
        customdata=list(known[codes]),
        hovertext=[_hover(row, measure, names) for row in known.itertuples()],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    if not unknown.empty:
        drawn.add_scatter(
            x=[0] * len(unknown),
            y=unknown[names],
            mode="text",
            text=[f" {theme.said(row, measure)}" for row in unknown.itertuples()],
            textposition="middle right",
            textfont={"color": theme.MUTED},
            customdata=list(unknown[codes]),
            hovertext=[_hover(row, measure, names) for row in unknown.itertuples()],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    order = [*known[names], *unknown[names]]
    drawn.update_yaxes(categoryorder="array", categoryarray=order[::-1], showgrid=False, ticks="")
    top = float(known["value"].max()) if len(known) else 1.0
    drawn.update_xaxes(range=[0, (top or 1.0) * 1.2], ticksuffix=" %" if measure.percent else "", nticks=5)
    return theme.annotate(drawn, caption)


def alt_text(frame: pd.DataFrame, measure: Measure, *, names: str = "name") -> str:
    """Return in words what the bars show: the greatest, the least, and how many places have no figure."""
    known, unknown = _split(frame)
    if known.empty:
        return _("{measure} by area: nothing was reported.").format(measure=measure.name)
    first, last = known.iloc[0], known.iloc[-1]
    text = _("{measure} by area, ranked: {first} {most} is highest, {last} {least} lowest.").format(
        measure=measure.name,
        first=first[names], most=measure.write(first.value), last=last[names], least=measure.write(last.value),
    )  # fmt: skip
    if len(unknown):
        count = len(unknown)
        text += " " + ngettext("{count} area has no figure.", "{count} areas have no figure.", count).format(
            count=count
        )
    return text


def _split(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows with a figure, greatest first, and those without, as they came."""
    has_figure = frame["value"].notna()
    return frame[has_figure].sort_values("value", ascending=False, kind="stable"), frame[~has_figure]


def _hover(row: object, measure: Measure, names: str) -> str:
    parts = (f"<b>{getattr(row, names)}</b>", theme.said(row, measure), theme.base(row))
    return "<br>".join(part for part in parts if part)
