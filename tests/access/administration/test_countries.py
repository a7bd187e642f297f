"""A country's time zone: set by who administers the country, and who was on time follows."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from access.administration import countries
from access.administration.description import Invalid
from access.identity import identity_of_email
from data_model.people import AuditEvent
from data_model.places import Area, Country
from data_model.rollups import Rollup
from tests.factories import START, make_period
from tests.intake.stories import accepted


def on_time(session, measure):
    query = select(Rollup.schools_on_time).join(Area, Area.id == Rollup.area_id)
    now = query.where(Area.level == 0, Rollup.superseded_at.is_(None), Rollup.measure_id == measure.id)
    return session.exec(now).one()


def test_due_days_end_by_the_clock_that_was_set(session, world):
    """The tenth of October ends in Almaty at 19:00 in UTC, in Tallinn two hours later."""
    make_period(session, world.initiative, "2026-09", due_on=date(2026, 10, 10))
    handed_in = datetime(2026, 10, 10, 20, 30, tzinfo=UTC)
    accepted(session, world, {("001024", "teachers_total", "2026-09"): 20}, handed_in)
    administrator = identity_of_email(session, "administrator@example.org")
    metric = world.metrics["teachers_total"]
    assert on_time(session, metric) == 0
    assert countries.set_time_zone(session, "KZ", "Europe/Tallinn", who=administrator, at=START)
    assert (session.get(Country, "KZ").time_zone, on_time(session, metric)) == ("Europe/Tallinn", 1)
    assert not countries.set_time_zone(session, "KZ", "Europe/Tallinn", who=administrator, at=START)
    event = session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.details["after"]) == ("time_zone_set", {"time_zone": "Europe/Tallinn"})


@pytest.mark.parametrize("name", ["", "Asia/Nowhere", "../UTC", "Etc/GMT+5"])
def test_a_time_zone_is_one_that_there_is(session, world, name):
    administrator = identity_of_email(session, "administrator@example.org")
    with pytest.raises(Invalid):
        countries.set_time_zone(session, "KZ", name, who=administrator, at=START)
