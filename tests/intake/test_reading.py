"""What a file is recognised as: encoding, delimiter, header, layout, columns; and that both readers agree."""

import csv
import io
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from data_model.periods import Period
from intake.decoding import recognise_encoding
from intake.plain_grid import plain_grid
from intake.quantities import TYPED
from intake.sources import DelimitedSource
from intake.workbook import as_text
from tests.intake.conftest import CheckText, errors, stated, warnings

FILES = Path(__file__).parent / "files"
RUSSIAN = "Код школы;Наименование\n001024;Школа-гимназия №24\nИтого;Всего по области\n"


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"), ("cp1251", "windows-1251"), ("koi8-r", "koi8-r"),
     ("cp866", "cp866"), ("mac-cyrillic", "mac-cyrillic"), ("iso8859-5", "iso8859-5")],
)  # fmt: skip
def test_the_encoding_is_recognised(encoding, expected):
    text = RUSSIAN.replace("№", "N") if encoding in ("koi8-r",) else RUSSIAN
    assert recognise_encoding(text.encode(encoding)).encoding == expected


def test_kazakh_letters_are_read_where_kazakh_is_written():
    text = "Код;Наименование\n001;Жалпы білім беретін мектеп, Өскемен қаласы\n"
    assert recognise_encoding(text.encode("kz1048"), country="KZ").encoding == "kz1048"
    assert recognise_encoding(RUSSIAN.encode("cp1251"), country="KZ").encoding == "windows-1251"


@pytest.mark.parametrize(
    ("text", "encoding", "country"),
    [("École;Élèves de l’académie\n001;Collège François-Noël, où\n", "windows-1252", ""),
     ("Schule;Schüler\n001;Grundschule Köln-Mülheim, Große Straße\n", "windows-1252", ""),
     ("Escuela;Año\n001;Colegio Núñez, Málaga, 3º\n", "windows-1252", ""),
     ("Escola;Região\n001;Colégio São João, Educação\n", "windows-1252", ""),
     ("Škola;Žáci\n001;Základní škola Dvůr Králové, třída Přátelství\n", "windows-1250", "SK"),
     ("Szkoła;Uczniów\n001;Szkoła podstawowa w Łodzi, źródła gęsi\n", "windows-1250", ""),
     ("Iskola;Tanulók\n001;Győri általános iskola, fűtött\n", "windows-1250", ""),
     ("Şcoala;Învăţători\n001;Şcoala gimnazială Bălţi\n", "windows-1250", ""),
     ("Okul;Öğrenci\n001;İstanbul Işık Ortaokulu, Şişli, Beşiktaş\n", "windows-1254", ""),
     ("Mokykla;Mokinių\n001;Šiaulių Ąžuolyno mokykla, Kėdainiai\n", "windows-1257", ""),
     ("Skola;Skolēni\n001;Rīgas Āgenskalna vidusskola, Ķekava\n", "windows-1257", ""),
     ("Σχολείο;Μαθητές\n001;Δημοτικό Σχολείο Αθηνών, 2ο Άργους\n", "windows-1253", "GR"),
     ("Σχολείο;Μαθητές\n001;Δημοτικό Σχολείο Αθηνών, 2ο Άργους\n", "iso8859-7", "GR"),
     (RUSSIAN, "windows-1251", "GR")],
)  # fmt: skip
def test_the_languages_of_other_countries_are_read_in_their_encodings(text, encoding, country):
    assert recognise_encoding(text.encode(encoding), country=country).encoding == encoding


def test_letters_that_several_encodings_share_are_read_the_same_in_each():
    content = "Kool;Õpilased\n001;Tartu Jõe põhikool, Mäe küla\n".encode("windows-1257")
    found = recognise_encoding(content, country="EE").encoding
    assert found is not None and content.decode(found) == content.decode("windows-1257")


@pytest.mark.parametrize("number", [1e10, -1e12])
def test_a_number_that_no_time_can_be_is_said_and_breaks_nothing(check: CheckText, number):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["school_code", "period", "messages_sent"])
        sheet.write_row(1, 0, ["001024", "2026-09"])
        sheet.write_number(1, 2, number, workbook.add_format({"num_format": "[h]:mm"}))
    assert errors(check(target.getvalue())) == [("unreadable_file", None)]


def test_a_workbook_whose_checksum_does_not_fit_is_not_read(check: CheckText):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["school_code", "period", "messages_sent"])
    content = target.getvalue()
    place = content.index(b"PK\x01\x02") + 16  # where the directory holds the first part's checksum
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert errors(check(changed)) == [("unreadable_file", None)]


def test_a_damaged_encoding_is_not_read_as_another():
    damaged = RUSSIAN.encode() + b"\xff\xfe" + RUSSIAN.encode()
    assert recognise_encoding(damaged).problem == "broken_encoding"
    assert recognise_encoding(b"\xff\xfea").problem == "broken_encoding"


