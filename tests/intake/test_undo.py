"""Undo: each cell then holds what the newest accepted, not undone submission says."""

from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.refusal import NotAllowed
from data_model.participation import ReportingPeriod
from data_model.people import AuditEvent
from data_model.periods import Period
from data_model.submissions import Observation, Submission
from intake.refusal import Refused
from intake.undo import KeptCell, Undone, undo
from intake.withdraw import NamedCell, withdraw
from tests.factories import START, World, make_account, make_grant, make_lock, make_world
from tests.intake.stories import NA, Cell, accept_now, accepted, held, submitted, values, who

A: Cell = ("001024", "teachers_total", "2026-09")
B: Cell = ("001025", "teachers_total", "2026-09")


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def undone(session: Session, world: World, number: int, *, after: int = 9, by: str = "reviewer") -> Undone:
    return undo(session, number, by=who(session, world, by), reason="wrong file", at=START + hours(after))


def kept(cell: Cell, submission: int) -> KeptCell:
    return KeptCell(*cell, submission)


def test_undo_brings_back_what_it_replaced(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20, B: NA})
    second = accepted(session, world, {A: 21, B: 5}, START + hours(1))
    result = undone(session, world, second)
    assert (result.reversed, result.kept) == (2, [])
    assert values(session) == {A: 20, B: "not_applicable"}
    assert held(session)[A] == ("reported", 20, first, 2)


def test_what_comes_back_is_a_new_observation_recorded_at_the_undo(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20})
    second = accepted(session, world, {A: 21}, START + hours(1))
    undone(session, world, second)
    versions = session.exec(select(Observation).order_by(col(Observation.recorded_at))).all()
    assert [(one.value, one.submission_id, one.row) for one in versions] == [
        (20, first, 2), (21, second, 2), (20, first, 2)
    ]  # fmt: skip
    moment = session.get_one(Submission, second).undone_at
    assert versions[2].recorded_at == versions[1].superseded_at == moment == START + hours(9)


def test_undo_of_the_only_submission_leaves_nothing(session: Session, world: World) -> None:
    number = accepted(session, world, {A: 20, B: 3})
    result = undone(session, world, number)
    assert result.as_json() == {"submission": number, "reversed": 2, "kept": []}
    assert values(session) == {}


def test_a_cell_replaced_since_is_kept_by_the_later_one(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20, B: 3})
    second = accepted(session, world, {A: 21}, START + hours(1))
    result = undone(session, world, first)
    assert (result.reversed, result.kept) == (1, [kept(A, second)])
    assert result.as_json()["kept"] == [
        {"school": "001024", "metric": "teachers_total", "period": "2026-09", "submission": second}
    ]
    assert values(session) == {A: 21}


def test_a_confirmed_value_is_left_to_the_one_that_confirmed_it(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20, B: 3})
    second = accepted(session, world, {B: 9, A: 20}, START + hours(1))
    result = undone(session, world, first)
    assert (result.reversed, result.kept) == (0, [kept(A, second), kept(B, second)])
    assert held(session) == {A: ("reported", 20, second, 3), B: ("reported", 9, second, 2)}


def test_a_confirmation_of_an_undone_submission_no_longer_counts(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20})
    second = accepted(session, world, {A: 20}, START + hours(1))
    assert undone(session, world, second).kept == [kept(A, first)]
    assert undone(session, world, first, after=10).reversed == 1
    assert values(session) == {}


def test_the_newest_of_several_speaks(session: Session, world: World) -> None:
    numbers = [accepted(session, world, {A: value}, START + hours(place)) for place, value in enumerate((1, 2, 3, 4))]
    undone(session, world, numbers[2], after=9)
    assert values(session) == {A: 4}
    undone(session, world, numbers[3], after=10)
    assert values(session) == {A: 2}
    undone(session, world, numbers[1], after=11)
    assert values(session) == {A: 1}


def test_newest_is_by_acceptance_and_not_by_submission(session: Session, world: World) -> None:
    early = submitted(session, world, {A: 1}, START).id
    late = submitted(session, world, {A: 2}, START + hours(1)).id
    assert early is not None and late is not None
    accept_now(session, world, late, START + hours(2))
    accept_now(session, world, early, START + hours(3))
    last = accepted(session, world, {A: 3}, START + hours(4))
    undone(session, world, last)
    assert values(session) == {A: 1}


def test_the_same_file_can_come_again_after_an_undo(session: Session, world: World) -> None:
    number = accepted(session, world, {A: 20})
    undone(session, world, number)
    again = accepted(session, world, {A: 20}, START + hours(10))
    assert held(session) == {A: ("reported", 20, again, 2)}


