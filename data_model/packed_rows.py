"""Rows of numbers in the binary form of PostgreSQL's COPY: numpy lays them out, and the server takes them as they are.

A row is the number of its columns in two bytes, then for each column its length in four bytes and its bytes, the most
significant first.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no further header
TRAILER = b"\xff\xff"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL counts its microseconds from here

# How a column's numbers are held, by its type: a large integer is an integer to SQLAlchemy too.
HELD_AS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.BigInteger, ">i8"),
    (sa.Integer, ">i4"),
    (sa.Float, ">f8"),
    (sa.Boolean, "?"),
)

Columns = Mapping[str, Any]
Types = Mapping[str, sa.types.TypeEngine[Any]]


def layout(types: Types, arrays: Columns, constants: Columns) -> np.ndarray | None:
    """Return one row as a record with the constants filled in; None when not all columns can be laid out like this.

    Can be: numpy arrays of numbers that their columns hold as they are, none of them NaN (NULL has no bytes), and
    constants that are numbers, texts or instants. `types` are those of the columns, by name.
    """
    held = {name: _held_as(types[name]) for name in arrays}
    if not all(kind and _fits(arrays[name], np.dtype(kind)) for name, kind in held.items()):
        return None
    fixed = {}
    for name, value in constants.items():
        one = _as_bytes(types[name], value)
        if one is None:
            return None
        fixed[name] = one
    kinds = [*held.items(), *((name, f"V{len(one)}") for name, one in fixed.items())]
    fields = [("columns", ">i2")]
    for name, kind in kinds:
        fields += [(f"length of {name}", ">i4"), (name, kind)]
    row = np.zeros(1, dtype=fields)
    row["columns"] = len(kinds)
    for name, _kind in kinds:
        row[f"length of {name}"] = row.dtype[name].itemsize
    for name, one in fixed.items():
        row[name] = np.void(one)
    return row


def packed(row: np.ndarray, arrays: Columns, count: int, at_once: int) -> Iterator[bytes]:
    """Yield the bytes of `count` rows laid out as `row`, some rows at a time, with what stands around them."""
    yield SIGNATURE
    for start in range(0, count, at_once):
        block = np.repeat(row, min(at_once, count - start))
        for name, given in arrays.items():
            block[name] = given[start : start + at_once]
        yield block.tobytes()
    yield TRAILER


def _held_as(column_type: sa.types.TypeEngine[Any]) -> str:
    return next((kind for known, kind in HELD_AS if isinstance(column_type, known)), "")


def _fits(given: Any, kind: np.dtype[Any]) -> bool:
    """Whether the numbers can be held as this kind without becoming others."""
    if not isinstance(given, np.ndarray) or (given.dtype.kind == "f") != (kind.kind == "f"):
        return False
    if kind.kind == "f":
        return not np.isnan(given).any()
    if kind.kind == "b" or given.dtype.kind == "b":
        return kind.kind == given.dtype.kind
    bounds = np.iinfo(kind)
    return given.dtype.kind in "iu" and bool(given.min() >= bounds.min and given.max() <= bounds.max)


def _as_bytes(column_type: sa.types.TypeEngine[Any], value: Any) -> bytes | None:
    """Return a value as the server holds it, None where that is not known here."""
    plain = column_type.impl_instance if isinstance(column_type, sa.types.TypeDecorator) else column_type
    if isinstance(value, str) and isinstance(plain, sa.String):
        return value.encode()
    if isinstance(value, datetime) and isinstance(plain, sa.DateTime) and plain.timezone:
        return np.array((value - EPOCH) // timedelta(microseconds=1), ">i8").tobytes()
    kind = _held_as(plain)
    if not kind or not _fits(one := np.array(value), np.dtype(kind)):
        return None
    return one.astype(kind).tobytes()
