"""Many rows at once look like rows written one by one, and are read back as they are."""

import json
import math
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from data_model.base import BIG_ID
from data_model.bulk import ROWS_IN_ONE_INSERT, fetch_numbers, insert_columns, supersede
from data_model.packed_rows import Columns, layout
from data_model.places import School
from data_model.submissions import Finding, Observation, Submission
from tests.factories import START, World, make_period, make_world

TEXTS = ["plain", "with, comma", 'with "quotes"', "two\nlines", "tab\there", "\\N", "", "Қазақ ұлы", "'; DROP TABLE--"]


@pytest.fixture
def world(session: Session) -> World:
    """The small country, with a reporting period and a submission."""
    made = make_world(session)
    make_period(session, made.initiative, "2026-09")
    assert made.initiative.id is not None and made.accounts["manager"].id is not None
    session.add(
        Submission(
            initiative_id=made.initiative.id, file_name="a.csv", sha256="0" * 64, size=1, reading={}, summary={},
            fingerprint="", submitted_by=made.accounts["manager"].id, submitted_at=START,
        )
    )  # fmt: skip
    return made


@pytest.mark.parametrize("count", [0, 1, ROWS_IN_ONE_INSERT - 1, ROWS_IN_ONE_INSERT, 2 * ROWS_IN_ONE_INSERT + 7])
def test_as_many_rows_as_given_in_their_order(session: Session, count: int) -> None:
    make_world(session)
    codes = [f"X{number:04}" for number in range(count)]
    insert_columns(session, School, {"country": "KZ", "code": codes, "demonstration": False}, count)
    stored = session.exec(select(School.code).where(col(School.code).like("X%")).order_by(col(School.id))).all()
    assert list(stored) == codes


def test_any_text_comes_back_as_it_was(session: Session, world: World) -> None:
    count = len(TEXTS)
    columns = {
        "submission_id": 1, "code": "odd", "severity": ["warning"] * count, "row": [None, *range(2, count + 1)],
        "column": TEXTS, "value": TEXTS, "details": [json.dumps({"text": text}) for text in TEXTS],
    }  # fmt: skip
    insert_columns(session, Finding, columns, count)
    stored = session.exec(select(Finding).order_by(col(Finding.id))).all()
    assert [(one.column, one.value, one.details["text"]) for one in stored] == [(text, text, text) for text in TEXTS]
    assert [one.row for one in stored] == [None, *range(2, count + 1)]


def test_numbers_keep_every_digit_and_nan_is_null(session: Session, world: World) -> None:
    values = np.array([0.1 + 0.2, 1e-7, 2.0**53, 0.0, -1.5, np.nan])
    schools = np.array([school.id for school in world.schools.values()])
    columns = {
        "initiative_id": world.initiative.id, "school_id": schools, "metric_id": world.metrics["messages_sent"].id,
        "period_id": 1, "state": ["reported"] * 5 + ["not_applicable"], "value": values, "submission_id": 1,
        "row": np.arange(6), "recorded_at": START,
    }  # fmt: skip
    insert_columns(session, Observation, columns, 6)
    stored = session.exec(select(Observation).order_by(col(Observation.row))).all()
    assert [one.value for one in stored[:5]] == values[:5].tolist() and stored[5].value is None
    assert stored[0].recorded_at == START and stored[0].superseded_at is None
    row, value = fetch_numbers(session, sa.select(col(Observation.row), col(Observation.value)))
    in_order = value[np.argsort(row)]
    assert in_order[:5].tolist() == values[:5].tolist() and math.isnan(in_order[5])


def test_nothing_found_is_empty_columns(session: Session) -> None:
    school, country = fetch_numbers(session, sa.select(col(School.id), col(School.id)))
    assert len(school) == len(country) == 0


def test_what_is_not_yet_flushed_is_read_too(session: Session) -> None:
    make_world(session)
    session.add(School(country="KZ", code="X1"))
    (found,) = fetch_numbers(session, sa.select(col(School.id)).where(col(School.code) == "X1"))
    assert len(found) == 1


def test_superseding_touches_those_rows_alone(session: Session, world: World) -> None:
    schools = np.array([school.id for school in world.schools.values()])
    columns = {
        "initiative_id": world.initiative.id, "school_id": schools, "metric_id": world.metrics["messages_sent"].id,
        "period_id": 1, "state": "reported", "value": np.ones(6), "submission_id": 1, "row": np.arange(6),
        "recorded_at": START,
    }  # fmt: skip
    insert_columns(session, Observation, columns, 6)
    (ids,) = fetch_numbers(session, sa.select(col(Observation.id)).order_by(col(Observation.row)))
    moment = START.replace(year=2027)
    supersede(session, Observation, ids[:4], moment)
    supersede(session, Observation, ids[:0], moment)
    stored = session.exec(select(Observation.superseded_at).order_by(col(Observation.row))).all()
    assert list(stored) == [moment] * 4 + [None] * 2


def test_numbers_alone_come_back_as_they_were(session: Session, world: World) -> None:
    values = np.array([0.1 + 0.2, 1e-7, 2.0**53, -0.0, -1.5, math.inf])
    schools = np.array([school.id for school in world.schools.values()], dtype=np.int32)
    moment = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    columns = {
        "initiative_id": world.initiative.id, "school_id": schools, "metric_id": world.metrics["messages_sent"].id,
        "period_id": np.ones(6, np.int64), "state": "reported", "value": values, "submission_id": 1,
        "row": np.arange(6, dtype=np.int16), "recorded_at": moment,
    }  # fmt: skip
    insert_columns(session, Observation, columns, 6)
    stored = session.exec(select(Observation).order_by(col(Observation.id))).all()
    assert [one.value for one in stored] == values.tolist() and [one.school_id for one in stored] == schools.tolist()
    assert {(one.state, one.recorded_at, one.superseded_at) for one in stored} == {("reported", moment, None)}
    assert [one.row for one in stored] == list(range(6))


TYPES = {
    "whole": sa.Integer(),
    "large": BIG_ID,
    "value": sa.Float(),
    "said": sa.Boolean(),
    "text": sa.String(),
    "at": sa.DateTime(),
}


@pytest.mark.parametrize(
    ("arrays", "constants"),
    [
        ({"whole": np.array([1, 2**31])}, {}),
        ({"whole": np.array([1.0, 2.0])}, {}),
        ({"whole": [1, 2]}, {}),
        ({"value": np.array([1.0, np.nan])}, {}),
        ({"value": np.array([1, 2**53 + 1])}, {}),
        ({"said": np.array([0, 2])}, {}),
        ({"large": np.array([1, 2])}, {"whole": -(2**31) - 1}),
        ({"large": np.array([1, 2])}, {"whole": None}),
        ({"large": np.array([1, 2])}, {"value": Decimal(1)}),
        ({"large": np.array([1, 2])}, {"at": START}),  # of a column without a time zone
    ],
)
def test_what_numpy_would_alter_is_left_to_the_database(arrays: Columns, constants: Columns) -> None:
    assert layout(TYPES, arrays, constants) is None
    as_it_is = {"whole": 2**31 - 1, "value": 0.5, "said": True, "text": ""}
    assert layout(TYPES, {"large": np.array([1, 2])}, as_it_is) is not None
