"""What the large tables refer to exists, whoever writes and whatever others do meanwhile.

On PostgreSQL triggers see to it (migration 0002), to the same end as the foreign keys that SQLite checks itself.
"""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import product

import numpy as np
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import Engine
from sqlmodel import Session

from data_model.bulk import insert_columns
from data_model.engine import alembic_config, make_engine, open_session
from data_model.measures import Measure, Metric
from data_model.places import School
from data_model.submissions import Confirmation, Observation, Submission
from tests.factories import START, make_initiative, make_metric, make_period, make_source, make_world

Large = type[Observation] | type[Confirmation]
LARGE: tuple[Large, ...] = (Observation, Confirmation)
PARENTS = {
    "initiative_id": "initiative",
    "school_id": "school",
    "metric_id": "metric",
    "period_id": "reporting_period",
    "submission_id": "submission",
}
NOWHERE = 987_654
Row = dict[str, int]


def fill(session: Session) -> Row:
    """Add the small country and five rows that only the large tables will refer to. Returns their ids by column."""
    world = make_world(session)
    manager = world.accounts["manager"].id
    assert world.initiative.id is not None and manager is not None
    alone = make_initiative(session, make_source(session, "S2"), key="alone")
    school = School(country="KZ", code="999999")
    submission = Submission(
        initiative_id=world.initiative.id, file_name="a.csv", sha256="0" * 64, size=1, reading={}, summary={},
        fingerprint="", submitted_by=manager, submitted_at=START,
    )  # fmt: skip
    session.add_all([school, submission])
    metric: Metric = make_metric(session, "lonely")
    session.add(Measure(id=NOWHERE, key="a number for the metric to take", type="metric"))
    period = make_period(session, world.initiative, "2026-09")
    session.flush()
    ids = (alone.id, school.id, metric.id, period.id, submission.id)
    return {column: identity for column, identity in zip(PARENTS, ids, strict=True) if identity is not None}


def add(session: Session, table: Large, row: Row, count: int = 1, **given: int) -> None:
    """Add `count` rows in one go, each referring to what `row` names, the last one to what `given` names."""
    columns = {name: np.array([*[identity] * (count - 1), given.get(name, identity)]) for name, identity in row.items()}
    past = {"superseded_at": START.replace(year=2027)} if table is Observation else {}
    said = {"state": "reported", "value": 1.0, "row": 2, "recorded_at": START, **past}
    insert_columns(session, table, {**columns, **said}, count)


def refusal(session: Session, change: Callable[[], object]) -> str:
    """Return what the database says when it refuses the change, nothing when it does not. Nothing is kept of it."""
    nested = session.begin_nested()
    try:
        change()
    except (sa.exc.IntegrityError, sqlite3.IntegrityError, psycopg.IntegrityError) as refused:
        return str(refused)
    finally:
        nested.rollback()
    return ""


def constraint(table: Large, column: str) -> str:
    """Return the name of the foreign key."""
    return f"fk_{table.__tablename__}_{column}_{PARENTS[column]}"


def expected(session: Session, table: Large, column: str) -> str:
    """Return what stands in the refusal. SQLite does not say which of its foreign keys it was."""
    return constraint(table, column) if session.get_bind().dialect.name == "postgresql" else "FOREIGN KEY"


def execute(session: Session, statement: str) -> None:
    session.connection().execute(sa.text(statement))


@pytest.fixture
def row(session: Session) -> Row:
    """What a row of the large tables may refer to."""
    return fill(session)


@pytest.mark.parametrize("table", LARGE)
def test_a_row_refers_to_what_exists(session: Session, row: Row, table: Large) -> None:
    add(session, table, row, count=3)
    names = ", ".join([*row, "state", "value", "file_row", "recorded_at"])
    for column in PARENTS:
        values = ", ".join([*map(str, {**row, column: NOWHERE}.values()), "'reported', 1, 2, '2026-11-02 08:00:00.0'"])
        insert = f"INSERT INTO {table.__tablename__} ({names}) VALUES ({values})"
        update = f"UPDATE {table.__tablename__} SET {column} = {{}} WHERE id = 2"
        named = expected(session, table, column)
        assert named in refusal(session, partial(execute, session, insert))
        assert named in refusal(session, partial(add, session, table, row, count=120, **{column: NOWHERE}))
        assert named in refusal(session, partial(execute, session, update.format(NOWHERE)))
        assert not refusal(session, partial(execute, session, update.format(row[column])))


@pytest.mark.parametrize("table", LARGE)
def test_what_a_row_refers_to_stays(session: Session, row: Row, table: Large) -> None:
    def refusals(column: str) -> list[str]:
        statements = ("DELETE FROM {} WHERE id = {}", "UPDATE {} SET id = 987654 WHERE id = {}")
        ways = (one.format(PARENTS[column], row[column]) for one in statements)
        return [refusal(session, partial(execute, session, way)) for way in ways]

    assert {column: refusals(column) for column in PARENTS} == {column: ["", ""] for column in PARENTS}
    add(session, table, row, count=3)
    for column, parent in PARENTS.items():
        assert all(expected(session, table, column) in said for said in refusals(column)), column
        execute(session, f"UPDATE {parent} SET id = id WHERE id = {row[column]}")
    execute(session, f"DELETE FROM {table.__tablename__}")
    assert {column: refusals(column) for column in PARENTS} == {column: ["", ""] for column in PARENTS}


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Engine]:
    """An engine on a fresh PostgreSQL database."""
    engine = make_engine(postgresql_url)
    yield engine
    engine.dispose()