def test_an_undo_is_remembered_as_of_every_moment(session: Session, world: World) -> None:
    moments = []
    first = accepted(session, world, {A: 20})
    moments.append(world.initiative.last_recorded_at)
    accepted(session, world, {A: 21}, START + hours(1))
    moments.append(world.initiative.last_recorded_at)
    undone(session, world, first)
    moments.append(world.initiative.last_recorded_at)
    assert [values(session, moment)[A] for moment in moments] == [20, 21, 21]


def test_a_withdrawal_can_be_undone(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20, B: 3})
    cell = NamedCell("001024", "teachers_total", Period.parse("2026-09"))
    manager = who(session, world, "manager")
    number = withdraw(session, world.initiative, [cell], by=manager, reason="wrong", at=START + hours(1)).id
    assert number is not None
    accept_now(session, world, number, START + hours(2))
    assert values(session) == {A: "withdrawn", B: 3}
    assert undone(session, world, number).reversed == 1
    assert held(session)[A] == ("reported", 20, first, 2)


def test_undo_below_a_withdrawal_leaves_the_cell_withdrawn(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20})
    cell = NamedCell("001024", "teachers_total", Period.parse("2026-09"))
    manager = who(session, world, "manager")
    number = withdraw(session, world.initiative, [cell], by=manager, reason="wrong", at=START + hours(1)).id
    assert number is not None
    accept_now(session, world, number, START + hours(2))
    assert undone(session, world, first).kept == [kept(A, number)]
    assert values(session) == {A: "withdrawn"}
    assert undone(session, world, number, after=10).reversed == 1
    assert values(session) == {}


def test_the_manager_who_made_it_may_undo_it(session: Session, world: World) -> None:
    number = accepted(session, world, {A: 20})
    undone(session, world, number, by="manager")
    assert session.get_one(Submission, number).state == "undone"


def test_another_manager_may_not_undo(session: Session, world: World) -> None:
    number = accepted(session, world, {A: 20})
    world.accounts["other"] = make_account(session, "other@example.org")
    make_grant(session, world.accounts["other"], "manager", country="KZ")
    with pytest.raises(NotAllowed):
        undone(session, world, number, by="other")


@pytest.mark.parametrize("name", ["manager", "reviewer"])
def test_nothing_changes_in_a_locked_period(session: Session, world: World, name: str) -> None:
    number = accepted(session, world, {A: 20})
    make_lock(session, session.exec(select(ReportingPeriod)).one(), START + hours(2))
    session.flush()
    with pytest.raises((Refused, NotAllowed)) as caught:
        undone(session, world, number, by=name)
    assert caught.value.code == "period_locked"
    assert values(session) == {A: 20}


def test_only_what_was_accepted_can_be_undone(session: Session, world: World) -> None:
    waiting = submitted(session, world, {A: 20}).id
    first = accepted(session, world, {A: 21}, START + hours(1))
    undone(session, world, first)
    for number in (waiting, first):
        assert number is not None
        with pytest.raises(Refused) as caught:
            undone(session, world, number, after=10)
        assert caught.value.code == "wrong_state"
    with pytest.raises(Refused) as caught:
        undone(session, world, 99)
    assert caught.value.code == "unknown_submission"


def test_an_undo_says_why(session: Session, world: World) -> None:
    number = accepted(session, world, {A: 20})
    with pytest.raises(Refused) as caught:
        undo(session, number, by=who(session, world, "reviewer"), reason=" ", at=START + hours(1))
    assert caught.value.code == "no_reason"
    undone(session, world, number)
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(1)).one()
    assert (event.action, event.details) == ("undo", {"reason": "wrong file", "reversed": 1, "kept": 0})


def test_many_cells_are_undone_as_one(session: Session, world: World) -> None:
    metrics = ("teachers_total", "teachers_trained", "messages_sent", "licences_allocated", "licences_activated")
    places = product(world.schools, metrics, ("2026-08", "2026-09", "2026-10"))
    file: dict[Cell, float | str] = {cell: index for index, cell in enumerate(places)}
    first = accepted(session, world, file)
    changed = {cell: value if place % 3 else 1000 + place for place, (cell, value) in enumerate(file.items())}
    second = accepted(session, world, changed, START + hours(1))
    result = undone(session, world, second)
    assert (result.reversed, len(result.kept)) == (30, 60)
    assert values(session) == file
    assert {submission for _school, _metric, _period, submission in result.kept} == {first}
    counted = session.connection().execute(sa.text("SELECT count(*) FROM observation")).scalar()
    assert counted == 90 + 30 + 30
