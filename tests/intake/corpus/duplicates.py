"""Cells said more than once: the same in another form, or something else; adjacent and far apart."""

from collections.abc import Iterator

from tests.intake.corpus.case import NA, Case
from tests.intake.corpus.tables import COUNTS, Style, changed, clean_cells, long, wide, without

CELLS = clean_cells(metrics=COUNTS)
SCHOOL, PERIOD, METRIC = "001024", "2026-09", "messages_sent"
STYLE = Style(delimiter=";")
CELL = (SCHOOL, METRIC, PERIOD)


def cases() -> Iterator[Case]:
    """Yield files that repeat and contradict themselves."""
    for name, at in (("adjacent", 2), ("far apart", 7)):
        yield from _wide(name, at)
    for name, at in (("adjacent", 7), ("far apart", 37)):
        yield from _long(name, at)
    yield from _forms()
    yield from _several()


def _wide(name: str, at: int) -> Iterator[Case]:
    """Yield wide tables with a further row of the first school, after row `at`."""
    table = wide(CELLS)
    row = table[1]
    extra = at + 1
    yield Case(
        "identical duplicate", f"wide, {name}", STYLE.write([*table[:at], row, *table[at:]]), CELLS,
        warnings=(("identical_duplicate", extra),), rows=(7, 0, 6, 0), blank=0,
    )  # fmt: skip
    other = [*row[:-1], "1"]
    yield Case(
        "contradictory duplicate", f"wide, {name}", STYLE.write([*table[:at], other, *table[at:]]), without(CELLS,
        SCHOOL),
        errors=(("contradictory_duplicate", 2, METRIC), ("contradictory_duplicate", extra, METRIC)), rows=(7, 0, 5, 2),
    )  # fmt: skip
    less = [*row[:-1], ""]
    yield Case(
        "identical duplicate", f"wide, {name}, with a blank cell", STYLE.write([*table[:at], less, *table[at:]]), CELLS,
        warnings=(("identical_duplicate", extra),), rows=(7, 0, 6, 0),
    )  # fmt: skip
    parted = [*row[:3], *[""] * 5, row[-1]]
    first = changed(table, 2, METRIC, "")
    yield Case(
        "identical duplicate", f"wide, {name}, none: two halves of a row", STYLE.write([*first[:at], parted,
        *first[at:]]),
        CELLS, warnings=(), rows=(7, 0, 7, 0), blank=6,
    )  # fmt: skip
    absent = [*row[:-1], "-"]
    yield Case(
        "contradictory duplicate", f"wide, {name}, a value and none applicable",
        STYLE.write([*table[:at], absent, *table[at:]]), without(CELLS, SCHOOL),
        errors=(("contradictory_duplicate", 2, METRIC), ("contradictory_duplicate", extra, METRIC)), rows=(7, 0, 5, 2),
    )  # fmt: skip
    wrong = [*row[:-1], "abc"]
    yield Case(
        "contradictory duplicate", f"wide, {name}, a value and a word", STYLE.write([*table[:at], wrong, *table[at:]]),
        CELLS, errors=(("not_a_number", extra, METRIC),), rows=(7, 0, 6, 1),
    )  # fmt: skip
    month = [*row[:2], "2026-08", *row[3:]]
    meant = CELLS | {(SCHOOL, metric, "2026-08"): CELLS[SCHOOL, metric, PERIOD] for metric in COUNTS}
    yield Case(
        "identical duplicate", f"wide, {name}, none: another month", STYLE.write([*table[:at], month, *table[at:]]),
        meant,
        rows=(7, 0, 7, 0),
    )  # fmt: skip


