"""How many schools are expected where nothing has been reported yet, so that "none of 530" can be said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from data_model.base import known_at
from data_model.participation import Enrolment
from data_model.places import School, SchoolRecord
from data_model.rollups import area_tree, expected_condition

DAYS_IN_ONE_QUERY = 40

Count = tuple[int, bool]  # schools expected, whether one of them is invented


def expected_counts(
    session: Session, initiative_id: int, country: str, days: Iterable[date], as_of: datetime | None
) -> dict[date, dict[int, Count]]:
    """Return, for each day, the number of schools expected in every area of the country (by id; absent: none).

    Reads enrolments and school records, never observations. A period that has rollups knows its counts already.
    """
    wanted = sorted(set(days))
    if not wanted:
        return {}
    tree = area_tree(session, country)
    counts: dict[date, dict[int, Count]] = {}
    for start in range(0, len(wanted), DAYS_IN_ONE_QUERY):
        part = wanted[start : start + DAYS_IN_ONE_QUERY]
        own = _own_counts(session, initiative_id, part, as_of)
        for day, areas in own.items():
            upwards: dict[int, Count] = defaultdict(lambda: (0, False))
            for area, (schools, invented) in areas.items():
                for upper in tree.upwards(area):
                    upwards[upper] = (upwards[upper][0] + schools, upwards[upper][1] or invented)
            counts[day] = dict(upwards)
    return counts


def _own_counts(
    session: Session, initiative_id: int, days: Sequence[date], as_of: datetime | None
) -> dict[date, dict[int, Count]]:
    """Return the counts of schools that lie directly in an area, all days in one pass over the enrolments."""
    conditions = [expected_condition(day) for day in days]
    counted = [sa.func.sum(sa.case((condition, 1), else_=0)) for condition in conditions]
    invented = [
        sa.func.sum(sa.case((sa.and_(condition, col(School.demonstration)), 1), else_=0)) for condition in conditions
    ]
    query = (
        sa.select(col(SchoolRecord.area_id), *counted, *invented)
        .join(Enrolment, col(Enrolment.school_id) == col(SchoolRecord.school_id))
        .join(School, col(School.id) == col(SchoolRecord.school_id))
        .where(col(Enrolment.initiative_id) == initiative_id, known_at(Enrolment, as_of), known_at(SchoolRecord, as_of))
        .group_by(col(SchoolRecord.area_id))
    )
    counts: dict[date, dict[int, Count]] = {day: {} for day in days}
    for area, *numbers in session.connection().execute(query):
        for index, day in enumerate(days):
            if numbers[index]:
                counts[day][area] = (int(numbers[index]), bool(numbers[len(days) + index]))
    return counts
