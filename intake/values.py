"""Every value cell of a table: read, and checked by what its metric allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intake.columns import ColumnRole, Vocabulary
from intake.finding_list import Coded, FindingList, Place
from intake.findings import quoted
from intake.grid import TextColumn
from intake.layout import WIDE
from intake.matching import NO_PLACE, Rows, key_column
from intake.quantities import AMBIGUOUS, BLANK, NOT_A_NUMBER, NUMBER, PERCENT, ROUNDED, read_quantities
from intake.reading import Table
from intake.rulebook import MetricAsked, Rulebook

UNREADABLE = (
    (NOT_A_NUMBER, "not_a_number"),
    (AMBIGUOUS, "ambiguous_number"),
    (ROUNDED, "rounded_number"),
)


@dataclass
class ValueColumn:
    """One column of values: its texts, what they say, and the metric of each row (place among `metrics`)."""

    name: str
    position: int
    texts: TextColumn
    status: np.ndarray
    value: np.ndarray
    metric: np.ndarray
    wrong: np.ndarray

    @property
    def place(self) -> Place:
        """Where findings about the column lie."""
        return Place(self.name, self.position)


@dataclass
class MetricTable:
    """The metrics asked for, as parallel arrays: a cell's metric is a place in them."""

    metrics: list[MetricAsked]

    def __post_init__(self) -> None:
        self.ids = np.array([metric.id for metric in self.metrics], dtype=np.int64)
        self.keys = [metric.key for metric in self.metrics]
        self.units = [metric.unit for metric in self.metrics]
        self.decimals = np.array([metric.decimals for metric in self.metrics], dtype=np.int64)
        self.lower = np.array([-np.inf if m.lower is None else m.lower for m in self.metrics])
        self.upper = np.array([np.inf if m.upper is None else m.upper for m in self.metrics])
        self.is_percentage = np.array([metric.is_percentage for metric in self.metrics], dtype=bool)
        self.place_of_id = {metric.id: place for place, metric in enumerate(self.metrics)}


def read_values(
    table: Table, rows: Rows, rulebook: Rulebook, vocabulary: Vocabulary, findings: FindingList
) -> tuple[MetricTable, list[ValueColumn]]:
    """Return the metrics and the value columns, each cell read and checked alone. Findings say what is wrong."""
    metrics = MetricTable(rulebook.asked)
    if table.layout.kind == WIDE:
        names = {column.position: column.name for column in table.layout.columns}
        columns = []
        for position, metric_id in table.layout.metrics.items():
            place = np.full(len(rows.grid), metrics.place_of_id[metric_id], dtype=np.int16)
            columns.append(_read(names[position], position, place, table, rows))
    else:
        column = key_column(table, ColumnRole.VALUE)
        assert column is not None, "the long layout has a value column"
        metric = _metric_of_rows(table, rows, metrics, vocabulary, findings)
        columns = [_read(column.name, column.position, metric, table, rows)]
    for value_column in columns:
        _check(value_column, rows, metrics, findings)
    return metrics, columns


def _read(name: str, position: int, metric: np.ndarray, table: Table, rows: Rows) -> ValueColumn:
    texts = table.grid.columns[position]
    read = read_quantities(texts.texts, table.decimal_mark)
    return ValueColumn(
        name, position, texts, read.status[texts.codes], read.value[texts.codes], metric,
        np.zeros(len(rows.grid), dtype=bool),
    )  # fmt: skip


def _metric_of_rows(
    table: Table, rows: Rows, metrics: MetricTable, vocabulary: Vocabulary, findings: FindingList
) -> np.ndarray:
    """Return the metric of each row of the long layout, NO_PLACE where it is unknown or not asked for."""
    column = key_column(table, ColumnRole.METRIC)
    assert column is not None, "the long layout has a metric column"
    named = [vocabulary.metric_named(text) for text in column.texts.texts]
    place = [metrics.place_of_id.get(metric.id, NO_PLACE) if metric else NO_PLACE for metric in named]
    blank = column.texts.blank
    found = column.texts.mask([metric is not None for metric in named])
    asked = column.texts.mask([at != NO_PLACE for at in place])

    # One text for all rows: a list would be taken for one entry a row.
    keys = ", ".join(metrics.keys)
    for code, mask in (("metric_missing", blank), ("unknown_metric", ~blank & ~found)):
        chosen = rows.live & mask
        findings.add_rows(code, rows.grid.row[chosen], column.place, column.coded(chosen), metrics=keys)
    not_asked = rows.live & found & ~asked
    named_keys = Coded(column.texts.codes[not_asked], [metric.key if metric else "" for metric in named])
    findings.add_rows(
        "metric_not_requested", rows.grid.row[not_asked], column.place, column.coded(not_asked),
        metric=named_keys, metrics=keys,
    )  # fmt: skip
    return np.array(place, dtype=np.int16)[column.texts.codes]


def _check(column: ValueColumn, rows: Rows, metrics: MetricTable, findings: FindingList) -> None:
    """Say which cells hold no value that their metric allows, and mark them wrong."""

    def add(code: str, mask: np.ndarray, **details: Any) -> None:
        if not mask.any():
            return
        said = {"metric": Coded(column.metric[mask], metrics.keys)} | {
            name: Coded(column.metric[mask], choices) for name, choices in details.items()
        }
        findings.add_rows(code, rows.grid.row[mask], column.place, column.texts.coded(mask), **said)
        column.wrong |= mask

    known = rows.live & (column.metric != NO_PLACE)
    for status, code in UNREADABLE:
        # An unreadable value is wrong whatever its metric.
        mask = rows.live & (column.status == status)
        if mask.any():
            findings.add_rows(code, rows.grid.row[mask], column.place, column.texts.coded(mask))
            column.wrong |= mask
    if (column.status == PERCENT).any():
        percentage = (column.status == PERCENT) & metrics.is_percentage[column.metric]
        column.status[percentage] = NUMBER
        add("percent_sign", known & (column.status == PERCENT), unit=metrics.units)
        column.wrong |= column.status == PERCENT
    number = known & (column.status == NUMBER)
    value, metric = column.value, column.metric
    negative = number & (value < 0) & (metrics.lower[metric] >= 0)
    add("negative_value", negative)
    decimals = metrics.decimals[metric]
    with np.errstate(invalid="ignore"):
        exact = np.round(value * 10.0**decimals) / 10.0**decimals == value
    inexact = number & ~exact & ~negative
    add("fractional_count", inexact & (decimals == 0))
    add("too_many_decimals", inexact & (decimals > 0), decimals=metrics.decimals)
    add("below_minimum", number & ~negative & (value < metrics.lower[metric]), limit=metrics.lower)
    add("above_maximum", number & (value > metrics.upper[metric]), limit=metrics.upper)


def blank_cells(columns: Sequence[ValueColumn], accepted: np.ndarray) -> int:
    """Return how many value cells of the accepted rows are blank."""
    return sum(int((accepted & (column.status == BLANK)).sum()) for column in columns)


def text_at(column: ValueColumn, index: int) -> str:
    """Return what stands in a row of the column, as a finding quotes it."""
    return quoted(column.texts.texts[column.texts.codes[index]])
