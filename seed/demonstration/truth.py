"""What truly happened in a block's schools: believable figures that keep every rule between metrics, always.

Adoption is logistic in the months since a school joined. Rural and small schools start later and end lower, regions
differ, holidays dip. Nothing here knows how a school reports it; that is the story's part.
"""

from dataclasses import dataclass

import numpy as np

from seed.demonstration.options import Options
from seed.demonstration.places import Block
from seed.demonstration.schools import Schools

DICE, REGION_DICE = 3, 4
SCHOOL_YEAR_BEGINS = 9
# How active people are in a month of the year, against an ordinary one.
TEACHERS_SEASON = {1: 0.74, 3: 0.94, 5: 0.92, 6: 0.5, 7: 0.16, 8: 0.36}
STUDENTS_SEASON = {1: 0.68, 3: 0.92, 5: 0.88, 6: 0.24, 7: 0.09, 8: 0.13}
SURVEY_MONTHS = (2, 5, 10, 12)
WITHOUT_STUDENTS = 0.3  # of schools: student accounts do not apply to their grades
REPORT_OPTIONAL = 0.45  # of schools


@dataclass
class Figures:
    """A block's true figures: metric key -> schools x months. NaN: nothing to say. `not_applicable`: schools."""

    values: dict[str, np.ndarray]
    not_applicable: dict[str, np.ndarray]


def true_figures(options: Options, block: Block, schools: Schools) -> Figures:
    """Return what every school of the block would report for every month if it reported all, and rightly."""
    dice = options.dice(DICE, block.number)
    adoption = _Adoption(options, schools, dice)
    total = _staff(options, schools.teachers, dice, spread=0.025)
    students = _staff(options, schools.teachers * dice.normal(np.where(schools.rural, 8.5, 15), 1.5), dice, spread=0.03)
    given = np.minimum(1, dice.uniform(0.5, 0.75, len(schools))[:, None] + 0.15 * np.floor(adoption.age.clip(0) / 4))
    allocated = np.ceil(total * given * dice.uniform(0.9, 1, (len(schools), 1)))
    activated = np.floor(allocated * adoption.share(middle=3.5, steepness=0.75, ceiling=(0.8, 0.97)))
    trained = np.floor(total * adoption.share(middle=5, steepness=0.55, ceiling=(0.75, 0.96)))
    season = _season(options, TEACHERS_SEASON)
    often = dice.uniform(0.55, 0.88, (len(schools), 1)) - 0.06 * schools.rural[:, None]
    active = np.floor(np.minimum(activated, total) * (often * season * adoption.noise(0.07)).clip(0, 1))
    rate = np.exp(dice.normal(np.log(32), 0.3, (len(schools), 1)))
    messages = np.round(active * rate * np.sqrt(season) * adoption.noise(0.12))
    values = {
        "licences_allocated": allocated, "licences_activated": activated, "teachers_total": total,
        "teachers_trained": trained, "teachers_active": active, "messages_sent": messages, "students_total": students,
    }  # fmt: skip
    values |= _students(options, students, adoption)
    values |= _optional(options, values, adoption)
    outside = dice.random(len(schools)) < WITHOUT_STUDENTS
    return Figures(values, {"students_with_account": outside, "students_active": outside})


class _Adoption:
    """How far each school has come in each month since it joined."""

    def __init__(self, options: Options, schools: Schools, dice: np.random.Generator) -> None:
        self.dice, self.count = dice, len(schools)
        joined = np.array(options.wave_months)[schools.wave - 1]
        self.age = np.arange(options.months)[None, :] - joined[:, None].astype(float)
        region = int.from_bytes(schools.district[0].split("-")[1].encode()) if len(schools) else 0
        of_region = options.dice(REGION_DICE, region).normal(0, 1.2)
        small = (np.log(40) - np.log(schools.teachers)).clip(-1, 1.2)
        self.delay = of_region + 1.6 * schools.rural + 0.8 * small + dice.normal(0, 1.2, self.count)
        self.lower = 0.05 * schools.rural + 0.03 * small.clip(0) + 0.02 * of_region

    def share(self, *, middle: float, steepness: float, ceiling: tuple[float, float]) -> np.ndarray:
        """Return a share from 0 to below 1, rising from the month in which the school joined."""
        centre = (middle + self.delay).clip(1)[:, None]
        top = (self.dice.uniform(*ceiling, self.count) - self.lower).clip(0.3, 0.99)[:, None]
        risen = 1 / (1 + np.exp(-steepness * (self.age - centre)))
        start = 1 / (1 + np.exp(-steepness * (-1 - centre)))
        return top * ((risen - start) / (1 - start)).clip(0, 1)

    def noise(self, spread: float) -> np.ndarray:
        """Return factors around 1, one a school and month."""
        return np.exp(self.dice.normal(0, spread, self.age.shape))


def _staff(options: Options, base: np.ndarray, dice: np.random.Generator, *, spread: float) -> np.ndarray:
    """Return a head count a school and month that changes when a school year begins."""
    years = np.cumsum([index > 0 and period.starts_on.month == SCHOOL_YEAR_BEGINS
                       for index, period in enumerate(options.periods)])  # fmt: skip
    growth = np.cumprod(1 + dice.normal(0.005, spread, (len(base), int(years[-1]) + 1)), axis=1)
    return np.round(base[:, None] * growth[:, years]).clip(3)


def _season(options: Options, seasons: dict[int, float]) -> np.ndarray:
    return np.array([[seasons.get(period.starts_on.month, 1.0) for period in options.periods]])


def _students(options: Options, students: np.ndarray, adoption: _Adoption) -> dict[str, np.ndarray]:
    """Return accounts and active students: they follow their teachers by half a year."""
    accounts = np.floor(students * adoption.share(middle=9, steepness=0.5, ceiling=(0.35, 0.8)))
    often = adoption.dice.uniform(0.35, 0.7, (adoption.count, 1))
    share = often * _season(options, STUDENTS_SEASON) * adoption.noise(0.1)
    return {"students_with_account": accounts, "students_active": np.floor(accounts * share.clip(0, 1))}


def _optional(options: Options, values: dict[str, np.ndarray], adoption: _Adoption) -> dict[str, np.ndarray]:
    """Return what some schools report beyond what they must: a survey in some months, and hours of training."""
    dice = adoption.dice
    takes_part = (dice.random(adoption.count) < REPORT_OPTIONAL)[:, None]
    surveyed = np.floor(values["teachers_active"] * dice.uniform(0.3, 0.8, adoption.age.shape))
    asked = np.isin([period.starts_on.month for period in options.periods], SURVEY_MONTHS)[None, :]
    answered = takes_part & asked & (surveyed > 0)
    score = (
        dice.normal(3.7, 0.3, (adoption.count, 1))
        + 0.015 * adoption.age.clip(0)
        + dice.normal(0, 0.15, adoption.age.shape)
    )
    newly = np.diff(values["teachers_trained"], axis=1, prepend=0).clip(0)
    hours = newly * dice.uniform(6, 12, (adoption.count, 1)) + 0.2 * values["teachers_active"]
    return {
        "teachers_surveyed": np.where(answered, surveyed, np.nan),
        "usefulness_score": np.where(answered, score.clip(1, 5).round(2), np.nan),
        "training_hours": np.where(takes_part, hours.round(1), np.nan),
    }
