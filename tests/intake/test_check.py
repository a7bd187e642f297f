"""The check as a whole: what counts as read, blank, accepted, rejected; remembered choices; what JSON says."""

import json
import pickle

import pytest
from sqlmodel import Session

from data_model.submissions import ColumnChoice, SchoolChoice
from intake import sources
from intake.check import Check, check_file
from intake.options import Options, read_mapping
from intake.refusal import Refused
from tests.factories import START, World, make_metric, make_world
from tests.intake.conftest import CheckText, errors, warnings

LONG = "school_code,metric,period,value\n"
KEYS = {
    "file", "columns", "ignored_columns", "rows", "values", "findings", "findings_total", "changes", "fingerprint",
    "verdict",
}  # fmt: skip


def check_in(session: Session, world: World, text: str, **options: object) -> Check:
    return check_file(session, world.initiative, text.encode(), "file.csv", Options(**options), at=START)


def test_the_json_is_the_designs(check: CheckText):
    found = check(
        "school_code,school_name,period,licences_allocated,teachers_active,note\n"
        "001024,,2026-09,12,n/a,x\n001025,,2026-09,,3,\n\n555555,,2026-09,1,1,\nИтого,,,13,4,\n"
    )
    said = json.loads("".join(found.json_pieces()))
    assert said == found.as_json() and set(said) == KEYS
    assert said["columns"] == [
        {"name": "school_code", "role": "school_code", "how": "exact"},
        {"name": "school_name", "role": "school_name", "how": "exact"},
        {"name": "period", "role": "period", "how": "exact"},
        {"name": "licences_allocated", "metric": "licences_allocated", "how": "exact"},
        {"name": "teachers_active", "metric": "teachers_active", "how": "exact"},
    ]
    assert said["ignored_columns"] == ["note"]
    assert said["rows"] == {"read": 5, "blank": 1, "accepted": 2, "rejected": 1}
    assert said["values"] == {"new": 2, "changed": 0, "unchanged": 0, "blank": 1, "not_applicable": 1}
    assert [(one["code"], one["severity"], one["row"], one["column"]) for one in said["findings"]] == [
        ("ignored_column", "warning", None, "note"),
        ("unknown_school", "error", 5, "school_code"),
        ("totals_row", "warning", 6, "school_code"),
    ]
    assert said["findings_total"] == {"error": 1, "warning": 2}
    assert said["changes"] == [
        {"school": "001024", "metric": "licences_allocated", "period": "2026-09", "old": None, "new": 12, "row": 2},
        {"school": "001024", "metric": "teachers_active", "period": "2026-09", "old": None, "new": None, "row": 2,
         "state": "not_applicable"},
        {"school": "001025", "metric": "teachers_active", "period": "2026-09", "old": None, "new": 3, "row": 3},
    ]  # fmt: skip
    assert said["verdict"] == "rejected" and len(said["fingerprint"]) == 64


def test_complementary_rows_of_one_school_are_no_duplicates(check: CheckText):
    found = check("school_code,period,licences_allocated,teachers_active\n001024,2026-09,5,\n001024,2026-09,,3\n")
    assert errors(found) == [] and warnings(found) == []
    assert found.rows.accepted == 2 and found.values["new"] == 2 and found.values["blank"] == 2


def test_a_repeated_cell_of_a_row_that_says_more_counts_once(check: CheckText):
    found = check("school_code,period,licences_allocated,teachers_active\n001024,2026-09,5,\n001024,2026-09,5,3\n")
    assert warnings(found) == [("identical_duplicate", 3)]
    assert found.rows.accepted == 2 and found.values["new"] == 2 and len(found.cells) == 2


def test_a_repeated_row_is_neither_accepted_nor_rejected(check: CheckText):
    found = check(LONG + "001024,teachers_active,2026-09,5\n" * 3)
    assert found.rows.as_json() == {"read": 3, "blank": 0, "accepted": 1, "rejected": 0}
    assert found.values["new"] == 1 and warnings(found) == [("identical_duplicate", 3), ("identical_duplicate", 4)]


