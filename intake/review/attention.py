"""The attention list: in ten lines, what moves the headline figures, odd values first, and how much they explain.

Many schools' changes with one cause are one line: a column that looks scaled, the jumps of a district, the first
reports of a region; what is left are groups of small changes. Docs/methods.md tells how; the shares are exact.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, select

from data_model.measures import Measure
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Submission
from intake.compare import Comparison
from intake.review.line_choice import REST, Choice, Level, chosen_lines
from intake.review.movement import CHANGED, Movement, Moves, movement
from intake.review.parts import CAUSES, ODD, Parts, parts_of

ROWS_NAMED = 20  # spreadsheet rows that a line names, those first that move most
LINE = (
    "cause", "metric", "period", "area_code", "school", "schools", "changes", "up", "down", "most", "moved",
    "explained", "grouped", "odd", "measure", "change", "old", "new", "rows",
)  # fmt: skip


@dataclass(frozen=True)
class Attention:
    """What a reviewer looks at first.

    `figures`: HEADLINES of `movement`, and explained: the share (0 to 1) of each figure's move that the lines explain,
    NaN where it does not move. `lines`: LINE, odd ones first, then by moved; what is left comes last. `explained`: the
    share of all movement that the lines explain; `grouped`: the share that groups of many changes without a common
    cause do; `schools`: how many move anything. `unmoving`: changed values under no headline figure.

    Of a line: cause (a finding's code, moved_together, first_report, changed, taken_back; odd_rest for the smaller odd
    ones, rest for all that is left), metric and period (keys, "" where there are several), area_code ("" for the
    rest), school (its code where it is one), schools (how many), changes (how many values of theirs move anything),
    up and down (how many schools said more and less, 0 but of plain changes), most (by how much at most, in the unit
    of the metric where it is one; else NaN), moved (share of all movement, 0 to 1; they add up to 1), explained (not
    of the rest), grouped, odd, measure (which it moves most) and change (by how much the country's figure, in its
    unit), old and new (of one school's metric; NaN), rows (of the file, at most ROWS_NAMED).
    """

    figures: pd.DataFrame
    lines: pd.DataFrame
    explained: float
    grouped: float
    schools: int
    unmoving: int


def attention(
    session: Session, initiative: Initiative, comparison: Comparison, submission: Submission | None = None
) -> Attention:
    """Return what accepting a submission would move, as a reviewer looks at it. Its findings tell what is odd."""
    found = movement(session, initiative, comparison)
    parts = parts_of(session, found, comparison, submission)
    choice = chosen_lines(parts)
    lines = _lines(session, found, comparison, parts, choice)
    tells = lines["explained"].to_numpy(dtype=bool)[choice.line_of]
    periods = {period.key: place for place, period in enumerate(comparison.cells.periods)}
    figures = found.figures.assign(explained=_explained(found, parts, tells, periods))
    in_order = np.lexsort((-lines["moved"], ~lines["odd"].astype(bool), lines["cause"] == REST.place))
    changing = ~comparison.unchanged
    heads = sorted({metric for head in found.heads for metric in head.metric_ids})
    return Attention(
        figures,
        lines.iloc[in_order].reset_index(drop=True),
        float(parts.pull[tells].sum()),
        float(lines.loc[lines["grouped"].astype(bool), "moved"].sum()),
        len(np.unique(found.moves.school)),
        int((changing & ~np.isin(comparison.cells.metric_id, heads)).sum()),
    )


def _lines(session: Session, found: Movement, comparison: Comparison, parts: Parts, choice: Choice) -> pd.DataFrame:
    """Return LINE for each line, in the order of the choice."""
    metric_keys = dict(session.exec(select(Measure.id, Measure.key)).all())
    of_move = choice.line_of[parts.of_move]
    rows = []
    for place, level in enumerate(choice.lines):
        mine = np.flatnonzero(choice.line_of == place)
        mine = mine[np.argsort(-parts.pull[mine], kind="stable")]
        moves = np.flatnonzero(of_move == place)
        head = int(np.argmax(np.bincount(found.moves.head[moves], weights=found.moves.pull[moves])))
        row = _named(found, comparison, parts, level, mine, metric_keys)
        row |= {"moved": float(parts.pull[mine].sum()), "explained": level is not REST, "grouped": level.grouped}
        row["measure"] = found.heads[head].key
        row["change"] = float(found.moves.national[moves][found.moves.head[moves] == head].sum())
        row |= _counts(parts, mine)
        row |= _of_the_file(comparison, parts, mine, found.heads[head].metric_ids)
        if row["schools"] == 1:
            code = session.exec(select(School.code).where(School.id == int(parts.school[mine[0]]))).one()
            row |= {"school": code, "area_code": found.codes[int(parts.area[mine[0]])]}
            row["metric"] = row["metric"] or metric_keys[row["metric_id"]]
        else:
            row |= {"old": np.nan, "new": np.nan}
        rows.append(row)
    return pd.DataFrame(rows, columns=list(LINE))


def _named(
    found: Movement, comparison: Comparison, parts: Parts, level: Level, mine: np.ndarray, metric_keys: dict[Any, str]
) -> dict[str, Any]:
    """Return what a line says of its cause, metric, period and place: whatever all of it has in common."""
    cause, metric, period = (np.unique(getattr(parts, name)[mine]) for name in ("cause", "metric", "period"))
    areas = {"region": parts.region, "area": parts.area, "school": parts.area}
    area = areas[level.place][mine[0]] if level.place in areas else min(found.tree.roots())
    of_place = level.place in (*areas, "country")
    return {
        "cause": CAUSES[int(cause[0])] if of_place else level.place,
        "metric": metric_keys.get(int(metric[0]), "") if len(metric) == 1 else "",
        "period": comparison.cells.periods[int(period[0])].key if len(period) == 1 else "",
        "area_code": found.codes[int(area)] if of_place else "",
        "school": "",
        "odd": int(cause[0]) < ODD,
    }


def _counts(parts: Parts, mine: np.ndarray) -> dict[str, Any]:
    """Return how many schools and values a line is about, and in which direction they went, by how much at most."""
    one_metric = len(np.unique(parts.metric[mine])) == 1
    plain = bool((parts.cause[mine] == ODD + CHANGED).all())
    return {
        "schools": len(np.unique(parts.school[mine])),
        "changes": len(mine),
        "up": len(np.unique(parts.school[mine][parts.turn[mine] > 0])) if plain else 0,
        "down": len(np.unique(parts.school[mine][parts.turn[mine] < 0])) if plain else 0,
        "most": float(np.abs(parts.step[mine]).max()) if plain and one_metric else np.nan,
    }


def _of_the_file(comparison: Comparison, parts: Parts, mine: np.ndarray, of_head: tuple[int, ...]) -> dict[str, Any]:
    """Return a line's rows in the file, those first that move most, and of its first cell metric, old and new value."""
    cells, strongest = comparison.cells, mine[:ROWS_NAMED]
    of_line = np.isin(cells.school_id, parts.school[strongest]) & ~comparison.unchanged
    asked = np.flatnonzero(of_line)
    rows: dict[int, None] = {}
    old = new = np.nan
    metric_id = of_head[0]
    for place, part in enumerate(strongest.tolist()):
        metrics = (int(parts.metric[part]),) if parts.metric[part] else of_head
        same = (cells.school_id[asked] == parts.school[part]) & (cells.period_index[asked] == parts.period[part])
        here = asked[same & np.isin(cells.metric_id[asked], metrics)]
        rows |= dict.fromkeys(cells.row[here].tolist())
        if place == 0 and len(here):
            first = min(here.tolist(), key=lambda one: metrics.index(int(cells.metric_id[one])))
            metric_id = int(cells.metric_id[first])
            old, new = float(comparison.stored.value[first]), float(cells.value[first])
    return {"rows": list(rows)[:ROWS_NAMED], "old": old, "new": new, "metric_id": metric_id}


def _explained(found: Movement, parts: Parts, tells: np.ndarray, periods: dict[str, int]) -> list[float]:
    """Return for each figure which share of its move belongs to lines that explain; NaN where it does not move."""
    moves: Moves = found.moves
    told = tells[parts.of_move] if len(moves) else np.zeros(0, dtype=bool)
    root = found.codes[min(found.tree.roots())]
    ids = {code: identity for identity, code in found.codes.items()}
    heads = {head.key: place for place, head in enumerate(found.heads)}
    shares = []
    for row in found.figures.itertuples():
        of_figure = (moves.head == heads[str(row.measure)]) & (moves.period == periods[str(row.period)])
        part = moves.national
        if row.area_code != root:
            of_figure &= moves.region == ids[str(row.area_code)]
            part = moves.regional
        whole = np.abs(part[of_figure]).sum()
        shares.append(float(np.abs(part[of_figure & told]).sum() / whole) if whole else np.nan)
    return shares
