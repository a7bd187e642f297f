"""Beside the demonstration: a second initiative of some of its schools, and another country's few; nothing summed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from analytics import compare
from analytics.scope import Scope
from data_model.engine import make_engine, open_session
from data_model.measures import Measure, Metric
from data_model.participation import Enrolment, Requirement
from data_model.places import Area, School
from data_model.registry import Initiative
from data_model.releases import ReleasedFigure
from data_model.submissions import Observation, Submission
from seed import registry
from seed.demo import Made, counts, make_demonstration, remove_demonstration
from seed.demonstration.beside import COURSES, COURSES_ASK, TeacherCourses, courses_of, elsewhere
from seed.demonstration.invented import InventedCountry
from seed.demonstration.reporting import NOT_EXPECTED
from tests import databases
from tests.factories import make_enrolment, make_school
from tests.intake.recomputed import Tables
from tests.seed.comparing import all_tables
from tests.seed.conftest import NOW, ONE_DATABASE, SMALL, SMALLEST, hash_quickly

COMPARED = replace(SMALLEST, months=1, schools=8, comparison=True)
FIRST, ESTONIA = "kz-chatgpt-edu", "ee-ai-leap"
# The audit trail is never cut, and those whose deeds it tells stay in it.
STAYS = ("account", "grant_of_role", "audit_event", "audit_event_place")
Kept = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Kept, Made]]:
    """The database with the demonstration, what it held before, and what was made."""
    path: Path = databases.migrated_sqlite_file(tmp_path_factory.mktemp("comparison") / "compared.db")
    engine = make_engine(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch, open_session(engine, write=True) as session:
        hash_quickly(patch)
        registry.load(session, NOW)
        before = _kept(session)
        shown = make_demonstration(session, COMPARED, say=lambda _line: None)
        session.commit()
    yield engine, before, shown
    engine.dispose()


@pytest.fixture
def compared(made: tuple[Engine, Kept, Made]) -> Iterator[Session]:
    """A session on it that may write, rolled back."""
    with open_session(made[0], write=True) as session:
        yield session
        session.rollback()


def _kept(session: Session) -> Kept:
    return {name: rows for name, rows in all_tables(session).items() if name not in STAYS}


def _schools(session: Session, initiative: str) -> set[str]:
    query = select(School.code).join(Enrolment, col(Enrolment.school_id) == col(School.id))
    query = query.join(Initiative, col(Initiative.id) == col(Enrolment.initiative_id))
    return set(session.exec(query.where(Initiative.key == initiative)).all())


def test_initiatives_and_countries_can_be_set_side_by_side(made, compared):
    assert made[2].initiative == FIRST
    until = COMPARED.until
    scopes = [Scope(key, "teacher_training", key[:2].upper(), until) for key in (FIRST, COURSES, ESTONIA)]
    frame = compare.initiatives(compared, scopes)
    last = frame[frame["period"] == until.key].set_index("unit")
    assert set(last.index) == {FIRST, COURSES, ESTONIA} and (last["state"] == "reported").all()
    assert last["demonstration"].all() and last["value"].is_unique
    assert set(compared.exec(select(Submission.demonstration)).all()) == {True}


def test_the_courses_are_of_schools_that_are_there_already_and_ask_for_little(compared):
    courses, first, estonia = (_schools(compared, key) for key in (COURSES, FIRST, ESTONIA))
    assert courses < first and len(first) == COMPARED.schools and len(estonia) == 12
    query = select(Measure.key, Requirement.required).join(Metric, col(Metric.id) == col(Measure.id))
    query = query.join(Requirement, col(Requirement.metric_id) == col(Metric.id))
    query = query.join(Initiative, col(Initiative.id) == col(Requirement.initiative_id))
    assert dict(compared.exec(query.where(Initiative.key == COURSES)).all()) == COURSES_ASK


def test_whoever_had_the_first_training_has_had_a_course():
    country = InventedCountry(replace(SMALL, schools=300, months=12))
    courses = TeacherCourses(country)
    told = courses.told(courses.blocks[0])
    assert 20 < len(told.schools) < 60 and (told.schools.wave > 1).all()
    own: dict[str, np.ndarray] = {}
    for block in country.blocks:
        part = country.told(block)
        own |= dict(zip(part.schools.codes, part.figures.values["teachers_trained"], strict=True))
    of_first = np.array([own[code] for code in told.schools.codes])
    taken, total = told.figures.values["teachers_trained"], told.figures.values["teachers_total"]
    assert (of_first <= taken).all() and (taken <= total).all() and taken[:, -1].sum() > of_first[:, -1].sum()
    assert (told.figures.values["training_hours"] >= 0).all()
    assert not (told.reporting.status[:, : courses.first_month] != NOT_EXPECTED).any()


def test_what_an_initiative_shows_is_the_sum_of_its_own_reports_alone(compared):
    tables = Tables(compared)
    periods = {row.period_id for row in compared.exec(select(Observation)).all()}
    for period in periods:
        stored, expected = (find(period, COMPARED.epilogue) for find in (tables.rollups_are, tables.rollups_should_be))
        asked = {measure for _area, measure in stored}
        assert stored == {key: row for key, row in expected.items() if key[1] in asked}


def test_a_release_holds_every_initiative_by_itself(compared):
    query = select(ReleasedFigure.initiative_key).where(ReleasedFigure.measure == "teacher_training").distinct()
    assert set(compared.exec(query).all()) == {FIRST, COURSES, ESTONIA}
    assert set(compared.exec(select(ReleasedFigure.demonstration)).all()) == {True}


def test_estonia_has_counties_of_its_own_names_as_its_map_has(compared):
    counties = select(Area.code, Area.name_en).where(Area.country == "EE", Area.level == 1)
    assert dict(compared.exec(counties).all()) == {"EE-37": "Harju County", "EE-79": "Tartu County"}


def test_a_reset_removes_all_of_it(made, compared):
    remove_demonstration(compared, NOW)
    assert counts(compared) == {} and _kept(compared) == made[1]


@ONE_DATABASE
def test_where_others_report_already_the_demonstration_stays_away(session: Session):
    registry.load(session, NOW)
    first = InventedCountry(COMPARED)
    assert courses_of(session, first) is not None
    there = elsewhere(session, COMPARED)
    assert there is not None and (there.country, there.schools, there.time_zone) == ("EE", 12, "Europe/Tallinn")
    estonia, courses = (
        session.exec(select(Area).where(Area.code == "EE")).one(),
        session.exec(select(Initiative).where(Initiative.key == COURSES)).one(),
    )
    make_enrolment(session, courses, make_school(session, "000001", estonia))
    assert elsewhere(session, COMPARED) is None and courses_of(session, first) is None
