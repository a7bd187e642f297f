"""What a preview says a file would do to the country's figures is what accepting it does."""

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from sqlmodel import Session

from intake.compare import compare
from intake.effect import effect
from tests.data_model.test_rollups import rollup
from tests.factories import START, World, make_world
from tests.intake.stories import NA, Cell, accepted, cells_of

FIRST: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 20,
    ("001024", "teachers_trained", "2026-09"): 5,
    ("020311", "teachers_total", "2026-09"): 40,
    ("020311", "usefulness_score", "2026-09"): 4.25,
    ("020311", "teachers_surveyed", "2026-09"): 8,
}
SECOND: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 21,
    ("001024", "teachers_trained", "2026-09"): 5,
    ("020311", "teachers_trained", "2026-09"): 10,
    ("020311", "teachers_surveyed", "2026-09"): NA,
    ("100450", "training_hours", "2026-10"): 2.5,
}


@pytest.fixture
def world(session: Session) -> World:
    """The small country."""
    return make_world(session)


def side(frame: pd.DataFrame, when: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return (period, measure) -> numerator, denominator, schools in the base, schools reporting."""
    names = [f"{name}_{when}" for name in ("numerator", "denominator", "schools_in_base", "schools_reporting")]
    return {
        (row["period"], row["measure"]): tuple(None if pd.isna(row[name]) else row[name] for name in names)
        for row in frame.to_dict("records")
    }


def test_only_what_would_change_is_told(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    frame = effect(session, world.initiative, compare(session, world.initiative, cells_of(world, SECOND)))
    assert side(frame, "before") == {
        ("2026-09", "teachers_total"): (60, None, 2, 2),
        ("2026-09", "teachers_trained"): (5, None, 1, 1),
        ("2026-09", "teachers_surveyed"): (8, None, 1, 1),
        ("2026-09", "usefulness_score"): (34, 8, 1, 1),
        ("2026-09", "teacher_training"): (5, 20, 1, 1),
        ("2026-10", "training_hours"): (None, None, 0, 0),
    }
    assert frame.schools_expected.tolist() == [6] * 6
    assert frame.set_index("measure").ratio.to_dict() == {
        "teachers_total": False, "teachers_trained": False, "teachers_surveyed": False, "usefulness_score": True,
        "teacher_training": True, "training_hours": False,
    }  # fmt: skip
    assert frame.set_index("measure").factor["teacher_training"] == 100


def test_what_is_told_is_what_acceptance_does(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    frame = effect(session, world.initiative, compare(session, world.initiative, cells_of(world, SECOND)))
    accepted(session, world, SECOND, START + timedelta(hours=1))
    after = side(frame, "after")
    for measure in ("teachers_total", "teachers_trained", "teachers_surveyed", "usefulness_score", "teacher_training"):
        assert after["2026-09", measure] == rollup(session, measure, period="2026-09")
    assert after["2026-10", "training_hours"] == rollup(session, "training_hours", period="2026-10")


def test_the_same_file_again_has_no_effect(session: Session, world: World) -> None:
    accepted(session, world, FIRST)
    assert effect(session, world.initiative, compare(session, world.initiative, cells_of(world, FIRST))).empty
