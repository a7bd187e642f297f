"""What was changed in a register, and taking one of these changes back exactly: each school as it stood before it.

A change is all that a text changed at one moment. It is taken back by new versions, so that what was known before
stays, and it is refused while anything hangs on it: a later change of the same schools, or what was reported since.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.administration.register_file import RegisterRefused
from access.language import _, format_number
from data_model.people import Account, AuditEvent

SHOWN = 10  # of the newest changes
NAMED = 10  # of the schools that stand in the way


@dataclass(frozen=True)
class RegisterChange:
    """A change of a register: its event, when and by whom, of how many schools, whether it took another one back, and
    whether it was itself taken back since.
    """

    event: int
    at: datetime
    who: str
    changed: int
    is_undo: bool
    undone: bool


@dataclass
class Versions:
    """What a change did to a school's version: the one before (None: there was none) and after (None: taken away)."""

    before: Any = None
    after: Any = None


def changes(session: Session, subject: str, key: str, actions: tuple[str, str]) -> list[RegisterChange]:
    """Return the newest changes of a register, the newest first. `actions`: of changing it, and of taking that back."""
    query = (
        select(AuditEvent, Account)
        .join(Account, col(Account.id) == col(AuditEvent.account_id), isouter=True)
        .where(AuditEvent.subject_type == subject, AuditEvent.subject_key == key, col(AuditEvent.action).in_(actions))
        .order_by(col(AuditEvent.id).desc())
    )
    found: list[RegisterChange] = []
    undone: set[int] = set()
    for event, account in session.exec(query.limit(SHOWN)).all():
        undoes = event.details.get("undoes")
        if undoes is not None and event.id not in undone:
            undone.add(undoes)
        found.append(
            RegisterChange(
                event.id or 0, event.at, (account.name or account.email) if account else "",
                int(event.details.get("changed", 0)), undoes is not None, event.id in undone,
            )
        )  # fmt: skip
    return found


def moment_of(session: Session, event: int, subject: str, key: str, actions: tuple[str, str]) -> datetime:
    """Return when a change of this register was recorded. Raises RegisterRefused for what is none."""
    found = session.get(AuditEvent, event)
    if found is None or (found.subject_type, found.subject_key) != (subject, key) or found.action not in actions:
        raise RegisterRefused("no_such_change", _("There is no such change of this register."))
    return found.at


def versions_at(session: Session, table: Any, within: Any, moment: datetime) -> dict[int, Versions]:
    """Return by school what was done to its versions at a moment. `within`: which rows of the table are looked at."""
    found: dict[int, Versions] = {}
    query = select(table).where(within, sa.or_(table.recorded_at == moment, table.superseded_at == moment))
    for row in session.exec(query).all():
        versions = found.setdefault(row.school_id, Versions())
        if row.recorded_at == moment:
            versions.after = row
        else:
            versions.before = row
    return found


def changed_since(session: Session, table: Any, within: Any, done: Mapping[int, Versions]) -> list[int]:
    """Return the schools whose version now is not the one that the change left."""
    query = select(table).where(within, table.superseded_at.is_(None))
    now = {row.school_id: row.id for row in session.exec(query).all()}
    left = {school: versions.after.id if versions.after is not None else None for school, versions in done.items()}
    return [school for school, number in left.items() if now.get(school) != number]


def put_back(session: Session, table: Any, done: Mapping[int, Versions], moment: datetime) -> None:
    """Let each school's version of before stand again, as a new one; what was new then stands no more."""
    for versions in done.values():
        if versions.after is not None:
            versions.after.superseded_at = moment
            session.add(versions.after)
    session.flush()  # before its successor: one version is current at a time
    for versions in done.values():
        if versions.before is not None:
            kept = versions.before.model_dump(exclude={"id", "recorded_at", "superseded_at"})
            session.add(table(recorded_at=moment, **kept))
    session.flush()


def refuse_what_hangs_on_it(in_the_way: Mapping[str, Iterable[str]]) -> None:
    """Raise RegisterRefused that names what stands in the way: by what it is, the codes of the schools."""
    parts = []
    for what, codes in in_the_way.items():
        named = sorted(codes)
        if named:
            more = _(" and {count} more").format(count=format_number(len(named) - NAMED)) if named[NAMED:] else ""
            parts.append(f"{what}: {', '.join(named[:NAMED])}{more}.")
    if parts:
        said = _("This change cannot be taken back, and nothing was changed. {what} Change the lines by hand instead.")
        raise RegisterRefused("in_the_way", said.format(what=" ".join(parts)))
