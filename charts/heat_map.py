"""How complete the reports are, place by place and month by month."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from access.language import _, format_month_name, format_number, format_percent, ngettext
from charts import palette, trend
from charts.map_legend import Swatch, legend
from charts.theme import SMALL, Caption, Measure, annotate, blank, shortened
from charts.writing import room_for, told, write, write_below

ROW, LETTERS = 24, 20
EDGES = (0, 20, 40, 60, 80, 100)
COLOURS = tuple(palette.SEQUENTIAL[index] for index in (1, 3, 5, 7, 9))
# Up to so many columns a number fits into a cell on a phone.
MOST_NUMBERS = 6
MOST_ROWS = 40
MOST_TICKS = 6


def completeness(frame: pd.DataFrame, caption: Caption, *, share: str = "share_reporting") -> go.Figure:
    """Return a cell for each place and month of `analytics.completeness.reporting`, in the class of its share.

    The whole area stands on top, then its parts, the least complete first. Nothing reported has a colour of its own; a
    cell in which nobody was expected is empty with a dash, one that is not due yet says so in dots. `share` is the
    column that is drawn. Over every cell lies a mark, whose `customdata` is its area's code and its period.
    """
    places, periods = _places(frame, share), _periods(frame)
    shown = places[:MOST_ROWS]
    figure = blank(ROW * max(len(shown), 1))
    cells = {(row["area_code"], bool(row["is_whole"]), row["period"]): row for row in frame.to_dict("records")}
    numbers = len(periods) <= MOST_NUMBERS
    z: list[list[float | None]] = []
    texts, codes, hovers = [], [], []
    for code, whole, name in shown:
        row = [cells.get((code, whole, key)) for key, _starts_on in periods]
        z.append([_class(cell, share) for cell in row])
        texts.append([_text(cell, share, numbers) for cell in row])
        codes.append([[code, key] for key, _starts_on in periods])
        hovers.append([_told(cell, name) for cell in row])
    figure.add_heatmap(
        x=list(range(len(periods))), y=list(range(len(shown))), z=z, text=texts, hoverinfo="skip", xgap=2, ygap=2,
        showscale=False, zmin=-1, zmax=len(COLOURS), colorscale=_steps(), hoverongaps=True,
    )  # fmt: skip
    _to_click(figure, codes, hovers)
    for down, line in enumerate(texts):
        for across, text in enumerate(line):
            if text:
                write(figure, text, across, down, colour=_on(z[down][across]))
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(shown))), range=[len(shown) - 0.5, -0.5], ticklabelstandoff=4,
        ticktext=[f"<b>{_name(name)}</b>" if whole else _name(name) for _code, whole, name in shown],
        tickfont={"size": SMALL},
    )  # fmt: skip
    figure.update_xaxes(range=[-0.5, max(len(periods), 1) - 0.5], tickmode="array", tickangle=0, **_ticks(periods))
    # A margin that is known, so that the legend can begin where the names do.
    left = room_for((name for _code, _whole, name in shown), LETTERS)
    figure.update_yaxes(automargin=False)
    figure.update_layout(hovermode="closest", margin_l=left)
    below = 34 + legend(figure, _swatches(frame, share), Measure(_title(share), percent=True), lower=34, left=left - 4)
    left_out = len(places) - len(shown)
    if left_out:
        text = ngettext("{count} more in the table", "{count} more in the table", left_out).format(count=left_out)
        below = write_below(figure, [text], below, left=left - 4)
    return annotate(figure, caption, below=below)


def _to_click(figure: go.Figure, codes: list[list[list[str]]], hovers: list[list[str]]) -> None:
    """Lay a mark that is not seen over every cell: a cell of a heat map cannot be chosen, a mark can."""
    places = [(across, down) for down, line in enumerate(codes) for across in range(len(line))]
    unseen = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=[across for across, _down in places], y=[down for _across, down in places], mode="markers",
        marker={"size": ROW, "symbol": "square", "opacity": 0}, selected=unseen, unselected=unseen, hoverinfo="text",
        customdata=[codes[down][across] for across, down in places],
        hovertext=[hovers[down][across] for across, down in places],
    )  # fmt: skip


def alt_text(frame: pd.DataFrame, *, share: str = "share_reporting") -> str:
    """Return the share of the whole in its last month, and which places were least complete then."""
    if frame.empty:
        return _("No reports were expected.")
    last = frame[frame["period"] == _periods(frame)[-1][0]]
    month = _when(last.iloc[0])
    sentences = []
    for row in last[last["is_whole"]].to_dict("records"):
        sentences.append(_("{title}, {place}, {period}: {share}.").format(
            title=_title(share), place=row["name"], period=month, share=_share(row, share)
        ))  # fmt: skip
    parts = last[~last["is_whole"].astype(bool) & last[share].notna()].sort_values(share)
    if not parts.empty:
        listed = ", ".join(f"{row['name']} {_share(row, share)}" for row in parts.head(3).to_dict("records"))
        sentences.append(_("Least complete: {places}.").format(places=listed))
    full = int((parts[share] >= 100).sum())
    text = ngettext("{count} place is complete.", "{count} places are complete.", full)
    return " ".join([*sentences, text.format(count=format_number(full))])


def _title(share: str) -> str:
    return _("Schools that reported") if share == "share_reporting" else _("Schools that reported on time")


def _places(frame: pd.DataFrame, share: str) -> list[tuple[str, bool, str]]:
    """Return the places as (code, is the whole, name): the whole first, then by their mean share, the least first."""
    grouped = frame.groupby(["area_code", "is_whole", "name"], sort=False)[share].mean().reset_index()
    grouped = grouped.sort_values(["is_whole", share], ascending=[False, True], kind="stable", na_position="last")
    return [(str(row.area_code), bool(row.is_whole), str(row.name)) for row in grouped.itertuples(index=False)]


def _periods(frame: pd.DataFrame) -> list[tuple[str, Any]]:
    rows = frame[["period", "starts_on"]].drop_duplicates().sort_values("starts_on")
    return list(rows.itertuples(index=False, name=None))


def _expected(cell: dict[Any, Any] | None) -> bool:
    return cell is not None and not pd.isna(cell["schools_expected"]) and int(cell["schools_expected"]) > 0


def _class(cell: dict[Any, Any] | None, share: str) -> float | None:
    """Return the number of a cell's class: -1 for zero, None where there is no share."""
    if cell is None or not _expected(cell) or pd.isna(cell[share]) or _is_early(cell, share):
        return None
    return -0.5 if cell[share] == 0 else sum(cell[share] >= edge for edge in EDGES[1:-1]) + 0.5


