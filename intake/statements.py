"""What the rows state, cell by cell, and whether they agree: duplicates, rules between metrics, scores and counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intake.cells import NOT_APPLICABLE, REPORTED, Cells
from intake.finding_list import WHOLE_ROW, Coded, FindingList, Place
from intake.matching import NO_PLACE, Rows
from intake.quantities import NOT_APPLICABLE as SAID_NOT_APPLICABLE
from intake.quantities import NUMBER
from intake.values import MetricTable, ValueColumn

OTHERS_NAMED = 5  # rows that a contradiction names beside its own


@dataclass
class Statements:
    """The readable statements of a file, in its order, as parallel arrays.

    `row`: position in the grid. `column`: place among the value columns. `metric`: place in the metric table.
    `school`: place in the register. `key` tells cells (period, metric, school) apart; `order` sorts by it.
    `first`: for each statement the first one about the same cell (itself, where there is no other).
    `disputed`: statements that contradict each other; no rule is checked with them.
    """

    row: np.ndarray
    column: np.ndarray
    metric: np.ndarray
    school: np.ndarray
    period: np.ndarray
    state: np.ndarray
    value: np.ndarray
    key: np.ndarray
    order: np.ndarray
    first: np.ndarray
    disputed: np.ndarray
    schools: int  # in the register: the step between two metrics' keys

    def __len__(self) -> int:
        return len(self.row)

    def find(self, key: np.ndarray) -> np.ndarray:
        """Return the first statement about each of these cells, -1 where there is none."""
        if not len(self):
            return np.full(len(key), NO_PLACE, dtype=np.int64)
        at = np.searchsorted(self.key, key, sorter=self.order).clip(max=len(self) - 1)
        candidate = self.order[at]
        return np.where(self.key[candidate] == key, candidate, NO_PLACE)


def gather(rows: Rows, columns: Sequence[ValueColumn], metrics: MetricTable) -> Statements:
    """Return what the live rows state in cells that could be read and belong to a known school and period."""
    usable = rows.live & (rows.school != NO_PLACE) & (rows.period != NO_PLACE)
    found = [np.zeros(0, dtype=np.int64)]
    for column in columns:
        says = (column.status == NUMBER) | (column.status == SAID_NOT_APPLICABLE)
        found.append(np.flatnonzero(usable & says & ~column.wrong & (column.metric != NO_PLACE)))
    row = np.concatenate(found)
    pairs = list(zip(columns, found[1:], strict=True))
    number = np.repeat(np.arange(len(columns), dtype=np.int16), [len(part) for _, part in pairs])
    status = np.concatenate([np.zeros(0, np.int8), *(column.status[part] for column, part in pairs)])
    value = np.concatenate([np.zeros(0), *(column.value[part] for column, part in pairs)])
    metric = np.concatenate([np.zeros(0, np.int16), *(column.metric[part] for column, part in pairs)])
    if len(columns) > 1:
        # Row by row, and in a row column by column, as a person reads.
        by_row = np.argsort(row, kind="stable")
        row, number, metric = row[by_row], number[by_row], metric[by_row]
        status, value = status[by_row], value[by_row]
    school, period = rows.school[row], rows.period[row]
    schools = max(len(rows.register), 1)
    key = (period.astype(np.int64) * len(metrics.metrics) + metric) * schools + school
    order = np.argsort(key, kind="stable")
    state = np.where(status == NUMBER, REPORTED, NOT_APPLICABLE).astype(np.int8)
    value = np.where(status == NUMBER, value, np.nan)
    return Statements(
        row, number, metric, school, period, state, value, key, order, _first_of_same(key, order),
        np.zeros(len(row), dtype=bool), schools,
    )  # fmt: skip


def _first_of_same(key: np.ndarray, order: np.ndarray) -> np.ndarray:
    first = np.empty(len(key), dtype=np.int64)
    in_order = key[order]
    begins = np.ones(len(key), dtype=bool)
    begins[1:] = in_order[1:] != in_order[:-1]
    # The sort is stable: the first of a run is the first in the file.
    first[order] = order[np.maximum.accumulate(np.where(begins, np.arange(len(key)), 0))]
    return first


def report_duplicates(
    statements: Statements, rows: Rows, columns: Sequence[ValueColumn], metrics: MetricTable, findings: FindingList
) -> np.ndarray:
    """Report cells that are stated more than once. Returns the rows (a mask) that only repeat others, to be left out.

    Identical statements count once, with a warning; contradictory ones are errors of every row concerned.
    """
    left_out = np.zeros(len(rows.grid), dtype=bool)
    repeats = statements.first != np.arange(len(statements))
    if not repeats.any():
        return left_out
    first = statements.first
    same = (statements.state == statements.state[first]) & (
        (statements.state == NOT_APPLICABLE) | (statements.value == statements.value[first])
    )
    contradicted = np.zeros(len(statements), dtype=bool)
    contradicted[first[~same]] = True
    in_contradiction = contradicted[first]
    statements.disputed = in_contradiction
    _report_contradictions(statements, np.flatnonzero(in_contradiction), rows, columns, metrics, findings)
    identical = repeats & ~in_contradiction
    stated = np.bincount(statements.row, minlength=len(rows.grid))
    repeated = np.bincount(statements.row[identical], minlength=len(rows.grid))
    left_out = (stated > 0) & (stated == repeated)
    leading = identical & left_out[statements.row] & _first_in_row(statements)
    grid_row = rows.grid.row
    findings.add_rows(
        "identical_duplicate", grid_row[statements.row[leading]], WHOLE_ROW, "",
        first=grid_row[statements.row[first[leading]]],
    )  # fmt: skip
    for number, column in enumerate(columns):
        partly = identical & ~left_out[statements.row] & (statements.column == number)
        at = statements.row[partly]
        findings.add_rows(
            "identical_duplicate", grid_row[at], column.place, column.texts.coded(at),
            first=grid_row[statements.row[first[partly]]],
        )  # fmt: skip
    return left_out


def _first_in_row(statements: Statements) -> np.ndarray:
    begins = np.ones(len(statements), dtype=bool)
    begins[1:] = statements.row[1:] != statements.row[:-1]
    return begins


def _report_contradictions(
    statements: Statements,
    places: np.ndarray,
    rows: Rows,
    columns: Sequence[ValueColumn],
    metrics: MetricTable,
    findings: FindingList,
) -> None:
    members: dict[int, list[int]] = {}
    for place in places.tolist():
        members.setdefault(int(statements.first[place]), []).append(place)
    grid_row = rows.grid.row
    others = {
        place: [int(grid_row[statements.row[other]]) for other in group[: OTHERS_NAMED + 1] if other != place]
        for group in members.values()
        for place in group
    }
    for number, column in enumerate(columns):
        here = places[statements.column[places] == number]
        at = statements.row[here]
        findings.add_rows(
            "contradictory_duplicate", grid_row[at], column.place, column.texts.coded(at),
            row=grid_row[at], others=[others[place][:OTHERS_NAMED] for place in here.tolist()],
            metric=Coded(statements.metric[here], metrics.keys),
            school=Coded(statements.school[here], rows.register.codes),
            period=Coded(statements.period[here], [period.key for period in rows.periods]),
        )  # fmt: skip


def report_broken_rules(
    statements: Statements,
    rules: Sequence[tuple[int, int]],
    rows: Rows,
    columns: Sequence[ValueColumn],
    metrics: MetricTable,
    findings: FindingList,
) -> None:
    """Report where one school and period of the file states a lesser metric above the greater one.

    Each row concerned gets the error; one row that holds both gets it once.
    """
    for lesser_id, greater_id in rules:
        if lesser_id not in metrics.place_of_id or greater_id not in metrics.place_of_id:
            continue
        lesser, greater = metrics.place_of_id[lesser_id], metrics.place_of_id[greater_id]
        low = _stated(statements, lesser)
        high = statements.find(statements.key[low] + (greater - lesser) * statements.schools)
        low, high = low[high != NO_PLACE], high[high != NO_PLACE]
        # Nothing is greater than NaN: a metric that is not applicable breaks no rule.
        broken = (statements.value[low] > statements.value[high]) & ~statements.disputed[high]
        low, high = low[broken], high[broken]
        said = {
            "lesser": metrics.keys[lesser], "greater": metrics.keys[greater],
            "lesser_value": statements.value[low], "greater_value": statements.value[high],
            "lesser_row": rows.grid.row[statements.row[low]], "greater_row": rows.grid.row[statements.row[high]],
        }  # fmt: skip
        apart = statements.row[low] != statements.row[high]
        _report_rule(statements, low, np.ones(len(low), dtype=bool), said, rows, columns, findings)
        _report_rule(statements, high, apart, said, rows, columns, findings)


def _report_rule(
    statements: Statements,
    places: np.ndarray,
    chosen: np.ndarray,
    said: dict[str, str | np.ndarray],
    rows: Rows,
    columns: Sequence[ValueColumn],
    findings: FindingList,
) -> None:
    for number in np.unique(statements.column[places[chosen]]).tolist():
        here = chosen & (statements.column[places] == number)
        at = statements.row[places[here]]
        details = {name: detail if isinstance(detail, str) else detail[here] for name, detail in said.items()}
        column = columns[number]
        findings.add_rows("rule_broken", rows.grid.row[at], column.place, column.texts.coded(at), **details)


def _stated(statements: Statements, metric: int) -> np.ndarray:
    """Return where a metric's value is stated for the first time in each cell, undisputed."""
    is_first = statements.first == np.arange(len(statements))
    reported = (statements.metric == metric) & (statements.state == REPORTED)
    return np.flatnonzero(reported & is_first & ~statements.disputed)


