"""Strings that break programs, wherever a person may write one: no crash, nothing run, nothing changed."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import python_calamine
import xlsxwriter
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access.language import in_language
from data_model.engine import make_engine, open_session
from data_model.people import AuditEvent
from data_model.periods import Period
from data_model.places import SchoolRecord
from data_model.submissions import Finding, Submission
from intake.cells import REPORTED
from intake.check import Check, check_file, read_grid
from intake.choices import (
    forget_column,
    forget_school,
    remember_column,
    remember_schools,
    remembered_columns,
    remembered_schools,
)
from intake.faulty_rows import as_workbook, read_back
from intake.history import history
from intake.mended import restated
from intake.options import Options
from intake.record import reject, storable, submit
from intake.refusal import Refused
from intake.summary import in_words
from intake.template import template
from intake.undo import undo
from intake.withdraw import NamedCell, withdraw
from tests.factories import START, World, make_enrolment, make_school, make_world
from tests.intake.conftest import errors
from tests.intake.corpus.naughty import ALL, NAUGHTY
from tests.intake.stories import accept_now, values, who
from tests.intake.unchanging import unchanging
from ui import findings as findings_shown
from ui.downloads import as_csv

# One or two of each kind, where each costs an acceptance; the last are the worst of all.
LINES = tuple(dict.fromkeys([*(texts[0] for texts in NAUGHTY.values()), "\udcff", "=1+1\0"]))
SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # what no sheet may be called
HEADER = ("school_code", "school_name", "period", "teachers_active")
SCHOOLS = ("001024", "001025", "002017", "020311")
RUNS = re.compile(r"[=+\-@＝＋－＠\t\r\n]")


@pytest.fixture(scope="module")
def country(country: tuple[Session, World]) -> Iterator[tuple[Session, World]]:
    """The small country; no test here changes it."""
    with unchanging(country[0]):
        yield country


def written(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, encoding: str = "utf-16") -> bytes:
    """Return the rows as CSV with all cells quoted; UTF-16 can hold a NUL."""
    target = io.StringIO()
    csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    return target.getvalue().encode(encoding)


def checked(session: Session, world: World, content: bytes, name: str = "report.csv", **options) -> Check:
    """Return a check after everything that may be told of it has been told."""
    check = check_file(session, world.initiative, content, name, Options(**options), at=START)
    whole = check.as_json()
    assert json.loads("".join(check.json_pieces())) == whole
    with in_language("kk"):
        assert in_words(check)
    assert whole["verdict"] == ("acceptable" if whole["findings_total"]["error"] == 0 else "rejected")
    assert all(finding["message"] for finding in whole["findings"])
    return check


@pytest.mark.parametrize("kind", NAUGHTY)
def test_in_a_cell_it_is_a_finding_or_a_plain_value(country: tuple[Session, World], kind: str):
    """Each text in a file of its own that bears its name: a row for each column it may stand in, and a plain one."""
    session, world = country
    for text in NAUGHTY[kind]:
        rows = [[code, "", "2026-09", "5"] for code in SCHOOLS]
        for position in range(len(HEADER)):
            rows[position][position] = text
        rows.append(["100450", "", "2026-09", "7"])
        check = checked(session, world, written(*map(tuple, rows)), f"{text}.csv")
        # With a sign between its digits that nobody sees, 12 is 12.
        read = set(check.cells.value[check.cells.state == REPORTED].tolist())
        assert read <= {5.0, 7.0, 12.0}, f"{text!r} became {read}"
        assert check.acceptable or check.findings.totals["error"] > 0


@pytest.mark.parametrize("kind", NAUGHTY)
def test_as_a_column_name_a_metric_or_an_option_it_crashes_nothing(country: tuple[Session, World], kind: str):
    session, world = country
    for text in NAUGHTY[kind]:
        wide = written(("001024", "", "2026-09", "5", "x"), header=(*HEADER, text))
        assert set(checked(session, world, wide).cells.value.tolist()) <= {5.0}
        long = written(("001024", text, "2026-09", "5"), header=("school_code", "metric", "period", "value"))
        assert not len(checked(session, world, long).cells), f"{text!r} was taken for a metric"
        checked(session, world, long, schools={text: "001024"}, mapping={text: "ignore"})


def test_a_finding_quotes_it_on_one_line_and_its_message_holds_it_unchanged(country: tuple[Session, World]):
    session, world = country
    check = checked(session, world, written(*[(text, "", "2026-09", "5") for text in ALL]))
    quoted = 0
    for finding in check.findings:
        shown = finding.as_json()
        assert "\n" not in shown["message"] and "\0" not in shown["message"]
        if finding.code == "unknown_school":
            assert len(finding.value) <= 100
            assert f"“{finding.value}”" in finding.message()
            quoted += 1
            assert finding.row is not None
            text = ALL[finding.row - 2]
            if text.isprintable() and len(text) <= 100:
                assert finding.value == text
    assert quoted > 0.8 * len(ALL)


def test_notes_reasons_and_file_names_are_kept_as_they_are(engine: Engine):
    """On both databases: PostgreSQL cannot hold a NUL."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        manager, reviewer = who(session, world, "manager"), who(session, world, "reviewer")
        check = check_file(session, world.initiative, written(("001024", "", "2026-09", "5")), "x.csv", at=START)
        assert check.acceptable
        for text in (*ALL, "\udcff.csv"):
            named = replace(check, file_name=f"{text}.csv")
            number = submit(session, named, by=manager, note=text, at=START).id
            if text.strip():
                reject(session, number, by=reviewer, reason=text, at=START)
            session.flush()
            session.expire_all()
            kept = session.exec(select(Submission).where(col(Submission.id) == number)).one()
            assert kept.note == storable(text) and kept.file_name == storable(f"{text}.csv")[-300:]
        assert history(session, world.initiative, "001024", "teachers_active", Period.parse("2026-09")) == []


