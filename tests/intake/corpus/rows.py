"""Rows that are no data: titles above the header, totals below; and rows with too few or too many cells."""

from collections.abc import Iterator

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import COUNTS, EXCEL, PLAIN, RUSSIAN, Rows, Style, clean_cells, long, wide, without

CELLS = clean_cells()
SUMMED = clean_cells(metrics=COUNTS)
READ = (6, 0, 6, 0)
WIDTH = len(wide(CELLS)[0])
TITLES = (
    "Отчёт о ходе внедрения ChatGPT Edu, октябрь 2026 г.", "Управление образования; Жетысуская область",
    "Всего учителей", "School", "Период", "teachers_active", "2026-09", "Количество", "школа",
)  # fmt: skip
LABELS = (
    "Итого", "ИТОГО", "итого:", "Итого по области", "Итого по району:", "Всего", "ВСЕГО:", "Всего по школам", "Барлығы",
    "БАРЛЫҒЫ", "Барлығы:", "Жиыны", "Total", "TOTAL", "Total:", "Grand total", "Totals", "Total schools", "Subtotal",
    "Сумма", "Общий итог", "Жалпы", "Подытог", "Қорытынды", " Итого ", "Итого (6 школ)", "Sum",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield files with rows above, below and between the data, and ragged ones."""
    yield from _titles()
    yield from _totals()
    yield from _totals_that_are_none()
    yield from _ragged()
    yield from _trailing()
    yield from _headers()


def _titles() -> Iterator[Case]:
    for title in TITLES:
        for full in (False, True):
            above = [title, *[""] * (WIDTH - 1)] if full else [title]
            yield Case(
                "title", f"“{title}” {'with' if full else 'without'} trailing delimiters",
                EXCEL.write([above, *wide(CELLS, EXCEL, RUSSIAN)]), CELLS, warnings=(), rows=READ,
                reading={"header_row": 2},
            )  # fmt: skip
    for count in (2, 3, 5):
        lines = [[title] for title in TITLES[:count]]
        yield Case(
            "title", f"{count} lines", EXCEL.write([*lines, *wide(CELLS, EXCEL, RUSSIAN)]), CELLS, warnings=(),
            rows=READ, reading={"header_row": count + 1},
        )  # fmt: skip
        yield Case(
            "title", f"{count} lines above a long table", PLAIN.write([*lines, *long(CELLS)]), CELLS, warnings=(),
            rows=(54, 0, 54, 0), reading={"header_row": count + 1, "layout": "long"},
        )  # fmt: skip
    labelled: Rows = [["Отчёт"], [], ["Область", "Жетысу"], ["Период", "2026-09"], []]
    yield Case(
        "title", "with labels and blank lines", EXCEL.write([*labelled, *wide(CELLS, EXCEL, RUSSIAN)]), CELLS,
        warnings=(), rows=READ, reading={"header_row": 6},
    )  # fmt: skip
    groups = ["", "", "", "Лицензии", "", "Учителя", *[""] * (WIDTH - 6)]
    yield Case(
        "title", "names of groups of columns", EXCEL.write([groups, *wide(CELLS, EXCEL, RUSSIAN)]), CELLS,
        warnings=(), rows=READ, reading={"header_row": 2},
    )  # fmt: skip
    numbers = [str(number) for number in range(1, WIDTH + 1)]
    table = wide(CELLS, EXCEL, RUSSIAN)
    yield Case(
        "title", "numbers of columns below the header", EXCEL.write([table[0], numbers, *table[1:]]), CELLS,
        warnings=(("heading_row", 2),), rows=(7, 0, 6, 0),
    )  # fmt: skip


def _totals_row(cells, label: str, at: int, style: Style = PLAIN) -> Rows:
    rows = wide(cells, style)
    sums = [
        style.number(sum(value for (_s, name, _p), value in cells.items() if name == metric)) for metric in rows[0][3:]
    ]
    row = ["", "", "", *sums]
    if at >= 0:
        row[at] = label
    return [*rows, row]


def _totals() -> Iterator[Case]:
    for label in LABELS:
        for place, at in (("code", 0), ("name", 1)):
            yield Case(
                "totals row", f"“{label}” as the school's {place}", PLAIN.write(_totals_row(SUMMED, label, at)), SUMMED,
                warnings=(("totals_row", 8),), rows=(7, 0, 6, 0),
            )  # fmt: skip
    yield Case(
        "totals row", "without a word", PLAIN.write(_totals_row(SUMMED, "", -1)), SUMMED,
        warnings=(("totals_row", 8),), rows=(7, 0, 6, 0),
    )  # fmt: skip
    between = _totals_row(SUMMED, "Итого по району", 0)
    between = [*between[:4], between[-1], *between[4:-1], ["Всего", *between[-1][1:]]]
    yield Case(
        "totals row", "between and below", PLAIN.write(between), SUMMED,
        warnings=(("totals_row", 5), ("totals_row", 9)), rows=(8, 0, 6, 0),
    )  # fmt: skip
    blank = [*wide(SUMMED), [], ["Итого", *[""] * (len(wide(SUMMED)[0]) - 1)]]
    yield Case(
        "totals row", "without numbers", PLAIN.write(blank), SUMMED, warnings=(("totals_row", 9),), rows=(8, 1, 6, 0)
    )
    short = [*wide(SUMMED), ["Итого"]]
    yield Case("totals row", "the word alone", PLAIN.write(short), SUMMED, either=True)
    numbered = [["№", *row] if index == 0 else [str(index), *row] for index, row in enumerate(wide(SUMMED))]
    numbered.append(["Итого", "", "", "", *["1"] * 6])
    yield Case(
        "totals row", "named in a column that is not read", PLAIN.write(numbered), SUMMED,
        warnings=(("ignored_column", None), ("totals_row", 8)), rows=(7, 0, 6, 0),
    )  # fmt: skip
    for label in ("Итого", "Барлығы", "Total"):
        rows = [*long(CELLS), [label, "teachers_active", "2026-09", "100"], [label, "messages_sent", "2026-09", "1"]]
        yield Case(
            "totals row", f"“{label}” in a long table", PLAIN.write(rows), CELLS,
            warnings=(("totals_row", 56), ("totals_row", 57)), rows=(56, 0, 54, 0),
        )  # fmt: skip
    signed = [*wide(SUMMED), [], ["Исполнитель: Иванов И.И.", *[""] * 8], ["тел. 8 (7172) 12-34-56", *[""] * 8]]
    yield Case(
        "totals row", "signature below the table", PLAIN.write(signed), SUMMED,
        warnings=(("text_row", 9), ("text_row", 10)), rows=(9, 1, 6, 0),
    )  # fmt: skip


def _totals_that_are_none() -> Iterator[Case]:
    schools = ("001024", "004001", "001025")
    cells = clean_cells(schools, COUNTS)
    rows = wide(cells)
    rows[2][1] = "Итого"
    yield Case("totals row", "a school named so, by its code", PLAIN.write(rows), cells, warnings=(), rows=(3, 0, 3, 0))
    rows = wide(SUMMED)
    rows[3][1] = "Итого по школе"
    yield Case(
        "totals row", "a known code with such a name", PLAIN.write(rows), SUMMED,
        warnings=(("school_name_differs", 4),), rows=READ,
    )  # fmt: skip
    unnamed = wide(SUMMED)
    unnamed[6] = ["", "", "2026-09", *unnamed[6][3:]]
    yield Case(
        "totals row", "a row without a school that holds no sums", PLAIN.write(unnamed), without(SUMMED, "100451"),
        errors=(("school_missing", 7, "school_code"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    for code in ("999999", "Школа №5", "Тоталь", "Total Education School", "Sumy school"):
        rows = wide(SUMMED)
        rows[6][:2] = [code, ""]
        yield Case(
            "totals row", f"an unknown school “{code}”", PLAIN.write(rows), without(SUMMED, "100451"),
            errors=(("unknown_school", 7, "school_code"),), rows=(6, 0, 5, 1),
        )  # fmt: skip


def _ragged() -> Iterator[Case]:
    for layout, made, rows in (("wide", wide, (6, 0, 5, 1)), ("long", long, (54, 0, 53, 1))):
        table = made(CELLS)
        cells = without(CELLS, "002017")
        number = 4
        if layout == "long":
            cells = {cell: value for index, (cell, value) in enumerate(CELLS.items()) if index != 2}
        for name, row in (
            ("a cell too few", table[3][:-1]), ("two cells too few", table[3][:-2]), ("one cell", table[3][:1]),
            ("a cell too many", [*table[3], "7"]), ("a cell doubled within", [*table[3][:2], *table[3][1:]]),
            ("a cell missing within", [*table[3][:2], *table[3][3:]]),
        ):  # fmt: skip
            ragged = [*table[:3], row, *table[4:]]
            for style in (PLAIN, Style(delimiter=";", line_end="\r\n", quote_all=True)):
                yield Case(
                    "ragged row", f"{name}, {layout}, {'quoted' if style.quote_all else 'plain'}", style.write(ragged),
                    cells, errors=(("wrong_cell_count", number, None),), rows=rows,
                )  # fmt: skip
    style = Style(mark=",")
    loose = "\n".join(",".join(row) for row in wide(CELLS, style))
    errors = tuple(("wrong_cell_count", row, None) for row in range(2, 8))
    yield Case(
        "ragged row", "decimal commas not quoted between commas", loose.encode(), errors=errors, rows=(6, 0, 0, 6)
    )
    table = wide(CELLS)
    both = [table[0], table[1][:-1], [*table[2], "7"], *table[3:]]
    yield Case(
        "ragged row", "one too short and one too long", PLAIN.write(both), without(CELLS, "001024", "001025"),
        errors=(("wrong_cell_count", 2, None), ("wrong_cell_count", 3, None)), rows=(6, 0, 4, 2),
    )  # fmt: skip
    spoilt = [*table[:3], [table[3][0], "Школа, лицей", *table[3][2:]], *table[4:]]
    bare = "\n".join(",".join(row) for row in spoilt)
    yield Case(
        "ragged row", "a delimiter in a name that is not quoted", bare.encode(), without(CELLS, "002017"),
        errors=(("wrong_cell_count", 4, None),), rows=(6, 0, 5, 1),
    )  # fmt: skip


def _trailing() -> Iterator[Case]:
    for count in (1, 3, 200):
        for name, where in (("everywhere", range(7)), ("not in the header", range(1, 7)), ("in one row", (3,))):
            rows = [[*row, *[""] * count] if index in where else row for index, row in enumerate(wide(CELLS))]
            yield Case("trailing cells", f"{count} {name}", PLAIN.write(rows), CELLS, warnings=(), rows=READ, blank=0)
    header = [[*row, "", ""] if index == 0 else row for index, row in enumerate(wide(CELLS))]
    yield Case("trailing cells", "in the header alone", PLAIN.write(header), CELLS, warnings=(), rows=READ)
    spaces = [[*row, " ", "\u00a0"] for row in wide(CELLS)]
    yield Case("trailing cells", "of spaces", PLAIN.write(spaces), CELLS, warnings=(), rows=READ)
    noted = [[*row, "", "см. письмо" if index == 3 else ""] for index, row in enumerate(wide(CELLS))]
    yield Case(
        "trailing cells", "one of which holds a note", PLAIN.write(noted), CELLS,
        warnings=(("ignored_column", None), ("ignored_column", None)), rows=READ,
    )  # fmt: skip
    leading = [["", *row] for row in wide(CELLS)]
    yield Case("trailing cells", "leading empty column", PLAIN.write(leading), CELLS, rows=READ)


def _headers() -> Iterator[Case]:
    table = wide(CELLS)
    yield Case("header", "none", PLAIN.write(table[1:]), errors=ANY_ERROR)
    yield Case("header", "none, long", PLAIN.write(long(CELLS)[1:]), errors=ANY_ERROR)
    yield Case(
        "header", "again between the rows", PLAIN.write([*table[:4], table[0], *table[4:]]), CELLS,
        warnings=(("heading_row", 5),), rows=(7, 0, 6, 0),
    )  # fmt: skip
    yield Case(
        "header", "twice", PLAIN.write([table[0], *table]), CELLS, warnings=(("heading_row", 2),), rows=(7, 0, 6, 0)
    )
    russian = wide(CELLS, names=RUSSIAN)[0]
    yield Case("header", "in two languages", PLAIN.write([russian, *table]), CELLS, either=True)
    far = [*[[f"Строка {number}"] for number in range(40)], *table]
    yield Case("header", "in row 41", PLAIN.write(far), CELLS, warnings=(), rows=READ, reading={"header_row": 41})
    units = ["", "", "", *["чел."] * (WIDTH - 3)]
    yield Case(
        "header", "units below it", PLAIN.write([table[0], units, *table[1:]]), CELLS,
        warnings=(("heading_row", 2),), rows=(7, 0, 6, 0),
    )  # fmt: skip
