"""Excel workbooks as spreadsheets and libraries write them."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

import xlsxwriter

from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, NA, Case
from tests.intake.corpus.tables import RUSSIAN, Rows, changed, clean_cells, long, wide, without

CELLS = clean_cells()
READ = (6, 0, 6, 0)
MADE = datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None)
Fill = Callable[[Any, Any], None]


def cases() -> Iterator[Case]:
    """Yield workbooks, well made and damaged."""
    yield from _typed()
    yield from _places()
    yield from _periods()
    yield from _wrong()
    yield from _texts()


def workbook(fill: Fill, **options: bool) -> bytes:
    """Return a workbook with one sheet, filled by a function of the workbook and the sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, options) as workbook:
        workbook.set_properties({"created": MADE})
        fill(workbook, workbook.add_worksheet("Отчёт"))
    return target.getvalue()


def _case(name: str, fill: Fill, cells=CELLS, **expected: Any) -> Case:
    content = workbook(fill)
    return Case("workbook", name, content, cells, file_name="report.xlsx", **expected)


def typed_rows(rows: Rows, *, texts: tuple[int, ...] = (0, 1, 2)) -> list[list[Any]]:
    """Return the rows as a spreadsheet holds them: numbers as numbers, but in the columns `texts`."""
    header, *body = rows
    found = [
        [cell if index in texts or cell in ("", NA) else float(cell) for index, cell in enumerate(row)] for row in body
    ]
    return [header, *found]


def put(sheet: Any, rows: list[list[Any]], *, top: int = 0, left: int = 0) -> None:
    """Write rows of texts and numbers; nothing for an empty text."""
    for index, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(top + index, left + position, cell) if cell else None
            else:
                sheet.write_number(top + index, left + position, cell)


def _only(rows: list[list[Any]], _book: Any, sheet: Any) -> None:
    put(sheet, rows)


def _typed() -> Iterator[Case]:
    typed = typed_rows(wide(CELLS))
    shown = {"layout": "wide", "sheet": "Отчёт", "header_row": 1, "encoding": None, "delimiter": None}
    yield _case(
        "codes as text, numbers as numbers",
        lambda _b, s: put(s, typed),
        warnings=(),
        rows=READ,
        blank=0,
        reading=shown,
    )
    numeric = typed_rows(wide(CELLS), texts=(1, 2))
    yield _case(
        "codes as numbers", lambda _b, s: put(s, numeric), rows=READ,
        warnings=tuple(("school_code_repaired", row) for row in range(2, 6)),
    )  # fmt: skip
    yield _case("all as text", lambda _b, s: put(s, wide(CELLS)), warnings=(), rows=READ)
    russian = typed_rows(wide(CELLS, names=RUSSIAN))
    yield _case("Russian names", lambda _b, s: put(s, russian), warnings=(), rows=READ)
    typed_long = typed_rows(long(CELLS))
    yield _case("long", lambda _b, s: put(s, typed_long), warnings=(), rows=(54, 0, 54, 0), reading={"layout": "long"})

    def formatted(book: Any, sheet: Any) -> None:
        put(sheet, typed)
        shape = book.add_format({"num_format": "# ##0.00"})
        for row, record in enumerate(typed[1:], start=1):
            for position in range(3, len(record)):
                sheet.write_number(row, position, record[position], shape)

    yield _case("numbers with a format", formatted, warnings=(), rows=READ)

    def formulas(_book: Any, sheet: Any) -> None:
        put(sheet, typed)
        for row, record in enumerate(typed[1:], start=1):
            sheet.write_formula(row, 5, f"=D{row + 1}+1", None, record[5])

    yield _case("formulas with stored values", formulas, warnings=(), rows=READ)
    inline = workbook(lambda _b, s: put(s, typed), constant_memory=True)
    yield Case("workbook", "texts inline", inline, CELLS, warnings=(), rows=READ, file_name="report.xlsx")
    absent = {**CELLS, ("001025", "messages_sent", "2026-09"): NA, ("002017", "messages_sent", "2026-09"): 0}
    said = typed_rows(wide(absent))
    yield _case("not applicable and zero", lambda _b, s: put(s, said), absent, warnings=(), rows=READ)
    named_csv = Case("workbook", "named .csv", workbook(lambda _b, s: put(s, typed)), CELLS, rows=READ)
    yield named_csv


