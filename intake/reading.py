"""From bytes to a table: how the file is written, where its header is, and what its columns mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from intake.columns import ColumnRole, Vocabulary
from intake.finding_list import FindingList
from intake.findings import MANY_ROWS, quoted
from intake.grid import Grid
from intake.header import header_row_of, names_of_rows, report_title_period
from intake.layout import USER_EXPORT, ColumnReading, Layout, column_name, lay_out
from intake.mended import EMAIL, mend
from intake.options import Options
from intake.quantities import convention_shown
from intake.rulebook import Rulebook
from intake.sources import HEAD, Source, TooManyRows, open_source
from intake.user_export.columns import is_user_export
from intake.workbook import WorkbookUnreadable
from intake.written_periods import read_period

# Of a file's first rows, so much is shown to choose the header row from.
ROWS_SHOWN, COLUMNS_SHOWN = 20, 12


@dataclass
class Reading:
    """How the file was read: what was recognised, and what the manager decided. None: does not apply, or not found."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal_mark: str | None = None
    header_row: int | None = None
    layout: str | None = None
    sheet: str | None = None
    columns: list[ColumnReading] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    # For choosing otherwise: the columns' names, the file's first rows as they are read, and the sheets there are.
    names: list[str] = field(default_factory=list)
    first_rows: list[list[str]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    # Of a user export: the original, its users, and the table of school counts that is kept in its place.
    kept: dict[str, Any] = field(default_factory=dict)

    def file_json(self) -> dict[str, Any]:
        """Return what the design's `file` object says about reading."""
        return {
            "encoding": self.encoding, "delimiter": self.delimiter, "decimal_mark": self.decimal_mark,
            "header_row": self.header_row, "layout": self.layout, "sheet": self.sheet,
        }  # fmt: skip

    def columns_json(self) -> dict[str, Any]:
        """Return the design's `columns` and `ignored_columns`."""
        return {"columns": [column.as_json() for column in self.columns], "ignored_columns": self.ignored_columns}


@dataclass
class Table:
    """A table that can be matched: its rows and what its columns mean."""

    grid: Grid
    layout: Layout
    decimal_mark: str | None  # None: the file shows no convention
    stands_for: np.ndarray | None = None  # how many rows of the file each row counts; None: it is the file's own row

    def rows_behind(self, chosen: np.ndarray) -> int:
        """Return how many rows of the file the chosen ones (a mask) are."""
        return int(chosen.sum() if self.stands_for is None else self.stands_for[chosen].sum())


class ReadCounts(NamedTuple):
    """How many rows there are below the header, and how many of them hold nothing."""

    rows: int = 0
    blank: int = 0


def read_table(
    content: bytes, options: Options, rulebook: Rulebook, vocabulary: Vocabulary, findings: FindingList
) -> tuple[Reading, Table | None, ReadCounts]:
    """Return (how the file was read, its table or None when it has none, the rows below the header).

    What is wrong with the file as a whole is added to `findings`. A user export is recognised and left alone: its
    users are counted, not read as rows.
    """
    reading = Reading()
    source = open_source(content, options, rulebook.initiative.country, vocabulary.known_names, findings)
    reading.encoding, reading.delimiter, reading.sheet = source.encoding, source.delimiter, source.sheet
    head = source.head(max(HEAD, options.header_row or 0))
    reading.sheets = list(source.sheets)
    if not head:
        return reading, None, ReadCounts()
    if any(map(is_user_export, head)):
        reading.layout = USER_EXPORT
        return reading, None, ReadCounts()
    names = names_of_rows(head, vocabulary)
    header_row = options.header_row or header_row_of(names, vocabulary)
    reading.header_row = header_row
    header = names[header_row - 1] if header_row and header_row <= len(head) else []
    grid = _grid_of(source, header, header_row or 0, findings)
    if grid is None:
        return reading, None, ReadCounts()
    counts = ReadCounts(len(grid), int(grid.blank.sum()))
    elsewhere = chain(chain.from_iterable(head[: header_row or 0]), source.elsewhere())
    if _holds_addresses(grid, elsewhere, findings):
        return reading, None, counts
    reading.first_rows = [[quoted(cell) for cell in row[:COLUMNS_SHOWN]] for row in head[:ROWS_SHOWN]]
    if not header:
        findings.add("no_header")
        return reading, None, ReadCounts()
    if grid.header_swallows:
        findings.add("quote_never_closed", row=header_row)
        return reading, None, counts
    if options.mended:
        mend(grid, options.mended, findings)
        counts = ReadCounts(len(grid), int(grid.blank.sum()))
        if _holds_addresses(grid, (), findings):
            return reading, None, counts
    above = [*chain.from_iterable(head[: (header_row or 1) - 1]), source.sheet or ""]
    return reading, _laid_out(grid, above, reading, options, vocabulary, findings), counts


def _grid_of(source: Source, header: list[str], header_row: int, findings: FindingList) -> Grid | None:
    """Return the rows of the file, None where they cannot be read, which is then told."""
    try:
        return source.grid(header, header_row)
    except TooManyRows:
        findings.add("file_too_large", limit=MANY_ROWS)
    except WorkbookUnreadable as error:
        findings.add("unreadable_file", format=str(error))
    return None


def _laid_out(
    grid: Grid,
    above: Sequence[str],
    reading: Reading,
    options: Options,
    vocabulary: Vocabulary,
    findings: FindingList,
) -> Table | None:
    """Return the rows as a table whose columns are known, None where it cannot be read. `reading` tells how it is laid
    out; `above` are the texts above the header, where a period may stand.
    """
    layout = lay_out(grid.header, vocabulary, findings, forced=options.layout)
    reading.layout = layout.kind
    reading.names = [column_name(grid.header, position) for position in range(len(grid.header))]
    reading.columns = layout.columns
    reading.ignored_columns = [column_name(grid.header, position) for position in layout.ignored]
    if ColumnRole.PERIOD not in layout.roles:
        report_title_period(above, options, findings)
    mark = options.decimal_mark or _convention(grid, layout)
    # The delimiter suggests a mark, which is shown; an ambiguous number is not read by a suggestion.
    reading.decimal_mark = mark or (None if reading.sheet else "," if reading.delimiter == ";" else ".")
    if not layout.readable:
        return None
    if grid.blank.all():
        findings.add("no_rows")
        return None
    return Table(grid, layout, mark)


def _holds_addresses(grid: Grid, elsewhere: Iterable[str], findings: FindingList) -> bool:
    """Whether a column holds an e-mail address of somebody; then that is all that is said about the file.

    `elsewhere`: the texts down to the header and on other sheets, where a list of people may stand too.
    """
    if any("@" in text and EMAIL.search(text) for text in chain(grid.left_over, elsewhere)):
        findings.of_file.clear()
        findings.add("personal_data")
        return True
    for position, column in enumerate(grid.columns):
        if any("@" in text and EMAIL.search(text) for text in column.texts):
            findings.of_file.clear()
            name = column_name(grid.header, position)
            findings.add("personal_data", column="" if EMAIL.search(name) else name)
            return True
    return False


def _convention(grid: Grid, layout: Layout) -> str | None:
    """Return the decimal mark that the file's own numbers show; None when none does, or when they disagree."""
    key_columns = set(layout.roles.values()) - {layout.roles.get(ColumnRole.VALUE)}
    read = [position for position in range(len(grid.columns)) if position not in key_columns]
    ignored = set(layout.ignored)
    values = [position for position in read if position not in ignored]
    shown = convention_shown(chain.from_iterable(grid.columns[position].texts for position in values))
    if not shown:
        # A column that is not read may still show how this file writes numbers, if it holds nothing else.
        for position in layout.ignored:
            shown |= _shown_by_all(grid.columns[position].texts)
    return shown.pop() if len(shown) == 1 else None


def _shown_by_all(texts: Sequence[str]) -> set[str]:
    with_mark = [text for text in texts if "," in text or "." in text]
    shown = [convention_shown([text]) for text in with_mark]
    only_numbers = not any(sign.isalpha() for text in texts for sign in text) and not any(map(read_period, with_mark))
    return set().union(*shown) if only_numbers and all(shown) else set()
