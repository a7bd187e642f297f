"""Rows beside the data that hold no figure: column names again, units, headings of sections, signatures.

They are left out with a warning. Where other column names stand, another table begins, and nothing from there is read.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from intake.columns import ColumnRole, Vocabulary
from intake.finding_list import WHOLE_ROW, Coded, FindingList
from intake.folding import fold, tidy
from intake.grid import Grid, TextColumn
from intake.matching import KeyColumn, known_schools, school_texts
from intake.reading import Table
from intake.schools import Match

# What may stand below the column names to explain them: units, and kinds of cells.
EXPLAINING = frozenset(
    {"чел", "человек", "шт", "штук", "ед", "единиц", "балл", "баллов", "баллы", "час", "часов", "часы", "ч", "код",
     "текст", "строка", "дата", "период", "месяц", "число", "целое", "количество", "кол-во", "обязательно",
     "необязательно", "наименование", "адам", "дана", "сағат", "мәтін", "күні", "саны", "атауы",
     "text", "string", "date", "month", "number", "numeric", "integer", "int", "float", "decimal", "varchar", "count",
     "people", "persons", "licences", "licenses", "messages", "hours", "points", "units", "code", "name", "required",
     "optional", "mandatory"}
)  # fmt: skip
LETTERS_OF_COLUMNS = ("абвгд", "abcde")
LEAST_NUMBERED = 3  # columns: two numbers in a row say nothing
EXPLAINED_WITHIN = 3  # rows below the header
COMMENT = ("#", "//")
CODE_LIKE = re.compile(r"\S*\d\S*|.?")


def leave_out_side_rows(
    table: Table, usable: np.ndarray, matches: Sequence[Match], vocabulary: Vocabulary, header_row: int,
    findings: FindingList,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Return which rows are no data, and which belong to another table, after saying so.

    `matches`: what the texts of the school column mean. No row with a figure, a period or a known school is left out.
    """
    grid = table.grid
    unknown = usable & ~known_schools(table, matches)
    beside, beyond = np.zeros(len(grid), dtype=bool), np.zeros(len(grid), dtype=bool)
    if not unknown.any():
        return beside, beyond
    again, begins = _column_names(table, unknown, vocabulary)
    again |= _explaining(table, unknown, vocabulary)
    if begins is not None:
        beyond[begins:] = usable[begins:]
        findings.add("another_table", row=int(grid.row[begins]), header_row=header_row)
    findings.add_rows("heading_row", grid.row[again & ~beyond], WHOLE_ROW, "")
    alone = _without_figures(table, unknown) & ~again & ~beyond
    at = np.flatnonzero(alone)
    words = [next(cell for cell in _cells(grid, index) if cell.strip()) for index in at.tolist()]
    findings.add_rows("text_row", grid.row[at], WHOLE_ROW, Coded(np.arange(len(at)), words))
    return (again | alone) & ~beyond, beyond


def _cells(grid: Grid, index: int) -> list[str]:
    return [column.texts[column.codes[index]] for column in grid.columns]


def _column_names(table: Table, unknown: np.ndarray, vocabulary: Vocabulary) -> tuple[np.ndarray, int | None]:
    """Return which rows say the column names again, and where other column names stand for the first time."""
    grid, school = table.grid, school_texts(table)
    again, begins = np.zeros(len(grid), dtype=bool), None
    named = _names_column(school.texts, unknown, vocabulary)
    for index in np.flatnonzero(unknown & named).tolist():
        cells = _cells(grid, index)
        if index not in grid.wrong_count and all(
            _same(cell, name, vocabulary) for cell, name in zip(cells, grid.header, strict=True)
        ):
            again[index] = True
        elif vocabulary.known_names(cells) > 1:
            begins = index
            break
    return again, begins


def _names_column(texts: TextColumn, unknown: np.ndarray, vocabulary: Vocabulary) -> np.ndarray:
    """Return in which of the unknown rows a text stands that is a column's name."""
    by_text = np.zeros(len(texts.texts), dtype=bool)
    for code in np.unique(texts.codes[unknown]).tolist():
        by_text[code] = vocabulary.meaning(texts.texts[code]) is not None
    return texts.mask(by_text)


def _same(cell: str, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a cell says what the column's name says. Below a name that is not known anything may stand."""
    meant = vocabulary.meaning(name)
    if meant is None or fold(cell) == fold(name):
        return True
    said = vocabulary.meaning(cell)
    return said is not None and (said.metric_id, said.role) == (meant.metric_id, meant.role)


def _explaining(table: Table, unknown: np.ndarray, vocabulary: Vocabulary) -> np.ndarray:
    """Return which of the first rows number the columns, or say their units."""
    grid = table.grid
    found = np.zeros(len(grid), dtype=bool)
    for index in np.flatnonzero(~grid.blank[:EXPLAINED_WITHIN]).tolist():
        cells = [tidy(cell) for cell in _cells(grid, index)]
        if not unknown[index] or index in grid.wrong_count:
            break
        found[index] = _numbers_columns(cells) or _says_units(cells)
    return found


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Whether the cells count the columns: 1, 2, 3, or A, B, 1, 2 as in forms of statistics."""
    said = [cell.strip("().").casefold() for cell in cells]
    while said and not said[-1]:
        said.pop()
    for letters in LETTERS_OF_COLUMNS:
        lettered = next((n for n, cell in enumerate(said) if cell != letters[n : n + 1]), len(said))
        numbers = said[lettered:]
        if len(numbers) >= LEAST_NUMBERED and numbers == [str(number) for number in _counted(numbers)]:
            return True
    return False


def _counted(numbers: Sequence[str]) -> Iterator[int]:
    return iter(range(1, len(numbers) + 1))


def _says_units(cells: Sequence[str]) -> bool:
    said = [fold(cell).strip("()[]., ") for cell in cells if cell]
    return bool(said) and all(word in EXPLAINING for word in said)


def _without_figures(table: Table, unknown: np.ndarray) -> np.ndarray:
    """Return the rows of words alone: no value, no period, and nothing that could be a school's code."""
    grid, layout = table.grid, table.layout
    figures = [*layout.metrics, *(layout.roles[role] for role in FIGURES if role in layout.roles)]
    found = unknown & _worded(school_texts(table))
    for position in figures:
        found = found & grid.columns[position].blank
    found[list(grid.wrong_count)] = False
    for index, count in grid.wrong_count.items():
        if count == 1 and unknown[index]:
            found[index] = _cells(grid, index)[0].lstrip().startswith(COMMENT)
    return found


FIGURES = (ColumnRole.PERIOD, ColumnRole.METRIC, ColumnRole.VALUE)


def _worded(school: KeyColumn) -> np.ndarray:
    """Return where words stand in the school's place, or nothing: a lone code without values is a school's row."""
    return school.texts.mask(
        [CODE_LIKE.fullmatch(tidy(text)) is None or not text.strip() for text in school.texts.texts]
    )
