"""What changed is divided so that the parts add up to it, and names the reports that did it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from analytics import changes
from analytics.changes import Then
from data_model.submissions import Observation, Submission
from tests.analytics.reports import Reports

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
MEASURES = ["teacher_activation", "teachers_active", "messages_sent"]


@pytest.fixture
def two_months(reports: Reports) -> Reports:
    reports.report(
        "2026-09",
        {
            "001024": {"teachers_active": 10.0, "teachers_total": 50.0, "messages_sent": 100.0},
            "020311": {"teachers_active": 30.0, "teachers_total": 50.0, "messages_sent": 100.0},
        },
    )
    reports.report(
        "2026-10",
        {
            "001024": {"teachers_active": 20.0, "teachers_total": 50.0, "messages_sent": 130.0},
            "020311": {"teachers_active": 90.0, "teachers_total": 150.0, "messages_sent": 90.0},
        },
    )
    return reports


def test_what_moved_most_comes_first(two_months: Reports):
    scope = two_months.scope("teacher_activation")
    found = changes.since(two_months.session, scope, changes.last_month(scope), MEASURES)
    assert found["measure"].tolist() == ["teachers_active", "teacher_activation", "messages_sent"]
    rate = found.set_index("measure").loc["teacher_activation"]
    assert (rate["before"], rate["now"], rate["change"]) == (40, 55, 15)
    assert not rate["bases_differ"] and rate["period_before"] == "2026-09"
    assert found["relative"].round(1).tolist() == [175.0, 37.5, 10.0]


@pytest.mark.parametrize("measure", MEASURES)
def test_the_parts_of_a_change_add_up_to_it(two_months: Reports, measure: str):
    two_months.move("100450", "KZ-75")  # a school that lies in a region and in no district
    two_months.report("2026-10", {"100450": {"teachers_active": 7.0, "teachers_total": 9.0, "messages_sent": 3.0}})
    for area in ("KZ", "KZ-75"):
        scope = two_months.scope(measure, area=area)
        then = changes.last_month(scope)
        parts = changes.by_area(two_months.session, scope, then)
        whole = changes.since(two_months.session, scope, then, [measure])["change"].iloc[0]
        assert parts["contribution"].sum() == pytest.approx(whole)
        assert (parts["of_rates"] + parts["of_mix"]).tolist() == pytest.approx(parts["contribution"].tolist())
        assert ("" in parts["area_code"].tolist()) == (area == "KZ-75")


def test_a_rate_may_rise_because_people_are_elsewhere(two_months: Reports):
    """Simpson's: in the one region the rate stands still, and the whole rises by its growing."""
    scope = two_months.scope("teacher_activation")
    parts = changes.by_area(two_months.session, scope, changes.last_month(scope)).set_index("area_code")
    assert parts.loc["KZ-10", "change"] == 0 and parts.loc["KZ-10", "of_rates"] == 0
    assert parts["of_mix"]["KZ-10"] > 0 and parts["of_rates"]["KZ-75"] > 0


@ONE_DATABASE
def test_the_parts_add_up_where_an_area_counts_active_teachers_among_none(two_months: Reports):
    """Nothing forbids it across two files: the area has no rate then, and its part is still known."""
    two_months.report("2026-09", {"020311": {"teachers_total": 0.0}})
    scope = two_months.scope("teacher_activation")
    then = changes.last_month(scope)
    whole = changes.since(two_months.session, scope, then, ["teacher_activation"])["change"].iloc[0]
    parts = changes.by_area(two_months.session, scope, then)
    assert not parts["contribution"].isna().any() and parts["contribution"].sum() == pytest.approx(whole)


@ONE_DATABASE
def test_since_a_moment_a_correction_is_the_change_and_its_submission_is_named(two_months: Reports):
    before = two_months.at
    correction = two_months.report("2026-10", {"020311": {"teachers_active": 60.0}})
    scope = two_months.scope("teacher_activation")
    then = changes.moment(two_months.session, scope, before)
    assert then == Then(scope.period, before)
    assert changes.since(two_months.session, scope, then, MEASURES)["change"].iloc[0] == -30  # teachers, then points
    behind = changes.submissions(two_months.session, scope, then)
    assert behind[["submission", "what", "by", "values", "schools"]].to_numpy().tolist() == [
        [correction.id, "accepted", "manager", 1, 1]
    ]
    elsewhere = two_months.scope("teacher_activation", area="KZ-75")
    assert changes.submissions(two_months.session, elsewhere, then).empty
    whole = changes.submissions(two_months.session, scope, changes.last_month(scope))
    assert whole["values"].tolist() == [1, 3]  # all that speaks for October: the correction, and the rest


@ONE_DATABASE
def test_an_undo_shows_what_was_taken_back_and_what_stands_again(two_months: Reports):
    mistake = two_months.report("2026-10", {"001024": {"teachers_active": 45.0}})
    first = two_months.session.exec(select(Submission).where(Submission.id == (mistake.id or 0) - 1)).one()
    before = two_months.at
    _undo(two_months, mistake, first)
    scope = two_months.scope("teacher_activation")
    behind = changes.submissions(two_months.session, scope, Then(scope.period, before))
    assert dict(zip(behind["what"], behind["submission"], strict=True)) == {
        "undone": mistake.id, "brought_back": first.id,
    }  # fmt: skip


def _undo(reports: Reports, mistake: Submission, stands: Submission) -> None:
    reports.at += timedelta(hours=1)
    mistake.state, mistake.undone_at, mistake.undone_by = "undone", reports.at, mistake.decided_by
    query = select(Observation).where(Observation.submission_id == mistake.id)
    for held in reports.session.exec(query).all():
        held.superseded_at = reports.at
        reports.session.flush()
        values: dict[str, Any] = {
            **held.model_dump(exclude={"id", "superseded_at"}), "submission_id": stands.id, "value": 20.0,
            "recorded_at": reports.at,
        }  # fmt: skip
        reports.session.add(Observation(**values))
    reports.session.flush()
    reports.refresh("2026-10")


@ONE_DATABASE
def test_releases_are_compared_with_the_one_before_and_withheld_parts_are_not_known(two_months: Reports):
    def figures(whole: float, region: dict[str, Any]) -> list[dict[str, Any]]:
        both = {"measure": "teachers_active", "period": "2026-10"}
        return [
            {**both, "area_code": "KZ", "value": whole, "numerator": whole},
            {**both, "area_code": "KZ-75", **region},
        ]

    two_months.release(figures(100, {"value": 60.0, "numerator": 60.0}))
    two_months.at += timedelta(days=30)
    two_months.release(figures(130, {"state": "suppressed"}))
    scope = two_months.scope("teachers_active", released=True)
    then = changes.last_release(two_months.session, scope)
    assert changes.since(two_months.session, scope, then, ["teachers_active"])["change"].tolist() == [30]
    parts = changes.by_area(two_months.session, scope, then).set_index("area_code")["contribution"]
    assert parts[["KZ-75", ""]].isna().all()  # nor what is left when it is taken from the whole
    assert changes.submissions(two_months.session, scope, then).empty
    live = changes.last_release(two_months.session, two_months.scope("teachers_active"))
    assert live == Then(scope.period, two_months.at)
