"""Which school and which period each row is about, and which rows are no statements at all: totals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlmodel import Session

from data_model.periods import Period
from intake.columns import ColumnRole
from intake.finding_list import Coded, FindingList, Place
from intake.folding import fold_school_name, tidy
from intake.grid import Grid, TextColumn
from intake.options import Options
from intake.reading import Table
from intake.register import Register, read_register
from intake.rulebook import Rulebook
from intake.schools import SUGGESTED_FOR, How, Match, SchoolMatcher
from intake.written_periods import read_period

NO_PLACE = -1


@dataclass
class Rows:
    """The rows of a table while they are checked, as arrays over the grid's rows.

    `live`: rows that may make statements. `school`: place in the register, `period`: index into `periods`; NO_PLACE
    where not known. `rejected`: rows without a finding of their own that cannot be used all the same.
    """

    grid: Grid
    register: Register
    live: np.ndarray
    school: np.ndarray
    period: np.ndarray
    periods: list[Period] = field(default_factory=list)
    rejected: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))


@dataclass(frozen=True)
class KeyColumn:
    """A key column by name, place and texts."""

    name: str
    position: int
    texts: TextColumn

    @property
    def place(self) -> Place:
        """Where findings about the column lie."""
        return Place(self.name, self.position)

    def coded(self, mask: np.ndarray) -> Coded:
        """Return the texts of the rows in the mask."""
        return self.texts.coded(mask)


def key_column(table: Table, role: ColumnRole) -> KeyColumn | None:
    """Return the column of a role, None when the file has none."""
    position = table.layout.roles.get(role)
    if position is None:
        return None
    name = next(column.name for column in table.layout.columns if column.position == position)
    return KeyColumn(name, position, table.grid.columns[position])


def school_texts(table: Table) -> KeyColumn:
    """Return the column that says the school: of codes, else of names."""
    column = key_column(table, ColumnRole.SCHOOL_CODE) or key_column(table, ColumnRole.SCHOOL_NAME)
    assert column is not None, "a readable table has a school column"
    return column


def match_schools(
    session: Session, rulebook: Rulebook, table: Table, options: Options
) -> tuple[SchoolMatcher, list[Match]]:
    """Return what each distinct text of the school column means, and who matched it.

    The whole register is read only when the codes of the file are not all in it.
    """
    column = school_texts(table)
    texts = column.texts.texts
    has_codes = ColumnRole.SCHOOL_CODE in table.layout.roles

    def matched(register: Register) -> tuple[SchoolMatcher, list[Match]]:
        matcher = SchoolMatcher(register, rulebook.school_choices, options.schools)
        return matcher, [matcher.match(text) if has_codes else matcher.match_name(text) for text in texts]

    if has_codes:
        matcher, matches = matched(read_register(session, rulebook.initiative, map(tidy, texts)))
        if all(match.how in (How.EXACT, How.BLANK) for match in matches):
            return matcher, matches
    return matched(read_register(session, rulebook.initiative, None))


def known_schools(table: Table, matches: Sequence[Match]) -> np.ndarray:
    """Return the rows (a mask) whose school is known, or could be one of several."""
    return school_texts(table).texts.mask([match.place != NO_PLACE or match.how is How.AMBIGUOUS for match in matches])


def report_schools(
    table: Table, rows: Rows, matcher: SchoolMatcher, matches: Sequence[Match], findings: FindingList
) -> None:
    """Fill in the school of each row; say what was repaired, chosen, not found, or is named otherwise."""
    column = school_texts(table)
    how = np.array([list(How).index(match.how) for match in matches], dtype=np.int8)[column.texts.codes]
    rows.school = np.array([match.place for match in matches], dtype=np.int32)[column.texts.codes]
    register = matcher.register
    where = {kind: rows.live & (how == number) for number, kind in enumerate(How)}

    def add(kind: How, code: str, **details: Coded) -> None:
        mask = where[kind]
        findings.add_rows(code, rows.grid.row[mask], column.place, column.coded(mask), **details)

    def school(kind: How) -> dict[str, Coded]:
        places = rows.school[where[kind]]
        return {"school": Coded(places, register.codes), "name": Coded(places, register.names)}

    findings.add_rows("school_missing", rows.grid.row[where[How.BLANK]], column.place, "")
    add(How.REPAIRED, "school_code_repaired", **school(How.REPAIRED))
    add(How.CHOSEN, "school_choice_applied", **school(How.CHOSEN))
    add(How.BY_NAME, "school_matched_by_name", school=school(How.BY_NAME)["school"])
    others = [list(match.others) for match in matches]
    add(How.AMBIGUOUS, "school_code_ambiguous", schools=Coded(column.texts.codes[where[How.AMBIGUOUS]], others))
    unknown = where[How.UNKNOWN]
    add(How.UNKNOWN, "unknown_school", suggestions=_suggestions(table, matcher, column.texts, unknown))


def _suggestions(table: Table, matcher: SchoolMatcher, texts: TextColumn, unknown: np.ndarray) -> Coded:
    """Return the nearest schools for each unknown text, for the first few hundred distinct ones."""
    codes = texts.codes[unknown]
    names = key_column(table, ColumnRole.SCHOOL_NAME)
    positions = np.flatnonzero(unknown)
    distinct, first = np.unique(codes, return_index=True)
    suggested: list[list[str]] = [[] for _ in texts.texts]
    for code, index in sorted(zip(distinct.tolist(), first.tolist(), strict=True), key=lambda pair: pair[1])[
        :SUGGESTED_FOR
    ]:
        name = names.texts.texts[names.texts.codes[positions[index]]] if names else ""
        suggested[code] = matcher.suggestions(texts.texts[code], name)
    return Coded(codes, suggested)


def report_names(table: Table, rows: Rows, findings: FindingList) -> None:
    """Say where the school's name is not the register's. A blank name is fine."""
    names = key_column(table, ColumnRole.SCHOOL_NAME)
    if names is None or ColumnRole.SCHOOL_CODE not in table.layout.roles:
        return
    folded = [fold_school_name(text) for text in names.texts.texts]
    code_of: dict[str, int] = {}
    by_text = np.array([code_of.setdefault(name, len(code_of)) for name in folded] or [0], dtype=np.int64)
    known = rows.live & (rows.school != NO_PLACE) & ~names.texts.blank
    used = np.unique(rows.school[known])
    by_school = np.full(len(rows.register), -1, dtype=np.int64)
    for place in used.tolist():
        by_school[place] = code_of.get(fold_school_name(rows.register.names[place]), -1)
    differs = np.zeros(len(rows.grid), dtype=bool)
    differs[known] = by_text[names.texts.codes[known]] != by_school[rows.school[known]]
    places = rows.school[differs]
    findings.add_rows(
        "school_name_differs", rows.grid.row[differs], names.place, names.coded(differs),
        school=Coded(places, rows.register.codes), name=Coded(places, rows.register.names),
    )  # fmt: skip


def match_periods(table: Table, rows: Rows, rulebook: Rulebook, options: Options, findings: FindingList) -> None:
    """Fill in the period of each row, from the file or as chosen, and say what is wrong with it."""
    column = key_column(table, ColumnRole.PERIOD)
    count = len(rows.grid)
    blank = column.texts.blank if column else np.ones(count, dtype=bool)
    read = [read_period(text) for text in column.texts.texts] if column else []
    found = {period for period in (*read, options.period) if period is not None}
    rows.periods = sorted(period for period in found if period.granularity == rulebook.granularity)
    index_of: dict[Period | None, int] = {period: index for index, period in enumerate(rows.periods)}
    if column and len(read):
        rows.period = np.array([index_of.get(period, NO_PLACE) for period in read], dtype=np.int32)[column.texts.codes]
        _report_written(column, read, rows, rulebook, options, findings)
    filled = rows.live & blank
    if options.period is not None:
        rows.period[filled] = index_of.get(options.period, NO_PLACE)
        problem, details = _problem(options.period, rulebook, None)
        if problem and filled.any():
            findings.add(problem, value=options.period.key, **details)
            rows.rejected |= filled
    elif column is None or bool(rows.live.any() and (~rows.live | blank).all()):
        findings.add("no_period", example=rulebook.example)
        rows.rejected |= rows.live
    else:
        findings.add_rows("period_missing", rows.grid.row[filled], column.place, "")


def _report_written(
    column: KeyColumn,
    read: Sequence[Period | None],
    rows: Rows,
    rulebook: Rulebook,
    options: Options,
    findings: FindingList,
) -> None:
    for code, (text, period) in enumerate(zip(column.texts.texts, read, strict=True)):
        if not text.strip():
            continue
        problem, details = _problem(period, rulebook, options.period)
        if problem:
            mask = rows.live & (column.texts.codes == code)
            findings.add_rows(problem, rows.grid.row[mask], column.place, text, **details)


def _problem(period: Period | None, rulebook: Rulebook, chosen: Period | None) -> tuple[str | None, dict[str, Any]]:
    """Return the finding that a period deserves, with its details; None when it is fine."""
    if period is None:
        return "period_unreadable", {"example": rulebook.example}
    if period.granularity != rulebook.granularity:
        return "other_granularity", {"example": rulebook.example}
    if chosen is not None and period != chosen:
        return "period_contradicts", {"period": period.key, "chosen": chosen.key}
    if period.starts_on > rulebook.today:
        return "future_period", {"period": period.key}
    if period in rulebook.locked:
        return "locked_period", {"period": period.key}
    return None, {}


def report_participation(table: Table, rows: Rows, findings: FindingList) -> None:
    """Say which rows are of schools not enrolled, or not open, on the last day of their period."""
    column = school_texts(table)
    for index, period in enumerate(rows.periods):
        here = rows.live & (rows.period == index) & (rows.school != NO_PLACE)
        if not here.any():
            continue
        is_open, takes_part = rows.register.is_open(period.ends_on), rows.register.takes_part(period.ends_on)
        for code, wrong in (("school_closed", ~is_open), ("school_not_enrolled", is_open & ~takes_part)):
            mask = here.copy()
            mask[here] = wrong[rows.school[here]]
            findings.add_rows(
                code, rows.grid.row[mask], column.place, column.coded(mask),
                school=Coded(rows.school[mask], rows.register.codes), period=period.key,
            )  # fmt: skip
