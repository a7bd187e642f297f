"""Which school a row is about: codes that spreadsheets and keyboards damaged, names, schools that take no part."""

from collections.abc import Iterator

from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import COUNTS, EXCEL, NAMES, PLAIN, changed, clean_cells, long, wide, without
from tests.intake.corpus.world import CLOSED, CONFUSING, LATE, LEFT, NOT_ENROLLED, NOT_YET_OPEN

CODES = ("001234", "001024", "KA-0012", "000777", "500100")
CELLS = clean_cells(CODES, COUNTS)
NAMED = dict(CONFUSING) | NAMES
# What a spreadsheet or a keyboard makes of a code, and the code.
REPAIRED = (
    ("1234", "001234"), ("1234.0", "001234"), ("1234,0", "001234"), ("1234.00", "001234"), ("1.2E+03", "001234"),
    ("1,2E+03", "001234"), ("1.234E+03", "001234"), ("1.23E+3", "001234"), ("1,2e3", "001234"), ("01234", "001234"),
    ("001234.0", "001234"), ("'001234", "001234"), ('="001234"', "001234"), ("’001234", "001234"),
    ("ОО1234", "001234"), ("OO1234", "001234"), ("КА-0012", "KA-0012"), ("КA-0012", "KA-0012"), ("ka-0012", "KA-0012"),
    ("ка-0012", "KA-0012"), ("KA 0012", None), ("KA-OO12", "KA-0012"), ("1024", "001024"), ("1024.0", "001024"),
    ("500100.0", "500100"), ("5.00E+05", "500100"), ("5E+05", None), ("1E+03", None), ("500100,0",
    "500100"),
)  # fmt: skip
EXACT = (" 001234 ", "001234\u00a0", "\u00a0001234", "\ufeff001234", "001234\u200b", "0012\u00ad34", "001234\t")
AMBIGUOUS = ("777", "777.0", "1.0E+03")
UNKNOWN = (
    "999999", "00123", "12345", "0001234", "001234-1", "1 234", "1,234", "1.234", "9E+08", "9.1E+09", "1.3E+03",
    "٠٠١٢٣٤", "００１２３４",
    "-1234", "001234/001024", "001234, 001024", "#N/A", "ABC", "n/a", "-", "0", "00", "1234.5", "School", "1" * 5000,
    "<script>alert(1)</script>", "'; DROP TABLE school; --", "=1+1", "\u202e001234x", "%s%n", "{0}", "{value}",
    "\\x00", "../../etc",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield files that name schools in every way."""
    yield from _codes()
    yield from _names()
    yield from _taking_part()


def _codes() -> Iterator[Case]:
    rows = wide(CELLS)
    for text, code in REPAIRED:
        if code is None:
            yield Case(
                "school code", f"{text!r} is no code", PLAIN.write(changed(rows, 4, 0, text)), CELLS, either=True
            )
            continue
        row = 2 + CODES.index(code)
        for layout, table in (("wide", rows), ("long", long(CELLS))):
            written = [[text if cell == code else cell for cell in record] for record in table]
            told = [index + 1 for index, record in enumerate(table) if record[0] == code]
            yield Case(
                "school code", f"{text!r} is {code}, {layout}", PLAIN.write(written), CELLS,
                warnings=tuple(("school_code_repaired", at) for at in told) + (
                    () if layout == "long" or NAMED[code] == rows[row - 1][1] or not rows[row - 1][1]
                    else (("school_name_differs", row),)
                ),
            )  # fmt: skip
    for text in EXACT:
        yield Case(
            "school code", f"{text!r} with what nobody sees", PLAIN.write(changed(rows, 2, 0, text)), CELLS,
            warnings=(),
            rows=(5, 0, 5, 0),
        )  # fmt: skip
    for kind, texts in (("school_code_ambiguous", AMBIGUOUS), ("unknown_school", UNKNOWN)):
        for text in texts:
            row = 5 if text.startswith("777") else 3 if text.startswith("1") else 2
            code = CODES[row - 2]
            yield Case(
                "school code", f"{text[:40]!r} is reported", PLAIN.write(changed(rows, row, 0, text)), without(CELLS,
                code),
                errors=((kind, row, "school_code"),), rows=(5, 0, 4, 1),
            )  # fmt: skip
    for text in ("", " ", "\u00a0"):
        yield Case(
            "school code", f"{text!r}: merged cells", PLAIN.write(changed(rows, 3, 0, text)), without(CELLS, "001024"),
            errors=(("school_missing", 3, "school_code"),), rows=(5, 0, 4, 1),
        )  # fmt: skip
    eaten = [[record[0].lstrip("0"), *record[1:]] for record in rows if record[0] != "000777"]
    left = without(CELLS, "000777")
    yield Case(
        "school code", "the zeros of all codes eaten", EXCEL.write(eaten), left, rows=(4, 0, 4, 0),
        warnings=(("school_code_repaired", 2), ("school_code_repaired", 3)),
    )  # fmt: skip
    floats = [[f"{record[0]}.0" if record[0].isdigit() else record[0], *record[1:]] for record in eaten]
    yield Case("school code", "all codes as decimal numbers", PLAIN.write(floats), left, rows=(4, 0, 4, 0))
    both = [*rows, ["1234", *rows[1][1:-1], "1"]]
    yield Case(
        "school code", "one school under two codes, which contradict", PLAIN.write(both), without(CELLS, "001234"),
        errors=(("contradictory_duplicate", 2, "messages_sent"), ("contradictory_duplicate", 7, "messages_sent")),
        rows=(6, 0, 4, 2),
    )  # fmt: skip
    chosen = changed(rows, 3, 0, "Гимназия у парка")
    yield Case(
        "school code", "chosen by a person", PLAIN.write(chosen), CELLS, warnings=(("school_choice_applied", 3),),
        options=Options(schools={"Гимназия у парка": "001024"}),
    )  # fmt: skip


def _names() -> Iterator[Case]:
    rows = wide(CELLS)
    by_name = [["Наименование школы", *rows[0][2:]], *([NAMED[row[0]], *row[2:]] for row in rows[1:])]
    yield Case(
        "school name", "instead of a code", PLAIN.write(by_name), CELLS, rows=(5, 0, 5, 0),
        warnings=tuple(("school_matched_by_name", row) for row in range(2, 7)),
    )  # fmt: skip
    shouted = [by_name[0], *([row[0].upper().replace(" ", "  "), *row[1:]] for row in by_name[1:])]
    yield Case("school name", "in capitals, with more spaces", PLAIN.write(shouted), CELLS, rows=(5, 0, 5, 0))
    unknown = changed(by_name, 3, 0, "Школа, которой нет")
    yield Case(
        "school name", "unknown", PLAIN.write(unknown), without(CELLS, "001024"),
        errors=(("unknown_school", 3, "Наименование школы"),), rows=(5, 0, 4, 1),
    )  # fmt: skip
    naming = changed(rows, 2, "school_name", NAMED["001234"])
    yield Case("school name", "as in the register", PLAIN.write(naming), CELLS, warnings=(), rows=(5, 0, 5, 0))
    for text in ("Школа 1234", "School 001025", "Итого", "<b>Школа</b>", "=1+1", "x" * 5000):
        yield Case(
            "school name", f"{text[:40]!r} differs", PLAIN.write(changed(rows, 2, "school_name", text)), CELLS,
            warnings=(("school_name_differs", 2),), rows=(5, 0, 5, 0),
        )  # fmt: skip
    confusing = [code for code, _name in CONFUSING]
    cells = clean_cells(confusing, COUNTS)
    table = [[row[0], NAMED.get(row[0], row[1]), *row[2:]] for row in wide(cells)]
    yield Case(
        "school name",
        "full of delimiters, quotes and formulas",
        PLAIN.write(table),
        cells,
        warnings=(),
        rows=(8, 0, 8, 0),
    )


def _taking_part() -> Iterator[Case]:
    for code, name, error in (
        (CLOSED, "closed", "school_closed"), (NOT_YET_OPEN, "not yet open", "school_closed"),
        (NOT_ENROLLED, "not enrolled", "school_not_enrolled"), (LEFT, "left", "school_not_enrolled"),
        (LATE, "joins later", "school_not_enrolled"),
    ):  # fmt: skip
        for layout, made in (("wide", wide), ("long", long)):
            cells = clean_cells((*CODES, code), COUNTS[:1])
            table = made(cells)
            row = next(index + 1 for index, record in enumerate(table) if record[0] == code)
            count = len(table) - 1
            yield Case(
                "taking part", f"{name}, {layout}", PLAIN.write(table), without(cells, code),
                errors=((error, row, "school_code"),), rows=(count, 0, count - 1, 1),
            )  # fmt: skip
    for code, period, name in (
        (LATE, "2026-10", "joined on the month's first day"), (NOT_YET_OPEN, "2026-10", "opened within the month"),
        (LEFT, "2026-08", "the month before it left"), (CLOSED, "2026-05", "the month before it closed"),
    ):  # fmt: skip
        cells = clean_cells((code,), COUNTS, period)
        yield Case("taking part", name, PLAIN.write(wide(cells)), cells, warnings=None, rows=(1, 0, 1, 0))
    for code, period, name in ((LEFT, "2026-09", "the month it left"), ("001024", "2024-12", "before it joined")):
        cells = clean_cells((code,), COUNTS, period)
        yield Case("taking part", name, PLAIN.write(wide(cells)), errors=ANY_ERROR, rows=(1, 0, 0, 1))