def _long(name: str, at: int) -> Iterator[Case]:
    """Yield long tables with a further row about the last metric of the first school (row 7), after row `at`."""
    table = long(CELLS)
    row = table[6]
    yield Case(
        "identical duplicate", f"long, {name}", STYLE.write([*table[:at], row, *table[at:]]), CELLS,
        warnings=(("identical_duplicate", at + 1),), rows=(37, 0, 36, 0), blank=0,
    )  # fmt: skip
    good = {cell: value for cell, value in CELLS.items() if cell != CELL}
    for text in ("1", "-", "0"):
        other = [*row[:-1], text]
        yield Case(
            "contradictory duplicate", f"long, {name}, and {text}", STYLE.write([*table[:at], other, *table[at:]]),
            good,
            errors=(("contradictory_duplicate", 7, "value"), ("contradictory_duplicate", at + 1, "value")),
            rows=(37, 0, 35, 2),
        )  # fmt: skip
    alias = [row[0], "Сообщений", *row[2:]]
    yield Case(
        "identical duplicate", f"long, {name}, by another name", STYLE.write([*table[:at], alias, *table[at:]]), CELLS,
        warnings=(("identical_duplicate", at + 1),), rows=(37, 0, 36, 0),
    )  # fmt: skip
    blank = [*row[:-1], ""]
    yield Case(
        "identical duplicate", f"long, {name}, none: a blank one", STYLE.write([*table[:at], blank, *table[at:]]),
        CELLS,
        warnings=(), rows=(37, 0, 37, 0), blank=1,
    )  # fmt: skip


def _forms() -> Iterator[Case]:
    """Yield repetitions in another written form: the same number, period, school."""
    row = long(CELLS)[6]
    for first, second, value in (
        ("5", "5,0", 5), ("5", "5.00", 5), ("1234", "1 234", 1234), ("1234", "1\u00a0234", 1234), ("1'234", "1234,0",
        1234),
        ("0", "0,0", 0), ("0", "00", 0), ("-", "n/a", NA), ("н/д", "—", NA), ("1000000", "1.000.000", 1_000_000),
    ):  # fmt: skip
        table = changed(long(CELLS), 7, "value", first)
        table.append([*row[:-1], second])
        yield Case(
            "identical duplicate", f"{first!r} and {second!r}", STYLE.write(table), {**CELLS, CELL: value},
            warnings=(("identical_duplicate", 38),), rows=(37, 0, 36, 0),
        )  # fmt: skip
    for first, second in (("5", "50"), ("0", "-"), ("1234", "1 235"), ("5", "0")):
        table = changed(long(CELLS), 7, "value", first)
        table.append([*row[:-1], second])
        yield Case(
            "contradictory duplicate", f"{first!r} and {second!r}", STYLE.write(table),
            {cell: value for cell, value in CELLS.items() if cell != CELL},
            errors=(("contradictory_duplicate", 7, "value"), ("contradictory_duplicate", 38, "value")), rows=(37, 0,
                35, 2),
        )  # fmt: skip
    for name, position, text in (("period", 2, "сентябрь 2026"), ("school", 0, "1024"), ("school", 0, " 001024 ")):
        table = long(CELLS)
        again = list(row)
        again[position] = text
        yield Case(
            "identical duplicate", f"{name} written {text!r}", STYLE.write([*table, again]), CELLS, rows=(37, 0, 36, 0),
        )  # fmt: skip


def _several() -> Iterator[Case]:
    table = wide(CELLS)
    yield Case(
        "identical duplicate", "the whole table twice", STYLE.write([*table, *table[1:]]), CELLS,
        warnings=tuple(("identical_duplicate", row) for row in range(8, 14)), rows=(12, 0, 6, 0), blank=0,
    )  # fmt: skip
    thrice = [*table, [*table[1][:-1], "1"], [*table[1][:-1], "2"], table[1]]
    yield Case(
        "contradictory duplicate", "four times, three ways", STYLE.write(thrice), without(CELLS, SCHOOL),
        errors=tuple(("contradictory_duplicate", row, METRIC) for row in (2, 8, 9, 10)), rows=(9, 0, 5, 4),
    )  # fmt: skip
    two = [*table, [*table[1][:3], "1", *table[1][4:-1], "1"]]
    yield Case(
        "contradictory duplicate", "in two metrics", STYLE.write(two), without(CELLS, SCHOOL),
        errors=tuple(("contradictory_duplicate", row, name) for row in (2, 8) for name in (COUNTS[0], METRIC)),
        rows=(7, 0, 5, 2),
    )  # fmt: skip
