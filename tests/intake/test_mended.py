"""Mended cells: read in place of what stands in the file, only where it still stands there, and kept with by whom."""

import hashlib

import pytest

from intake import record
from intake.check import check_file
from intake.mended import MendedCell, damaged_rows, restated, standing
from intake.options import Options
from tests.factories import START, make_world
from tests.intake.conftest import errors, grid_of, stated, warnings
from tests.intake.stories import accept_now, held, who

HEADER = "school_code,period,licences_allocated,licences_activated\n"
FILE = HEADER + "001024,2026-09,75,сорок\n001025,2026-09,60,50\n999017,2026-09,8,7\n"
WORD = MendedCell(2, 3, "licences_activated", "сорок", "40", "Aigul", START.isoformat())


def test_the_mended_text_is_read_in_place_of_the_file_s(check):
    assert errors(check(FILE)) == [("not_a_number", 2), ("unknown_school", 4)]
    school = MendedCell(4, 0, "school_code", "999017", "002017")
    found = check(FILE, mended=(WORD, school))
    assert found.acceptable and found.values["new"] == 6
    assert {value for *_rest, value in stated(found)} == {7, 8, 40, 50, 60, 75}


def test_the_file_stays_as_it_was_brought(check):
    found = check(FILE, mended=(WORD,))
    assert found.content == FILE.encode()
    assert found.sha256 == hashlib.sha256(FILE.encode()).hexdigest()


def test_what_was_mended_is_part_of_what_the_fingerprint_covers(check):
    prints = {check(FILE, mended=mended).fingerprint for mended in ((), (WORD,), (WORD, _other("41")))}
    assert len(prints) == 3


def _other(text):
    return MendedCell(3, 3, "licences_activated", "50", text)


@pytest.mark.parametrize("cell", [
    MendedCell(2, 3, "licences_activated", "fourty", "40"),
    MendedCell(2, 9, "licences_activated", "сорок", "40"),
    MendedCell(1, 3, "licences_activated", "licences_activated", "40"),
    MendedCell(10**6, 3, "licences_activated", "сорок", "40"),
])  # fmt: skip
def test_a_cell_that_holds_something_else_is_not_mended_and_says_so(check, cell):
    found = check(FILE, mended=(cell,))
    assert ("mended_cell_differs" in dict(errors(found))) and ("not_a_number", 2) in errors(found)


def test_a_number_that_was_mended_away_no_longer_shows_the_file_s_convention(check):
    file = 'school_code,period,training_hours\n001024,2026-09,"1,234"\n001025,2026-09,"1.5"\n'
    assert check(file).acceptable
    found = check(file, mended=(MendedCell(3, 2, "training_hours", "1.5", "2"),))
    assert errors(found) == [("ambiguous_number", 2)]


def test_an_address_typed_into_a_cell_is_refused_like_one_in_the_file(check):
    found = check(FILE, mended=(MendedCell(2, 3, "licences_activated", "сорок", "aigul@example.kz"),))
    assert errors(found) == [("personal_data", None)] and found.content == b""
    held = HEADER.replace("\n", ",who\n") + "001024,2026-09,75,40,aigul@example.kz\n"
    found = check(held, mended=(MendedCell(2, 4, "who", "aigul@example.kz", ""),))
    assert errors(found) == [("personal_data", None)]


def test_a_row_whose_cells_ran_together_is_mended_only_as_a_whole(country, check):
    session, _world = country
    file = HEADER + "001024,2026-09,75\n001025,2026-09,60,50,9\n"
    before = check(file)
    assert errors(before) == [("wrong_cell_count", 2), ("wrong_cell_count", 3)]
    assert errors(check(file, mended=(MendedCell(2, 3, "licences_activated", "", "40"),))) == errors(before)
    grid = grid_of(session, before)
    assert damaged_rows(grid) == {0, 1}
    mended = restated((), standing(grid, grid.header, [2]), {2: ["001024", "2026-09", "75", "40"]}, by="Aigul", at="")
    assert [cell.position for cell in mended] == [0, 1, 2, 3]
    found = check(file, mended=mended)
    assert errors(found) == [("wrong_cell_count", 3)] and found.rows.accepted == 1


def test_rows_run_together_by_quotation_marks_are_not_mended_here(country, check):
    session, _world = country
    file = HEADER.replace("\n", ",note\n") + '001024,2026-09,75,40,"a\n001025,2026-09,60,50,b"\n'
    before = check(file)
    grid = grid_of(session, before)
    assert damaged_rows(grid) == set()
    whole = [MendedCell(2, place, name, text, "5") for place, (name, text) in enumerate(
        zip(grid.header, ("001024", "2026-09", "75", "40", "a\n001025,2026-09,60,50,b"), strict=True))]  # fmt: skip
    assert ("quote_never_closed", 2) in errors(check(file, mended=tuple(whole)))


def test_mending_again_keeps_who_mended_what_stays_and_drops_what_is_as_in_the_file(country, check):
    session, _world = country
    grid = grid_of(session, check(FILE))
    file = standing(grid, grid.header, [2, 3])
    rows = {2: ["001024", "2026-09", "75", "40"], 3: ["1", "2026-09", "60", "50"]}
    first = restated((), file, rows, by="Aigul", at="then")
    assert [(cell.row, cell.original, cell.text) for cell in first] == [(2, "сорок", "40"), (3, "001025", "1")]
    again = {2: ["001024", "2026-10", "75", "40"], 3: ["001025", "2026-09", " 60", "50"]}
    second = restated(first, file, again, by="Berik", at="now")
    assert [(cell.position, cell.text, cell.by) for cell in second] == [(1, "2026-10", "Berik"), (3, "40", "Aigul")]


def test_options_with_mended_cells_survive_being_written_down():
    options = Options(mapping={"(C)": "ignore"}, mended=(WORD, _other("1")))
    assert Options.from_json(options.as_json()) == options
    assert "mended" not in Options().as_json()


def test_a_submission_keeps_what_was_mended_and_by_whom_and_can_be_accepted(session):
    world = make_world(session)
    content = (HEADER + "001024,2026-09,75,сорок\n").encode()
    found = check_file(session, world.initiative, content, "f.csv", Options(mended=(WORD,)), at=START)
    submission = record.submit(session, found, by=who(session, world, "manager"), at=START)
    assert submission.reading["options"]["mended"] == [WORD.as_json()]
    accept_now(session, world, submission.id, START)
    assert held(session)["001024", "licences_activated", "2026-09"][:2] == ("reported", 40.0)
    assert not warnings(found)


def test_a_column_without_a_name_of_its_own_is_mapped_by_its_place(check):
    file = "school_code,period,teachers_active,Teachers active\n001024,2026-09,1,2\n"
    assert (
        errors(check(file)) == [("duplicate_column", None), ("no_metric_columns", None)] or not check(file).acceptable
    )
    found = check(file, mapping={"(C)": "ignore"})
    assert found.acceptable and [value for *_rest, value in stated(found)] == [2]
