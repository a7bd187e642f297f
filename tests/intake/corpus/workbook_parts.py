"""Workbooks by what lies in them beside the table: hidden parts, other sheets, other programs' XML, damage."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import PLAIN, clean_cells, wide, without
from tests.intake.corpus.workbooks import put, typed_rows, workbook

CELLS = clean_cells()
READ = (6, 0, 6, 0)
TYPED = typed_rows(wide(CELLS))
SHEET = "xl/worksheets/sheet1.xml"
KIND = "workbook's parts"


def cases() -> Iterator[Case]:
    """Yield workbooks with something beside the table."""
    yield from _hidden()
    yield from _other_sheets()
    yield from _other_programs()
    yield from _damaged()


def _case(name: str, content: bytes, cells=CELLS, **expected: Any) -> Case:
    return Case(KIND, name, content, cells, file_name="report.xlsx", **expected)


def _table(_book: Any, sheet: Any) -> None:
    put(sheet, TYPED)


def _hidden() -> Iterator[Case]:
    def rows(_book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        sheet.set_row(3, None, None, {"hidden": True})

    def columns(_book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        sheet.set_column(5, 6, None, None, {"hidden": True})

    def filtered(_book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        sheet.autofilter(0, 0, 6, 11)
        sheet.filter_column(0, "x == 001024")
        for row in range(2, 7):
            sheet.set_row(row, None, None, {"hidden": True})

    yield _case("a hidden row", workbook(rows), rows=READ, warnings=(("hidden_rows", None),))
    yield _case("hidden columns", workbook(columns), rows=READ, warnings=(("hidden_columns", None),))
    yield _case("filtered rows", workbook(filtered), rows=READ, warnings=(("hidden_rows", None),))


def _other_sheets() -> Iterator[Case]:
    def lists(book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        put(book.add_worksheet("Справочник"), [["Код"], ["001024"], ["001025"]])

    def people(book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        put(book.add_worksheet("Контакты"), [["ФИО", "Почта"], ["Бекова А.", "bekova@example.kz"]])

    def hidden_people(book: Any, sheet: Any) -> None:
        people(book, sheet)
        book.worksheets()[-1].very_hidden()

    def chart(book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        drawn = book.add_chart({"type": "column"})
        drawn.add_series({"values": "='Отчёт'!$D$2:$D$7"})
        book.add_chartsheet("Диаграмма").set_chart(drawn)

    def months(book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        put(book.add_worksheet("Октябрь"), typed_rows(wide(clean_cells(period="2026-10"))))

    unread = (("other_sheets", None),)
    yield _case("a list on another sheet", workbook(lists), rows=READ, warnings=unread)
    yield _case("another month on another sheet", workbook(months), rows=READ, warnings=unread)
    yield _case("a sheet of a chart", workbook(chart), rows=READ)
    for name, fill in (("another sheet", people), ("a hidden sheet", hidden_people)):
        yield _case(f"e-mail addresses on {name}", workbook(fill), {}, errors=ANY_ERROR)


def rewritten(content: bytes, change: Callable[[str], str], part: str = SHEET) -> bytes:
    """Return the workbook with one of its parts changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as written:
        for entry in source.infolist():
            found = source.read(entry)
            written.writestr(entry, change(found.decode()).encode() if entry.filename == part else found)
    return target.getvalue()


def _other_programs() -> Iterator[Case]:
    plain = workbook(_table)
    good = without(CELLS, "002017")
    wrong = {"errors": (("not_a_number", 4, "messages_sent"),), "rows": (6, 0, 5, 1)}

    def prefixed(xml: str) -> str:
        xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml.partition("?>")[2])
        return '<?xml version="1.0"?>' + xml.replace('worksheet xmlns="', 'worksheet xmlns:x="', 1)

    def unaddressed(xml: str) -> str:
        return re.sub(r'(<(?:c|row)) r="\w+"', r"\1", xml)

    def replaced(cell: str) -> Callable[[str], str]:
        return lambda xml: re.sub(r'<c r="I4".*?</c>', cell, xml)

    never = '<c r="I4"><f>SUM(A1:A2)</f><v/></c>'
    error = '<c r="I4" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    yield _case("names of XML with a prefix", rewritten(plain, prefixed), rows=READ, warnings=())
    yield _case("cells without addresses", rewritten(plain, unaddressed), either=True)
    for name, cell in (
        ("a formula never worked out", never), ("an error", error), ("an error without a formula",
        error.replace("<f>1/0</f>", "")),
        ("a formula without any value", never.replace("<v/>", "")), ("attributes in another order",
        error.replace('r="I4" t="e"', 't="e" r="I4"')),
        ("a formula with attributes", never.replace("<f>", '<f t="array" ref="I4">')),
        ("an error in single quotes", error.replace('"', "'")),
    ):  # fmt: skip
        damaged = rewritten(plain, replaced(cell))
        yield _case(name, damaged, good, **wrong)
        yield _case(f"{name}, with a prefix", rewritten(damaged, prefixed), good, **wrong)
    blank = rewritten(plain, replaced('<c r="I4" t="str"><f>IF(1,"","")</f><v></v></c>'))
    left = {cell: value for cell, value in CELLS.items() if cell != ("002017", "messages_sent", "2026-09")}
    yield _case("a formula that gives an empty text", blank, left, rows=READ, blank=1)
    moved = rewritten(plain, lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', xml))
    yield _case("a wrong dimension", moved, rows=READ, warnings=())


def _damaged() -> Iterator[Case]:
    content = workbook(_table)
    for name, damaged in (
        ("cut in half", content[: len(content) // 2]), ("its end cut", content[:-30]),
        ("its middle overwritten", content[:900] + b"\0" * 300 + content[1200:]),
        ("a sheet that is no XML", rewritten(content, lambda xml: xml[: len(xml) // 2])),
        ("an empty sheet part", rewritten(content, lambda _xml: "")),
        ("no sheet of that name", rewritten(content, lambda xml: xml.replace("sheet1.xml", "sheet9.xml"),
        "xl/_rels/workbook.xml.rels")),
    ):  # fmt: skip
        yield _case(name, damaged, CELLS, either=True)
    bomb = rewritten(
        content, lambda xml: '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>' + xml.partition("?>")[2], "xl/workbook.xml"
    )
    yield _case("entities in its XML", bomb, CELLS, either=True)
    yield _case("a sheet that is not there", content, {}, errors=ANY_ERROR, options=Options(sheet="Нет такого"))
    yield _case("a CSV named .xlsx", PLAIN.write(wide(CELLS)), rows=READ)
