"""What stands beside the demonstration to be compared with: a second initiative of some of its schools, and a few
schools of another country.

The second is the registry's courses on AI for teachers, "whatever the course". Its schools take part in the first
initiative too, and so do their teachers: whoever had the first one's training has had a course. The two are set side
by side and never added.
"""

from dataclasses import fields, replace
from typing import Any

import numpy as np
from sqlmodel import Session, col, select

from data_model.bulk import insert_columns
from data_model.participation import Enrolment
from data_model.places import Country, School
from data_model.registry import Initiative
from seed.demonstration.invented import InventedCountry, Told
from seed.demonstration.options import WAVES, Options
from seed.demonstration.places import Block
from seed.demonstration.reporting import LATE, MISSING, NOT_EXPECTED, ON_TIME, Reporting
from seed.demonstration.schools import Schools, enrolled_at
from seed.demonstration.truth import Figures

DICE = 9
COURSES = "kz-teacher-ai-courses"
# What the courses ask for, and whether they must be told it.
COURSES_ASK = {"teachers_total": True, "teachers_trained": True, "training_hours": False}
# Of every third region the courses have every third school, half of them from the second wave's month on, half later.
ONE_IN = 3
ELSEWHERE, ELSEWHERE_SCHOOLS, ELSEWHERE_MONTHS = "EE", 12, 12


class TeacherCourses(InventedCountry):
    """Some schools of another invented country once more, as they take part in the courses: in one block."""

    def __init__(self, of: InventedCountry) -> None:
        self.options = of.options
        self._whole = self._all(of)
        places = tuple((district, 0) for district, _count in of.blocks[0].districts[:1])
        district = places[0][0]
        self.blocks = [Block(0, f"{self.options.country}-courses", 0, ((district, len(self._whole.schools)),))]

    def told(self, block: Block) -> Told:
        """Return the schools, figures and reporting of its only block."""
        return self._whole

    @property
    def first_month(self) -> int:
        """The story's month in which the first of its schools join."""
        return int(self.options.wave_months[1])

    def _all(self, of: InventedCountry) -> Told:
        regions = list(dict.fromkeys(block.region for block in of.blocks))[::ONE_IN]
        firsts = [next(block for block in of.blocks if block.region == region) for region in regions]
        parts = [_chosen(of.told(block)) for block in firsts]
        schools = Schools(
            **{
                field.name: _joined([getattr(schools, field.name) for schools, _total, _trained in parts])
                for field in fields(Schools)
            }
        )
        dice = self.options.dice(DICE)
        schools.wave = np.where(np.arange(len(schools)) % 2, WAVES, 2)
        schools.sample = np.zeros(len(schools), bool)
        joined = np.array(self.options.wave_months)[schools.wave - 1]
        age = np.arange(self.options.months)[None, :] - joined[:, None]
        total = np.concatenate([total for _schools, total, _trained in parts])
        trained = np.concatenate([trained for _schools, _total, trained in parts])
        return Told(schools, _figures(total, trained, age, dice), _reporting(age, dice))


def _chosen(told: Told) -> tuple[Schools, np.ndarray, np.ndarray]:
    """Return every third school of a block, its teachers and its trained ones. None that opens or closes meanwhile."""
    steady = [
        place for place, (opened, closed) in enumerate(
            zip(told.schools.opened_on, told.schools.closed_on, strict=True)
        ) if opened is None and closed is None
    ][::ONE_IN]  # fmt: skip
    schools = Schools(**{field.name: _at(getattr(told.schools, field.name), steady) for field in fields(Schools)})
    return schools, told.figures.values["teachers_total"][steady], told.figures.values["teachers_trained"][steady]


def _at(values: Any, places: list[int]) -> Any:
    return values[places] if isinstance(values, np.ndarray) else [values[place] for place in places]


def _joined(parts: list[Any]) -> Any:
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return [value for part in parts for value in part]


def _figures(total: np.ndarray, trained: np.ndarray, age: np.ndarray, dice: np.random.Generator) -> Figures:
    """Return what is true: who had the initiative's own training, and of the others a share that rises."""
    top = dice.uniform(0.35, 0.8, (len(total), 1))
    share = top * (1 - np.exp(-(age + 1).clip(0) / dice.uniform(3, 9, (len(total), 1))))
    taken = trained + np.floor((total - trained) * share)
    newly = np.diff(taken, axis=1, prepend=0).clip(0)
    hours = (newly * dice.uniform(4, 10, (len(total), 1))).round(1)
    return Figures({"teachers_total": total, "teachers_trained": taken, "training_hours": hours}, {})


def _reporting(age: np.ndarray, dice: np.random.Generator) -> Reporting:
    said = np.where(dice.random(age.shape) < 0.06, MISSING, ON_TIME)
    # Late ones only now and then: each month with some costs a file of its own.
    late = (dice.random(age.shape) < 0.05) & (np.arange(age.shape[1]) % 4 == 1)[None, :]
    status = np.where((said == ON_TIME) & late, LATE, said)
    return Reporting(np.where(age < 0, NOT_EXPECTED, status), np.full(age.shape, -1))


def courses_of(session: Session, of: InventedCountry) -> tuple[Initiative, TeacherCourses] | None:
    """Return the courses and their schools; None where there are none, or somebody reports to them already."""
    initiative = session.exec(
        select(Initiative).where(Initiative.key == COURSES, Initiative.country == of.options.country)
    ).one_or_none()
    if initiative is None or _is_used(session, initiative):
        return None
    courses = TeacherCourses(of)
    return (initiative, courses) if len(courses.told(courses.blocks[0]).schools) else None


def elsewhere(session: Session, options: Options) -> Options | None:
    """Return the options of the few schools of another country; None where it has schools already, or no initiative."""
    found = session.get(Country, ELSEWHERE)
    known = session.exec(select(Initiative.id).where(Initiative.country == ELSEWHERE).limit(1)).first()
    held = session.exec(select(School.id).where(School.country == ELSEWHERE).limit(1)).first()
    if found is None or known is None or held is not None or options.country == ELSEWHERE:
        return None
    return replace(
        options, country=ELSEWHERE, time_zone=found.time_zone, schools=ELSEWHERE_SCHOOLS,
        months=min(options.months, ELSEWHERE_MONTHS), comparison=False,
    )  # fmt: skip


def enrol_again(session: Session, initiative: Initiative, courses: TeacherCourses) -> None:
    """Enrol schools that are there already, by wave."""
    options, schools = courses.options, courses.told(courses.blocks[0]).schools
    query = select(School.code, School.id).where(School.country == options.country, col(School.demonstration))
    identity = dict(session.exec(query).all())
    for wave in sorted(set(schools.wave.tolist())):
        members = [identity[schools.codes[index]] for index in np.flatnonzero(schools.wave == wave).tolist()]
        starts = options.periods[options.wave_months[wave - 1]].starts_on
        columns = {
            "initiative_id": initiative.id, "school_id": members, "wave": wave, "joined_on": starts,
            "recorded_at": enrolled_at(options, starts),
        }  # fmt: skip
        insert_columns(session, Enrolment, columns, len(members))


def _is_used(session: Session, initiative: Initiative) -> bool:
    used = select(Enrolment.id).where(Enrolment.initiative_id == initiative.id).limit(1)
    return session.exec(used).first() is not None
