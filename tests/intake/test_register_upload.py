"""A register brought as a file: whatever a spreadsheet saved, its rows come back as the text that is looked at."""

import io

import pytest
import xlsxwriter

from access.administration.enrolments import COLUMNS as ENROLMENT_COLUMNS
from access.administration.schools import COLUMNS
from access.refusal import Refusal
from intake.register_reading import RegisterRead, read_pasted, read_register

ROWS = [
    ["school_code", "name", "area_code", "languages"],
    ["001024", "Лицей, «Өрлеу»", "KZ-75-01", "kk,ru"],
    ["001025", "Гимназия №2", "KZ-75-01", "ru"],
]
TEXT = (
    'school_code,name,area_code,languages\n001024,"Лицей, «Өрлеу»",KZ-75-01,"kk,ru"\n001025,Гимназия №2,KZ-75-01,ru\n'
)


def sheet(rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        page = workbook.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        page.write(0, 9, " ")  # a sheet is as wide as anybody ever wrote
    return content.getvalue()


def delimited(delimiter, encoding, rows=ROWS):
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


@pytest.mark.parametrize(
    "content", [delimited(";", "utf-8-sig"), delimited(";", "kz1048"), delimited("\t", "utf-16"), sheet(ROWS)]
)
def test_rows_come_back_whatever_a_spreadsheet_saved(content):
    read = read_register(content, COLUMNS, "KZ")
    assert (read.text, read.notes, read.problems, read.header_row) == (TEXT, [], [], 1)
    assert RegisterRead.of_json(read.as_json()) == read


MINISTRYS = [
    ["Реестр школ города на 1 сентября"],
    [],
    ["№", "Код школы", "Наименование школы", "Район", "Тип местности", "Телефон", "Широта"],
    ["1", "001024", "Лицей", "KZ-75-01", "город", "123", "43.25"],
    ["2", "001025", "Гимназия", "KZ-75-01", "село", "124", "43.5"],
]


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (delimited(";", "windows-1251", MINISTRYS), "windows-1251", ";"),
        (delimited("\t", "utf-8-sig", MINISTRYS), "utf-8-sig", "\t"),
        (sheet(MINISTRYS), None, None),
    ],
)
def test_a_title_above_the_header_and_names_in_the_ministrys_words_are_recognised_and_told(
    content, encoding, delimiter
):
    read = read_register(content, COLUMNS, "KZ")
    assert read.text == (
        "\n\nschool_code,name,area_code,setting,latitude\n"
        "001024,Лицей,KZ-75-01,город,43.25\n001025,Гимназия,KZ-75-01,село,43.5\n"
    )
    assert (read.header_row, read.encoding, read.delimiter) == (3, encoding, delimiter)
    assert dict(read.columns) == {
        "№": "", "Код школы": "school_code", "Наименование школы": "name", "Район": "area_code",
        "Тип местности": "setting", "Телефон": "", "Широта": "latitude",
    }  # fmt: skip


def test_a_number_of_a_workbook_is_read_as_it_stands_there():
    """A spreadsheet's own decimal point carries a mark that nobody sees."""
    read = read_register(sheet([["school_code", "latitude"], ["1", 43.25], ["2", 0.1 + 0.2]]), COLUMNS, "KZ")
    assert read.text.splitlines()[1:] == ["1,43.25", "2,0.3"]


def test_pasted_lines_are_read_alike_and_every_problem_has_its_row():
    text = 'title\nschool code\tjoined\n1\t2026-01-01\n2\t"open\n3\t2026-01-01\n4\t"open too\n5\n'
    read = read_pasted(text, ENROLMENT_COLUMNS)
    assert [problem[0] for problem in read.problems] == [4, 6]
    assert read.text == "\nschool_code,joined_on\n1,2026-01-01\n\n3,2026-01-01\n\n5\n", "5 has too few cells"
    twice = read_pasted("school_code,joined,start date\n1,2026-01-01,2026-01-01", ENROLMENT_COLUMNS)
    assert [(row, column) for row, column, _message in twice.problems] == [(1, "start date")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 nothing", "unreadable_file"),
        (b"", "empty_file"),
        (b"school_code,name\n001024,somebody@example.org\n", "personal_data"),
        (b"school_code\n" + b"1\n" * 20_100, "too_many_rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content, code):
    with pytest.raises(Refusal) as refused:
        read_register(content, COLUMNS, "KZ")
    assert refused.value.code == code and refused.value.message
