"""The measure of the intake: the same values written by nothing but the database's own bulk command.

The table has the columns and the indexes of `observation`, and neither its foreign keys nor its checks.
"""

import time
from collections.abc import Iterator
from itertools import repeat
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from benchmarks.country import AT, Reports
from data_model.submissions import Observation, ValueState

COLUMNS = (
    "initiative_id", "school_id", "metric_id", "period_id", "state", "value", "submission_id", "file_row",
    "recorded_at",
)  # fmt: skip
BLOCK = 1 << 20


def table() -> sa.Table:
    """Return `observation` without its foreign keys and checks, under a name of its own."""
    copy = Observation.__table__.to_metadata(sa.MetaData(), name="bare_observation")  # type: ignore[attr-defined]
    for constraint in list(copy.constraints):
        if not isinstance(constraint, sa.PrimaryKeyConstraint):
            copy.constraints.remove(constraint)
    copy.primary_key.name = "pk_bare_observation"
    for column in copy.columns:
        column.foreign_keys.clear()
    for index in copy.indexes:
        index.name = f"bare_{index.name}"
    return copy


def rows(reports: Reports, schools: np.ndarray, metrics: np.ndarray, recorded_at: str) -> Iterator[tuple[Any, ...]]:
    """Yield the reports as rows of the table, in the order of the file."""
    periods = {key: number for number, key in enumerate(dict.fromkeys(reports.period), 1)}
    return zip(
        repeat(1), schools.tolist(), metrics.tolist(), [periods[key] for key in reports.period],
        repeat(ValueState.REPORTED.value), reports.value.tolist(), repeat(1), range(2, len(reports) + 2),
        repeat(recorded_at), strict=False,
    )  # fmt: skip


def executemany_on_sqlite(engine: Engine, reports: Reports, schools: np.ndarray, metrics: np.ndarray) -> float:
    """Write the reports into a fresh SQLite table with the application's settings. Returns the seconds it took."""
    table().create(engine)
    ready = list(rows(reports, schools, metrics, AT.strftime("%Y-%m-%d %H:%M:%S.%f")))
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO bare_observation ({', '.join(COLUMNS)}) VALUES ({marks})"
    connection = engine.raw_connection()
    cursor = connection.cursor()
    began = time.perf_counter()
    cursor.execute("BEGIN IMMEDIATE")
    cursor.executemany(statement, ready)
    cursor.execute("COMMIT")
    took = time.perf_counter() - began
    connection.close()
    return took


def copy_on_postgresql(engine: Engine, reports: Reports, schools: np.ndarray, metrics: np.ndarray) -> float:
    """Write the reports into a fresh PostgreSQL table by COPY. Returns the seconds it took."""
    table().create(engine)
    lines = ("\t".join(map(str, row)) for row in rows(reports, schools, metrics, AT.isoformat()))
    ready = ("\n".join(lines) + "\n").encode()
    connection = engine.raw_connection()
    began = time.perf_counter()
    with connection.cursor().copy(f"COPY bare_observation ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for start in range(0, len(ready), BLOCK):
            copy.write(ready[start : start + BLOCK])
    connection.commit()
    took = time.perf_counter() - began
    connection.close()
    return took
