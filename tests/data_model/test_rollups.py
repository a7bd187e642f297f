"""What a figure is made of: who is expected, who reported, who is in the base, and the sums of every area."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from data_model.measures import Measure
from data_model.moments import take_turn
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Period
from data_model.places import Area, SchoolRecord
from data_model.rollups import Rollup, expected_schools, refresh
from tests.factories import START, World, make_world
from tests.intake.recomputed import Tables
from tests.intake.stories import NA, accepted

SEPTEMBER = "2026-09"
EMPTY = (None, None, 0, 0)


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def rollup(
    session: Session, measure: str, area: str = "KZ", period: str = SEPTEMBER
) -> tuple[float | None, float | None, int, int]:
    """Return the current numerator, denominator, schools in the base and schools reporting."""
    session.flush()
    query = (
        select(Rollup)
        .join(Area, col(Area.id) == Rollup.area_id)
        .join(Measure, col(Measure.id) == Rollup.measure_id)
        .join(ReportingPeriod, col(ReportingPeriod.id) == Rollup.period_id)
        .where(Area.code == area, Measure.key == measure, col(Rollup.superseded_at).is_(None))
        .where(ReportingPeriod.starts_on == Period.parse(period).starts_on)
    )
    found = session.exec(query).one()
    return found.numerator, found.denominator, found.schools_in_base, found.schools_reporting


def test_sums_reach_every_area_above(session: Session, world: World) -> None:
    accepted(
        session, world,
        {("001024", "teachers_total", SEPTEMBER): 20, ("002017", "teachers_total", SEPTEMBER): 30,
         ("020311", "teachers_total", SEPTEMBER): 0},
    )  # fmt: skip
    assert rollup(session, "teachers_total") == (50, None, 3, 3)
    assert rollup(session, "teachers_total", "KZ-75") == (50, None, 2, 2)
    assert rollup(session, "teachers_total", "KZ-75-01") == (20, None, 1, 1)
    assert rollup(session, "teachers_total", "KZ-10-01") == (0, None, 1, 1)
    assert rollup(session, "teachers_total", "KZ-10-02") == EMPTY


def test_every_area_knows_how_many_reports_it_awaits(session: Session, world: World) -> None:
    accepted(session, world, {("001024", "teachers_total", SEPTEMBER): 20})
    codes = {identity: code for code, identity in ((code, area.id) for code, area in world.areas.items())}
    rows = session.exec(select(Rollup).where(Rollup.measure_id == world.metrics["messages_sent"].id)).all()
    assert {codes[row.area_id]: row.schools_expected for row in rows} == {
        "KZ": 6, "KZ-75": 3, "KZ-10": 3, "KZ-75-01": 2, "KZ-75-02": 1, "KZ-10-01": 2, "KZ-10-02": 1,
    }  # fmt: skip


def test_not_applicable_is_reported_and_leaves_the_base(session: Session, world: World) -> None:
    accepted(
        session, world,
        {("001024", "teachers_total", SEPTEMBER): 20, ("001024", "teachers_trained", SEPTEMBER): 5,
         ("001025", "teachers_total", SEPTEMBER): 30, ("001025", "teachers_trained", SEPTEMBER): NA},
    )  # fmt: skip
    assert rollup(session, "teachers_trained") == (5, None, 1, 2)
    assert rollup(session, "teacher_training") == (5, 20, 1, 2)


def test_a_rate_takes_schools_that_reported_both_parts(session: Session, world: World) -> None:
    accepted(
        session, world,
        {("001024", "teachers_total", SEPTEMBER): 20, ("001024", "teachers_trained", SEPTEMBER): 5,
         ("001025", "teachers_total", SEPTEMBER): 30, ("002017", "teachers_trained", SEPTEMBER): 7},
    )  # fmt: skip
    assert rollup(session, "teacher_training") == (5, 20, 1, 1)
    assert rollup(session, "teachers_total") == (50, None, 2, 2)


def test_zero_is_a_value(session: Session, world: World) -> None:
    accepted(session, world, {("001024", "teachers_total", SEPTEMBER): 0, ("001024", "teachers_trained", SEPTEMBER): 0})
    assert rollup(session, "teacher_training") == (0, 0, 1, 1)


def test_a_score_is_weighted_by_its_count(session: Session, world: World) -> None:
    accepted(
        session, world,
        {("001024", "teachers_surveyed", SEPTEMBER): 10, ("001024", "usefulness_score", SEPTEMBER): 3.1,
         ("020311", "teachers_surveyed", SEPTEMBER): 30, ("020311", "usefulness_score", SEPTEMBER): 4.7,
         ("100450", "teachers_surveyed", SEPTEMBER): 5},
    )  # fmt: skip
    assert rollup(session, "usefulness_score") == (172, 40, 2, 2)
    assert rollup(session, "teachers_surveyed") == (45, None, 3, 3)


def test_decimals_add_up_exactly_in_any_order(session: Session, world: World) -> None:
    first = {(code, "training_hours", SEPTEMBER): 0.1 for code in list(world.schools)[:3]}
    accepted(session, world, first)
    assert rollup(session, "training_hours") == (0.3, None, 3, 3)
    accepted(session, world, {("100451", "training_hours", SEPTEMBER): 0.7}, START + timedelta(hours=1))
    assert rollup(session, "training_hours") == (1.0, None, 4, 4)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"joined_on": date(2026, 9, 30)}, True),
        ({"joined_on": date(2026, 10, 1)}, False),
        ({"left_on": date(2026, 9, 30)}, False),
        ({"left_on": date(2026, 10, 1)}, True),
    ],
)
def test_a_school_is_expected_when_enrolled_on_the_last_day(
    session: Session, world: World, change: dict[str, date], expected: bool
) -> None:
    school = world.schools["001024"].id
    enrolment = session.exec(select(Enrolment).where(Enrolment.school_id == school)).one()
    enrolment.sqlmodel_update(change)
    session.flush()
    assert world.initiative.id is not None
    found = [identity for identity, _area, _demo in expected_schools(session, world.initiative.id, date(2026, 9, 30))]
    assert (school in found) is expected and len(found) == 5 + expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"opened_on": date(2026, 9, 30)}, True),
        ({"opened_on": date(2026, 10, 1)}, False),
        ({"closed_on": date(2026, 9, 30)}, False),
        ({"closed_on": date(2026, 10, 1)}, True),
    ],
)
def test_a_school_is_expected_when_open_on_the_last_day(
    session: Session, world: World, change: dict[str, date], expected: bool
) -> None:
    school = world.schools["001024"].id
    record = session.exec(select(SchoolRecord).where(SchoolRecord.school_id == school)).one()
    record.sqlmodel_update(change)
    session.flush()
    assert world.initiative.id is not None
    found = [identity for identity, _area, _demo in expected_schools(session, world.initiative.id, date(2026, 9, 30))]
    assert (school in found) is expected


def test_a_school_that_left_no_longer_counts_and_its_past_stays(session: Session, world: World) -> None:
    accepted(session, world, {("001024", "teachers_total", SEPTEMBER): 20, ("001025", "teachers_total", SEPTEMBER): 3})
    before = world.initiative.last_recorded_at
    assert world.initiative.id is not None and before is not None
    initiative, moment = take_turn(session, world.initiative.id, START + timedelta(days=1))
    enrolment = session.exec(select(Enrolment).where(Enrolment.school_id == world.schools["001024"].id)).one()
    enrolment.superseded_at = moment
    session.flush()
    session.add(
        Enrolment(
            initiative_id=world.initiative.id, school_id=enrolment.school_id, joined_on=enrolment.joined_on,
            left_on=date(2026, 9, 1), recorded_at=moment,
        )
    )  # fmt: skip
    period = session.exec(select(ReportingPeriod.id)).one()
    assert period is not None
    refresh(session, initiative_id=world.initiative.id, country=initiative.country, period_ids=[period], at=moment)
    assert rollup(session, "teachers_total") == (3, None, 1, 1)
    tables = Tables(session)
    for known in (before, moment):
        assert tables.rollups_are(period, known) == tables.rollups_should_be(period, known)


def test_rows_that_did_not_change_are_left_alone(session: Session, world: World) -> None:
    accepted(session, world, {("001024", "teachers_total", SEPTEMBER): 20, ("020311", "teachers_total", SEPTEMBER): 1})
    accepted(session, world, {("001024", "teachers_total", SEPTEMBER): 21}, START + timedelta(hours=1))
    codes = {area.id: code for code, area in world.areas.items()}
    superseded = session.exec(select(Rollup).where(col(Rollup.superseded_at).is_not(None))).all()
    assert {codes[row.area_id] for row in superseded} == {"KZ", "KZ-75", "KZ-75-01"}
    measures = {world.metrics["teachers_total"].id}
    assert {row.measure_id for row in superseded} == measures


def test_a_demonstration_school_marks_its_areas(session: Session, world: World) -> None:
    world.schools["001024"].demonstration = True
    session.flush()
    accepted(session, world, {("020311", "teachers_total", SEPTEMBER): 1})
    codes = {area.id: code for code, area in world.areas.items()}
    marked = session.exec(select(Rollup).where(col(Rollup.demonstration).is_(True))).all()
    assert {codes[row.area_id] for row in marked} == {"KZ", "KZ-75", "KZ-75-01"}


def test_moments_never_repeat_and_never_go_back(session: Session, world: World) -> None:
    assert world.initiative.id is not None
    moments = [take_turn(session, world.initiative.id, START - timedelta(days=day))[1] for day in (3, 3, 4, 2)]
    assert moments == sorted(set(moments))
    assert moments[-1] == START - timedelta(days=2)
