"""The way of a submission through review: taken up, returned with points, answered, withdrawn; and its thread."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access import audit
from access.refusal import Refusal
from data_model.engine import make_engine, open_session
from data_model.people import AuditEvent
from data_model.submissions import Submission
from intake.record import preview, reject, submit
from intake.review import steps
from intake.review.about import About
from intake.review.resubmission import mended
from intake.review.steps import Point
from intake.review.thread import thread
from tests.factories import START, make_world
from tests.intake.stories import accept_now, accepted, checked, submitted, values, who

A, B, C = ((school, "teachers_total", "2026-09") for school in ("001024", "001025", "002017"))
POINT = Point(About(row=2, school="001024", metric="teachers_total", period="2026-09"), "Twenty, or two hundred?")


@pytest.fixture
def session(sqlite_url):
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def world(session):
    return make_world(session)


def later(minutes):
    return START + timedelta(minutes=minutes)


def refused(code, step, *arguments, **given):
    with pytest.raises(Refusal) as caught:
        step(*arguments, **given)
    return caught.value.code == code


def returned(session, world, statements, points=()):
    number = submitted(session, world, statements).id
    reviewer = who(session, world, "reviewer")
    return steps.send_back(session, number, by=reviewer, reason="Mend it.", points=points, at=later(1))


def test_a_reviewer_takes_up_what_waits_and_another_takes_it_over(session, world):
    number = submitted(session, world, {A: 20}).id
    reviewer, second = who(session, world, "reviewer"), who(session, world, "second-reviewer")
    taken = steps.take_up(session, number, by=reviewer, at=later(1))
    assert (taken.state, taken.taken_up_by, taken.taken_up_at) == ("in_review", reviewer.account_id, later(1))
    assert refused("wrong_state", steps.take_up, session, number, by=reviewer, at=later(2))
    assert steps.take_up(session, number, by=second, at=later(3)).taken_up_by == second.account_id
    assert [entry.written_by for entry in thread(session, number, who=reviewer)] == ["reviewer", "second-reviewer"]
    assert accept_now(session, world, number, later(4)).state == "accepted" and values(session) == {A: 20}


def test_what_is_returned_speaks_for_nothing_and_cannot_be_decided_on(session, world):
    submission = returned(session, world, {A: 200}, [POINT])
    assert (submission.state, submission.decision_reason, values(session)) == ("returned", "Mend it.", {})
    reviewer = who(session, world, "reviewer")
    _comparison, seen = preview(session, submission.id)
    assert seen
    assert refused("wrong_state", accept_now, session, world, submission.id, later(2))
    assert refused("wrong_state", reject, session, submission.id, by=reviewer, reason="No.", at=later(2))
    assert refused("wrong_state", steps.take_up, session, submission.id, by=reviewer, at=later(2))
    told = [(entry.kind, entry.text, entry.about) for entry in thread(session, submission.id, who=reviewer)]
    assert told == [("returned", "Mend it.", About()), ("point", POINT.text, POINT.about)]


def test_a_returned_one_is_answered_once_and_both_stand_in_one_thread(session, world):
    manager, reviewer = who(session, world, "manager"), who(session, world, "reviewer")
    first = returned(session, world, {A: 200, B: 5}, [POINT])
    answered = steps.to_answer(session, first.id, world.initiative, by=manager)
    second = submit(session, checked(session, world, {A: 20, B: 5, C: 7}), by=manager, answers=answered, at=later(2))
    assert second.answers_id == first.id
    assert refused("already_answered", steps.to_answer, session, first.id, world.initiative, by=manager)
    assert refused("already_answered", steps.withdraw, session, first.id, by=manager, at=later(3))
    steps.comment(session, second.id, by=manager, text="A nought too many.", about=POINT.about, at=later(3))
    told = thread(session, first.id, who=manager)
    assert told == thread(session, second.id, who=reviewer)
    assert [(entry.submission, entry.kind) for entry in told] == [
        (first.id, "returned"), (first.id, "point"), (second.id, "comment"),
    ]  # fmt: skip
    steps.withdraw(session, second.id, by=manager, at=later(4))
    assert steps.to_answer(session, first.id, world.initiative, by=manager).id == first.id, (
        "a withdrawn one is no answer"
    )


def test_what_changed_between_the_two_files_is_shown_value_by_value(session, world):
    first = submitted(session, world, {A: 200, B: 5, ("001024", "teachers_trained", "2026-09"): 3})
    second = submitted(session, world, {A: 20, B: 5, C: "n/a"})
    found = mended(session, first.id, second.id, who=who(session, world, "reviewer"))
    assert found.same == 1
    told = found.changes[["school", "metric", "what", "before", "after", "state_after", "row_before", "row_after"]]
    rows = told.astype(object).where(told.notna(), None).to_numpy().tolist()
    assert rows == [
        ["001024", "teachers_total", "changed", 200.0, 20.0, "reported", 2, 2],
        ["001024", "teachers_trained", "removed", 3.0, None, "", 4, None],
        ["002017", "teachers_total", "added", None, None, "not_applicable", None, 4],
    ]


def test_its_maker_withdraws_before_a_decision_and_nobody_else_does(session, world):
    manager, reviewer = who(session, world, "manager"), who(session, world, "reviewer")
    waiting = submitted(session, world, {A: 20}).id
    assert refused("not_allowed", steps.withdraw, session, waiting, by=reviewer, at=later(1))
    steps.take_up(session, waiting, by=reviewer, at=later(1))
    withdrawn = steps.withdraw(session, waiting, by=manager, reason="The wrong file.", at=later(2))
    assert (withdrawn.state, withdrawn.decision_reason) == ("withdrawn", "The wrong file.")
    assert refused("wrong_state", accept_now, session, world, waiting, later(3)) and values(session) == {}
    assert steps.withdraw(session, returned(session, world, {A: 1}).id, by=manager, at=later(3)).state == "withdrawn"
    number = accepted(session, world, {A: 20}, later(4))
    assert refused("wrong_state", steps.withdraw, session, number, by=manager, at=later(9))


def test_a_return_and_a_comment_say_something(session, world):
    number = submitted(session, world, {A: 20}).id
    reviewer = who(session, world, "reviewer")
    assert refused("no_reason", steps.send_back, session, number, by=reviewer, reason=" ", at=later(1))
    assert refused("no_text", steps.comment, session, number, by=reviewer, text="\n", at=later(1))
    many = [POINT] * (steps.MOST_POINTS + 1)
    assert refused("too_many_points", steps.send_back, session, number, by=reviewer, reason="x", points=many, at=START)
    assert session.get_one(Submission, number).state == "waiting" and not thread(session, number, who=reviewer)


def test_each_step_is_in_the_audit_trail(session, world):
    manager = who(session, world, "manager")
    first = returned(session, world, {A: 200})
    steps.comment(session, first.id, by=manager, text="Why?", at=later(2))
    steps.withdraw(session, first.id, by=manager, at=later(3))
    actions = [event.action for event in session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()]
    assert actions == ["submit", "return", "comment", "withdraw"] and audit.verify(session).intact
