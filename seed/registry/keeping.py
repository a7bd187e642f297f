"""Keeping rows as the files say: what is missing is added, what differs is changed, the rest is left alone."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlmodel import Session, SQLModel, select

Row = TypeVar("Row", bound=SQLModel)

# The first version of a row holds for everything before it was written down: nobody had said otherwise.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Kept(Generic[Row]):
    """The rows of one table by their key, read once, and brought up to the files one by one."""

    def __init__(self, session: Session, table: type[Row], *key: str, counts: Counter[str]) -> None:
        self.session, self.table, self.key, self.counts = session, table, key, counts
        query = select(table)
        if "superseded_at" in table.model_fields:
            query = query.where(table.superseded_at.is_(None))  # type: ignore[attr-defined]
        self.rows = {self._key_of(row): row for row in session.exec(query).all()}

    def _key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)

    def keep(self, **values: Any) -> Row:
        """Return the row with these values (its key among them), added or changed where needed."""
        row = self.rows.get(tuple(values[name] for name in self.key))
        if row is None:
            return self._add(values)
        self._count("unchanged" if _same(row, values) else "updated")
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.session.add(row)
        return row

    def keep_version(self, at: datetime, **values: Any) -> Row:
        """Return the current version with these values; one that differs is superseded at `at`, never changed."""
        row = self.rows.get(tuple(values[name] for name in self.key))
        if row is not None and _same(row, values):
            self._count("unchanged")
            return row
        if row is None:
            return self._add({"recorded_at": BEGINNING} | values)
        row.superseded_at = at
        self.session.add(row)
        self.session.flush()  # before its successor: one version is current at a time
        return self._add({"recorded_at": at} | values, "updated")

    def _add(self, values: Mapping[str, Any], what: str = "added") -> Row:
        row = self.table(**values)
        self.session.add(row)
        self.session.flush()
        self.rows[self._key_of(row)] = row
        self._count(what)
        return row

    def _count(self, what: str) -> None:
        self.counts[what] += 1

    def __getitem__(self, key: str) -> Row:
        """Return the row of a table with one key column. Raises KeyError for a key that no file has."""
        return self.rows[(key,)]

    def identity(self, key: str) -> int:
        """Return the id of the row with this key."""
        found: int = self[key].id  # type: ignore[attr-defined]
        return found


def _same(row: SQLModel, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())
