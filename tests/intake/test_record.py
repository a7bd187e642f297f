"""Submitting, accepting and rejecting: all or nothing, by whom it may be, and only what the preview showed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from access.refusal import NotAllowed
from data_model.measures import Definition
from data_model.participation import Enrolment, ReportingPeriod
from data_model.people import AuditEvent
from data_model.submissions import Confirmation, Finding, Observation, Submission, SubmissionContent
from intake.findings import KINDS
from intake.findings import Finding as FoundInFile
from intake.record import accept, cells_of, preview, reject, submit
from intake.refusal import Refused
from tests.factories import START, World, make_lock, make_world
from tests.intake.stories import NA, Cell, accept_now, accepted, checked, held, submitted, values, who

FILE: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 20,
    ("001025", "teachers_total", "2026-09"): NA,
    ("020311", "training_hours", "2026-10"): 12.5,
}
LATER = START + timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def count(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


@contextmanager
def refused(session: Session, code: str) -> Iterator[None]:
    """Expect a refusal with this code that leaves everything held as it was."""
    before, moment = held(session), count(session, AuditEvent)
    with pytest.raises((Refused, NotAllowed)) as caught:
        yield
    assert caught.value.code == code and caught.value.message
    assert held(session) == before and count(session, AuditEvent) == moment


def test_a_submission_keeps_the_file_and_waits(session: Session, world: World) -> None:
    check = checked(session, world, FILE)
    submission = submit(session, check, by=who(session, world, "manager"), note="October", at=START)
    assert (submission.state, submission.sha256, submission.size) == ("waiting", check.sha256, len(check.content))
    assert (submission.note, submission.submitted_at) == ("October", START)
    content = session.get_one(SubmissionContent, submission.id)
    assert content.original == check.content
    assert submission.id is not None
    kept = cells_of(session, submission.id)
    assert kept.value.tolist()[0] == 20 and kept.row.tolist() == [2, 3, 4]
    assert held(session) == {}
    assert submission.fingerprint == check.fingerprint and re.fullmatch("[0-9a-f]{64}", submission.fingerprint)


def test_a_file_with_errors_is_not_stored(session: Session, world: World) -> None:
    check = replace(checked(session, world, FILE), acceptable=False)
    with refused(session, "not_acceptable"):
        submit(session, check, by=who(session, world, "manager"), note="", at=START)
    assert count(session, Submission) == count(session, SubmissionContent) == 0


def test_all_warnings_are_kept(session: Session, world: World) -> None:
    code = next(code for code, kind in KINDS.items() if kind.severity == "warning")
    found = [FoundInFile(code, KINDS[code].severity, row, "col\x00umn", "a;b", {"n": row}) for row in range(2, 300)]
    check = replace(checked(session, world, FILE), findings=found)
    submit(session, check, by=who(session, world, "manager"), note="\x00 \ud800", at=START)
    stored = session.exec(select(Finding).order_by(col(Finding.row))).all()
    assert [(one.code, one.row, one.details) for one in stored] == [(code, row, {"n": row}) for row in range(2, 300)]


def test_an_accepted_file_is_held_with_its_rows(session: Session, world: World) -> None:
    number = accepted(session, world, FILE)
    assert held(session) == {
        ("001024", "teachers_total", "2026-09"): ("reported", 20, number, 2),
        ("001025", "teachers_total", "2026-09"): ("not_applicable", None, number, 3),
        ("020311", "training_hours", "2026-10"): ("reported", 12.5, number, 4),
    }
    submission = session.get_one(Submission, number)
    assert submission.state == "accepted" and submission.decided_by == world.accounts["reviewer"].id
    assert world.initiative.last_recorded_at == submission.decided_at


def test_reporting_periods_are_made_when_first_reported(session: Session, world: World) -> None:
    accepted(session, world, FILE)
    periods = session.exec(select(ReportingPeriod).order_by(col(ReportingPeriod.starts_on))).all()
    assert [(one.starts_on, one.ends_on, one.due_on) for one in periods] == [
        (date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 10)),
        (date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 10)),
    ]


def test_a_blank_cell_says_nothing(session: Session, world: World) -> None:
    accepted(session, world, FILE)
    accepted(session, world, {("001024", "teachers_total", "2026-09"): 21}, LATER)
    assert values(session) == {
        ("001024", "teachers_total", "2026-09"): 21,
        ("001025", "teachers_total", "2026-09"): "not_applicable",
        ("020311", "training_hours", "2026-10"): 12.5,
    }


def test_a_changed_value_supersedes_and_nothing_is_overwritten(session: Session, world: World) -> None:
    first = accepted(session, world, FILE)
    before = world.initiative.last_recorded_at
    second = accepted(session, world, {("001024", "teachers_total", "2026-09"): 21}, LATER)
    versions = session.exec(
        select(Observation).where(col(Observation.value).in_((20, 21))).order_by(col(Observation.recorded_at))
    ).all()
    assert [(one.value, one.submission_id) for one in versions] == [(20, first), (21, second)]
    assert versions[0].superseded_at == versions[1].recorded_at and versions[1].superseded_at is None
    assert values(session, before)[("001024", "teachers_total", "2026-09")] == 20


def test_an_equal_value_is_kept_as_a_confirmation(session: Session, world: World) -> None:
    first = accepted(session, world, FILE)
    second = accepted(session, world, FILE, LATER)
    assert {holder for _state, _value, holder, _row in held(session).values()} == {first}
    assert count(session, Observation) == 3
    confirmations = session.exec(select(Confirmation).order_by(col(Confirmation.row))).all()
    assert [(one.submission_id, one.state, one.value, one.row) for one in confirmations] == [
        (second, "reported", 20, 2), (second, "not_applicable", None, 3), (second, "reported", 12.5, 4),
    ]  # fmt: skip


def test_nobody_accepts_or_rejects_their_own(session: Session, world: World) -> None:
    check = checked(session, world, FILE)
    administrator = who(session, world, "administrator")
    number = submit(session, check, by=administrator, note="", at=START).id
    assert number is not None
    with refused(session, "own_submission"):
        accept(session, number, by=administrator, fingerprint=check.fingerprint, at=LATER)
    with refused(session, "own_submission"):
        reject(session, number, by=administrator, reason="no", at=LATER)


@pytest.mark.parametrize("name", ["analyst", "reviewer"])
def test_only_managers_submit(session: Session, world: World, name: str) -> None:
    check = checked(session, world, FILE)
    with refused(session, "not_allowed"):
        submit(session, check, by=who(session, world, name), note="", at=START)


@pytest.mark.parametrize("name", ["analyst", "manager"])
def test_only_reviewers_decide(session: Session, world: World, name: str) -> None:
    submission = submitted(session, world, FILE)
    assert submission.id is not None
    with refused(session, "not_allowed"):
        accept(session, submission.id, by=who(session, world, name), fingerprint=submission.fingerprint, at=LATER)
    with refused(session, "not_allowed"):
        reject(session, submission.id, by=who(session, world, name), reason="no", at=LATER)


def test_acceptance_takes_what_the_preview_showed(session: Session, world: World) -> None:
    submission = submitted(session, world, FILE)
    accepted(session, world, {("001024", "teachers_total", "2026-09"): 19}, LATER)
    reviewer = who(session, world, "reviewer")
    assert submission.id is not None
    with refused(session, "stale_fingerprint"):
        accept(session, submission.id, by=reviewer, fingerprint=submission.fingerprint, at=LATER)
    with refused(session, "stale_fingerprint"):
        accept(session, submission.id, by=reviewer, fingerprint="0" * 64, at=LATER)
    comparison, shown = preview(session, submission.id)
    assert comparison.counts == {"new": 1, "changed": 1, "unchanged": 0, "not_applicable": 1}
    accept(session, submission.id, by=reviewer, fingerprint=shown, at=LATER)
    assert values(session)[("001024", "teachers_total", "2026-09")] == 20


def test_acceptance_is_refused_when_the_rules_have_changed(session: Session, world: World) -> None:
    submission = submitted(session, world, FILE)
    metric = world.metrics["teachers_total"].id
    session.exec(select(Definition).where(Definition.measure_id == metric)).one().upper = 10
    session.flush()
    assert submission.id is not None
    with refused(session, "stale_fingerprint"):
        accept_now(session, world, submission.id, LATER)


def test_acceptance_is_refused_when_a_school_has_left(session: Session, world: World) -> None:
    submission = submitted(session, world, FILE)
    school = world.schools["001024"].id
    session.exec(select(Enrolment).where(Enrolment.school_id == school)).one().left_on = date(2026, 9, 30)
    session.flush()
    assert submission.id is not None
    with refused(session, "stale_fingerprint"):
        accept_now(session, world, submission.id, LATER)


def test_acceptance_is_refused_in_a_locked_period(session: Session, world: World) -> None:
    accepted(session, world, FILE)
    submission = submitted(session, world, {("001024", "teachers_total", "2026-09"): 21}, LATER)
    assert submission.id is not None
    september = session.exec(select(ReportingPeriod).where(ReportingPeriod.starts_on == date(2026, 9, 1))).one()
    make_lock(session, september, LATER)
    session.flush()
    with refused(session, "period_locked"):
        accept_now(session, world, submission.id, LATER)


def test_a_decided_submission_is_not_decided_again(session: Session, world: World) -> None:
    first = accepted(session, world, FILE)
    second = submitted(session, world, FILE, LATER).id
    assert second is not None
    reviewer = who(session, world, "reviewer")
    rejected = reject(session, second, by=reviewer, reason=" Wrong month. ", at=LATER)
    assert (rejected.state, rejected.decision_reason, rejected.decided_at) == ("rejected", "Wrong month.", LATER)
    for number in (first, second):
        with refused(session, "wrong_state"):
            accept(session, number, by=reviewer, fingerprint="0" * 64, at=LATER)
        with refused(session, "wrong_state"):
            reject(session, number, by=reviewer, reason="no", at=LATER)


def test_a_rejection_says_why(session: Session, world: World) -> None:
    number = submitted(session, world, FILE).id
    assert number is not None
    with refused(session, "no_reason"):
        reject(session, number, by=who(session, world, "reviewer"), reason="  ", at=LATER)
    assert session.get_one(Submission, number).state == "waiting"


def test_a_submission_that_does_not_exist_is_refused(session: Session, world: World) -> None:
    reviewer = who(session, world, "reviewer")
    with refused(session, "unknown_submission"):
        accept(session, 99, by=reviewer, fingerprint="0" * 64, at=LATER)
    with refused(session, "unknown_submission"):
        preview(session, 99)


def test_a_submission_that_fails_midway_leaves_nothing(session: Session, world: World) -> None:
    """The caller owns the transaction: what fails is rolled back as a whole."""
    number = submitted(session, world, FILE).id
    assert number is not None
    session.commit()
    session.connection().execute(sa.text("UPDATE submission SET summary = summary"))
    with pytest.raises(Refused):
        accept(session, number, by=who(session, world, "reviewer"), fingerprint="0" * 64, at=LATER)
    session.rollback()
    assert session.get_one(Submission, number).state == "waiting" and held(session) == {}
    session.refresh(world.initiative)
    assert world.initiative.last_recorded_at is None


def test_what_was_done_is_in_the_audit_trail(session: Session, world: World) -> None:
    accepted(session, world, FILE)
    events = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [(one.action, one.subject_type, one.account_id) for one in events] == [
        ("submit", "submission", world.accounts["manager"].id), ("accept", "submission", world.accounts["reviewer"].id)
    ]  # fmt: skip