def test_findings_that_quote_it_are_kept(engine: Engine):
    """On both databases, all in one file: each as the name of a school that has another."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        for number in range(len(ALL)):
            school = make_school(session, f"{500_000 + number}", world.areas["KZ-75-01"])
            make_enrolment(session, world.initiative, school)
        content = written(*[(f"{500_000 + number}", text, "2026-09", "5") for number, text in enumerate(ALL)])
        check = check_file(session, world.initiative, content, "names.csv", at=START)
        assert check.acceptable, errors(check)
        submission = submit(session, check, by=who(session, world, "manager"), at=START)
        session.expire_all()
        found = session.exec(select(Finding).where(col(Finding.submission_id) == submission.id)).all()
        assert {finding.code for finding in found} == {"school_name_differs"}
        assert [finding.value for finding in found] == [storable(finding.value) for finding in check.findings]


def test_reasons_of_undo_and_withdrawal_are_kept_as_they_are(engine: Engine):
    """On both databases, through acceptance; the value held stays the one that was reported, or nothing."""
    with open_session(engine, write=True) as session:
        world = make_world(session)
        manager = who(session, world, "manager")
        for number, text in enumerate(text for text in LINES if text.strip()):
            at = START + timedelta(hours=number)
            content = written(("001024", "", "2026-09", "5"))
            check = check_file(session, world.initiative, content, f"{text}.csv", at=at)
            first = submit(session, check, by=manager, note=text, at=at).id
            accept_now(session, world, first, at)
            cell = NamedCell("001024", "teachers_active", Period.parse("2026-09"))
            second = withdraw(session, world.initiative, [cell], by=manager, reason=text, at=at).id
            accept_now(session, world, second, at)
            for submission, reversed_ in ((second, 1), (first, 1)):
                undone = undo(session, submission, by=manager, reason=text, at=at)
                assert undone.reversed == reversed_ and undone.submission.undo_reason == storable(text.strip())
            session.flush()
            session.expire_all()
            assert session.get_one(Submission, second).note == storable(text.strip())
            assert session.get_one(Submission, first).undo_reason == storable(text.strip())
        assert values(session) == {}
        reasons = {row.details["reason"] for row in session.exec(select(AuditEvent).where(AuditEvent.action == "undo"))}
        assert reasons == {storable(text.strip()) for text in LINES if text.strip()}


def test_choices_of_what_a_text_means_are_kept_applied_and_forgotten(session: Session):
    world = make_world(session)
    manager, initiative = who(session, world, "manager"), world.initiative
    for text in LINES:
        if text == "\udcff":
            continue  # no file holds half a pair
        try:
            remember_schools(session, initiative, [(text, "001024")], by=manager, at=START)
            remember_column(session, initiative, text, "ignore", by=manager, at=START)
        except Refused as refused:
            assert refused.code in ("nothing_named", "too_long"), text
            continue
        wide = written((text, "", "2026-09", "5", "x"), header=(*HEADER, text), encoding="utf-8")
        check = checked(session, world, wide)
        assert set(check.cells.school_id.tolist()) <= {world.schools["001024"].id}, text
        assert "ignored_column" not in check.findings.by_code or text in HEADER, text
        forget_school(session, initiative, text, by=manager, at=START)
        forget_column(session, initiative, text, by=manager, at=START)
    assert not remembered_schools(session, initiative) and not remembered_columns(session, initiative)


def workbook(rows: Sequence[Sequence[object]], name: str) -> bytes:
    """Return the rows as a workbook, every text as a text."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        book.add_worksheet("=other").write_string(0, 0, "=1+1")
    return target.getvalue()


