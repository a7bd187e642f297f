from datetime import timedelta

import pytest

from analytics.figures import figure, figure_as_json, figure_submissions, headline, headlines
from analytics.scope import CannotAnswer
from tests.analytics.reports import NOT_APPLICABLE, WITHDRAWN, Reports
from tests.factories import make_enrolment, make_school


def test_a_count_is_the_sum_over_expected_schools_with_its_base(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 12}, "020311": {"teachers_active": 0}})
    found = figure(reports.session, reports.scope("teachers_active"))
    assert (found.value, found.state, found.numerator, found.denominator) == (12, "reported", 12, None)
    assert (found.schools_in_base, found.schools_reporting, found.schools_expected) == (2, 2, 6)
    assert found.as_of == found.last_recorded_at == reports.at


def test_a_rate_is_a_ratio_of_sums_over_schools_that_reported_both(reports: Reports):
    reports.report(
        "2026-10",
        {
            "001024": {"teachers_active": 1, "teachers_total": 2},
            "001025": {"teachers_active": 10, "teachers_total": 100},
            "002017": {"teachers_active": 50},  # no total: not in the base
        },
    )
    found = figure(reports.session, reports.scope("teacher_activation"))
    assert found.value == pytest.approx(100 * 11 / 102)  # never the mean of 50 % and 10 %
    assert (found.numerator, found.denominator, found.schools_in_base) == (11, 102, 2)


def test_zero_not_reported_and_not_applicable_are_three_things(reports: Reports):
    reports.report("2026-10", {"001024": {"teachers_active": 0, "messages_sent": NOT_APPLICABLE, "teachers_total": 0}})
    session = reports.session
    assert (figure(session, reports.scope("teachers_active")).value) == 0
    not_applicable = figure(session, reports.scope("messages_sent"))
    assert (not_applicable.value, not_applicable.state) == (None, "not_applicable")
    assert (not_applicable.schools_in_base, not_applicable.schools_reporting) == (0, 1)
    nothing = figure(session, reports.scope("licences_allocated"))
    assert (nothing.value, nothing.state, nothing.schools_reporting) == (None, "not_reported", 0)
    undefined = figure(session, reports.scope("teacher_activation"))  # 0 of 0 teachers
    assert (undefined.value, undefined.state) == (None, "not_applicable")


def test_a_score_is_weighted_by_its_count(reports: Reports):
    reports.report(
        "2026-10",
        {
            "001024": {"usefulness_score": 4.25, "teachers_surveyed": 4},
            "001025": {"usefulness_score": 2, "teachers_surveyed": 1},
        },
    )
    found = figure(reports.session, reports.scope("usefulness_score"))
    assert found.value == pytest.approx((4.25 * 4 + 2) / 5)
    assert found.denominator == 5


def test_before_any_report_the_schools_expected_are_known(reports: Reports):
    found = figure(reports.session, reports.scope("teachers_active", area="KZ-75"))
    assert (found.value, found.state) == (None, "not_reported")
    assert (found.schools_reporting, found.schools_expected, found.as_of) == (0, 3, None)


def test_an_invented_school_makes_a_figure_demonstration_before_and_after_it_reports(reports: Reports):
    session, world = reports.session, reports.world
    school = make_school(session, "900001", world.areas["KZ-75-01"], demonstration=True)
    make_enrolment(session, world.initiative, school)
    world.schools["900001"] = school
    assert figure(session, reports.scope("teachers_active")).demonstration
    assert not figure(session, reports.scope("teachers_active", area="KZ-10")).demonstration
    reports.report("2026-10", {"900001": {"teachers_active": 1}})
    assert figure(session, reports.scope("teachers_active")).demonstration
    assert not figure(session, reports.scope("teachers_active", area="KZ-10")).demonstration


def test_an_area_where_no_school_is_expected_awaits_none(reports: Reports):
    session = reports.session
    make_school(session, "777777", reports.world.areas["KZ-75"])
    for school in reports.world.schools.values():
        assert school.id
    reports.report("2026-10", {"001024": {"teachers_active": 12}})
    reports.world.areas["KZ-75-02"].code = "KZ-75-02"
    found = figure(session, reports.scope("teachers_active", area="KZ-10"))
    assert (found.state, found.schools_reporting, found.schools_expected) == ("not_reported", 0, 3)


def test_any_past_moment_gets_the_answer_of_that_moment(reports: Reports):
    session = reports.session
    before = reports.at
    reports.report("2026-10", {"001024": {"teachers_active": 12}})
    first = reports.at
    reports.report("2026-10", {"001024": {"teachers_active": 15}, "001025": {"teachers_active": 3}})
    second = reports.at
    reports.report("2026-10", {"001024": {"teachers_active": WITHDRAWN}})

    def at(moment):
        found = figure(session, reports.scope("teachers_active", as_of=moment))
        return found.value, found.schools_reporting, found.schools_expected

    assert at(before) == (None, 0, 6)
    assert at(first) == at(second - timedelta(microseconds=1)) == (12, 1, 6)
    assert at(second) == (18, 2, 6)
    assert at(None) == (3, 1, 6)
    assert figure(session, reports.scope("teachers_active", as_of=first)).as_of == first