def test_the_wide_sample_is_read(check: CheckText):
    found = check((FILES / "progress_wide_cp1251.csv").read_bytes())
    assert found.recognised.file_json() == {
        "encoding": "windows-1251", "delimiter": ";", "decimal_mark": ",", "header_row": 2, "layout": "wide",
        "sheet": None,
    }  # fmt: skip
    assert found.rows.as_json() == {"read": 13, "blank": 0, "accepted": 12, "rejected": 0}
    assert found.values == {"new": 60, "changed": 0, "unchanged": 0, "blank": 0, "not_applicable": 0}
    assert found.recognised.ignored_columns == ["Средний балл опроса"]
    assert [column.how for column in found.recognised.columns] == ["alias"] * 8
    assert ("totals_row", 15) in warnings(found) and errors(found) == []


def test_the_long_sample_is_read(check: CheckText):
    found = check((FILES / "progress_long_utf8.csv").read_bytes())
    assert (found.recognised.layout, found.recognised.delimiter, found.recognised.header_row) == ("long", ",", 1)
    assert found.rows.as_json() == {"read": 36, "blank": 0, "accepted": 36, "rejected": 0}
    assert [column.how for column in found.recognised.columns] == ["exact"] * 4


def test_every_part_of_the_reading_can_be_decided(check: CheckText):
    text = "note\nsource;teachers_active;value\n001024;2026-09;3\n"
    found = check(
        text.encode("cp1251"), encoding="utf-8", delimiter=";", header_row=2, layout="long", decimal_mark=".",
        mapping={"Source": "school_code", "teachers_active": "period", "value": "teachers_active"},
    )  # fmt: skip
    assert [name for name, _row in errors(found)] == ["no_metric_columns"]
    found = check(text, mapping={"Source": "school_code", "teachers_active": "period", "value": "teachers_active"})
    assert errors(found) == [] and found.values["new"] == 1
    assert [column.how for column in found.recognised.columns] == ["mapping"] * 3


def test_a_mapped_column_may_be_ignored_without_a_word(check: CheckText):
    found = check("school_code,period,teachers_active,x\n001024,2026-09,1,2\n", mapping={"X": "ignore"})
    assert warnings(found) == [] and found.recognised.ignored_columns == ["x"]


def test_the_period_fills_in_where_the_file_has_none(check: CheckText):
    text = "school_code,teachers_active\n001024,1\n"
    assert {cell[2] for cell in stated(check(text, period=Period.parse("2026-09")))} == {"2026-09"}


@pytest.mark.parametrize(
    "header",
    ["school_code;period;teachers_active", "School Code;PERIOD; Teachers_Active ", "SCHOOL_CODE;Period;teachers active",
     "school_id_govt;Month;Active teachers".replace("Active teachers", "Активных учителей"),
     "Код школы;Отчетный период;активных  учителей", "мектеп коды;кезең;teachers_active",
     "sсhool_code;реriod;tеachers_active"],
)  # fmt: skip
def test_columns_match_whatever_their_case_spaces_language_or_keyboard(check: CheckText, header):
    found = check(header + "\n001024;2026-09;5\n")
    assert errors(found) == [] and found.values["new"] == 1


def test_codes_beside_a_column_called_school(check: CheckText):
    found = check("school_code,school,period,teachers_active\n001024,School 001024,2026-09,5\n")
    assert [str(column.role) for column in found.recognised.columns[:2]] == ["school_code", "school_name"]
    assert errors(found) == [] and warnings(found) == []


def test_a_declared_delimiter_is_taken(check: CheckText):
    found = check("sep=|\nschool_code|period|teachers_active\n001024|2026-09|5\n")
    assert (found.recognised.delimiter, found.recognised.header_row) == ("|", 2) and errors(found) == []


def test_a_record_is_one_row_however_many_lines_it_takes(check: CheckText):
    found = check(
        'school_code,school_name,period,teachers_active\n001024,"School\n001024",2026-09,5\n001025,,2026-09,x\n'
    )
    assert errors(found) == [("not_a_number", 3)]


def test_the_convention_is_the_files_own(check: CheckText):
    text = "school_code;period;training_hours;messages_sent\n001024;2026-09;4,5;1.234\n"
    assert {value for *_rest, value in stated(check(text))} == {4.5, 1234.0}
    assert errors(check(text.replace("4,5", "4"))) == [("ambiguous_number", 2)]
    assert errors(check(text.replace("4,5", "4.5") + "001025;2026-09;2,5;1\n")) == [("ambiguous_number", 2)]


plain_cells = st.text(st.characters(exclude_characters='"\r\n;\0', exclude_categories=("Cs",)), max_size=6)


