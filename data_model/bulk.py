"""Many rows at once: `executemany` on SQLite, `COPY` on PostgreSQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, SQLModel

# Binding a parameter list costs memory: read and send in slices of this many rows.
SLICE = 50_000


def insert_columns(session: Session, table: type[SQLModel], columns: Mapping[str, Any], count: int) -> None:
    """Insert `count` rows given column by column, in the session's transaction.

    A column is a numpy array or a list of `count` plain values (NaN in a float array becomes NULL), or one value for
    all rows. Keys are the table's attribute names. Constraints apply as always; Python defaults do not: name every
    column that has no default in the database.
    """
    if count == 0:
        return
    mapper = sa.inspect(table)
    dialect = session.get_bind().dialect
    names, constants = [], {}
    for attribute, given in columns.items():
        column = mapper.columns[attribute]
        names.append(column.name)
        if not isinstance(given, (np.ndarray, list)):
            constants[attribute] = _as_bound(column, given, dialect)
    quoted = ", ".join(dialect.identifier_preparer.quote(name) for name in names)
    target = dialect.identifier_preparer.quote(str(mapper.local_table.name))
    connection = session.connection()
    if dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {target} ({quoted}) FROM STDIN") as copy:
            for row in _rows(columns, constants, count):
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    cursor = connection.connection.cursor()
    cursor.executemany(f"INSERT INTO {target} ({quoted}) VALUES ({marks})", _rows(columns, constants, count))


def _as_bound(column: sa.Column[Any], value: Any, dialect: sa.engine.Dialect) -> Any:
    """Return the value as the driver wants it, so that bulk rows look like any others."""
    processor = column.type.dialect_impl(dialect).bind_processor(dialect)
    return processor(value) if processor else value


def _rows(columns: Mapping[str, Any], constants: Mapping[str, Any], count: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, count, SLICE):
        stop = min(start + SLICE, count)
        parts: list[Iterable[Any]] = []
        for attribute, given in columns.items():
            parts.append(
                repeat(constants[attribute], stop - start)
                if attribute in constants
                else _plain(given[start:stop])
            )
        yield from zip(*parts, strict=True)


def _plain(values: np.ndarray | Sequence[Any]) -> Sequence[Any]:
    if not isinstance(values, np.ndarray):
        return values
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if value != value else value for value in values.tolist()]
    return values.tolist()
