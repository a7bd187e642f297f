"""A country's time zone: by it a period has begun, and a due day is over."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import available_timezones

from sqlmodel import Session, col, select

from access import audit
from access.administration.description import Invalid, Problem
from access.administration.rollups_follow import follow
from access.event_places import EventPlace
from access.identity import Identity
from access.language import _
from access.permissions import Action, may, require
from data_model.editions import begin_edition
from data_model.moments import take_turn
from data_model.places import Country
from data_model.registry import Initiative
from data_model.rollups import Rollup


@lru_cache
def time_zones() -> tuple[str, ...]:
    """Return the names of all time zones, as IANA writes them: places, and UTC."""
    named = (name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    return (*sorted(named), "UTC")


def administered(session: Session, *, who: Identity) -> list[Country]:
    """Return the countries that this person administers as a whole, in order of code."""
    every = session.exec(select(Country).order_by(col(Country.code))).all()
    return [one for one in every if may(session, who, Action.ADMINISTER, country=one.code)]


def set_time_zone(session: Session, code: str, time_zone: str, *, who: Identity, at: datetime) -> bool:
    """Let the country's days end by another clock from now on; return whether that is a change.

    Who reported on time follows: the sums of all periods of its initiatives are made anew. Raises Invalid, NotAllowed.
    """
    begin_edition(session)
    require(session, who, Action.ADMINISTER, country=code, at=at)
    if time_zone not in time_zones():
        raise Invalid([Problem("time_zone", _("Choose a time zone by its name, such as Asia/Almaty."))])
    country = session.get_one(Country, code)
    before = country.time_zone
    if time_zone == before:
        return False
    having = select(Rollup.initiative_id).distinct()
    query = select(Initiative).where(Initiative.country == code, col(Initiative.id).in_(having))
    turns = [take_turn(session, one.id or 0, at) for one in session.exec(query.order_by(col(Initiative.id))).all()]
    moment = max([at, *(moment for _initiative, moment in turns)])
    country.time_zone = time_zone
    session.add(country)
    session.flush()
    for initiative, _moment in turns:
        initiative.last_recorded_at = moment
        session.add(initiative)
        follow(session, initiative, moment)
    audit.record(
        session, at=moment, who=who, action="time_zone_set", subject_type="country", subject_key=code,
        details={"before": {"time_zone": before}, "after": {"time_zone": time_zone}}, places=[EventPlace(code)],
    )  # fmt: skip
    return True
