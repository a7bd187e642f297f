"""Taking a wrong value back, with a reason, as a submission of its own."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from access.refusal import NotAllowed
from data_model.participation import ReportingPeriod
from data_model.periods import Period
from data_model.submissions import Submission, SubmissionContent
from intake.refusal import Refused
from intake.withdraw import NamedCell, withdraw
from tests.data_model.test_rollups import rollup
from tests.factories import START, World, make_lock, make_world
from tests.intake.stories import Cell, accept_now, accepted, values, who

LATER = START + timedelta(hours=1)
SEPTEMBER = Period.parse("2026-09")
FILE: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 20,
    ("001025", "teachers_total", "2026-09"): 30,
    ("001024", "teachers_surveyed", "2026-09"): 10,
    ("001024", "usefulness_score", "2026-09"): 4.5,
}


@pytest.fixture
def world(session: Session) -> World:
    """The small country, where something was reported."""
    made = make_world(session)
    accepted(session, made, FILE)
    return made


def taken_back(session: Session, world: World, *named: NamedCell, reason: str = "typed wrongly") -> Submission:
    return withdraw(session, world.initiative, named, by=who(session, world, "manager"), reason=reason, at=LATER)


def refusal(session: Session, world: World, *named: NamedCell, reason: str = "typed wrongly") -> str:
    with pytest.raises(Refused) as caught:
        taken_back(session, world, *named, reason=reason)
    assert session.exec(select(func.count(col(Submission.id)))).one() == 1
    return caught.value.code


def test_a_withdrawal_waits_for_review_like_any_submission(session: Session, world: World) -> None:
    submission = taken_back(session, world, NamedCell("001024", "teachers_total", SEPTEMBER))
    assert (submission.state, submission.note, submission.file_name) == ("waiting", "typed wrongly", "withdrawal.csv")
    content = session.get_one(SubmissionContent, submission.id)
    assert content.original == b"school_code,metric,period\n001024,teachers_total,2026-09\n"
    assert values(session)[("001024", "teachers_total", "2026-09")] == 20


def test_the_cell_is_then_not_reported(session: Session, world: World) -> None:
    submission = taken_back(session, world, NamedCell("001024", "teachers_total", SEPTEMBER))
    assert submission.id is not None
    assert rollup(session, "teachers_total") == (50, None, 2, 2)
    accept_now(session, world, submission.id, LATER)
    assert values(session)[("001024", "teachers_total", "2026-09")] == "withdrawn"
    assert rollup(session, "teachers_total") == (30, None, 1, 1)


def test_a_value_may_follow_a_withdrawal(session: Session, world: World) -> None:
    submission = taken_back(session, world, NamedCell("001024", "teachers_total", SEPTEMBER))
    assert submission.id is not None
    accept_now(session, world, submission.id, LATER)
    accepted(session, world, {("001024", "teachers_total", "2026-09"): 20}, LATER)
    assert rollup(session, "teachers_total") == (50, None, 2, 2)


def test_nothing_held_is_nothing_to_take_back(session: Session, world: World) -> None:
    assert refusal(session, world) == "nothing_to_withdraw"
    assert refusal(session, world, NamedCell("002017", "teachers_total", SEPTEMBER)) == "nothing_to_withdraw"
    october = Period.parse("2026-10")
    assert refusal(session, world, NamedCell("001024", "teachers_total", october)) == "nothing_to_withdraw"


def test_what_is_not_known_is_refused(session: Session, world: World) -> None:
    assert refusal(session, world, NamedCell("999999", "teachers_total", SEPTEMBER)) == "unknown_school"
    assert refusal(session, world, NamedCell("001024", "teacher_training", SEPTEMBER)) == "unknown_metric"


def test_a_withdrawal_says_why(session: Session, world: World) -> None:
    assert refusal(session, world, NamedCell("001024", "teachers_total", SEPTEMBER), reason=" ") == "no_reason"


def test_a_locked_period_stays_as_it_is(session: Session, world: World) -> None:
    make_lock(session, session.exec(select(ReportingPeriod)).one(), START)
    session.flush()
    assert refusal(session, world, NamedCell("001024", "teachers_total", SEPTEMBER)) == "period_locked"


def test_a_count_takes_its_score_with_it(session: Session, world: World) -> None:
    count = NamedCell("001024", "teachers_surveyed", SEPTEMBER)
    score = NamedCell("001024", "usefulness_score", SEPTEMBER)
    assert refusal(session, world, count) == "score_without_count"
    submission = taken_back(session, world, count, score, count)
    assert submission.id is not None
    accept_now(session, world, submission.id, LATER)
    assert rollup(session, "usefulness_score") == (None, None, 0, 0)


def test_only_managers_take_back(session: Session, world: World) -> None:
    cell = NamedCell("001024", "teachers_total", SEPTEMBER)
    with pytest.raises(NotAllowed):
        withdraw(session, world.initiative, [cell], by=who(session, world, "analyst"), reason="no", at=LATER)
