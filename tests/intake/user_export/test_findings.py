"""Each finding about an export: a file that deserves it, the row it names; no cell of a person is quoted."""

import time

import pytest

from data_model.periods import Period
from data_model.submissions import Severity
from intake.findings import KINDS
from tests.intake.conftest import CheckText, errors
from tests.intake.user_export.exports import COLUMNS, export, user

ONE = export(user(1), user(2))
WEEK = {"period_start": "2026-10-05", "period_end": "2026-10-11"}
TRUNCATED = ONE.rsplit(",", 3)[0] + "\n"


def without(*columns: str) -> str:
    return export(user(1), columns=[column for column in COLUMNS if column not in columns])


# finding, file, rows of the findings of that code (None: the file as a whole), options
CASES: list[tuple[str, str, list[int | None], dict[str, object]]] = [
    ("weekly_export", export(user(1, cadence="weekly", **WEEK)), [None], {}),
    ("weekly_export", export(user(1, cadence="", **WEEK)), [None], {}),
    ("period_not_exact", export(user(1, cadence="Date Range", period_end="2026-10-30")), [None], {}),
    ("period_not_exact", export(user(1, period_start="2026-09-01")), [None], {}),
    ("period_not_exact", export(user(1, period_end="2026-11-01")), [None], {}),
    ("period_contradicts", ONE, [2], {"period": Period.parse("2026-09")}),
    ("period_contradicts", without("period_end"), [None], {"period": Period.parse("2026-09")}),
    ("no_period", without("period_start", "period_end"), [None], {}),
    ("future_period", export(user(1, period_start="2026-12-01", period_end="2026-12-31")), [2], {}),
    ("locked_period", export(user(1, period_start="2026-08-01", period_end="2026-08-31")), [2], {}),
    ("export_column_missing", without("user_status"), [None], {}),
    ("duplicate_column", ONE.replace("credits_used", "messages", 1), [None], {}),
    ("export_cell_unreadable", export(user(1), user(2, user_status="Bekova")), [3], {}),
    ("export_cell_unreadable", export(user(1, is_active="Bekova"), user(2, messages="Bekova")), [2, 3], {}),
    ("export_cell_unreadable", export(user(1, messages="-1"), user(2, messages="1.5")), [2, 3], {}),
    ("export_cell_unreadable", export(user(1, period_start="Bekova"), user(2, period_end="")), [2, 3], {}),
    ("export_cell_unreadable", export(user(1, messages="")), [2], {}),
    ("export_cell_unreadable", export(user(1, is_active="", messages="")), [2], {}),
    ("user_repeated", export(user(1), user(2), user(1, messages="11")), [4], {}),
    ("users_repeated", export(user(1), user(2), user(1)), [None], {}),
    ("wrong_cell_count", ONE + "Bekova,b\n" + TRUNCATED.splitlines()[-1] + "\n", [4, 5], {}),
    ("wrong_cell_count", ONE.rstrip("\n") + ",Bekova\n", [3], {}),
    ("quote_never_closed", ONE + '"Bekova' + ONE.splitlines()[1] + "\n", [4], {}),
    ("quote_never_closed", ONE.replace("user-00001", '"user-00001').replace("acct-1,user-00002", '"acct-1"x,u'),
     [2, 3], {}),
    ("quote_never_closed", export(user(1), user(2), user(3)).replace("Aigerim Bekova 1", '"Aigerim Bekova')
     .replace("Aigerim Bekova 3", 'Bekova"'), [2], {}),
    ("no_rows", export(), [None], {}),
    ("audience_unclear", export(user(1, role="member")), [None], {}),
    ("unknown_sheet", "", [], {}),
    ("users_deleted", export(user(1), user(2, user_status="deleted")), [None], {}),
    ("activity_differs", export(user(1, messages="0")), [None], {}),
    ("activity_differs", export(user(1, is_active="false")), [None], {}),
    ("figure_not_in_export", without("is_active"), [None], {}),
    ("figure_not_in_export", without("messages"), [None], {}),
    ("export_columns_ignored", export(user(1), columns=[*COLUMNS, "one", "two"]), [None], {}),
    ("school_closed", export(user(1, email="x@school900001.kz")), [2], {}),
    ("above_maximum", export(user(1, messages="1000001")), [2], {}),
    ("no_values", export(user(1, email="x@y.kz")), [None], {}),
]  # fmt: skip
CASES = [case for case in CASES if case[2]]


@pytest.mark.parametrize(("code", "text", "rows", "options"), CASES)
def test_an_export_gets_the_finding_it_deserves(check: CheckText, code, text, rows, options):
    found = check(text, **options)
    assert [finding.row for finding in found.findings if finding.code == code] == rows
    assert {error for error, _row in errors(found)} == ({code} if KINDS[code].severity is Severity.ERROR else set())
    assert "ekova" not in str(found.as_json())
    if not found.acceptable:
        assert not len(found.cells)


def test_faulty_rows_are_counted_and_nothing_is_kept(check: CheckText):
    found = check(export(user(1), user(2, messages="many"), user(3, user_status="gone")))
    assert found.rows.as_json() == {"read": 3, "blank": 0, "accepted": 0, "rejected": 2}
    assert found.content == b"" and not len(found.cells)


def test_users_of_a_school_that_is_held_back_count_as_rejected(check: CheckText):
    found = check(export(user(1), user(2, email="x@school900001.kz"), user(3, email="y@school900001.kz")))
    assert found.rows.as_json() == {"read": 3, "blank": 0, "accepted": 1, "rejected": 2}


def test_rows_after_a_quotation_mark_left_open_are_read_again(check: CheckText):
    people = [user(number) for number in range(500)]
    found = check(export(*people).replace("user-00003", '"user-00003'))
    assert errors(found) == [("quote_never_closed", 5)]
    assert (found.rows.read, found.rows.rejected) == (500, 1)


def test_what_holds_an_export_back_is_said_before_its_warnings(check: CheckText):
    found = check(export(user(1, role="member"), user(2, user_status="deleted"), user(3, email="x@y.org")))
    assert [finding.severity for finding in found.findings][:2] == ["error", "warning"]


def test_a_file_of_marks_left_open_is_read_in_the_time_of_any_other(check: CheckText):
    people = export(*(user(number) for number in range(3000)))
    began = time.process_time()
    found = check(people.replace(",user-", ',"user-'))
    assert found.rows.rejected == found.rows.read and time.process_time() - began < 20
    assert {code for code, _row in errors(found)} == {"quote_never_closed"}
