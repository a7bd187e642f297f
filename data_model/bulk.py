"""Many rows at once: written by wide `INSERT`s on SQLite and `COPY` on PostgreSQL, read as numpy arrays."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from pyarrow import csv
from sqlmodel import Session, SQLModel

from data_model.packed_rows import Columns, Types, layout, packed

# Values become Python objects on their way into SQLite: convert this many rows at a time.
SLICE = 50_000
# Rows in one INSERT. A statement costs more to start than to go on with; beyond fifty nothing is gained.
ROWS_IN_ONE_INSERT = 50
# Rows fetched at a time, so that a large answer is never held as tuples.
FETCH = 20_000

Query = sa.Select[*tuple[Any, ...]]


def insert_columns(session: Session, table: type[SQLModel], columns: Columns, count: int) -> None:
    """Insert `count` rows given column by column, in the session's transaction.

    A column is a numpy array or a list of `count` plain values (NaN in a float array becomes NULL), or one value for
    all rows. Keys are the table's attribute names. Constraints apply as always; Python defaults do not: name every
    column that has no default in the database. Lists are given as the database holds them (JSON as its text).
    """
    if count == 0:
        return
    session.flush()
    dialect = session.get_bind().dialect
    mapper = sa.inspect(table)
    arrays: dict[str, Any] = {}
    constants: dict[str, Any] = {}
    for attribute, given in columns.items():
        column = mapper.columns[attribute]
        if isinstance(given, (np.ndarray, list)):
            arrays[column.name] = given
        else:
            constants[column.name] = _as_bound(column, given, dialect)
    quote = dialect.identifier_preparer.quote
    target = f"{quote(str(mapper.local_table.name))} ({', '.join(quote(name) for name in [*arrays, *constants])})"
    cursor = session.connection().connection.cursor()
    if dialect.name == "postgresql":
        types = {column.name: column.type for column in mapper.local_table.columns}
        _copy(cursor, target, types, arrays, constants, count)
    else:
        _insert(cursor, target, arrays, constants, count)


def fetch_numbers(session: Session, query: Query) -> list[np.ndarray]:
    """Return the query's columns as float64 arrays, NULL as NaN. Every column must be a number below 2^53."""
    columns = [column.label(f"c{index}") for index, column in enumerate(query.selected_columns)]
    query = query.with_only_columns(*columns, maintain_column_froms=True)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        return _fetch_packed(session, query)
    cursor = session.connection().execute(query).cursor
    if cursor is None:
        raise TypeError("fetch_numbers wants a query that returns rows")
    cursor.arraysize = FETCH
    rows: Iterable[tuple[Any, ...]] = cursor  # type: ignore[assignment]  # a driver's cursor yields its rows
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.float64).reshape(-1, len(columns))
    return [np.ascontiguousarray(column) for column in flat.T]


def supersede(session: Session, table: type[SQLModel], ids: np.ndarray, at: datetime) -> None:
    """Set `superseded_at` of the rows with these ids. The only change that a versioned row ever sees."""
    if len(ids) == 0:
        return
    session.flush()
    listed = ",".join(map(str, np.sort(ids.astype(np.int64)).tolist()))
    if session.get_bind().dialect.name == "postgresql":
        chosen = sa.text("SELECT unnest(CAST(:ids AS bigint[]))").bindparams(ids="{" + listed + "}")
    else:
        chosen = sa.text("SELECT value FROM json_each(:ids)").bindparams(ids="[" + listed + "]")
    columns = sa.inspect(table).columns
    session.connection().execute(
        sa.update(table).where(columns["id"].in_(chosen.columns(sa.column("id")))).values(superseded_at=at)
    )


def _as_bound(column: sa.Column[Any], value: Any, dialect: sa.engine.Dialect) -> Any:
    """Return the value as the driver wants it, so that bulk rows look like any others."""
    processor = column.type.dialect_impl(dialect).bind_processor(dialect)
    return processor(value) if processor else value


def _insert(cursor: Any, target: str, arrays: Columns, constants: Columns, count: int) -> None:
    """Insert many rows with each statement. What is the same in all of them is bound once a statement."""
    fixed = list(constants.values())
    same = [f"?{position + 1}" for position in range(len(fixed))]

    def statement(rows: int) -> str:
        marks = []
        for row in range(rows):
            start = len(fixed) + row * len(arrays) + 1
            marks.append(f"({', '.join([*(f'?{start + place}' for place in range(len(arrays))), *same])})")
        return f"INSERT INTO {target} VALUES {', '.join(marks)}"

    values = chain.from_iterable(_rows(list(arrays.values()), count))
    whole, rest = divmod(count, ROWS_IN_ONE_INSERT) if arrays else (0, count)
    width = ROWS_IN_ONE_INSERT * len(arrays)
    cursor.executemany(statement(ROWS_IN_ONE_INSERT), ([*fixed, *islice(values, width)] for _ in range(whole)))
    cursor.executemany(statement(1), ([*fixed, *islice(values, len(arrays))] for _ in range(rest)))


def _rows(arrays: Sequence[Any], count: int) -> Iterator[tuple[Any, ...]]:
    for start in range(0, count, SLICE):
        yield from zip(*(_plain(given[start : min(start + SLICE, count)]) for given in arrays), strict=True)


def _plain(values: np.ndarray | list[Any]) -> list[Any]:
    if isinstance(values, list):
        return values
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if value != value else value for value in values.tolist()]
    plain: list[Any] = values.tolist()
    return plain


def _copy(cursor: Any, target: str, types: Types, arrays: Columns, constants: Columns, count: int) -> None:
    """Send the rows by COPY: numbers in the form in which the server holds them, anything else as CSV."""
    row = layout(types, arrays, constants)
    blocks = _written(arrays, constants, count) if row is None else packed(row, arrays, count, SLICE)
    with cursor.copy(f"COPY {target} FROM STDIN (FORMAT {'csv' if row is None else 'binary'})") as copy:
        for block in blocks:
            copy.write(block)


def _written(arrays: Columns, constants: Columns, count: int) -> Iterator[bytes]:
    """Yield the rows as CSV, which Arrow writes and PostgreSQL reads faster than either takes row by row."""
    options = csv.WriteOptions(include_header=False)
    for start in range(0, count, SLICE):
        stop = min(start + SLICE, count)
        columns = {name: pa.array(given[start:stop], from_pandas=True) for name, given in arrays.items()}
        for name, value in constants.items():
            columns[name] = pa.repeat(pa.scalar(str(value) if isinstance(value, datetime) else value), stop - start)
        written = io.BytesIO()
        csv.write_csv(pa.table(columns), written, options)
        yield written.getvalue()


def _fetch_packed(session: Session, query: Query) -> list[np.ndarray]:
    """Let PostgreSQL pack each column into one run of bytes, which numpy takes as it is: no object is made a row."""
    inner = query.subquery()
    nan: sa.ColumnElement[float] = sa.literal_column("'NaN'::float8")
    nothing: sa.ColumnElement[bytes] = sa.literal_column("''::bytea")
    packed = [
        sa.func.string_agg(sa.func.float8send(sa.func.coalesce(sa.cast(column, sa.Double), nan)), nothing)
        for column in inner.columns
    ]
    found = session.connection().execute(sa.select(*packed)).one()
    return [np.frombuffer(column or b"", dtype=">f8").astype(np.float64) for column in found]
