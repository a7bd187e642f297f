"""From a file's bytes to what is held, with the real check; and two reviewers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import Submission
from intake.check import Check, check_file
from intake.record import accept, preview, submit
from intake.refusal import Refused
from tests.factories import START, World, make_world
from tests.intake.recomputed import Tables
from tests.intake.stories import Cell, accepted, held, submitted, values, who

FILE = (
    b"school_code;period;teachers_total;teachers_trained;training_hours\n"
    b"001024;2026-09;20;5;12,5\n"
    b"001025;2026-09;30;;n/a\n"
    b"020311;2026-09;0;0;0,1\n"
)
HELD: dict[Cell, float | str | None] = {
    ("001024", "teachers_total", "2026-09"): 20,
    ("001024", "teachers_trained", "2026-09"): 5,
    ("001024", "training_hours", "2026-09"): 12.5,
    ("001025", "teachers_total", "2026-09"): 30,
    ("001025", "training_hours", "2026-09"): "not_applicable",
    ("020311", "teachers_total", "2026-09"): 0,
    ("020311", "teachers_trained", "2026-09"): 0,
    ("020311", "training_hours", "2026-09"): 0.1,
}
LATER = START + timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def read(session: Session, world: World, content: bytes = FILE) -> Check:
    return check_file(session, world.initiative, content, "report.csv", at=START)


def test_what_the_file_says_is_held(session: Session, world: World) -> None:
    check = read(session, world)
    assert check.values == {"new": 7, "changed": 0, "unchanged": 0, "blank": 1, "not_applicable": 1}
    number = submit(session, check, by=who(session, world, "manager"), note="", at=START).id
    assert number is not None
    assert preview(session, number)[1] == check.fingerprint
    accept(session, number, by=who(session, world, "reviewer"), fingerprint=check.fingerprint, at=LATER)
    assert values(session) == HELD
    assert {row for _state, _value, _number, row in held(session).values()} == {2, 3, 4}
    again = read(session, world)
    assert again.values == {"new": 0, "changed": 0, "unchanged": 7, "blank": 1, "not_applicable": 1}
    assert again.acceptable and again.fingerprint != check.fingerprint


def test_checking_the_file_again_gives_the_fingerprint_that_is_wanted(session: Session, world: World) -> None:
    check = read(session, world)
    number = submit(session, check, by=who(session, world, "manager"), note="", at=START).id
    assert number is not None
    accepted(session, world, {("001024", "teachers_total", "2026-09"): 19}, START)
    reviewer = who(session, world, "reviewer")
    with pytest.raises(Refused):
        accept(session, number, by=reviewer, fingerprint=check.fingerprint, at=LATER)
    accept(session, number, by=reviewer, fingerprint=read(session, world).fingerprint, at=LATER)
    assert values(session) == HELD


def test_a_rejected_file_leaves_nothing(session: Session, world: World) -> None:
    check = read(session, world, FILE.replace(b"30", b"-3"))
    with pytest.raises(Refused) as caught:
        submit(session, check, by=who(session, world, "manager"), note="", at=START)
    assert caught.value.code == "not_acceptable"
    assert session.exec(select(Submission)).all() == []


def test_two_acceptances_at_once_run_one_after_another(engine: Engine) -> None:
    files: list[dict[Cell, float | str]] = [
        {(school, "messages_sent", "2026-09"): 1 + number for school in ("001024", "020311")} for number in range(4)
    ]
    with open_session(engine, write=True) as session:
        world = make_world(session)
        numbers = [submitted(session, world, file).id for file in files]
        session.commit()

    def accept_one(number: int) -> str:
        with open_session(engine, write=True) as session:
            reviewer = identity_of_email(session, "reviewer@example.org")
            shown = session.get_one(Submission, number).fingerprint
            try:
                accept(session, number, by=reviewer, fingerprint=shown, at=LATER)
            except Refused as refused:
                return refused.code
            session.commit()
            return "accepted"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(accept_one, [number for number in numbers if number is not None]))
    # All saw the same empty cells: the first to come is right, and for the others the preview no longer is.
    assert sorted(outcomes) == ["accepted", "stale_fingerprint", "stale_fingerprint", "stale_fingerprint"]
    with open_session(engine) as session:
        moment = session.exec(select(Submission.decided_at).where(col(Submission.decided_at).is_not(None))).one()
        assert moment is not None
        tables = Tables(session)
        assert tables.rollups_are(1, moment) == tables.rollups_should_be(1, moment)
        assert len(values(session)) == 2
