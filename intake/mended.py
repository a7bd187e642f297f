"""Cells mended on screen: what stands in the file, what is read in its place, and who said so.

The file itself stays as it was brought, with its hash; what was mended is part of how it was read.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from access.language import _, format_number
from intake.finding_list import FindingList
from intake.findings import quoted
from intake.folding import tidy
from intake.grid import Grid, TextColumn
from intake.quantities import TYPED
from intake.refusal import Refused

LONGEST_CELL = 32_000  # signs: what a cell of a workbook can hold, and a little less
EMAIL = re.compile(r"[^\s@<>\"',;:()]+@[^\s@<>\"',;:()]+\.[^\W\d_]{2,}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
MOST_MENDED = 100_000  # cells of one file: beyond that the file itself is mended, in a spreadsheet program


@dataclass(frozen=True)
class MendedCell:
    """One cell: a spreadsheet row and a column's position (from 0) and name, the text in the file, the text to read.

    `by` and `at` (ISO 8601) say who mended it and when.
    """

    row: int
    position: int
    column: str
    original: str
    text: str
    by: str = ""
    at: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the cell as a submission keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "MendedCell":
        """Return the cell that `as_json` wrote."""
        return cls(**said)


def shown(text: str) -> str:
    """Return a cell's text as a person sees and types it."""
    return text.replace(TYPED, "")


def alike(text: str, other: str) -> bool:
    """Return whether two texts are the same to a person: spaces, line ends and what cannot be seen do not matter."""
    return _seen(text) == _seen(other)


def _seen(text: str) -> str:
    return tidy(CONTROL.sub("", shown(text)[:LONGEST_CELL]))


@dataclass(frozen=True)
class Standing:
    """Rows as they stand in the file: spreadsheet row -> a text for each column. `names` are the columns'.

    `damaged`: rows whose cells could not be told apart. They are mended as a whole.
    """

    names: Sequence[str]
    rows: Mapping[int, Sequence[str]]
    damaged: Collection[int] = ()


def standing(grid: Grid, names: Sequence[str], rows: Iterable[int]) -> Standing:
    """Return these rows of a grid that nothing was mended in."""
    damaged = {int(grid.row[position]) for position in damaged_rows(grid)}
    return Standing(names, {row: row_texts(grid, row) for row in rows}, damaged)


def restated(
    held: Iterable[MendedCell], file: Standing, rows: Mapping[int, Sequence[str]], *, by: str, at: str
) -> tuple[MendedCell, ...]:
    """Return the mended cells after some rows of the file were said anew: spreadsheet row -> a text for each column.

    What was mended in those rows before gives way; a cell that now says what the file does is not mended.
    Raises Refused: `personal_data`, `too_many_mended`.
    """
    before = {(cell.row, cell.position): cell for cell in held}
    found = {place: cell for place, cell in before.items() if place[0] not in rows}
    for row, texts in rows.items():
        stands = file.rows[row]
        differing = [position for position, text in enumerate(texts) if not alike(stands[position], text)]
        for position in range(len(stands)) if differing and row in file.damaged else differing:
            cell = MendedCell(row, position, file.names[position], stands[position], texts[position], by, at)
            known = before.get((row, position))
            same = known is not None and known.original == cell.original and alike(known.text, cell.text)
            found[row, position] = known if same and known is not None else cell
    if any("@" in cell.text and EMAIL.search(cell.text) for cell in found.values()):
        raise Refused("personal_data", _("That is the e-mail address of a person. It was not kept."))
    if len(found) > MOST_MENDED:
        message = _("No more than {count} cells are mended here: mend the file itself, and bring it again.")
        raise Refused("too_many_mended", message.format(count=format_number(MOST_MENDED)))
    return tuple(found[place] for place in sorted(found))


def damaged_rows(grid: Grid) -> set[int]:
    """Return the positions of rows whose cells could not be told apart, but which are rows."""
    return {*grid.wrong_count, *grid.broken} - grid.swallowing()


def row_texts(grid: Grid, row: int) -> list[str]:
    """Return what stands in a spreadsheet row of the grid."""
    position = row - int(grid.row[0])
    return [column.texts[column.codes[position]] for column in grid.columns]


def mend(grid: Grid, cells: Sequence[MendedCell], findings: FindingList) -> None:
    """Put the mended texts into the grid. Where something else stands than when a cell was mended, say so instead."""
    first, swallowing = int(grid.row[0]) if len(grid) else 0, grid.swallowing()
    by_position: dict[int, list[MendedCell]] = defaultdict(list)
    for cell in cells:
        inside = 0 <= cell.row - first < len(grid) and 0 <= cell.position < len(grid.columns)
        stands = row_texts(grid, cell.row)[cell.position] if inside else ""
        if not inside or stands != cell.original or cell.row - first in swallowing:
            findings.add(
                "mended_cell_differs", row=cell.row if inside else None, column=cell.column, value=stands,
                line=cell.row, original=quoted(cell.original),
            )  # fmt: skip
        else:
            by_position[cell.position].append(cell)
    for position, mended in by_position.items():
        grid.columns[position] = _mended_column(grid.columns[position], mended, first)
    _restate_rows(grid, by_position, first)


def _mended_column(column: TextColumn, cells: Sequence[MendedCell], first: int) -> TextColumn:
    """Return the column with the cells' texts, and without texts that now stand nowhere."""
    texts, codes = list(column.texts), column.codes.copy()
    code_of = {text: code for code, text in enumerate(texts)}
    for cell in cells:
        code = code_of.setdefault(cell.text, len(texts))
        if code == len(texts):
            texts.append(cell.text)
        codes[cell.row - first] = code
    used, compact = np.unique(codes, return_inverse=True)
    return TextColumn(compact.astype(np.int32), [texts[code] for code in used.tolist()])


def _restate_rows(grid: Grid, by_position: Mapping[int, Sequence[MendedCell]], first: int) -> None:
    """Let rows whose cells could not be told apart count as read where every cell of theirs was said anew."""
    said: dict[int, int] = defaultdict(int)
    for cells in by_position.values():
        for cell in cells:
            said[cell.row - first] += 1
    whole = {position for position, count in said.items() if count == len(grid.columns)}
    grid.broken = [position for position in grid.broken if position not in whole]
    grid.wrong_count = {position: count for position, count in grid.wrong_count.items() if position not in whole}
