"""The files that regions send: the many ways in which people keep one table."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np

from data_model.periods import Period
from seed.registry.files import REFERENCE, rows

MONTHS_RU = (
    "январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
MONTHS_KK = (
    "қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша",
    "желтоқсан",
)  # fmt: skip
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Writer(Protocol):
    """What `csv.writer` gives."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write one row."""

    def writerows(self, rows: Iterable[Iterable[str]], /) -> object:
        """Write many rows."""


@dataclass(frozen=True)
class Style:
    """How an office writes its file. `language` is that of the headers; empty: the keys of the template."""

    encoding: str = "utf-8"
    delimiter: str = ","
    language: str = ""
    decimal_mark: str = "."
    not_applicable: str = "n/a"
    titled: bool = False  # a title above the header, totals below the data
    long: bool = False


TEMPLATE = Style()
LONG = Style(long=True)
RUSSIAN_SPREADSHEET = Style("cp1251", ";", "ru", ",", "н/д", titled=True)
KAZAKH_SPREADSHEET = Style("utf-8-sig", ";", "kk", ",", "н/д")
ENGLISH_SPREADSHEET = Style("utf-8", ",", "en", ".", "-")
STYLES = {
    "KZ": (TEMPLATE, RUSSIAN_SPREADSHEET, KAZAKH_SPREADSHEET, LONG, RUSSIAN_SPREADSHEET, ENGLISH_SPREADSHEET),
    "": (TEMPLATE, LONG, ENGLISH_SPREADSHEET),
}
KEY_COLUMNS = {
    "": ("school_code", "school_name", "period"),
    "en": ("School code", "School name", "Period"),
    "ru": ("Код школы", "Наименование", "Период"),
    "kk": ("Мектеп коды", "Мектеп атауы", "Кезең"),
}


@dataclass
class Table:
    """A month's figures: one row a school, one column a metric. NaN is blank; `not_applicable` by metric, over rows.

    `other` columns, by header, stand last in a wide file; they are no metrics.
    """

    period: Period
    codes: Sequence[str]
    names: Sequence[str]
    values: Mapping[str, np.ndarray]
    not_applicable: Mapping[str, np.ndarray] = field(default_factory=dict)
    other: Mapping[str, Sequence[str]] = field(default_factory=dict)


def write(table: Table, style: Style) -> bytes:
    """Return the table as the bytes of a file in that style."""
    written = {metric: _written(table, metric, style) for metric in table.values}
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=style.delimiter, lineterminator="\r\n")
    if style.long:
        _write_long(writer, table, written)
    else:
        _write_wide(writer, table, style, written)
    return target.getvalue().encode(style.encoding)


@lru_cache(maxsize=1)
def metric_names() -> dict[str, dict[str, str]]:
    """Return each metric's name by language; the empty language gives its key."""
    return {
        row["key"]: {"": row["key"], "en": row["name_en"], "ru": row["name_ru"], "kk": row["name_kk"]}
        for row in rows(REFERENCE, "metrics")
    }


@lru_cache(maxsize=1)
def decimals() -> dict[str, int]:
    """Return how many decimals each metric is written with."""
    return {row["key"]: int(row["decimals"]) for row in rows(REFERENCE, "metrics")}


def _written(table: Table, metric: str, style: Style) -> list[str]:
    """Return a metric's column as text."""
    places = decimals()[metric]
    outside = table.not_applicable.get(metric)
    cells = ["" if value != value else f"{value:.{places}f}" for value in table.values[metric].tolist()]
    if places and style.decimal_mark != ".":
        cells = [cell.replace(".", style.decimal_mark) for cell in cells]
    if outside is not None:
        cells = [style.not_applicable if out else cell for cell, out in zip(cells, outside.tolist(), strict=True)]
    return cells


def _write_wide(writer: Writer, table: Table, style: Style, written: Mapping[str, list[str]]) -> None:
    title, period = _titles(table.period, style)
    headers = [metric_names()[metric][style.language] for metric in written]
    if style.titled:
        writer.writerow([title, *[""] * (2 + len(written) + len(table.other))])
    writer.writerow([*KEY_COLUMNS[style.language], *headers, *table.other])
    names = [name if _can_write(name, style.encoding) else "" for name in table.names]
    columns = [*written.values(), *table.other.values()]
    writer.writerows(zip(table.codes, names, [period] * len(names), *columns, strict=True))
    if style.titled:
        sums = [
            "" if decimals()[metric] else f"{np.nansum(np.where(_told(table, metric), values, 0)):.0f}"
            for metric, values in table.values.items()
        ]
        writer.writerow(["Итого", "", "", *sums, *[""] * len(table.other)])


def _write_long(writer: Writer, table: Table, written: Mapping[str, list[str]]) -> None:
    writer.writerow(["school_code", "metric", "period", "value"])
    period = table.period.key
    for index, code in enumerate(table.codes):
        writer.writerows([code, metric, period, cells[index]] for metric, cells in written.items() if cells[index])


def _told(table: Table, metric: str) -> np.ndarray:
    outside = table.not_applicable.get(metric)
    return np.ones(len(table.codes), bool) if outside is None else ~outside


def _titles(period: Period, style: Style) -> tuple[str, str]:
    """Return the file's title and the period as this office writes it."""
    year, month = period.starts_on.year, period.starts_on.month
    title = f"Отчёт о ходе внедрения ChatGPT Edu, {MONTHS_RU[month - 1]} {year} г."
    written = {
        "": period.key,
        "en": f"{MONTHS_EN[month - 1]} {year}",
        "ru": f"{month:02}.{year}",
        "kk": f"{year} ж. {MONTHS_KK[month - 1]}",
    }
    return title, written[style.language]


def _can_write(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
