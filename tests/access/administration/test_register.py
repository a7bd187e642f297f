"""The register edited as a table: whole or nothing, what was known stays, and who is expected follows exactly."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access.administration import enrolments, schools
from access.administration.register_file import RegisterRefused
from access.identity import identify
from data_model.participation import ReportingPeriod
from data_model.people import AuditEvent
from data_model.places import School, SchoolRecord
from tests.factories import START, make_grant, make_world
from tests.intake.recomputed import Tables
from tests.intake.stories import accepted

KEY = "kz-chatgpt-edu"
MONTHS = ("2026-09", "2026-10")
AT = START + timedelta(hours=1)
LATER = AT + timedelta(hours=1)
# What is about the rules and not about the database.
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def world(session):
    """The small country and an administrator of everything."""
    made = make_world(session)
    make_grant(session, made.accounts["administrator"], "administrator")
    return made


@pytest.fixture
def reported(session, world):
    """Two months of reports of all its schools."""
    for number, month in enumerate(MONTHS):
        said = {(code, metric, month): 10 * (place + 1) for place, code in enumerate(world.schools)
                for metric in ("teachers_total", "teachers_active")}  # fmt: skip
        accepted(session, world, said, START + timedelta(minutes=number))


def who(session, world):
    return identify(session, world.accounts["administrator"])


def enrol(session, world, text, at=AT):
    seen = enrolments.preview(session, KEY, text, who=who(session, world)).fingerprint
    return enrolments.change(session, KEY, text, seen=seen, who=who(session, world), at=at)


def register(session, world, text, at=AT):
    seen = schools.preview(session, "KZ", text, who=who(session, world)).fingerprint
    return schools.change(session, "KZ", text, seen=seen, who=who(session, world), at=at)


def expected(session, world, area, month="2026-10", moment=LATER):
    """Return how many schools the rollups await in an area, after all rollups were worked out a second time."""
    tables, found = Tables(session), None
    for period in session.exec(select(ReportingPeriod)).all():
        are = tables.rollups_are(period.id, moment)
        assert are == tables.rollups_should_be(period.id, moment)
        if period.starts_on.isoformat().startswith(month):
            found = are.get((world.areas[area].id, world.metrics["teachers_total"].id))
    return found[4] if found else 0


@pytest.mark.usefixtures("reported")
def test_schools_that_leave_join_and_change_wave_are_expected_from_then_on_and_not_before(session, world):
    before = expected(session, world, "KZ", moment=START + timedelta(minutes=5))
    done = enrol(session, world, "school_code;wave;joined_on;left_on\n001024;1;2025-01-01;2026-10-15\n"
                                 "001025;2;2026-10-01;\n002017;1;2025-01-01;\n")  # fmt: skip
    assert [(one.school, one.before, one.after) for one in done.changes] == [
        ("001024", {"left_on": ""}, {"left_on": "2026-10-15"}),
        ("001025", {"wave": "1", "joined_on": "2025-01-01"}, {"wave": "2", "joined_on": "2026-10-01"}),
    ] and done.unchanged == 1  # fmt: skip
    assert (before, expected(session, world, "KZ"), expected(session, world, "KZ", "2026-09")) == (6, 5, 5)
    assert expected(session, world, "KZ", moment=START + timedelta(minutes=5)) == 6, "as of then nobody had left"
    event = session.exec(select(AuditEvent).where(AuditEvent.action == "enrolments_changed")).one()
    assert event.details["changed"] == 2 and event.details["changes"][0]["after"] == {"left_on": "2026-10-15"}


@ONE_DATABASE
@pytest.mark.usefixtures("reported")
def test_schools_open_close_move_and_merge_and_their_history_stays(session, world):
    text = (
        "school_code,name,area_code,closed_on,opened_on,merged_into,split_from\n"
        "001024,School 001024,KZ-75-01,2026-10-10,,001025,\n"  # merges
        "100451,School 100451,KZ-75-02,,,,\n"  # moves to another region
        "009999,New school,KZ-10-01,,2026-09-01,,020311\n"  # is split off
    )
    register(session, world, text)
    enrol(session, world, "school_code,joined_on\n009999,2026-09-01", LATER)
    last = LATER + timedelta(hours=1)
    assert [expected(session, world, area, moment=last) for area in ("KZ", "KZ-75", "KZ-10")] == [6, 3, 3]
    assert expected(session, world, "KZ-75", "2026-09", last) == 4, "it had not closed yet"
    code = select(SchoolRecord).join(School, School.id == SchoolRecord.school_id).where(School.code == "001024")
    old, new = session.exec(code.order_by(SchoolRecord.id)).all()
    assert (old.closed_on, old.superseded_at) == (None, new.recorded_at)
    assert new.merged_into_id == world.schools["001025"].id
    assert expected(session, world, "KZ-10", moment=START + timedelta(minutes=5)) == 3


@ONE_DATABASE
def test_a_text_with_a_problem_is_not_taken_at_all_and_every_problem_is_told(session, world):
    text = (
        "school_code\tname\tarea_code\topened_on\tclosed_on\tlatitude\tmerged_into\tlanguages\n"
        "001024\tA\tKZ-99\t2026-13-01\t\t\t\t\n"
        "001025\t\tKZ-75-01\t2026-02-01\t2026-01-01\t95\t\tkazakh\n"
        "002017\tB\tKZ-75-01\t\t\t\t002017\t\n"
        "002017\tB\tKZ-75-01\t\t\t\t\t\n"
        "short\n"
    )
    found = schools.preview(session, "KZ", text, who=who(session, world))
    assert {(one.line, one.column) for one in found.problems} == {
        (2, "area_code"), (2, "opened_on"), (3, "name"), (3, "closed_on"), (3, "latitude"), (3, "longitude"),
        (3, "languages"), (4, "merged_into"), (4, "closed_on"), (5, "school_code"), (6, ""),
    }  # fmt: skip
    with pytest.raises(RegisterRefused, match="mend every problem"):
        schools.change(session, "KZ", text, seen=found.fingerprint, who=who(session, world), at=AT)
    text = "school_code,joined_on,left_on\n1,2026-01-01,\n001024,2026-02-01,2026-01-01"
    found = enrolments.preview(session, KEY, text, who=who(session, world))
    assert [(one.line, one.column) for one in found.problems] == [(2, "school_code"), (3, "left_on")]
    assert enrolments.preview(session, KEY, "school,x", who=who(session, world)).problems


@ONE_DATABASE
def test_only_what_was_shown_is_changed(session, world):
    text = "school_code,joined_on,left_on\n001024,2025-01-01,2026-10-15"
    seen = enrolments.preview(session, KEY, text, who=who(session, world)).fingerprint
    enrol(session, world, "school_code,joined_on,left_on\n001024,2025-01-01,2026-12-15")
    with pytest.raises(RegisterRefused, match="not what was shown"):
        enrolments.change(session, KEY, text, seen=seen, who=who(session, world), at=LATER)


@ONE_DATABASE
def test_what_is_taken_along_changes_nothing_when_it_comes_back(session, world):
    register(session, world, "school_code,name\n001024,'=1+1")
    text = schools.held(session, "KZ", who=who(session, world))
    assert "'=1+1" in text and "\n=1" not in text
    found = schools.preview(session, "KZ", "\ufeff" + text, who=who(session, world))
    assert (found.problems, found.changes, found.unchanged) == ([], [], 6)
    text = enrolments.held(session, KEY, who=who(session, world))
    found = enrolments.preview(session, KEY, text, who=who(session, world))
    assert (found.problems, found.changes, found.unchanged) == ([], [], 6)


def last_event(session):
    return session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first().id


@pytest.mark.parametrize(
    ("database", "table"), [("sqlite", schools), ("sqlite", enrolments), ("postgresql", schools)], indirect=["database"]
)
@pytest.mark.usefixtures("reported")
def test_a_change_is_taken_back_exactly_and_so_is_taking_it_back(session, world, table):
    place = "KZ" if table is schools else KEY
    make, text = (register, IMPORT) if table is schools else (enrol, ENROLLING)
    if table is enrolments:
        register(session, world, IMPORT)
    before, expected_before = table.held(session, place, who=who(session, world)), expected(session, world, "KZ")
    make(session, world, text, AT + timedelta(minutes=1))
    after, first = table.held(session, place, who=who(session, world)), last_event(session)
    assert after != before
    for moment, event, stands in ((LATER, first, before), (LATER + timedelta(hours=1), None, after)):
        assert table.undo(session, place, event or last_event(session), who=who(session, world), at=moment) == 3
        assert table.held(session, place, who=who(session, world)) == stands
    table.undo(session, place, last_event(session), who=who(session, world), at=LATER + timedelta(hours=2))
    assert expected(session, world, "KZ", moment=LATER + timedelta(hours=3)) == expected_before
    story = table.history(session, place, who=who(session, world))
    assert [(one.changed, one.is_undo, one.undone) for one in story[:4]] == [
        (3, True, False), (3, True, True), (3, True, False), (3, False, True),
    ]  # fmt: skip
    assert story[0].who == "administrator"
    event = session.get(AuditEvent, story[0].event)
    assert event.action == table.ACTIONS[1] and event.details["undoes"] == story[1].event
    # What was new then is not there any more, and can be added again under the same code.
    make(session, world, text, LATER + timedelta(hours=4))
    assert table.held(session, place, who=who(session, world)) == after


IMPORT = (
    "school_code,name,area_code\n001024,Another name,KZ-75-01\n100451,School 100451,KZ-75-02\n009999,New,KZ-10-01\n"
)
ENROLLING = "school_code,wave,joined_on\n001024,7,2025-01-01\n100450,7,2025-01-01\n009999,1,2026-10-01\n"


@ONE_DATABASE
def test_what_hangs_on_a_change_stands_in_the_way_of_taking_it_back_and_is_named(session, world):
    register(session, world, IMPORT)
    first = last_event(session)
    enrol(session, world, "school_code,joined_on\n009999,2026-09-01", LATER)
    joining = last_event(session)
    register(session, world, "school_code,name\n100451,Yet another", LATER)
    register(session, world, "school_code,closed_on,merged_into\n001025,2026-12-01,009999", LATER)
    world.schools["009999"] = session.exec(select(School).where(School.code == "009999")).one()
    accepted(session, world, {("009999", "teachers_total", "2026-10"): 3}, LATER + timedelta(minutes=1))
    held = schools.held(session, "KZ", who=who(session, world))
    with pytest.raises(RegisterRefused) as refused:
        schools.undo(session, "KZ", first, who=who(session, world), at=LATER)
    assert refused.value.code == "in_the_way"
    for said in ("Changed again since: 100451.", "enrolled in an initiative now: 009999.", "reported since: 009999.",
                 "that would not be there: 001025."):  # fmt: skip
        assert said in refused.value.message
    with pytest.raises(RegisterRefused, match="Joined then, and reported since: 009999"):
        enrolments.undo(session, KEY, joining, who=who(session, world), at=LATER)
    with pytest.raises(RegisterRefused, match="no such change"):
        schools.undo(session, "KZ", joining, who=who(session, world), at=LATER)
    assert schools.held(session, "KZ", who=who(session, world)) == held


@ONE_DATABASE
def test_a_code_that_lost_its_zeros_is_no_new_school(session, world):
    world.areas["KZ-75-01"].name_ru = "Алмалинский район"
    session.flush()
    text = "school_code,name,area_code,setting,opened_on\n1024,A,KZ-75-01,,\n5001,B,алмалинский район,село,01.09.2026\n"
    found = schools.preview(session, "KZ", text, who=who(session, world))
    assert [(one.line, one.column) for one in found.problems] == [(2, "school_code")]
    assert "Is that 001024" in found.problems[0].message
    (new,) = found.changes
    assert (new.after["area_code"], new.after["setting"]) == ("KZ-75-01", "rural")
    found = enrolments.preview(session, KEY, "school_code,joined_on\n1024,2026-01-01", who=who(session, world))
    assert "Is that 001024" in found.problems[0].message
