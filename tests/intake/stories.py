"""What tests of recording share: a checked file made from plain statements, and short forms of submit and accept."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import Identity, identify
from data_model.base import known_at
from data_model.measures import Measure
from data_model.participation import ReportingPeriod
from data_model.periods import Period
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import Observation, Submission
from intake.cells import NOT_APPLICABLE, REPORTED, Cells
from intake.compare import compare, fingerprint, rules_version
from intake.record import accept, preview, submit
from tests.factories import START, World

Cell = tuple[str, str, str]  # school code, metric key, period
NA = "n/a"


@dataclass
class Check:
    """A file that was checked and found acceptable, as far as `submit` looks at it."""

    initiative: Initiative
    content: bytes
    cells: Cells
    fingerprint: str
    sha256: str
    file_name: str = "report.csv"
    reading: dict[str, Any] = field(default_factory=lambda: {"layout": "long"})
    summary: dict[str, Any] = field(default_factory=dict)
    findings: list[Any] = field(default_factory=list)
    acceptable: bool = True

    @property
    def size(self) -> int:
        return len(self.content)


def checked(session: Session, world: World, statements: Mapping[Cell, float | str]) -> Check:
    """Return the check of a long file with these statements: numbers, or NA. Row 2 is the first."""
    cells = cells_of(world, statements)
    content = "".join(f"{'/'.join(cell)}={value}\n" for cell, value in statements.items()).encode()
    sha256 = hashlib.sha256(content).hexdigest()
    comparison = compare(session, world.initiative, cells)
    rules = rules_version(session, world.initiative)
    print_of_it = fingerprint(sha256, {"layout": "long"}, rules, cells, comparison)
    return Check(world.initiative, content, cells, print_of_it, sha256)


def cells_of(world: World, statements: Mapping[Cell, float | str]) -> Cells:
    """Return the statements as a file's cells."""
    periods = sorted({Period.parse(period) for _school, _metric, period in statements})
    absent = [value == NA for value in statements.values()]
    return Cells.of(
        [world.schools[school].id for school, _metric, _period in statements],
        [world.metrics[metric].id for _school, metric, _period in statements],
        [periods.index(Period.parse(period)) for _school, _metric, period in statements],
        [NOT_APPLICABLE if gone else REPORTED for gone in absent],
        [np.nan if gone else value for gone, value in zip(absent, statements.values(), strict=True)],
        range(2, 2 + len(statements)),
        periods,
    )


def who(session: Session, world: World, name: str) -> Identity:
    """Return one of the world's people."""
    return identify(session, world.accounts[name])


def submitted(
    session: Session, world: World, statements: Mapping[Cell, float | str], at: datetime = START
) -> Submission:
    """Submit the statements as the manager."""
    return submit(session, checked(session, world, statements), by=who(session, world, "manager"), note="", at=at)


def accepted(session: Session, world: World, statements: Mapping[Cell, float | str], at: datetime = START) -> int:
    """Submit the statements and accept them a minute later. Returns the submission's number."""
    number = submitted(session, world, statements, at).id
    assert number is not None
    accept_now(session, world, number, at + timedelta(minutes=1))
    return number


def accept_now(session: Session, world: World, number: int, at: datetime = START) -> Submission:
    """Accept a waiting submission as the reviewer, after looking at a fresh preview."""
    _comparison, print_of_it = preview(session, number)
    return accept(session, number, by=who(session, world, "reviewer"), fingerprint=print_of_it, at=at)


def held(session: Session, as_of: datetime | None = None) -> dict[Cell, tuple[str, float | None, int, int]]:
    """Return what was held at that moment (now when None): cell -> state, value, submission, row."""
    query = (
        sa.select(Observation, col(School.code), col(Measure.key), col(ReportingPeriod.starts_on))
        .join(School, col(School.id) == col(Observation.school_id))
        .join(Measure, col(Measure.id) == col(Observation.metric_id))
        .join(ReportingPeriod, col(ReportingPeriod.id) == col(Observation.period_id))
        .where(known_at(Observation, as_of))
    )
    session.flush()
    rows: Iterable[Any] = session.exec(query.execution_options(populate_existing=True)).all()  # type: ignore[call-overload]
    found: dict[Cell, tuple[str, float | None, int, int]] = {}
    for held_now, school, metric, starts_on in rows:
        cell = (school, metric, f"{starts_on:%Y-%m}")
        assert cell not in found, f"two current observations of {cell}"
        found[cell] = (held_now.state, held_now.value, held_now.submission_id, held_now.row)
    return found


def values(session: Session, as_of: datetime | None = None) -> dict[Cell, float | str | None]:
    """Return what was held at that moment, plainly: a number, or the state."""
    return {
        cell: value if state == "reported" else state for cell, (state, value, *_rest) in held(session, as_of).items()
    }
