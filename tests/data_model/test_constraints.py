"""The rules that the tables keep themselves, whoever writes to them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.money import Fund, Transaction
from data_model.submissions import Observation, Submission
from tests.factories import START, World, make_period, make_source, make_world

AMOUNTS = ("0.10", "0.20", "12345678901234567.123456", "-99999999999999999.999999", "1", "0.000001")


@pytest.fixture
def world(session: Session) -> World:
    """The small country, with one reporting period and one submission."""
    made = make_world(session)
    make_period(session, made.initiative, "2026-09")
    session.add(a_submission(made))
    session.flush()
    return made


def a_submission(world: World, **given: Any) -> Submission:
    values = {
        "file_name": "a.csv", "sha256": "0" * 64, "size": 1, "reading": {}, "summary": {}, "fingerprint": "",
        "submitted_by": world.accounts["manager"].id, "submitted_at": START,
    } | given  # fmt: skip
    return Submission(initiative_id=world.initiative.id, **values)


def an_observation(world: World, **given: Any) -> dict[str, Any]:
    return {
        "initiative_id": world.initiative.id, "school_id": world.schools["001024"].id,
        "metric_id": world.metrics["teachers_total"].id, "period_id": 1, "state": "reported", "value": 1.0,
        "submission_id": 1, "file_row": 2, "recorded_at": START,
    } | given  # fmt: skip


def insert(session: Session, world: World, **given: Any) -> None:
    table = Observation.__table__  # type: ignore[attr-defined]
    session.connection().execute(table.insert().values(an_observation(world, **given)))


def refused(session: Session, world: World, **given: Any) -> bool:
    """Return whether the database refuses the observation."""
    try:
        with session.begin_nested():
            insert(session, world, **given)
    except sa.exc.IntegrityError:
        return True
    return False


@pytest.mark.parametrize("amount", AMOUNTS)
def test_money_comes_back_as_it_went_in(session: Session, amount: str) -> None:
    make_world(session)
    fund = Fund(key="f", name="Fund", country="KZ", capital=Decimal(amount), currency="KZT")
    session.add(fund)
    session.flush()
    assert fund.id is not None
    session.add(
        Transaction(
            fund_id=fund.id, kind="commitment", happened_on=date(2026, 1, 1), amount=Decimal(amount), currency="KZT"
        )
    )
    session.flush()
    session.expire_all()
    for stored in (session.exec(select(Fund)).one().capital, session.exec(select(Transaction)).one().amount):
        assert isinstance(stored, Decimal) and stored == Decimal(amount)


def test_sums_of_money_are_exact(session: Session) -> None:
    make_world(session)
    session.add(Fund(key="f", name="Fund", country="KZ"))
    session.flush()
    for _ in range(10):
        session.add(
            Transaction(
                fund_id=1, kind="disbursement", happened_on=date(2026, 1, 1), amount=Decimal("0.1"), currency="USD"
            )
        )
    session.flush()
    session.expire_all()
    assert sum((one.amount for one in session.exec(select(Transaction)).all()), Decimal(0)) == 1


def test_money_is_never_a_float(session: Session) -> None:
    make_world(session)
    session.add(Fund(key="f", name="Fund", country="KZ", capital=0.1))
    with pytest.raises(sa.exc.StatementError):
        session.flush()


@pytest.mark.parametrize("column", ["initiative_id", "school_id", "metric_id", "period_id", "submission_id"])
def test_an_observation_refers_to_what_exists(session: Session, world: World, column: str) -> None:
    assert refused(session, world, **{column: 987_654})
    assert not refused(session, world)


@pytest.mark.parametrize("table", ["school", "metric", "reporting_period", "submission"])
def test_what_an_observation_refers_to_stays(session: Session, world: World, table: str) -> None:
    insert(session, world)
    identity = {"school": world.schools["001024"].id, "metric": world.metrics["teachers_total"].id}.get(table, 1)
    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        if table == "school":
            session.connection().execute(sa.text(f"DELETE FROM school_record WHERE school_id = {identity}"))
            session.connection().execute(sa.text(f"DELETE FROM enrolment WHERE school_id = {identity}"))
        session.connection().execute(sa.text(f"DELETE FROM {table} WHERE id = {identity}"))


def test_a_school_without_observations_may_go(session: Session, world: World) -> None:
    insert(session, world)
    identity = world.schools["100451"].id
    for statement in ("DELETE FROM school_record WHERE school_id", "DELETE FROM enrolment WHERE school_id",
                      "DELETE FROM school WHERE id"):  # fmt: skip
        session.connection().execute(sa.text(f"{statement} = {identity}"))


def test_one_current_observation_a_cell(session: Session, world: World) -> None:
    insert(session, world)
    assert refused(session, world, value=2.0)
    assert not refused(session, world, superseded_at=datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "given",
    [
        {"state": "guessed"},
        {"state": "reported", "value": None},
        {"state": "not_applicable", "value": 1.0},
        {"state": "withdrawn", "value": 0.0},
        {"superseded_at": START},
        {"file_row": None},
    ],
)
def test_an_observation_says_what_it_may(session: Session, world: World, given: dict[str, Any]) -> None:
    assert refused(session, world, **given)


def test_a_decided_submission_has_a_moment(session: Session, world: World) -> None:
    session.add(a_submission(world, state="accepted"))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_source_has_a_known_grade(session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        make_source(session, grade="D")


def test_instants_come_back_in_utc(session: Session, world: World) -> None:
    insert(session, world)
    stored = session.exec(select(Observation).where(col(Observation.submission_id) == 1)).one()
    assert stored.recorded_at == START and stored.recorded_at.utcoffset() == START.utcoffset()
