"""Rows beside the data: headings of sections, units, repeated headers, signatures, comments; tables below tables."""

from collections.abc import Iterator

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import COUNTS, EXCEL, PLAIN, RUSSIAN, Rows, Style, clean_cells, long, wide, without

CELLS = clean_cells()
KIND = "row beside the data"
SECTIONS = ("Алматинская область", "г. Астана", "Район №3 (сельские школы)", "Жетысу", "Almaty region", "— Город —")
SIGNATURES = (
    "Директор: ____________ Иванов И.И.", "Исполнитель Ахметова А., тел. 8 (727) 123-45-67", "М.П.",
    "Дата составления: 01.10.2026", "* данные предварительные", "Prepared by the regional office",
)  # fmt: skip
UNITS = (
    ("чел.", "units"), ("(чел.)", "units in brackets"), ("ед.", "pieces"), ("integer", "kinds of cells"),
    ("Число", "a word for numbers"),
)  # fmt: skip
STYLES = {"plain": PLAIN, "Excel": EXCEL, "quoted": PLAIN.but(quote_all=True)}


def cases() -> Iterator[Case]:
    """Yield tables with rows that state nothing, which are left out and told; and some that only seem so."""
    for layout, made in (("wide", wide), ("long", long)):
        for name, style in STYLES.items():
            yield from _left_out(f"{layout}, {name}", made(CELLS, style), style)
    yield from _explained()
    yield from _seeming()
    yield from _further_tables()


def padded(words: str, width: int, at: int = 0) -> list[str]:
    """Return a row of that width in which only these words stand."""
    return [*[""] * at, words, *[""] * (width - at - 1)]


def _left_out(name: str, table: Rows, style: Style) -> Iterator[Case]:
    width, count = len(table[0]), len(table) - 1
    for words in SECTIONS:
        rows = [table[0], padded(words, width), *table[1:4], padded(words, width), *table[4:]]
        yield Case(
            KIND, f"the section “{words}”, {name}", style.write(rows), CELLS,
            warnings=(("text_row", 2), ("text_row", 6)), rows=(count + 2, 0, count, 0),
        )  # fmt: skip
    for words in SIGNATURES:
        rows = [*table, padded("", width), padded(words, width)]
        yield Case(
            KIND, f"the signature “{words}”, {name}", style.write(rows), CELLS,
            warnings=(("text_row", count + 3),), rows=(count + 2, 1, count, 0),
        )  # fmt: skip
    again = [*table[:3], table[0], *table[3:], table[0]]
    yield Case(
        KIND, f"the header on each page, {name}", style.write(again), CELLS,
        warnings=(("heading_row", 4), ("heading_row", count + 3)), rows=(count + 2, 0, count, 0),
    )  # fmt: skip
    shouted = [*table[:3], [cell.upper() for cell in table[0]], *table[3:]]
    yield Case(
        KIND, f"the header again in capitals, {name}", style.write(shouted), CELLS, warnings=(("heading_row", 4),),
        rows=(count + 1, 0, count, 0),
    )  # fmt: skip
    numbered = [table[0], [str(number) for number in range(1, width + 1)], *table[1:]]
    yield Case(
        KIND, f"the columns numbered, {name}", style.write(numbered), CELLS, warnings=(("heading_row", 2),),
        rows=(count + 1, 0, count, 0),
    )  # fmt: skip
    commented = style.join(table[:3]) + "# проверено" + style.line_end + style.join(table[3:])
    yield Case(
        KIND, f"a comment, {name}", style.encode(commented), CELLS, warnings=(("text_row", 4),),
        rows=(count + 1, 0, count, 0),
    )  # fmt: skip
    joined = style.join(table[:3]) + "\ufeff" + style.join([table[0], *table[3:]])
    yield Case(
        KIND, f"two files, one after the other, {name}", style.but(encoding="utf-8").encode(joined), CELLS,
        warnings=(("heading_row", 4),), rows=(count + 1, 0, count, 0),
    )  # fmt: skip


