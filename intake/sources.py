"""What a file is, from its first bytes, and how its rows are got out of it: delimited text or a workbook's sheet."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from intake import delimited
from intake.decoding import checked_encoding, recognise_encoding
from intake.finding_list import FindingList
from intake.findings import (
    BINARY,
    COMPRESSED,
    ENDLESS_LINE,
    LOCKED_WORKBOOK,
    OLD_OFFICE,
    PDF,
    PICTURE,
    TEXT_DOCUMENT,
    WEB_PAGE,
)
from intake.grid import Grid, build_grid, column_letters
from intake.options import Options
from intake.plain_grid import plain_grid
from intake.sheet_xml import SheetNotes
from intake.workbook import SheetMissing, Workbook, WorkbookTooLarge, WorkbookUnreadable

HEAD = delimited.HEAD
ZIP = b"PK\x03\x04"
FORMATS = (
    (b"\xd0\xcf\x11\xe0", OLD_OFFICE),
    (b"%PDF", PDF),
    (b"{\\rtf", TEXT_DOCUMENT),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"\x1f\x8b", COMPRESSED),
    (b"7z\xbc\xaf", COMPRESSED),
    (b"Rar!", COMPRESSED),
    (b"MIME-Version:", WEB_PAGE),
)
# A web page or another table of tags, whatever stands before its first tag and in whichever encoding.
MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype|html|head|meta|body|style|\?xml|table)", re.IGNORECASE | re.DOTALL
)
# What a workbook with a password holds instead of its sheets.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
UTF16_MARKS = codecs.BOM_UTF16_LE
MOST_CSV_BYTES, MOST_XLSX_BYTES = 200_000_000, 50_000_000
LONGEST_LINE = 10_000_000  # bytes: a first line longer than this names no columns
MOST_ROWS = 2_000_000  # as the words MANY_ROWS say


HIDDEN_NAMED = 5  # rows or columns that a finding names
# A file of nothing but these holds nothing.
NOTHING = " ;,|\t\r\n\u00a0\ufeff"

Chunks = Iterable[tuple[Sequence[Sequence[str]], Iterable[int]]]


class TooManyRows(Exception):
    """The file has more rows than are read."""


class Source:
    """Where a file's rows come from. This one has none: what is no table, or empty."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: Sequence[str] = ()

    def records(self) -> Chunks:
        """Yield (records, positions of broken ones) in chunks, from the file's first row on."""
        return ()

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows."""
        found: list[list[str]] = []
        for records, _broken in self.records():
            found.extend(list(record) for record in records[: count - len(found)])
            if len(found) >= count:
                break
        return found

    def grid(self, header: list[str], header_row: int) -> Grid:
        """Return the rows below the header; without a header all rows, as wide as the widest. Raises TooManyRows."""
        if header:
            return build_grid(header, self._below(header_row), header_row + 1)
        pieces = list(self._below(0))
        width = max((len(record) for records, _ in pieces for record in records), default=0)
        return build_grid([""] * width, pieces, 1)

    def elsewhere(self) -> Iterable[str]:
        """Yield the texts that the file holds beside its rows."""
        return ()

    def _below(self, header_row: int) -> Iterator[tuple[Sequence[Sequence[str]], Iterable[int]]]:
        skip, count = header_row, 0
        for records, broken in self.records():
            left = records[skip:]
            yield left, [index - skip for index in broken if index >= skip]
            skip = max(0, skip - len(records))
            count += len(left)
            if count > MOST_ROWS:
                raise TooManyRows


class DelimitedSource(Source):
    """Delimited text."""

    def __init__(self, content: bytes, encoding: str, delimiter: str | None) -> None:
        self.content, self.encoding, self.delimiter = content, encoding, delimiter

    @property
    def _separator(self) -> str:
        # A file without any delimiter is still read, as one column, to say what is missing in it.
        return self.delimiter or ","

    def records(self) -> Chunks:
        """Yield the text's records."""
        assert self.encoding is not None
        return delimited.records(self.content, self.encoding, self._separator)

    def head(self, count: int) -> list[list[str]]:
        """Return the first rows."""
        assert self.encoding is not None
        return delimited.head(self.content, self.encoding, self._separator, count)

    def grid(self, header: list[str], header_row: int) -> Grid:
        """Return the rows below the header, the fast way where the text is plain."""
        assert self.encoding is not None
        grid = plain_grid(self.content, self.encoding, self._separator, header, header_row) if header else None
        if grid is not None and len(grid) > MOST_ROWS:
            raise TooManyRows
        grid = grid or super().grid(header, header_row)
        grid.delimiter = self._separator
        return grid


