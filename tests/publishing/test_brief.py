"""The brief: two pages in every language that say what the figures are, and nothing that their reader may not see."""

import io
import json
import os
import shutil
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from sqlmodel import col, select

from access import language
from access.identity import PUBLIC, identify, identity_of_email
from access.refusal import NotAllowed
from analytics.scope import CannotAnswer
from data_model.engine import make_engine, open_session
from data_model.measures import Target
from data_model.people import Account
from data_model.periods import Period
from data_model.places import Area
from data_model.registry import Initiative
from publishing import releases
from publishing.brief import drawing, map_drawing
from publishing.brief.contents import Question, contents
from publishing.brief.make import as_pdf, make
from publishing.brief.places import Mapped, Place
from publishing.brief.standing import Course, Level, Point
from publishing.open_data import NoSuchRelease
from tests.analytics.reports import Reports
from tests.commands import Commands
from tests.factories import (
    START,
    make_account,
    make_claim,
    make_enrolment,
    make_grant,
    make_initiative,
    make_school,
    make_source,
)

AT = START + timedelta(days=20)
KEY = "kz-chatgpt-edu"
NAMES = {
    "KZ-75": {"name_en": "Almaty", "name_ru": "Алматы", "name_kk": "Алматы қаласы: әғқңөұүһі"},
    "KZ-10": {"name_en": "Abai Region", "name_ru": "Абайская область", "name_kk": "Абай облысы"},
}
NAUGHTY = '#panic("run") $x^2$ *bold* _it_ `raw` <label> @cite // "quote" \\ [x] #{1+1} https://a.b/#c'


def reports(session):
    """Three months: the last school never reports, and in KZ-10 three teachers are active in October."""
    made = Reports(session)
    for code, names in NAMES.items():
        for name, value in names.items():
            setattr(made.world.areas[code], name, value)
    totals = {"001024": 40, "001025": 30, "002017": 30, "020311": 30, "100450": 20}
    for month, active in (("2026-08", 4), ("2026-09", 10), ("2026-10", 20)):
        made.report(month, {
            code: {
                "teachers_total": total, "teachers_trained": total - 10, "licences_allocated": total,
                "licences_activated": total - 5, "messages_sent": 100,
                "teachers_active": active if code.startswith("00") else (3 if code == "020311" else 0),
            }
            for code, total in totals.items()
        })  # fmt: skip
    initiative = made.world.initiative
    session.add(Target(
        initiative_id=initiative.id, measure_id=made.world.indicators["teacher_activation"].id,
        area_id=made.world.areas["KZ"].id, baseline=Decimal(5), baseline_on=date(2026, 8, 1), value=Decimal(70),
        due_on=date(2028, 6, 30), demonstration=False, recorded_at=START - timedelta(days=900),
    ))  # fmt: skip
    make_claim(session, initiative, make_source(session, "S2", grade="C", url="https://example.org/other"))
    make_initiative(session, make_source(session, "S3"), "kz-fund", name="The Fund", summary="A fund. " * 300)
    return made


@pytest.fixture(scope="module")
def address(sqlite_template, tmp_path_factory):
    """The address of a database with three months of reports and a release of them."""
    path = tmp_path_factory.mktemp("brief") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        made = reports(session)
        reviewer = identify(session, made.world.accounts["reviewer"])
        releases.release(session, by=reviewer, note="First", at=START + timedelta(days=1))
        region = make_account(session, "almaty@example.org")
        make_grant(session, region, "analyst", area_id=made.world.areas["KZ-75"].id)
        session.commit()
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def engine(address):
    opened = make_engine(address)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine):
    with open_session(engine, write=True) as opened:
        yield opened


def pages(pdf):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def words(pdf):
    """Return all that is written, however lines were broken."""
    return " ".join(" ".join(pages(pdf)).split())


def cards(said):
    return {card.measure: card for card in said.figures.cards}


