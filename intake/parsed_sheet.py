"""A sheet's XML parsed cell by cell: slow, but whatever the way it is written in. Also what is noted of a sheet."""

from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

LAST_COLUMN = 16_384
ERROR_WITHOUT_NAME = "#ERROR"


class SheetDamaged(Exception):
    """The sheet's XML breaks off, or says two things about one cell."""


@dataclass
class SheetNotes:
    """What stands in a sheet beside its values. Rows and columns count from 0 here."""

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)

    def put(self, row: int, column: int, text: str) -> None:
        """Note the text of a cell."""
        self.texts.setdefault(row, {})[column] = text

    def hide_columns(self, first: int, last: int) -> None:
        """Note a range of hidden columns, counted from 1 as the sheet does."""
        # A sheet hides "all columns to the right" with one range to the last of 16,384.
        self.hidden_columns += range(first - 1, min(last, 1000))


def parsed_notes(stream: IO[bytes]) -> SheetNotes:
    """Return the notes of a sheet, its XML parsed. Raises SheetDamaged."""
    reader = _SheetReader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.begin
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.ParseFile(stream)
    except (expat.ExpatError, ValueError) as error:
        raise SheetDamaged(str(error)) from error
    return reader.notes


class _SheetReader:
    """Follows the elements of one sheet. A row or cell without an address comes after the one before it."""

    def __init__(self) -> None:
        self.notes = SheetNotes()
        self._row, self._column = -1, -1
        self._type = ""
        self._formula: str | None = None
        self._value: str | None = None
        self._within = ""
        self._seen: set[int] = set()

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column, self._seen = -1, set()
            if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
                self.notes.hidden_rows.append(self._row)
        elif name == "col":
            if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
                self.notes.hide_columns(int(attributes.get("min", "1")), int(attributes.get("max", "0")))
        elif name in ("f", "v"):
            self._within = name
            if name == "f":
                self._formula = self._formula or ""
            else:
                self._value = self._value or ""

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        self._column = _column(place) if place else self._column + 1
        if self._column in self._seen:
            raise SheetDamaged(place)
        self._seen.add(self._column)
        self._type, self._formula, self._value, self._within = attributes.get("t", ""), None, None, ""

    def text(self, text: str) -> None:
        if self._within == "f":
            self._formula = (self._formula or "") + text
        elif self._within == "v":
            self._value = (self._value or "") + text

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("f", "v"):
            self._within = ""
        elif name == "c":
            said = (self._value or "").strip()
            if self._type == "e":
                self.notes.put(self._row, self._column, said or ERROR_WITHOUT_NAME)
            elif said and self._type != "s":
                # Where calamine has a value too, that one counts.
                self.notes.put(self._row, self._column, said)
            elif not said and self._formula is not None and self._type != "str":
                self.notes.put(self._row, self._column, f"={self._formula}")


def _column(place: str) -> int:
    """Return the column of an address such as `C12`, from 0."""
    column = 0
    for letter in place.rstrip("0123456789"):
        column = column * 26 + ord(letter.upper()) - 64
    if not 0 < column <= LAST_COLUMN:
        raise SheetDamaged(place)
    return column - 1
