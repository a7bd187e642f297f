"""What an attention list is made of: the moves, each with what is odd about it, summed to a part for each value."""

from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from data_model.measures import Measure
from data_model.submissions import Finding, Submission
from intake.cells import REPORTED
from intake.compare import Comparison
from intake.review.movement import CHANGED, Movement

# Causes by precedence: what concerns a whole column, what concerns one value, then what simply became of the values.
WHOLE_COLUMN = ("moved_together", "scaled_column", "shifted_column", "same_as_before")
ONE_VALUE = ("jump", "rule_against_stored")
PLAIN = ("first_report", "changed", "taken_back")  # the order of `movement`'s kinds
CAUSES = (*WHOLE_COLUMN, *ONE_VALUE, *PLAIN)
ODD = len(WHOLE_COLUMN) + len(ONE_VALUE)
# A column that says of most schools about the same multiple of what is held: so many of them, at least so much of it.
TOGETHER_SCHOOLS, TOGETHER_SHARE, TOGETHER_WIDTH, TOGETHER_FACTOR = 5, 0.8, 0.3, 1.5


@dataclass
class Parts:
    """The moves summed by cause, metric, period and school, which all lines are made of: arrays of one length.

    `cause`: place in CAUSES. `metric`: id of the odd metric, or of the one whose change moves the figures; 0 of first
    reports and of values that no longer count, which stand for all their metrics. `step`: by how much that changed, and
    `turn`: whether up (1) or down (-1); 0 of all but plain changes. `of_move`: the part that each move belongs to.
    """

    cause: np.ndarray
    metric: np.ndarray
    period: np.ndarray
    school: np.ndarray
    area: np.ndarray
    region: np.ndarray
    pull: np.ndarray
    step: np.ndarray
    turn: np.ndarray
    of_move: np.ndarray

    def __len__(self) -> int:
        return len(self.cause)

    @property
    def odd(self) -> np.ndarray:
        """Whether something is odd about each."""
        mask: np.ndarray = self.cause < ODD
        return mask

    @property
    def plainly(self) -> np.ndarray:
        """The odd metric of each, 0 where nothing is odd: what a school simply changed is one thing."""
        metric: np.ndarray = np.where(self.odd, self.metric, 0)
        return metric


@dataclass
class OddCells:
    """Which cells are odd: by cause, whole columns as (metric, period) and single cells as positions of cells."""

    columns: dict[int, set[tuple[int, int]]]
    cells: dict[int, np.ndarray]


def parts_of(session: Session, found: Movement, comparison: Comparison, submission: Submission | None = None) -> Parts:
    """Return the parts of what moves. A move that several findings explain goes to the first of CAUSES."""
    moves = found.moves
    cause, metric = _causes(found, comparison, odd_cells(session, comparison, submission))
    plain = cause == ODD + CHANGED
    metric = np.where(plain, moves.metric, metric)
    step = np.where(plain, moves.step, 0.0)
    schools, school = np.unique(moves.school, return_inverse=True)
    spans = (len(CAUSES), int(metric.max(initial=0)) + 1, len(comparison.cells.periods) or 1, len(schools) or 1)
    key = np.ravel_multi_index((cause, metric, moves.period, school.reshape(-1)), spans)
    _keys, first, of_move = np.unique(key, return_index=True, return_inverse=True)
    of_move = of_move.reshape(-1)
    return Parts(
        cause[first], metric[first], moves.period[first], moves.school[first], moves.area[first], moves.region[first],
        np.bincount(of_move, weights=moves.pull, minlength=len(first)), step[first],
        np.sign(step[first]).astype(np.int64), of_move,
    )  # fmt: skip


def _causes(found: Movement, comparison: Comparison, odd: OddCells) -> tuple[np.ndarray, np.ndarray]:
    """Return the cause of each move, and the metric that is odd (0: none)."""
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
                if not periods and not len(cells):
                    continue
                keys = comparison.cells.period_index[cells].astype(np.int64) * spans + comparison.cells.school_id[cells]
                hit = of_head & (np.isin(moves.period, periods) | np.isin(here, keys))
                cause[hit], metric[hit] = code, one
    return cause, metric


def odd_cells(session: Session, comparison: Comparison, submission: Submission | None) -> OddCells:
    """Return what the submission's findings say of its cells."""
    cells = comparison.cells
    ids: dict[str, int | None] = dict(session.exec(select(Measure.key, Measure.id)).all())
    places = {period.key: index for index, period in enumerate(cells.periods)}
    odd = OddCells({CAUSES.index("moved_together"): _moved_together(comparison)}, {})
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
