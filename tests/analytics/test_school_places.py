import math
from datetime import timedelta

from sqlmodel import select

from analytics.school_places import school_places
from data_model.places import SchoolRecord
from tests.analytics.reports import Reports


def test_every_expected_school_has_its_figure_and_where_it_was_known_to_lie(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 4}})
    before, session = reports.at, reports.session
    school = reports.world.schools["001024"]
    old = session.exec(select(SchoolRecord).where(SchoolRecord.school_id == school.id)).one()
    old.superseded_at = before + timedelta(hours=1)
    session.flush()
    moved = old.model_dump(exclude={"id", "superseded_at", "recorded_at"}) | {"latitude": 43.25, "longitude": 76.9}
    session.add(SchoolRecord(**moved, recorded_at=before + timedelta(hours=1)))
    session.flush()
    now = school_places(session, reports.scope("teachers_active")).set_index("school_code")
    assert (now.loc["001024", "latitude"], now.loc["001024", "longitude"]) == (43.25, 76.9)
    assert now.loc["001024", "value"] == 4
    then = school_places(session, reports.scope("teachers_active", as_of=before)).set_index("school_code")
    assert math.isnan(then.loc["001024", "latitude"])
    assert len(now) == len(then) > 1


def test_no_school_is_in_a_release(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 4}})
    assert school_places(reports.session, reports.scope("teachers_active", released=True)).empty
