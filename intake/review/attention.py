"""The attention list: in ten lines, what moves the headline figures, odd values first, and how much they explain.

Many schools' changes with one cause are one line: a column that looks scaled, the jumps of a district, the first
reports of a region. Docs/methods.md tells how the lines are chosen; the shares are exact.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, col, select

from data_model.measures import Measure
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Finding, Submission
from intake.cells import REPORTED
from intake.compare import Comparison
from intake.review.movement import Movement, Moves, movement

LINES = 10
ROWS_NAMED = 20  # spreadsheet rows that a line names, those first that move most
# Causes by precedence: what concerns a whole column, what concerns one value, then what simply became of the values.
WHOLE_COLUMN = ("moved_together", "scaled_column", "shifted_column", "same_as_before")
ONE_VALUE = ("jump", "rule_against_stored")
PLAIN = ("first_report", "changed", "taken_back")  # the order of `movement`'s kinds
CAUSES = (*WHOLE_COLUMN, *ONE_VALUE, *PLAIN)
ODD = len(WHOLE_COLUMN) + len(ONE_VALUE)
ODD_REST, REST = "odd_rest", "rest"
# A column that says of most schools about the same multiple of what is held: so many of them, at least so much of it.
TOGETHER_SCHOOLS, TOGETHER_SHARE, TOGETHER_WIDTH, TOGETHER_FACTOR = 5, 0.8, 0.3, 1.5
# How small a part may be and still be a line of its own: tried from large to small, the best is taken.
WORTH_A_LINE, ENOUGH = 0.03, 0.95
THRESHOLDS = (*(0.8 * 0.8**step for step in range(50)), 1e-9)
LINE = (
    "cause", "metric", "period", "area_code", "school", "schools", "moved", "explained", "odd", "measure", "change",
    "old", "new", "rows",
)  # fmt: skip


@dataclass(frozen=True)
class Attention:
    """What a reviewer looks at first.

    `figures`: HEADLINES of `movement`, and explained: the share (0 to 1) of each figure's move that the lines explain,
    NaN where it does not move. `lines`: LINE, odd ones first, then by moved. `explained`: the share of all movement
    that the lines explain; `schools`: how many move anything. `unmoving`: changed values under no headline figure.

    Of a line: cause (a finding's code, moved_together, first_report, changed, taken_back; odd_rest for the smaller odd
    ones, rest for all that is left), metric and period (keys, "" where there are several), area_code ("" for the
    rest), school (its code where it is one), schools (how many), moved (share of all movement, 0 to 1), explained (not
    of the rest), odd, measure (which it moves most) and change (by how much the country's figure, in its unit), old and
    new (of one school's metric; NaN), rows (of the file, at most ROWS_NAMED).
    """

    figures: pd.DataFrame
    lines: pd.DataFrame
    explained: float
    schools: int
    unmoving: int


@dataclass
class _Parts:
    """The moves summed by cause, metric, period and school, which all lines are made of: arrays of one length.

    `of_move` says to which of them each move belongs.
    """

    cause: np.ndarray
    metric: np.ndarray
    period: np.ndarray
    school: np.ndarray
    area: np.ndarray
    region: np.ndarray
    pull: np.ndarray
    of_move: np.ndarray


def attention(
    session: Session, initiative: Initiative, comparison: Comparison, submission: Submission | None = None
) -> Attention:
    """Return what accepting a submission would move, as a reviewer looks at it. Its findings tell what is odd."""
    found = movement(session, initiative, comparison)
    odd = _odd_cells(session, comparison, submission)
    parts = _parts(found, comparison, odd)
    line_of, keys = _chosen_lines(parts)
    lines = _lines(session, found, comparison, parts, line_of, keys)
    explained = lines["explained"].to_numpy(dtype=bool)
    tells = explained[line_of] if len(lines) else np.zeros(0, dtype=bool)
    periods = {period.key: place for place, period in enumerate(comparison.cells.periods)}
    figures = found.figures.assign(explained=_explained(found, parts, tells, periods))
    in_order = np.lexsort((-lines["moved"], ~lines["odd"].astype(bool), lines["cause"] == REST))
    changing = ~comparison.unchanged
    heads = sorted({metric for head in found.heads for metric in head.metric_ids})
    return Attention(
        figures,
        lines.iloc[in_order].reset_index(drop=True),
        float(parts.pull[tells].sum()),
        len(np.unique(found.moves.school)),
        int((changing & ~np.isin(comparison.cells.metric_id, heads)).sum()),
    )


@dataclass
class _Odd:
    """Which cells are odd: by cause, whole columns as (metric, period) and single cells as positions of cells."""

    columns: dict[int, set[tuple[int, int]]]
    cells: dict[int, np.ndarray]


def _odd_cells(session: Session, comparison: Comparison, submission: Submission | None) -> _Odd:
    """Return what the submission's findings say of its cells."""
    cells = comparison.cells
    ids: dict[str, int | None] = dict(session.exec(select(Measure.key, Measure.id)).all())
    places = {period.key: index for index, period in enumerate(cells.periods)}
    odd = _Odd({CAUSES.index("moved_together"): _moved_together(comparison)}, {})
    if submission is None:
        return odd
    query = select(Finding.code, Finding.row, Finding.details).where(Finding.submission_id == submission.id)
    listed: dict[int, list[tuple[int, int]]] = {}
    for code, row, details in session.exec(query.where(col(Finding.code).in_(CAUSES[:ODD]))).all():
        cause = CAUSES.index(code)
        if code in WHOLE_COLUMN:
            odd.columns.setdefault(cause, set()).add((ids.get(details["metric"]) or 0, places[details["period"]]))
        else:
            names = [details[name] for name in ("metric", "lesser", "greater") if name in details]
            listed.setdefault(cause, []).extend((row or 0, ids.get(name) or 0) for name in names)
    span = int(cells.metric_id.max()) + 1 if len(cells) else 1
    key = cells.row.astype(np.int64) * span + cells.metric_id
    for cause, pairs in listed.items():
        wanted = np.array([row * span + metric for row, metric in pairs if metric < span], dtype=np.int64)
        odd.cells[cause] = np.flatnonzero(np.isin(key, wanted))
    return odd


def _moved_together(comparison: Comparison) -> set[tuple[int, int]]:
    """Return the columns, as (metric, period), whose values are most of them about the same multiple of those held."""
    cells, held, found = comparison.cells, comparison.stored.value, set()
    changed = np.flatnonzero(comparison.changed & (cells.state == REPORTED) & (cells.value > 0) & (held > 0))
    for metric in np.unique(cells.metric_id[changed]).tolist():
        for period in np.unique(cells.period_index[changed]).tolist():
            column = changed[(cells.metric_id[changed] == metric) & (cells.period_index[changed] == period)]
            if len(column) < TOGETHER_SCHOOLS:
                continue
            ratio = np.log(cells.value[column] / held[column])
            middle = float(np.median(ratio))
            near = float((np.abs(ratio - middle) < TOGETHER_WIDTH).mean())
            if abs(middle) >= np.log(TOGETHER_FACTOR) and near >= TOGETHER_SHARE:
                found.add((metric, period))
    return found


def _parts(found: Movement, comparison: Comparison, odd: _Odd) -> _Parts:
    """Return the moves summed by cause and school. A move that several findings explain goes to the first of CAUSES."""
    moves = found.moves
    cause = ODD + moves.kind.astype(np.int64)
    metric = np.zeros(len(moves), dtype=np.int64)
    spans = int(comparison.cells.school_id.max()) + 1 if len(comparison.cells) else 1
    here = moves.period * spans + moves.school
    for code in reversed(range(ODD)):
        for place, head in enumerate(found.heads):
            of_head = moves.head == place
            for one in reversed(head.metric_ids):  # the first of them, the numerator, has the last word
                periods = [period for metric_id, period in odd.columns.get(code, set()) if metric_id == one]
                cells = odd.cells.get(code, np.zeros(0, dtype=np.int64))
                cells = cells[comparison.cells.metric_id[cells] == one]
                keys = comparison.cells.period_index[cells].astype(np.int64) * spans + comparison.cells.school_id[cells]
                hit = of_head & (np.isin(moves.period, periods) | np.isin(here, keys))
                cause[hit], metric[hit] = code, one
    table = pd.DataFrame(
        {
            "cause": cause, "metric": metric, "period": moves.period, "school": moves.school, "area": moves.area,
            "region": moves.region, "pull": moves.pull,
        }
    )  # fmt: skip
    grouped = table.groupby(["cause", "metric", "period", "school"], sort=False)
    of_move = grouped.ngroup().to_numpy()
    summed = grouped.agg(area=("area", "first"), region=("region", "first"), pull=("pull", "sum")).reset_index()
    return _Parts(
        summed["cause"].to_numpy(), summed["metric"].to_numpy(), summed["period"].to_numpy(),
        summed["school"].to_numpy(), summed["area"].to_numpy(), summed["region"].to_numpy(),
        summed["pull"].to_numpy(), of_move,
    )  # fmt: skip


def _chosen_lines(parts: _Parts) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Return the line of each part, and of each line what it is: a level and a part that stands for it.

    Of all thresholds with at most LINES lines, the one whose lines explain most; of equals, the one with most lines.
    Below WORTH_A_LINE is only gone where the lines above it leave more than ENOUGH unexplained.
    """
    levels = _levels(parts)
    best: tuple[tuple[float, int], np.ndarray, list[tuple[str, int]]] | None = None
    for threshold in THRESHOLDS:
        if threshold < WORTH_A_LINE and best is not None and best[0][0] >= ENOUGH:
            break
        line_of, keys = _lines_above(parts, levels, threshold)
        count = sum(level != REST for level, _part in keys)
        if count > LINES:
            continue
        rest = [place for place, (level, _part) in enumerate(keys) if level == REST]
        explained = float(parts.pull[~np.isin(line_of, rest)].sum())
        worth = (round(explained, 9), count)
        if best is None or worth > best[0]:
            best = (worth, line_of, keys)
    assert best is not None, "above the largest threshold there is at most one line"
    return best[1], best[2]


def _levels(parts: _Parts) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Return from the smallest place to the largest: its name, the group that each part is in there, and which parts
    may be named by it. A whole column is one thing; what simply changed all over the country has no one cause.
    """
    whole = parts.cause < len(WHOLE_COLUMN)
    one_cause = (parts.cause < ODD) | (parts.cause == CAUSES.index("first_report"))
    cause = np.stack([parts.cause, parts.metric, parts.period], axis=1)
    levels = []
    for name in ("school", "area", "region", "country"):
        place = np.zeros(len(whole), dtype=np.int64) if name == "country" else getattr(parts, name)
        _groups, number = np.unique(np.column_stack([cause, place]), axis=0, return_inverse=True)
        levels.append((name, number.reshape(-1), one_cause if name == "country" else ~whole))
    return levels


def _lines_above(
    parts: _Parts, levels: list[tuple[str, np.ndarray, np.ndarray]], threshold: float
) -> tuple[np.ndarray, list[tuple[str, int]]]:
    """Return the lines in which nothing named is smaller than the threshold: single schools first, then what is left
    of districts, of regions, and of the country.
    """
    line_of = np.full(len(parts.pull), -1, dtype=np.int64)
    keys: list[tuple[str, int]] = []
    for level, number, may in levels:
        places = np.flatnonzero((line_of < 0) & may)
        sums = np.bincount(number[places], weights=parts.pull[places])
        first = np.zeros(len(sums), dtype=np.int64)
        first[number[places[::-1]]] = places[::-1]
        named = np.full(len(sums), -1, dtype=np.int64)
        large = np.flatnonzero(sums >= threshold)[: LINES + 1]
        named[large] = len(keys) + np.arange(len(large))
        keys += [(level, int(first[one])) for one in large]
        if len(keys) > LINES:
            return line_of, keys
        line_of[places] = named[number[places]]
    for level, mask in ((ODD_REST, (line_of < 0) & (parts.cause < ODD)), (REST, (line_of < 0) & (parts.cause >= ODD))):
        if mask.any():
            line_of[mask] = len(keys)
            # What is left of one school alone is called by its name.
            keys.append((level if mask.sum() > 1 else "school", int(np.flatnonzero(mask)[0])))
    return line_of, keys


def _lines(
    session: Session,
    found: Movement,
    comparison: Comparison,
    parts: _Parts,
    line_of: np.ndarray,
    keys: list[tuple[str, int]],
) -> pd.DataFrame:
    """Return LINE for each line, in the order of `keys`."""
    metric_keys = dict(session.exec(select(Measure.id, Measure.key)).all())
    of_move = line_of[parts.of_move]
    rows = []
    for place, (level, part) in enumerate(keys):
        mine = np.flatnonzero(line_of == place)
        schools = np.unique(parts.school[mine])
        row = _named(found, comparison, parts, level, part, metric_keys)
        row |= {"schools": len(schools), "moved": float(parts.pull[mine].sum()), "explained": level != REST}
        moves = np.flatnonzero(of_move == place)
        head = int(np.argmax(np.bincount(found.moves.head[moves], weights=found.moves.pull[moves])))
        row["measure"] = found.heads[head].key
        row["change"] = float(found.moves.national[moves][found.moves.head[moves] == head].sum())
        metrics = (int(parts.metric[part]),) if parts.metric[part] else found.heads[head].metric_ids
        row |= _of_the_file(comparison, parts, mine, metrics)
        if len(schools) == 1:
            code = session.exec(select(School.code).where(School.id == int(schools[0]))).one()
            row |= {"school": code, "area_code": found.codes[int(parts.area[part])]}
            row["metric"] = row["metric"] or metric_keys[row.pop("metric_id")]
        else:
            row |= {"old": np.nan, "new": np.nan}
        row.pop("metric_id", None)
        rows.append(row)
    return pd.DataFrame(rows, columns=list(LINE))


def _named(
    found: Movement, comparison: Comparison, parts: _Parts, level: str, part: int, metric_keys: dict[Any, str]
) -> dict[str, Any]:
    """Return what a line says of its cause and place."""
    if level in (ODD_REST, REST):
        return {"cause": level, "metric": "", "period": "", "area_code": "", "school": "", "odd": level == ODD_REST}
    cause = int(parts.cause[part])
    area = {"country": min(found.tree.roots()), "region": parts.region[part]}.get(level, parts.area[part])
    return {
        "cause": CAUSES[cause],
        "metric": metric_keys.get(int(parts.metric[part]), ""),
        "period": comparison.cells.periods[int(parts.period[part])].key,
        "area_code": found.codes[int(area)],
        "school": "",
        "odd": cause < ODD,
    }


def _of_the_file(comparison: Comparison, parts: _Parts, mine: np.ndarray, metrics: tuple[int, ...]) -> dict[str, Any]:
    """Return a line's rows in the file, those first that move most, and the old and new value of its first cell."""
    cells = comparison.cells
    strongest = mine[np.argsort(-parts.pull[mine], kind="stable")][:ROWS_NAMED]
    of_line = np.isin(cells.school_id, parts.school[strongest]) & np.isin(cells.metric_id, metrics)
    asked = np.flatnonzero(of_line & ~comparison.unchanged)
    rows: dict[int, None] = {}
    old = new = np.nan
    metric_id = metrics[0]
    for place, part in enumerate(strongest.tolist()):
        same = (cells.school_id[asked] == parts.school[part]) & (cells.period_index[asked] == parts.period[part])
        here = asked[same]
        rows |= dict.fromkeys(cells.row[here].tolist())
        if place == 0 and len(here):
            first = min(here.tolist(), key=lambda one: metrics.index(int(cells.metric_id[one])))
            metric_id = int(cells.metric_id[first])
            old, new = float(comparison.stored.value[first]), float(cells.value[first])
    return {"rows": list(rows)[:ROWS_NAMED], "old": old, "new": new, "metric_id": metric_id}


def _explained(found: Movement, parts: _Parts, tells: np.ndarray, periods: dict[str, int]) -> list[float]:
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
