"""What tests of checking share: a small country on SQLite that no check changes, and a function that checks a text."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from data_model.engine import make_engine, open_session
from intake.check import Check, check_file, read_grid
from intake.grid import Grid
from intake.options import Options
from tests.factories import START, World, make_enrolment, make_period, make_school, make_world

SAMPLE_SCHOOLS = ("007003", "007004", "031002", "031003", "047111", "055020")
CheckText = Callable[..., Check]


@pytest.fixture(scope="module")
def country(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, World]]:
    """A session on the small country with the twelve schools of the samples. Checking writes nothing, so it is shared.

    August 2026 is locked. School 900001 is closed since 2026, 900002 not enrolled, 800001 and 0800001 are easily mixed.
    """
    path = tmp_path_factory.mktemp("country") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine) as session:
        world = make_world(session)
        add_schools(session, world)
        make_period(session, world.initiative, "2026-08", locked_at=START)
        yield session, world
    engine.dispose()


def add_schools(session: Session, world: World) -> None:
    """Add the other schools of the samples, and some that make trouble."""
    area = world.areas["KZ-75-01"]
    for code in (*SAMPLE_SCHOOLS, "800001", "0800001", "KZ12"):
        world.schools[code] = make_school(session, code, area)
    closed = START.date().replace(month=1, day=1)
    world.schools["900001"] = make_school(session, "900001", area, closed_on=closed)
    for code in (*SAMPLE_SCHOOLS, "800001", "0800001", "KZ12", "900001"):
        make_enrolment(session, world.initiative, world.schools[code])
    world.schools["900002"] = make_school(session, "900002", area, name="Abai school")


@pytest.fixture(scope="module")
def check(country: tuple[Session, World]) -> CheckText:
    """Return a function that checks a text (or bytes) with options given by name."""
    session, world = country

    def run(content: str | bytes, *, at: Any = START, **options: Any) -> Check:
        raw = content.encode() if isinstance(content, str) else content
        return check_file(session, world.initiative, raw, "file.csv", Options(**options), at=at)

    return run


def errors(check: Check) -> list[tuple[str, int | None]]:
    """Return code and row of each error, in order."""
    return [(finding.code, finding.row) for finding in check.findings if finding.severity == "error"]


def warnings(check: Check) -> list[tuple[str, int | None]]:
    """Return code and row of each warning, in order."""
    return [(finding.code, finding.row) for finding in check.findings if finding.severity == "warning"]


def stated(check: Check) -> set[tuple[int, int, str, int, float | None]]:
    """Return what the cells say: (school id, metric id, period, state, value)."""
    cells = check.cells
    return {
        (int(school), int(metric), cells.periods[period].key, int(state), None if value != value else float(value))
        for school, metric, period, state, value in zip(
            cells.school_id, cells.metric_id, cells.period_index, cells.state, cells.value, strict=True
        )
    }


def grid_of(session: Session, check: Check) -> Grid:
    """Return the rows of a checked file as they stand in it."""
    grid = read_grid(session, check.initiative, check.content, check.options, at=START)
    assert grid is not None
    return grid