@pytest.mark.parametrize("kind", NAUGHTY)
def test_a_workbook_and_its_sheets_may_say_anything(country: tuple[Session, World], kind: str):
    session, world = country
    texts = [text for text in NAUGHTY[kind] if text and len(text) <= 30_000]
    name = SHEET_NAME.sub("_", texts[0])[:31].strip("'") or "_"
    rows = [["001024", text, "2026-09", 5, text] for text in texts]
    content = workbook([[*HEADER, "Примечание"], *rows], name)
    check = checked(session, world, content, "book.xlsx")
    assert set(check.cells.value.tolist()) <= {5.0}
    check = checked(session, world, workbook([HEADER, *[[text, "", text, text] for text in texts]], name), "book.xlsx")
    assert not len(check.cells) or set(check.cells.value.tolist()) <= {5.0, 12.0}


def test_mended_cells_and_the_sheet_of_faulty_rows_hold_anything_and_run_nothing(country: tuple[Session, World]):
    session, world = country
    texts = [text for text in (*ALL, "_x0041_") if text.strip() and len(text) <= 1_000]
    content = written(*[(text, text, "2026-99", "5", text) for text in texts], header=(*HEADER, "=note(\uffff)"))
    check = checked(session, world, content, "=1+1.csv")
    book = as_workbook(check.faulty, check.findings, check.file_name, at=START)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for part in archive.namelist():
            xml = archive.read(part)
            assert b"<f>" not in xml and b"<hyperlink" not in xml and b"vbaProject" not in xml, part
    grid = read_grid(session, world.initiative, content, check.options, at=START)
    assert grid is not None
    back = read_back(book, grid, check.faulty.rows, "KZ")
    assert back.missing == []
    held = check.faulty.standing(())
    assert restated((), held, back.rows, by="Aigul", at=START.isoformat()) == ()
    said = {row: ["001024", texts[place], "2026-09", "5", ""] for place, row in enumerate(check.faulty.rows)}
    mended = restated((), held, said, by="=1+1", at=START.isoformat())
    again = checked(session, world, content, mended=mended)
    assert set(again.cells.value.tolist()) <= {5.0}
    assert Options.from_json(json.loads(json.dumps(again.options.as_json()))) == again.options


def test_findings_taken_away_as_csv_run_nothing(country: tuple[Session, World]):
    session, world = country
    check = checked(session, world, written(*[(text, text, text, text) for text in ALL], header=HEADER))
    table = findings_shown.table(check.findings, {}, for_file=True)
    rows = csv.reader(io.StringIO(as_csv(table, {text: text for text in ALL}).decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert len(cells) > len(ALL) and not [cell for cell in cells if RUNS.match(cell)]


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as session:
        yield session
    engine.dispose()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", ["wide", "long"])
def test_a_template_full_of_naughty_names_runs_nothing_and_comes_back(
    sqlite_session: Session, layout: str, file_format: str
):
    session, world = sqlite_session, make_world(sqlite_session)
    names = [text for text in ALL if text.strip() and "\0" not in text and len(text) <= 300]
    for number, name in enumerate(names):
        school = make_school(session, f"{500_000 + number}", world.areas["KZ-75-01"], name=name)
        make_enrolment(session, world.initiative, school)
    content = template(session, world.initiative, layout=layout, file_format=file_format, at=START)
    for row in rows_of(content, file_format):
        assert not [cell for cell in row if RUNS.match(cell)]
    check = check_file(session, world.initiative, content, f"template.{file_format}", at=START)
    assert check.acceptable, list(check.findings)[:3]
    assert set(check.findings.by_code) <= {"no_values", "school_name_differs"}
    held = set(session.exec(select(SchoolRecord.name)).all())
    assert set(names) <= held


def rows_of(content: bytes, file_format: str) -> list[list[str]]:
    """Return a template's rows as a spreadsheet program reads them."""
    if file_format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]
