"""A table of texts in little memory: each column as codes into its distinct texts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from intake.finding_list import Coded

CHUNK = 50_000  # records encoded at a time
WIDE_ENOUGH, MANY_IN_A_NAME = 6, 4  # columns; delimiters: no column's name holds so many


@dataclass
class TextColumn:
    """One column below the header: `texts[codes[i]]` stands in its i-th row."""

    codes: np.ndarray
    texts: list[str]

    def coded(self, chosen: np.ndarray) -> Coded:
        """Return the texts of the chosen rows (a mask or positions), for findings."""
        return Coded(self.codes[chosen], self.texts)

    def mask(self, by_text: Sequence[bool] | np.ndarray) -> np.ndarray:
        """Return a mask over the rows from one over the distinct texts."""
        if not len(self.texts):
            return np.zeros(len(self.codes), dtype=bool)
        chosen: np.ndarray = np.asarray(by_text, dtype=bool)[self.codes]
        return chosen

    @property
    def blank(self) -> np.ndarray:
        """Where nothing but spaces stands."""
        return self.mask([not text or text.isspace() for text in self.texts])


@dataclass
class Grid:
    """The rows below the header. `row[i]` is the spreadsheet row of the i-th, counted from 1 at the file's first line.

    `broken`: positions of rows whose quotation marks do not close. `wrong_count`: position -> number of cells, for
    rows that have more or fewer than the header. `left_over`: the texts of such rows that are in no column.
    """

    header: list[str]
    columns: list[TextColumn]
    row: np.ndarray
    broken: list[int]
    wrong_count: dict[int, int]
    left_over: list[str]
    delimiter: str | None = None

    def __len__(self) -> int:
        return len(self.row)

    @property
    def blank(self) -> np.ndarray:
        """Rows in which nothing stands."""
        blank = np.ones(len(self), dtype=bool)
        for column in self.columns:
            blank &= column.blank
        blank[[*self.wrong_count, *self.broken]] = False
        return blank

    def swallowing(self) -> set[int]:
        """Return the positions of rows in one of whose cells whole other rows stand.

        Two quotation marks left open in different rows close each other, and all between them becomes one cell: it
        then holds line ends, and as many delimiters as a row of the table has.
        """
        found: set[int] = set()
        width = len(self.header)
        for column in self.columns:
            # A row may end with a blank cell more than its table has, so one delimiter less is enough in a wide one.
            long = [self._is_rows(text, width - 1 if width < WIDE_ENOUGH else width - 2) for text in column.texts]
            if any(long):
                found.update(np.flatnonzero(column.mask(long)).tolist())
        return found

    @property
    def header_swallows(self) -> bool:
        """Whether whole rows stand in one of the column names, in the same way."""
        return any(self._is_rows(name, min(len(self.header) - 1, MANY_IN_A_NAME)) for name in self.header)

    def _is_rows(self, text: str, delimiters: int) -> bool:
        """Whether a text holds line ends and at least so many delimiters."""
        if self.delimiter is None or not ("\n" in text or "\r" in text):
            return False
        return text.count(self.delimiter) >= delimiters


class ColumnEncoder:
    """Gathers one column piece by piece."""

    def __init__(self) -> None:
        self._code_of: dict[str, int] = {}
        self._parts: list[np.ndarray] = []

    def add(self, texts: Sequence[str]) -> None:
        """Add the texts of further rows."""
        code_of = self._code_of
        for text in dict.fromkeys(texts):
            if text not in code_of:
                code_of[text] = len(code_of)
        self._parts.append(np.fromiter(map(code_of.__getitem__, texts), np.int32, len(texts)))

    def column(self) -> TextColumn:
        """Return what was gathered."""
        codes = np.concatenate(self._parts) if self._parts else np.zeros(0, np.int32)
        return TextColumn(codes, list(self._code_of))


def build_grid(
    header: list[str], chunks: Iterable[tuple[Sequence[Sequence[str]], Iterable[int]]], first_row: int
) -> Grid:
    """Return the grid of the records below `header`.

    `chunks` yields (records, positions of broken ones in the chunk). A record may be shorter than the header by cells
    of unnamed columns, and longer by blank ones; any other difference is noted. `first_row` is the first record's row.
    """
    named = max((index + 1 for index, name in enumerate(header) if name.strip()), default=0)
    encoders = [ColumnEncoder() for _ in header]
    wrong: dict[int, int] = {}
    broken: list[int] = []
    left_over: list[str] = []
    count = 0
    for records, broken_here in chunks:
        broken_now = set(broken_here)
        even = _evened(records, len(header), named, count, broken_now, wrong)
        left_over.extend(cell for index in broken_now for cell in records[index])
        if even is not records:
            left_over.extend(cell for record in records for cell in record[len(header) :])
        # A chunk without records has no columns either.
        for encoder, texts in zip(encoders, zip(*even, strict=True), strict=False):
            encoder.add(texts)
        broken.extend(count + index for index in sorted(broken_now))
        count += len(records)
    columns = [encoder.column() for encoder in encoders]
    rows = np.arange(first_row, first_row + count, dtype=np.int32)
    return without_empty_columns(Grid(list(header), columns, rows, broken, wrong, left_over))


def _evened(
    records: Sequence[Sequence[str]], width: int, named: int, start: int, broken: set[int], wrong: dict[int, int]
) -> Iterator[Sequence[str]] | Sequence[Sequence[str]]:
    """Return the records with `width` cells each, noting those with a wrong number of them."""
    if not broken and all(count == width for count in set(map(len, records))):
        return records
    even: list[Sequence[str]] = []
    for index, record in enumerate(records):
        if len(record) == width and index not in broken:
            even.append(record)
            continue
        is_short = len(record) < named
        too_long = any(cell.strip() for cell in record[width:])
        if index in broken:
            even.append([""] * width)
            continue
        if too_long or (is_short and any(cell.strip() for cell in record)):
            wrong[start + index] = len(record)
        even.append([*record[:width], *[""] * (width - len(record))])
    return even


def without_empty_columns(grid: Grid) -> Grid:
    """Return the grid without the trailing columns that have no name and hold nothing."""
    keep = len(grid.columns)
    while keep and not grid.header[keep - 1].strip() and bool(grid.columns[keep - 1].blank.all()):
        keep -= 1
    grid.columns, grid.header = grid.columns[:keep], grid.header[:keep]
    return grid


def column_letters(position: int) -> str:
    """Return the letters by which spreadsheets call the column at this position (from 0): A, B, ... Z, AA."""
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
