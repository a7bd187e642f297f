"""What people did to a row on screen, from the audit trail: shown as its history, and kept to by the seed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from access.administration.description import Table, Written
from data_model.people import Account, AuditEvent

ADDED, CHANGED, REMOVED, UNDONE = "row_added", "row_changed", "row_removed", "row_undone"
ACTIONS = (ADDED, CHANGED, REMOVED, UNDONE)


@dataclass(frozen=True)
class Change:
    """What was done to a row: the columns that changed, before and after. None: there was, or is, no row."""

    action: str
    before: Written | None
    after: Written | None
    undoes: int | None = None

    def as_details(self) -> dict[str, Any]:
        """Return the change as the audit trail keeps it."""
        details: dict[str, Any] = {"before": self.before, "after": self.after}
        return details if self.undoes is None else {**details, "undoes": self.undoes}

    @classmethod
    def of(cls, event: AuditEvent) -> "Change":
        """Return the change that an event records."""
        details = event.details
        return cls(event.action, details.get("before"), details.get("after"), details.get("undoes"))


@dataclass(frozen=True)
class Entry:
    """A line of a row's history: the event, the change, and who made it."""

    event: AuditEvent
    change: Change
    who: str


def of(session: Session, table: Table, identity: str) -> list[Entry]:
    """Return what was done to a row on screen, the newest first; nothing of an earlier row of the same number."""
    query = (
        select(AuditEvent, Account)
        .join(Account, col(Account.id) == col(AuditEvent.account_id), isouter=True)
        .where(*_about(table), AuditEvent.subject_key == identity)
        .order_by(col(AuditEvent.id).desc())
    )
    entries = []
    for event, account in session.exec(query).all():
        entries.append(Entry(event, Change.of(event), (account.name or account.email) if account else ""))
        if event.action == ADDED:
            break
    return entries


def last_of(session: Session, table: Table, identity: str) -> tuple[AuditEvent, Change] | None:
    """Return the last thing that was done to the row, None when nothing was."""
    entries = of(session, table, identity)
    return (entries[0].event, entries[0].change) if entries else None


def removed(session: Session, table: Table) -> list[tuple[str, Written]]:
    """Return the rows that were removed and not brought back: the number and the last values of each, newest first."""
    gone: dict[str, Written] = {}
    for identity, events in _by_row(session, table).items():
        last = Change.of(events[-1])
        if last.after is None:
            gone[identity] = last.before or {}
    return list(gone.items())[::-1]


def decided(session: Session, table: Table) -> dict[str, frozenset[str]]:
    """Return, by row, the columns that stand as a person decided on screen. An undone change decides nothing."""
    found: dict[str, frozenset[str]] = {}
    for identity, events in _by_row(session, table).items():
        undone: set[int | None] = set()
        columns: set[str] = set()
        for event in reversed(events):
            done = Change.of(event)
            if event.id in undone:
                continue
            if done.undoes is not None:
                undone.add(done.undoes)
                continue
            columns.update(done.before or {}, done.after or {})
        found[identity] = frozenset(columns)
    return found


def first_keys(session: Session, table: Table) -> dict[str, Written]:
    """Return, by row, what those columns of its key held at first that people have changed since."""
    found: dict[str, Written] = {}
    for identity, events in _by_row(session, table).items():
        first: Written = {}
        for event in reversed(events):
            done = Change.of(event)
            if done.before is not None and done.after is not None:
                first |= {name: done.before[name] for name in table.key if name in done.before}
        if first:
            found[identity] = first
    return found


def _by_row(session: Session, table: Table) -> dict[str, list[AuditEvent]]:
    """Return the events about the table's rows, by row, the oldest first, from the row's last addition on."""
    query = select(AuditEvent).where(*_about(table)).order_by(col(AuditEvent.id))
    rows: dict[str, list[AuditEvent]] = {}
    for event in session.exec(query).all():
        if event.action == ADDED:
            rows.pop(event.subject_key, None)
        rows.setdefault(event.subject_key, []).append(event)
    return rows


def _about(table: Table) -> Iterable[Any]:
    return AuditEvent.subject_type == table.name, col(AuditEvent.action).in_(ACTIONS)
