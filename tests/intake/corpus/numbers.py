"""How numbers are written: what shows a file's convention, what could be two numbers, what is none."""

from collections.abc import Iterator

from intake.options import Options
from tests.intake.corpus.case import Case, Error, Value
from tests.intake.corpus.tables import COUNTS, PLAIN, Style, changed, clean_cells, long, wide, without

CELLS = clean_cells(metrics=COUNTS)
METRIC, SCHOOL, ROW = "messages_sent", "002017", 4
READ = (6, 0, 6, 0)
# Written in a file that shows no convention of its own: the text, and its value where it has only one.
ALONE = (
    ("0", 0), ("007", 7), ("1 234", 1234), ("1\u00a0234", 1234), ("1\u202f234", 1234), ("1'234", 1234), ("1’234", 1234),
    ("12 345", 12345), ("123 456", 123456), ("5.0", 5), ("5,0", 5), ("5,00", 5), ("1234.0", 1234), ("1234,000", 1234),
    ("1 234,0", 1234), ("1,234.0", 1234), ("1.234,0", 1234), ("1'234.00", 1234), ("+5", 5), ("1,000,000", 1_000_000),
    ("1.000.000", 1_000_000), ("1 000 000", 1_000_000), ("0,0", 0), ("0.000", 0), ("-0", 0), ("12  345", 12345),
    ("00012", 12), ("1000000", 1_000_000),
)  # fmt: skip
AMBIGUOUS = ("1,234", "1.234", "12,345", "123.456", "999,000", "1,000", "-1,234", "+1.234")
NOT_NUMBERS = (
    "abc", "12abc", "1 2", "12 34", "1 23 456", "1,23,456", "1 234 56", "1,2345,678", "1.2.3", "1,2,3", "--5", "5-",
    "(5)",
    "- 5", "1/2", "½", "5²", "٣", "١٢", "५", "１２", "⑤", "Ⅳ", "1e", "e5", "0x1F", "0b1", "1_000", "#ДЕЛ/0!", "#DIV/0!",
    "#REF!",
    "#N/A", "NaN", "nan", "inf", "-inf", "None", "NULL", "TRUE", "ИСТИНА", "да", "нет", "пять", "12 чел.", "~12",
    ">5", "<5",
    "около 12", "12*", "12?", "?", "…", ".", ",", "+", "−", "‑", "_", "'", "=5+3", "=SUM(A1:A2)", "@5", "5;6", "5\n6",
    "10-12",
    "12:30", "01.09.2026", "2026-09-01", "н.д.", "na", "NA", "N.A.", "n\\a", "не применимо", "--", "---", "O", "О",
    "l2", "З",
    "12 тыс.", "1.5k", "%", "% 5", "1 234,", "1,", "5.", "1 ,234", "5 %%", "$5", "5 ₸", "£1,234.50",
    "1" + "0" * 400, "1,234,56", "1.234,567,8", "1,234.567.8", "１,２３４", "²", "५१२",
)  # fmt: skip
ROUNDED = ("1e3", "1E3", "1.2E+03", "1,2E+03", "5e0", "1E-2", "-1e3", "1.5e+2")


def cases() -> Iterator[Case]:
    """Yield files with one number written in some way, among plain ones."""
    for text, value in ALONE:
        yield from _both("number", text, value)
    for text in AMBIGUOUS:
        yield from _both("ambiguous number", text, "ambiguous_number")
    for text in NOT_NUMBERS:
        yield from _both("not a number", text, "not_a_number")
    for text in ROUNDED:
        yield from _both("scientific", text, "rounded_number")
    yield from _by_convention()
    yield from _said()


def _both(kind: str, text: str, expected: Value) -> Iterator[Case]:
    """Yield the text in the wide and in the long layout. `expected` is its value, or the error's code."""
    shown = repr(text if len(text) < 30 else text[:30])
    cell = (SCHOOL, METRIC, "2026-09")
    said = {**CELLS, cell: expected}
    errors: tuple[Error, ...] = ()
    good = said
    for layout in ("wide", "long"):
        style = Style(delimiter=";")
        if layout == "wide":
            rows, row, column = changed(wide(CELLS), ROW, METRIC, text), ROW, METRIC
            if isinstance(expected, str):
                good = without(CELLS, SCHOOL)
        else:
            row, column = 2 + list(CELLS).index(cell), "value"
            rows = changed(long(CELLS), row, column, text)
            if isinstance(expected, str):
                good = {other: value for other, value in CELLS.items() if other != cell}
        if isinstance(expected, str):
            errors = ((expected, row, column),)
        count = len(rows) - 1
        yield Case(
            kind, f"{shown}, {layout}", style.write(rows), good, errors=errors, warnings=(),
            rows=(count, 0, count - len(errors), len(errors)),
        )  # fmt: skip


