"""Quotation marks: needed, doubled, with line ends within, never closed."""

from collections.abc import Iterator

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import PLAIN, Style, changed, clean_cells, long, wide, without

CELLS = clean_cells()
READ = (6, 0, 6, 0)
DIFFERS = (("school_name_differs", 4),)
FIELDS = len(wide(CELLS)[0])


def cases() -> Iterator[Case]:
    """Yield files with quoted cells, well and badly."""
    yield from _well()
    yield from _never_closed()


def _well() -> Iterator[Case]:
    for name, text in (
        ("a delimiter", "Школа, лицей"), ("quotation marks", 'Школа "Алтын"'), ("a line end", "Школа\nлицей"),
        ("a Windows line end", "Школа\r\nлицей"), ("many line ends", "a\n\nb\n\n\nc"),
        ("only quotation marks", '""'), ("everything", 'a;b,c\t"d"\r\n|e'), ("one quotation mark", 'Школа 5" '),
    ):  # fmt: skip
        rows = changed(wide(CELLS), 4, "school_name", text)
        for style in (PLAIN, PLAIN.but(quote_all=True), Style(delimiter=";", mark=",", line_end="\r\n")):
            rows = changed(wide(CELLS, style), 4, "school_name", text)
            how = "all cells quoted" if style.quote_all else f"delimiter {style.delimiter}"
            yield Case("quotation", f"{name} in a name, {how}", style.write(rows), CELLS, warnings=DIFFERS, rows=READ)
    rows = changed(changed(wide(CELLS), 3, "school_name", "a\nb\nc"), 5, "teachers_total", "many")
    yield Case(
        "quotation", "a wrong value below a cell of three lines", PLAIN.write(rows), without(CELLS, "020311"),
        errors=(("not_a_number", 5, "teachers_total"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    style = Style(mark=",")
    yield Case(
        "quotation", "decimal commas between commas", style.write(wide(CELLS, style)), CELLS, warnings=(), rows=READ
    )
    header = [["school\ncode", *wide(CELLS)[0][1:]], *wide(CELLS)[1:]]
    yield Case("quotation", "a line end in a column's name", PLAIN.write(header), CELLS, warnings=(), rows=READ)
    inner = PLAIN.join(wide(CELLS)).replace("School 002017", 'Школа "Алтын" №2')
    yield Case("quotation", "marks within an unquoted cell", inner.encode(), CELLS, warnings=DIFFERS, rows=READ)
    lines = [f'"{line}"' for line in PLAIN.join(wide(CELLS)).splitlines()]
    yield Case("quotation", "every line as one cell", "\n".join(lines).encode(), CELLS, either=True)
    formula = PLAIN.join(wide(CELLS)).replace("\n0", '\n="0').replace(",School", '",School').replace("\n1", '\n="1')
    yield Case("quotation", "codes as formulas", formula.encode(), CELLS, either=True)
    doubled = Style(delimiter=";").join(
        [[f'="{cell}"' if cell.isdigit() else cell for cell in row] for row in wide(CELLS)]
    )
    yield Case("quotation", "all cells as formulas, quoted", doubled.encode(), either=True)


def _never_closed() -> Iterator[Case]:
    text = PLAIN.join(wide(CELLS))
    good = without(CELLS, "002017")
    for name, before, after in (
        ("before the name", ",School 002017", ',"School 002017'),
        ("before the code", "\n002017", '\n"002017'),
        ("before the last cell", None, None),
    ):  # fmt: skip
        if before is None:
            lines = text.splitlines()
            head, _comma, last = lines[3].rpartition(",")
            lines[3] = f'{head},"{last}'
            broken = "\n".join(lines)
        else:
            broken = text.replace(before, after or "")
        yield Case(
            "quotation", f"never closed, {name}", broken.encode(), good,
            errors=(("quote_never_closed", 4, None),), rows=(6, 0, 5, 1),
        )  # fmt: skip
    last = text.replace(",School 100451", ',"School 100451')
    yield Case(
        "quotation", "never closed, in the last row", last.encode(), without(CELLS, "100451"),
        errors=(("quote_never_closed", 7, None),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    long_rows = PLAIN.join(long(CELLS)).splitlines()
    long_rows[10] = '"' + long_rows[10]
    cell = list(CELLS)[9]
    yield Case(
        "quotation", "never closed, long", "\n".join(long_rows).encode(),
        {other: value for other, value in CELLS.items() if other != cell},
        errors=(("quote_never_closed", 11, None),), rows=(54, 0, 53, 1),
    )  # fmt: skip
    two = text.replace(",School 001025", ',"School 001025').replace(",School 020311", ',"School 020311')
    yield Case(
        "quotation", "never closed, twice", two.encode(), without(CELLS, "001025", "020311"),
        errors=(("quote_never_closed", 3, None), ("quote_never_closed", 5, None)), rows=(6, 0, 4, 2),
    )  # fmt: skip
    # The mark of one row opens, that of a later one closes: the rows between them would be one cell's text.
    lines = text.splitlines()
    swallowed = "\n".join([*lines[:2], lines[2].replace(",School", ',"School'), lines[3],
                           lines[4].replace("School 020311,", 'School 020311",'), *lines[5:]])  # fmt: skip
    yield Case("quotation", "opened in one row and closed in another", swallowed.encode(), errors=ANY_ERROR)
    swallowed_names = text.replace(",teachers_total", ',"teachers_total').replace("\n020311", '"\n020311')
    yield Case(
        "quotation", "opened in a column's name and closed at a row's end", swallowed_names.encode(), errors=ANY_ERROR
    )
    lines = text.splitlines()
    cells = lines[3].split(",")
    lines[0] = lines[0].replace(",teachers_total", ',"teachers_total')
    lines[3] = ",".join([*cells[:5], cells[5] + '"', *cells[6:]])
    yield Case(
        "quotation", "opened in a column's name and closed in its column", "\n".join(lines).encode(),
        errors=(("quote_never_closed", 1, None),),
    )  # fmt: skip
    noted = PLAIN.join([[*row, "" if index else "note"] for index, row in enumerate(wide(CELLS))]).splitlines()
    noted[3], noted[4] = noted[3] + '"', noted[4][:-1] + '",'
    yield Case(
        "quotation", "opened in a note and closed before the next row's", "\n".join(noted).encode(),
        without(CELLS, "002017", "020311"), errors=(("quote_never_closed", 4, None),), rows=(5, 0, 4, 1),
    )  # fmt: skip
    name = text.replace("teachers_total", 'teachers_total"', 1)
    yield Case("quotation", "closed in a column's name and never opened", name.encode(), CELLS, warnings=(), rows=READ)
    stray = text.replace("School 002017,", 'School 002017",')
    yield Case("quotation", "closed and never opened", stray.encode(), CELLS, warnings=(), rows=READ)
    begun = text.replace(",School 002017,", ',"Алтын" школа,')
    yield Case(
        "quotation", "a quoted word at the start of an unquoted name", begun.encode(), good,
        errors=(("quote_never_closed", 4, None),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    header = text.replace("school_name", '"school_name', 1)
    yield Case("quotation", "never closed in the header", header.encode(), errors=ANY_ERROR)
    title = '"Отчёт о ходе\n' + text
    yield Case("quotation", "never closed in the title", title.encode(), CELLS, either=True)
    header_swallow = text.replace("school_name", '"school_name', 1).replace("School 001025,", 'School 001025",')
    yield Case("quotation", "opened in the header and closed below", header_swallow.encode(), errors=ANY_ERROR)
