"""What a file would change, cell by cell, and the fingerprint that binds the preview to its acceptance."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from data_model.measures import Definition
from data_model.participation import Requirement
from data_model.periods import Period
from intake.compare import compare, fingerprint, rules_version
from intake.undo import undo
from intake.withdraw import NamedCell, withdraw
from tests.factories import START, World, make_rule, make_world
from tests.intake.stories import NA, Cell, accept_now, accepted, cells_of, who

FIRST: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 20,
    ("001025", "teachers_total", "2026-09"): 30,
    ("020311", "teachers_total", "2026-09"): NA,
    ("020311", "usefulness_score", "2026-09"): 4.25,
    ("020311", "teachers_surveyed", "2026-09"): 8,
}
SECOND: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 20,  # unchanged
    ("001025", "teachers_total", "2026-09"): 31,  # changed
    ("020311", "teachers_total", "2026-09"): 40,  # changed from not applicable
    ("020311", "usefulness_score", "2026-09"): NA,  # changed to not applicable
    ("002017", "teachers_total", "2026-10"): 0,  # new, of a period never reported before
    ("100450", "teachers_total", "2026-09"): NA,  # new and not applicable
}
LATER = START + timedelta(hours=1)


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def test_counts_tell_new_changed_and_unchanged(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    comparison = compare(session, world.initiative, cells_of(world, SECOND))
    assert comparison.counts == {"new": 1, "changed": 2, "unchanged": 1, "not_applicable": 2}
    assert comparison.new.tolist() == [False, False, False, False, True, True]
    assert comparison.changed.tolist() == [False, True, True, True, False, False]
    assert comparison.unchanged.tolist() == [True] + [False] * 5
    assert comparison.changes_anything


def test_changes_are_listed_in_the_order_of_the_file(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    comparison = compare(session, world.initiative, cells_of(world, SECOND))
    named = [{"school": "001025", "metric": "teachers_total", "period": "2026-09"}]
    assert comparison.changes() == [
        {**named[0], "old": 30, "new": 31, "row": 3},
        {"school": "020311", "metric": "teachers_total", "period": "2026-09", "old": None, "new": 40, "row": 4,
         "old_state": "not_applicable"},
        {"school": "020311", "metric": "usefulness_score", "period": "2026-09", "old": 4.25, "new": None, "row": 5,
         "state": "not_applicable"},
        {"school": "002017", "metric": "teachers_total", "period": "2026-10", "old": None, "new": 0, "row": 6},
        {"school": "100450", "metric": "teachers_total", "period": "2026-09", "old": None, "new": None, "row": 7,
         "state": "not_applicable"},
    ]  # fmt: skip
    assert comparison.changes(2) == comparison.changes()[:2]


def test_the_same_file_again_changes_nothing(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    comparison = compare(session, world.initiative, cells_of(world, FIRST))
    assert not comparison.changes_anything and comparison.changes() == []
    assert comparison.counts == {"new": 0, "changed": 0, "unchanged": 4, "not_applicable": 1}


def test_an_empty_file_compares_to_nothing(session: Session, world: World) -> None:
    comparison = compare(session, world.initiative, cells_of(world, {}))
    assert comparison.counts == {"new": 0, "changed": 0, "unchanged": 0, "not_applicable": 0}
    assert not comparison.changes_anything and comparison.by_metric_and_area().empty


def test_after_an_undo_everything_is_new_again(session: Session, world: World) -> None:
    number = accepted(session, world, FIRST)
    undo(session, number, by=who(session, world, "reviewer"), reason="wrong", at=LATER)
    assert compare(session, world.initiative, cells_of(world, FIRST)).counts["new"] == 4


def test_a_withdrawn_cell_is_new_again(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    cell = NamedCell("001024", "teachers_total", Period.parse("2026-09"))
    submission = withdraw(
        session, world.initiative, [cell], by=who(session, world, "manager"), reason="typing error", at=LATER
    )
    assert submission.id is not None
    accept_now(session, world, submission.id, LATER)
    comparison = compare(session, world.initiative, cells_of(world, FIRST))
    assert comparison.counts == {"new": 1, "changed": 0, "unchanged": 3, "not_applicable": 1}
    assert comparison.changes()[0]["old"] is None


def test_counts_by_metric_and_region_add_up(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    frame = compare(session, world.initiative, cells_of(world, SECOND)).by_metric_and_area()
    rows = {(row.metric, row.area_code): tuple(row[2:]) for row in frame.itertuples(index=False)}
    assert rows == {
        ("teachers_total", "KZ-75"): (1, 1, 1, 0),
        ("teachers_total", "KZ-10"): (0, 1, 0, 1),
        ("usefulness_score", "KZ-10"): (0, 0, 0, 1),
    }


def printed(session: Session, world: World, file: dict[Cell, float | str], **given: object) -> str:
    """Return the fingerprint of the file as it stands now."""
    cells = cells_of(world, file)
    values = {"sha256": "f" * 64, "reading": {"delimiter": ";", "options": {"a": 1, "b": 2}}} | given
    rules = str(values.get("rules", rules_version(session, world.initiative)))
    reading = values["reading"]
    assert isinstance(reading, dict)
    return fingerprint(str(values["sha256"]), reading, rules, cells, compare(session, world.initiative, cells))


def test_the_fingerprint_is_of_file_reading_rules_and_stored_values(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    one = printed(session, world, SECOND)
    assert one == printed(session, world, SECOND)
    assert one == printed(session, world, SECOND, reading={"options": {"b": 2, "a": 1}, "delimiter": ";"})
    assert one != printed(session, world, SECOND, sha256="e" * 64)
    assert one != printed(session, world, SECOND, reading={"delimiter": ","})
    assert one != printed(session, world, SECOND, rules="others")
    accepted(session, world, {("001025", "teachers_total", "2026-09"): 29}, LATER)
    assert one != printed(session, world, SECOND)


def test_the_fingerprint_is_of_nothing_else(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    one = printed(session, world, SECOND)
    other_cells: dict[Cell, float | str] = {
        ("001024", "messages_sent", "2026-09"): 1, ("001024", "teachers_total", "2026-08"): 5
    }  # fmt: skip
    accepted(session, world, other_cells, LATER)
    assert one == printed(session, world, SECOND)
    # The same values from another submission, at another moment.
    number = accepted(session, world, {("001025", "teachers_total", "2026-09"): 29}, LATER)
    undo(session, number, by=who(session, world, "reviewer"), reason="wrong", at=LATER)
    assert one == printed(session, world, SECOND)


@pytest.mark.parametrize("changed", ["bounds", "rule", "required", "granularity"])
def test_other_rules_are_another_version(session: Session, world: World, changed: str) -> None:
    before = rules_version(session, world.initiative)
    assert before == rules_version(session, world.initiative)
    metric = world.metrics["messages_sent"]
    if changed == "bounds":
        session.exec(select(Definition).where(Definition.measure_id == metric.id)).one().upper = 10
    elif changed == "rule":
        make_rule(session, world.metrics["training_hours"], metric)
    elif changed == "required":
        session.exec(select(Requirement).where(col(Requirement.metric_id) == metric.id)).one().required = False
    else:
        world.initiative.granularity = "quarter"
    assert rules_version(session, world.initiative) != before
