"""What columns are called: keys, aliases, variants of writing; unknown, doubled and missing columns; mappings."""

from collections.abc import Iterator

from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import KEYS, METRICS, PLAIN, RUSSIAN, Rows, changed, clean_cells, long, wide
from tests.intake.corpus.world import NOT_ASKED

CELLS = clean_cells()
READ = (6, 0, 6, 0)
WRITTEN = {
    "capitals": str.upper, "title case": str.title, "spaces": lambda name: name.replace("_", " "),
    "outer spaces": lambda name: f"  {name} ", "no-break spaces": lambda name: name.replace("_", "\u00a0"),
    "double spaces": lambda name: name.replace("_", "  "), "double underscores": lambda name: name.replace("_", "__"),
    "spaces and capitals": lambda name: name.replace("_", " ").upper(), "a colon": lambda name: f"{name}:",
    "an asterisk": lambda name: f"{name} *", "line ends": lambda name: name.replace("_", "\n"),
    "Cyrillic look-alikes": lambda name: name.translate(str.maketrans("aceop", "асеор")),
    "outer underscores": lambda name: f"_{name}_",
}  # fmt: skip
CODE_NAMES = (
    "School Code", "SCHOOL_CODE", "school id", "school_id_govt", "school_id_giga", "Код школы", "КОД ШКОЛЫ",
    "код_школы",
    "Мектеп коды", "Мектептің коды", "Код", "код организации образования", "Школа", "School", "Мектеп", "ID школы",
)  # fmt: skip
PERIOD_NAMES = (
    "Период",
    "ОТЧЁТНЫЙ ПЕРИОД",
    "отчетный период",
    "Месяц",
    "Кезең",
    "Есепті кезең",
    "Month",
    "Reporting period",
    "Дата",
    "Ай",
)


def cases() -> Iterator[Case]:
    """Yield files whose columns are called in every way."""
    yield from _written()
    yield from _unread()
    yield from _doubled()
    yield from _missing()
    yield from _metrics_of_long()
    yield from _mapped()


def _renamed(table: Rows, names: dict[str, str]) -> Rows:
    return [[names.get(name, name) for name in table[0]], *table[1:]]


def _written() -> Iterator[Case]:
    for name, written in WRITTEN.items():
        for layout, made in (("wide", wide), ("long", long)):
            table = made(CELLS)
            yield Case(
                "column name", f"{name}, {layout}", PLAIN.write([list(map(written, table[0])), *table[1:]]), CELLS,
                warnings=(), blank=0, rows=(len(table) - 1, 0, len(table) - 1, 0),
            )  # fmt: skip
    for role, names in (("school_code", CODE_NAMES), ("period", PERIOD_NAMES)):
        for name in names:
            either = name == "school_id_giga"
            content = PLAIN.write(_renamed(wide(CELLS, school_names=False), {role: name}))
            yield Case(
                "column name", f"{role} as “{name}”", content, CELLS, warnings=None if either else (), either=either
            )
    for metric in METRICS:
        content = PLAIN.write(_renamed(wide(CELLS), {metric: RUSSIAN[metric].upper()}))
        yield Case("column name", f"{metric} in Russian among keys", content, CELLS, warnings=(), rows=READ)
    reversed_columns = [list(reversed(row)) for row in wide(CELLS)]
    yield Case("column name", "in the reverse order", PLAIN.write(reversed_columns), CELLS, warnings=(), rows=READ)
    both = _renamed(wide(CELLS), {"school_name": "Школа", "school_code": "Код школы"})
    yield Case("column name", "school beside a code", PLAIN.write(both), CELLS, warnings=(), rows=READ)


def _unread() -> Iterator[Case]:
    for name in (
        "Средний балл опроса",
        "Примечание",
        "teachers_trainedd",
        NOT_ASKED,
        "licences",
        "x" * 3000,
        "=1+1",
        "<b>",
        "{x}",
    ):
        rows = [[*row, name if index == 0 else "4,3"] for index, row in enumerate(wide(CELLS))]
        yield Case(
            "ignored column", f"“{name[:40]}”", PLAIN.write(rows), CELLS, warnings=(("ignored_column", None),),
            rows=READ,
            blank=0,
        )  # fmt: skip
    unnamed = [["", *row] if index == 0 else [str(index), *row] for index, row in enumerate(wide(CELLS))]
    yield Case(
        "ignored column", "without a name", PLAIN.write(unnamed), CELLS, warnings=(("ignored_column", None),), rows=READ
    )
    twice = [[*row, *(["note", "note"] if index == 0 else ["a", "b"])] for index, row in enumerate(wide(CELLS))]
    yield Case("ignored column", "twice of one name", PLAIN.write(twice), CELLS, rows=READ, blank=0)