def test_it_says_what_the_figures_are(session):
    said = contents(session, Question(KEY), AT)
    lead = cards(said)["teacher_activation"]
    # 20 in each of three schools and 3 in a fourth, of 150 teachers; the month before 10 and 3.
    assert (lead.value, lead.base) == ("42.0%", "5 of 6 schools")
    assert lead.change == "+20.0 points since Sep 2026"
    assert lead.target == "Target 70.0% by 30 Jun 2028"
    assert cards(said)["teachers_active"].value == "63" and said.period == "October 2026"
    assert [point.value for point in said.figures.course.points] == [10.0, 22.0, 42.0]
    assert said.figures.course.baseline == Level(5.0, "Baseline 5.0%, 1 Aug 2026")
    assert [(place.code, place.value) for place in said.figures.map.places] == [("KZ-10", 6.0), ("KZ-75", 60.0)]
    licences, teachers = said.figures.funnels
    assert [step.text for step in licences.steps] == ["150", "125"] and licences.steps[1].way == "25 fewer (16.7%)"
    assert [step.text for step in teachers.steps] == ["150", "100", "63"]
    assert "no difference" in teachers.steps[2].way, "who is active need not have been trained"
    assert [(one.announced, one.measured) for one in said.claims] == [("at least 84,000 teachers", "100")]


def test_claims_that_contradict_each_other_stand_side_by_side_and_say_so(session):
    initiative = session.exec(select(Initiative).where(col(Initiative.key) == KEY)).one()
    other = make_source(session, "S7", url="https://example.org/third")
    make_claim(session, initiative, other, "second", value=Decimal(80000), note="Conflicts with 84,000 in S2.")
    session.flush()
    said = contents(session, Question(KEY), AT)
    assert [(one.announced, one.conflict) for one in said.claims] == [
        ("at least 84,000 teachers", "contradicted by source 2"),
        ("at least 80,000 teachers", "contradicted by source 1"),
    ]
    assert "contradicted by source 2" in words(as_pdf(said))


def test_what_to_look_at_first_says_why(session):
    (only,) = contents(session, Question(KEY), AT).figures.attention
    assert (only.place, only.why) == ("Abai Region", "1 report is missing")
    assert only.figure == "Reported: 66.7% (2 of 3 schools)"


def test_a_school_below_what_chance_explains_comes_first(database_of_many):
    said = contents(database_of_many, Question(KEY, area="KZ-75"), AT)
    first = said.figures.attention[0]
    assert (first.place, first.figure) == ("School 900011", "Teacher activation: 10.0%")
    assert first.why == "below the 99.8% limit; all together 46.4%"
    assert said.figures.points[-1].startswith("Look first at: School 900011 (below the 99.8% limit")


@pytest.fixture
def database_of_many(sqlite_template, tmp_path):
    """A session on a country where eleven schools of KZ-75 have 100 teachers each, of whom 50 are active, in one 10."""
    shutil.copyfile(sqlite_template, tmp_path / "many.db")
    opened = make_engine(f"sqlite:///{tmp_path / 'many.db'}")
    with open_session(opened, write=True) as session:
        made = Reports(session)
        codes = [f"9000{number:02}" for number in range(1, 12)]
        for code in codes:
            made.world.schools[code] = make_school(session, code, made.world.areas["KZ-75-01"])
            make_enrolment(session, made.world.initiative, made.world.schools[code])
        active = dict.fromkeys(codes, 50) | {"900011": 10}
        made.report("2026-10", {code: {"teachers_total": 100, "teachers_active": active[code]} for code in codes})
        yield session
    opened.dispose()


def test_a_figure_that_stands_on_too_few_schools_says_so(session):
    made = contents(session, Question(KEY, area="KZ-10"), AT)
    assert made.figures.provisional == ("66.7% of schools have reported, fewer than 80%",)
    assert "Provisional: 66.7% of schools" in words(as_pdf(made))


SUBJECTS = {
    "country": Question(KEY),
    "region": Question(KEY, area="KZ-75"),
    "initiative": Question("kz-fund"),
    "released": Question(KEY, released=True),
    "released-region": Question(KEY, area="KZ-75", released=True),
    "district": Question(KEY, area="KZ-75-01"),
}
PRINTED = [*((name, "en") for name in SUBJECTS), *((name, spoken) for name in ("country", "region", "initiative")
                                                    for spoken in ("ru", "kk"))]  # fmt: skip


@pytest.mark.parametrize(("subject", "spoken"), PRINTED)
def test_it_is_two_pages_in_every_language(session, subject, spoken):
    question = SUBJECTS[subject]
    with language.in_language(spoken):
        said = contents(session, question, AT)
        pdf = as_pdf(said)
    first, second = pages(pdf)
    assert said.place.split()[0] in first and said.citation in first and said.citation in second
    assert said.address in "".join(second.split()), "the address that opens this view"
    if spoken == "kk" and question.area == "KZ-75":
        assert "Алматы қаласы: әғқңөұүһі" in words(pdf), "every Kazakh letter is there and can be copied"


