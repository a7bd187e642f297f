"""A reset removes the demonstration and nothing else."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access import accounts, audit
from access.identity import identity_of_email
from data_model.engine import make_engine, open_session
from data_model.measures import Measure
from data_model.participation import Enrolment, ReportingPeriod
from data_model.people import Account, AuditEvent, Grant
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative, Organisation, Participation
from data_model.rollups import Rollup
from data_model.submissions import Observation, Submission
from intake.check import check_file
from intake.options import Options as ReadingOptions
from intake.record import accept, cells_of, submit
from intake.undo import undo
from seed import registry
from seed.__main__ import main
from seed.demo import Made, counts, make_demonstration, real_submissions, remove_demonstration
from seed.demonstration.money import INVENTED
from tests.intake.recomputed import Tables
from tests.made_once import made_once
from tests.seed.comparing import all_tables
from tests.seed.conftest import NOW, ONE_DATABASE, SMALLEST

LATER = NOW + timedelta(days=1)
# The audit trail is never cut, and those whose deeds it tells stay in it.
PEOPLE = ("account", "grant_of_role", "audit_event", "audit_event_place")
REAL = "990001"
PASSWORD = "correct horse battery"


@pytest.fixture
def mixed(engine: Engine, smallest: Made) -> Iterator[Session]:
    """A demonstration beside something real: a school, two people, three accepted files, one of them undone again."""

    def make() -> None:
        with open_session(engine, write=True) as session:
            add_something_real(session)
            session.commit()

    made_once(engine, "something real", make)
    with open_session(engine, write=True) as session:
        yield session


def add_something_real(session: Session) -> None:
    initiative = session.exec(select(Initiative).where(Initiative.key == "kz-chatgpt-edu")).one()
    area = session.exec(select(Area).where(Area.code == "KZ-75")).one()
    school = School(country="KZ", code=REAL)
    session.add(school)
    session.flush()
    began = SMALLEST.prologue
    session.add(SchoolRecord(school_id=school.id, area_id=area.id, name="A real school", recorded_at=began))
    joined = date(2026, 1, 1)
    session.add(Enrolment(initiative_id=initiative.id, school_id=school.id, joined_on=joined, recorded_at=began))
    for email, role in (("anna@example.org", "manager"), ("boris@example.org", "reviewer")):
        account = accounts.add_account(session, email=email, password=PASSWORD, at=NOW)
        accounts.add_grant(session, account, role, at=NOW, country="KZ")
    first = send(session, f"{REAL},teachers_total,2026-10,50\n{REAL},teachers_active,2026-10,10\n", 1)
    send(session, f"{REAL},teachers_active,2026-10,20\n001024,teachers_active,2026-10,3\n", 2)
    send(session, "001024,teachers_active,2026-10,4\n001025,teachers_active,2026-10,4\n", 3)
    undo(
        session, first, by=identity_of_email(session, "boris@example.org"), reason="Wrong", at=NOW + timedelta(hours=4)
    )


def send(session: Session, lines: str, hours: int) -> int | None:
    """Submit and accept a long file of real people's; return its submission."""
    initiative = session.exec(select(Initiative).where(Initiative.key == "kz-chatgpt-edu")).one()
    content = ("school_code,metric,period,value\n" + lines).encode()
    moment = NOW + timedelta(hours=hours)
    check = check_file(session, initiative, content, f"real_{hours}.csv", ReadingOptions(), at=moment)
    assert check.acceptable, check.as_json()["findings"]
    submission = submit(session, check, by=identity_of_email(session, "anna@example.org"), at=moment)
    reviewer = identity_of_email(session, "boris@example.org")
    accept(session, submission.id, by=reviewer, fingerprint=submission.fingerprint, at=moment)
    return submission.id


def everything_but_people(session: Session) -> dict:
    return {name: rows for name, rows in all_tables(session).items() if name not in PEOPLE}


def test_it_leaves_the_registry_as_it_was_row_by_row(session):
    registry.load(session, NOW)
    before = everything_but_people(session)
    make_demonstration(session, SMALLEST, say=lambda _line: None)
    assert everything_but_people(session) != before
    remove_demonstration(session, LATER)
    assert everything_but_people(session) == before
    assert counts(session) == {}


@ONE_DATABASE
def test_of_its_people_stay_those_whose_deeds_the_trail_tells_and_they_cannot_come_in(smallest, session):
    remove_demonstration(session, LATER)
    left = session.exec(select(Account)).all()
    assert {account.email for account in left} == {"manager@demo.example", "reviewer@demo.example"}
    for shown in smallest.accounts:
        assert accounts.check_password(session, shown.email, shown.password, at=LATER) is None
    assert session.exec(select(Grant).where(col(Grant.revoked_at).is_(None))).all() == []
    newest = session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))).all()
    assert audit.verify(session).intact and "demonstration_removed" in newest


