"""Which period rows are about: all written forms, those that could be several, and periods that may not be reported."""

from collections.abc import Iterator

from data_model.periods import Period
from intake.options import Options
from tests.intake.corpus.case import ANY_ERROR, QUARTERLY, YEARLY, Case
from tests.intake.corpus.tables import COUNTS, EXCEL, PLAIN, Style, changed, clean_cells, long, wide, without
from tests.intake.corpus.world import LOCKED

SEPTEMBER = (
    "2026-09", "2026-09-01", "09.2026", "09/2026", "Sep-26", "Sep 2026", "сентябрь 2026", "2026 ж. қыркүйек", "9.2026",
    "9/2026", "2026/09", "2026.09", "2026-9", "09-2026", "01.09.2026", "1.9.2026", "2026-09-30", "30.09.2026",
    "2026/09/01",
    "2026-09-01 00:00:00", "2026-09-01T00:00:00", "Sept 2026", "Sep. 2026", "September 2026", "SEPTEMBER 2026",
    "sep-26",
    "Sep-2026", "September, 2026", "2026 September", "Сентябрь 2026", "СЕНТЯБРЬ 2026 Г.", "сентябрь 2026 г.",
    "сентябрь 2026 года", "за сентябрь 2026 года", "сентября 2026", "сен.26", "сен 26", "сент. 2026", "сент.26",
    "сен-26",
    "2026 сентябрь", "2026 г. сентябрь", "қыркүйек 2026", "Қыркүйек 2026 ж.", "2026 жылғы қыркүйек",
    "2026 жыл қыркүйек",
    "2026 ж. қыркүйек айы", "қыр.26", "ҚЫРКҮЙЕК 2026", " 2026-09 ", "\u00a0сентябрь\u00a02026\u00a0", "сентябрь  2026",
    "сентябрь, 2026", "2026‐09", "2026–09", "2026 - 09", "2026‑09",
)  # fmt: skip
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
    "en, short": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ru, short": ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"],
    "kk, short": ["қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"],
}
UNREADABLE = (
    "2026", "09", "9", "сентябрь", "Sep", "қыркүйек", "2026-13", "2026-00", "13.2026", "00.2026", "2026-9-31",
    "31.09.2026", "09.26",
    "09/26", "26-09", "2026-09-15", "15.09.2026", "01/09/2026", "09/01/2026", "2026-09/10", "2026-09, 2026-10",
    "сентябрь-октябрь 2026",
    "с сентября по октябрь 2026", "septembre 2026", "n/a", "-", "—", "0", "46266", "46266.0", "2026.1", "Q", "soon",
    "сентябрь 226",
    "2026-09?", "=DATE(2026;9;1)", "{example}", "٢٠٢٦-٠٩", "2026M09", "20260901", "9999999", "1.2026.09", "Ceнтябрь",
)  # fmt: skip
QUARTERS = (
    "2026-Q3", "Q3 2026", "Q3-2026", "2026Q3", "2026 Q3", "q3 2026", "3 квартал 2026", "III квартал 2026 г.",
    "3 кв. 2026", "2026-кв3",
    "3-й квартал 2026", "2026 ж. 3 тоқсан", "2026 III тоқсан", "3-тоқсан 2026", "2026 жылғы 3-тоқсан",
)  # fmt: skip
YEARS = (
    "2025/26",
    "2025/2026",
    "2025-26",
    "2025–2026",
    "2025-2026",
    "2025/2026 учебный год",
    "2025-2026 оқу жылы",
    "2025/26 уч. год",
)
CELLS = clean_cells(metrics=COUNTS)


def cases() -> Iterator[Case]:
    """Yield files with periods of every written form."""
    yield from _forms()
    yield from _months()
    yield from _unreadable()
    yield from _refused()
    yield from _chosen()
    yield from _other_lengths()


def _with_period(text: str, row: int | None = None) -> bytes:
    table = wide(CELLS)
    rows = range(2, 8) if row is None else (row,)
    for number in rows:
        table = changed(table, number, "period", text)
    return Style(delimiter=";").write(table)


def _forms() -> Iterator[Case]:
    for text in SEPTEMBER:
        yield Case("period", f"{text!r}", _with_period(text), CELLS, warnings=(), rows=(6, 0, 6, 0), blank=0)
    each = wide(CELLS)
    for number, text in enumerate(SEPTEMBER[:6], start=2):
        each = changed(each, number, "period", text)
    yield Case("period", "another form in each row", PLAIN.write(each), CELLS, warnings=(), rows=(6, 0, 6, 0))
    table = [[cell.replace("2026-09", "сентябрь 2026") for cell in row] for row in long(CELLS)]
    yield Case("period", "in a long table", EXCEL.write(table), CELLS, warnings=(), rows=(36, 0, 36, 0))
    several = {
        cell: value
        for period in ("2026-08", "2026-09", "2026-10")
        for cell, value in clean_cells(period=period).items()
    }
    yield Case("period", "three in one file", PLAIN.write(wide(several)), several, rows=(18, 0, 18, 0))


def _months() -> Iterator[Case]:
    for language, names in MONTHS.items():
        cells, rows = {}, []
        for number, name in enumerate(names, start=1):
            year = 2026 if number <= 6 else 2025
            cells[("001024", "teachers_active", f"{year}-{number:02}")] = 10 + number
            rows.append(["001024", f"{name} {year}", str(10 + number)])
            cells[("001025", "teachers_active", f"{year}-{number:02}")] = 30 + number
            rows.append(["001025", f"{name.upper()}-{year % 100}", str(30 + number)])
        table = [["school_code", "period", "teachers_active"], *rows]
        yield Case("period", f"all months, {language}", PLAIN.write(table), cells, warnings=None, rows=(24, 0, 24, 0))


