"""A submission goes back and forth on screen: taken up, returned with points, answered, compared, accepted; locks."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from data_model.engine import open_session
from data_model.locks import PeriodLock
from data_model.submissions import Finding, Submission, ThreadEntry
from intake.record import submit
from intake.review import steps
from tests.factories import START
from tests.intake.stories import checked, submitted, who
from tests.pages.conftest import texts, with_session

CELL = ("001024", "teachers_active", "2026-10")
JUMP = {"metric": "teachers_active", "school": "001024", "usual": "5", "period": "2026-10"}


@pytest.fixture
def waiting(engine, country):
    """The number of a submission that waits, with a value that jumps."""
    with open_session(engine, write=True) as session:
        number = submitted(session, country, {CELL: 9.0}, START + timedelta(hours=5)).id
        session.add(Finding(submission_id=number, code="jump", severity="warning", row=2, value="9", details=JUMP))
        session.commit()
    return number


def state(engine, number):
    return with_session(engine, lambda session: session.get(Submission, number).state)


def test_a_reviewer_takes_it_up_ticks_what_is_odd_and_returns_it_with_findings(open_page, engine, waiting):
    app = open_page("review", "reviewer", submission=str(waiting))
    app.button(key="take-up").click().run()
    assert state(engine, waiting) == "in_review" and "In review by reviewer" in texts(app)
    app.checkbox(key="attention-0").check().run()
    assert app.checkbox(key="attention-0").label.startswith(":orange-badge[odd]")
    app.text_input(key="attention-text-0").input("Nine of ten teachers?").run()
    app.button(key="findings-all").click().run()
    assert app.button(key="return").label == "Return with 2 points"
    app.button(key="findings-none").click().run()
    assert app.button(key="return").label == "Return with 1 point"
    app.button(key="findings-all").click().run()
    assert app.button(key="accept").disabled, "what is ticked is to be mended first"
    app.button(key="return").click().run()
    assert "Say why" in texts(app) and state(engine, waiting) == "in_review"
    app.text_area(key=f"reason-{waiting}").input("Please look again.").run()
    app.button(key="return").click().run()
    said = texts(app)
    assert state(engine, waiting) == "returned" and f"Submission {waiting} is returned." in said
    assert "> Nine of ten teachers?" in said and "where 5 was usual" in said
    with open_session(engine) as session:
        entries = session.exec(select(ThreadEntry).order_by(ThreadEntry.id)).all()
    assert [entry.kind for entry in entries] == ["taken_up", "returned", "point", "point"]
    assert entries[2].about["cause"] == entries[3].about["finding"] == "jump"


def test_what_is_chosen_stays_when_the_findings_are_filtered(open_page, engine, waiting):
    with open_session(engine, write=True) as session:
        rule = {"lesser": "teachers_active", "greater": "teachers_total", "school": "001024", "lesser_value": "9",
                "greater_value": "5", "period": "2026-10"}  # fmt: skip
        session.add(Finding(submission_id=waiting, code="rule_against_stored", severity="warning", row=2, details=rule))
        session.commit()
    app = open_page("review", "reviewer", submission=str(waiting), kind="jump")
    app.button(key="findings-all").click().run()
    for kind, label in (("rule_against_stored", "Return with 1 point"), ("all", "Return with 1 point")):
        app.selectbox(key="choice_kind").set_value(kind).run()
        assert app.button(key="return").label == label
    app.button(key="findings-all").click().run()
    assert app.button(key="return").label == "Return with 2 points"


def test_its_maker_sees_it_returned_and_the_next_upload_answers_it(open_page, engine, country, waiting):
    with open_session(engine, write=True) as session:
        steps.send_back(session, waiting, by=who(session, country, "reviewer"), reason="Look again.", at=START)
        session.commit()
    app = open_page("upload", "manager")
    assert "Returned · manager" in texts(app) and "1 submission was returned to you" in texts(app)
    app = open_page("upload", "manager", submission=str(waiting))
    app.text_area(key="comment-text").input("I will ask the school.")
    app.button(key="comment-send").click().run()
    assert "> I will ask the school." in texts(app)
    app.button(key="mend").click().run()
    assert app.query_params["answers"] == str(waiting)
    assert f"The next file answers submission {waiting}, report.csv, which was returned: Look again." in texts(app)
    assert "October 2026: due 10 Nov 2026" in texts(app)


def test_a_reviewer_sees_what_was_mended_in_the_answer(open_page, engine, country, waiting):
    with open_session(engine, write=True) as session:
        manager, reviewer = who(session, country, "manager"), who(session, country, "reviewer")
        steps.send_back(session, waiting, by=reviewer, reason="Look again.", at=START + timedelta(hours=6))
        answered = steps.to_answer(session, waiting, country.initiative, by=manager)
        at = START + timedelta(hours=7)
        second = submit(session, checked(session, country, {CELL: 6.0}), by=manager, answers=answered, at=at).id
        session.commit()
    app = open_page("review", "reviewer", submission=str(second))
    assert f"Compared with No. {waiting}: 1 value differs, 0 the same as before." in texts(app)
    row = next(frame.value for frame in app.dataframe if "Then" in frame.value.columns).iloc[0]
    assert row[["School", "Then", "Now", "Change"]].tolist() == ["001024", "9", "6", "changed"]
    assert f"on No. {waiting}" in texts(app) or "Look again." in texts(app)
    app.button(key="accept").click().run()
    assert state(engine, second) == "accepted" and state(engine, waiting) == "returned"


def test_its_maker_withdraws_what_waits(open_page, engine, waiting):
    app = open_page("upload", "manager", submission=str(waiting))
    app.button(key="withdraw-submission").click().run()
    assert state(engine, waiting) == "withdrawn" and "Withdrawn by manager" in texts(app)
    reviewer = open_page("review", "reviewer", submission=str(waiting))
    assert not {"accept", "withdraw-submission"} & {button.key for button in reviewer.button}


def test_a_reviewer_moves_a_due_day_with_a_reason(open_page, engine, country):
    app = open_page("periods", "reviewer", lock_period="2026-09")
    app.date_input(key="due-day-2026-09").set_value(date(2026, 10, 20))
    app.button(key="move-due").click().run()
    assert "Say why" in texts(app)
    app.text_area(key="due-reason").input("A feast.")
    app.button(key="move-due").click().run()
    assert "September 2026 is due on 20 Oct 2026 now; it was 10 Oct 2026." in texts(app)
    assert app.text_area(key="due-reason").value == "", "a reason is given for one deed"
    assert app.text_area(key="lock-reason").value == ""


def test_a_reviewer_locks_a_period_with_a_reason_and_unlocks_it(open_page, engine, country):
    app = open_page("periods", "reviewer", lock_period="2026-09")
    app.button(key="lock").click().run()
    assert "Say why" in texts(app)
    app.text_area(key="lock-reason").input("Published.")
    app.button(key="lock").click().run()
    assert "September 2026 is locked." in texts(app) and "Locked by reviewer" in texts(app)
    assert "move-due" not in {button.key for button in app.button}
    app.text_area(key="unlock-reason").input("One was late.")
    app.button(key="unlock").click().run()
    assert "September 2026 is open again." in texts(app)
    with open_session(engine) as session:
        lock = session.exec(select(PeriodLock)).one()
    assert (lock.reason, lock.unlock_reason) == ("Published.", "One was late.")
    assert "for those who hold a grant for it" in texts(open_page("periods", "manager"))
