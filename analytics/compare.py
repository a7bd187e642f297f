"""Side by side: areas, initiatives, countries and groups of schools, by calendar or by months since they joined.

Rates are ratios of sums over the schools of each unit that reported both parts, with their base; percentages are never
averaged. Areas and initiatives are read from the sums that are kept; groups of schools are questions about schools, and
read what these said. No group of schools is released.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from analytics.adoption import areas_directly_below, schools, trend
from analytics.area_figures import area_figures, first_period, span
from analytics.grouping import group_of, in_order
from analytics.intervals import difference, rate_over_schools
from analytics.lookup import Asked, country_of, every_period, look_up, measure_facts, period_ids
from analytics.observed import enrolled_schools_frame, were_expected
from analytics.scope import FIGURE_COLUMNS, Scope
from analytics.values import empty_figures, figure_frame, values_and_states
from data_model.periods import Period
from data_model.releases import FigureState
from data_model.statements import table_of_statements
from data_model.sums import MeasurePlan, Sums, from_units, sums_of

CALENDAR, SINCE_JOINING = "calendar", "since_joining"
AREAS = ("unit", "name", "at", "period", "starts_on")
INITIATIVES = ("unit", "name", "country", "at", "period", "starts_on")
GROUPS_OVER_TIME = ("group", "at", "period", "starts_on")
GAPS = (
    "group", "reference", "rate", "rate_reference", "gap", "gap_low", "gap_high", "reason", "schools_in_base",
    "schools_in_base_reference", "people", "people_reference", "design_effect", "demonstration",
)  # fmt: skip
# The metric that tells a school's size, and for how many periods back it is looked for.
SIZE, SIZE_KNOWN_FOR = "teachers_total", 12


def areas(session: Session, scope: Scope, by: str = CALENDAR) -> pd.DataFrame:
    """Return the measure over time in each area directly below the scope's, in order of code and time.

    Columns: unit (area code), name, at (Int64: months since the first of the frame, or `since_joining`: since the
    area's first expected school, in a release since its first figure), period, starts_on, then FIGURE_COLUMNS.
    """
    asked = look_up(session, scope)
    below = areas_directly_below(session, asked).rename(columns={"area_code": "unit"})
    periods = [] if below.empty else span(session, asked)
    if not periods:
        return empty_figures(AREAS)
    codes = dict(zip(below["area_id"], below["unit"], strict=True))
    figures = area_figures(session, asked, [asked.measure], codes, periods)
    return _placed(below[["area_id", "unit", "name"]].merge(figures, on="area_id"), by)[[*AREAS, *FIGURE_COLUMNS]]


def initiatives(session: Session, scopes: Sequence[Scope], by: str = CALENDAR) -> pd.DataFrame:
    """Return the measure over time in each scope, an initiative each: countries compare by their initiatives.

    Columns: unit (initiative key), name (of its country's root area), country, at, period, starts_on, FIGURE_COLUMNS.
    """
    parts = []
    for scope in scopes:
        part = trend(session, scope)
        parts.append(part.assign(unit=scope.initiative, name=scope.area, country=country_of(session, scope.initiative)))
    parts = [part for part in parts if len(part)]
    if not parts:
        return empty_figures(INITIATIVES)
    return _placed(pd.concat(parts, ignore_index=True), by)[[*INITIATIVES, *FIGURE_COLUMNS]]


def groups(session: Session, scope: Scope, group: str) -> pd.DataFrame:
    """Return the measure in each group of the area's schools, in the scope's period: group (text, "" where it is not
    known), then FIGURE_COLUMNS, in the groups' own order. `group` is one of `analytics.grouping.GROUPS`.
    """
    asked = look_up(session, scope)
    if scope.released:
        return empty_figures(("group",))
    every, of_school = _schools_in_groups(session, asked, group, [scope.period])
    names = in_order(of_school.tolist())
    sums = _period_sums(session, asked, every, of_school, names, scope.period)
    found = _figures(asked, sums, {"group": names}, ("group",))
    return found[found["schools_expected"] > 0].reset_index(drop=True)


def groups_over_time(session: Session, scope: Scope, group: str = "", by: str = CALENDAR) -> pd.DataFrame:
    """Return the measure in each group over time (of all schools together without `group`).

    Columns: group, at (Int64), period and starts_on ("" and None by `since_joining`), then FIGURE_COLUMNS. By
    `since_joining` a school counts in month 0 in the period in which it joined, whenever that was; only schools that
    have come so far are expected there, so the last months rest on the earliest waves: the base says on how many.
    """
    asked = look_up(session, scope)
    first = None if scope.released else first_period(session, asked)
    if first is None:
        return empty_figures(GROUPS_OVER_TIME)
    periods = span(session, asked) if by == CALENDAR else every_period(first, scope.period)
    every, of_school = _schools_in_groups(session, asked, group, periods)
    names = in_order(of_school.tolist()) or [""]
    months = [_period_sums(session, asked, every, of_school, names, period, by) for period in periods]
    if by == SINCE_JOINING:
        return _since_joining(asked, months, names)
    rows = [(name, place) for name in names for place in range(len(periods))]
    order = [names.index(name) + place * len(names) for name, place in rows]
    columns = {
        "group": [name for name, _place in rows],
        "at": pd.array([place for _name, place in rows], dtype="Int64"),
        "period": [periods[place].key for _name, place in rows],
        "starts_on": [periods[place].starts_on for _name, place in rows],
    }
    found = _figures(asked, _chosen(_joined(months), np.array(order, dtype=int)), columns, GROUPS_OVER_TIME)
    awaited = found.groupby("group")["schools_expected"].transform("sum") > 0
    return found[awaited].reset_index(drop=True)


def gaps(session: Session, scope: Scope, group: str) -> pd.DataFrame:
    """Return the gap in the rate between each group and the one with most people (the reference): GAPS.

    group, reference; rate, rate_reference, gap (percentage points: rate less reference), gap_low, gap_high (95 %, see
    `analytics.intervals`; NaN where `reason` is too_few_schools), schools and people (denominators) behind either,
    design_effect (how many people tell as much as one drawn alone, in this group). Empty for what is no rate.
    """
    asked = look_up(session, scope)
    frame = schools(session, scope)
    frame = frame[(frame["state"] == FigureState.REPORTED) & (frame["denominator"] > 0)]
    if frame.empty or not asked.measure.is_ratio or asked.measure.weighted:
        return pd.DataFrame(columns=list(GAPS))
    every, of_school = _schools_in_groups(session, asked, group, [scope.period])
    known = dict(zip(every["school_code"], of_school, strict=True))
    frame = frame.assign(group=frame["school_code"].map(known))
    parts = {
        name: rate_over_schools(part["numerator"].to_numpy(float), part["denominator"].to_numpy(float))
        for name, part in frame.groupby("group")
    }
    named = [name for name in in_order([str(name) for name in parts]) if name]
    if not named:
        return pd.DataFrame(columns=list(GAPS))
    reference = max(named, key=lambda name: (parts[name].people, name))
    rows = []
    for name in named:
        if name == reference:
            continue
        one, other = parts[name], parts[reference]
        low, high = difference(one, other)
        rows.append(
            (name, reference, one.rate * 100, other.rate * 100, (one.rate - other.rate) * 100, low * 100, high * 100,
             "too_few_schools" if np.isnan(low) else "", one.schools, other.schools, one.people, other.people,
             one.design_effect, bool(frame["demonstration"].any()))
        )  # fmt: skip
    counts = {"schools_in_base": "Int64", "schools_in_base_reference": "Int64"}
    return pd.DataFrame(rows, columns=list(GAPS)).astype(counts)


def _placed(figures: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the figures with their place in time: months since the first of all, or since each unit's own first."""
    months = np.array([day.year * 12 + day.month for day in figures["starts_on"]])
    if by == CALENDAR:
        return figures.assign(at=pd.array(months - months.min(), dtype="Int64"))
    begun = figures["schools_expected"].fillna(0).gt(0)
    if figures["schools_expected"].isna().any():
        begun |= figures["state"].eq(FigureState.REPORTED)
    first = pd.Series(np.where(begun, months, np.iinfo(np.int64).max), index=figures.index)
    since = months - first.groupby(figures["unit"]).transform("min")
    return figures.assign(at=pd.array(since, dtype="Int64"))[since >= 0].reset_index(drop=True)


def _schools_in_groups(
    session: Session, asked: Asked, group: str, periods: Sequence[Period]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the area's schools that were ever enrolled, and the group of each as of the last of the periods."""
    every = enrolled_schools_frame(session, asked)
    if not group:
        return every, np.full(len(every), "", dtype=object)
    teachers = _teachers(session, asked, every, periods[-1]) if group == "size" else None
    return every, group_of(every, group, teachers)


def _teachers(session: Session, asked: Asked, every: pd.DataFrame, period: Period) -> np.ndarray:
    """Return how many teachers each school last reported by the period, NaN where that is long ago or never."""
    metric = measure_facts(session, [SIZE])[SIZE].id
    ids = every["school_id"].to_numpy(np.int64)
    found = np.full(len(ids), np.nan)
    back = every_period(period.shifted(-SIZE_KNOWN_FOR), period)
    numbers = period_ids(session, asked, back)
    for earlier in reversed(back):
        if earlier.starts_on in numbers and np.isnan(found).any():
            _said, value = table_of_statements(
                session, asked.initiative_id, numbers[earlier.starts_on], school_ids=ids, metric_ids=[metric],
                as_of=asked.scope.as_of,
            )  # fmt: skip
            found = np.where(np.isnan(found), value[:, 0], found)
    return found


def _period_sums(
    session: Session,
    asked: Asked,
    every: pd.DataFrame,
    of_school: np.ndarray,
    names: list[str],
    period: Period,
    by: str = CALENDAR,
) -> Sums:
    """Return the sums of one period by group; by `since_joining`, by (group, months since the school joined)."""
    expected = were_expected(every, period.ends_on)
    ids = every["school_id"].to_numpy(np.int64)[expected]
    place = np.array([names.index(name) for name in of_school[expected]], dtype=np.int64)
    rows = len(names)
    if by == SINCE_JOINING:
        joined = every["joined_on"][expected]
        month = period.starts_on.year * 12 + period.starts_on.month
        since = month - (joined.dt.year * 12 + joined.dt.month).to_numpy(np.int64)
        rows = len(names) * (int(since.max(initial=0)) + 1)
        place += since * len(names)
    number = period_ids(session, asked, [period]).get(period.starts_on, 0)
    said, value = table_of_statements(
        session, asked.initiative_id, number, school_ids=ids, metric_ids=asked.measure.metric_ids,
        as_of=asked.scope.as_of,
    )  # fmt: skip
    plan = MeasurePlan(asked.measure.id, 0, 1 if asked.measure.is_ratio else None, asked.measure.weighted)
    sums = sums_of(said, value, place, max(rows, 1), [plan])
    invented = every["demonstration"].to_numpy(dtype=bool)[expected]
    np.add.at(sums.demonstration, place, invented.astype(np.int64))
    return sums


def _since_joining(asked: Asked, months: list[Sums], names: list[str]) -> pd.DataFrame:
    rows = max((len(sums.expected) for sums in months), default=0)
    total = Sums.zeros(rows, 1)
    for sums in months:
        for into, part in zip(total.parts(), sums.parts(), strict=True):
            into[: len(part)] += part
    awaited = np.flatnonzero(total.expected)
    order = awaited[np.lexsort((awaited // len(names), awaited % len(names)))]
    columns = {
        "group": [names[place % len(names)] for place in order.tolist()],
        "at": pd.array(order // len(names), dtype="Int64"),
        "period": [""] * len(order),
        "starts_on": [None] * len(order),
    }
    return _figures(asked, _chosen(total, order), columns, GROUPS_OVER_TIME)


def _joined(months: list[Sums]) -> Sums:
    return Sums(*(np.concatenate(parts) for parts in zip(*(sums.parts() for sums in months), strict=True)))


def _chosen(sums: Sums, order: np.ndarray) -> Sums:
    return Sums(*(part[order] for part in sums.parts()))


def _figures(asked: Asked, sums: Sums, named: dict[str, Any], names: Sequence[str]) -> pd.DataFrame:
    """Return the sums as figures, each row one of `named`."""
    numerator, denominator = from_units(sums.numerator[:, 0]), from_units(sums.denominator[:, 0])
    in_base, reporting = sums.in_base[:, 0], sums.reporting[:, 0]
    value, state = values_and_states(
        numerator, denominator, in_base, reporting, ratio=asked.measure.is_ratio, factor=asked.measure.factor or 1
    )
    known = in_base > 0
    columns = named | {
        "value": value, "state": state, "numerator": np.where(known, numerator, np.nan),
        "denominator": np.where(known & asked.measure.is_ratio, denominator, np.nan),
        "schools_in_base": in_base, "schools_reporting": reporting, "schools_expected": sums.expected,
        "demonstration": sums.demonstration > 0, "recorded_at": [None] * len(value),
    }  # fmt: skip
    return figure_frame(columns, names)
