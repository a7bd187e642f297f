"""The audit trail: who did what, when and from where, each event chained to the one before it by its hash.

An altered or removed event no longer fits its neighbours and `verify` names it. What a chain cannot show by itself is
that its newest events were cut off: keep the head's hash elsewhere and ask for it again (`audit --verify --contains`).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import origin
from access.event_places import EventPlace, places_of
from access.identity import Identity
from data_model.people import AuditEvent, AuditEventPlace

FIRST_PREVIOUS = "0" * 64
# One number for one purpose: PostgreSQL's advisory locks have no names.
CHAIN_LOCK = 7_203_115_001
EVENTS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Verification:
    """What checking the whole chain found: `broken_event` is the first that does not fit, None when all fit."""

    events: int
    head: str
    broken_event: int | None = None

    @property
    def intact(self) -> bool:
        """Whether every event fits the one before it."""
        return self.broken_event is None


def record(
    session: Session,
    *,
    at: datetime,
    who: Identity | None,
    action: str,
    subject_type: str,
    subject_key: str | int,
    details: dict[str, Any] | None = None,
    places: Iterable[EventPlace] | None = None,
) -> AuditEvent:
    """Append an event in the caller's transaction and return it. `who` is None for the operator at the server.

    `details` holds what JSON can hold, and nothing secret. What changed stands there as `before` and `after`. `places`
    are those whose administrators may see the event; where none are named they follow from the subject and details.
    Where it came from is what `access.origin` says; an address is kept of people who are signed in only.

    Writers queue for the chain until they commit: on PostgreSQL by a lock of its own, on SQLite by the one write lock,
    so that two can never name the same predecessor.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    previous = session.exec(select(AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)).first()
    came_from = origin.current()
    event = AuditEvent(
        at=at.astimezone(UTC),
        account_id=who.account_id if who else None,
        action=action,
        subject_type=subject_type,
        subject_key=str(subject_key),
        details=json.loads(_canonical(details or {})),
        channel=came_from.channel if came_from else None,
        address=(came_from.address or None) if came_from and who and who.signed_in else None,
        previous_hash=previous or FIRST_PREVIOUS,
        hash="",
    )
    event.hash = hash_of(event)
    session.add(event)
    session.flush()
    found = places_of(session, event) if places is None else set(places)
    session.add_all(
        AuditEventPlace(event_id=event.id or 0, country=place.country, initiative=place.initiative) for place in found
    )
    session.flush()
    return event


def hash_of(event: AuditEvent) -> str:
    """Return the SHA-256 that an event with this content must carry.

    Events of before it was kept where they came from have neither channel nor address, and their hash does without.
    """
    content = [
        event.previous_hash, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.account_id,
        event.action, event.subject_type, event.subject_key, event.details,
    ]  # fmt: skip
    if event.channel is not None or event.address is not None:
        content.append({"channel": event.channel, "address": event.address})
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def verify(session: Session) -> Verification:
    """Check every event of the chain against its own content and its predecessor."""
    count, head = 0, FIRST_PREVIOUS
    query = select(AuditEvent).order_by(col(AuditEvent.id)).execution_options(yield_per=EVENTS_AT_ONCE)
    for event in session.exec(query):
        if event.previous_hash != head or event.hash != hash_of(event):
            return Verification(count, head, broken_event=event.id)
        count, head = count + 1, event.hash
    return Verification(count, head)


def contains(session: Session, event_hash: str) -> bool:
    """Return whether an event with this hash is in the trail: a head noted earlier must still be."""
    return session.exec(select(AuditEvent.id).where(AuditEvent.hash == event_hash)).first() is not None


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
