"""Rows below or between the data that hold sums: they are left out, because sums are made from the schools."""

from collections.abc import Mapping, Sequence

import numpy as np

from intake.columns import ColumnRole
from intake.finding_list import FindingList
from intake.folding import fold
from intake.grid import Grid
from intake.matching import NO_PLACE, KeyColumn, key_column, known_schools, school_texts
from intake.quantities import NUMBER, read_quantities
from intake.reading import Table
from intake.rulebook import MetricAsked
from intake.schools import How, Match

# Whatever follows them: no school is called so. The others stand alone or before one of FOLLOWING.
SUM_WORDS = frozenset({"итого", "всего", "барлығы", "жиыны", "жиынтығы", "қорытынды", "подытог", "подитог", "subtotal"})
SUM_WORDS_ALONE = frozenset(
    {"total", "totals", "sum", "subtotals", "сумма", "итог", "итоги", "жалпы", "жиынтық", "jami",
     "жами"}
)  # fmt: skip
SUM_PHRASES = frozenset({"grand total", "general total", "overall total", "общий итог", "в целом", "жалпы саны",
                         "жалпы жиыны", "жалпы барлығы"})  # fmt: skip
FOLLOWING = frozenset({"for", "of", "by", "in", "all", "schools", "по", "за", "бойынша"})

LEAST_SUMMED = 2  # rows


def says_total(text: str) -> bool:
    """Whether a text in a school's place says that its row is a sum."""
    words = fold(text).replace(":", " ").replace(".", " ").replace(",", " ").split()
    if not words:
        return False
    if words[0] in SUM_WORDS or " ".join(words[:2]) in SUM_PHRASES:
        return True
    return words[0] in SUM_WORDS_ALONE and (len(words) == 1 or words[1] in FOLLOWING)


def ends_as_total(text: str) -> bool:
    """Whether a text ends with a word for a sum, as the subtotals of a spreadsheet do: `Almaty Total`."""
    words = fold(text).rstrip(" .:").split()
    return len(words) > 1 and words[-1] in SUM_WORDS | SUM_WORDS_ALONE


def leave_out_totals(
    table: Table,
    usable: np.ndarray,
    matches: Sequence[Match],
    metrics: Mapping[int, MetricAsked],
    findings: FindingList,
) -> np.ndarray:
    """Return which rows hold totals, after saying so. `matches`: what the texts of the school column mean.

    A row of totals says so where its school should stand, or names no school and holds sums of other rows. A row with
    a school's code never does; one with a school's name does when that is the word for a sum.
    """
    school = school_texts(table)
    matched = known_schools(table, matches)
    by_name = school.texts.mask([match.how is How.BY_NAME for match in matches])
    candidates = usable & ~matched
    totals = np.zeros(len(table.grid), dtype=bool)
    if not (candidates | by_name).any():
        return totals
    in_school = school.texts.mask([says_total(text) for text in school.texts.texts])
    ends_so = school.texts.mask([ends_as_total(text) for text in school.texts.texts])
    no_school = school.texts.blank
    totals |= (candidates | usable & by_name) & in_school
    for column in _label_columns(table, school):
        totals |= candidates & no_school & column.texts.mask([says_total(text) for text in column.texts.texts])
        ends_so |= no_school & column.texts.mask([ends_as_total(text) for text in column.texts.texts])
    # What says so less clearly, or not at all, must hold sums.
    unclear = candidates & ~totals & (ends_so | (no_school & _nothing_named(table)))
    if unclear.any():
        totals |= _hold_sums(table, usable & matched, totals | unclear, metrics) & (
            unclear & (ends_so | _no_statement(table, metrics))
        )
    findings.add_rows("totals_row", table.grid.row[totals], school.place, school.coded(totals))
    return totals


def _label_columns(table: Table, school: KeyColumn) -> Sequence[KeyColumn]:
    """Return the other columns in which a row may call itself a sum: the school's name, and what is not read."""
    name = key_column(table, ColumnRole.SCHOOL_NAME)
    unread = [KeyColumn("", position, table.grid.columns[position]) for position in table.layout.ignored]
    return [*([name] if name and name.position != school.position else []), *unread]


def _nothing_named(table: Table) -> np.ndarray:
    name = key_column(table, ColumnRole.SCHOOL_NAME)
    return name.texts.blank if name else np.ones(len(table.grid), dtype=bool)


def _no_statement(table: Table, metrics: Mapping[int, MetricAsked]) -> np.ndarray:
    """Return which rows without a school can be no statement that forgot its school: no period, or several sums."""
    period = key_column(table, ColumnRole.PERIOD)
    added = [position for position, metric_id in table.layout.metrics.items() if not metrics[metric_id].is_score]
    several = sum((~table.grid.columns[position].blank).astype(np.int8) for position in added) > 1
    return several | period.texts.blank if period else np.ones(len(table.grid), dtype=bool)


def _hold_sums(table: Table, data: np.ndarray, breaks: np.ndarray, metrics: Mapping[int, MetricAsked]) -> np.ndarray:
    """Return which rows hold sums in every metric they have (wide only): of all data, of that above, or of a group.

    `breaks`: rows that end a group, or may. A sum is of two rows at least. Means are not looked at: nobody adds them.
    """
    count = len(table.grid)
    last_break = np.maximum.accumulate(np.where(breaks, np.arange(count), NO_PLACE))
    before = np.concatenate([[NO_PLACE], last_break[:-1]])

    def sums(value: np.ndarray) -> np.ndarray:
        above = np.cumsum(np.where(data, value, 0.0))
        return np.array([above, np.full(count, above[-1]), above - np.where(before >= 0, above[before], 0.0)])

    equal = sums(np.ones(count)) >= LEAST_SUMMED
    any_value = np.zeros(count, dtype=bool)
    for position, metric_id in table.layout.metrics.items():
        if metrics[metric_id].is_score:
            continue
        value, is_number, is_blank = _numbers(table.grid, position, table.decimal_mark)
        equal &= is_blank | (is_number & np.isclose(value, sums(value), rtol=0, atol=1e-6))
        any_value |= is_number & (value != 0)
    holds: np.ndarray = equal.any(axis=0) & any_value
    return holds


def _numbers(grid: Grid, position: int, decimal_mark: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    column = grid.columns[position]
    read = read_quantities(column.texts, decimal_mark)
    value = np.nan_to_num(read.value)[column.codes]
    return value, (read.status == NUMBER)[column.codes], column.blank