def report_scores_without_count(
    statements: Statements,
    rows: Rows,
    columns: Sequence[ValueColumn],
    metrics: MetricTable,
    findings: FindingList,
) -> None:
    """Report means without the number of answers they are means of."""
    for score, metric in enumerate(metrics.metrics):
        count = metrics.place_of_id.get(metric.count_metric_id or 0)
        if count is None:
            continue
        places = _stated(statements, score)
        counted = statements.find(statements.key[places] + (count - score) * statements.schools)
        has_count = (counted != NO_PLACE) & (statements.state[counted] == REPORTED)
        alone = places[~has_count]
        for number in np.unique(statements.column[alone]).tolist():
            at = statements.row[alone[statements.column[alone] == number]]
            column: ValueColumn = columns[number]
            place: Place = column.place
            findings.add_rows(
                "score_without_count", rows.grid.row[at], place, column.texts.coded(at),
                metric=metric.key, count_metric=metrics.keys[count],
            )  # fmt: skip


def accepted_cells(statements: Statements, accepted: np.ndarray, rows: Rows, metrics: MetricTable) -> Cells:
    """Return the statements of the accepted rows, each cell once."""
    chosen = np.flatnonzero(accepted[statements.row])
    keys = statements.key[chosen]
    if (statements.first[chosen] != chosen).any():
        _keys, first = np.unique(keys, return_index=True)
        chosen = chosen[np.sort(first)]
    used = np.unique(statements.period[chosen])
    return Cells.of(
        rows.register.ids[statements.school[chosen]], metrics.ids[statements.metric[chosen]],
        np.searchsorted(used, statements.period[chosen]), statements.state[chosen], statements.value[chosen],
        rows.grid.row[statements.row[chosen]], [rows.periods[index] for index in used.tolist()],
    )  # fmt: skip
