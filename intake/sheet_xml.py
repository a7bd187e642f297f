"""What calamine does not tell of a sheet: cells with an error, formulas never worked out, hidden rows and columns.

Read from the sheet's own XML, piece by piece and by what few such cells look like, so that a large sheet costs little.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

PIECE = 8 << 20
MOST_WORKBOOK_XML = 5_000_000  # bytes: a list of sheets is short

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Some programs write a prefix before all names (`<x:c>`), or single quotation marks.
NAME = rb"(?:\w+:)?"
ERROR_CELL = re.compile(rb"<" + NAME + rb"c\b([^>]*\bt=[\"']e[\"'][^>]*)>(.*?)</" + NAME + rb"c>", re.DOTALL)
VALUE = re.compile(rb"<" + NAME + rb"v>(.*?)</" + NAME + rb"v>", re.DOTALL)
# A formula whose value is missing. One that gave an empty text says so with t="str".
NO_VALUE = re.compile(
    rb"(?:</NAMEf>|<NAMEf\b[^>]*/>)\s*(?:<NAMEv\s*/>|<NAMEv>\s*</NAMEv>)?\s*</NAMEc>".replace(b"NAME", NAME)
)
CELL = re.compile(rb"<" + NAME + rb"c[ >]")
FORMULA = re.compile(rb"<" + NAME + rb"f\b[^>]*>(.*?)</" + NAME + rb"f>", re.DOTALL)
EMPTY_TEXT_OR_ERROR = re.compile(rb"\bt=[\"'](?:str|e)[\"']")
PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
HIDDEN = rb"\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])"
HIDDEN_ROW = re.compile(rb"<" + NAME + rb"row" + HIDDEN + rb"[^>]*\br=[\"']([0-9]+)[\"']")
HIDDEN_COLUMN = re.compile(rb"<" + NAME + rb"col" + HIDDEN + rb"[^>]*>")
RANGE = re.compile(rb"\b(min|max)=[\"']([0-9]+)[\"']")
END_OF_ROW = re.compile(rb"</" + NAME + rb"row>")


@dataclass
class SheetNotes:
    """What stands in a sheet beside its values. Rows and columns count from 0 here."""

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def sheet_notes(content: bytes, sheet: str) -> SheetNotes:
    """Return the notes of one sheet of a workbook; empty ones where its XML is not found where it should be."""
    notes = SheetNotes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = _path(archive, sheet)
        if path is None or path not in archive.namelist():
            return notes
        with archive.open(path) as stream:
            for piece in _pieces(stream):
                _note(piece, notes)
    return notes


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
        (node.get(RELATION) for node in book.iter() if node.get("name") == sheet and RELATION in node.attrib), ""
    )
    target = next((node.get("Target") for node in relations if node.get("Id") == wanted), None)
    return None if target is None else target.lstrip("/") if target.startswith("/") else f"xl/{target}"


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
    if b't="e"' in piece or b"t='e'" in piece:
        for cell in ERROR_CELL.finditer(piece):
            value = VALUE.search(cell[2])
            _put(notes, cell[1], value[1].decode("utf-8", "replace") if value else "#ERROR")
    if b"<f" in piece or b":f" in piece:
        for end in NO_VALUE.finditer(piece):
            cell_text = piece[_opening(piece, end.start()) : end.end()]
            attributes = cell_text[: cell_text.find(b">")]
            if EMPTY_TEXT_OR_ERROR.search(attributes):
                continue
            formula = FORMULA.search(cell_text)
            _put(notes, attributes, "=" + (unescape(formula[1].decode("utf-8", "replace")) if formula else ""))
    if b"hidden=" in piece:
        notes.hidden_rows += [int(row[1]) - 1 for row in HIDDEN_ROW.finditer(piece)]
        for column in HIDDEN_COLUMN.finditer(piece):
            span = {name: int(number) for name, number in RANGE.findall(column[0])}
            # A sheet hides "all columns to the right" with one range to the last of 16,384.
            notes.hidden_columns += range(span.get(b"min", 1) - 1, min(span.get(b"max", 0), 1000))


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
        notes.texts.setdefault(int(place[2]) - 1, {})[column - 1] = text