def _doubled() -> Iterator[Case]:
    for name in ("teachers_active", "Teachers Active", "Активных учителей", "белсенді мұғалімдер"):
        for values in ("same", "other"):
            rows = [
                [*row, name if index == 0 else row[7] if values == "same" else "1"]
                for index, row in enumerate(wide(CELLS))
            ]
            yield Case("doubled column", f"“{name}” with {values} values", PLAIN.write(rows), errors=ANY_ERROR)
    for name in ("school_code", "Код школы", "school id"):
        rows = [[*row, name if index == 0 else "001024"] for index, row in enumerate(wide(CELLS))]
        yield Case("doubled column", f"school code and “{name}”", PLAIN.write(rows), CELLS, either=True)
    rows = [[*row, "period" if index == 0 else "2026-08"] for index, row in enumerate(wide(CELLS))]
    yield Case("doubled column", "two periods", PLAIN.write(rows), errors=ANY_ERROR)
    rows = [[*row, "value" if index == 0 else "5"] for index, row in enumerate(long(CELLS))]
    yield Case("doubled column", "two values", PLAIN.write(rows), errors=ANY_ERROR)
    rows = [[*row, "teachers_active" if index == 0 else "5"] for index, row in enumerate(long(CELLS))]
    yield Case("doubled column", "long and wide at once", PLAIN.write(rows), errors=(("layout_unclear", None, None),))


def _missing() -> Iterator[Case]:
    def left_out(table: Rows, *names: str) -> bytes:
        kept = [index for index, name in enumerate(table[0]) if name not in names]
        return PLAIN.write([[row[index] for index in kept] for row in table])

    wide_table, long_table = wide(CELLS), long(CELLS)
    no_school, no_metric, no_period = "no_school_column", "no_metric_columns", "no_period"
    for name, content, code in (
        ("school, wide", left_out(wide_table, "school_code", "school_name"), no_school),
        ("school, long", left_out(long_table, "school_code"), no_school),
        ("metrics", left_out(wide_table, *METRICS), no_metric),
        ("metric, long", left_out(long_table, "metric"), no_metric),
        ("value, long", left_out(long_table, "value"), no_metric),
        ("period, wide", left_out(wide_table, "period"), no_period),
        ("period, long", left_out(long_table, "period"), no_period),
    ):
        yield Case("missing column", name, content, errors=((code, None, None),))
    yield Case("missing column", "all", left_out(wide_table, *KEYS, *METRICS), errors=ANY_ERROR)
    yield Case("missing column", "names of schools", left_out(wide_table, "school_name"), CELLS, warnings=(), rows=READ)
    unknown = _renamed(wide_table, {name: f"x {name}" for name in (*KEYS, *METRICS)})
    yield Case("missing column", "none known", PLAIN.write(unknown), errors=ANY_ERROR)


def _metrics_of_long() -> Iterator[Case]:
    table = long(CELLS)
    good = {cell: value for index, (cell, value) in enumerate(CELLS.items()) if index != 4}
    for text, code in (
        ("teachers_actve", "unknown_metric"), ("", "metric_missing"), (NOT_ASKED, "metric_not_requested"),
        ("всего учеников", "metric_not_requested"), ("teacher_activation", "unknown_metric"), ("5", "unknown_metric"),
        ("period", "unknown_metric"), ("school_code", "unknown_metric"), ("=1+1", "unknown_metric"), ("{metric}",
        "unknown_metric"),
    ):  # fmt: skip
        yield Case(
            "metric of a row", f"“{text}”", PLAIN.write(changed(table, 6, "metric", text)), good,
            errors=((code, 6, "metric"),), rows=(54, 0, 53, 1),
        )  # fmt: skip
    for text in (
        "Teachers Active",
        "TEACHERS_ACTIVE ",
        "Активных учителей",
        "активных  учителей",
        "Белсенді мұғалімдер",
        "tеachers_active",
    ):
        rows = changed(table, 6, "metric", text)
        yield Case("metric of a row", f"“{text}” is known", PLAIN.write(rows), CELLS, warnings=(), rows=(54, 0, 54, 0))


def _mapped() -> Iterator[Case]:
    table = _renamed(wide(CELLS), {"teachers_active": "Педагоги в системе", "school_code": "БИН"})
    mapping = {"Педагоги в системе": "teachers_active", "бин": "school_code"}
    yield Case(
        "mapping",
        "of a metric and of the codes",
        PLAIN.write(table),
        CELLS,
        options=Options(mapping=mapping),
        rows=READ,
    )
    crossed = {"teachers_trained": "teachers_active", "teachers_active": "ignore"}
    meant = {cell: value for cell, value in CELLS.items() if cell[1] != "teachers_active"}
    meant = {(s, "teachers_active" if m == "teachers_trained" else m, p): v for (s, m, p), v in meant.items()}
    few = {
        cell: value
        for cell, value in CELLS.items()
        if cell[1] in ("teachers_trained", "teachers_active", "messages_sent")
    }
    expected = {cell: value for cell, value in meant.items() if cell[1] in ("teachers_active", "messages_sent")}
    yield Case(
        "mapping", "against a known name", PLAIN.write(wide(few)), expected, options=Options(mapping=crossed), rows=READ
    )
    ignored = _renamed(wide(CELLS), {})
    less = {cell: value for cell, value in CELLS.items() if cell[1] != "messages_sent"}
    yield Case(
        "mapping", "of a column to ignore", PLAIN.write(ignored), less, warnings=(), rows=READ,
        options=Options(mapping={"Messages sent": "ignore"}),
    )  # fmt: skip
