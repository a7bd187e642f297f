"""What calamine does not tell of a sheet: cells with an error, formulas never worked out, hidden rows and columns.

Read from the sheet's own XML, piece by piece and by what few such cells look like, so that a large sheet costs little.
What is not written as spreadsheet programs write it (cells without addresses, comments in the XML) is parsed instead.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from intake.parsed_sheet import ERROR_WITHOUT_NAME, SheetDamaged, SheetNotes, parsed_notes

PIECE = 8 << 20
MOST_WORKBOOK_XML = 5_000_000  # bytes: a list of sheets is short

# The attribute that names a sheet's part; "strict" workbooks put it into a namespace of their own.
RELATIONS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
# The XML that spreadsheet programs write: `<c r="I4" t="e">`. Anything else is parsed.
ERROR_CELL = re.compile(rb"<c\b([^>]*\bt=\"e\"[^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
VALUE = re.compile(rb"<v\b[^>]*>(.*?)</v>", re.DOTALL)
# A formula whose value is missing. One that gave an empty text says so with t="str".
NO_VALUE = re.compile(rb"(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v\b[^>]*>\s*</v>)?\s*</c>")
CELL = re.compile(rb"<c ")
FORMULA = re.compile(rb"<f\b[^>]*>(.*?)</f>", re.DOTALL)
EMPTY_TEXT_OR_ERROR = re.compile(rb"\bt=\"(?:str|e)\"")
ADDRESS = re.compile(rb"<c r=\"([A-Z]+[0-9]+)\"")
PLACE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,7})\"")
# Rows of no height and columns of no width are hidden as well.
HIDDEN_ROW = re.compile(rb"<row r=\"([0-9]+)\"(?=[^>]*\b(?:hidden=\"(?:1|true)\"|ht=\"0\"))")
HIDDEN_COLUMN = re.compile(rb"<col\b(?=[^>]*\b(?:hidden=\"(?:1|true)\"|width=\"0\"))[^>]*>")
RANGE = re.compile(rb"\b(min|max)=\"([0-9]+)\"")
QUOTES = {"&quot;": '"', "&apos;": "'"}
END_OF_ROW = re.compile(rb"</(?:\w+:)?row>")
# Comments, sections of plain text, attributes in single quotes or with spaces: never in what those programs write.
UNUSUAL = (b"<!", b"='", b"= ", b" =")


def sheet_notes(content: bytes, sheet: str) -> SheetNotes:
    """Return the notes of one sheet of a workbook. Raises SheetDamaged, also where its XML is not found."""
    notes = SheetNotes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _path(archive, sheet)
        if path is None or path not in archive.namelist():
            if not sheet:
                return notes
            raise SheetDamaged(sheet)
        with archive.open(path) as stream:
            for number, piece in enumerate(_pieces(stream)):
                # A cell that stands twice is looked for where that costs nothing: no program writes one.
                if not _is_usual(piece) or (number == 0 and _repeats(piece)):
                    stream.seek(0)
                    return parsed_notes(stream)
                _note(piece, notes)
    return notes


def _is_usual(piece: bytes) -> bool:
    """Whether the XML is written so plainly that its cells can be told by what they look like."""
    if any(sign in piece for sign in UNUSUAL):
        return False
    cells = piece.count(b"<c ") + piece.count(b"<c>")
    rows = piece.count(b"<row ") + piece.count(b"<row>")
    ends = piece.count(b"row>") - piece.count(b"<row>")
    # An end tag for each row but the empty ones, `<row .../>`; with a prefix there are more ends than beginnings.
    return cells == piece.count(b'<c r="') and rows == piece.count(b'<row r="') and ends <= rows


def _repeats(piece: bytes) -> bool:
    addresses = ADDRESS.findall(piece)
    return len(set(addresses)) < len(addresses)


def _path(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return where the sheet of that name lies in the archive."""
    names = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if any(name not in archive.namelist() or archive.getinfo(name).file_size > MOST_WORKBOOK_XML for name in names):
        return None
    try:
        book, relations = (ElementTree.fromstring(archive.read(name)) for name in names)
    except ElementTree.ParseError:
        return None
    wanted = next(
        (node.get(relation) for node in book.iter() if node.get("name") == sheet
         for relation in RELATIONS if relation in node.attrib), ""
    )  # fmt: skip
    target = next((node.get("Target") for node in relations if node.get("Id") == wanted), None)
    return None if target is None else posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the XML in pieces that end with a row."""
    rest = b""
    while piece := stream.read(PIECE):
        text = rest + piece
        # Rows are looked for in what is new, and never twice in the same.
        end = max((found.end() for found in END_OF_ROW.finditer(text, max(0, len(rest) - 40))), default=0)
        if end:
            yield text[:end]
        rest = text[end:]
    yield rest


def _note(piece: bytes, notes: SheetNotes) -> None:
    if b't="e"' in piece:
        for cell in ERROR_CELL.finditer(piece):
            value = VALUE.search(cell[2] or b"")
            _put(notes, cell[1], value[1].decode("utf-8", "replace") if value else ERROR_WITHOUT_NAME)
    if b"<f" in piece:
        for end in NO_VALUE.finditer(piece):
            cell_text = piece[_opening(piece, end.start()) : end.end()]
            attributes = cell_text[: cell_text.find(b">")]
            if EMPTY_TEXT_OR_ERROR.search(attributes):
                continue
            formula = FORMULA.search(cell_text)
            _put(notes, attributes, "=" + (unescape(formula[1].decode("utf-8", "replace"), QUOTES) if formula else ""))
    if b"hidden=" in piece or b'="0"' in piece:
        notes.hidden_rows += [int(row[1]) - 1 for row in HIDDEN_ROW.finditer(piece)]
        for column in HIDDEN_COLUMN.finditer(piece):
            span = {name: int(number) for name, number in RANGE.findall(column[0])}
            notes.hide_columns(span.get(b"min", 1), span.get(b"max", 0))


def _opening(piece: bytes, end: int) -> int:
    """Return where the last cell begins before `end`. Most are short; a formula is at most 8,192 signs long."""
    for size in (400, 80_000):
        opened = [cell.start() for cell in CELL.finditer(piece, max(0, end - size), end)]
        if opened:
            return opened[-1]
    return end


def _put(notes: SheetNotes, attributes: bytes, text: str) -> None:
    place = PLACE.search(attributes)
    if place:
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        notes.put(int(place[2]) - 1, column - 1, text)