def _explained() -> Iterator[Case]:
    table = wide(CELLS)
    width = len(table[0])
    for word, name in UNITS:
        units = ["", "", "", *[word] * (width - 3)]
        yield Case(
            KIND, f"{name} below the header", PLAIN.write([table[0], units, *table[1:]]), CELLS,
            warnings=(("heading_row", 2),), rows=(7, 0, 6, 0),
        )  # fmt: skip
    kinds = ["text", "text", "date", *["integer"] * (width - 3)]
    letters = ["А", "Б", "В", *[str(number) for number in range(1, width - 2)]]
    both = [table[0], kinds, letters, *table[1:]]
    yield Case(
        KIND, "kinds of cells, then letters and numbers", PLAIN.write(both), CELLS,
        warnings=(("heading_row", 2), ("heading_row", 3)), rows=(8, 0, 6, 0),
    )  # fmt: skip
    two = [wide(CELLS, names=RUSSIAN)[0], *table]
    yield Case(
        KIND, "column names in two languages", PLAIN.write(two), CELLS, warnings=(("heading_row", 2),),
        rows=(7, 0, 6, 0),
    )  # fmt: skip


def _seeming() -> Iterator[Case]:
    """Rows that look like those and are none: they state something, or would if their school were known."""
    table = wide(CELLS)
    width = len(table[0])
    for name, row, errors in (
        ("an unknown school without values", ["999999", *[""] * (width - 1)], None),
        ("an unknown school with a period", ["Школа, которой нет", "", "2026-09", *[""] * (width - 3)], None),
        ("a section with one figure", [*padded("Алматы", width)[:-1], "5"], None),
        ("a section that is not applicable", [*padded("Алматы", width)[:-1], "н/д"], None),
        ("a unit where a figure belongs", [*table[3][:4], "чел.", *table[3][5:]], ("not_a_number", 4, table[0][4])),
    ):  # fmt: skip
        rows = [*table[:3], row, *table[4:]]
        yield Case(
            KIND, f"none: {name}", PLAIN.write(rows), without(CELLS, "002017"),
            errors=(errors,) if errors else ANY_ERROR, rows=(6, 0, 5, 1),
        )  # fmt: skip
    late = [*table[:4], ["", "", "", *["чел."] * (width - 3)], *table[4:]]
    yield Case(KIND, "none: units in the middle", PLAIN.write(late), CELLS, errors=ANY_ERROR, rows=(7, 0, 6, 1))
    cut = PLAIN.join(table)[:-1].rpartition("\n")[0] + "\nШкола"
    yield Case(
        KIND, "none: a file cut within its last row", cut.encode(), without(CELLS, "100451"), errors=ANY_ERROR,
        rows=(6, 0, 5, 1),
    )  # fmt: skip
    unknown = [table[0], ["Школа имени Абая", "", "", "чел.", *[""] * (width - 4)], *table[1:]]
    yield Case(KIND, "none: an unknown school with a word", PLAIN.write(unknown), CELLS, errors=ANY_ERROR)
    few = wide({cell: value for cell, value in CELLS.items() if cell[1] in COUNTS[:2]}, school_names=False)
    first = [[few[0][0], *few[0][2:]], ["1", "2", "3"], *[[row[0], *row[2:]] for row in few[1:]]]
    yield Case(KIND, "none: a school called 1", PLAIN.write(first), errors=ANY_ERROR)


def _further_tables() -> Iterator[Case]:
    table = wide(CELLS)
    turned = [[*row[:3], *reversed(row[3:])] for row in table]
    upper = {cell: value for cell, value in CELLS.items() if cell[0] in ("001024", "001025", "002017")}
    for name, between in (("", []), (" after a blank line", [[]]), (" with a title", [[], ["Таблица 2"]])):
        rows = [*table[:4], *between, turned[0], *turned[4:]]
        at = 5 + len(between)
        expected = (("another_table", at, None),) if len(between) < 2 else ANY_ERROR
        yield Case(
            KIND, f"another table{name}", PLAIN.write(rows), upper, errors=expected,
        )  # fmt: skip
    narrow = [[*row[:3], row[8]] for row in table]
    yield Case(
        KIND, "a narrower table", PLAIN.write([*table[:4], *narrow]), upper, errors=(("another_table", 5, None),)
    )
    yield Case(
        KIND, "a long table below a wide one", PLAIN.write([*table[:4], *long(CELLS)]), upper,
        errors=(("another_table", 5, None),),
    )  # fmt: skip
