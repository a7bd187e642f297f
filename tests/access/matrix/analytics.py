"""Runs of the rows of `analytics/`."""

from sqlmodel import select

from analytics import due_periods, submissions
from analytics.late_schools import who_to_call
from analytics.school_profile import school_profile
from analytics.scope import Scope
from data_model.periods import Period
from data_model.submissions import Submission
from tests.access.matrix.world import PERIOD, REGION, SCHOOL, Case, runs


def scope(case: Case) -> Scope:
    """Return the question about the region."""
    return Scope(case.initiative.key, "teachers_total", REGION, Period.parse(PERIOD))


@runs("analytics.due_periods.due_periods")
def see_what_is_due(case: Case) -> None:
    rows = due_periods.due_periods(case.session, case.initiative.key, who=case.who, at=case.at)
    assert PERIOD in list(rows["period"])


@runs("analytics.due_periods.rule_in_days")
def see_the_rule(case: Case) -> None:
    assert due_periods.rule_in_days(case.session, case.initiative.key, who=case.who, at=case.at) is None


@runs("analytics.late_schools.who_to_call")
def call(case: Case) -> None:
    who_to_call(case.session, scope(case), case.who, case.at)


@runs("analytics.school_profile.school_profile")
def profile(case: Case) -> None:
    assert school_profile(case.session, scope(case), SCHOOL, case.who, case.at).identity["school_code"] == SCHOOL


@runs("analytics.submissions.detail")
def detail(case: Case) -> None:
    assert submissions.detail(case.session, case.waiting, who=case.who).row["submission"] == case.waiting


@runs("analytics.submissions.listing")
def listing(case: Case) -> str | None:
    seen = submissions.listing(case.session, who=case.who)
    every = set(case.session.exec(select(Submission.id)).all())
    if not len(seen):
        return "nothing"
    if set(seen["submission"]) == every:
        return None
    assert set(seen["submitted_by_email"]) == {case.who.email}
    return "own ones"
