"""The history of one cell, as the command line prints it."""

import json
from datetime import timedelta

import pytest
from sqlmodel import Session

from data_model.periods import Period
from intake.history import history
from intake.refusal import Refused
from intake.undo import undo
from tests.factories import START, World, make_world
from tests.intake.stories import NA, Cell, accepted, who

A: Cell = ("001024", "teachers_total", "2026-09")
SEPTEMBER = Period.parse("2026-09")


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def test_every_version_is_told_oldest_first(session: Session, world: World) -> None:
    first = accepted(session, world, {A: 20})
    second = accepted(session, world, {A: NA}, START + timedelta(hours=1))
    undo(session, second, by=who(session, world, "reviewer"), reason="wrong", at=START + timedelta(hours=2))
    told = history(session, world.initiative, "001024", "teachers_total", SEPTEMBER)
    assert json.loads(json.dumps(told)) == told
    assert [(one["value"], one["state"], one["submission"], one["row"]) for one in told] == [
        (20, "reported", first, 2), (None, "not_applicable", second, 2), (20, "reported", first, 2)
    ]  # fmt: skip
    assert [one["superseded_at"] for one in told] == [told[1]["recorded_at"], told[2]["recorded_at"], None]
    assert told[2]["recorded_at"] == "2026-11-02T10:00:00+00:00"
    assert {(one["uploaded_by"], one["accepted_by"]) for one in told} == {
        ("manager@example.org", "reviewer@example.org")
    }
    assert len(told[0]["sha256"]) == 64 and told[0]["sha256"] == told[2]["sha256"] != told[1]["sha256"]
    assert set(told[0]) == {
        "value", "state", "recorded_at", "superseded_at", "submission", "sha256", "row", "uploaded_by", "accepted_by",
    }  # fmt: skip


def test_a_cell_never_reported_has_no_history(session: Session, world: World) -> None:
    accepted(session, world, {A: 20})
    assert history(session, world.initiative, "001025", "teachers_total", SEPTEMBER) == []
    assert history(session, world.initiative, "001024", "teachers_total", Period.parse("2026-10")) == []


def test_unknown_names_are_refused(session: Session, world: World) -> None:
    with pytest.raises(Refused) as caught:
        history(session, world.initiative, "999999", "teachers_total", SEPTEMBER)
    assert caught.value.code == "unknown_school"
    with pytest.raises(Refused) as caught:
        history(session, world.initiative, "001024", "teacher_training", SEPTEMBER)
    assert caught.value.code == "unknown_metric"
