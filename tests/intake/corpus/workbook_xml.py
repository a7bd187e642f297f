"""Workbooks as other programs write them: XML, types of cells, formats of numbers, sheets before the table."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import clean_cells, long, wide, without
from tests.intake.corpus.workbook_parts import SHEET, rewritten
from tests.intake.corpus.workbooks import put, typed_rows, workbook

CELLS = clean_cells()
READ = (6, 0, 6, 0)
TYPED = typed_rows(wide(CELLS))
KIND = "workbook's XML"
CELL = ("002017", "messages_sent", "2026-09")  # stands in I4
WRONG: dict[str, Any] = {"errors": (("not_a_number", 4, "messages_sent"),), "rows": (6, 0, 5, 1)}
FORMATS = (
    '0" шт."', '0 "months"', "0\\d", '#,##0 "days"', "[Red]0", "0;[Red]-0", '0.0 "h"', 'General" d"', "[$-419]0", "@",
    "# ?/?", '"дн. "0', "0_d", "0*d", "_-* #,##0\\ _₽_-", '#,##0.00\\ "сум/ч"', "General", "000000",
)  # fmt: skip
# Parts of the two namespaces in which a workbook may be written.
STRICT = (
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships",
     "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield workbooks whose parts are written in every legal way, and in some that are none."""
    plain = workbook(_table)
    yield from _cells(plain)
    yield from _addresses(plain)
    yield from _hidden(plain)
    yield from _formats()
    yield from _sheets()
    yield from _no_workbooks(plain)


def _table(_book: Any, sheet: Any) -> None:
    put(sheet, TYPED)


def _case(name: str, content: bytes, cells=CELLS, **expected: Any) -> Case:
    return Case(KIND, name, content, cells, file_name="report.xlsx", **expected)


def _with_cell(plain: bytes, cell: str) -> bytes:
    return rewritten(plain, lambda xml: re.sub(r'<c r="I4".*?</c>', lambda _found: cell, xml))


def _unaddressed(content: bytes) -> bytes:
    return rewritten(content, lambda xml: re.sub(r'(<(?:c|row)) r="\w+"', r"\1", xml))


