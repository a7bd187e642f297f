"""Keeping rows as the files say: what is missing is added, what differs is changed, the rest is left alone.

What a person decided on screen stays, whatever the files say: a column they set, a row they removed. It is counted as
`kept` and told, so that whoever keeps the files can follow. An undone change decides nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from access.administration import history
from access.administration.reading import write, written
from access.administration.rows import identity_of
from access.administration.tables import described
from access.language import _

Row = TypeVar("Row", bound=SQLModel)
Say = Callable[[str], None]

# The first version of a row holds for everything before it was written down: nobody had said otherwise.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
# Stands for the row that a person removed and that a file still names.
GONE = 0


class Kept(Generic[Row]):
    """The rows of one table by their key, read once, and brought up to the files one by one."""

    def __init__(self, session: Session, table: type[Row], *key: str, counts: Counter[str], say: Say) -> None:
        self.session, self.table, self.key, self.counts, self.say = session, table, key, counts, say
        self.described = described().get(str(sa.inspect(table).local_table.name))
        self.decided: dict[str, frozenset[str]] = {}
        self.removed: list[dict[str, str]] = []
        self.first_keys: dict[str, dict[str, str]] = {}
        if self.described is not None:
            self.decided = history.decided(session, self.described)
            self.removed = [values for _identity, values in history.removed(session, self.described)]
            self.first_keys = history.first_keys(session, self.described)
        query = select(table)
        if "superseded_at" in table.model_fields:
            query = query.where(table.superseded_at.is_(None))  # type: ignore[attr-defined]
        self.rows = {self._key_of(row): row for row in session.exec(query).all()}

    def _key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)

    def keep(self, **values: Any) -> Row | None:
        """Return the row with these values (its key among them), added or changed where needed.

        None where a person removed it, or what it refers to.
        """
        row = self.rows.get(tuple(values[name] for name in self.key)) or self._renamed(values)
        if row is None:
            return None if self._is_gone(values) else self._add(values)
        values, kept = self._leaving(row, values)
        changed = not _same(row, values)
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.session.add(row)
        self._count("updated" if changed else "kept" if kept else "unchanged")
        return row

    def keep_version(self, at: datetime, **values: Any) -> Row | None:
        """Return the current version with these values; one that differs is superseded at `at`, never changed."""
        row = self.rows.get(tuple(values[name] for name in self.key))
        if row is None:
            return None if self._is_gone(values) else self._add({"recorded_at": BEGINNING} | values)
        values, kept = self._leaving(row, values)
        if _same(row, values):
            self._count("kept" if kept else "unchanged")
            return row
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

    def _leaving(self, row: Row, values: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
        """Return the values without those that stand as a person decided, and whether one of these differs."""
        if self.described is None or not self.decided:
            return dict(values), False
        stands = self.decided.get(identity_of(self.session, self.described, row), frozenset())
        differing = [
            column
            for column in self.described.columns
            if column.attribute in values
            and (column.name in stands or (column.refers_to is not None and values[column.attribute] == GONE))
            and getattr(row, column.attribute) != values[column.attribute]
        ]
        for column in differing:
            message = _("{table} {row}: {column} stays as a person set it on screen: {value}")
            self.say(message.format(
                table=self.described.name, row=self._called(row), column=column.name,
                value=write(self.session, column, getattr(row, column.attribute)) or "–",
            ))  # fmt: skip
        left_alone = {name for column in differing for name in (column.attribute, *column.brings)}
        return {name: value for name, value in values.items() if name not in left_alone}, bool(differing)

    def as_decided(self, key: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values as the row of this key has them where a person set them: for what is called like it."""
        row = self.rows.get((key,))
        return {**values, **self._set_on_screen(row, values)} if row is not None else dict(values)

    def _set_on_screen(self, row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
        if self.described is None or not self.decided:
            return {}
        stands = self.decided.get(identity_of(self.session, self.described, row), frozenset())
        held = [one.attribute for one in self.described.columns if one.name in stands]
        return {name: getattr(row, name) for name in held if name in values}

    def _renamed(self, values: Mapping[str, Any]) -> Row | None:
        """Return the row that had this key until a person changed it on screen."""
        if not self.first_keys or self._names_the_gone(values):
            return None
        wanted = self._written_key(self.table(**values))
        for identity, first in self.first_keys.items():
            row = self.session.get(self.table, int(identity))
            if row is not None and self._written_key(row) | first == wanted:
                return row
        return None

    def _names_the_gone(self, values: Mapping[str, Any]) -> bool:
        """Return whether the values refer to a row that a person removed."""
        columns = self.described.columns if self.described else ()
        return any(values.get(one.attribute) == GONE for one in columns if one.refers_to is not None)

    def _is_gone(self, values: Mapping[str, Any]) -> bool:
        """Return whether a person removed this row on screen, or what it refers to, and tell it."""
        if self.described is None:
            return False
        gone = self._names_the_gone(values)
        if not gone and self.removed:
            wanted = self._written_key(self.table(**values))
            gone = any(wanted.items() <= before.items() for before in self.removed)
        if not gone:
            return False
        told = " / ".join(str(values[name]) for name in self.key)
        message = _("{table} {row}: not added, a person removed it or what it refers to on screen")
        self.say(message.format(table=self.described.name, row=told))
        self._count("kept")
        return True

    def _written_key(self, row: Row) -> dict[str, str]:
        assert self.described is not None, "only a table that is kept on screen has removed rows"
        columns = [self.described.column(name) for name in self.described.key]
        return {column.name: write(self.session, column, getattr(row, column.attribute)) for column in columns}

    def _called(self, row: Row) -> str:
        assert self.described is not None, "only a table that is kept on screen has such rows"
        values = written(self.session, self.described, row)
        return " / ".join(values[name] for name in self.described.key or self.described.called)

    def _count(self, what: str) -> None:
        self.counts[what] += 1

    def __getitem__(self, key: str) -> Row:
        """Return the row of a table with one key column. Raises KeyError for a key that no file has."""
        return self.rows[(key,)]

    def identity(self, key: str) -> int:
        """Return the id of the row with this key; GONE where a person removed it."""
        if (key,) not in self.rows and any(before.get("key") == key for before in self.removed):
            return GONE
        found: int = self[key].id  # type: ignore[attr-defined]
        return found


def _same(row: SQLModel, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())
