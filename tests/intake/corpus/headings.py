"""Column names as people write them: with units, numbers and marks, in two rows, over months, or down the side."""

from collections.abc import Iterator

from data_model.periods import Period
from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, Case
from tests.intake.corpus.tables import EXCEL, METRICS, PLAIN, RUSSIAN, Rows, clean_cells, wide

CELLS = clean_cells()
READ = (6, 0, 6, 0)
DRESSED = {
    "numbered": "{number}. {name}", "numbered with a bracket": "{number}) {name}", "numbered twice":
    "1.{number} {name}",
    "numbered №": "№{number} {name}", "a footnote": "{name}¹", "two asterisks": "{name}**", "a footnote in brackets":
    "{name} [1]", "bold": "<b>{name}</b>", "a line break of the web": "{name}<br>",
    "a space of the web": "{name}&nbsp;",
    "quoted": "«{name}»", "in brackets": "({name})", "a point": "{name}.", "a comma": "{name},", "spread": " {name}  ",
}  # fmt: skip
PEOPLE = ("teachers_total", "teachers_trained", "teachers_active", "teachers_surveyed")
UNITS = ("{name}, чел.", "{name} (чел.)", "{name}, человек", "{name}\n(чел.)", "Количество: {name}")
OTHER_THINGS = ("{name}, %", "{name}, тыс.", "{name} (план)", "План: {name}", "{name}, часов", "{name} за прошлый год")


def cases() -> Iterator[Case]:
    """Yield headers that are understood, and some that only seem to be."""
    yield from _dressed()
    yield from _two_rows()
    yield from _other_layouts()
    yield from _titles_with_months()


def _dressed() -> Iterator[Case]:
    for russian in (False, True):
        table = wide(CELLS, names=RUSSIAN if russian else None)
        for name, pattern in DRESSED.items():
            header = [pattern.format(number=number, name=cell) for number, cell in enumerate(table[0], start=1)]
            yield Case(
                "dressed column name", f"{name}, {'Russian' if russian else 'keys'}", PLAIN.write([header, *table[1:]]),
                CELLS, warnings=(), rows=READ,
            )  # fmt: skip
    table = wide(CELLS, names=RUSSIAN)
    for pattern in UNITS:
        rows = [[pattern.format(name=RUSSIAN[m]) if m in PEOPLE else RUSSIAN.get(m, m) for m in wide(CELLS)[0]]]
        yield Case(
            "dressed column name", f"{pattern!r} of people", PLAIN.write([*rows, *table[1:]]), CELLS, warnings=(),
            rows=READ,
        )  # fmt: skip
    less = {cell: value for cell, value in CELLS.items() if cell[1] != "teachers_active"}
    for pattern in OTHER_THINGS:
        header = [pattern.format(name=cell) if cell == "Активных учителей" else cell for cell in table[0]]
        yield Case(
            "dressed column name", f"{pattern!r} is another thing", PLAIN.write([header, *table[1:]]), less,
            warnings=(("ignored_column", None),), rows=READ,
        )  # fmt: skip
        both = [[*row, header[7] if index == 0 else "7"] for index, row in enumerate(table)]
        yield Case(
            "dressed column name", f"{pattern!r} beside it", PLAIN.write(both), CELLS,
            warnings=(("ignored_column", None),), rows=READ,
        )  # fmt: skip


