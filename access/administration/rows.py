"""Making, changing and removing rows of editable tables, and taking the last change back.

Each asks who may, validates, keeps or supersedes, and records an event with what stood before and after. The caller
owns the transaction, begun for writing.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from access import audit
from access.administration import history
from access.administration.description import (
    InUse,
    Invalid,
    NoSuchRow,
    NothingToUndo,
    Problem,
    Table,
    Written,
    refuse_stale,
)
from access.administration.history import ADDED, CHANGED, REMOVED, UNDONE, Change
from access.administration.places import of_events, places_of, referring
from access.administration.reading import read, written
from access.administration.tables import described
from access.identity import Identity
from access.language import _
from access.permissions import require_places
from data_model.editions import begin_edition
from data_model.moments import TICK, take_turn
from data_model.registry import Initiative

LONGEST_NUMBER = 9


def create(session: Session, table: Table, values: Mapping[str, str], *, who: Identity, at: datetime) -> Any:
    """Add the row that a form describes and return it. Raises Invalid with every problem, or NotAllowed."""
    begin_edition(session)
    typed, tidy, problems = read(session, table, values, at.date())
    if not problems:
        problems = [*_taken(session, table, typed, tidy), *_used_before(session, table, tidy)]
    row = _filled(session, table, table.row(), typed) if not problems else None
    require_places(session, who, places_of(session, table, row, described()) if row is not None else ())
    if row is None:
        raise Invalid(problems)
    return _kept(session, table, row, who, _moment(session, row, at), Change(ADDED, None, tidy))


def change(
    session: Session,
    table: Table,
    identity: str,
    values: Mapping[str, str],
    *,
    shown: Written,
    who: Identity,
    at: datetime,
) -> Any:
    """Change the row to what a form says and return it as it stands then; a versioned one gets a new version.

    `shown` is what the form showed when it was opened: what is there now must be the same. Raises Stale, Invalid,
    NotAllowed or NoSuchRow.
    """
    begin_edition(session)
    row = find(session, table, identity)
    _require(session, table, row, who)
    before = _unchanged(session, table, row, shown)
    fixed = {column.name: before[column.name] for column in table.columns if table.is_fixed(column)}
    typed, tidy, problems = read(session, table, {**values, **fixed}, at.date())
    if not problems:
        problems = list(_taken(session, table, typed, tidy, but=row))
    if problems:
        raise Invalid(problems)
    differing = [name for name in before if before[name] != tidy[name]]
    if not differing:
        return row
    difference = Change(CHANGED, {name: before[name] for name in differing}, {name: tidy[name] for name in differing})
    return _put(session, table, row, typed, who, at, difference)


def remove(session: Session, table: Table, identity: str, *, shown: Written, who: Identity, at: datetime) -> None:
    """Remove the row, if nothing refers to it; a version is superseded by nothing. Raises InUse with what does."""
    begin_edition(session)
    row = find(session, table, identity)
    _require(session, table, row, who)
    before = _unchanged(session, table, row, shown)
    _take_away(session, table, row, who, at, Change(REMOVED, before, None))


def undo(session: Session, table: Table, identity: str, *, who: Identity, at: datetime) -> None:
    """Take back the last change of a row: what stood before it stands again. An undo can itself be undone.

    Raises NothingToUndo where there is none, or the row is no longer as that change left it; InUse where the row was
    added and others refer to it by now.
    """
    begin_edition(session)
    last = history.last_of(session, table, identity)
    if last is None:
        raise NothingToUndo("nothing_to_undo", _("Nothing was changed here on screen."))
    event, done = last
    if done.after is None:
        back = Change(UNDONE, None, done.before, undoes=event.id)
        _bring_back(session, table, identity, who, at, back)
        return
    row = find(session, table, identity)
    _require(session, table, row, who)
    now = written(session, table, row)
    if any(now.get(name, "") != value for name, value in done.after.items()):
        message = _("This was changed again in another way since. Change it by hand instead.")
        raise NothingToUndo("nothing_to_undo", message)
    back = Change(UNDONE, done.after, done.before, undoes=event.id)
    if done.before is None:
        _take_away(session, table, row, who, at, back)
        return
    typed, _tidy, problems = read(session, table, {**now, **done.before}, at.date())
    if problems:
        raise Invalid(problems)
    _put(session, table, row, typed, who, at, back)


def find(session: Session, table: Table, identity: str) -> Any:
    """Return the row as it stands; of a versioned one the current version. Raises NoSuchRow."""
    model: Any = table.row
    row = _numbered(session, table, identity)
    if row is not None and table.versioned:
        query = select(model).where(*_same_key(table, row), col(model.superseded_at).is_(None))
        row = session.exec(query).one_or_none()
    if row is None:
        raise NoSuchRow("no_such_row", _("This is not there, or not any more."))
    session.refresh(row)
    return row


def identity_of(session: Session, table: Table, row: Any) -> str:
    """Return what names the row in addresses and in the audit trail: its number, that of its first version."""
    if not table.versioned:
        return str(row.id)
    model: Any = table.row
    first = select(model.id).where(*_same_key(table, row)).order_by(col(model.recorded_at), col(model.id)).limit(1)
    return str(session.exec(first).one())


def versions(session: Session, table: Table, identity: str) -> list[Any]:
    """Return all versions of a versioned row, the newest first; a row of another table is its only version."""
    model: Any = table.row
    row = _numbered(session, table, identity)
    if row is None or not table.versioned:
        return [row] if row is not None else []
    newest_first = select(model).where(*_same_key(table, row)).order_by(col(model.recorded_at).desc())
    return list(session.exec(newest_first).all())


def _numbered(session: Session, table: Table, identity: str) -> Any:
    """Return the row of this number, whatever an address says that it is; None where there is none."""
    a_number = identity.isascii() and identity.isdecimal() and len(identity) <= LONGEST_NUMBER
    return session.get(table.row, int(identity)) if a_number else None


def _require(session: Session, table: Table, row: Any, who: Identity) -> None:
    require_places(session, who, places_of(session, table, row, described()))


def _unchanged(session: Session, table: Table, row: Any, shown: Written) -> Written:
    """Return the row as written, if it is still what the form showed."""
    now = written(session, table, row)
    refuse_stale(now, shown)
    return now


def _taken(
    session: Session, table: Table, typed: Mapping[str, Any], tidy: Written, but: Any = None
) -> Iterable[Problem]:
    """Yield the problem that another row has this key."""
    if not table.key:
        return
    model: Any = table.row
    query = select(model.id).where(*(getattr(model, table.column(name).attribute) == typed[name] for name in table.key))
    if table.versioned:
        query = query.where(model.superseded_at.is_(None))
    if any(identity != getattr(but, "id", None) for identity in session.exec(query).all()):
        message = _("There is “{name}” already. Change that one, or choose another key.")
        yield Problem(table.key[-1], message.format(name=_key_in_words(tidy, table)))


def _used_before(session: Session, table: Table, tidy: Written) -> Iterable[Problem]:
    """Yield the problem that a key once named something that was removed: whoever noted it must not find another."""
    if table.versioned or not any(table.column(name).form for name in table.key):
        return
    key = {name: tidy[name] for name in table.key}
    if any(key.items() <= before.items() for _identity, before in history.removed(session, table)):
        message = _("“{name}” once named something that was removed. Bring that back, or choose another key.")
        yield Problem(table.key[-1], message.format(name=_key_in_words(tidy, table)))


def _key_in_words(tidy: Written, table: Table) -> str:
    return " / ".join(tidy[name] for name in table.key)


def _same_key(table: Table, row: Any) -> list[Any]:
    attributes = [table.column(name).attribute for name in table.key]
    return [getattr(table.row, attribute) == getattr(row, attribute) for attribute in attributes]


def _filled(session: Session, table: Table, row: Any, typed: Mapping[str, Any]) -> Any:
    for column in table.columns:
        setattr(row, column.attribute, typed[column.name])
    if table.complete is not None:
        table.complete(session, row)
    return row


def _put(
    session: Session, table: Table, row: Any, typed: Mapping[str, Any], who: Identity, at: datetime, what: Change
) -> Any:
    """Let the row, or its next version, hold these values."""
    moment = _moment(session, row, at)
    if not table.versioned:
        _filled(session, table, row, typed)
        _require(session, table, row, who)  # where it belongs then
        return _kept(session, table, row, who, moment, what)
    following = _filled(session, table, table.row(**_of_every_version(row)), typed)
    row.superseded_at = moment
    session.add(row)
    session.flush()  # before its successor: one version is current at a time
    return _kept(session, table, following, who, moment, what)


def _kept(session: Session, table: Table, row: Any, who: Identity, moment: datetime, what: Change) -> Any:
    """Store the row, record what was done, and let follow what hangs on it."""
    if table.versioned:
        row.recorded_at = moment
    session.add(row)
    session.flush()
    _record(session, table, identity_of(session, table, row), row, who, moment, what)
    if table.follow is not None:
        table.follow(session, row)
    return row


def _take_away(session: Session, table: Table, row: Any, who: Identity, at: datetime, what: Change) -> None:
    identity = identity_of(session, table, row)
    why_not = table.stays(row) if table.stays is not None else ""
    if why_not:
        raise InUse("in_use", _(why_not))
    moment = _moment(session, row, at)
    if table.versioned:
        row.superseded_at = moment
        session.add(row)
    else:
        users = referring(session, row)
        if users:
            raise InUse("in_use", said_in_use(users))
        session.delete(row)
    session.flush()
    _record(session, table, identity, row, who, moment, what)


def _bring_back(session: Session, table: Table, identity: str, who: Identity, at: datetime, what: Change) -> None:
    """Add again what was removed: under its old number, or as the next version."""
    typed, tidy, problems = read(session, table, what.after or {}, at.date())
    problems = problems or list(_taken(session, table, typed, tidy))
    if problems:
        raise Invalid(problems)
    if table.versioned:
        last = versions(session, table, identity)[0]
        _require(session, table, last, who)
        row = _filled(session, table, table.row(**_of_every_version(last)), typed)
        moment = max(_moment(session, row, at), last.superseded_at + TICK)
    else:
        row = _filled(session, table, table.row(id=int(identity)), typed)
        moment = _moment(session, row, at)
    _require(session, table, row, who)
    _kept(session, table, row, who, moment, what)


def _of_every_version(row: Any) -> dict[str, Any]:
    """Return what a version shares with the next one beyond its columns, such as that it is demonstration."""
    return dict(row.model_dump(exclude={"id", "recorded_at", "superseded_at"}))


def _moment(session: Session, row: Any, at: datetime) -> datetime:
    """Return the moment at which to record this: later than the initiative's last one, and than the row's own."""
    moment = at.astimezone(UTC)
    initiative_id = row.id if isinstance(row, Initiative) else getattr(row, "initiative_id", None)
    if initiative_id is not None and session.get(Initiative, initiative_id) is not None:
        moment = take_turn(session, initiative_id, moment)[1]
    last = getattr(row, "recorded_at", None)
    return max(moment, last + TICK) if last is not None else moment


def said_in_use(users: Mapping[str, int]) -> str:
    """Return in words that something stays, for so many rows of these database tables refer to it."""
    tables = described()
    listed = ", ".join(
        f"{_(tables[name].title) if name in tables else name.replace('_', ' ')}: {count}"
        for name, count in users.items()
    )
    return _("This cannot be removed, for others refer to it ({listed}). Change or remove those first.").format(
        listed=listed
    )


def _record(
    session: Session, table: Table, identity: str, row: SQLModel, who: Identity, at: datetime, what: Change
) -> None:
    known = (what.after or {}) | (what.before or {})
    whole = known if len(known) == len(table.columns) else written(session, table, row)
    name = " / ".join(whole[part] for part in table.called if whole[part])
    places = places_of(session, table, row, described())
    audit.record(
        session, at=at, who=who, action=what.action, subject_type=table.name, subject_key=identity,
        details={"name": name, **what.as_details()}, places=of_events(session, places),
    )  # fmt: skip
