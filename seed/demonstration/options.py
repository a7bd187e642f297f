"""What a demonstration is made from. The same options give the same demonstration, whatever the day it is made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from data_model.periods import Period

WAVES = 4
# In which part of the demonstration's span each wave of schools joins.
WAVE_STARTS = (0.0, 0.17, 0.33, 0.5)
HOLIDAYS = (6, 7, 8)


@dataclass(frozen=True)
class Options:
    """How large a demonstration is, how long its story, and which dice it rolls."""

    until: Period
    country: str = "KZ"
    schools: int = 1_200
    months: int = 24
    random_seed: int = 1
    time_zone: str = "Asia/Almaty"
    comparison: bool = False  # beside it a second initiative, and a few schools of another country

    @cached_property
    def periods(self) -> list[Period]:
        """The months of the story, first to last."""
        return [self.until.shifted(index - self.months + 1) for index in range(self.months)]

    @property
    def prologue(self) -> datetime:
        """When schools, people and targets were entered: before the first month."""
        return self.moment(self.periods[0].starts_on, days=-20, hours=9)

    @property
    def epilogue(self) -> datetime:
        """The moment at which the last month ends. Nothing happens after it, so nothing ever lies in the future."""
        return self.moment(self.until.shifted(1).starts_on)

    def moment(self, day: date, *, days: float = 0, hours: float = 0) -> datetime:
        """Return the beginning of `day` in the country, moved, as UTC and to the second."""
        start = datetime.combine(day, time(), tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)
        return (start + timedelta(days=days, hours=hours)).replace(microsecond=0)

    def after(self, month: int, days: float) -> datetime:
        """Return the moment so many days after the end of the story's `month` (0 is the first)."""
        return self.moment(self.periods[month].shifted(1).starts_on, days=days)

    @cached_property
    def wave_months(self) -> list[int]:
        """The month, counted from 0, in which each wave joins: none but the first in summer, if it can."""
        months = [0]
        for share in WAVE_STARTS[1:]:
            month = int(share * self.months)
            while month + 1 < 2 * self.months // 3 and self.periods[month].starts_on.month in HOLIDAYS:
                month += 1
            months.append(month)
        return months

    def dice(self, *names: int) -> np.random.Generator:
        """Return random numbers of their own for whatever the names number, independent of the order of asking."""
        return np.random.default_rng([self.random_seed, *names])

    def as_details(self) -> dict[str, Any]:
        """Return the options as they are written into the audit trail."""
        return {
            "country": self.country, "schools": self.schools, "months": self.months, "until": self.until.key,
            "random_seed": self.random_seed, "comparison": self.comparison,
        }  # fmt: skip