def _two_rows() -> Iterator[Case]:
    table = wide(CELLS, EXCEL, RUSSIAN)
    keys, metrics = table[0][:3], table[0][3:]
    groups = ["Лицензии", "", "Учителя", "", "", "Прочее", "", "", ""]
    said = {"rows": READ, "warnings": (), "reading": {"header_row": 2}}
    for name, above, below in (
        ("keys merged downwards", [*keys, *groups], ["", "", "", *metrics]),
        ("keys on both rows", [*keys, *groups], [*keys, *metrics]),
        ("some metrics merged downwards", [*keys, *groups[:5], *metrics[5:]], ["", "", "", *metrics[:5], *[""] * 4]),
    ):  # fmt: skip
        yield Case("header in two rows", name, EXCEL.write([above, below, *table[1:]]), CELLS, **said)
    titled = [["Отчёт"], [*keys, *groups], ["", "", "", *metrics], *table[1:]]
    yield Case(
        "header in two rows", "below a title", EXCEL.write(titled), CELLS, rows=READ, warnings=(),
        reading={"header_row": 3},
    )  # fmt: skip
    grouped = [*keys, "Лицензий", "", "Учителей", "", "", *[""] * 4]
    lower = ["", "", "", "выделено", "неясное", "всего", "обучено", "активных", *metrics[5:]]
    yield Case(
        "header in two rows", "groups that say too little", EXCEL.write([grouped, lower, *table[1:]]), errors=ANY_ERROR
    )
    plans = [*keys, "План", "", "Факт", "", "", *[""] * 4]
    twice = ["", "", "", *metrics[:2], *metrics[:2], *metrics[4:]]
    yield Case("header in two rows", "plan and fact", EXCEL.write([plans, twice, *table[1:]]), errors=ANY_ERROR)


def _other_layouts() -> Iterator[Case]:
    months: Rows = [["school_code", "metric", "2026-07", "2026-08", "2026-09"]]
    months += [["001024", metric, "1", "2", "3"] for metric in METRICS[:3]]
    pivoted = (("periods_as_columns", None, None),)
    yield Case("another layout", "a column for each month", PLAIN.write(months), errors=pivoted)
    words = [["Код школы", "Наименование школы", "сентябрь 2026", "октябрь 2026"], ["001024", "", "5", "6"]]
    yield Case("another layout", "months by name", EXCEL.write(words), errors=pivoted)
    turned = [list(column) for column in zip(*wide(CELLS), strict=True)]
    yield Case("another layout", "turned on its side", PLAIN.write(turned), errors=ANY_ERROR)
    beside = [[*row, "", *row] for row in wide(CELLS)]
    yield Case("another layout", "two tables side by side", PLAIN.write(beside), errors=ANY_ERROR)
    joined: Rows = [["school_code", "Год", "Месяц", *METRICS]]
    joined += [[row[0], "2026", "9", *row[3:]] for row in wide(CELLS)[1:]]
    yield Case("another layout", "year and month apart", PLAIN.write(joined), errors=ANY_ERROR)
    school_year = [[*row[:3], "Учебный год" if at == 0 else "2026/27", *row[3:]] for at, row in enumerate(wide(CELLS))]
    school_year[0][2] = "Месяц"
    yield Case(
        "another layout", "a school year beside the month", PLAIN.write(school_year), CELLS,
        warnings=(("ignored_column", None),), rows=READ,
    )  # fmt: skip


def _titles_with_months() -> Iterator[Case]:
    table = [[cell for at, cell in enumerate(row) if at != 2] for row in wide(CELLS, EXCEL, RUSSIAN)]
    chosen = Options(period=Period.parse("2026-09"))
    differs = (("title_period_differs", None),)
    for title, warnings in (
        ("Отчёт за август 2026 г.", differs), ("Отчёт за сентябрь 2026 г.", ()), ("August 2026 report", differs),
        ("2026 жылғы тамыз", differs), ("Отчёт за август и сентябрь 2026", ()), ("Составлен 01.10.2026", ()),
        ("Приказ от 5 августа 2025 г. № 12", ()), ("Отчёт", ()),
    ):  # fmt: skip
        yield Case(
            "title with a month", f"“{title}”", EXCEL.but(encoding="utf-8-sig").write([[title], *table]), CELLS,
            warnings=warnings, rows=READ, options=chosen,
        )  # fmt: skip
    kept = [["Отчёт за август 2026 г."], *wide(CELLS, EXCEL, RUSSIAN)]
    yield Case("title with a month", "above rows with their own", EXCEL.write(kept), CELLS, warnings=(), rows=READ)
