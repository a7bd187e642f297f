"""Sums in every place: by district, on top, named last or not at all; and rows that add up and are none."""

from collections.abc import Iterator, Sequence

from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import COUNTS, DECIMALS, EXCEL, METRICS, PLAIN, Rows, Style, clean_cells, wide, without

KIND = "sums of groups"
CELLS = clean_cells()
COUNTED = clean_cells(metrics=COUNTS)
LAST = ("Алматы Итог", "Almaty Total", "Район №3 всего", "Алматы Итого:", "Almaty subtotal", "Астана қаласы барлығы")


def cases() -> Iterator[Case]:
    """Yield wide tables with sums between, above and below their rows."""
    for name, cells in (("counts", COUNTED), ("with means", CELLS)):
        for styled, style in (("plain", PLAIN), ("Excel", EXCEL.but(encoding="utf-8"))):
            yield from _by_group(f"{name}, {styled}", wide(cells, style), cells, style)
    yield from _none()


def sums(rows: Sequence[Sequence[str]], style: Style, label: str = "", at: int = 0) -> list[str]:
    """Return a row with the sums of the rows; a mean where the metric is one."""
    found = []
    for position in range(3, len(rows[0])):
        numbers = [float(row[position].replace(style.mark, ".")) for row in rows]
        is_mean = position - 3 == METRICS.index("usefulness_score")
        found.append(style.number(round(sum(numbers) / (len(numbers) if is_mean else 1), max(DECIMALS.values()))))
    start = ["", "", ""]
    start[at] = label
    return [*start, *found]


def _by_group(name: str, table: Rows, cells, style: Style) -> Iterator[Case]:
    header, body = table[0], table[1:]
    for label in LAST:
        for at in (0, 1):
            rows = [header, *body[:3], sums(body[:3], style, label, at), *body[3:], sums(body[3:], style, label, at)]
            yield Case(
                KIND, f"“{label}” as the school's {('code', 'name')[at]}, {name}", style.write(rows), cells,
                warnings=(("totals_row", 5), ("totals_row", 9)), rows=(8, 0, 6, 0),
            )  # fmt: skip
    quiet = [header, *body[:2], sums(body[:2], style), *body[2:], sums(body[2:], style), sums(body, style)]
    yield Case(
        KIND, f"no words at all, {name}", style.write(quiet), cells,
        warnings=(("totals_row", 4), ("totals_row", 9), ("totals_row", 10)), rows=(9, 0, 6, 0),
    )  # fmt: skip
    for label in ("", "Итого", "Total", "Барлығы"):
        yield Case(
            KIND, f"“{label}” on top, {name}", style.write([header, sums(body, style, label), *body]), cells,
            warnings=(("totals_row", 2),), rows=(7, 0, 6, 0),
        )  # fmt: skip
    for label in ("Итог", "Общий итог", "Итоги по области", "Total"):
        yield Case(
            KIND, f"“{label}” of a spreadsheet's table, {name}", style.write([*table, sums(body, style, label)]), cells,
            warnings=(("totals_row", 8),), rows=(7, 0, 6, 0),
        )  # fmt: skip


def _none() -> Iterator[Case]:
    """Rows that add up, or are named like sums, and state something all the same."""
    table = wide(COUNTED)
    body = table[1:]
    for label in ("Школа Тотал", "Lyceum Total", "Мектеп Барлығы"):
        rows = [*table[:3], [label, "", *body[2][2:]], *table[4:]]
        yield Case(
            KIND, f"none: the unknown school “{label}”", PLAIN.write(rows), without(COUNTED, "002017"),
            errors=(("unknown_school", 4, "school_code"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
    wrong = [*table, [*sums(body, PLAIN)[:-1], "1"]]
    yield Case(
        KIND, "none: unnamed, one sum is wrong", PLAIN.write(wrong), COUNTED, errors=ANY_ERROR, rows=(7, 0, 6, 1)
    )
    merged = [*table[:2], ["", "", "2026-08", *body[0][3:]], *table[3:]]
    yield Case(
        KIND, "none: the same figures of a merged school for another month", PLAIN.write(merged),
        without(COUNTED, "001025"), errors=(("school_missing", 3, "school_code"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    few = {cell: value for cell, value in COUNTED.items() if cell[1] == "teachers_total"}
    one = wide(few)
    forgotten = [*one[:3], ["", "", "2026-09", str(int(one[1][3]) + int(one[2][3]))], *one[4:]]
    yield Case(
        KIND, "none: one metric, and the code forgotten", PLAIN.write(forgotten), without(few, "002017"),
        errors=(("school_missing", 4, "school_code"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
