"""A country's time zone: set by who administers the country, and who was on time follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from access.administration import countries, rows
from access.administration.area_tables import AREAS
from access.administration.description import InUse, Invalid, NothingToUndo
from access.identity import identity_of_email
from access.permissions import NotAllowed
from analytics.completeness import end_of_day
from data_model.people import AuditEvent
from data_model.places import Area, Country
from data_model.rollups import Rollup
from data_model.time_zones import time_zone_at
from data_model.timely import due_until
from intake.rulebook import read_rulebook
from seed import registry
from tests.factories import START, make_account, make_grant, make_period
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


def test_as_of_an_earlier_moment_the_time_zone_of_then_holds(session, world):
    """Due day, lateness, locks and what is a future period are answered as they would have been then."""
    initiative = world.initiative
    period = make_period(session, initiative, "2026-09", due_on=date(2026, 10, 10))
    administrator = identity_of_email(session, "administrator@example.org")
    changed = datetime(2026, 11, 5, 12, tzinfo=UTC)
    countries.set_time_zone(session, "KZ", "Pacific/Honolulu", who=administrator, at=changed)
    before = changed - timedelta(hours=1)
    assert due_until(session, period, "KZ").astimezone(UTC) == datetime(2026, 10, 11, 10, tzinfo=UTC)
    assert due_until(session, period, "KZ", before).astimezone(UTC) == datetime(2026, 10, 10, 19, tzinfo=UTC)
    assert due_until(session, period, "KZ", changed) == due_until(session, period, "KZ")
    last_of_october = datetime(2026, 10, 31, 20, tzinfo=UTC)  # in Almaty it is the first of November
    assert read_rulebook(session, initiative, last_of_october).today == date(2026, 11, 1)
    assert read_rulebook(session, initiative, datetime(2026, 12, 1, 1, tzinfo=UTC)).today == date(2026, 11, 30)
    assert end_of_day(session, "KZ", date(2026, 10, 10), before) < end_of_day(session, "KZ", date(2026, 10, 10))


def test_a_changed_time_zone_is_taken_back_and_forth_and_its_history_says_who(session, world):
    administrator = identity_of_email(session, "administrator@example.org")
    with pytest.raises(NothingToUndo):
        countries.undo_time_zone(session, "KZ", who=administrator, at=START)
    countries.set_time_zone(session, "KZ", "Asia/Qyzylorda", who=administrator, at=START)
    assert countries.undo_time_zone(session, "KZ", who=administrator, at=START) == "Asia/Almaty"
    assert countries.undo_time_zone(session, "KZ", who=administrator, at=START) == "Asia/Qyzylorda"
    changes = countries.zone_changes(session, "KZ", who=administrator)
    assert [(one.before, one.after) for one in changes] == [
        ("Asia/Almaty", "Asia/Qyzylorda"), ("Asia/Qyzylorda", "Asia/Almaty"), ("Asia/Almaty", "Asia/Qyzylorda"),
    ]  # fmt: skip
    assert {one.who for one in changes} == {"administrator"} and len({one.at for one in changes}) == 3
    assert time_zone_at(session, "KZ", changes[1].at) == "Asia/Almaty"
    event = session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.details["undoes"] and event.details["after"] == {"time_zone": "Asia/Qyzylorda"}


def test_a_time_zone_set_on_screen_stays_when_the_registry_is_loaded_again(session):
    registry.load(session, START)
    make_grant(session, make_account(session, "everywhere@example.org"), "administrator")
    everywhere = identity_of_email(session, "everywhere@example.org")
    countries.set_time_zone(session, "EE", "Europe/Helsinki", who=everywhere, at=START)
    session.get(Country, "GR").time_zone = "Europe/Sofia"  # as an earlier edition of the files said
    told: list[str] = []
    registry.load(session, START + timedelta(days=1), say=told.append)
    assert session.get(Country, "EE").time_zone == "Europe/Helsinki"
    assert told == ["country EE: time_zone stays as a person set it on screen: Europe/Helsinki"]
    assert time_zone_at(session, "GR", None) == "Europe/Athens"
    assert time_zone_at(session, "GR", START) == "Europe/Sofia", "what the files changed is answered as of then too"


def test_a_country_is_added_with_its_root_and_removed_while_nothing_is_kept_of_it(session, world):
    everywhere = identity_of_email(session, "everywhere@example.org")
    of_one = identity_of_email(session, "administrator@example.org")
    with pytest.raises(NotAllowed):
        countries.add_country(session, "FI", "Europe/Helsinki", who=of_one, at=START)
    for code, zone in (("KZ", "Asia/Almaty"), ("XX", "UTC"), ("FI", "Europe/Nowhere")):
        with pytest.raises(Invalid):
            countries.add_country(session, code, zone, who=everywhere, at=START)
    countries.add_country(session, "FI", "Europe/Helsinki", who=everywhere, at=START)
    root = session.exec(select(Area).where(Area.code == "FI")).one()
    assert (root.level, root.kind, root.name_en, root.name_ru) == (0, "country", "Finland", "Финляндия")
    assert countries.zones_of("FI")[0] == "Europe/Helsinki"
    rows.create(session, AREAS, {"country": "FI", "code": "FI-18", "parent": "FI", "kind": "region",
                                 "name_en": "Uusimaa"}, who=everywhere, at=START)  # fmt: skip
    with pytest.raises(InUse, match="Areas: 1"):
        countries.remove_country(session, "FI", who=everywhere, at=START)
    rows.undo(session, AREAS, str(session.exec(select(Area.id).where(Area.code == "FI-18")).one()), who=everywhere,
              at=START)  # fmt: skip
    countries.remove_country(session, "FI", who=everywhere, at=START)
    assert session.get(Country, "FI") is None
