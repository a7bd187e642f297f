"""The audit trail read: searched, page after page, by those who administer where its events belong.

An administrator everywhere sees all of it; one of a country or initiative what belongs there (`access.event_places`).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from access import scopes
from access.identity import Identity
from access.permissions import ROLES, Action, require
from data_model.people import Account, AuditEvent, AuditEventPlace
from data_model.registry import Initiative

PAGE = 50
AT_ONCE = 1_000
COLUMNS = [
    "id", "at", "account_id", "email", "action", "subject_type", "subject_key", "details", "channel", "address",
    "previous_hash", "hash",
]  # fmt: skip
BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Search:
    """What is looked for: each part narrows, empty ones do not. Days are those of UTC, `until` is the last of them."""

    person: str = ""  # a part of the e-mail address or name
    action: str = ""
    subject_type: str = ""
    subject_key: str = ""
    initiative: str = ""  # a key
    since: date | None = None
    until: date | None = None
    text: str = ""  # stands anywhere in the details


@dataclass(frozen=True)
class Entry:
    """An event and who did it: name and e-mail address, both empty for the operator at the server."""

    event: AuditEvent
    name: str
    email: str

    def differences(self) -> list[tuple[str, Any, Any]]:
        """Return what changed as (what, before, after), in order of name; "" for what is one value."""
        before, after = (self.event.details.get(part) for part in (BEFORE, AFTER))
        if not isinstance(before, Mapping | None) or not isinstance(after, Mapping | None):
            return [("", before, after)]
        old, new = before or {}, after or {}
        return [(name, old.get(name), new.get(name)) for name in sorted({*old, *new}) if old.get(name) != new.get(name)]

    def facts(self) -> list[tuple[str, Any]]:
        """Return what else the event says, as (what, value)."""
        return [(name, value) for name, value in self.event.details.items() if name not in (BEFORE, AFTER)]

    def as_record(self) -> dict[str, Any]:
        """Return the event with its chain's hashes, as it is written down elsewhere."""
        event = self.event
        return {
            "id": event.id, "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "account_id": event.account_id, "email": self.email, "action": event.action,
            "subject_type": event.subject_type, "subject_key": event.subject_key, "details": event.details,
            "channel": event.channel, "address": event.address, "previous_hash": event.previous_hash,
            "hash": event.hash,
        }  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One page of what was found, the newest first; the next one begins at `older`, None when this is the last."""

    entries: list[Entry]
    older: int | None


def search(
    session: Session, who: Identity, wanted: Search, *, older_than: int | None = None, most: int = PAGE
) -> Found:
    """Return a page of events that `who` may see, the newest first, older than the one of that number.

    Raises NotAllowed for whoever administers nothing. The cost of a page does not grow with what lies before it.
    """
    rows = session.exec(_query(session, who, wanted, older_than).limit(most + 1)).all()
    entries = [_entry(event, account) for event, account in rows[:most]]
    return Found(entries, entries[-1].event.id if len(rows) > most else None)


def one(session: Session, who: Identity, number: int) -> Entry | None:
    """Return one event, None where there is none that `who` may see. Raises NotAllowed as `search` does."""
    found = session.exec(_query(session, who, Search(), None).where(AuditEvent.id == number)).one_or_none()
    return _entry(*found) if found is not None else None


def everything(session: Session, who: Identity, wanted: Search) -> Iterator[Entry]:
    """Yield all events that a search finds, the newest first. Raises NotAllowed as `search` does."""
    query = _query(session, who, wanted, None).execution_options(yield_per=AT_ONCE)
    for event, account in session.exec(query):
        yield _entry(event, account)


def as_lines(entries: Iterator[Entry]) -> Iterator[str]:
    """Yield events as lines of JSON. With `previous_hash` and `hash` anybody can check what was taken away."""
    for entry in entries:
        yield json.dumps(entry.as_record(), ensure_ascii=False, sort_keys=True) + "\n"


def initiatives(session: Session, who: Identity) -> list[str]:
    """Return the keys of the initiatives whose events `who` may look for, in order."""
    reach = _reach(session, who)
    query = select(Initiative.country, Initiative.key).order_by(col(Initiative.key))
    return [key for country, key in session.exec(query).all() if reach is None or {(country, ""), ("", key)} & reach]


def _entry(event: AuditEvent, account: Account | None) -> Entry:
    return Entry(event, account.name if account else "", account.email if account else "")


def _query(session: Session, who: Identity, wanted: Search, older_than: int | None) -> Any:
    """Return the query for (event, account or None)."""
    reach = _reach(session, who)
    query = (
        select(AuditEvent, Account)
        .join(Account, col(Account.id) == col(AuditEvent.account_id), isouter=True)
        .order_by(col(AuditEvent.id).desc())
    )
    if wanted.initiative:
        query = query.join(AuditEventPlace, col(AuditEventPlace.event_id) == col(AuditEvent.id))
        query = query.where(AuditEventPlace.initiative == wanted.initiative)
    if reach is not None:
        query = query.where(_lies_in(reach))
    if older_than is not None:
        query = query.where(col(AuditEvent.id) < older_than)
    return query.where(*_conditions(wanted))


def _conditions(wanted: Search) -> Iterator[Any]:
    if wanted.person:
        named = [col(column).icontains(wanted.person, autoescape=True) for column in (Account.email, Account.name)]
        yield sa.or_(*named)
    for column, value in (
        (AuditEvent.action, wanted.action),
        (AuditEvent.subject_type, wanted.subject_type),
        (AuditEvent.subject_key, wanted.subject_key),
    ):
        if value:
            yield column == value
    if wanted.since is not None:
        yield col(AuditEvent.at) >= _midnight(wanted.since)
    if wanted.until is not None and wanted.until < date.max:
        yield col(AuditEvent.at) < _midnight(wanted.until + timedelta(days=1))
    if wanted.text:
        yield _says(wanted.text)


def _says(text: str) -> Any:
    """Return the condition that the details hold a text.

    JSON may be stored with letters beyond ASCII escaped, which no database compares without regard to case: a text is
    looked for as it was written, in small and in capital letters.
    """
    ways = {text, text.lower(), text.upper(), text.capitalize()}
    forms = {json.dumps(way, ensure_ascii=ascii_only)[1:-1] for way in ways for ascii_only in (True, False)}
    stored = sa.cast(col(AuditEvent.details), sa.Text)
    return sa.or_(*(stored.icontains(form, autoescape=True) for form in sorted(forms)))


def _reach(session: Session, who: Identity) -> set[tuple[str, str]] | None:
    """Return the (country, "") and ("", initiative) that `who` administers as a whole; None: everything."""
    grants = scopes.granted(who, ROLES[Action.ADMINISTER])
    if any(map(scopes.is_everywhere, grants)):
        return None
    if not grants:
        require(session, who, Action.ADMINISTER)
    whole = [grant for grant in grants if grant.area_id is None]
    return {("", grant.initiative_key) if grant.initiative_key else (grant.country or "", "") for grant in whole}


def _lies_in(reach: set[tuple[str, str]]) -> Any:
    place = aliased(AuditEventPlace)  # the search itself may be joined to the table
    within = [
        col(place.initiative) == initiative if initiative else col(place.country) == country
        for country, initiative in sorted(reach)
    ]
    held = sa.select(col(place.id)).where(col(place.event_id) == col(AuditEvent.id), sa.or_(sa.false(), *within))
    return held.exists()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
