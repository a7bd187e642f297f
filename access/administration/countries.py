"""Countries: adding one, and its time zone, by which a period has begun and a due day is over.

A changed time zone holds from then on. A question as of an earlier moment is answered with the one of that moment.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from sqlmodel import Session, col, select

from access import audit
from access.administration.description import InUse, Invalid, NothingToUndo, Problem
from access.administration.places import INSTANCE, referring
from access.administration.rollups_follow import follow
from access.administration.rows import said_in_use
from access.event_places import EventPlace
from access.identity import Identity
from access.language import LANGUAGES, _, current
from access.permissions import Action, may, require, require_places
from data_model.editions import begin_edition
from data_model.moments import TICK, take_turn
from data_model.people import Account
from data_model.places import Area, AreaKind, Country
from data_model.registry import Initiative
from data_model.rollups import Rollup
from data_model.time_zones import ChangedTimeZone


class ZoneChange(NamedTuple):
    """A change of a country's time zone: when, from which to which, and who made it ("": the registry's files)."""

    at: datetime
    before: str
    after: str
    who: str


@lru_cache
def time_zones() -> tuple[str, ...]:
    """Return the names of all time zones, as IANA writes them: places, and UTC."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(named), "UTC")


def administered(session: Session, *, who: Identity) -> list[Country]:
    """Return the countries that this person administers as a whole, in order of code."""
    every = session.exec(select(Country).order_by(col(Country.code))).all()
    return [one for one in every if may(session, who, Action.ADMINISTER, country=one.code)]


def territories() -> dict[str, str]:
    """Return the countries of ISO 3166-1 by code, named in the current language, in order of name."""
    named = Locale(current()).territories
    found = {code: str(named[code]) for code in _territory_zones() if code in named}
    return dict(sorted(found.items(), key=lambda one: one[1].casefold()))


def zones_of(code: str) -> tuple[str, ...]:
    """Return the time zones of a country first, then all others."""
    own = [name for name in _territory_zones().get(code, ()) if name in time_zones()]
    return (*own, *(name for name in time_zones() if name not in own))


@lru_cache
def _territory_zones() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, code in sorted(get_global("zone_territories").items()):
        found[code] = (*found.get(code, ()), name)
    return {code: names for code, names in found.items() if len(code) == 2 and code.isalpha() and code != "ZZ"}


def add_country(session: Session, code: str, time_zone: str, *, who: Identity, at: datetime) -> Country:
    """Add a country with its root area, called as CLDR calls it in every language. Raises Invalid, NotAllowed."""
    begin_edition(session)
    require_places(session, who, [INSTANCE])
    problems = []
    if code not in territories():
        problems.append(Problem("code", _("Choose a country from the list.")))
    elif session.get(Country, code) is not None:
        problems.append(Problem("code", _("{country} is there already.").format(country=territories()[code])))
    if time_zone not in time_zones():
        problems.append(Problem("time_zone", _("Choose a time zone by its name, such as Asia/Almaty.")))
    if problems:
        raise Invalid(problems)
    names = {f"name_{language}": Locale(language).territories[code] for language in LANGUAGES}
    country = Country(code=code, time_zone=time_zone, **names)
    session.add(country)
    session.flush()
    session.add(Area(country=code, code=code, level=0, kind=AreaKind.COUNTRY, **names))
    session.flush()
    audit.record(
        session, at=at, who=who, action="country_added", subject_type="country", subject_key=code,
        details={"before": None, "after": {"time_zone": time_zone, **names}}, places=[EventPlace(code)],
    )  # fmt: skip
    return country


