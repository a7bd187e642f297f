from datetime import date

import pytest

from access import language
from analytics import adoption
from analytics.scope import FIGURE_COLUMNS, CannotAnswer
from data_model.periods import Period
from tests.analytics.reports import NOT_APPLICABLE, Reports
from tests.factories import make_school


def test_a_trend_has_a_row_for_every_period_and_a_gap_is_not_reported(reports: Reports):
    reports.report("2026-08", {"001024": {"teachers_active": 5}})
    reports.report("2026-10", {"001024": {"teachers_active": 0}})
    found = adoption.trend(reports.session, reports.scope("teachers_active"))
    assert list(found.columns) == ["period", "starts_on", *FIGURE_COLUMNS]
    assert list(found["period"]) == ["2026-08", "2026-09", "2026-10"]
    assert list(found["state"]) == ["reported", "not_reported", "reported"]
    assert found["value"].isna().tolist() == [False, True, False]
    assert list(found["schools_expected"]) == [6, 6, 6]


def test_a_trend_begins_with_the_first_report_unless_it_is_told(reports: Reports):
    reports.period("2026-08")
    reports.report("2026-09", {"001024": {"teachers_active": 5}})
    scope = reports.scope("teachers_active")
    assert list(adoption.trend(reports.session, scope)["period"]) == ["2026-09", "2026-10"]
    longer = scope.of(first_period=Period.parse("2026-07"))
    assert list(adoption.trend(reports.session, longer)["period"]) == ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert adoption.trend(reports.session, scope.of(area="KZ-10")).empty


def test_the_same_scope_gives_the_same_answer(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 5}})
    scope = reports.scope("teachers_active")
    assert adoption.trend(reports.session, scope).equals(adoption.trend(reports.session, scope))


def test_areas_add_up_to_the_area_above(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 5}, "100451": {"teachers_active": 7}})
    found = adoption.by_area(reports.session, reports.scope("teachers_active")).set_index("area_code")
    assert found["value"].to_dict() == {"KZ-10": 7, "KZ-75": 5}
    assert found["schools_expected"].tolist() == [3, 3]
    assert found["has_areas_below"].all()
    districts = adoption.by_area(reports.session, reports.scope("teachers_active", area="KZ-10"))
    assert list(districts["area_code"]) == ["KZ-10-01", "KZ-10-02"]
    assert list(districts["state"]) == ["not_reported", "reported"]
    assert not districts["has_areas_below"].any()


def test_a_district_has_no_areas_below(reports: Reports):
    found = adoption.by_area(reports.session, reports.scope("teachers_active", area="KZ-10-01"))
    assert found.empty and set(FIGURE_COLUMNS) <= set(found.columns)


def test_places_are_named_in_the_readers_language(reports: Reports):
    reports.world.areas["KZ-75"].name_ru = "город Алматы"
    reports.session.flush()
    with language.in_language("ru"):
        found = adoption.by_area(reports.session, reports.scope("teachers_active"))
    assert list(found["name"]) == ["KZ-10", "город Алматы"]  # the other has no Russian name


def test_schools_are_all_those_expected_whether_they_reported_or_not(reports: Reports):
    reports.report(
        "2026-10",
        {
            "001024": {"teachers_active": 5, "teachers_total": 20},
            "001025": {"teachers_active": NOT_APPLICABLE, "teachers_total": 10},
            "002017": {"teachers_active": 4},
        },
    )
    found = adoption.schools(reports.session, reports.scope("teacher_activation", area="KZ-75")).set_index(
        "school_code"
    )
    assert found["state"].to_dict() == {"001024": "reported", "001025": "not_applicable", "002017": "not_reported"}
    assert found.loc["001024", "value"] == 25
    assert found["schools_reporting"].tolist() == [1, 1, 0]
    assert found["area_code"].tolist() == ["KZ-75-01", "KZ-75-01", "KZ-75-02"]
    assert (found["schools_expected"] == 1).all()


