"""Templates: the design's CSV exactly, the same as a workbook, and both come back without a warning."""

import io
from datetime import date

import pytest
import python_calamine
from sqlmodel import Session

from data_model.periods import Period
from intake.check import check_file
from intake.refusal import Refused
from intake.template import template
from tests.factories import START, World, make_enrolment, make_school, make_world

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
def test_a_filled_template_gives_no_warning(session, world, layout, file_format):
    content = make(session, world, layout=layout, file_format=file_format)
    empty = check_file(session, world.initiative, content, f"template.{file_format}", at=START)
    assert empty.findings.by_code == {"no_values": 1} and empty.rows.rejected == 0
    if file_format == "csv":
        lines = content.decode("utf-8").splitlines()
        filled = [
            lines[0],
            *(line[: -len(KEYS)] + ",5" * len(KEYS) if layout == "wide" else line + "5" for line in lines[1:]),
        ]
        found = check_file(session, world.initiative, "\n".join(filled).encode(), "template.csv", at=START)
        assert found.findings.by_code == {} and found.values["new"] == 7 * len(KEYS)


def test_a_period_the_initiative_does_not_ask_for_is_refused(session, world):
    with pytest.raises(Refused) as refused:
        make(session, world, period=Period.parse("2026-Q3"))
    assert refused.value.code == "other_granularity"
