"""The clean tables that the damaged files are made from, and how they are written."""

import csv
import io
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.intake.corpus.case import NA, Cell, Value

SEED = 20260901
SCHOOLS = ("001024", "001025", "002017", "020311", "100450", "100451")
NAMES = {code: f"School {code}" for code in SCHOOLS}
PERIOD = "2026-09"
# The metrics of the clean tables, with decimals in two of them.
METRICS = (
    "licences_allocated", "licences_activated", "teachers_total", "teachers_trained", "teachers_active",
    "messages_sent", "teachers_surveyed", "usefulness_score", "training_hours",
)  # fmt: skip
COUNTS = METRICS[:6]
DECIMALS = {"usefulness_score": 2, "training_hours": 1}
KEYS = ("school_code", "school_name", "period")
RUSSIAN = {
    "school_code": "Код школы", "school_name": "Наименование школы", "period": "Отчётный период",
    "metric": "Показатель", "value": "Значение",
    "licences_allocated": "Выделено лицензий", "licences_activated": "Активировано лицензий",
    "teachers_total": "Всего учителей", "teachers_trained": "Обучено учителей",
    "teachers_active": "Активных учителей", "messages_sent": "Сообщений", "teachers_surveyed": "Опрошено учителей",
    "usefulness_score": "Оценка полезности", "training_hours": "Часы обучения",
}  # fmt: skip
KAZAKH = {
    "school_code": "Мектеп коды", "school_name": "Мектеп атауы", "period": "Кезең",
    "metric": "Көрсеткіш", "value": "Мәні",
    "licences_allocated": "Бөлінген лицензиялар", "licences_activated": "Іске қосылған лицензиялар",
    "teachers_total": "Мұғалімдер саны", "teachers_trained": "Оқытылған мұғалімдер",
    "teachers_active": "Белсенді мұғалімдер", "messages_sent": "Жіберілген хабарламалар",
}  # fmt: skip

Rows = list[list[str]]


def clean_cells(
    schools: Sequence[str] = SCHOOLS, metrics: Sequence[str] = METRICS, period: str = PERIOD, seed: int = SEED
) -> dict[Cell, Value]:
    """Return values that break no rule: of thousands of messages, and with decimals where the metric has them."""
    chance = random.Random(f"{seed} {period}")
    cells: dict[Cell, Value] = {}
    for school in schools:
        total = chance.randint(30, 200)
        allocated = chance.randint(total // 2, total)
        activated = chance.randint(allocated // 2, allocated)
        surveyed = chance.randint(2, 20)
        values = {
            "licences_allocated": allocated, "licences_activated": activated, "teachers_total": total,
            "teachers_trained": chance.randint(1, total), "teachers_active": chance.randint(1, activated),
            "messages_sent": chance.randint(1001, 99_999), "teachers_surveyed": surveyed,
            # Never with a last digit of 0: a value that shows its decimals.
            "usefulness_score": chance.randint(1, 4) + chance.randint(1, 9) / 10 + chance.randint(1, 9) / 100,
            "training_hours": 1000 * chance.randint(1, 3) + chance.randint(100, 900) + chance.randint(1, 9) / 10,
        }  # fmt: skip
        cells |= {
            (school, metric, period): round(values[metric], DECIMALS.get(metric, 0)) for metric in metrics
        }  # fmt: skip
    return cells


@dataclass(frozen=True)
class Style:
    """How a table is written."""

    delimiter: str = ","
    mark: str = "."
    group: str = ""
    encoding: str = "utf-8"
    line_end: str = "\n"
    quote_all: bool = False

    def number(self, value: Value) -> str:
        """Return a value as this style writes it."""
        if value == NA:
            return NA
        written = f"{value:,.10f}".rstrip("0").rstrip(".")
        return written.replace(",", "\0").replace(".", self.mark).replace("\0", self.group)

    def write(self, rows: Iterable[Sequence[str]]) -> bytes:
        """Return the rows as bytes of a file."""
        return self.encode(self.join(rows))

    def join(self, rows: Iterable[Sequence[str]]) -> str:
        """Return the rows as text."""
        target = io.StringIO()
        quoting = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(target, delimiter=self.delimiter, lineterminator=self.line_end, quoting=quoting)
        writer.writerows(rows)
        return target.getvalue()

    def encode(self, text: str) -> bytes:
        """Return the text as bytes."""
        return text.encode(self.encoding)

    def but(self, **changes: str | bool) -> "Style":
        """Return this style with differences."""
        return replace(self, **changes)


PLAIN = Style()
# What a Russian or Kazakh spreadsheet writes.
EXCEL = Style(delimiter=";", mark=",", encoding="windows-1251", line_end="\r\n")


def wide(
    cells: Mapping[Cell, Value],
    style: Style = PLAIN,
    names: Mapping[str, str] | None = None,
    *,
    school_names: bool = True,
) -> Rows:
    """Return the cells as a table with a row for each school and period, and a column for each metric."""
    metrics = list(dict.fromkeys(metric for _school, metric, _period in cells))
    keys = KEYS if school_names else ("school_code", "period")
    rows = [[(names or {}).get(name, name) for name in (*keys, *metrics)]]
    for school, period in dict.fromkeys((school, period) for school, _metric, period in cells):
        start = [school, NAMES.get(school, ""), period] if school_names else [school, period]
        said = [cells.get((school, metric, period)) for metric in metrics]
        rows.append([*start, *("" if value is None else style.number(value) for value in said)])
    return rows


def long(cells: Mapping[Cell, Value], style: Style = PLAIN, names: Mapping[str, str] | None = None) -> Rows:
    """Return the cells as a table with a row for each."""
    named = names or {}
    rows = [[named.get(name, name) for name in ("school_code", "metric", "period", "value")]]
    rows += [
        [school, named.get(metric, metric), period, style.number(value)]
        for (school, metric, period), value in cells.items()
    ]
    return rows


def changed(rows: Rows, row: int, column: str | int, text: str) -> Rows:
    """Return the table with another text in one cell. `row` is a spreadsheet row, the header being row 1."""
    position = rows[0].index(column) if isinstance(column, str) else column
    copy = [list(record) for record in rows]
    copy[row - 1][position] = text
    return copy


def without(cells: Mapping[Cell, Value], *schools: str, metric: str | None = None) -> dict[Cell, Value]:
    """Return the cells but those of some schools (and of one metric, if named)."""
    return {
        cell: value for cell, value in cells.items()
        if cell[0] not in schools or (metric is not None and cell[1] != metric)
    }  # fmt: skip