def _by_convention() -> Iterator[Case]:
    """Yield numbers that could be two, in files that show in another place which is meant."""
    for shown, mark in (
        ("12,5", ","),
        ("12.5", "."),
        ("1 234,5", ","),
        ("1,234.5", "."),
        ("0,123", ","),
        ("1234.567", "."),
    ):
        for text in ("1,234", "1.234"):
            cells = clean_cells(metrics=(*COUNTS, "training_hours"))
            rows = changed(wide(cells), 3, "training_hours", "12,5" if mark == "," else "12.5")
            for row in (2, 4, 5, 6, 7):
                rows = changed(rows, row, "training_hours", "5")
            rows = changed(rows, 4, METRIC, text)
            hours = {cell: 5.0 for cell in cells if cell[1] == "training_hours"}
            meant = {**cells, **hours, ("001025", "training_hours", "2026-09"): 12.5, (SCHOOL, METRIC, "2026-09"): 1234}
            is_fraction = mark in text
            if shown not in ("12,5", "12.5"):
                continue
            errors = (("fractional_count", 4, METRIC),) if is_fraction else ()
            good = without(meant, SCHOOL) if is_fraction else meant
            yield Case(
                "ambiguous number", f"{text} in a file of {mark}", Style(delimiter=";").write(rows), good,
                errors=errors,
                reading={"decimal_mark": mark},
            )  # fmt: skip
    cells = clean_cells(metrics=(*COUNTS, "training_hours"))
    mixed = changed(changed(wide(cells), 2, "training_hours", "12,5"), 3, "training_hours", "12.5")
    mixed = changed(changed(mixed, 4, METRIC, "1,234"), 5, METRIC, "1.234")
    mixed = [row if index not in (4, 5, 6) else [*row[:-1], "5"] for index, row in enumerate(mixed)]
    mixed[3][-1] = "7"
    good = without(cells, "002017", "020311") | {
        (school, "training_hours", "2026-09"): value
        for school, value in (("001024", 12.5), ("001025", 12.5), ("100450", 5.0), ("100451", 5.0))
    }
    yield Case(
        "ambiguous number", "in a file that shows both conventions", Style(delimiter=";").write(mixed), good,
        errors=(("ambiguous_number", 4, METRIC), ("ambiguous_number", 5, METRIC)),
    )  # fmt: skip
    for mark in (",", "."):
        scored = [[*row, f"4{mark}{index}" if index else "Средний балл"] for index, row in enumerate(wide(CELLS))]
        other = "." if mark == "," else ","
        rows = changed(scored, 4, METRIC, f"1{other}234")
        yield Case(
            "ambiguous number", f"shown by a column that is not read, of {mark}", Style(delimiter=";").write(rows),
            {**CELLS, (SCHOOL, METRIC, "2026-09"): 1234}, reading={"decimal_mark": mark},
        )  # fmt: skip
    dated = changed(changed(wide(CELLS, school_names=False), 4, METRIC, "1,234"), 4, "period", "09.2026")
    yield Case(
        "ambiguous number", "beside a period that looks like a decimal number", Style(delimiter=";").write(dated),
        without(CELLS, SCHOOL), errors=(("ambiguous_number", 4, METRIC),),
    )  # fmt: skip
    noted = [
        [*row, "v. 2,5" if index else "note"] for index, row in enumerate(changed(wide(CELLS), 4, METRIC, "1.234"))
    ]
    yield Case(
        "ambiguous number", "beside a note that holds a number", Style(delimiter=";").write(noted),
        without(CELLS, SCHOOL), errors=(("ambiguous_number", 4, METRIC),),
    )  # fmt: skip
    grouped = changed(changed(wide(CELLS), 4, METRIC, "1,234"), 5, METRIC, "1,000,000")
    meant = {**CELLS, (SCHOOL, METRIC, "2026-09"): 1234, ("020311", METRIC, "2026-09"): 1_000_000}
    yield Case(
        "ambiguous number", "beside a number of two groups", Style(delimiter=";").write(grouped), meant,
        reading={"decimal_mark": "."},
    )  # fmt: skip
    everywhere = Style(delimiter=";", group=",")
    marked = [cell for cell, value in CELLS.items() if value >= 1000]
    refused = tuple(
        ("ambiguous_number", 2 + list(dict.fromkeys(c[0] for c in CELLS)).index(cell[0]), METRIC) for cell in marked
    )
    yield Case(
        "ambiguous number", "in every row", everywhere.write(wide(CELLS, everywhere)), errors=refused, rows=(6, 0, 0, 6)
    )


def _said() -> Iterator[Case]:
    """Yield numbers that could be two, where a person says which mark the file uses."""
    rows = changed(wide(CELLS), ROW, METRIC, "1,234")
    content = Style(delimiter=";").write(rows)
    meant = {**CELLS, (SCHOOL, METRIC, "2026-09"): 1234}
    yield Case("ambiguous number", "the mark is said to be a point", content, meant, options=Options(decimal_mark="."))
    yield Case(
        "ambiguous number", "the mark is said to be a comma", content, without(CELLS, SCHOOL),
        errors=(("fractional_count", ROW, METRIC),), options=Options(decimal_mark=","),
    )  # fmt: skip
    yield Case(
        "number", "a whole file of written zeros", PLAIN.write(wide(dict.fromkeys(CELLS, 0))), dict.fromkeys(CELLS, 0)
    )