def test_the_same_question_at_the_same_moment_gives_the_same_bytes(session):
    made = make(session, Question(KEY), AT)
    assert made == make(session, Question(KEY), AT)
    assert contents(session, Question(KEY), AT).citation in words(made)


def test_a_citation_changes_with_what_is_said_and_only_then(session):
    then = contents(session, Question(KEY, released=True), AT).citation
    assert then == contents(session, Question(KEY, released=True), AT + timedelta(days=9)).citation
    assert then != contents(session, Question(KEY, released=True, period=Period.parse("2026-09")), AT).citation
    session.exec(select(Area).where(col(Area.code) == "KZ-10")).one().name_en = "Renamed"
    session.flush()
    assert then != contents(session, Question(KEY, released=True), AT).citation


def test_live_figures_are_pinned_to_a_moment_that_the_address_names(session):
    said = contents(session, Question(KEY), AT + timedelta(microseconds=17))
    assert f"as_of={AT:%Y-%m-%dT%H:%M:%SZ}" in said.address and said.speaks_for == AT


def test_the_address_is_the_first_host_that_the_server_is_asked_by(session, monkeypatch):
    monkeypatch.setenv("UPTAKE_HOSTS", "uptake.example.gov, uptake.local:8600")
    assert contents(session, Question(KEY), AT).address.startswith(f"https://uptake.example.gov/?initiative={KEY}&")
    monkeypatch.setenv("UPTAKE_HOSTS", "uptake.local:8600")
    assert contents(session, Question("kz-fund"), AT).address == (
        "http://uptake.local:8600/initiatives?initiative=kz-fund&lang=en"
    )


def test_what_is_withheld_is_not_printed(session):
    said = contents(session, Question(KEY, area="KZ-10", released=True), AT)
    assert cards(said)["teachers_active"].value == "withheld"
    assert cards(said)["teacher_activation"].base == "3 schools expected"
    assert [point.value for point in said.figures.course.points] == [None] * 3
    told = json.dumps(said.__dict__, default=str)
    assert "6.0%" not in told and "3 of" not in told and "School 0" not in told


def test_a_release_opens_to_no_school_and_no_district(session):
    with pytest.raises(CannotAnswer):
        contents(session, Question(KEY, area="KZ-75-01", released=True), AT)
    said = contents(session, Question(KEY, area="KZ-75", released=True), AT)
    assert [place.code for place in said.figures.map.places] == ["KZ-75"] and said.figures.areas == ()


def test_the_brief_of_a_region_tells_no_live_figure_of_another(session):
    said = contents(session, Question(KEY, area="KZ-75"), AT)
    told = json.dumps(said.__dict__, default=str)
    assert "Abai" not in told and "KZ-10" not in told
    assert {place.code for place in said.figures.map.places} <= {"001024", "001025", "002017"}
    assert "Measured: as released." in said.claims_note


def test_rights_are_asked_for_when_it_is_made(session, engine):
    with open_session(engine) as reading:
        somebody = identify(reading, reading.exec(_account("almaty@example.org")).one())
    with pytest.raises(NotAllowed):
        make(session, Question(KEY), AT, who=somebody)
    with pytest.raises(NotAllowed):
        make(session, Question(KEY, area="KZ-75"), AT, who=PUBLIC)
    assert make(session, Question(KEY, area="KZ-75"), AT, who=somebody).startswith(b"%PDF")
    assert make(session, Question(KEY, released=True), AT, who=PUBLIC).startswith(b"%PDF")


def _account(email):
    return select(Account).where(col(Account.email) == email)


