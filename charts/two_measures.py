"""Two measures held against each other: areas as points, or two courses below each other. Never on two axes at once."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_number, ngettext
from charts import palette, states, trend
from charts.theme import TEXT, Caption, Measure, annotate, blank, shortened
from charts.writing import told, write, write_below

HEIGHT, PANEL, HEAD, AXIS = 340, 150, 30, 52
LETTERS = 20
MOST_NAMES = 12
# The room of a name on a phone, as a share of the plot.
WIDE = 0.34


def points(
    across: pd.DataFrame, up: pd.DataFrame, measures: tuple[Measure, Measure], caption: Caption, *, names: str = "name",
    codes: str = "area_code",
) -> go.Figure:  # fmt: skip
    """Return a point for each area that has a value of both; the frames are those of `analytics.adoption.by_area`.

    Areas without one of the two are named under the picture. `customdata` of a point is its area's code.
    """
    figure = blank(HEIGHT)
    both, missing = _paired(across, up, names, codes)
    tops = []
    for column in ("x", "y"):
        highest = float(both[column].max()) if len(both) else 1.0
        tops.append((highest or 1.0) * 1.1)
    figure.add_scatter(
        x=both["x"].tolist(), y=both["y"].tolist(), mode="markers", cliponaxis=False, hoverinfo="text",
        marker={"size": 9, "color": palette.MAIN, "opacity": 0.8}, customdata=[[code] for code in both[codes]],
        hovertext=[
            told(str(row[names]), *(
                f"{measure.name}: {measure.write(row[column])}"
                for measure, column in zip(measures, ("x", "y"), strict=True)
            ))
            for row in both.to_dict("records")
        ],
    )  # fmt: skip
    _name(figure, both, names, tops)
    for axis, measure, top in zip((figure.update_xaxes, figure.update_yaxes), measures, tops, strict=True):
        axis(
            range=[0, top], showgrid=True, gridcolor=palette.FAINT, nticks=5,
            ticksuffix="%" if measure.percent else "", tickformat=None if measure.percent else ",~f",
        )  # fmt: skip
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "xanchor": "left", "size": TEXT, "colour": None}
    write(figure, f"↑ {measures[1].name}", 0, 1, yanchor="bottom", yshift=4, **place)
    write(figure, f"→ {measures[0].name}", 0, 0, yanchor="top", yshift=-24, **place)
    text = _("Without one of the two: {areas}").format(areas=", ".join(missing)) if missing else ""
    figure.update_yaxes(automargin=False)
    below = write_below(figure, [text], 46, left=AXIS - 4)
    figure.update_layout(margin={"l": AXIS, "t": 26}, hovermode="closest")
    return annotate(figure, caption, below=below)


def points_alt_text(
    across: pd.DataFrame, up: pd.DataFrame, measures: tuple[Measure, Measure], *, names: str = "name",
    codes: str = "area_code",
) -> str:  # fmt: skip
    """Return how many areas have both, which is highest in each, and which have only one."""
    both, missing = _paired(across, up, names, codes)
    text = ngettext(
        "{first} against {second} in {count} place.", "{first} against {second} in {count} places.", len(both)
    )
    words = [text.format(first=measures[0].name, second=measures[1].name, count=format_number(len(both)))]
    for measure, column in zip(measures, ("x", "y"), strict=True):
        if len(both):
            top = both.sort_values(column, kind="stable").iloc[-1]
            words.append(_("Highest {measure}: {place}, {value}.").format(
                measure=measure.name, place=top[names], value=measure.write(top[column])
            ))  # fmt: skip
    if missing:
        words.append(_("Without one of the two: {areas}").format(areas=", ".join(missing)) + ".")
    return " ".join(words)


def panels(first: pd.DataFrame, second: pd.DataFrame, measures: tuple[Measure, Measure], caption: Caption) -> go.Figure:
    """Return two courses below each other over the same time, each on its own scale from zero.

    The frames are those of `analytics.adoption.trend`. A period without a value is a gap on shaded ground.
    """
    height = 2 * (PANEL + HEAD)
    figure = blank(height)
    frames = (first, second)
    days = sorted({day for frame in frames for day in frame["starts_on"]})
    keys = {day: str(key) for frame in frames for day, key in zip(frame["starts_on"], frame["period"], strict=True)}
    positions, texts = trend.ticks(days, [keys[day] for day in days])
    ground = trend.with_room(days)
    for number, (frame, measure, colour) in enumerate(
        zip(frames, measures, (palette.MAIN, palette.SECOND), strict=True)
    ):
        axis = "" if number == 0 else "2"
        bottom = 1 - (number * (PANEL + HEAD) + HEAD + PANEL) / height
        there = frame[frame["state"] == states.REPORTED]
        top = (float(there["value"].max()) if len(there) else 1.0) * 1.15 or 1.0
        _line(figure, frame, measure, colour, axis)
        figure.update_layout({
            f"xaxis{axis}": {
                "anchor": f"y{axis}", "range": ground, "tickmode": "array", "tickvals": positions, "ticktext": texts,
                "showticklabels": number == 1, "tickangle": 0,
            },
            f"yaxis{axis}": {
                "anchor": f"x{axis}", "domain": [bottom, bottom + PANEL / height], "range": [0, top], "nticks": 4,
                "showgrid": True, "gridcolor": palette.FAINT, "ticksuffix": "%" if measure.percent else "",
                "tickformat": None if measure.percent else ",~f",
            },
        })  # fmt: skip
        write(figure, measure.name, 0, 1, xref=f"x{axis} domain", yref=f"y{axis} domain", xanchor="left",
              yanchor="bottom", yshift=4, colour=colour, bold=True, size=TEXT)  # fmt: skip
        if len(there):
            last = there.iloc[-1]
            write(figure, measure.write(last["value"]), last["starts_on"], last["value"], xref=f"x{axis}",
                  yref=f"y{axis}", xanchor="left", xshift=8, colour=colour, bold=True, size=TEXT)  # fmt: skip
    figure.update_layout(margin_r=62, margin_t=4, hovermode="x")
    return annotate(figure, caption, below=44)


def panels_alt_text(first: pd.DataFrame, second: pd.DataFrame, measures: tuple[Measure, Measure]) -> str:
    """Return both courses in words."""
    return " ".join(trend.alt_text(frame, measure) for frame, measure in zip((first, second), measures, strict=True))


def _paired(across: pd.DataFrame, up: pd.DataFrame, names: str, codes: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the areas that have both values, as x and y, and the names of the others."""
    columns = [codes, names, "value", "state"]
    joined = across[columns].merge(up[[codes, "value", "state"]], on=codes, how="outer", suffixes=("", "_up"))
    has_both = (joined["state"] == states.REPORTED) & (joined["state_up"] == states.REPORTED)
    both = joined[has_both].rename(columns={"value": "x", "value_up": "y"}).reset_index(drop=True)
    return both, sorted(joined[names].fillna(joined[codes])[~has_both].astype(str))