def test_a_closed_school_and_one_outside_the_initiative_are_not_listed(reports: Reports):
    make_school(reports.session, "555555", reports.world.areas["KZ-75-01"])
    reports.report("2026-10", {"001024": {"teachers_active": 5}})
    reports.leave("001024", date(2026, 10, 1))
    found = adoption.schools(reports.session, reports.scope("teachers_active", area="KZ-75"))
    assert list(found["school_code"]) == ["001025", "002017"]
    assert not found["value"].any()


def test_a_schools_score_is_as_it_was_said(reports: Reports):
    reports.report("2026-10", {"001024": {"usefulness_score": 4.37, "teachers_surveyed": 3}})
    found = adoption.schools(reports.session, reports.scope("usefulness_score"))
    assert found["value"].dropna().tolist() == [4.37]


def test_a_schools_series_leaves_gaps_and_counts_nothing_after_it_left(reports: Reports):
    reports.report("2026-08", {"001024": {"teachers_active": 5}})
    reports.report("2026-10", {"001024": {"teachers_active": 6}, "001025": {"teachers_active": 1}})
    scope = reports.scope("teachers_active")
    found = adoption.school_series(reports.session, scope, "001024")
    assert list(found["period"]) == ["2026-08", "2026-09", "2026-10"]
    assert found["value"].fillna(-1).tolist() == [5, -1, 6]
    reports.leave("001024", date(2026, 9, 15))
    after = adoption.school_series(reports.session, scope, "001024")
    assert after["schools_expected"].tolist() == [1, 0, 0]
    assert after["state"].tolist() == ["reported", "not_reported", "not_reported"]


def test_a_school_that_never_took_part_is_refused(reports: Reports):
    make_school(reports.session, "555555", reports.world.areas["KZ-75-01"])
    with pytest.raises(CannotAnswer) as refused:
        adoption.school_series(reports.session, reports.scope("teachers_active"), "555555")
    assert refused.value.code == "unknown_school"


def test_completeness_says_who_of_those_expected_reported(reports: Reports):
    reports.report("2026-09", {"001024": {"teachers_active": 5}})
    reports.report("2026-10", {"001024": {"teachers_active": 5}, "001025": {"teachers_active": NOT_APPLICABLE}})
    found = adoption.completeness(reports.session, reports.scope("teachers_active"))
    shares = found.set_index(["area_code", "period"])["share"].round(1).to_dict()
    assert shares == {
        ("KZ-10", "2026-09"): 0, ("KZ-10", "2026-10"): 0, ("KZ-75", "2026-09"): 33.3, ("KZ-75", "2026-10"): 66.7,
    }  # fmt: skip


RELEASED = [
    {"measure": "teachers_active", "area_code": "KZ", "period": "2026-08", "value": 10.0},
    {"measure": "teachers_active", "area_code": "KZ", "period": "2026-09", "state": "suppressed"},
    {"measure": "teachers_active", "area_code": "KZ-75", "period": "2026-09", "value": 6.0},
]


def test_the_public_sees_the_release_and_nothing_beyond_it(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 99}})
    reports.release(RELEASED)
    scope = reports.scope("teachers_active", released=True)
    course = adoption.trend(reports.session, scope)
    assert list(course["period"]) == ["2026-08", "2026-09"]
    assert list(course["state"]) == ["reported", "suppressed"]
    september = scope.of(period=Period.parse("2026-09"))
    regions = adoption.by_area(reports.session, september).set_index("area_code")
    assert regions["state"].to_dict() == {"KZ-10": "not_reported", "KZ-75": "reported"}
    assert regions.loc["KZ-10", "schools_expected"] is not None


def test_nothing_below_a_region_is_released(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 99}})
    reports.release(RELEASED)
    session, scope = reports.session, reports.scope("teachers_active", area="KZ-75", released=True)
    assert adoption.by_area(session, scope).empty
    assert adoption.completeness(session, scope).empty
    assert adoption.schools(session, scope).empty
    assert adoption.school_series(session, scope, "001024").empty
    assert adoption.trend(session, scope.of(area="KZ-75-01")).empty