@ONE_DATABASE
def test_it_takes_back_what_another_countrys_initiative_was_asked_for(session):
    registry.load(session, NOW)
    before = everything_but_people(session)
    options = replace(SMALLEST, country="EE", time_zone="Europe/Tallinn", schools=6, months=1)
    make_demonstration(session, options, say=lambda _line: None)
    remove_demonstration(session, LATER)
    assert everything_but_people(session) == before


@ONE_DATABASE
def test_real_submissions_on_invented_schools_are_named_with_what_becomes_of_them(mixed):
    named = real_submissions(mixed)
    assert [(one.file_name, one.on_invented_schools, one.on_real_schools) for one in named] == [
        ("real_2.csv", 1, 1),
        ("real_3.csv", 2, 0),
    ]
    assert "anna@example.org" in named[0].as_line() and "1 value on real schools stays" in named[0].as_line()
    assert "It is removed with them" in named[1].as_line()


@ONE_DATABASE
def test_what_is_real_stays_with_its_history(mixed):
    school = mixed.exec(select(School).where(School.code == REAL)).one()
    query = select(Observation).where(Observation.school_id == school.id).order_by(col(Observation.id))
    before = [row.model_dump() for row in mixed.exec(query).all()]
    trail = audit.verify(mixed).events
    invented = mixed.exec(select(Organisation).where(col(Organisation.key).contains(INVENTED))).first()
    initiative = mixed.exec(select(Initiative)).first()
    told_by = {"initiative_id": initiative.id, "source_id": initiative.source_id}
    mixed.add(Participation(organisation_id=invented.id, role="partner", **told_by))
    remove_demonstration(mixed, LATER)
    left = mixed.exec(select(Organisation.id).where(col(Organisation.key).contains(INVENTED))).all()
    assert left == [invented.id], "taken up by somebody for something real"
    assert [row.model_dump() for row in mixed.exec(query).all()] == before
    assert [one.code for one in mixed.exec(select(School)).all()] == [REAL]
    assert {one.school_id for one in mixed.exec(select(Observation)).all()} == {school.id}
    left = mixed.exec(select(Submission).order_by(col(Submission.id))).all()
    assert [(one.file_name, one.state) for one in left] == [("real_1.csv", "undone"), ("real_2.csv", "accepted")]
    assert set(cells_of(mixed, left[1].id).school_id.tolist()) == {school.id}
    assert audit.verify(mixed).intact and audit.verify(mixed).events > trail
    assert counts(mixed) == {}


def test_rollups_are_made_anew_for_every_moment_of_what_stays(mixed):
    remove_demonstration(mixed, LATER)
    tables = Tables(mixed)
    period = mixed.exec(select(ReportingPeriod)).one()
    told = set()
    for hours in (1.5, 2.5, 3.5, 4.5, 48):
        moment = NOW + timedelta(hours=hours)
        assert tables.rollups_are(period.id, moment) == tables.rollups_should_be(period.id, moment)
        told.add(str(tables.rollups_are(period.id, moment)))
    assert len(told) == 3
    assert set(mixed.exec(select(Rollup.demonstration)).all()) == {False}
    active = mixed.exec(select(Measure.id).where(Measure.key == "teachers_active")).one()
    root = mixed.exec(select(Area.id).where(Area.code == "KZ")).one()
    current = mixed.exec(
        select(Rollup.numerator).where(
            Rollup.measure_id == active, Rollup.area_id == root, col(Rollup.superseded_at).is_(None)
        )
    ).one()
    assert current == 20


@ONE_DATABASE
def test_accounts_that_the_trail_names_are_closed_and_open_again_for_the_next_demonstration(mixed):
    remove_demonstration(mixed, LATER)
    left = mixed.exec(select(Account).where(col(Account.demonstration))).all()
    assert left and all(account.disabled_at is not None for account in left)
    real = mixed.exec(select(Account).where(col(Account.demonstration).is_(False))).all()
    assert {account.email for account in real} == {"anna@example.org", "boris@example.org"}
    assert all(account.disabled_at is None for account in real)
    made = make_demonstration(mixed, SMALLEST, say=lambda _line: None)
    reviewer = made.accounts[2]
    assert accounts.check_password(mixed, reviewer.email, reviewer.password, at=LATER) is not None


def test_the_command_asks_first(sqlite_url, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    assert main(["demo", "--schools", "5", "--months", "1", "--until", "2026-09"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{role}@demo.example" in shown for role in ("analyst", "manager", "reviewer", "administrator"))
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert main(["reset"]) == 1
    assert "5 school" in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert main(["reset"]) == 0
    engine = make_engine(sqlite_url)
    with open_session(engine) as session:
        assert counts(session) == {}
    engine.dispose()
    capsys.readouterr()
    assert main(["reset", "--yes"]) == 0
    assert "There is no demonstration data." in capsys.readouterr().out
