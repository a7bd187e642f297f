"""The faulty rows as a workbook: the reasons in place, nothing changed on the way out and back, nothing lost."""

import io
import zipfile

import pytest
import python_calamine
import xlsxwriter

from access import language
from intake import faulty_rows
from intake.faulty_rows import as_workbook, read_back
from intake.mended import restated, standing
from intake.our_sheets import MARK
from intake.refusal import Refused
from tests.factories import START
from tests.intake.conftest import errors, grid_of, warnings

FILE = (
    "A title above;;;;\nschool_code;school_name;period;teachers_active;Remark\n"
    "001024;School 001024;2026-09;5;fine\n"
    "001025;School 001025;2026-09;five;=1+1\n"
    "002017;School 002017;2026-09;7;fine\n"
    "999017;School 999017;2026-99;8;0012\n"
)


def book(check, at=START):
    return as_workbook(check.faulty, check.findings, check.file_name, at=at)


def sheets(content):
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [workbook.get_sheet_by_name(name).to_python() for name in workbook.sheet_names]


def rewritten(rows):
    """Return a workbook with these rows, as a person would save it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("mend")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


@pytest.fixture(scope="module")
def faulty(check):
    found = check(FILE)
    assert errors(found) == [("not_a_number", 4), ("unknown_school", 6), ("period_unreadable", 6)]
    return found


@pytest.fixture(scope="module")
def grid(country, faulty):
    return grid_of(country[0], faulty)


def test_the_sheet_words_its_reasons_as_its_reader_is_told_them(faulty):
    content = as_workbook(
        faulty.faulty, faulty.findings, faulty.file_name, at=START, said=lambda finding: f"told: {finding.code}"
    )
    rows, _read_me = sheets(content)
    assert rows[1][-1] == "teachers_active: told: not_a_number"


def test_the_sheet_holds_the_faulty_rows_with_their_number_and_reasons(faulty):
    rows, read_me = sheets(book(faulty))
    assert rows[0] == ["Row in the file", "school_code", "school_name", "period", "teachers_active", "Remark",
                       "What is wrong"]  # fmt: skip
    assert [row[:6] for row in rows[1:]] == [
        [4.0, "001025", "School 001025", "2026-09", "five", "=1+1"],
        [6.0, "999017", "School 999017", "2026-99", "8", "0012"],
    ]
    assert rows[1][6].startswith("teachers_active: “five” is not a number.")
    assert rows[2][6].count("\n") == 1
    assert read_me[0][0] == MARK and "bring it back" in str(read_me)


def test_faulty_cells_are_coloured_and_carry_the_reason_as_a_comment(faulty):
    with zipfile.ZipFile(io.BytesIO(book(faulty))) as archive:
        comments = archive.read("xl/comments1.xml").decode()
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert 'ref="E2"' in comments and "is not a number" in comments and 'ref="B3"' in comments
    style = {cell: sheet.partition(f'r="{cell}" s="')[2].partition('"')[0] for cell in ("E2", "B2", "B3")}
    assert style["E2"] == style["B3"] != style["B2"]
    assert "<f>" not in sheet, "a text of the file became a formula"


def test_reasons_and_names_are_in_the_reader_s_language(faulty):
    with language.in_language("ru"):
        rows, _read_me = sheets(book(faulty))
    assert (rows[0][0], rows[0][-1]) == ("Строка файла", "Что не так")


def test_brought_back_as_it_is_nothing_is_mended(faulty, grid):
    returned = read_back(book(faulty), grid, faulty.faulty.rows, "KZ")
    assert returned.missing == []
    assert restated((), standing(grid, faulty.faulty.names, returned.rows), returned.rows, by="", at="") == ()


def test_brought_back_mended_it_becomes_mended_cells_and_the_file_is_acceptable(check, faulty, grid):
    rows, _ = sheets(book(faulty))
    rows[1][4], rows[2][1], rows[2][3] = 6, "020311", "2026-09"
    returned = read_back(rewritten(rows), grid, faulty.faulty.rows, "KZ")
    cells = restated((), standing(grid, faulty.faulty.names, returned.rows), returned.rows, by="A", at="")
    assert [(cell.row, cell.column, cell.original, cell.text) for cell in cells] == [
        (4, "teachers_active", "five", "6"), (6, "school_code", "999017", "020311"),
        (6, "period", "2026-99", "2026-09"),
    ]  # fmt: skip
    mended = check(FILE, mended=cells)
    assert mended.acceptable and mended.values["new"] == 4
    assert mended.faulty.total == 0


def test_deleted_rows_are_said_and_stay_in_the_file(faulty, grid):
    rows, _ = sheets(book(faulty))
    returned = read_back(rewritten([rows[0], rows[2]]), grid, faulty.faulty.rows, "KZ")
    assert (list(returned.rows), returned.missing) == ([6], [4])


def test_a_sheet_that_does_not_fit_is_refused_plainly(faulty, grid):
    header, first, second = sheets(book(faulty))[0]
    person = [*first[:5], "aigul@example.kz", first[6]]
    for code, rows in (
        ("no_row_column", [header[1:], first[1:]]),
        ("other_columns", [[*header[:2], *header[3:]], [*first[:2], *first[3:]]]),
        ("other_columns", [[header[0], header[2], header[1], *header[3:]], first]),
        ("unknown_rows", [header, [99, *first[1:]]]),
        ("unknown_rows", [header, ["", *first[1:]]]),
        ("row_twice", [header, first, [first[0], *second[1:]]]),
        ("personal_data", [header, person]),
    ):
        with pytest.raises(Refused) as caught:
            read_back(rewritten(rows), grid, faulty.faulty.rows, "KZ")
        assert caught.value.code == code
    with pytest.raises(Refused) as caught:
        read_back(b"%PDF-1.7", grid, [], "KZ")
    assert caught.value.code == "unreadable_sheet"


@pytest.mark.parametrize("spoken", ["en", "ru", "kk"])
def test_mended_and_brought_as_a_file_of_its_own_it_gives_no_warning(check, faulty, spoken):
    with language.in_language(spoken):
        (header, *rows), _read_me = sheets(book(faulty))
    header, rows = [*header[:5], header[6]], [[*row[:5], row[6]] for row in rows]
    rows[0][4], rows[1][1], rows[1][2], rows[1][3] = "6", "020311", "", "2026-09"
    found = check(rewritten([header, *rows]))
    assert found.acceptable and found.values["new"] == 2 and warnings(found) == []


def test_numbers_of_a_workbook_come_back_as_they_stood(country, check):
    original = rewritten([
        ["school_code", "period", "training_hours", "teachers_active"],
        ["001024", "2026-09", 1.2345678, 5], ["00x", "2026-09", 0.1, 5],
    ])  # fmt: skip
    found = check(original)
    assert errors(found) == [("too_many_decimals", 2), ("unknown_school", 3)]
    stands = grid_of(country[0], found)
    returned = read_back(book(found), stands, found.faulty.rows, "KZ")
    assert restated((), standing(stands, found.faulty.names, returned.rows), returned.rows, by="", at="") == ()


def test_of_very_many_faulty_rows_the_first_are_taken_and_it_is_said(check, monkeypatch):
    monkeypatch.setattr(faulty_rows, "MOST_FAULTY_ROWS", 1_000)
    count = 1_005
    found = check("school_code,period,teachers_active\n" + "001024,2026-09,x\n" * count)
    assert (len(found.faulty), found.faulty.total) == (1_000, count)
    rows, read_me = sheets(book(found))
    assert len(rows) == 1 + 1_000
    assert "1,000 of 1,005" in str(read_me)


def test_a_sheet_of_ours_is_no_data_and_one_of_theirs_is(check):
    for mark, told in ((MARK, []), ("Read me", [("other_sheets", None)])):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target) as workbook:
            workbook.add_worksheet("Renamed").write_string(0, 0, mark)
            sheet = workbook.add_worksheet("data")
            sheet.write_row(0, 0, ["school_code", "period", "teachers_active"])
            sheet.write_row(1, 0, ["001024", "2026-09", 5])
        found = check(target.getvalue(), sheet="data")
        assert warnings(found) == told and found.acceptable
        # Both stand before the table and are passed over; only of theirs it is said.
        unasked = check(target.getvalue())
        assert (unasked.recognised.sheet, warnings(unasked)) == ("data", told)
