"""Rows below or between the data that hold sums: they are left out, because sums are made from the schools."""

from collections.abc import Sequence

import numpy as np

from intake.columns import ColumnRole
from intake.finding_list import FindingList
from intake.folding import fold
from intake.grid import Grid
from intake.matching import KeyColumn, key_column, known_schools, school_texts
from intake.quantities import NUMBER, read_quantities
from intake.reading import Table
from intake.schools import How, Match

# Whatever follows them: no school is called so. The others stand alone or before one of FOLLOWING.
SUM_WORDS = frozenset({"итого", "всего", "барлығы", "жиыны", "жиынтығы", "қорытынды", "подытог", "подитог", "subtotal"})
SUM_WORDS_ALONE = frozenset({"total", "totals", "sum", "subtotals", "сумма", "жалпы", "jami", "жами"})
SUM_PHRASES = frozenset({"grand total", "general total", "overall total", "общий итог", "в целом", "жалпы саны",
                         "жалпы жиыны", "жалпы барлығы"})  # fmt: skip
FOLLOWING = frozenset({"for", "of", "by", "in", "all", "schools", "по", "за", "бойынша"})


def says_total(text: str) -> bool:
    """Whether a text in a school's place says that its row is a sum."""
    words = fold(text).replace(":", " ").replace(".", " ").replace(",", " ").split()
    if not words:
        return False
    if words[0] in SUM_WORDS or " ".join(words[:2]) in SUM_PHRASES:
        return True
    return words[0] in SUM_WORDS_ALONE and (len(words) == 1 or words[1] in FOLLOWING)


def leave_out_totals(table: Table, usable: np.ndarray, matches: Sequence[Match], findings: FindingList) -> np.ndarray:
    """Return which rows hold totals, after saying so. `matches`: what the texts of the school column mean.

    A row of totals says so where its school should stand, or names no school and holds the sums of the rows above. A
    row with a school's code never does; one with a school's name does when that is the word for a sum.
    """
    school = school_texts(table)
    matched = known_schools(table, matches)
    by_name = school.texts.mask([match.how is How.BY_NAME for match in matches])
    candidates = usable & ~matched
    totals = np.zeros(len(table.grid), dtype=bool)
    if not (candidates | by_name).any():
        return totals
    in_school = school.texts.mask([says_total(text) for text in school.texts.texts])
    no_school = school.texts.blank
    totals |= (candidates | usable & by_name) & in_school
    for column in _label_columns(table, school):
        totals |= candidates & no_school & column.texts.mask([says_total(text) for text in column.texts.texts])
    unnamed = candidates & no_school & ~totals & _nothing_named(table)
    if unnamed.any():
        totals |= unnamed & _hold_sums(table, usable & matched, unnamed)
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


def _hold_sums(table: Table, data: np.ndarray, unnamed: np.ndarray) -> np.ndarray:
    """Return which of the unnamed rows hold, in every metric they have, the sum of the data rows above (wide only)."""
    holds = np.zeros(len(table.grid), dtype=bool)
    if not table.layout.metrics:
        return holds
    all_equal, any_value = np.ones(len(holds), dtype=bool), holds.copy()
    for position in table.layout.metrics:
        value, is_number, is_blank = _numbers(table.grid, position, table.decimal_mark)
        above = np.cumsum(np.where(data & is_number, value, 0.0))
        all_equal &= is_blank | (is_number & np.isclose(value, above, rtol=0, atol=1e-6))
        any_value |= is_number & (value != 0)
    holds = unnamed & all_equal & any_value
    return holds


def _numbers(grid: Grid, position: int, decimal_mark: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    column = grid.columns[position]
    read = read_quantities(column.texts, decimal_mark)
    value = np.nan_to_num(read.value)[column.codes]
    return value, (read.status == NUMBER)[column.codes], column.blank
