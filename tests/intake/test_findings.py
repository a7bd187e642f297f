"""Each finding of the catalogue: a file that deserves it, the row it names, and nothing else wrong with that file."""

import numpy as np
import pytest

from access import language
from data_model.periods import Period
from data_model.submissions import Severity
from intake.findings import CATALOGUE, KINDS, message
from intake.mended import MendedCell
from tests.intake.conftest import CheckText, errors, warnings

LONG = "school_code,metric,period,value\n"
WIDE = "school_code,period,licences_allocated,licences_activated\n"

# finding, file, rows of the findings of that code (None: the file as a whole), options
CASES: list[tuple[str, str | bytes, list[int | None], dict[str, object]]] = [
    ("empty_file", "", [None], {}),
    ("empty_file", " \n\n", [None], {}),
    ("empty_file", "﻿\n;;\n", [None], {}),
    ("unreadable_file", b"%PDF-1.7 ...", [None], {}),
    ("unreadable_file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, [None], {}),
    ("unreadable_file", b"PK\x03\x04 broken", [None], {}),
    ("unreadable_file", "<!DOCTYPE html><table></table>", [None], {}),
    ("unreadable_file", b"a\0\0\0b;c\0\0\1\2\n", [None], {}),
    ("unreadable_file", WIDE[:-1] + "x" * 10_000_000, [None], {}),
    ("unknown_encoding", LONG, [None], {"encoding": "klingon-8"}),
    ("broken_encoding", LONG.encode() + "001024,teachers_active,2026-09,1\n# школа, школа".encode() + b"\xd1",
     [3], {}),
    ("personal_data", LONG.replace("\n", ",contact\n") + "001024,teachers_active,2026-09,1,a@b.kz\n", [None], {}),
    ("personal_data", LONG + "001024,teachers_active,2026-09,1,extra,a@b.kz\n", [None], {}),
    ("no_header", "001024,teachers_active,2026-09,1\n", [None], {}),
    ("no_school_column", "metric,period,value\nteachers_active,2026-09,1\n", [None], {}),
    ("no_metric_columns", "school_code,period,note\n001024,2026-09,1\n", [None], {}),
    ("layout_unclear", "school_code,period,metric,value,teachers_active\n001024,2026-09,teachers_total,1,2\n",
     [None], {}),
    ("duplicate_column", "school_code,period,teachers_active,Teachers active\n001024,2026-09,1,2\n", [None], {}),
    ("no_rows", LONG, [None], {}),
    ("no_period", "school_code,teachers_active\n001024,1\n", [None], {}),
    ("no_period", LONG + "001024,teachers_active,,1\n", [None], {}),
    ("no_values", LONG + "001024,teachers_active,2026-09,\n", [None], {}),
    ("ignored_column", "school_code,period,teachers_active,Цвет\n001024,2026-09,1,red\n", [None], {}),
    ("mended_cell_differs", LONG + "001024,teachers_active,2026-09,5\n", [2],
     {"mended": (MendedCell(2, 3, "value", "6", "7"),)}),
    ("mended_cell_differs", LONG + "001024,teachers_active,2026-09,5\n", [None],
     {"mended": (MendedCell(3, 3, "value", "5", "7"),)}),
    ("quote_never_closed", LONG + '001024,"teachers_active,2026-09,1\n001025,teachers_active,2026-09,1\n', [2], {}),
    ("quote_never_closed", LONG + '001024,"x" y,2026-09,1\n001025,teachers_active,2026-09,1\n', [2], {}),
    ("quote_never_closed", LONG.replace("value", "value,note") + '001024,teachers_active,2026-09,1,"a\n'
     '001025,teachers_active,2026-09,1,b"\n', [2], {}),
    ("wrong_cell_count", LONG + "001024,teachers_active,2026-09\n001025,teachers_active,2026-09,1,2\n", [2, 3], {}),
    ("heading_row", WIDE + "001024,2026-09,5,4\n" + WIDE + "001025,2026-09,5,4\n", [3], {}),
    ("heading_row", WIDE + ",,шт.,шт.\n001024,2026-09,5,4\n", [2], {}),
    ("heading_row", WIDE + "1,2,3,4\n001024,2026-09,5,4\n", [2], {}),
    ("text_row", WIDE + "Алматинская область,,,\n001024,2026-09,5,4\nДиректор: Иванов И.И.,,,\n", [2, 4], {}),
    ("another_table", WIDE + "001024,2026-09,5,4\n" + LONG, [3], {}),
    ("periods_as_columns", "school_code,metric,2026-08,2026-09\n001024,teachers_active,1,2\n", [None], {}),
    ("title_period_differs", "Отчёт за август 2026 г.\nschool_code,teachers_active\n001024,5\n", [None],
     {"period": Period.parse("2026-09")}),
    ("totals_row", WIDE + "001024,2026-09,5,4\nИтого,,5,4\n", [3], {}),
    ("totals_row", WIDE + "001024,2026-09,5,4\n001025,2026-09,6,3\n,,11,7\n", [4], {}),
    ("totals_row", LONG + "001024,teachers_active,2026-09,5\nБарлығы,teachers_active,2026-09,5\n", [3], {}),
    ("totals_row", "№," + WIDE + "1,001024,2026-09,5,4\nTotal:,,,5,4\n", [3], {}),
    ("totals_row", WIDE + "001024,2026-09,5,4\nВсего по области,5\n", [3], {}),
    ("identical_duplicate", LONG + "001024,teachers_active,2026-09,5\n001024,teachers_active,09.2026,5.0\n", [3], {}),
    ("identical_duplicate", WIDE + "001024,2026-09,5,\n001024,2026-09,5,4\n", [3], {}),
    ("contradictory_duplicate", LONG + "001024,teachers_active,2026-09,5\n001025,teachers_active,2026-09,5\n"
     "001024,teachers_active,2026-09,6\n", [2, 4], {}),
    ("contradictory_duplicate", LONG + "001024,teachers_active,2026-09,5\n001024,teachers_active,2026-09,n/a\n",
     [2, 3], {}),
    ("school_missing", LONG + ",teachers_active,2026-09,5\n", [2], {}),
    ("unknown_school", LONG + "555555,teachers_active,2026-09,5\n", [2], {}),
    ("school_code_ambiguous", LONG + "1.0E+03,teachers_active,2026-09,5\n", [2], {}),
    ("school_code_repaired", LONG + "1024,teachers_active,2026-09,5\n2017.0,teachers_active,2026-09,5\n"
     "2.03E+04,teachers_active,2026-09,5\nКZ12,teachers_active,2026-09,5\n'100450,teachers_active,2026-09,5\n",
     [2, 3, 4, 5, 6], {}),
    ("school_choice_applied", LONG + "Gymnasium,teachers_active,2026-09,5\n", [2],
     {"schools": {"gymnasium": "001024"}}),
    ("school_matched_by_name", "school_name,period,teachers_active\nSCHOOL «001024»,2026-09,5\n", [2], {}),
    ("school_name_differs", "school_code,school_name,period,teachers_active\n001024,School 001024,2026-09,5\n"
     "001025,Abai,2026-09,5\n002017,,2026-09,5\n", [3], {}),
    ("school_not_enrolled", LONG + "900002,teachers_active,2026-09,5\n001024,teachers_active,2024-09,5\n", [2, 3], {}),
    ("school_closed", LONG + "900001,teachers_active,2026-09,5\n900001,teachers_active,2025-11,5\n", [2], {}),
    ("period_missing", LONG + "001024,teachers_active,2026-09,5\n001025,teachers_active,,5\n", [3], {}),
    ("period_unreadable", LONG + "001024,teachers_active,2026-13,5\n001025,teachers_active,2026-09-15,5\n", [2, 3], {}),
    ("other_granularity", LONG + "001024,teachers_active,2026-Q3,5\n", [2], {}),
    ("other_granularity", "school_code,teachers_active\n001024,5\n", [None], {"period": Period.parse("2026-Q3")}),
    ("period_contradicts", LONG + "001024,teachers_active,2026-10,5\n001025,teachers_active,,5\n", [2],
     {"period": Period.parse("2026-09")}),
    ("future_period", LONG + "001024,teachers_active,2026-11,5\n001024,teachers_active,2026-12,5\n", [3], {}),
    ("future_period", "school_code,teachers_active\n001024,5\n", [None], {"period": Period.parse("2026-12")}),
    ("locked_period", LONG + "001024,teachers_active,2026-08,5\n", [2], {}),
    ("metric_missing", LONG + "001024,,2026-09,5\n", [2], {}),
    ("unknown_metric", LONG + "001024,happiness,2026-09,5\n", [2], {}),
    ("not_a_number", WIDE + "001024,2026-09,abc,4\n001025,2026-09,12 чел.,#N/A\n", [2, 3, 3], {}),
    ("ambiguous_number", LONG + '001024,messages_sent,2026-09,"1,234"\n', [2], {}),
    ("ambiguous_number", LONG.replace(",", ";") + "001024;messages_sent;2026-09;1.234\n", [2], {}),
    ("rounded_number", LONG + "001024,messages_sent,2026-09,1.2E+03\n", [2], {}),
    ("percent_sign", LONG + "001024,teachers_active,2026-09,12 %\n001025,teachers_active,2026-09,12%\n", [2, 3], {}),
    ("negative_value", LONG + "001024,teachers_active,2026-09,-5\n", [2], {}),
    ("fractional_count", LONG + "001024,teachers_active,2026-09,4.5\n", [2], {}),
    ("too_many_decimals", LONG + "001024,training_hours,2026-09,4.55\n", [2], {}),
    ("below_minimum", LONG + "001024,usefulness_score,2026-09,0.5\n001024,teachers_surveyed,2026-09,3\n", [2], {}),
    ("above_maximum", LONG + "001024,teachers_active,2026-09,1000001\n001024,teachers_total,2026-09,1000000\n",
     [2], {}),
    ("rule_broken", WIDE + "001024,2026-09,5,6\n", [2], {}),
    ("rule_broken", LONG + "001024,licences_allocated,2026-09,5\n001025,licences_allocated,2026-09,5\n"
     "001024,licences_activated,2026-09,6\n", [2, 4], {}),
    ("score_without_count", LONG + "001024,usefulness_score,2026-09,4.5\n", [2], {}),
]  # fmt: skip
# These are of a user export: see user_export/test_findings.py and user_export/test_schools.py.
OF_EXPORTS = {
    "weekly_export", "period_not_exact", "export_column_missing", "export_cell_unreadable", "export_too_varied",
    "user_repeated", "audience_unclear", "audience_from_role", "school_code_in_text", "unmapped_users",
    "unmapped_users_blank", "unmapped_users_withheld", "users_of_several_schools", "users_deleted", "users_repeated",
    "activity_differs", "figure_not_in_export", "export_columns_ignored",
}  # fmt: skip
# These need stored values or requirements of their own: see test_stored_checks.py and test_check.py.
ELSEWHERE = {
    "unknown_sheet", "other_sheets", "file_too_large", "hidden_rows", "hidden_columns", "metric_not_requested",
    "nothing_new", "rule_against_stored", "jump", "scaled_column", "shifted_column", "same_as_before",
}  # fmt: skip


@pytest.mark.parametrize(("code", "content", "rows", "options"), CASES)
def test_a_file_gets_the_finding_it_deserves(check: CheckText, code, content, rows, options):
    found = check(content, **options)
    named = [finding.row for finding in found.findings if finding.code == code]
    assert named == rows
    if KINDS[code].severity is Severity.ERROR:
        assert {error for error, _row in errors(found)} == {code}
        assert not found.acceptable
    else:
        assert errors(found) == []
    if errors(found) and found.recognised.layout and None not in rows:
        assert found.rows.rejected == len(set(rows))


def test_every_finding_has_a_test():
    assert {case[0] for case in CASES} | OF_EXPORTS | ELSEWHERE == {kind.code for kind in CATALOGUE}


@pytest.mark.parametrize("spoken", ["en", "ru", "kk"])
def test_every_message_can_be_said(check: CheckText, spoken):
    with language.in_language(spoken):
        for code, content, _rows, options in CASES:
            for finding in check(content, **options).findings:
                said = finding.message()
                assert said and "{" not in said, (code, said)


def test_a_clean_row_among_faulty_ones_is_accepted(check: CheckText):
    found = check(LONG + "001024,teachers_active,2026-09,1\n001025,teachers_active,2026-09,x\n\n")
    assert found.rows.as_json() == {"read": 3, "blank": 1, "accepted": 1, "rejected": 1}
    assert found.values["new"] == 1 and found.verdict == "rejected"


def test_all_that_is_wrong_with_a_row_is_said_at_once(check: CheckText):
    found = check(WIDE + "555555,2026-13,x,-4\n")
    assert errors(found) == [
        ("unknown_school", 2), ("period_unreadable", 2), ("not_a_number", 2), ("negative_value", 2),
    ]  # fmt: skip
    assert found.rows.rejected == 1


def test_findings_quote_their_cell_and_column(check: CheckText):
    (found,) = check(WIDE + "001024,2026-09,5,abc\x07\u2028def" + "x" * 200 + "\n").findings
    assert (found.column, found.row) == ("licences_activated", 2)
    assert found.value.startswith("abc\ufffd def") and len(found.value) == 100 and found.value.endswith("…")


def test_a_wrong_row_is_one_rejected_row_however_many_findings_it_has(check: CheckText):
    found = check(WIDE + "001024,2026-09,x,y\n001025,2026-09,1,1\n")
    assert len(errors(found)) == 2 and found.rows.rejected == 1 and found.rows.accepted == 1


def test_suggestions_name_the_nearest_schools(check: CheckText):
    found = check("school_code,school_name,period,teachers_active\n555,Abai shcool,2026-09,1\n")
    error = next(finding for finding in found.findings if finding.code == "unknown_school")
    assert error.details["suggestions"][0] == "900002 (Abai school)"
    assert "Did you mean 900002" in error.message()


def test_a_hundred_thousand_findings_are_all_there_in_order(check: CheckText):
    rows = 100_000
    found = check(LONG + "001024,teachers_active,2026-09,x\n" * rows)
    assert found.findings.totals == {"error": rows, "warning": 0}
    assert np.array_equal([finding.row for finding in found.findings], np.arange(2, rows + 2))
    assert found.rows.rejected == rows


def test_warnings_do_not_hold_a_file_back(check: CheckText):
    found = check("Отчёт\nschool_code,period,teachers_active,Цвет\n1024,2026-09,1,red\n")
    assert warnings(found) == [("ignored_column", None), ("school_code_repaired", 3)]
    assert found.verdict == "acceptable" and found.rows.accepted == 1


def test_a_name_that_looks_the_same_as_the_registers_is_no_warning(check: CheckText):
    named = "school_code,school_name,period,teachers_active\n001024,Sсhооl 001024,2026-09,5\n"  # Cyrillic с and о
    assert "school_name_differs" not in [code for code, _row in warnings(check(named))]


def test_a_number_that_was_computed_is_said_as_the_language_writes_it():
    with language.in_language("ru"):
        said = message("jump", "", "12.5", {"metric": "Messages", "school": "001024", "usual": "383.8"})
    assert "383,8" in said and "12.5" in said, "what the file holds stays as it is written there"


@pytest.mark.parametrize("spoken", ["ru", "kk"])
def test_a_metrics_unit_is_said_in_the_readers_language(check: CheckText, spoken):
    (finding,) = check(LONG + "001024,teachers_active,2026-09,12 %\n").findings
    with language.in_language(spoken):
        assert "people" not in finding.message()