def remove_country(session: Session, code: str, *, who: Identity, at: datetime) -> None:
    """Remove a country of which nothing but its root area is kept. Raises InUse with what else is, NotAllowed."""
    begin_edition(session)
    require_places(session, who, [INSTANCE])
    country = session.get_one(Country, code)
    root = session.exec(select(Area).where(Area.code == code)).one()
    users = referring(session, country)
    users["area"] -= 1
    for name, count in referring(session, root).items():
        users[name] = users.get(name, 0) + (count if name != "area" else 0)
    users = {name: count for name, count in users.items() if count}
    if users:
        raise InUse("in_use", said_in_use(users))
    before = {"time_zone": country.time_zone, "name_en": country.name_en}
    session.delete(root)
    session.flush()
    session.delete(country)
    session.flush()
    audit.record(
        session, at=at, who=who, action="country_removed", subject_type="country", subject_key=code,
        details={"before": before, "after": None}, places=[EventPlace(code)],
    )  # fmt: skip


def set_time_zone(session: Session, code: str, time_zone: str, *, who: Identity, at: datetime) -> bool:
    """Let the country's days end by another clock from now on; return whether that is a change.

    Who reported on time follows: the sums of all periods of its initiatives are made anew. Raises Invalid, NotAllowed.
    """
    begin_edition(session)
    require(session, who, Action.ADMINISTER, country=code, at=at)
    if time_zone not in time_zones():
        raise Invalid([Problem("time_zone", _("Choose a time zone by its name, such as Asia/Almaty."))])
    country = session.get_one(Country, code)
    if time_zone == country.time_zone:
        return False
    _change(session, country, time_zone, who, at)
    return True


def undo_time_zone(session: Session, code: str, *, who: Identity, at: datetime) -> str:
    """Take the last change of a country's time zone back and return what holds again. It can itself be taken back.

    Raises NothingToUndo where there was none, NotAllowed.
    """
    begin_edition(session)
    require(session, who, Action.ADMINISTER, country=code, at=at)
    country = session.get_one(Country, code)
    last = _changes(session, code)[:1]
    if not last:
        raise NothingToUndo("nothing_to_undo", _("Nothing was changed here on screen."))
    _change(session, country, last[0].before, who, at, undoes=last[0].id)
    return country.time_zone


def zone_changes(session: Session, code: str, *, who: Identity) -> list[ZoneChange]:
    """Return the changes of a country's time zone, the newest first. Raises NotAllowed."""
    require(session, who, Action.ADMINISTER, country=code)
    names = {one.id: one.name or one.email for one in session.exec(select(Account)).all()}
    return [
        ZoneChange(one.recorded_at, one.before, one.time_zone, names.get(one.changed_by, ""))
        for one in _changes(session, code)
    ]


def _changes(session: Session, code: str) -> list[ChangedTimeZone]:
    query = select(ChangedTimeZone).where(ChangedTimeZone.country == code)
    return list(session.exec(query.order_by(col(ChangedTimeZone.recorded_at).desc())).all())


def _change(
    session: Session, country: Country, time_zone: str, who: Identity, at: datetime, undoes: int | None = None
) -> None:
    """Record the change, and let who reported on time follow."""
    code, before = country.code, country.time_zone
    having = select(Rollup.initiative_id).distinct()
    query = select(Initiative).where(Initiative.country == code, col(Initiative.id).in_(having))
    turns = [take_turn(session, one.id or 0, at) for one in session.exec(query.order_by(col(Initiative.id))).all()]
    earlier = [one.recorded_at + TICK for one in _changes(session, code)[:1]]
    moment = max([at.astimezone(UTC), *earlier, *(moment for _initiative, moment in turns)])
    country.time_zone = time_zone
    changed = ChangedTimeZone(
        country=code, before=before, time_zone=time_zone, changed_by=who.account_id, recorded_at=moment
    )
    session.add_all([country, changed])
    session.flush()
    for initiative, _moment in turns:
        initiative.last_recorded_at = moment
        session.add(initiative)
        follow(session, initiative, moment)
    details = {"before": {"time_zone": before}, "after": {"time_zone": time_zone}}
    audit.record(
        session, at=moment, who=who, action="time_zone_set", subject_type="country", subject_key=code,
        details=details if undoes is None else details | {"undoes": undoes}, places=[EventPlace(code)],
    )  # fmt: skip