def _unreadable() -> Iterator[Case]:
    for text in UNREADABLE:
        either = text == "Ceнтябрь"
        yield Case(
            "period", f"{text!r} is reported", _with_period(text, 4), without(CELLS, "002017"),
            errors=ANY_ERROR if either else (("period_unreadable", 4, "period"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
    yield Case(
        "period", "blank in one row", _with_period("", 4), without(CELLS, "002017"),
        errors=(("period_missing", 4, "period"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    yield Case("period", "blank in all rows", _with_period(""), errors=(("no_period", None, None),), rows=(6, 0, 0, 6))
    titled = [["Отчёт за сентябрь 2026 года"], *wide(CELLS, school_names=False)]
    titled = [[*row[:1], *row[2:]] if index else row for index, row in enumerate(titled)]
    yield Case(
        "period", "in the title alone", PLAIN.write(titled), errors=(("no_period", None, None),), rows=(6, 0, 0, 6)
    )


def _refused() -> Iterator[Case]:
    for period, code in (
        ("2026-12", "future_period"), ("2027-01", "future_period"), ("2031-05", "future_period"), ("декабрь 2026",
        "future_period"),
        (LOCKED, "locked_period"), ("2026-Q3", "other_granularity"), ("2025/26", "other_granularity"),
        ("III квартал 2026", "other_granularity"),
    ):  # fmt: skip
        yield Case(
            "refused period", f"{period} in one row", _with_period(period, 4), without(CELLS, "002017"),
            errors=((code, 4, "period"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
        errors = tuple((code, row, "period") for row in range(2, 8))
        yield Case("refused period", f"{period} in all rows", _with_period(period), errors=errors, rows=(6, 0, 0, 6))
    begun = clean_cells(metrics=COUNTS, period="2026-11")
    yield Case("refused period", "one that has begun is none", PLAIN.write(wide(begun)), begun, rows=(6, 0, 6, 0))


def _chosen() -> Iterator[Case]:
    september, october = Options(period=Period.parse("2026-09")), Options(period=Period.parse("2026-10"))
    without_column = [[row[0], *row[3:]] for row in wide(CELLS)]
    yield Case(
        "chosen period",
        "fills in",
        PLAIN.write(without_column),
        CELLS,
        options=september,
        warnings=(),
        rows=(6, 0, 6, 0),
    )
    yield Case(
        "chosen period",
        "fills in a blank column",
        _with_period(""),
        CELLS,
        options=september,
        warnings=(),
        rows=(6, 0, 6, 0),
    )
    yield Case(
        "chosen period",
        "fills in one cell",
        _with_period("", 4),
        CELLS,
        options=september,
        warnings=(),
        rows=(6, 0, 6, 0),
    )
    yield Case(
        "chosen period",
        "agrees",
        _with_period("сентябрь 2026"),
        CELLS,
        options=september,
        warnings=(),
        rows=(6, 0, 6, 0),
    )
    errors = tuple(("period_contradicts", row, "period") for row in range(2, 8))
    yield Case(
        "chosen period", "contradicts", _with_period("2026-09"), options=october, errors=errors, rows=(6, 0, 0, 6)
    )
    yield Case(
        "chosen period", "contradicts one row", _with_period("2026-10", 4), without(CELLS, "002017"), options=september,
        errors=(("period_contradicts", 4, "period"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    yield Case(
        "chosen period", "does not cover what cannot be read", _with_period("когда-то", 4), without(CELLS, "002017"),
        options=september, errors=(("period_unreadable", 4, "period"),), rows=(6, 0, 5, 1),
    )  # fmt: skip
    for key, code in (("2027-01", "future_period"), (LOCKED, "locked_period"), ("2026-Q3", "other_granularity")):
        options = Options(period=Period.parse(key))
        yield Case(
            "chosen period",
            f"{key} is refused",
            PLAIN.write(without_column),
            options=options,
            errors=((code, None, None),),
        )
    long_rows = [[row[0], row[1], row[3]] for row in long(CELLS)]
    yield Case(
        "chosen period", "fills in a long table", PLAIN.write(long_rows), CELLS, options=september, rows=(36, 0, 36, 0)
    )


def _other_lengths() -> Iterator[Case]:
    for initiative, key, texts in ((QUARTERLY, "2026-Q3", QUARTERS), (YEARLY, "2025/26", YEARS)):
        cells = {("001024", "teachers_active", key): 12}
        for text in texts:
            table = [["school_code", "period", "teachers_active"], ["001024", text, "12"]]
            yield Case(
                "period", f"{text!r} of {initiative}", PLAIN.write(table), cells, initiative=initiative, warnings=()
            )
        for text in ("2026-09", "09.2026", "сентябрь 2026"):
            table = [["school_code", "period", "teachers_active"], ["001024", text, "12"]]
            yield Case(
                "period", f"{text!r} of {initiative} is another length", PLAIN.write(table), initiative=initiative,
                errors=(("other_granularity", 2, "period"),), rows=(1, 0, 0, 1),
            )  # fmt: skip
    table = [["school_code", "period", "teachers_active"], ["001024", "2026-Q4", "12"], ["001024", "2027-Q1", "12"]]
    yield Case(
        "refused period", "a quarter to come", PLAIN.write(table), {("001024", "teachers_active", "2026-Q4"): 12},
        initiative=QUARTERLY, errors=(("future_period", 3, "period"),), rows=(2, 0, 1, 1),
    )  # fmt: skip
