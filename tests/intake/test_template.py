"""Templates: the design's CSV exactly, the same as a workbook, and both come back without a warning."""

import csv
import html
import io
import re
import zipfile
from datetime import date
from itertools import product

import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from access import language
from data_model.measures import Definition
from data_model.periods import Period
from intake.check import check_file
from intake.our_sheets import MARK
from intake.quantities import NOT_APPLICABLE_WORDS
from intake.refusal import Refused
from intake.template import template
from intake.template_workbook import SPARE_ROWS
from tests.factories import START, World, make_enrolment, make_school, make_world
from tests.intake.filling import filled_in

KEYS = (
    "licences_allocated", "licences_activated", "teachers_total", "teachers_trained", "teachers_active",
    "messages_sent", "teachers_surveyed", "usefulness_score", "training_hours",
)  # fmt: skip


@pytest.fixture
def world(session: Session) -> World:
    world = make_world(session)
    trouble = make_school(session, "300000", world.areas["KZ-75-01"], name='=HYPERLINK("http://x")')
    make_enrolment(session, world.initiative, trouble)
    for code, enrolment, record in (
        ("300001", {"left_on": date(2026, 10, 31)}, {}),
        ("300002", {}, {"closed_on": date(2026, 10, 15)}),
        ("300003", {"joined_on": date(2026, 11, 1)}, {}),
    ):
        make_enrolment(
            session, world.initiative, make_school(session, code, world.areas["KZ-75-01"], **record), **enrolment
        )
    return world


def make(session: Session, world: World, **given: object) -> bytes:
    return template(session, world.initiative, at=START, **given)


def test_the_wide_template_has_a_row_for_each_school_expected(session, world):
    lines = make(session, world).decode("utf-8").splitlines()
    assert lines[0] == ",".join(("school_code", "school_name", "period", *KEYS))
    codes = [line.split(",")[0] for line in lines[1:]]
    assert codes == ["001024", "001025", "002017", "020311", "100450", "100451", "300000"]
    assert lines[1] == "001024,School 001024,2026-10" + "," * len(KEYS)


def test_the_long_template_has_a_row_for_each_school_and_metric(session, world):
    lines = make(session, world, layout="long", period=Period.parse("2026-09")).decode("utf-8").splitlines()
    assert lines[0] == "school_code,school_name,period,metric,value"
    assert lines[1] == "001024,School 001024,2026-09,licences_allocated,"
    assert len(lines) == 1 + 9 * len(KEYS)


def test_a_name_that_looks_like_a_formula_is_made_harmless(session, world):
    assert "\n300000,\"'=HYPERLINK" in make(session, world).decode("utf-8").replace("\r", "")


@pytest.mark.parametrize("layout", ["wide", "long"])
def test_the_workbook_holds_the_same_table_as_texts(session, world, layout):
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(make(session, world, layout=layout, file_format="xlsx"))
    )
    rows = book.get_sheet_by_index(0).to_python()
    text = make(session, world, layout=layout).decode("utf-8")
    assert [row[0] for row in rows] == [line.split(",")[0] for line in text.splitlines()]
    assert all(isinstance(cell, str) for row in rows for cell in row)


