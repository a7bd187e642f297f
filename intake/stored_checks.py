"""A file's values beside what is held already: rules between two metrics of which only one is in the file."""

from collections.abc import Sequence

import numpy as np
from sqlmodel import Session

from data_model.registry import Initiative
from intake.cells import REPORTED, Cells
from intake.compare import stored_cells
from intake.finding_list import Coded, FindingList, Place
from intake.layout import ColumnReading
from intake.rulebook import MetricAsked


def places_of_metrics(columns: Sequence[ColumnReading], metrics: dict[int, MetricAsked]) -> dict[int, Place]:
    """Return in which column the values of each metric stand, by metric id."""
    by_key = {column.metric: Place(column.name, column.position) for column in columns if column.metric}
    values = next((Place(column.name, column.position) for column in columns if column.role == "value"), Place())
    return {identity: by_key.get(metric.key, values) for identity, metric in metrics.items()}


def report_rules_against_stored(
    session: Session,
    initiative: Initiative,
    rules: Sequence[tuple[int, int]],
    metrics: dict[int, MetricAsked],
    cells: Cells,
    places: dict[int, Place],
    findings: FindingList,
) -> None:
    """Warn where a value of the file breaks a rule together with a value that is held and not in the file."""
    wanted: list[tuple[np.ndarray, int, int, int]] = []
    keys = _keys(cells, cells.metric_id)
    in_order = np.sort(keys)
    for lesser, greater in rules:
        for said, held in ((lesser, greater), (greater, lesser)):
            here = np.flatnonzero((cells.metric_id == said) & (cells.state == REPORTED))
            if len(here):
                partner = _keys(cells.take(here), np.full(len(here), held))
                at = np.searchsorted(in_order, partner).clip(max=len(in_order) - 1)
                wanted.append((here[in_order[at] != partner], held, lesser, greater))
    wanted = [entry for entry in wanted if len(entry[0])]
    if not wanted:
        return
    index = np.concatenate([here for here, *_rest in wanted])
    held_metric = np.concatenate([np.full(len(here), held) for here, held, *_rest in wanted])
    partners = cells.take(index)
    partners.metric_id = held_metric
    stored = stored_cells(session, initiative, partners)
    start = 0
    for here, held, lesser, greater in wanted:
        held_value = stored.value[start : start + len(here)]
        start += len(here)
        said_value = cells.value[here]
        low, high = (held_value, said_value) if held == lesser else (said_value, held_value)
        broken = low > high  # never of NaN: nothing held
        metric = greater if held == lesser else lesser
        findings.add_rows(
            "rule_against_stored", cells.row[here[broken]], places[metric], number_texts(said_value[broken]),
            lesser=metrics[lesser].key, greater=metrics[greater].key,
            lesser_value=low[broken], greater_value=high[broken],
        )  # fmt: skip


def number_texts(values: np.ndarray) -> Coded:
    """Return values as texts for findings: whole numbers without a fraction."""
    distinct, codes = np.unique(values, return_inverse=True)
    return Coded(codes, [f"{value:.10g}" for value in distinct.tolist()])


def _keys(cells: Cells, metric_id: np.ndarray) -> np.ndarray:
    """Return one number for each cell's school, period and metric."""
    span = 1 << 20  # metrics and periods are far fewer, and the key stays below 2^63
    return (cells.school_id * span + cells.period_index) * np.int64(4096) + metric_id