def committed(engine: Engine) -> Row:
    with open_session(engine, write=True) as session:
        made = fill(session)
        session.commit()
    return made


def after_waiting(engine: Engine, blocked: Callable[[], object], then: Callable[[], None]) -> Future[object]:
    """Start what must wait for another transaction, do `then` while it waits, and return what became of it."""
    with ThreadPoolExecutor(1) as pool, engine.connect() as watching:
        began = pool.submit(blocked)
        waits = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                        "AND cardinality(pg_blocking_pids(pid)) > 0")  # fmt: skip
        while not began.done() and not watching.execute(waits).scalar():
            watching.rollback()
        assert not began.done(), "it did not wait"
        then()
    return began


@pytest.mark.postgresql
def test_nobody_deletes_what_another_transaction_refers_to(postgresql: Engine) -> None:
    row = committed(postgresql)

    def delete() -> None:
        with postgresql.begin() as connection:
            connection.execute(sa.text(f"DELETE FROM school WHERE id = {row['school_id']}"))

    with open_session(postgresql, write=True) as reporting:
        add(reporting, Observation, row, count=10)
        deleted = after_waiting(postgresql, delete, reporting.commit)
    assert constraint(Observation, "school_id") in str(deleted.exception())


@pytest.mark.postgresql
@pytest.mark.parametrize("kept", [False, True])
def test_nobody_refers_to_what_another_transaction_deletes(postgresql: Engine, kept: bool) -> None:
    row = committed(postgresql)

    def report() -> None:
        with open_session(postgresql, write=True) as session:
            add(session, Observation, row, count=10)
            session.commit()

    with postgresql.connect() as deleting:
        deleting.execute(sa.text(f"DELETE FROM school WHERE id = {row['school_id']}"))
        reported = after_waiting(postgresql, report, deleting.rollback if kept else deleting.commit)
    said = str(reported.exception() or "")
    assert (constraint(Observation, "school_id") in said) is not kept
    with postgresql.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM observation")).scalar() == (10 if kept else 0)


@pytest.mark.postgresql
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_nothing_is_deleted_that_an_old_snapshot_cannot_judge(postgresql: Engine, level: str) -> None:
    row = committed(postgresql)
    with postgresql.connect().execution_options(isolation_level=level) as deleting:
        deleting.execute(sa.text("SELECT count(*) FROM observation"))  # from here on it sees the world as it is now
        with open_session(postgresql, write=True) as reporting:
            add(reporting, Observation, row)
            reporting.commit()
        with pytest.raises(sa.exc.NotSupportedError, match="READ COMMITTED"):
            deleting.execute(sa.text(f"DELETE FROM school WHERE id = {row['school_id']}"))


@pytest.mark.postgresql
def test_what_is_referred_to_is_not_truncated_away(postgresql: Engine) -> None:
    row = committed(postgresql)
    with open_session(postgresql, write=True) as session:
        add(session, Observation, row)
        with pytest.raises((sa.exc.NotSupportedError, sa.exc.IntegrityError)), session.begin_nested():
            execute(session, "TRUNCATE school, school_record, enrolment, school_choice")
        execute(session, "TRUNCATE school, school_record, enrolment, school_choice, observation, confirmation CASCADE")


@pytest.mark.postgresql
def test_a_table_put_before_ours_deceives_nobody(postgresql: Engine) -> None:
    row = committed(postgresql)
    with open_session(postgresql, write=True) as session:
        execute(session, f"CREATE TEMPORARY TABLE school AS SELECT {NOWHERE} AS id")
        wrong = refusal(session, partial(add, session, Observation, row, school_id=NOWHERE))
        assert constraint(Observation, "school_id") in wrong
        add(session, Observation, row)


ENFORCED = """
    SELECT conname, conenforced FROM pg_constraint
    WHERE contype = 'f' AND conrelid IN ('observation'::regclass, 'confirmation'::regclass)
"""


@pytest.mark.postgresql
def test_the_foreign_keys_stay_declared_and_come_back(postgresql: Engine) -> None:
    row = committed(postgresql)
    declared = {constraint(table, column) for table in LARGE for column in PARENTS}
    config = alembic_config(postgresql)
    with open_session(postgresql, write=True) as session:
        for table in LARGE:
            add(session, table, row, count=5)
        assert dict(session.connection().execute(sa.text(ENFORCED)).all()) == dict.fromkeys(declared, False)
        session.commit()
    for change, enforced in ((command.downgrade, True), (command.upgrade, False)):
        change(config, "0001" if enforced else "head")
        with open_session(postgresql, write=True) as session:
            assert dict(session.connection().execute(sa.text(ENFORCED)).all()) == dict.fromkeys(declared, enforced)
            for table, column in product(LARGE, PARENTS):
                wrong = refusal(session, partial(add, session, table, row, count=5, **{column: NOWHERE}))
                assert constraint(table, column) in wrong
                away = f"DELETE FROM {PARENTS[column]} WHERE id = {row[column]}"
                assert "violates foreign key" in refusal(session, partial(execute, session, away))
                assert session.connection().execute(sa.select(sa.func.count()).select_from(table)).scalar() == 5
