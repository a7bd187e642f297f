"""Several ways of writing at once, drawn by chance from a fixed seed: each is acceptable alone, so all are together."""

import random
from collections.abc import Iterator

from tests.intake.corpus.case import NA, Case, Cell, Value
from tests.intake.corpus.tables import (
    COUNTS,
    KAZAKH,
    METRICS,
    RUSSIAN,
    SCHOOLS,
    SEED,
    Rows,
    Style,
    clean_cells,
    long,
    wide,
)

COUNT = 160
TITLES: tuple[list[str], ...] = (
    ["Отчёт о ходе внедрения, октябрь 2026 г."],
    ["Область; Жетысу", "", "Всего учителей"],
    [],
)
PERIODS = ("2026-09", "09.2026", "сентябрь 2026", "Sep-26", "01.09.2026", "2026-09-01", "09/2026", "Сентябрь 2026 г.")
GROUPS = {",": ("", " ", "\u00a0", "\u202f", ".", "'"), ".": ("", " ", "\u00a0", ",", "’")}


def cases() -> Iterator[Case]:
    """Yield tables written in many ways at once."""
    for number in range(COUNT):
        yield _case(number, random.Random(f"{SEED} {number}"))


def _case(number: int, chance: random.Random) -> Case:
    mark = chance.choice(",.")
    style = Style(
        delimiter=chance.choice(";,\t|"), mark=mark, group=chance.choice(GROUPS[mark]), quote_all=chance.random() < 0.3,
        line_end=chance.choice(("\n", "\r\n", "\r")),
        encoding=chance.choice(("utf-8", "utf-8-sig", "utf-16", "windows-1251")),
    )  # fmt: skip
    cells = _cells(chance)
    shows_mark = any(cell[1] == "training_hours" and value != NA for cell, value in cells.items())
    if style.group in (",", ".") and not shows_mark:
        style = style.but(group=" ")
    if style.encoding == "windows-1251" and style.group in ("\u202f",):
        style = style.but(group="\u00a0")
    kazakh = chance.random() < 0.3 and style.encoding != "windows-1251" and all(cell[1] in COUNTS for cell in cells)
    names = KAZAKH if kazakh else chance.choice((RUSSIAN, {}))
    is_wide = chance.random() < 0.6
    rows = (wide if is_wide else long)(cells, style, names)
    rows = _written(rows, chance)
    blank = chance.choice((0, 0, 1, 3))
    width = len(rows[0])
    rows = [*rows, *[[""] * width for _ in range(blank)]]
    if is_wide and chance.random() < 0.4:
        words = ("Итого", "Total") if style.encoding == "windows-1251" else ("Итого", "Барлығы", "Total")
        rows.append([chance.choice(words), *["1"] * (width - 1)])
    above = list(TITLES[: chance.choice((0, 0, 1, 2))])
    if names == {} and style.encoding == "windows-1251" and not above:
        above = [TITLES[0]]
    trailing = chance.choice((0, 0, 0, 1, 4))
    rows = [*above, *([*row, *[""] * trailing] for row in rows)]
    said = f"{style.encoding}, {style.delimiter!r}, {style.mark}, {style.group!r}, {'wide' if is_wide else 'long'}"
    return Case("combined", f"{number}: {said}", style.write(rows), cells, reading={"header_row": len(above) + 1})


def _cells(chance: random.Random) -> dict[Cell, Value]:
    cells = clean_cells(SCHOOLS[: chance.randint(2, 6)], chance.choice((COUNTS, METRICS)), seed=chance.randrange(10**6))
    # What does not apply breaks no rule, and no score hangs on these.
    for cell in list(cells):
        if cell[1] in ("messages_sent", "training_hours", "teachers_trained") and chance.random() < 0.1:
            cells[cell] = NA
    return cells


def _written(rows: Rows, chance: random.Random) -> Rows:
    """Return the rows with their period in one of its forms, and what does not apply in one of its own."""
    period, absent = chance.choice(PERIODS), chance.choice(("n/a", "Н/Д", "-", "—"))
    if chance.random() < 0.3:
        rows = [[f" {cell} " for cell in row] for row in rows]
    return [[cell.replace("2026-09", period).replace(NA, absent) for cell in row] for row in rows]
