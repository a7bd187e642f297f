"""Metrics and indicators kept on screen: each is a key, lasting traits and versions of its definition.

None is ever removed, for what was reported hangs on it, and its key is never given to another. A change of words or
bounds is a new version: a question about the past is answered with the definition of then.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.administration import history
from access.administration.description import Invalid, NoSuchRow, NothingToUndo, Problem, Table, Written, refuse_stale
from access.administration.history import ADDED, CHANGED, UNDONE, Change
from access.administration.measure_tables import METRICS, folded
from access.administration.places import INSTANCE
from access.administration.reading import read, write
from access.administration.rollups_follow import follow
from access.administration.rows import LONGEST_NUMBER
from access.identity import Identity
from access.language import LANGUAGES, _
from access.permissions import Action, NotAllowed, may_somewhere, require_places
from data_model.editions import begin_edition
from data_model.measures import Definition, Indicator, Measure, Metric, MetricAlias
from data_model.moments import TICK, take_turn
from data_model.registry import Initiative
from data_model.rollups import Rollup


@dataclass(frozen=True)
class Kept:
    """A metric or indicator as it stands: its key, its traits and the version of its definition."""

    measure: Measure
    traits: Metric | Indicator
    definition: Definition

    @property
    def identity(self) -> str:
        """What names it in addresses and in the audit trail."""
        return str(self.measure.id)

    @property
    def name(self) -> str:
        """What it is called: in English, where it has no English name in the first language that it has one in."""
        return next(filter(None, (getattr(self.definition, f"name_{language}") for language in LANGUAGES)))


def listed(session: Session, table: Table, *, who: Identity) -> list[tuple[str, Written]]:
    """Return what there is, each with what names it, in the order of the pages. For whoever administers anything."""
    if not may_somewhere(who, Action.ADMINISTER):
        require_places(session, who, ())
    numbers = select(Measure.id).where(Measure.type == table.name).order_by(col(Measure.position), col(Measure.id))
    found = [find(session, table, str(number)) for number in session.exec(numbers).all()]
    return [(one.identity, as_written(session, table, one)) for one in found]


def counts(session: Session, *, who: Identity) -> dict[str, int]:
    """Return how many metrics and indicators there are, by their table's name. For whoever administers anything."""
    if not may_somewhere(who, Action.ADMINISTER):
        require_places(session, who, ())
    query = select(Measure.type, sa.func.count()).group_by(Measure.type)
    return {kind: int(count) for kind, count in session.exec(query).all()}


def find(session: Session, table: Table, identity: str) -> Kept:
    """Return a metric or indicator as it stands. Raises NoSuchRow."""
    if identity.isascii() and identity.isdecimal() and len(identity) <= LONGEST_NUMBER:
        measure = session.get(Measure, int(identity))
        if measure is not None and measure.type == table.name:
            query = select(Definition).where(Definition.measure_id == measure.id)
            definition = session.exec(query.where(col(Definition.superseded_at).is_(None))).one()
            return Kept(measure, session.get_one(_model(table), measure.id), definition)
    raise NoSuchRow("no_such_row", _("This is not there, or not any more."))


def as_written(session: Session, table: Table, kept: Kept) -> Written:
    """Return what is said of it, as written."""
    return {column.name: write(session, column, _held(kept, column.attribute)) for column in table.columns}


def refusal(session: Session, *, who: Identity) -> NotAllowed | None:
    """Return why this person may change no metric and no indicator, None when they may."""
    try:
        require_places(session, who, [INSTANCE])
    except NotAllowed as refused:
        return refused
    return None


def versions(session: Session, identity: str) -> list[Definition]:
    """Return all versions of its definition, the newest first."""
    query = select(Definition).where(Definition.measure_id == int(identity))
    return list(session.exec(query.order_by(col(Definition.recorded_at).desc())).all())


def create(session: Session, table: Table, values: Mapping[str, str], *, who: Identity, at: datetime) -> Kept:
    """Add a metric or indicator and return it; its figures are made for every period. Raises Invalid or NotAllowed."""
    begin_edition(session)
    require_places(session, who, [INSTANCE])
    typed, tidy, problems = read(session, table, values, at.date())
    if not problems and session.exec(select(Measure.id).where(Measure.key == tidy["key"])).first() is not None:
        message = _("There is “{name}” already. Change that one, or choose another key.")
        problems = [Problem("key", message.format(name=tidy["key"]))]
    if problems:
        raise Invalid(problems)
    last = session.exec(select(sa.func.max(Measure.position))).one() or 0
    measure = Measure(key=tidy["key"], type=table.name, position=last + 1)
    session.add(measure)
    session.flush()
    kept_as = measure.id or 0
    traits = _model(table)(id=kept_as, **_part(table, typed, _model(table)))
    session.add(traits)
    session.flush()
    initiatives, moment = _turn(session, at)
    definition = Definition(measure_id=kept_as, recorded_at=moment, **_part(table, typed, Definition))
    session.add(definition)
    session.flush()
    kept = Kept(measure, traits, definition)
    _record(session, table, kept, who, moment, Change(ADDED, None, tidy))
    _refresh(session, initiatives, moment)
    return kept