def _places() -> Iterator[Case]:
    typed = typed_rows(wide(CELLS))
    width = len(typed[0])

    def titled(book: Any, sheet: Any) -> None:
        sheet.merge_range(
            0, 0, 0, width - 1, "Отчёт о ходе внедрения, октябрь 2026 г.", book.add_format({"bold": True})
        )
        put(sheet, typed, top=2)

    yield _case("a merged title", titled, warnings=(), rows=READ, reading={"header_row": 3})
    wrong = [list(row) for row in typed]
    wrong[3][5] = -1.0
    yield _case(
        "a wrong value below a title", lambda _b, s: put(s, [["Отчёт"], [], [], [], *wrong]), without(CELLS, "002017"),
        errors=(("negative_value", 8, "teachers_total"),), rows=(6, 0, 5, 1), reading={"header_row": 5},
    )  # fmt: skip
    yield _case(
        "a table that begins in row 6 of column D", lambda _b, s: put(s, wrong, top=5, left=3), without(CELLS,
        "002017"),
        errors=(("negative_value", 9, "teachers_total"),), reading={"header_row": 6},
    )  # fmt: skip

    def blanks(_book: Any, sheet: Any) -> None:
        put(sheet, typed[:4])
        put(sheet, typed[4:], top=6)

    yield _case("blank rows between", blanks, rows=(8, 2, 6, 0), warnings=())

    def totals(_book: Any, sheet: Any) -> None:
        put(sheet, typed)
        sheet.write(7, 0, "Итого")
        for position in range(3, width):
            letter = chr(65 + position)
            sheet.write_formula(
                7, position, f"=SUM({letter}2:{letter}7)", None, sum(row[position] for row in typed[1:])
            )

    yield _case("a totals row of formulas", totals, rows=(7, 0, 6, 0), warnings=(("totals_row", 8),))

    def merged_codes(book: Any, sheet: Any) -> None:
        put(sheet, typed)
        sheet.merge_range(1, 0, 2, 0, "001024", book.add_format())

    yield _case(
        "merged codes", merged_codes, without(CELLS, "001025"), errors=(("school_missing", 3, "school_code"),),
        rows=(6, 0, 5, 1),
    )  # fmt: skip

    def second(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Данные")
        put(other, typed)

    yield _case("on the second sheet, the first being empty", second, rows=READ, reading={"sheet": "Данные"})

    def hidden_first(book: Any, sheet: Any) -> None:
        sheet.write(0, 0, "lists")
        other = book.add_worksheet("Данные")
        put(other, typed)
        other.activate()
        other.set_first_sheet()
        sheet.hide()

    yield _case("on the second sheet, the first being hidden", hidden_first, rows=READ, reading={"sheet": "Данные"})

    def chosen(book: Any, sheet: Any) -> None:
        put(sheet, typed_rows(wide(clean_cells(period="2026-08"))))
        put(book.add_worksheet("Данные"), typed)

    yield _case(
        "on the sheet that is chosen", chosen, reading={"sheet": "Данные"}, rows=READ, options=Options(sheet="Данные")
    )
    formats = [*range(width, width + 5)]

    def far(book: Any, sheet: Any) -> None:
        put(sheet, typed)
        shape = book.add_format({"bg_color": "#FFFFFF"})
        for row in range(40):
            for position in formats:
                sheet.write_blank(row, position, None, shape)

    yield _case("formatted blank cells around", far, CELLS, warnings=(), blank=0)


def _periods() -> Iterator[Case]:
    typed = typed_rows(wide(CELLS))

    def with_periods(write: Callable[[Any, Any, int], None], **options: bool) -> bytes:
        def fill(book: Any, sheet: Any) -> None:
            put(sheet, typed)
            for row in range(1, 7):
                write(book, sheet, row)

        return workbook(fill, **options)

    def dated(day: date, shape: str) -> Callable[[Any, Any, int], None]:
        return lambda book, sheet, row: sheet.write_datetime(row, 2, day, book.add_format({"num_format": shape}))

    for name, content in (
        ("dates", with_periods(dated(date(2026, 9, 1), "yyyy-mm-dd"))),
        ("dates shown as months", with_periods(dated(date(2026, 9, 1), "mmm-yy"))),
        ("dates shown in Russian", with_periods(dated(date(2026, 9, 1), "[$-419]mmmm yyyy"))),
        ("the month's last day", with_periods(dated(date(2026, 9, 30), "dd.mm.yyyy"))),
        ("dates counted from 1904", with_periods(dated(date(2026, 9, 1), "yyyy-mm-dd"), date_1904=True)),
        ("moments", with_periods(dated(MADE.replace(month=9), "yyyy-mm-dd hh:mm"))),
        ("a number 9.2026", with_periods(lambda _b, sheet, row: sheet.write_number(row, 2, 9.2026))),
        ("a number 202609", with_periods(lambda _b, sheet, row: sheet.write_number(row, 2, 202609))),
    ):
        yield Case("workbook", f"period as {name}", content, CELLS, rows=READ, warnings=(), file_name="report.xlsx")
    for name, content in (
        ("the middle of a month", with_periods(dated(date(2026, 9, 15), "mmm-yy"))),
        ("a day's number", with_periods(lambda _b, sheet, row: sheet.write_number(row, 2, 46266))),
        (
            "a number 2026.1: January, or October without its zero",
            with_periods(lambda _b, s, row: s.write_number(row, 2, 2026.10)),
        ),
        ("a year", with_periods(lambda _b, sheet, row: sheet.write_number(row, 2, 2026))),
        ("a truth value", with_periods(lambda _b, sheet, row: sheet.write_boolean(row, 2, True))),
    ):
        errors = tuple(("period_unreadable", row, "period") for row in range(2, 8))
        yield Case("workbook", f"period as {name}", content, errors=errors, rows=(6, 0, 0, 6), file_name="report.xlsx")


def _wrong() -> Iterator[Case]:
    typed = typed_rows(wide(CELLS))

    def with_cell(write: Callable[[Any, Any], None]) -> Fill:
        def fill(book: Any, sheet: Any) -> None:
            put(sheet, typed)
            write(book, sheet)

        return fill

    for name, write, code in (
        ("a truth value", lambda _b, s: s.write_boolean(3, 8, True), "not_a_number"),
        (
            "a date",
            lambda b, s: s.write_datetime(3, 8, date(2026, 9, 5), b.add_format({"num_format": "dd.mm.yyyy"})),
            "not_a_number",
        ),
        (
            "a time",
            lambda b, s: s.write_datetime(3, 8, time(5, 30), b.add_format({"num_format": "hh:mm"})),
            None,
        ),
        (
            "a percentage",
            lambda b, s: s.write_number(3, 8, 0.12, b.add_format({"num_format": "0%"})),
            "fractional_count",
        ),
        ("an error", lambda _b, s: s.write_formula(3, 8, "=1/0", None, "#DIV/0!"), None),
        ("a word", lambda _b, s: s.write_string(3, 8, "нет"), "not_a_number"),
        ("a fraction", lambda _b, s: s.write_number(3, 8, 5.5), "fractional_count"),
        ("nearly whole", lambda _b, s: s.write_number(3, 8, 4.999999999999), "fractional_count"),
        ("1E+15", lambda _b, s: s.write_number(3, 8, 1e15), None),
        ("1E-7", lambda _b, s: s.write_number(3, 8, 1e-7), None),
        ("1.234", lambda _b, s: s.write_number(3, 8, 1.234), "fractional_count"),
        ("text 1,234 beside numbers with decimals", lambda _b, s: s.write_string(3, 8, "1,234"), "ambiguous_number"),
        ("text 1.234 beside numbers with decimals", lambda _b, s: s.write_string(3, 8, "1.234"), "ambiguous_number"),
    ):
        errors = ((code, 4, "messages_sent"),) if code else ANY_ERROR
        yield _case(f"{name} as a count", with_cell(write), without(CELLS, "002017"), errors=errors, rows=(6, 0, 5, 1))
    for text, value in (("1 234", 1234), ("1\u00a0234,0", 1234), ("5,0", 5), ("0005", 5)):
        meant = {**CELLS, ("002017", "messages_sent", "2026-09"): value}
        rows = [list(row) for row in typed]
        rows[3][8] = text
        yield _case(f"text {text} as a count", partial(_only, rows), meant, rows=READ)

    def formula_without_value(_book: Any, sheet: Any) -> None:
        put(sheet, typed)
        sheet.write_formula(3, 8, "=1+1", None, "")

    yield _case(
        "a formula that was never worked out", formula_without_value, without(CELLS, "002017"),
        errors=(("not_a_number", 4, "messages_sent"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    people = [[*row, "e-mail" if index == 0 else "a.b@example.kz"] for index, row in enumerate(typed)]
    yield _case("e-mail addresses", lambda _b, s: put(s, people), {}, errors=(("personal_data", None, "e-mail"),))


def _texts() -> Iterator[Case]:
    for name, text in (
        ("a formula as text", "=1+1"), ("line ends", "a\nb"), ("markup", "<b>&amp;</b>"), ("pictures", "🏫👩‍🏫"),
        ("an escape of Excel", "_x000D_"), ("many letters", "Ш" * 32_000),
    ):  # fmt: skip
        rows = typed_rows(changed(wide(CELLS), 4, "school_name", text))
        yield _case(f"{name} in a name", partial(_only, rows), warnings=(("school_name_differs", 4),), rows=READ)
    yield _case("no cells", lambda _b, _s: None, {}, errors=ANY_ERROR)
    yield _case("only a header", lambda _b, s: put(s, wide(CELLS)[:1]), {}, errors=(("no_rows", None, None),))
    yield _case("only a title", lambda _b, s: s.write(0, 0, "Отчёт"), {}, errors=ANY_ERROR)
