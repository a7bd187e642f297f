"""Runs of the rows of `intake/`."""

from datetime import date

from access.identity import Identity
from access.matrix.table import Asker
from data_model.periods import Period
from data_model.submissions import Submission
from intake import choices, locking, record
from intake.checker.page import checker
from intake.checker.snapshot import snapshot
from intake.due_days import move_due_day
from intake.erasing import erase, erasure, original
from intake.review import steps
from intake.review.resubmission import mended
from intake.review.thread import thread
from intake.staging import drafts
from intake.staging.drafts import Draft
from intake.staging.outcome import check_draft, submit_draft
from intake.undo import undo
from intake.withdraw import NamedCell, withdraw
from tests.access.matrix.world import PERIOD, SCHOOL, Case, checked_file, runs


@runs("intake.checker.page.checker")
def make_the_checker(case: Case) -> None:
    assert b"<html" in checker(case.session, case.initiative, by=case.who, at=case.at)


@runs("intake.checker.snapshot.snapshot")
def take_the_snapshot(case: Case) -> None:
    assert snapshot(case.session, case.initiative, by=case.who, at=case.at)["schools"]


@runs("intake.choices.remember_column")
def remember_a_column(case: Case) -> None:
    choices.remember_column(case.session, case.initiative, "Учителя", "teachers_total", by=case.who, at=case.at)


@runs("intake.choices.forget_column")
def forget_a_column(case: Case) -> None:
    choices.forget_column(case.session, case.initiative, "Учителя", by=case.who, at=case.at)


@runs("intake.choices.remember_schools")
def remember_a_school(case: Case) -> None:
    choices.remember_schools(case.session, case.initiative, [("lyceum", SCHOOL)], by=case.who, at=case.at)


@runs("intake.choices.forget_school")
def forget_a_school(case: Case) -> None:
    choices.remember_schools(case.session, case.initiative, [("lyceum", SCHOOL)], by=_administrator(case), at=case.at)
    choices.forget_school(case.session, case.initiative, "lyceum", by=case.who, at=case.at)


@runs("intake.due_days.move_due_day")
def move_a_due_day(case: Case) -> None:
    day = date(2026, 11, 20)
    move_due_day(case.session, case.initiative, Period.parse(PERIOD), day, by=case.who, reason="A feast.", at=case.at)


@runs("intake.erasing.erase")
def erase_a_file(case: Case) -> None:
    erase(case.session, case.accepted, by=case.who, reason="names", at=case.at)


@runs("intake.erasing.original")
def take_a_file(case: Case) -> None:
    assert original(case.session, case.waiting, who=case.who)


@runs("intake.erasing.erasure")
def ask_whether_it_was_erased(case: Case) -> None:
    assert erasure(case.session, case.waiting, who=case.who) is None


@runs("intake.record.submit")
def submit(case: Case) -> None:
    assert record.submit(case.session, checked_file(case), by=case.who, at=case.at).state == "waiting"


@runs("intake.record.accept")
def accept(case: Case) -> None:
    _comparison, seen = record.preview(case.session, case.waiting)
    assert record.accept(case.session, case.waiting, by=case.who, fingerprint=seen, at=case.at).state == "accepted"


@runs("intake.record.reject")
def reject(case: Case) -> None:
    assert record.reject(case.session, case.waiting, by=case.who, reason="No.", at=case.at).state == "rejected"


@runs("intake.locking.lock")
def lock_a_period(case: Case) -> None:
    locking.lock(case.session, case.initiative, Period.parse(PERIOD), by=case.who, reason="Final.", at=case.at)


@runs("intake.locking.unlock")
def unlock_a_period(case: Case) -> None:
    period = Period.parse(PERIOD)
    locking.lock(case.session, case.initiative, period, by=_administrator(case), reason="Final.", at=case.at)
    locking.unlock(case.session, case.initiative, period, by=case.who, reason="Late reports.", at=case.at)


@runs("intake.locking.lock_after")
def let_periods_lock_themselves(case: Case) -> None:
    locking.lock_after(case.session, case.initiative, 20, by=case.who, reason="As agreed.", at=case.at)


@runs("intake.review.steps.take_up")
def take_up(case: Case) -> None:
    assert steps.take_up(case.session, case.waiting, by=case.who, at=case.at).state == "in_review"


@runs("intake.review.steps.send_back")
def send_back(case: Case) -> None:
    returned = steps.send_back(case.session, case.waiting, by=case.who, reason="Look at row 2.", at=case.at)
    assert returned.state == "returned"


@runs("intake.review.steps.comment")
def comment(case: Case) -> None:
    assert steps.comment(case.session, case.waiting, by=case.who, text="Is that so?", at=case.at).id


@runs("intake.review.steps.withdraw")
def withdraw_a_submission(case: Case) -> None:
    assert steps.withdraw(case.session, case.waiting, by=case.who, at=case.at).state == "withdrawn"


@runs("intake.review.steps.to_answer")
def answer_a_returned_one(case: Case) -> None:
    submission = case.session.get_one(Submission, case.waiting)
    submission.state, submission.decided_at = "returned", case.at
    case.session.flush()
    assert steps.to_answer(case.session, case.waiting, case.initiative, by=case.who).id == case.waiting


@runs("intake.review.thread.thread")
def read_the_thread(case: Case) -> None:
    assert thread(case.session, case.waiting, who=case.who) == []


@runs("intake.review.resubmission.mended")
def see_what_was_mended(case: Case) -> None:
    assert mended(case.session, case.waiting, case.waiting, who=case.who).same == 1


@runs("intake.undo.undo")
def take_back(case: Case) -> None:
    assert undo(case.session, case.accepted, by=case.who, reason="Wrong file.", at=case.at).submission.state == "undone"


@runs("intake.withdraw.withdraw")
def withdraw_a_value(case: Case) -> None:
    cell = NamedCell(SCHOOL, "licences_activated", Period.parse(PERIOD))
    made = withdraw(case.session, case.initiative, [cell], by=case.who, reason="Wrong.", at=case.at)
    assert made.state == "waiting"


@runs("intake.staging.outcome.check_draft")
def check_a_draft(case: Case) -> None:
    assert check_draft(case.session, _draft(case), "key", by=case.who, at=case.at).acceptable


@runs("intake.staging.outcome.submit_draft")
def submit_a_draft(case: Case) -> None:
    draft = _draft(case)
    check_draft(case.session, draft, "key", by=_administrator(case), at=case.at)
    assert submit_draft(case.session, draft, "key", by=case.who, note="", at=case.at).state == "waiting"


def _administrator(case: Case) -> Identity:
    """Return who may do what has to be done before."""
    return Case(Asker.ADMINISTRATOR_EVERYWHERE, case.session, case.country).who


def _draft(case: Case) -> Draft:
    content = f"school_code,period,teachers_total\n{SCHOOL},{PERIOD},51\n".encode()
    return drafts.create(
        case.country.folder, content, account_id=case.who.account_id or 0, initiative=case.initiative.key,
        file_name="october.csv", at=case.at,
    )  # fmt: skip
