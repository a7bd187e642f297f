"""A register brought as a file: whatever a spreadsheet saved, its rows come back as the text that is looked at."""

import io

import pytest
import xlsxwriter

from access.administration.schools import COLUMNS
from access.refusal import Refusal
from intake.register_upload import brought, read_register

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


def delimited(delimiter, encoding):
    return "\r\n".join(delimiter.join(row) for row in ROWS).encode(encoding)


@pytest.mark.parametrize(
    "content", [delimited(";", "utf-8-sig"), delimited(";", "kz1048"), delimited("\t", "utf-16"), sheet(ROWS)]
)
def test_rows_come_back_whatever_a_spreadsheet_saved(content):
    assert brought(read_register(content, COLUMNS, "KZ")) == (TEXT, [])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 nothing", "unreadable_file"),
        (b"", "empty_file"),
        (b"school_code,name\n001024,somebody@example.org\n", "personal_data"),
        (b'school_code,name\n001024,"open\n001025,closed\n', "quote_never_closed"),
        (b"school_code\n" + b"1\n" * 20_001, "too_many_rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content, code):
    with pytest.raises(Refusal) as refused:
        read_register(content, COLUMNS, "KZ")
    assert refused.value.code == code and refused.value.message
