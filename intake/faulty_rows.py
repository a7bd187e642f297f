"""The faulty rows of a file apart: as a workbook with the reasons in place, to be mended and brought back.

The workbook has the file's own columns, the row's number before them and the reasons behind. Brought back to the same
file it becomes mended cells; brought as a file of its own it is read like any other.
"""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import xlsxwriter

from access.language import _, format_number
from data_model.submissions import Severity
from intake.finding_list import FindingList
from intake.findings import KINDS, Finding
from intake.folding import fold
from intake.grid import Grid
from intake.layout import column_name
from intake.mended import EMAIL, LONGEST_CELL, MendedCell, Standing, shown
from intake.options import Options
from intake.our_sheets import REASON_COLUMN, ROW_COLUMN, in_current_language, write_read_me
from intake.quantities import TYPED_NUMBER
from intake.refusal import Refused
from intake.sources import open_source

MOST_FAULTY_ROWS = 20_000  # rows taken apart: who has more of them mends the file itself
MOST_COMMENTS = 2_000  # a sheet with more of them opens slowly; the reasons stand in their column all the same
SHEET = "mend"
ROWS_NAMED = 10
NO_CHARACTER = re.compile(r"[\ufffe\uffff]")  # a workbook has no way to write these that its readers agree on
WHOLE_NUMBER = re.compile(r"([0-9]{1,7})(?:\.0+)?")

Said = Callable[[Finding], str]


@dataclass(frozen=True)
class FaultyRows:
    """The first faulty rows of a file as they are read now: `texts[i]` is row `rows[i]`; `total` counts all.

    `header` is the columns' names as they stand, `names` the same with letters for those that have none. `damaged`:
    rows whose cells could not be told apart.
    """

    header: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)
    damaged: frozenset[int] = frozenset()
    total: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def standing(self, mended: Sequence[MendedCell]) -> Standing:
        """Return these rows as they stand in the file, without the cells that were mended in them."""
        rows = {row: list(texts) for row, texts in zip(self.rows, self.texts, strict=True)}
        count = Counter(cell.row for cell in mended)
        for cell in mended:
            if cell.row in rows:
                rows[cell.row][cell.position] = cell.original
        whole = {row for row, cells in count.items() if cells == len(self.names)}
        return Standing(self.names, rows, self.damaged | whole)


@dataclass(frozen=True)
class Fault:
    """An error in a row: in the column at this position, or (None) in the row as a whole."""

    position: int | None
    finding: Finding


@dataclass(frozen=True)
class Returned:
    """What a sheet of faulty rows says when it comes back: row -> texts, and which of the rows it held are gone."""

    rows: dict[int, list[str]]
    missing: list[int]


def faulty_rows(grid: Grid, findings: FindingList, damaged: set[int]) -> FaultyRows:
    """Return the first rows of the grid that have an error. `damaged` are positions in the grid."""
    rows = findings.rows_with_errors()
    if len(grid):
        rows = rows[(rows >= grid.row[0]) & (rows <= grid.row[-1])]
    taken = rows[:MOST_FAULTY_ROWS]
    positions = taken - grid.row[0] if len(taken) else taken
    columns = [[column.texts[code] for code in column.codes[positions].tolist()] for column in grid.columns]
    return FaultyRows(
        header=list(grid.header),
        names=[column_name(grid.header, position) for position in range(len(grid.header))],
        rows=taken.tolist(),
        texts=[list(texts) for texts in zip(*columns, strict=True)],
        damaged=frozenset(int(grid.row[position]) for position in damaged),
        total=len(rows),
    )


def faults(findings: FindingList, rows: Sequence[int]) -> dict[int, list[Fault]]:
    """Return the errors of these rows, by row, each row's in the order of its columns."""
    wanted = np.array(sorted(rows), dtype=np.int64)
    found: dict[int, list[Fault]] = defaultdict(list)
    known = set(rows)
    for finding in findings.of_file:
        if finding.severity is Severity.ERROR and finding.row in known:
            found[finding.row or 0].append(Fault(None, finding))
    for block in findings.blocks:
        if KINDS[block.code].severity is Severity.ERROR:
            place = block.position if block.column else None
            for index in np.flatnonzero(np.isin(block.rows, wanted)).tolist():
                found[int(block.rows[index])].append(Fault(place, block.finding(index)))
    for listed in found.values():
        listed.sort(key=lambda fault: -1 if fault.position is None else fault.position)
    return dict(found)