def test_the_submissions_are_those_whose_statements_stand_behind_the_figure(reports: Reports):
    session = reports.session
    old = reports.report("2026-10", {"001024": {"teachers_active": 1, "teachers_total": 9}})
    then = reports.at
    totals = reports.report("2026-10", {"100450": {"teachers_total": 7}, "001025": {"teachers_total": 8}})
    new = reports.report("2026-10", {"001024": {"teachers_active": 2}, "001025": {"teachers_active": NOT_APPLICABLE}})

    def behind(measure, **more):
        frame = figure_submissions(session, reports.scope(measure, **more))
        return {row.submission: row.rows for row in frame.itertuples()}

    assert behind("teachers_active") == {new.id: [2, 3]}
    assert behind("teachers_active", as_of=then) == {old.id: [2]}
    # Both parts of the indicator; the school that gave its total alone is not in the figure.
    assert behind("teacher_activation") == {old.id: [2], totals.id: [3], new.id: [2, 3]}
    assert behind("teachers_active", area="KZ-10") == {}
    assert behind("teachers_active", released=True) == {}


def test_the_json_is_that_of_the_design(reports: Reports):
    submission = reports.report("2026-10", {"001024": {"teachers_active": 12, "teachers_total": 40}})
    answer = figure_as_json(reports.session, reports.scope("teacher_activation"))
    assert answer == {
        "value": 30, "numerator": 12, "denominator": 40, "schools_reporting": 1, "schools_expected": 6,
        "as_of": reports.at.isoformat(), "demonstration": False,
        "submissions": [{"id": submission.id, "sha256": submission.sha256, "rows": [2]}],
    }  # fmt: skip
    assert isinstance(answer["numerator"], int)
    missing = figure_as_json(reports.session, reports.scope("messages_sent"))
    assert (missing["value"], missing["state"], missing["numerator"]) == (None, "not_reported", None)
    assert missing["denominator"] is None and missing["submissions"] == []


def test_a_headline_compares_with_the_period_before_in_points(reports: Reports):
    reports.report("2026-09", {"001024": {"teachers_active": 1, "teachers_total": 4}})
    reports.report(
        "2026-10",
        {"001024": {"teachers_active": 2, "teachers_total": 4}, "001025": {"teachers_active": 0, "teachers_total": 4}},
    )
    found = headline(reports.session, reports.scope("teacher_activation"))
    assert (found.figure.value, found.previous.value, found.change) == (25, 25, 0)
    assert found.bases_differ
    assert list(found.spark["period"]) == ["2026-09", "2026-10"]


def test_a_count_of_other_schools_than_before_has_not_changed_but_is_another_sum(reports: Reports):
    reports.report("2026-09", {"001024": {"teachers_active": 9}, "001025": {"teachers_active": 5}})
    reports.report("2026-10", {"001024": {"teachers_active": 10}})
    fewer = headline(reports.session, reports.scope("teachers_active"))
    assert (fewer.figure.value, fewer.previous.value, fewer.change, fewer.bases_differ) == (10, 14, None, True)
    reports.report("2026-10", {"001025": {"teachers_active": 5}})
    assert headline(reports.session, reports.scope("teachers_active")).change == 1


def test_a_headline_without_an_earlier_value_has_no_change(reports: Reports):
    reports.report("2026-09", {"001024": {"teachers_total": 4}})
    reports.report("2026-10", {"001024": {"teachers_active": 2}})
    found = headlines(reports.session, reports.scope("teachers_active"), ["teachers_active", "teachers_total"])
    assert found["teachers_active"].previous.state == "not_reported"
    assert found["teachers_active"].change is None and not found["teachers_active"].bases_differ
    assert found["teachers_total"].figure.state == "not_reported" and found["teachers_total"].change is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"initiative": "nowhere"}, "unknown_initiative"),
        ({"measure": "happiness"}, "unknown_measure"),
        ({"area": "XX-1"}, "unknown_area"),
        ({"released": True}, "no_release"),
    ],
)
def test_what_does_not_exist_is_refused_by_name(reports: Reports, changed: dict, code: str):
    with pytest.raises(CannotAnswer) as refused:
        figure(reports.session, reports.scope("teachers_active").of(**changed))
    assert refused.value.code == code


def test_a_period_of_another_length_is_refused(reports: Reports):
    with pytest.raises(CannotAnswer) as refused:
        figure(reports.session, reports.scope("teachers_active", "2026-Q3"))
    assert refused.value.code == "period_granularity"
    assert "2026-07" in refused.value.message


def test_released_figures_are_those_of_the_newest_release_that_stands(reports: Reports):
    session = reports.session
    reports.report("2026-10", {"001024": {"teachers_active": 99}})
    cell = {"measure": "teachers_active", "area_code": "KZ", "period": "2026-10"}
    reports.release([cell | {"value": 10.0, "numerator": 10.0, "schools_reporting": 5}])
    newest = reports.release([cell | {"value": 11.0, "numerator": 11.0, "schools_reporting": 5}])
    reports.release([cell | {"value": 12.0}], withdrawn_at=reports.at)
    found = figure(session, reports.scope("teachers_active", released=True))
    assert (found.value, found.release, found.base, found.schools_in_base) == (11, newest.id, 5, None)


def test_a_suppressed_figure_says_so_and_nothing_else(reports: Reports):
    reports.release(
        [{"measure": "teachers_active", "area_code": "KZ-75", "period": "2026-10", "state": "suppressed",
          "schools_reporting": None}]
    )  # fmt: skip
    answer = figure_as_json(reports.session, reports.scope("teachers_active", area="KZ-75", released=True))
    assert (answer["value"], answer["state"], answer["numerator"]) == (None, "suppressed", None)
    assert answer["schools_reporting"] is None and answer["submissions"] == []


@pytest.mark.parametrize("place", [{"area": "KZ-75-01"}, {"period": "2026-09"}])
def test_districts_and_other_periods_are_not_released(reports: Reports, place: dict):
    reports.release([{"measure": "teachers_active", "area_code": "KZ", "period": "2026-10", "value": 10.0}])
    with pytest.raises(CannotAnswer) as refused:
        figure(reports.session, reports.scope("teachers_active", released=True, **place))
    assert refused.value.code == "not_released"