def test_a_contradiction_takes_no_rule_down_with_it(check: CheckText):
    found = check(
        LONG + "001024,teachers_active,2026-09,9\n001024,teachers_total,2026-09,5\n001024,teachers_total,2026-09,50\n"
    )
    assert errors(found) == [("contradictory_duplicate", 3), ("contradictory_duplicate", 4)]
    assert found.rows.accepted == 1


def test_a_metric_that_is_not_applicable_breaks_no_rule(check: CheckText):
    assert errors(check("school_code,period,teachers_total,teachers_active\n001024,2026-09,n/a,9\n")) == []


def test_today_is_the_countrys(check: CheckText):
    text = LONG + "001024,teachers_active,2026-12,5\n"
    # At 19:30 UTC of 30 November it is half past midnight of 1 December in Almaty.
    assert errors(check(text, at=START.replace(day=30, hour=18))) == [("future_period", 2)]
    assert errors(check(text, at=START.replace(day=30, hour=19, minute=30))) == []


def test_a_metric_that_is_not_asked_for(session: Session):
    world = make_world(session)
    make_metric(session, "coffee_drunk")
    assert errors(check_in(session, world, LONG + "001024,coffee_drunk,2026-09,5\n")) == [("metric_not_requested", 2)]
    wide = check_in(session, world, "school_code,period,coffee_drunk,teachers_active\n001024,2026-09,5,5\n")
    assert warnings(wide) == [("ignored_column", None)] and wide.recognised.ignored_columns == ["coffee_drunk"]


def test_remembered_choices_are_applied_and_shown(session: Session):
    world = make_world(session)
    manager = world.accounts["manager"].id
    session.add(
        ColumnChoice(
            initiative_id=world.initiative.id, column="Aktive", meaning="teachers_active", chosen_by=manager,
            chosen_at=START,
        )
    )  # fmt: skip
    session.add(
        SchoolChoice(
            initiative_id=world.initiative.id, text="Lyceum 5", school_id=world.schools["001025"].id,
            chosen_by=manager, chosen_at=START,
        )
    )  # fmt: skip
    session.flush()
    found = check_in(session, world, "school_code,period,AKTIVE\nlyceum  5,2026-09,5\n")
    assert errors(found) == [] and warnings(found) == [("school_choice_applied", 2)]
    assert found.cells.school_id.tolist() == [world.schools["001025"].id]
    assert found.recognised.columns[-1].how == "mapping"


def test_a_mapping_to_nothing_known_is_refused(check: CheckText):
    with pytest.raises(Refused) as refused:
        check(LONG, mapping={"a": "happiness"})
    assert refused.value.code == "mapping_invalid"


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', "{"])
def test_an_unreadable_mapping_is_refused(tmp_path, content):
    path = tmp_path / "mapping.json"
    path.write_text(content)
    with pytest.raises(Refused):
        read_mapping(path)


def test_a_file_that_is_too_large_is_refused(check: CheckText, monkeypatch):
    monkeypatch.setattr(sources, "MOST_CSV_BYTES", 100)
    assert errors(check(LONG + "001024,teachers_active,2026-09,1\n" * 4)) == [("file_too_large", None)]
    monkeypatch.setattr(sources, "MOST_CSV_BYTES", 10_000)
    monkeypatch.setattr(sources, "MOST_ROWS", 3)
    assert errors(check(LONG + "001024,teachers_active,2026-09,1\n" * 4)) == [("file_too_large", None)]


def test_a_check_can_be_handed_to_another_process(check: CheckText):
    found = check(LONG + "001024,teachers_active,2026-09,1\n001025,teachers_active,2026-09,x\n")
    assert pickle.loads(pickle.dumps(found)).as_json() == found.as_json()


def test_options_survive_being_stored():
    options = Options(mapping={"a": "period"}, header_row=3)
    assert Options.from_json(json.loads(json.dumps(options.as_json()))) == options


def test_cells_of_rejected_rows_are_not_taken(check: CheckText):
    found = check("school_code,period,licences_allocated,teachers_active\n001024,2026-09,5,x\n001025,2026-09,5,1\n")
    assert found.cells.row.tolist() == [3, 3]
