"""A measure by month, by term of the country's school year, by quarter and by school year.

How months become something longer stands in `analytics.longer_periods`; which months make a term, here: a month is of
the term that holds most of its days, where at least half of it lies in terms at all. Months of holidays are in no term.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.adoption import trend
from analytics.longer_periods import Span, over_spans
from analytics.lookup import country_of, granularity_of, look_up
from analytics.scope import FIGURE_COLUMNS, Scope
from analytics.values import empty_figures
from data_model.bulk import Query
from data_model.periods import MONTHS_IN, Granularity, Period
from data_model.terms import SchoolTerm

MONTH, TERM, QUARTER, SCHOOL_YEAR = "month", "term", "quarter", "school_year"
AS_REPORTED = "as_reported"
VIEW = ("period", "starts_on", "ends_on", "aggregation", "months", "months_reported", "months_in_period")


class Term(NamedTuple):
    """One term: how it is written, its first and last day."""

    key: str
    starts_on: date
    ends_on: date


def available(session: Session, initiative_key: str) -> list[str]:
    """Return the views there are of an initiative's figures: `term` only where the country's terms are known.

    Quarters do not make up school years that begin in September; what is not reported by month is shown as reported.
    """
    granularity = granularity_of(session, initiative_key)
    if granularity is not Granularity.MONTH:
        return [granularity.value]
    has_terms = bool(terms(session, country_of(session, initiative_key)))
    return [MONTH, *([TERM] if has_terms else []), QUARTER, SCHOOL_YEAR]


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


def over_time(session: Session, scope: Scope, view: str) -> pd.DataFrame:
    """Return the measure over time in one of the views that are `available`, in order of time: VIEW, FIGURE_COLUMNS.

    period (2026-09, 2026-Q3, 2025/26, 2025/26-T1), starts_on, ends_on (dates), aggregation (as_reported, sum,
    last_month, mean_month, mean), months (of the trend that are in it), months_reported, months_in_period (how many it
    has: more than `months` where it is not over, or began before the trend). A month in no known term is in no row of
    the terms: `months_in_no_term` tells which.
    """
    course, measure = trend(session, scope), look_up(session, scope).measure
    if view == scope.period.granularity:
        return _as_reported(course)
    if view == TERM:
        known = terms(session, country_of(session, scope.initiative))
        found = [term_of(day, known) for day in course["starts_on"]]
        spans = [None if term is None else Span(term.starts_on, term.key) for term in found]
        ends = {term.key: (term.ends_on, _months_in(term, known)) for term in found if term is not None}
    else:
        longer = [Period.containing(day, Granularity(view)) for day in course["starts_on"]]
        spans = [Span(period.starts_on, period.key) for period in longer]
        ends = {period.key: (period.ends_on, MONTHS_IN[period.granularity]) for period in longer}
    if not any(spans):
        return empty_figures(VIEW)
    frame = over_spans(course, spans, measure.kind, measure.factor)
    frame["ends_on"] = [ends[key][0] for key in frame["period"]]
    frame["months_in_period"] = [ends[key][1] for key in frame["period"]]
    return frame[[*VIEW, *FIGURE_COLUMNS]]


def months_in_no_term(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the months of the trend that no term holds: period, starts_on, reason (`holidays`, or `unknown` where the
    terms of the school year are not known).
    """
    known = terms(session, country_of(session, scope.initiative))
    years = {term.key.split("-")[0] for term in known}
    course = trend(session, scope)[["period", "starts_on"]]
    outside = course[[term_of(day, known) is None for day in course["starts_on"]] if len(course) else []]
    reasons = [
        "holidays" if Period.containing(day, Granularity.SCHOOL_YEAR).key in years else "unknown"
        for day in outside["starts_on"]
    ]
    return outside.assign(reason=pd.array(reasons, dtype="str")).reset_index(drop=True)


def term_of(month: date, known: list[Term]) -> Term | None:
    """Return the term of the month that begins on `month`, None for holidays."""
    last = Period.containing(month).ends_on
    days = [max(0, (min(term.ends_on, last) - max(term.starts_on, month)).days + 1) for term in known]
    if 2 * sum(days) < last.day:
        return None
    return known[int(np.argmax(days))]


def _months_in(term: Term, known: list[Term]) -> int:
    """Return how many months are of a term."""
    month, count = term.starts_on.replace(day=1), 0
    while month <= term.ends_on:
        count += term_of(month, known) == term
        month = Period.containing(month).ends_on + timedelta(days=1)
    return count


def _as_reported(course: pd.DataFrame) -> pd.DataFrame:
    if course.empty:
        return empty_figures(VIEW)
    frame = course.assign(
        ends_on=[Period.parse(key).ends_on for key in course["period"]], aggregation=AS_REPORTED, months=1,
        months_reported=(course["state"] == "reported").astype(int), months_in_period=1,
    )  # fmt: skip
    return frame[[*VIEW, *FIGURE_COLUMNS]]