def test_nothing_in_the_data_is_run_or_breaks_the_pages(session):
    initiative = session.exec(select(Initiative).where(col(Initiative.key) == KEY)).one()
    initiative.name = NAUGHTY
    for number, area in enumerate(session.exec(select(Area)).all()):
        area.name_en = f"{NAUGHTY} {number} " + "Ж" * 120
    for number in range(30):
        source = make_source(
            session, f"X{number}", title=NAUGHTY * 9, publisher="П" * 200, url="javascript:alert(1)//" + "u" * 300
        )
        make_claim(session, initiative, source, f"x{number}", population=NAUGHTY * 5 + "ы" * 400, note=NAUGHTY)
    session.flush()
    pdf = as_pdf(contents(session, Question(KEY), AT))
    assert len(pages(pdf)) == 2
    assert '#panic("run") $x^2$ *bold* _it_ `raw` <label>' in words(pdf)
    assert "more in Uptake" in words(pdf), "what has no room is counted"
    links = [
        note.get_object()["/A"].get("/URI", "")
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for note in page.get("/Annots", [])
    ]
    assert links and not any(link.startswith("javascript") for link in links)


def test_demonstration_is_written_on_both_pages(session):
    said = contents(session, Question(KEY), AT)
    assert all("DEMONSTRATION" not in page for page in pages(as_pdf(said)))
    invented = type(said)(**said.__dict__ | {"demonstration": True})
    assert all("DEMONSTRATION" in page for page in pages(as_pdf(invented)))


def test_a_gap_in_a_course_is_hatched_and_never_bridged():
    points = tuple(
        Point(
            f"p{number}", date(2026, 1 + number, 1), value, "12" if value else "withheld", "" if value else "suppressed"
        )
        for number, value in enumerate([10.0, 12.0, None, 14.0, 12.0])
    )
    picture = drawing.course(Course("t", True, 1, points, None, None, "", ""), 84, 60)
    lines = [mark for mark in picture.marks if mark["kind"] == "path" and mark["stroke"] == drawing.BLUE]
    assert [len(mark["rings"][0]) for mark in lines] == [2, 2]
    assert "withheld" in [mark.get("text") for mark in picture.marks]


def test_on_the_map_unknown_is_hatched_and_zero_has_a_colour_of_its_own(session):
    numbers = contents(session, Question(KEY), AT).figures.map.numbers
    shown = [Place("KZ-10", "A", None, "not_reported"), Place("KZ-11", "B", 0.0, "reported")]
    marks = map_drawing.draw(Mapped("t", "KZ", "", numbers, tuple(shown), "", ""), 84, 60).marks
    fills = [mark["fill"] for mark in marks if mark["kind"] == "path" and mark["closed"]]
    assert fills.count(drawing.ORANGE) == 2, "the area, and the legend"
    texts = [mark["text"] for mark in marks if mark["kind"] == "text"]
    assert texts == ["0%", "0%", "not reported"]


def test_the_command_line_writes_it_and_refuses_in_json(address, tmp_path, request):
    commands = Commands({**os.environ, "DATABASE_URL": address})
    request.addfinalizer(commands.close)

    def run(*words):
        return commands.run("publishing", "brief", "-o", str(tmp_path / "b.pdf"), *words)

    done = run("--initiative", KEY, "--area", "KZ-75", "--lang", "kk", "--period", "2026-09", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["citation"] in words((tmp_path / "b.pdf").read_bytes())
    for asked, code in (
        (("--initiative", "nothing"), "unknown_initiative"),
        (("--initiative", KEY, "--by", "almaty@example.org"), "not_allowed"),
        (("--initiative", KEY, "--period", "2026-07", "--released"), "not_released"),
    ):
        refused = run(*asked)
        assert refused.returncode == 1 and json.loads(refused.stdout)["error"] == code, refused.stdout
    assert run("--initiative", KEY, "--lang", "xx").returncode == 2


def test_a_brief_of_a_release_names_it_in_its_address_and_ends_with_it(session):
    newest = contents(session, Question(KEY, released=True), AT)
    said = contents(session, Question(KEY, release=1), AT)
    assert said.citation == newest.citation and "&release=1&" in said.address and "as_of" not in said.address
    reviewer = identity_of_email(session, "reviewer@example.org")
    releases.release(session, by=reviewer, note="Second", at=AT)
    assert contents(session, Question(KEY, release=1), AT + timedelta(days=9)).citation == said.citation
    assert "&release=2&" in contents(session, Question(KEY, released=True), AT + timedelta(days=9)).address
    releases.withdraw(session, 1, by=reviewer, reason="A wrong file", at=AT + timedelta(hours=1))
    with pytest.raises(NoSuchRelease, match="A wrong file"):
        make(session, Question(KEY, release=1), AT, who=PUBLIC)