def as_workbook(
    faulty: FaultyRows, findings: FindingList, file_name: str, *, at: datetime, said: Said = Finding.message
) -> bytes:
    """Return the faulty rows as a workbook: mend them there, and bring it back.

    `said` words a finding for who reads it.
    """
    found = faults(findings, faulty.rows)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": at.replace(tzinfo=None)})
        _write_rows(workbook, faulty, found, said)
        write_read_me(workbook, _("Rows to mend in “{file}”").format(file=file_name), _how_to_use(faulty))
    return target.getvalue()


def _write_rows(workbook: Any, faulty: FaultyRows, found: Mapping[int, Sequence[Fault]], said: Said) -> None:
    # As text, so that codes keep their zeros, and marked as text, so that nothing is ever taken for a formula.
    as_text = {"num_format": "@", "quote_prefix": True, "valign": "top"}
    wrong = {"bg_color": "#fbd5d5", "font_color": "#6b0f0f", "border": 1, "border_color": "#c0392b"}
    formats = {
        "text": workbook.add_format(as_text),
        "wrong": workbook.add_format(as_text | wrong),
        "number": workbook.add_format({"valign": "top"}),
        "wrong number": workbook.add_format({"valign": "top"} | wrong),
        "row": workbook.add_format({"font_color": "#5f6570", "valign": "top"}),
        "reasons": workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "head": workbook.add_format({"bold": True, "bottom": 1, "num_format": "@", "text_wrap": True, "valign": "top"}),
    }
    sheet = workbook.add_worksheet(SHEET)
    width = len(faulty.header)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, width, 16, formats["text"])
    sheet.set_column(width + 1, width + 1, 90)
    sheet.freeze_panes(1, 1)
    header = [in_current_language(ROW_COLUMN), *faulty.header, in_current_language(REASON_COLUMN)]
    for column, name in enumerate(header):
        sheet.write_string(0, column, _writable(name), formats["head"])
    comments = 0
    for number, (row, texts) in enumerate(zip(faulty.rows, faulty.texts, strict=True), start=1):
        reasons = found.get(row, ())
        in_place: dict[int, list[str]] = defaultdict(list)
        for fault in reasons:
            in_place[0 if fault.position is None else fault.position + 1].append(said(fault.finding))
        sheet.write_number(number, 0, row, formats["wrong number" if 0 in in_place else "row"])
        for column, text in enumerate(texts, start=1):
            _write_cell(sheet, number, column, text, formats, wrong=column in in_place)
        sheet.write_string(number, width + 1, "\n".join(_reasons(reasons, faulty.names, said)), formats["reasons"])
        for column, messages in in_place.items():
            if comments < MOST_COMMENTS and column <= width:
                sheet.write_comment(number, column, "\n".join(messages), {"x_scale": 2.5, "y_scale": 1.2})
                comments += 1


def _write_cell(sheet: Any, row: int, column: int, text: str, formats: Mapping[str, Any], *, wrong: bool) -> None:
    if TYPED_NUMBER.fullmatch(text):
        # A number of the original sheet stays one, so that nothing is read into how it is written.
        sheet.write_number(row, column, float(shown(text)), formats["wrong number" if wrong else "number"])
    elif text or wrong:
        sheet.write_string(row, column, _writable(shown(text)), formats["wrong" if wrong else "text"])


def _writable(text: str) -> str:
    return NO_CHARACTER.sub("", text)[:LONGEST_CELL]


def _reasons(reasons: Sequence[Fault], names: Sequence[str], said: Said) -> Iterator[str]:
    for fault in reasons:
        column = f"{names[fault.position]}: " if fault.position is not None else ""
        yield column + said(fault.finding)