def _name(figure: go.Figure, both: pd.DataFrame, names: str, tops: list[float]) -> None:
    """Name the points that lie furthest out, where the names do not run into each other."""
    middle_x, middle_y = both["x"].median(), both["y"].median()
    outness = ((both["x"] - middle_x) / tops[0]) ** 2 + ((both["y"] - middle_y) / tops[1]) ** 2
    taken: list[tuple[float, float]] = []
    places = both["x"] / tops[0], both["y"] / tops[1]
    for index in outness.sort_values(ascending=False).index[:MOST_NAMES]:
        x, y = float(both["x"][index]) / tops[0], float(both["y"][index]) / tops[1]
        on_the_left = x > 0.6
        begin, end = (x - WIDE, x - 0.02) if on_the_left else (x + 0.02, x + WIDE)
        hidden = (places[0].between(begin, end) & places[1].between(y - 0.03, y + 0.03)).any()
        if hidden or any(abs(x - other) < WIDE and abs(y - height) < 0.06 for other, height in taken):
            continue
        taken.append((x, y))
        write(
            figure, shortened(str(both[names][index]), LETTERS), both["x"][index], both["y"][index],
            xanchor="right" if on_the_left else "left", xshift=-8 if on_the_left else 8,
        )  # fmt: skip


def _line(figure: go.Figure, frame: pd.DataFrame, measure: Measure, colour: str, axis: str) -> None:
    reported = frame["state"] == states.REPORTED
    figure.add_scatter(
        x=list(frame["starts_on"]), y=frame["value"].where(reported).tolist(), mode="lines+markers", connectgaps=False,
        line={"color": colour, "width": 2.5}, marker={"size": 5, "color": colour}, hoverinfo="text",
        hovertext=trend.told(frame, measure), xaxis=f"x{axis}", yaxis=f"y{axis}",
    )  # fmt: skip
    trend.shade_gaps(figure, frame, axis)
