"""Filling in a workbook as a person does: its cells get values, and everything else stays as it is."""

import io
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def filled_in(workbook: bytes, values: Mapping[tuple[int, int], float | str]) -> bytes:
    """Return the workbook with these values on its first sheet: (row, column), both from 1 -> number or text."""
    ElementTree.register_namespace("", MAIN)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            after.writestr(entry, _filled(content, values) if entry.filename == SHEET else content)
    return target.getvalue()


def _filled(xml: bytes, values: Mapping[tuple[int, int], float | str]) -> bytes:
    sheet = ElementTree.fromstring(xml)
    rows = {int(row.attrib["r"]): row for row in sheet.iter(f"{{{MAIN}}}row")}
    for (row, column), value in values.items():
        cells = {_column(cell.attrib["r"]): cell for cell in rows[row]}
        cell = cells.get(column)
        if cell is None:
            cell = ElementTree.Element(f"{{{MAIN}}}c", {"r": f"{_letters(column)}{row}"})
            rows[row].insert(sum(place < column for place in cells), cell)
        if isinstance(value, str):
            cell.attrib["t"] = "inlineStr"
            ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t").text = value
        else:
            cell.attrib.pop("t", None)
            ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = repr(value)
    return ElementTree.tostring(sheet, encoding="UTF-8", xml_declaration=True)


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", reference):
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