def _how_to_use(faulty: FaultyRows) -> Iterator[tuple[str, ...]]:
    row, reason = in_current_language(ROW_COLUMN), in_current_language(REASON_COLUMN)
    why = _("Mend the red cells on the first sheet. Why each is wrong stands in “{column}”.")
    yield ("1", why.format(column=reason))
    yield ("2", _("Leave the column “{column}” and the names of the columns as they are.").format(column=row))
    yield ("3", _("Save the workbook and bring it back on the Upload page, under the file it belongs to."))
    yield ("", _("What you mend is read in place of the file’s own cells; the file itself stays as it was brought."))
    yield ("", _("A row that you delete here stays in the file as it is."))
    if faulty.total > len(faulty):
        text = _("These are the first {count} of {total} faulty rows: bring them back, and take the next ones.")
        yield ("", text.format(count=format_number(len(faulty)), total=format_number(faulty.total)))


def read_back(content: bytes, grid: Grid, expected: Sequence[int], country: str) -> Returned:
    """Return what a sheet of faulty rows says: texts for each of the columns of `grid`, the file they belong to.

    `expected` are the rows that were to be mended; `country` is where the file is from.
    Raises Refused: `unreadable_sheet`, `personal_data`, `no_row_column`, `other_columns`, `unknown_rows`, `row_twice`.
    """
    findings, width = FindingList(), len(grid.header)
    source = open_source(content, Options(), country, _row_columns, findings)
    records = [record for chunk, _broken in source.records() for record in chunk]
    if error := next((one for one in findings.of_file if one.severity is Severity.ERROR), None):
        raise Refused("unreadable_sheet", error.message())
    if any("@" in cell and EMAIL.search(cell) for record in records for cell in record):
        raise Refused("personal_data", _("The sheet holds e-mail addresses of people. It was not kept."))
    start = next((number for number, record in enumerate(records) if _row_columns(record)), None)
    if start is None:
        message = _("The sheet has no column “{column}”: without it no row can be put back in its place.")
        raise Refused("no_row_column", message.format(column=in_current_language(ROW_COLUMN)))
    first = 1 + next(number for number, cell in enumerate(records[start]) if _row_columns([cell]))
    if list(map(_plain, _padded(records[start][first:], width))) != list(map(_plain, grid.header)):
        raise Refused("other_columns", _("The columns of the sheet are not those of the file: leave them as they are."))
    said = [(_row_number(record[first - 1]), _padded(record[first:], width)) for record in records[start + 1 :]
            if any(cell.strip() for cell in record)]  # fmt: skip
    _refuse_misplaced([row for row, _texts in said], grid)
    rows = {row: texts for row, texts in said if row is not None}
    return Returned(rows, [row for row in expected if row not in rows])


def _row_columns(cells: Sequence[str]) -> int:
    """Return how many of the cells name the column of row numbers."""
    return sum(fold(cell) in ROW_COLUMN_NAMES for cell in cells)


ROW_COLUMN_NAMES = frozenset(map(fold, ROW_COLUMN.values()))


def _plain(name: str) -> str:
    return " ".join(_writable(name).split())


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _row_number(text: str) -> int | None:
    found = WHOLE_NUMBER.fullmatch(text.strip())
    return int(found[1]) if found else None


def _refuse_misplaced(rows: Sequence[int | None], grid: Grid) -> None:
    known = set(grid.row.tolist())
    strange = [row for row in rows if row not in known]
    if strange:
        message = _("Some rows of the sheet name no row of the file: {rows}. Leave the row numbers as they are.")
        raise Refused("unknown_rows", message.format(rows=_named(strange)))
    twice = [row for row, count in Counter(rows).items() if count > 1]
    if twice:
        message = _("Some rows stand twice in the sheet: {rows}. Keep one of each.")
        raise Refused("row_twice", message.format(rows=_named(twice)))


def _named(rows: Sequence[int | None]) -> str:
    named = [_("without a number") if row is None else str(row) for row in dict.fromkeys(rows)]
    return ", ".join([*named[:ROWS_NAMED], *["…"][: len(named) - ROWS_NAMED]])