def _is_early(cell: dict[Any, Any], share: str) -> bool:
    """Return whether nothing can be said against an empty cell: its reports are not due."""
    return not bool(cell.get("is_due", True)) and cell[share] == 0


def _text(cell: dict[Any, Any] | None, share: str, numbers: bool) -> str:
    if cell is None or not _expected(cell):
        return "–"
    if pd.isna(cell[share]):
        return "?"
    if _is_early(cell, share):
        return "…"
    return format_percent(cell[share] / 100, 0) if numbers else ""


def _told(cell: dict[Any, Any] | None, name: str) -> str:
    if cell is None or not _expected(cell):
        return told(name, _("no school was expected"))
    expected = int(cell["schools_expected"])
    reported = _("not known how many reported") if pd.isna(cell["schools_reporting"]) else ngettext(
        "{counted} of {expected} school reported", "{counted} of {expected} schools reported", expected
    ).format(counted=format_number(int(cell["schools_reporting"])), expected=format_number(expected))  # fmt: skip
    on_time = "" if pd.isna(cell["schools_on_time"]) else _("{count} on time").format(
        count=format_number(int(cell["schools_on_time"]))
    )  # fmt: skip
    due = "" if bool(cell.get("is_due", True)) else _("not due yet")
    return told(name, _when(cell), reported, on_time, due)


def _when(row: Any) -> str:
    return trend.period_text(str(row["period"]), row["starts_on"])


def _share(row: Any, share: str) -> str:
    return _("not known") if pd.isna(row[share]) else format_percent(row[share] / 100)


def _name(name: str) -> str:
    # A tick's text is HTML to Plotly.
    return shortened(name, LETTERS).replace("&", "&amp;").replace("<", "&lt;")


def _on(place: float | None) -> str:
    """Return the colour of a text on a cell of this class."""
    if place is None:
        return palette.MUTED
    return palette.SEQUENTIAL[0] if place > 3 else palette.SEQUENTIAL[9]


def _steps() -> list[list[Any]]:
    """Return the colours by class, zero before them."""
    every = (palette.SECOND, *COLOURS)
    return [[(number + end) / len(every), colour] for number, colour in enumerate(every) for end in (0, 1)]


def _ticks(periods: list[tuple[str, Any]]) -> dict[str, Any]:
    step = -(-len(periods) // MOST_TICKS) if periods else 1
    chosen = list(range(len(periods) - 1, -1, -step))[::-1]
    texts, year = [], None
    for index in chosen:
        key, day = periods[index]
        name = format_month_name(day) if trend.is_month(key) else key
        texts.append(f"{name}<br>{day.year}" if trend.is_month(key) and day.year != year else name)
        year = day.year
    return {"tickvals": chosen, "ticktext": texts, "tickfont": {"size": SMALL}}


def _swatches(frame: pd.DataFrame, share: str) -> list[Swatch]:
    edges = [format_percent(edge / 100, 0) for edge in EDGES]
    found = [
        Swatch(colour=colour, start=start, end=end)
        for colour, start, end in zip(COLOURS, edges[:-1], edges[1:], strict=True)
    ]
    if (frame[share] == 0).any():
        found.append(Swatch(colour=palette.SECOND, text=_("none reported")))
    for sign, text in (("–", _("nobody expected")), ("…", _("not due yet")), ("?", _("not known"))):
        found.append(Swatch(sign=sign, text=text))
    return found
