"""Excel workbooks (.xlsx) into records of texts, as if the sheet had been saved as CSV without any loss."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice

import python_calamine

from intake.findings import DAMAGED_WORKBOOK, DAMAGED_ZIP, OTHER_ZIP
from intake.grid import CHUNK
from intake.our_sheets import is_read_me
from intake.parsed_sheet import SheetDamaged
from intake.quantities import TYPED
from intake.sheet_xml import sheet_notes

MOST_UNCOMPRESSED = 1_500_000_000  # bytes: what a zip may unfold to before it is taken for an attack
HEAD = 60  # rows in which a sheet's column names are looked for
CONTENT_TYPES, WORKBOOK = "[Content_Types].xml", "xl/workbook.xml"

# What reading a damaged zip raises; RuntimeError where a part is encrypted.
ZIP_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
)  # fmt: skip

Cell = str | float | int | bool | date | datetime | time | timedelta


class WorkbookUnreadable(Exception):
    """The file is no workbook that can be read; the message says what it looks like."""


class SheetMissing(Exception):
    """The workbook has no sheet of the name asked for."""

    def __init__(self, wanted: str, sheets: list[str]) -> None:
        super().__init__(wanted)
        self.wanted, self.sheets = wanted, sheets


class WorkbookTooLarge(Exception):
    """The workbook unfolds to more than is read."""


class Workbook:
    """One sheet of a workbook: the one asked for, the first visible one with a table, or the first with anything."""

    def __init__(
        self, content: bytes, sheet: str | None = None, known_names: Callable[[Sequence[str]], int] | None = None
    ) -> None:
        """Open the workbook. `known_names` counts the column names in a row: a cover sheet has none.

        `others`: the other sheets that hold something, are not hidden and not ours; they are not read. `addresses`: the
        texts on all of them, hidden ones too, that may be e-mail addresses. Raises WorkbookUnreadable, SheetMissing or
        WorkbookTooLarge.
        """
        _refuse_what_is_none(content)
        try:
            self._workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            raise WorkbookUnreadable(DAMAGED_WORKBOOK) from error
        self._opened: tuple[str, python_calamine.CalamineSheet] | None = None
        self.sheet = self._chosen(sheet, known_names)
        # All are looked through at once, so that one that cannot be read is found here and not on the way.
        self.others = self._others()
        self.addresses = [text for text in self._elsewhere() if "@" in text]
        try:
            self.notes = sheet_notes(content, self.sheet)
        except SheetDamaged as error:
            raise WorkbookUnreadable(DAMAGED_WORKBOOK) from error

    def _chosen(self, wanted: str | None, known_names: Callable[[Sequence[str]], int] | None) -> str:
        names = self._names()
        if wanted is not None:
            if wanted not in self._workbook.sheet_names:
                raise SheetMissing(wanted, list(self._workbook.sheet_names))
            return wanted
        filled = [name for name in names if self._holds_something(name) and not is_read_me(self._rows(name))]
        if known_names is not None and len(filled) > 1:
            for name in filled:
                if any(known_names([as_text(cell) for cell in row]) for row in islice(self._rows(name), HEAD)):
                    return name
        return next(iter([*filled, *names]), "")

    def sheets(self) -> list[str]:
        """Return the names of the sheets that a person sees."""
        return list(self._names())

    def _others(self) -> list[str]:
        return [
            name for name in self._names()
            if name != self.sheet and self._holds_something(name) and not is_read_me(self._rows(name))
        ]  # fmt: skip

    def _holds_something(self, sheet: str) -> bool:
        return any(any(cell != "" for cell in row) for row in self._rows(sheet))

    def _elsewhere(self) -> Iterator[str]:
        """Yield the texts on all other sheets, hidden ones too: they are kept with the file."""
        for name in self._names(hidden=True):
            if name != self.sheet:
                yield from (cell for row in self._rows(name) for cell in row if isinstance(cell, str))

    def _names(self, *, hidden: bool = False) -> list[str]:
        return [
            sheet.name for sheet in self._workbook.sheets_metadata
            if (hidden or sheet.visible is python_calamine.SheetVisibleEnum.Visible)
            and sheet.typ is python_calamine.SheetTypeEnum.WorkSheet
        ]  # fmt: skip

    def _rows(self, sheet: str) -> Iterator[list[Cell]]:
        """Yield the rows from the sheet's first row and column on, whatever they hold."""
        found = self._open(sheet)
        left = [""] * (found.start or (0, 0))[1]
        rows = found.iter_rows()
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except BaseException as error:
                # A number shown as a time may be none that there is: calamine panics, or Python's own times end.
                if isinstance(error, OverflowError) or type(error).__name__ == "PanicException":
                    raise WorkbookUnreadable(DAMAGED_WORKBOOK) from error
                raise
            yield [*left, *row]

    def _open(self, sheet: str) -> python_calamine.CalamineSheet:
        """Return a sheet unpacked. The last one is kept: unpacking a million rows takes longer than reading them."""
        if self._opened is None or self._opened[0] != sheet:
            self._opened = None  # two large ones at a time are one too many
            try:
                self._opened = (sheet, self._workbook.get_sheet_by_name(sheet))
            except (python_calamine.CalamineError, OSError, ValueError) as error:
                raise WorkbookUnreadable(DAMAGED_WORKBOOK) from error
        return self._opened[1]

    def _texts(self) -> Iterator[list[str]]:
        """Yield the rows as texts. Errors and formulas without a value stand as such: they are not blank."""
        notes = self.notes.texts
        for number, row in enumerate(self._rows(self.sheet)):
            texts = [as_text(cell) for cell in row]
            for column, text in notes.get(number, {}).items():
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = texts[column] if texts[column].strip() else text
            yield texts

    def records(self) -> Iterator[list[list[str]]]:
        """Yield the sheet's rows as texts, in chunks."""
        rows = self._texts() if self.sheet else iter(())
        while chunk := list(islice(rows, CHUNK)):
            yield chunk


def as_text(cell: Cell) -> str:
    """Return a cell as it would stand in a CSV file with decimal points: nothing rounded, no local format."""
    if isinstance(cell, str):
        return cell.replace(TYPED, "")
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        if float(cell).is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        # Of more than 15 digits a spreadsheet shows none: 3.3000000000000003 is a sum that gave 3.3.
        shown = float(f"{cell:.15g}")
        return (str(int(shown)) if shown.is_integer() and abs(shown) < 1e15 else repr(shown)) + TYPED
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def _refuse_what_is_none(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not {CONTENT_TYPES, WORKBOOK} <= set(archive.namelist()):
                raise WorkbookUnreadable(OTHER_ZIP)
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNCOMPRESSED:
                raise WorkbookTooLarge
            # calamine reads a part as far as it needs, and so never comes to the checksum at its end.
            if archive.testzip() is not None:
                raise WorkbookUnreadable(DAMAGED_ZIP)
    except ZIP_DAMAGED as error:
        raise WorkbookUnreadable(DAMAGED_ZIP) from error
