"""Which months are of which term of a country's school year, and which lie in its holidays.

A month is of the term that holds most of its days, where at least half of it lies in terms at all; other months are
holidays. Of a school year whose terms are not known, nothing is known: what goes on beyond the known ones (a forecast)
takes the same month of the nearest school year that is.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from data_model.bulk import Query
from data_model.periods import Granularity, Period
from data_model.terms import SchoolTerm


class Term(NamedTuple):
    """One term: how it is written, its first and last day."""

    key: str
    starts_on: date
    ends_on: date

    @property
    def school_year(self) -> date:
        """The first day of the school year that it is of."""
        return Period.parse(self.key.split("-")[0]).starts_on


def terms(session: Session, country: str) -> list[Term]:
    """Return a country's terms as far as they are known, in order of time. A term is written `2025/26-T1`."""
    query: Query = (
        sa.select(
            col(SchoolTerm.school_year), col(SchoolTerm.number), col(SchoolTerm.starts_on), col(SchoolTerm.ends_on)
        )
        .where(col(SchoolTerm.country) == country)
        .order_by(col(SchoolTerm.starts_on))
    )
    return [Term(f"{year}-T{number}", *days) for year, number, *days in session.connection().execute(query)]


def term_of(month: date, known: Sequence[Term]) -> Term | None:
    """Return the term of the month that begins on `month`, None for holidays."""
    last = Period.containing(month).ends_on
    days = [max(0, (min(term.ends_on, last) - max(term.starts_on, month)).days + 1) for term in known]
    if 2 * sum(days) < last.day:
        return None
    return known[int(np.argmax(days))]


def is_known(month: date, known: Sequence[Term]) -> bool:
    """Return whether the terms of the month's school year are known."""
    return _school_year(month) in {term.school_year for term in known}


def expected_holidays(months: Sequence[date], known: Sequence[Term]) -> list[bool]:
    """Return which of the months lie in holidays, those beyond the known school years as in the nearest one."""
    years = sorted({term.school_year for term in known})
    if not years:
        return [False] * len(months)
    return [term_of(_in_known_year(month, years), known) is None for month in months]


def _in_known_year(month: date, years: list[date]) -> date:
    """Return the same month in its own school year where that is known, else in the nearest known one."""
    own = _school_year(month)
    nearest = min(years, key=lambda year: abs(year.year - own.year))
    return month.replace(year=month.year + nearest.year - own.year)


def _school_year(month: date) -> date:
    return Period.containing(month, Granularity.SCHOOL_YEAR).starts_on
