"""A measure by month, by term of the country's school year, by quarter and by school year.

How months become something longer stands in `analytics.longer_periods`; which months make a term, in
`analytics.school_calendar`. Months of holidays are in no term.
"""

from datetime import timedelta

import pandas as pd
from sqlmodel import Session

from analytics.adoption import trend
from analytics.longer_periods import Span, over_spans
from analytics.lookup import country_of, granularity_of, look_up
from analytics.school_calendar import Term, is_known, term_of, terms
from analytics.scope import FIGURE_COLUMNS, Scope
from analytics.values import empty_figures
from data_model.periods import MONTHS_IN, Granularity, Period

MONTH, TERM, QUARTER, SCHOOL_YEAR = "month", "term", "quarter", "school_year"
AS_REPORTED = "as_reported"
VIEW = ("period", "starts_on", "ends_on", "aggregation", "months", "months_reported", "months_in_period")


def available(session: Session, initiative_key: str) -> list[str]:
    """Return the views there are of an initiative's figures: `term` only where the country's terms are known.

    Quarters do not make up school years that begin in September; what is not reported by month is shown as reported.
    """
    granularity = granularity_of(session, initiative_key)
    if granularity is not Granularity.MONTH:
        return [granularity.value]
    has_terms = bool(terms(session, country_of(session, initiative_key)))
    return [MONTH, *([TERM] if has_terms else []), QUARTER, SCHOOL_YEAR]


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
    course = trend(session, scope)[["period", "starts_on"]]
    outside = course[[term_of(day, known) is None for day in course["starts_on"]] if len(course) else []]
    reasons = ["holidays" if is_known(day, known) else "unknown" for day in outside["starts_on"]]
    return outside.assign(reason=pd.array(reasons, dtype="str")).reset_index(drop=True)


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
