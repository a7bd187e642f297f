"""Remembered choices: made once, applied to everybody's next file, listed with who and when, changed and forgotten."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from access.refusal import NotAllowed
from data_model.people import AuditEvent
from data_model.submissions import ColumnChoice, SchoolChoice
from intake import choices, record
from intake.check import check_file
from intake.options import Options
from intake.refusal import Refused
from tests.factories import START, World, make_account, make_grant, make_world
from tests.intake.stories import who

LATER = START + timedelta(hours=1)
FILE = b"school_code,period,Staff online,Remark\nGymnasium  No 24,2026-09,5,fine\n"


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


def check(session, world, content=FILE):
    return check_file(session, world.initiative, content, "file.csv", at=LATER)


def column(session, world, name, meaning, by="manager", at=START):
    choices.remember_column(session, world.initiative, name, meaning, by=who(session, world, by), at=at)


def school(session, world, text, code, by="manager", at=START):
    choices.remember_schools(session, world.initiative, [(text, code)], by=who(session, world, by), at=at)


def test_the_next_file_is_read_by_what_was_chosen_once(session, world):
    assert not check(session, world).acceptable
    column(session, world, "STAFF_online", "teachers_active")
    column(session, world, "remark", "ignore")
    school(session, world, "gymnasium no 24", "001024")
    found = check(session, world)
    assert found.acceptable and found.values["new"] == 1
    assert found.findings.by_code == {"school_choice_applied": 1}


def test_a_submission_lists_the_choices_it_was_read_by_with_who_and_when(session, world):
    column(session, world, "Staff online", "teachers_active")
    column(session, world, "never seen", "ignore")
    school(session, world, "Gymnasium No 24", "001024", by="administrator", at=LATER)
    submission = record.submit(session, check(session, world), by=who(session, world, "manager"), at=LATER)
    used = submission.reading["choices"]
    assert used["columns"] == [
        {"text": "Staff online", "meaning": "teachers_active", "by": "manager", "at": START.isoformat()}
    ]
    assert used["schools"] == [
        {"text": "Gymnasium No 24", "meaning": "001024", "by": "administrator", "at": LATER.isoformat()}
    ]


def test_what_this_file_alone_was_told_is_no_remembered_choice(session, world):
    options = Options(mapping={"Staff online": "teachers_active"}, schools={"Gymnasium No 24": "001024"})
    found = check_file(session, world.initiative, FILE, "file.csv", options, at=LATER)
    assert found.acceptable and "choices" not in found.reading


def test_choosing_again_replaces_and_names_who_chose_last(session, world):
    school(session, world, "Gymnasium", "001024")
    school(session, world, " GYMNASIUM ", "001025", by="administrator", at=LATER)
    held = session.exec(select(SchoolChoice)).one()
    assert (held.school_id, held.chosen_by) == (world.schools["001025"].id, world.accounts["administrator"].id)
    column(session, world, "x y", "ignore")
    column(session, world, "X_Y", "teachers_total")
    assert session.exec(select(ColumnChoice)).one().meaning == "teachers_total"


def test_what_is_forgotten_is_no_longer_applied(session, world):
    column(session, world, "Staff online", "teachers_active")
    school(session, world, "Gymnasium No 24", "001024")
    before = choices.choices_version(session, world.initiative)
    by = who(session, world, "manager")
    choices.forget_column(session, world.initiative, "staff ONLINE", by=by, at=LATER)
    choices.forget_school(session, world.initiative, "gymnasium no 24", by=by, at=LATER)
    choices.forget_school(session, world.initiative, "never chosen", by=by, at=LATER)
    assert set(check(session, world).findings.by_code) >= {"no_metric_columns"}
    assert choices.choices_version(session, world.initiative) != before
    assert not choices.remembered_columns(session, world.initiative)
    assert not choices.remembered_schools(session, world.initiative)


def test_every_choice_is_audited(session, world):
    column(session, world, "Staff", "ignore")
    school(session, world, "Gymnasium", "001024")
    choices.forget_column(session, world.initiative, "Staff", by=who(session, world, "manager"), at=LATER)
    choices.forget_school(session, world.initiative, "Gymnasium", by=who(session, world, "manager"), at=LATER)
    events = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [event.action for event in events] == [
        "remember_column",
        "remember_school",
        "forget_column",
        "forget_school",
    ]
    assert events[1].details == {"text": "Gymnasium", "school": "001024"}
    assert {event.subject_key for event in events} == {world.initiative.key}


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_only_who_may_submit_may_choose_or_forget(session, world, role):
    by = who(session, world, role)
    for deed in (
        lambda: column(session, world, "Staff", "ignore", by=role),
        lambda: school(session, world, "Gymnasium", "001024", by=role),
        lambda: choices.forget_column(session, world.initiative, "Staff", by=by, at=START),
        lambda: choices.forget_school(session, world.initiative, "Gymnasium", by=by, at=START),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_manager_of_one_area_chooses_among_its_schools_and_leaves_others_choices_alone(session, world):
    world.accounts["local"] = make_account(session, "local@example.org")
    make_grant(session, world.accounts["local"], "manager", country="KZ", area_id=world.areas["KZ-75"].id)
    school(session, world, "Gymnasium", "001024", by="local")
    school(session, world, "Lyceum", "100450")
    for text, code in (("Other", "100450"), ("Lyceum", "001024")):
        with pytest.raises(NotAllowed) as caught:
            school(session, world, text, code, by="local")
        assert caught.value.code == "schools_outside_grant"
    with pytest.raises(NotAllowed):
        choices.forget_school(session, world.initiative, "Lyceum", by=who(session, world, "local"), at=LATER)
    assert choices.remembered_schools(session, world.initiative)["lyceum"].meaning == "100450"


def test_what_cannot_be_chosen_is_refused_and_nothing_is_remembered(session, world):
    for code, deed in (
        ("unknown_school", lambda: school(session, world, "Gymnasium", "999999")),
        ("nothing_named", lambda: school(session, world, " \t", "001024")),
        ("too_long", lambda: school(session, world, "x" * 301, "001024")),
        ("mapping_invalid", lambda: column(session, world, "Staff", "teacher_training")),
        ("nothing_named", lambda: column(session, world, " ", "ignore")),
        ("too_long", lambda: column(session, world, "x" * 201, "ignore")),
    ):
        with pytest.raises(Refused) as caught:
            deed()
        assert caught.value.code == code
    assert not session.exec(select(ColumnChoice)).all() and not session.exec(select(SchoolChoice)).all()