class WorkbookSource(Source):
    """A sheet."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook, self.sheet, self.sheets = workbook, workbook.sheet, workbook.sheets()

    def records(self) -> Chunks:
        """Yield the sheet's rows."""
        return ((chunk, ()) for chunk in self.workbook.records())

    def elsewhere(self) -> Iterable[str]:
        """Yield the texts on the other sheets."""
        return self.workbook.addresses


def open_source(
    content: bytes,
    options: Options,
    country: str,
    known_names: Callable[[Sequence[str]], int],
    findings: FindingList,
) -> Source:
    """Return where the file's rows come from; a source without any, and a finding that says why, where it has none.

    `country`: where the file is from. `known_names` counts the column names known in a row.
    """
    if not content or content.isspace():
        findings.add("empty_file")
        return Source()
    if content.startswith(ZIP):
        return _workbook_source(content, options, known_names, findings)
    looks_like = next((name for magic, name in FORMATS if content.startswith(magic)), None)
    if looks_like is OLD_OFFICE and ENCRYPTED in content:
        looks_like = LOCKED_WORKBOOK
    if MARKUP.match(content[:2000].removeprefix(codecs.BOM_UTF8).strip(UTF16_MARKS).replace(b"\0", b"")):
        looks_like = WEB_PAGE
    if looks_like:
        findings.add("unreadable_file", format=looks_like)
        return Source()
    if len(content) > MOST_CSV_BYTES:
        findings.add("file_too_large", limit="200 MB")
        return Source()
    if len(content) > LONGEST_LINE and not any(end in content[:LONGEST_LINE] for end in (b"\n", b"\r")):
        findings.add("unreadable_file", format=ENDLESS_LINE)
        return Source()
    return _delimited_source(content, options, country, known_names, findings)


def _delimited_source(
    content: bytes,
    options: Options,
    country: str,
    known_names: Callable[[Sequence[str]], int],
    findings: FindingList,
) -> Source:
    if options.encoding:
        decoding = checked_encoding(content, options.encoding)
    else:
        decoding = recognise_encoding(content, country=country)
    if decoding.problem == "binary":
        findings.add("unreadable_file", format=BINARY)
        return Source()
    if decoding.encoding is None:
        findings.add("unknown_encoding")
        return Source()
    if decoding.problem == "broken_encoding":
        findings.add("broken_encoding", row=decoding.broken_line, encoding=decoding.encoding)
        broken = Source()
        broken.encoding = decoding.encoding
        return broken
    delimiter = options.delimiter or delimited.recognise_delimiter(content, decoding.encoding, known_names)
    source = DelimitedSource(content, decoding.encoding, delimiter)
    if not any(cell.strip(NOTHING) for record in source.head(HEAD) for cell in record):
        findings.add("empty_file")
        return Source()
    return source


def _workbook_source(
    content: bytes, options: Options, known_names: Callable[[Sequence[str]], int], findings: FindingList
) -> Source:
    if len(content) > MOST_XLSX_BYTES:
        findings.add("file_too_large", limit="50 MB")
        return Source()
    try:
        workbook = Workbook(content, options.sheet, known_names)
        source = WorkbookSource(workbook)
        is_empty = not source.head(1)
    except SheetMissing as error:
        findings.add("unknown_sheet", sheet=error.wanted, sheets=error.sheets)
        return Source()
    except WorkbookUnreadable as error:
        findings.add("unreadable_file", format=str(error))
        return Source()
    except WorkbookTooLarge:
        findings.add("file_too_large", limit="1.5 GB")
        return Source()
    if is_empty:
        findings.add("empty_file")
        return source
    _report_hidden(workbook.notes, findings)
    if workbook.others:
        findings.add("other_sheets", sheets=workbook.others, sheet=workbook.sheet)
    return source


def _report_hidden(notes: SheetNotes, findings: FindingList) -> None:
    """Say that parts of the sheet cannot be seen: what counts must not hide."""
    if notes.hidden_rows:
        rows = [row + 1 for row in notes.hidden_rows[:HIDDEN_NAMED]]
        findings.add(
            "hidden_rows", count=len(notes.hidden_rows), rows=[*rows, *["…"][: len(notes.hidden_rows) - len(rows)]]
        )
    if notes.hidden_columns:
        columns = [column_letters(column) for column in notes.hidden_columns[:HIDDEN_NAMED]]
        more = ["…"][: len(notes.hidden_columns) - len(columns)]
        findings.add("hidden_columns", count=len(notes.hidden_columns), columns=[*columns, *more])
