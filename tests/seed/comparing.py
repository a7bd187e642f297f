"""The whole database as plain values, to hold two of them against each other."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from data_model.tables import METADATA


def all_tables(session: Session, *, without: Collection[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table's rows in order of the primary key; columns named in `without` (table.column) are left out."""
    session.flush()
    found = {}
    for table in METADATA.sorted_tables:
        columns = [column for column in table.columns if f"{table.name}.{column.name}" not in without]
        query = sa.select(*columns).order_by(*table.primary_key.columns)
        found[table.name] = [tuple(row) for row in session.connection().execute(query)]
    return found