def _strict(content: bytes) -> bytes:
    """Return the workbook in the "strict" variant of the format."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as written:
        for entry in source.infolist():
            part = source.read(entry)
            for usual, strict in STRICT:
                part = part.replace(usual.encode(), strict.encode())
            written.writestr(entry, part)
    return target.getvalue()


def _ways(name: str, content: bytes, cells=CELLS, **expected: Any) -> Iterator[Case]:
    """Yield a workbook as it is, with cells that have no addresses, and in the strict variant."""
    yield _case(name, content, cells, **expected)
    yield _case(f"{name}, without addresses", _unaddressed(content), cells, **expected)
    yield _case(f"{name}, strict", _strict(content), cells, **expected)


def _cells(plain: bytes) -> Iterator[Case]:
    good = without(CELLS, "002017")
    yield from _ways("as it is", plain, warnings=(), rows=READ)
    for name, cell in (
        ("an error", '<c r="I4" t="e"><v>#REF!</v></c>'), ("an error without a name", '<c r="I4" t="e"></c>'),
        ("an error of one tag", '<c r="I4" t="e"/>'), ("a truth", '<c r="I4" t="b"><v>1</v></c>'),
        ("a formula never worked out", '<c r="I4"><f>1+1</f></c>'), ("not a number", '<c r="I4"><v>NaN</v></c>'),
        ("a formula worked out to spaces", '<c r="I4"><f>1+1</f><v> </v></c>'),
        ("a day", '<c r="I4" t="d"><v>2026-09-01</v></c>'),
        ("endless", '<c r="I4"><v>INF</v></c>'), ("a word as a number", '<c r="I4"><v>abc</v></c>'),
    ):  # fmt: skip
        yield from _ways(name, _with_cell(plain, cell), good, **WRONG)
    for name, cell in (
        ("an error with spaces in its tag", '<c r="I4" t = "e"><v>#REF!</v></c>'),
        ("an error beside a comment", '<c r="I4" t="e"><!-- x --><v>#REF!</v></c>'),
        ("plain text within its XML", '<c r="I4" t="str"><v><![CDATA[abc]]></v></c>'),
    ):
        yield _case(name, _with_cell(plain, cell), good, **WRONG)
    for name, value, cell in (
        ("an exponent", 1234, '<c r="I4"><v>1.234E3</v></c>'),
        ("sixteen digits of 1234", 1234, '<c r="I4"><v>1233.9999999999998</v></c>'),
        ("a text in pieces", 1234, '<c r="I4" t="inlineStr"><is><r><t>1</t></r><r><t>234</t></r></is></c>'),
        ("a shared formula", 5, '<c r="I4"><f t="shared" si="0"/><v>5</v></c>'),
        ("a comment in the cell", 5, '<c r="I4"><!-- x --><v>5</v></c>'),
        ("a number as text", 1234, '<c r="I4" t="inlineStr"><is><t>1234</t></is></c>'),
    ):
        yield _case(name, _with_cell(plain, cell), {**CELLS, CELL: value}, warnings=(), rows=READ)
    hours = rewritten(plain, lambda xml: re.sub(r'<c r="L4".*?</c>', '<c r="L4"><v>3.3000000000000003</v></c>', xml))
    exact = {**CELLS, ("002017", "training_hours", "2026-09"): 3.3}
    yield _case("sixteen digits of 3.3", hours, exact, warnings=(), rows=READ)


def _addresses(plain: bytes) -> Iterator[Case]:
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        rows = re.findall(r"<row .*?</row>", archive.read(SHEET).decode(), re.DOTALL)
    upside_down = rewritten(plain, lambda xml: xml.replace("".join(rows), "".join([rows[0], *reversed(rows[1:])])))
    yield _case("rows in another order", upside_down, warnings=(), rows=READ)
    swapped = rewritten(plain, lambda xml: re.sub(r'(<c r="H4".*?</c>)(<c r="I4".*?</c>)', r"\2\1", xml))
    yield _case("cells in another order", swapped, warnings=(), rows=READ)
    small = rewritten(plain, lambda xml: xml.replace('r="I4"', 'r="i4"'))
    yield _case("an address in small letters", small, either=True)
    twice = '<c r="I4"><v>5</v></c><c r="I4"><v>7</v></c>'
    yield _case("a cell that stands twice", _with_cell(plain, twice), {}, errors=ANY_ERROR)
    doubled = rewritten(plain, lambda xml: xml.replace(rows[3], rows[3] + rows[3].replace("<v>", "<v>1")))
    yield _case("a row that stands twice", doubled, {}, errors=ANY_ERROR)
    out = rewritten(plain, lambda xml: xml.replace(rows[3], f"<!--{rows[3]}-->"))
    yield _case("a row commented out", out, without(CELLS, "002017"), rows=(6, 1, 5, 0))
    text = _with_cell(plain, '<c r="I4" t="s"><v>99999</v></c>')
    yield _case("a text that is not there", text, {}, errors=ANY_ERROR)


def _hidden(plain: bytes) -> Iterator[Case]:
    for name, change in (
        ("a hidden row", lambda xml: xml.replace('<row r="4"', '<row r="4" hidden="1"')),
        ("a hidden row, said first", lambda xml: xml.replace('<row r="4"', '<row hidden="true" r="4"')),
        ("a row of no height", lambda xml: xml.replace('<row r="4"', '<row r="4" ht="0" customHeight="1"')),
    ):
        content = rewritten(plain, change)
        yield from _ways(name, content, warnings=(("hidden_rows", None),), rows=READ)
    columns = '<cols><col min="6" max="6" width="0" customWidth="1"/></cols><sheetData>'
    narrow = rewritten(plain, lambda xml: xml.replace("<sheetData>", columns))
    yield from _ways("a column of no width", narrow, warnings=(("hidden_columns", None),), rows=READ)


def _formats() -> Iterator[Case]:
    for shape in FORMATS:

        def fill(book: Any, sheet: Any, shape: str = shape) -> None:
            put(sheet, TYPED)
            sheet.write_number(3, 8, 40, book.add_format({"num_format": shape}))

        yield _case(f"a number shown as {shape}", workbook(fill), {**CELLS, CELL: 40}, warnings=(), rows=READ)

    def dated(shape: str, when: datetime, **options: bool) -> bytes:
        def fill(book: Any, sheet: Any) -> None:
            put(sheet, TYPED)
            for row in range(1, 7):
                sheet.write_datetime(row, 2, when, book.add_format({"num_format": shape}))

        return workbook(fill, **options)

    first = datetime(2026, 9, 1, tzinfo=UTC).replace(tzinfo=None)
    last = datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC).replace(tzinfo=None)
    for shape in ("mmm yyyy", "dd.mm.yyyy", "[$-419]mmmm yyyy;@", "yyyy-mm", "dd.mm.yyyy hh:mm"):
        yield _case(f"months as days shown as {shape}", dated(shape, first), warnings=(), rows=READ)
        yield _case(f"months from 1904, {shape}", dated(shape, first, date_1904=True), warnings=(), rows=READ)
    yield _case("months by their last second", dated("dd.mm.yyyy hh:mm", last), warnings=(), rows=READ)
    yield _case("months as bare numbers of days", dated("0", first), {}, errors=ANY_ERROR, rows=(6, 0, 0, 6))


def _sheets() -> Iterator[Case]:
    def cover(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "Отчёт о внедрении")
        sheet.write(2, 0, "Заполните лист «Данные»")
        put(book.add_worksheet("Данные"), TYPED)

    def earlier_hidden(book: Any, sheet: Any) -> None:
        put(sheet, typed_rows(wide(clean_cells(period="2026-08"))))
        shown = book.add_worksheet("Данные")
        put(shown, TYPED)
        shown.activate()
        shown.set_first_sheet()
        sheet.very_hidden()

    def summed(_book: Any, sheet: Any) -> None:
        put(sheet, TYPED)
        columns = [{"header": name} | ({"total_function": "sum"} if at > 2 else {}) for at, name in enumerate(TYPED[0])]
        columns[0]["total_string"] = "Итог"
        sheet.add_table(0, 0, 7, 11, {"total_row": True, "columns": columns})

    def merged(book: Any, sheet: Any) -> None:
        put(sheet, typed_rows(long(CELLS), texts=(0, 1, 2)))
        sheet.merge_range(1, 0, 9, 0, "001024", book.add_format())

    unread, first = (("other_sheets", None),), "licences_allocated"
    left = {cell: value for cell, value in CELLS.items() if cell[0] != "001024" or cell[1] == first}
    yield _case("a cover before the table", workbook(cover), warnings=unread, rows=READ, reading={"sheet": "Данные"})
    yield _case("an earlier month, very hidden", workbook(earlier_hidden), warnings=(), rows=READ)
    yield _case("a table with a row of totals", workbook(summed), warnings=(("totals_row", 8),), rows=(7, 0, 6, 0))
    yield _case(
        "a school merged over its rows", workbook(merged), left, rows=(54, 0, 46, 8),
        errors=tuple(("school_missing", row, "school_code") for row in range(3, 11)),
    )  # fmt: skip


def _no_workbooks(plain: bytes) -> Iterator[Case]:
    page = "<html><table><tr><td>school_code</td><td>period</td></tr></table></html>"
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    misnamed = rewritten(plain, lambda xml: xml.replace("UTF-8", "UTF-16"))
    for name, content in (
        ("a page with a byte-order mark", b"\xef\xbb\xbf" + page.encode()), ("a page in UTF-16", page.encode("utf-16")),
        ("a page that begins with a comment", b"<!-- report -->" + page.encode()),
        ("a page in one piece with its pictures", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n"),
        ("a workbook with a password", locked), ("a sheet that says UTF-16 and is not", misnamed),
        ("something before the zip", b"\n" + plain),
    ):  # fmt: skip
        yield Case(KIND, name, content, CELLS, either=True, file_name="report.xls")
