"""A file beside what is held: nothing new, rules against stored values, jumps and columns that look wrong."""

import numpy as np
import pytest
from sqlmodel import Session

from access.identity import identify
from data_model.periods import Period
from intake import record
from intake.check import Check, check_file
from intake.options import Options
from tests.factories import START, World, make_enrolment, make_school, make_world
from tests.intake.conftest import errors, warnings

HEADER = "school_code,metric,period,value\n"
MANY = 12


@pytest.fixture
def world(session: Session) -> World:
    """The small country with a dozen more schools, on both databases."""
    world = make_world(session)
    for number in range(MANY):
        code = f"5000{number:02}"
        world.schools[code] = make_school(session, code, world.areas["KZ-75-02"])
        make_enrolment(session, world.initiative, world.schools[code])
    return world


def codes() -> list[str]:
    return [f"5000{number:02}" for number in range(MANY)]


def check(session: Session, world: World, text: str, **options: object) -> Check:
    return check_file(session, world.initiative, text.encode(), "file.csv", Options(**options), at=START)


def hold(session: Session, world: World, text: str) -> None:
    """Have the text submitted and accepted."""
    manager, reviewer = identify(session, world.accounts["manager"]), identify(session, world.accounts["reviewer"])
    checked = check(session, world, text)
    assert checked.acceptable, checked.as_json()["findings"][:3]
    submission = record.submit(session, checked, by=manager, at=START)
    record.accept(session, submission.id, by=reviewer, fingerprint=checked.fingerprint, at=START)


def lines(metric: str, period: str, values: list[object]) -> str:
    return "".join(f"{code},{metric},{period},{value}\n" for code, value in zip(codes(), values, strict=True))


def test_the_same_file_again_changes_nothing_and_says_so(session, world):
    text = HEADER + "001024,teachers_active,2026-09,5\n001025,teachers_active,2026-09,n/a\n"
    first = check(session, world, text)
    assert first.values == {"new": 1, "changed": 0, "unchanged": 0, "blank": 0, "not_applicable": 1}
    hold(session, world, text)
    again = check(session, world, text)
    assert again.values == {"new": 0, "changed": 0, "unchanged": 1, "blank": 0, "not_applicable": 1}
    assert warnings(again) == [("nothing_new", None)] and again.verdict == "acceptable"
    assert again.as_json()["changes"] == []


def test_a_changed_value_is_shown_old_and_new(session, world):
    hold(session, world, HEADER + "001024,teachers_active,2026-09,5\n001025,teachers_active,2026-09,7\n")
    found = check(session, world, HEADER + "001024,teachers_active,2026-09,6\n001025,teachers_active,2026-09,n/a\n")
    changes = found.as_json()["changes"]
    assert changes[0] == {
        "school": "001024", "metric": "teachers_active", "period": "2026-09", "old": 5, "new": 6, "row": 2,
    }  # fmt: skip
    assert (changes[1]["new"], changes[1]["state"], changes[1]["old"]) == (None, "not_applicable", 7)
    assert found.values == {"new": 0, "changed": 1, "unchanged": 0, "blank": 0, "not_applicable": 1}


def test_a_rule_broken_against_a_stored_value_is_a_warning(session, world):
    hold(session, world, HEADER + "001024,teachers_total,2026-09,20\n001025,teachers_active,2026-09,20\n")
    found = check(session, world, HEADER + "001024,teachers_active,2026-09,21\n001025,teachers_total,2026-09,19\n")
    assert warnings(found) == [("rule_against_stored", 2), ("rule_against_stored", 3)] and errors(found) == []
    assert "(21)" in next(iter(found.findings)).message() and "(20)" in next(iter(found.findings)).message()
    both = check(session, world, HEADER + "001024,teachers_active,2026-09,21\n001024,teachers_total,2026-09,30\n")
    assert warnings(both) == []


def test_the_fingerprint_is_of_file_reading_rules_and_stored_values_alone(session, world):
    text = HEADER + "001024,teachers_active,2026-09,5\n"
    first = check(session, world, text)
    assert check(session, world, text).fingerprint == first.fingerprint
    hold(session, world, HEADER + "001025,teachers_active,2026-09,5\n")
    assert check(session, world, text).fingerprint == first.fingerprint
    assert check(session, world, text, period=Period.parse("2026-09")).fingerprint != first.fingerprint
    hold(session, world, HEADER + "001024,teachers_active,2026-09,6\n")
    assert check(session, world, text).fingerprint != first.fingerprint


def _history(session, world, metric="messages_sent", months=("2026-05", "2026-06", "2026-07", "2026-08")):
    generator = np.random.default_rng(5)
    base = generator.integers(200, 5000, MANY)
    for month in months:
        values = (base * generator.normal(1, 0.05, MANY)).astype(int).tolist()
        hold(session, world, HEADER + lines(metric, month, values))
    return base, values


def test_a_jump_against_the_schools_own_past_is_a_warning(session, world):
    base, _last = _history(session, world)
    values: list[object] = [*(base * 1.02).astype(int).tolist()]
    values[3] = int(base[3] * 12)
    values[5], values[6] = 0, "n/a"
    found = check(session, world, HEADER + lines("messages_sent", "2026-09", values))
    assert warnings(found) == [("jump", 5)]
    assert "500003" in next(iter(found.findings)).message()


def test_a_column_in_another_unit_is_a_warning(session, world):
    base, _last = _history(session, world)
    found = check(session, world, HEADER + lines("messages_sent", "2026-09", (base * 10).tolist()))
    scaled = [finding for finding in found.findings if finding.code == "scaled_column"]
    assert len(scaled) == 1 and scaled[0].column == "value" and scaled[0].details["before"] == "2026-08"


def test_a_column_that_slipped_against_the_schools_is_a_warning(session, world):
    base, _last = _history(session, world, metric="training_hours")
    slipped = [1, *base[:-1].tolist()]
    found = check(session, world, HEADER + lines("training_hours", "2026-09", slipped))
    assert found.findings.by_code.get("shifted_column") == 1


def test_the_same_values_as_last_month_are_a_warning(session, world):
    _base, last = _history(session, world)
    found = check(session, world, HEADER + lines("messages_sent", "2026-09", last))
    assert warnings(found) == [("same_as_before", None)]


def test_a_level_that_stays_is_no_news_beside_activity_that_changes(session, world):
    level = [40 + number for number in range(MANY)]
    hold(session, world, HEADER + lines("teachers_total", "2026-08", level))
    base, _last = _history(session, world)
    text = HEADER + lines("teachers_total", "2026-09", level) + lines("messages_sent", "2026-09", (base * 1.1).tolist())
    found = check(session, world, text.replace(".0\n", "\n"))
    assert "same_as_before" not in found.findings.by_code
    copied = check(session, world, HEADER + lines("teachers_total", "2026-09", level))
    assert copied.findings.by_code == {"same_as_before": 1}


def test_a_steady_file_gets_no_warning(session, world):
    base, _last = _history(session, world)
    found = check(session, world, HEADER + lines("messages_sent", "2026-09", (base * 1.15).astype(int).tolist()))
    assert warnings(found) == []
