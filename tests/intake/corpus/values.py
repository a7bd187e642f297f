"""What stands in a value's place: nothing, not applicable, percentages, values out of bounds, values that disagree."""

from collections.abc import Iterator

from tests.intake.corpus.case import NA, Case
from tests.intake.corpus.tables import COUNTS, METRICS, PLAIN, Style, changed, clean_cells, long, wide, without

CELLS = clean_cells()
READ = (6, 0, 6, 0)
SCHOOL, ROW, PERIOD = "002017", 4, "2026-09"
BLANK = ("", " ", "   ", "\u00a0", "\u202f\u00a0", "\u200b", "\ufeff", "\u2060", "\u00ad")
ABSENT = ("n/a", "N/A", "N/a", "н/д", "Н/Д", "-", "–", "—", " - ", "\u00a0—\u00a0", " n/a")
RULES = (
    ("licences_activated", "licences_allocated"), ("teachers_trained", "teachers_total"),
    ("teachers_active", "licences_activated"), ("teachers_surveyed", "teachers_total"),
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield files with cells that say nothing, say that a metric does not apply, or say what cannot be."""
    yield from _silent()
    yield from _absent()
    yield from _out_of_bounds()
    yield from _percent()
    yield from _rules()
    yield from _scores()


def _one(name: str, metric: str, text: str, code: str, kind: str = "bounds") -> Iterator[Case]:
    cell = (SCHOOL, metric, PERIOD)
    yield Case(
        kind, f"{name}, wide", Style(delimiter=";").write(changed(wide(CELLS), ROW, metric, text)), without(CELLS,
            SCHOOL),
        errors=((code, ROW, metric),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    row = 2 + list(CELLS).index(cell)
    yield Case(
        kind, f"{name}, long", Style(delimiter=";").write(changed(long(CELLS), row, "value", text)),
        {other: value for other, value in CELLS.items() if other != cell},
        errors=((code, row, "value"),), rows=(54, 0, 53, 1),
    )  # fmt: skip


def _silent() -> Iterator[Case]:
    metric = "teachers_trained"
    cell = (SCHOOL, metric, PERIOD)
    left = {other: value for other, value in CELLS.items() if other != cell}
    for text in BLANK:
        yield Case(
            "blank cell", f"{text!r}, wide", PLAIN.write(changed(wide(CELLS), ROW, metric, text)), left,
            warnings=(), rows=READ, blank=1,
        )  # fmt: skip
        row = 2 + list(CELLS).index(cell)
        yield Case(
            "blank cell", f"{text!r}, long", PLAIN.write(changed(long(CELLS), row, "value", text)), left,
            warnings=(), rows=(54, 0, 54, 0), blank=1,
        )  # fmt: skip
    column = [[cell if name != metric or row is head else "" for name, cell in zip(head, row, strict=True)]
              for head in [wide(CELLS)[0]] for row in [head, *wide(CELLS)[1:]]]  # fmt: skip
    yield Case(
        "blank cell", "a whole column", PLAIN.write(column), {c: v for c, v in CELLS.items() if c[1] != metric},
        warnings=(), rows=READ, blank=6,
    )  # fmt: skip
    empty = [row if index != 3 else [*row[:3], *[""] * 9] for index, row in enumerate(wide(CELLS))]
    yield Case("blank cell", "all of a school", PLAIN.write(empty), without(CELLS, SCHOOL), rows=READ, blank=9)
    nothing = [[*row[:3], *([""] * 9 if index else row[3:])] for index, row in enumerate(wide(CELLS))]
    yield Case("blank cell", "all cells: a template not filled in", PLAIN.write(nothing), {}, rows=READ, blank=54)
    for name, alone in (("only a code", [SCHOOL, *[""] * 11]), ("only a name", ["", "School 002017", *[""] * 10])):
        rows = [*wide(CELLS)[:3], alone, *wide(CELLS)[4:]]
        yield Case("blank cell", f"{name} in a row", PLAIN.write(rows), without(CELLS, SCHOOL), either=True)
    zero = {**CELLS, (SCHOOL, metric, PERIOD): 0}
    for text in ("0", "0,0", "0.0", "00"):
        rows = changed(wide(CELLS), ROW, metric, text)
        yield Case("zero", repr(text), PLAIN.write(rows), zero, warnings=(), rows=READ, blank=0)


def _absent() -> Iterator[Case]:
    for text in ABSENT:
        cell = (SCHOOL, "messages_sent", PERIOD)
        said = {**CELLS, cell: NA}
        rows = changed(wide(CELLS), ROW, "messages_sent", text)
        yield Case("not applicable", f"{text!r}, wide", PLAIN.write(rows), said, warnings=(), rows=READ, blank=0)
        row = 2 + list(CELLS).index(cell)
        yield Case(
            "not applicable", f"{text!r}, long", PLAIN.write(changed(long(CELLS), row, "value", text)), said,
            warnings=(), rows=(54, 0, 54, 0),
        )  # fmt: skip
    everything = [[*row[:3], *(["—"] * 9 if index else row[3:])] for index, row in enumerate(wide(CELLS))]
    yield Case("not applicable", "all cells", PLAIN.write(everything), dict.fromkeys(CELLS, NA), warnings=(), rows=READ)


def _out_of_bounds() -> Iterator[Case]:
    for text in ("-1", "-5", "−5", "-1 234", "-1000000", "-5.0"):
        yield from _one(f"negative {text}", "messages_sent", text, "negative_value")
    for text in ("1000001", "1 000 001", "99999999", "1" + "0" * 20, "1,000,001", "9" * 300):
        yield from _one(f"too great {text[:20]}", "messages_sent", text, "above_maximum")
    for text in ("5.5", "5,5", "0.1", "0,01", ".5", "1 234,5", "1,234.5", "5.0000001"):
        yield from _one(f"fraction {text}", "messages_sent", text, "fractional_count")
    yield from _one("negative hours", "training_hours", "-0.5", "negative_value")
    yield from _one("hours of two decimals", "training_hours", "12.55", "too_many_decimals")
    yield from _one("hours too great", "training_hours", "100000.1", "above_maximum")
    yield from _one("score too great", "usefulness_score", "5.1", "above_maximum")
    yield from _one("score too small", "usefulness_score", "0.9", "below_minimum")
    yield from _one("score of three decimals", "usefulness_score", "4.0001", "too_many_decimals")
    for metric, text, value in (
        ("usefulness_score", "5", 5), ("usefulness_score", "1.0", 1), ("usefulness_score", "4.35", 4.35),
        ("training_hours", "0.1", 0.1), ("training_hours", "100000", 100_000), ("messages_sent", "1000000", 1_000_000),
    ):  # fmt: skip
        rows = changed(wide(CELLS), ROW, metric, text)
        yield Case(
            "bounds", f"{metric} {text} is allowed", PLAIN.write(rows), {**CELLS, (SCHOOL, metric, PERIOD): value}
        )


def _percent() -> Iterator[Case]:
    for text in ("12 %", "12%", "12\u00a0%", "12,5 %", "100%", "0 %", "-5%"):
        yield from _one(repr(text), "messages_sent", text, "percent_sign", "percent")
    rows = [[f"{cell} %" if name == "teachers_trained" and index else cell for name, cell in zip(wide(CELLS)[0], row,
        strict=True)]
            for index, row in enumerate(wide(CELLS))]  # fmt: skip
    errors = tuple(("percent_sign", row, "teachers_trained") for row in range(2, 8))
    yield Case("percent", "a whole column", PLAIN.write(rows), errors=errors, rows=(6, 0, 0, 6))


def _rules() -> Iterator[Case]:
    for lesser, greater in RULES:
        limit = CELLS[SCHOOL, greater, PERIOD]
        too_much = str(int(limit) + 1)
        rows = changed(wide(CELLS), ROW, lesser, too_much)
        broken = [lesser]
        # More active than activated is less than all teachers, or it breaks that rule too.
        total = CELLS[SCHOOL, "teachers_total", PERIOD]
        twice = lesser == "teachers_active" and int(too_much) > total
        errors = tuple(("rule_broken", ROW, name) for name in broken * (2 if twice else 1))
        yield Case(
            "rule between metrics", f"{lesser} above {greater}, wide", PLAIN.write(rows), without(CELLS, SCHOOL),
            errors=errors, rows=(6, 0, 5, 1),
        )  # fmt: skip
        low, high = (2 + list(CELLS).index((SCHOOL, name, PERIOD)) for name in (lesser, greater))
        rows = changed(long(CELLS), low, "value", too_much)
        good = {cell: value for cell, value in CELLS.items() if cell[0] != SCHOOL or cell[1] not in (lesser, greater)}
        if not twice:
            yield Case(
                "rule between metrics", f"{lesser} above {greater}, long", PLAIN.write(rows), good,
                errors=(("rule_broken", low, "value"), ("rule_broken", high, "value")), rows=(54, 0, 52, 2),
            )  # fmt: skip
        equal = changed(wide(CELLS), ROW, lesser, str(int(limit)))
        others = [name for name, other in RULES if other == lesser]
        meant = {**CELLS, (SCHOOL, lesser, PERIOD): int(limit)}
        if not others and lesser != "teachers_active":
            yield Case("rule between metrics", f"{lesser} equals {greater}", PLAIN.write(equal), meant, warnings=())
        absent = changed(rows if rows[0][-1] != "value" else wide(CELLS), ROW, greater, "-")
        absent = changed(absent, ROW, lesser, too_much if lesser != "teachers_active" else "1")
        meant = {
            **CELLS,
            (SCHOOL, greater, PERIOD): NA,
            (SCHOOL, lesser, PERIOD): int(absent[3][absent[0].index(lesser)]),
        }
        yield Case(
            "rule between metrics", f"{greater} of {lesser} does not apply", PLAIN.write(absent), meant, either=True
        )
    first = {cell: value for cell, value in CELLS.items() if cell[1] in COUNTS[2:3]}
    second = {cell: value for cell, value in CELLS.items() if cell[1] in COUNTS[3:4]}
    merged = first | second | {(SCHOOL, "teachers_trained", PERIOD): 9999}
    header = wide(merged)[0]
    rows = [header]
    for (school, metric, period), value in merged.items():
        rows.append([school, "", period, *(str(value) if name == metric else "" for name in header[3:])])
    at = [index + 1 for index, row in enumerate(rows) if row[0] == SCHOOL]
    good = {cell: value for cell, value in merged.items() if cell[0] != SCHOOL}
    yield Case(
        "rule between metrics", "in two rows of a wide table", PLAIN.write(rows), good,
        errors=(("rule_broken", at[1], "teachers_trained"), ("rule_broken", at[0], "teachers_total")),
        rows=(12, 0, 10, 2),
    )  # fmt: skip


def _scores() -> Iterator[Case]:
    for name, text in (("blank", ""), ("not applicable", "n/a")):
        rows = changed(wide(CELLS), ROW, "teachers_surveyed", text)
        yield Case(
            "score", f"whose count is {name}", PLAIN.write(rows), without(CELLS, SCHOOL),
            errors=(("score_without_count", ROW, "usefulness_score"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
    alone = clean_cells(metrics=tuple(metric for metric in METRICS if metric != "teachers_surveyed"))
    errors = tuple(("score_without_count", row, "usefulness_score") for row in range(2, 8))
    yield Case("score", "without a column of counts", PLAIN.write(wide(alone)), errors=errors, rows=(6, 0, 0, 6))
