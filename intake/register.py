"""The schools a file may be about: the register of the initiative's country with each school's part in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from data_model.base import known_at
from data_model.participation import Enrolment
from data_model.places import School, SchoolRecord
from data_model.registry import Initiative
from intake.folding import fold_school_name

# A register of up to so many schools is read whole; of a larger one only the schools that the file names.
SMALL_REGISTER = 20_000
CODES_IN_ONE_QUERY = 10_000
NEVER, ALWAYS = date.max.toordinal(), date.min.toordinal()


@dataclass
class Register:
    """Schools as parallel lists, in the order of their codes. Days are ordinals; NEVER and ALWAYS stand for none."""

    ids: np.ndarray
    codes: list[str]
    names: list[str]
    opened: np.ndarray
    closed: np.ndarray
    joined: np.ndarray
    left: np.ndarray
    place_of_code: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_rows(cls, rows: Sequence[Any]) -> "Register":
        """Return the register of (id, code, name, opened, closed, joined, left) rows."""
        ordered = sorted(rows, key=lambda row: row[1])
        codes = [row[1] for row in ordered]

        def days(position: int, none: int) -> np.ndarray:
            found = [row[position] for row in ordered]
            return np.array([day.toordinal() if day else none for day in found], dtype=np.int32)

        return cls(
            ids=np.array([row[0] for row in ordered], dtype=np.int64),
            codes=codes,
            names=[row[2] for row in ordered],
            opened=days(3, ALWAYS),
            closed=days(4, NEVER),
            joined=days(5, NEVER),
            left=days(6, NEVER),
            place_of_code={code: place for place, code in enumerate(codes)},
        )

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def place_of_id(self) -> dict[int, int]:
        """Return where each school stands, by its id."""
        return {identity: place for place, identity in enumerate(self.ids.tolist())}

    @cached_property
    def folded_names(self) -> list[str]:
        """Return the schools' names as they are compared."""
        return [fold_school_name(name) for name in self.names]

    def takes_part(self, day: date) -> np.ndarray:
        """Return which schools are enrolled on that day."""
        mask: np.ndarray = (self.joined <= day.toordinal()) & (self.left > day.toordinal())
        return mask

    def is_open(self, day: date) -> np.ndarray:
        """Return which schools are open on that day."""
        mask: np.ndarray = (self.opened <= day.toordinal()) & (self.closed > day.toordinal())
        return mask


def read_register(session: Session, initiative: Initiative, codes: Iterable[str] | None) -> Register:
    """Return the country's schools: all of a small register, of a large one those with these codes (all when None)."""
    count = session.connection().execute(
        sa.select(sa.func.count()).select_from(School).where(col(School.country) == initiative.country)
    )
    query = _query(initiative)
    connection = session.connection()
    if codes is None or count.scalar_one() <= SMALL_REGISTER:
        return Register.of_rows(connection.execute(query).all())
    rows: list[Any] = []
    for some in _batches(sorted(set(codes)), CODES_IN_ONE_QUERY):
        rows.extend(connection.execute(query.where(col(School.code).in_(some))).all())
    return Register.of_rows(rows)


def school_codes(session: Session, school_ids: np.ndarray) -> dict[int, str]:
    """Return the codes of these schools by their ids."""
    codes: dict[int, str] = {}
    for start in range(0, len(school_ids), CODES_IN_ONE_QUERY):
        some = school_ids[start : start + CODES_IN_ONE_QUERY].tolist()
        query = sa.select(col(School.id), col(School.code)).where(col(School.id).in_(some))
        codes.update((identity or 0, code) for identity, code in session.connection().execute(query).all())
    return codes


def _batches(codes: Sequence[str], size: int) -> Iterable[list[str]]:
    return (list(codes[start : start + size]) for start in range(0, len(codes), size))


def _query(initiative: Initiative) -> sa.Select[*tuple[Any, ...]]:
    enrolled = (col(Enrolment.school_id) == col(School.id)) & (col(Enrolment.initiative_id) == initiative.id)
    return (
        sa.select(
            col(School.id), col(School.code), col(SchoolRecord.name),
            col(SchoolRecord.opened_on), col(SchoolRecord.closed_on),
            col(Enrolment.joined_on), col(Enrolment.left_on),
        )
        .join(SchoolRecord, (col(SchoolRecord.school_id) == col(School.id)) & known_at(SchoolRecord, None))
        .join(Enrolment, enrolled & known_at(Enrolment, None), isouter=True)
        .where(col(School.country) == initiative.country)
    )  # fmt: skip