@pytest.mark.parametrize("layout", ["wide", "long"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_an_empty_template_says_nothing_and_has_nothing_wrong(session, world, layout, file_format):
    content = make(session, world, layout=layout, file_format=file_format)
    empty = check_file(session, world.initiative, content, f"template.{file_format}", at=START)
    assert empty.findings.by_code == {"no_values": 1} and empty.rows.rejected == 0


# What a person may write into a cell: nothing, a number, or that it does not apply.
COUNTS = st.one_of(st.none(), st.integers(0, 1_000_000), st.sampled_from(sorted(NOT_APPLICABLE_WORDS)))
SCORES = st.one_of(st.none(), st.integers(100, 500).map(lambda number: number / 100))


@pytest.fixture(scope="module")
def shared(country):
    """The small country with templates in every form: (layout, format, language) -> content."""
    session, world = country
    made = {}
    for layout, file_format, spoken in product(("wide", "long"), ("csv", "xlsx"), ("en", "ru", "kk")):
        with language.in_language(spoken):
            made[layout, file_format, spoken] = make(session, world, layout=layout, file_format=file_format)
    return session, world, made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    form=st.tuples(st.sampled_from(["wide", "long"]), st.sampled_from(["csv", "xlsx"]),
                   st.sampled_from(["en", "ru", "kk"])),
    said=st.lists(st.tuples(COUNTS, SCORES), min_size=1, max_size=6),
)  # fmt: skip
def test_a_template_filled_in_and_uploaded_gives_no_warning(shared, form, said):
    session, world, made = shared
    layout, file_format, _spoken = form
    values = {}
    for place, (count, score) in enumerate(said):
        # The same number for every count breaks no rule between them; a mean stands only beside its count.
        told = dict.fromkeys(KEYS, count) | {"training_hours": 0.5 if isinstance(count, int) else count}
        told["usefulness_score"] = score if isinstance(count, int) else None
        for number, key in enumerate(KEYS):
            if told[key] is not None:
                row, column = (2 + place, 4 + number) if layout == "wide" else (2 + place * len(KEYS) + number, 5)
                values[row, column] = told[key]
    fill = filled_in if file_format == "xlsx" else filled_in_csv
    found = check_file(session, world.initiative, fill(made[form], values), f"t.{file_format}", at=START)
    expected = {} if values else {"no_values": 1}
    assert found.findings.by_code == expected
    counts = found.values
    assert counts["new"] + counts["not_applicable"] == len(values)
    assert counts["not_applicable"] == sum(isinstance(value, str) for value in values.values())


def filled_in_csv(content, values):
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    for (row, column), value in values.items():
        rows[row - 1][column - 1] = str(value)
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8")


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def rules(xml):
    """Return the validations of a sheet: cells -> formula or source."""
    found = re.findall(r'<dataValidation [^>]*sqref="([^"]+)"[^>]*><formula1>(.*?)</formula1>', xml)
    return {cells: html.unescape(formula) for cells, formula in found}


def test_a_workbook_s_value_cells_take_what_their_metric_allows_and_not_applicable(session, world):
    made = rules(parts(make(session, world, file_format="xlsx"))["xl/worksheets/sheet1.xml"])
    assert set(made) == {f"{column}2:{column}8" for column in "DEFGHIJKL"}
    assert made["D2:D8"].startswith("IF(ISNUMBER(D2),AND(ROUND(D2,0)=D2,D2>=0,D2<=1000000),OR(")
    assert "AND(ROUND(K2,2)=K2,K2>=1,K2<=5)" in made["K2:K8"]
    assert all(f'="{word}"' in made["D2:D8"] for word in NOT_APPLICABLE_WORDS)
    assert all(len(formula) <= 255 for formula in made.values()), "spreadsheet programs take no longer ones"


def test_the_long_workbook_offers_codes_metrics_and_the_period(session, world):
    content = make(session, world, layout="long", file_format="xlsx")
    found = rules(parts(content)["xl/worksheets/sheet1.xml"])
    last = 1 + 7 * len(KEYS) + SPARE_ROWS
    assert found[f"A2:A{last}"] == "lists!$A$2:$A$8"
    assert (found[f"C2:C{last}"], found[f"D2:D{last}"]) == ("lists!$B$2:$B$2", f"lists!$C$2:$C${1 + len(KEYS)}")
    assert "VLOOKUP(D2,lists!$C:$F,3,0)" in found[f"E2:E{last}"] and len(found[f"E2:E{last}"]) <= 255
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheets_metadata[2].visible is not python_calamine.SheetVisibleEnum.Visible
    lists = book.get_sheet_by_name("lists").to_python()
    assert lists[1] == ["001024", "2026-10", "licences_allocated", 0.0, 1_000_000.0, 0.0]


def test_a_workbook_locks_what_is_filled_in_and_says_what_metrics_mean_in_the_reader_s_language(session, world):
    definition = session.exec(select(Definition).order_by(Definition.id)).first()
    definition.name_ru, definition.text_ru = "Выделено", "Сколько выделено."
    session.flush()
    with language.in_language("ru"):
        found = parts(make(session, world, file_format="xlsx"))
    sheet = found["xl/worksheets/sheet1.xml"]
    assert "<sheetProtection " in sheet and 'password="' not in sheet and 'autoFilter="0"' in sheet
    assert 'topLeftCell="C2"' in sheet and 'state="frozen"' in sheet
    assert "Сколько выделено." in found["xl/comments1.xml"] and 'ref="D1"' in found["xl/comments1.xml"]
    assert 'name="Прочтите"' in found["xl/workbook.xml"] and MARK in found["xl/worksheets/sheet2.xml"]
    unlocked = re.findall(r'<xf [^>]*><protection locked="0"/></xf>', found["xl/styles.xml"].replace("><", "><"))
    assert len(unlocked) == 1, "only the cells to fill in are open"


def test_a_period_the_initiative_does_not_ask_for_is_refused(session, world):
    with pytest.raises(Refused) as refused:
        make(session, world, period=Period.parse("2026-Q3"))
    assert refused.value.code == "other_granularity"