@given(st.lists(st.lists(plain_cells, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_the_fast_reader_reads_as_the_careful_one(rows, line_end):
    content = (line_end.join(";".join(row) for row in [["a", "b", "c"], *rows]) + line_end).encode()
    source = DelimitedSource(content, "utf-8", ";")
    fast = plain_grid(content, "utf-8", ";", ["a", "b", "c"], 1)
    careful = super(DelimitedSource, source).grid(["a", "b", "c"], 1)
    if fast is not None:
        assert np.array_equal(fast.row, careful.row)
        for one, other in zip(fast.columns, careful.columns, strict=True):
            assert [one.texts[code] for code in one.codes] == [other.texts[code] for code in other.codes]
        assert careful.wrong_count == {} and careful.broken == []


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=2, max_size=4), max_size=6))
def test_any_quoted_table_is_read_as_written(rows):
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], *rows])
    content = text.getvalue().replace("\0", " ").encode()
    source = DelimitedSource(content, "utf-8", ",")
    read = [record for chunk, _broken in source.records() for record in chunk]
    assert read == [["a", "b"], *[[cell.replace("\0", " ") for cell in row] for row in rows]]


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_any_bytes_get_a_verdict(country, check: CheckText, content):
    assert check(content).verdict in ("acceptable", "rejected")


@settings(max_examples=40)
@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_in_a_cell_gets_a_verdict(country, check: CheckText, one, two, three):
    text = io.StringIO()
    csv.writer(text).writerows([["school_code", "metric", "period", "value", one], [one, two, three, one, two]])
    found = check(text.getvalue().encode("utf-8", "replace"))
    assert "".join(found.json_pieces()) and found.findings.totals["error"] > 0


def _workbook(rows: list[list[object]], **more: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "mmm yyyy", "remove_timezone": True}) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("data")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number + int(str(more.get("above", 0))), column, cell)
    return target.getvalue()


def test_a_workbook_is_read_like_a_text(check: CheckText):
    rows: list[list[object]] = [
        ["Report"], ["school_code", "period", "teachers_active", "training_hours", "messages_sent"],
        ["001024", date(2026, 9, 1), 5, 1.5, 123456], [1025, "сентябрь 2026", "n/a", 2, "1 234"],
    ]  # fmt: skip
    found = check(_workbook(rows, above=2))
    assert errors(found) == []
    assert found.recognised.file_json() == {
        "encoding": None, "delimiter": None, "decimal_mark": None, "header_row": 4, "layout": "wide", "sheet": "data",
    }  # fmt: skip
    assert {cell[2] for cell in stated(found)} == {"2026-09"}
    assert sorted(str(cell[4]) for cell in stated(found)) == ["1.5", "1234.0", "123456.0", "2.0", "5.0", "None"]
    assert warnings(found) == [("school_code_repaired", 6)]


@pytest.mark.parametrize(
    ("cell", "text"), [(5.0, "5"), (1.234, "1.234" + TYPED), (-0.5, "-0.5" + TYPED), (True, "TRUE"), ("1.5", "1.5")]
)
def test_typed_cells_become_texts_without_loss(cell, text):
    assert as_text(cell) == text


def test_cells_without_a_value_are_not_blank_in_a_workbook(check: CheckText):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["school_code", "period", "teachers_active", "teachers_total", "messages_sent"])
        sheet.write_row(1, 0, ["001024", "2026-09"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 3, "=SUM(1,2)", None, "")
        sheet.write_formula(1, 4, "=2*3", None, 6)
    found = check(target.getvalue())
    assert [(one.code, one.column, one.value) for one in found.findings] == [
        ("not_a_number", "teachers_active", "#DIV/0!"), ("not_a_number", "teachers_total", "=SUM(1,2)"),
    ]  # fmt: skip


def test_hidden_rows_and_columns_are_read_and_said_aloud(check: CheckText):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["school_code", "period", "teachers_active"])
        for number, code in enumerate(("001024", "001025", "002017"), start=1):
            sheet.write_row(number, 0, [code, "2026-09", number])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
    found = check(target.getvalue())
    assert warnings(found) == [("hidden_rows", None), ("hidden_columns", None)] and found.values["new"] == 3
    rows, columns = found.findings
    assert "(3)" in rows.message() and "(B)" in columns.message()


def test_the_sheet_can_be_chosen(check: CheckText):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, value in (("август", 1), ("сентябрь", 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["school_code", "period", "teachers_active"])
            sheet.write_row(1, 0, ["001024", "2026-09", value])
    assert {cell[4] for cell in stated(check(target.getvalue()))} == {1.0}
    assert {cell[4] for cell in stated(check(target.getvalue(), sheet="сентябрь"))} == {2.0}
    assert errors(check(target.getvalue(), sheet="октябрь")) == [("unknown_sheet", None)]


def test_the_first_rows_are_there_to_choose_the_header_from(check):
    found = check("Report of September;;\n;;\nCode;Active;\n001024;5;\n")
    assert found.recognised.first_rows == [["Report of September", "", ""], ["", "", ""], ["Code", "Active", ""],
                                           ["001024", "5", ""]]  # fmt: skip
    people = check("Report;a@b.kz\nschool_code;teachers_active\n001024;5\n")
    assert people.recognised.first_rows == [] and not people.acceptable
