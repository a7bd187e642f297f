"""A reporting period: a calendar month, a calendar quarter or a school year, with one written form each."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

SCHOOL_YEAR_BEGINS = 9  # September, in every country of the registry


class Granularity(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    SCHOOL_YEAR = "school_year"


MONTHS_IN = {Granularity.MONTH: 1, Granularity.QUARTER: 3, Granularity.SCHOOL_YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """A period by its first day and its length. Periods of one granularity sort by time."""

    starts_on: date
    granularity: Granularity = Granularity.MONTH

    @classmethod
    def parse(cls, key: str) -> Self:
        """Return the period written `2026-09`, `2026-Q3` or `2025/26`. Raises ValueError on anything else."""
        if match := re.fullmatch(r"(\d{4})-(\d{2})", key):
            return cls(date(int(match[1]), int(match[2]), 1), Granularity.MONTH)
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", key):
            return cls(date(int(match[1]), 3 * int(match[2]) - 2, 1), Granularity.QUARTER)
        match = re.fullmatch(r"(\d{4})/(\d{2})", key)
        if match and (int(match[1]) + 1) % 100 == int(match[2]):
            return cls(date(int(match[1]), SCHOOL_YEAR_BEGINS, 1), Granularity.SCHOOL_YEAR)
        raise ValueError(f"{key!r} is no period: write 2026-09, 2026-Q3 or 2025/26")

    @classmethod
    def containing(cls, day: date, granularity: Granularity = Granularity.MONTH) -> Self:
        """Return the period of that granularity in which `day` lies."""
        if granularity is Granularity.SCHOOL_YEAR:
            year = day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
            return cls(date(year, SCHOOL_YEAR_BEGINS, 1), granularity)
        months = MONTHS_IN[granularity]
        return cls(date(day.year, (day.month - 1) // months * months + 1, 1), granularity)

    @property
    def key(self) -> str:
        """The period as written in files, addresses and JSON."""
        start = self.starts_on
        if self.granularity is Granularity.QUARTER:
            return f"{start.year}-Q{(start.month + 2) // 3}"
        if self.granularity is Granularity.SCHOOL_YEAR:
            return f"{start.year}/{(start.year + 1) % 100:02}"
        return f"{start.year}-{start.month:02}"

    @property
    def ends_on(self) -> date:
        """The period's last day."""
        return self.shifted(1).starts_on - timedelta(days=1)

    def shifted(self, count: int) -> Self:
        """Return the period `count` periods later (earlier when negative)."""
        months = self.starts_on.year * 12 + self.starts_on.month - 1 + count * MONTHS_IN[self.granularity]
        return type(self)(date(months // 12, months % 12 + 1, 1), self.granularity)

    def __str__(self) -> str:
        return self.key


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return the moment at which the day is over in the time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))


def last_complete(now: datetime, time_zone: str, granularity: Granularity = Granularity.MONTH) -> Period:
    """Return the last period that had ended by `now` in the country's time zone."""
    return Period.containing(now.astimezone(ZoneInfo(time_zone)).date(), granularity).shifted(-1)