def change(
    session: Session,
    table: Table,
    identity: str,
    values: Mapping[str, str],
    *,
    shown: Written,
    who: Identity,
    at: datetime,
) -> Kept:
    """Change it to what a form says and return it. `shown` is what the form showed when it was opened.

    Raises Stale, Invalid, NotAllowed or NoSuchRow.
    """
    begin_edition(session)
    kept = find(session, table, identity)
    require_places(session, who, [INSTANCE])
    before = as_written(session, table, kept)
    refuse_stale(before, shown)
    typed, tidy = _understood(session, table, {**values, "key": kept.measure.key}, at)
    differing = [name for name in before if before[name] != tidy[name]]
    if not differing:
        return kept
    difference = Change(CHANGED, {name: before[name] for name in differing}, {name: tidy[name] for name in differing})
    return _put(session, table, kept, typed, who, at, difference)


def undo(session: Session, table: Table, identity: str, *, who: Identity, at: datetime) -> Kept:
    """Take back the last change: what stood before it stands again, as a new version. Raises NothingToUndo."""
    begin_edition(session)
    kept = find(session, table, identity)
    require_places(session, who, [INSTANCE])
    last = history.last_of(session, table, identity)
    if last is None or last[1].before is None or last[1].after is None:
        raise NothingToUndo("nothing_to_undo", _("Nothing was changed here that could be taken back."))
    event, done = last
    now = as_written(session, table, kept)
    if any(now[name] != value for name, value in (done.after or {}).items()):
        message = _("This was changed again in another way since. Change it by hand instead.")
        raise NothingToUndo("nothing_to_undo", message)
    typed, _tidy = _understood(session, table, {**now, **(done.before or {})}, at)
    return _put(session, table, kept, typed, who, at, Change(UNDONE, done.after, done.before, undoes=event.id))


def _understood(
    session: Session, table: Table, values: Mapping[str, str], at: datetime
) -> tuple[dict[str, Any], Written]:
    typed, tidy, problems = read(session, table, values, at.date())
    if problems:
        raise Invalid(problems)
    return typed, tidy


def _put(
    session: Session, table: Table, kept: Kept, typed: Mapping[str, Any], who: Identity, at: datetime, what: Change
) -> Kept:
    """Let it be said so from now on: its traits are changed, its words and bounds get a new version."""
    traits, words = _part(table, typed, _model(table)), _part(table, typed, Definition)
    recounted = any(getattr(kept.traits, name) != value for name, value in traits.items())
    reworded = any(getattr(kept.definition, name) != value for name, value in words.items())
    initiatives, moment = _turn(session, at) if recounted else ([], at.astimezone(UTC))
    moment = max(moment, kept.definition.recorded_at + TICK)
    for name, value in traits.items():
        setattr(kept.traits, name, value)
    session.add(kept.traits)
    definition = kept.definition
    if reworded:
        _still_called(session, table, kept)
        definition.superseded_at = moment
        session.add(definition)
        session.flush()  # before its successor: one version is current at a time
        definition = Definition(measure_id=kept.traits.id, recorded_at=moment, **words)
        session.add(definition)
    session.flush()
    following = Kept(kept.measure, kept.traits, definition)
    _record(session, table, following, who, moment, what)
    _refresh(session, initiatives, moment)
    return following


def _still_called(session: Session, table: Table, kept: Kept) -> None:
    """Let files that name a metric as it was called until now still be read."""
    if table is not METRICS:
        return
    known = set(session.exec(select(MetricAlias.alias)).all())
    for language in LANGUAGES:
        name = folded(getattr(kept.definition, f"name_{language}"))
        if name and name not in known:
            known.add(name)
            session.add(MetricAlias(alias=name, metric_id=kept.traits.id, language=language))
    session.flush()


def _turn(session: Session, at: datetime) -> tuple[list[Initiative], datetime]:
    """Lock the initiatives that have figures; return them and a moment later than the last of each."""
    having = select(Rollup.initiative_id).distinct()
    initiatives = session.exec(select(Initiative).where(col(Initiative.id).in_(having)).order_by(col(Initiative.id)))
    found = list(initiatives.all())
    return found, max([at.astimezone(UTC), *(take_turn(session, one.id or 0, at)[1] for one in found)])


def _refresh(session: Session, initiatives: list[Initiative], moment: datetime) -> None:
    """Make the figures of every period anew: those that stay the same are left alone."""
    for initiative in initiatives:
        initiative.last_recorded_at = moment
        session.add(initiative)
        follow(session, initiative, moment)


def _model(table: Table) -> type[Any]:
    return Metric if table is METRICS else Indicator


def _part(table: Table, typed: Mapping[str, Any], model: type[Any]) -> dict[str, Any]:
    """Return those of the values that a database table holds."""
    held = {column.attribute: typed[column.name] for column in table.columns}
    return {name: value for name, value in held.items() if name in model.model_fields}


def _held(kept: Kept, attribute: str) -> Any:
    parts = (kept.definition, kept.traits, kept.measure)
    return next(getattr(part, attribute) for part in parts if attribute in type(part).model_fields)


def _record(session: Session, table: Table, kept: Kept, who: Identity, at: datetime, what: Change) -> None:
    audit.record(
        session, at=at, who=who, action=what.action, subject_type=table.name, subject_key=kept.identity,
        details={"name": kept.name, **what.as_details()}, places=(),
    )  # fmt: skip
