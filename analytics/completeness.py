"""How many of the reports that were due have come, how many in time, and whether a headline may stand on them.

A school reports a measure when it says something about it (of an indicator: about both its metrics). It did so *on
time* when that was first said in a submission made by the end of the due day, in the country's time zone, and that
stands: neither waiting for a reviewer nor a later correction makes a report late, an undone submission makes none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.language import _, format_date, format_percent
from analytics.adoption import areas_directly_below
from analytics.area_figures import area_figures, span
from analytics.lookup import Asked, look_up, period_ids
from analytics.names import in_current_language
from analytics.observed import enrolled_schools_frame, were_expected
from analytics.released_figures import require_release
from analytics.scope import Scope
from data_model import periods
from data_model.base import known_at
from data_model.bulk import Query
from data_model.due_days import due_days_at
from data_model.participation import CompletenessThreshold, ReportingPeriod
from data_model.periods import Period
from data_model.places import Area
from data_model.rollups import Rollup, area_tree
from data_model.statements import table_of_statements
from data_model.time_zones import time_zone_at
from data_model.timely import said_on_time

DEFAULT_THRESHOLD = 80.0
REPORTING = (
    "area_code", "name", "is_whole", "period", "starts_on", "due_on", "schools_expected", "schools_reporting",
    "schools_on_time", "share_reporting", "share_on_time", "is_due",
)  # fmt: skip


@dataclass(frozen=True)
class Provisional:
    """Whether a figure is provisional, and why.

    reason: `nothing_reported`, `below_threshold` (of the expected schools fewer have reported than `threshold` percent)
    or `not_yet_due` (its due day is not over: more reports may come); "" where it is settled. `share` is percent.
    """

    is_provisional: bool
    reason: str
    share: float | None
    threshold: float
    due_on: date | None
    schools_reporting: int | None
    schools_expected: int | None


def threshold(session: Session, initiative_id: int) -> float:
    """Return which share of the expected schools (percent) must have reported: the initiative's own, else the
    instance's, else DEFAULT_THRESHOLD.
    """
    query: Query = (
        sa.select(col(CompletenessThreshold.percent))
        .where(
            sa.or_(
                col(CompletenessThreshold.initiative_id) == initiative_id,
                col(CompletenessThreshold.initiative_id).is_(None),
            )
        )
        .order_by(col(CompletenessThreshold.initiative_id).is_(None), col(CompletenessThreshold.id).desc())
        .limit(1)
    )
    found = session.connection().execute(query).scalar_one_or_none()
    return DEFAULT_THRESHOLD if found is None else float(found)


def provisional(session: Session, scope: Scope, at: datetime) -> Provisional:
    """Return whether the scope's figure is provisional at the moment of asking (or at the scope's own, if earlier)."""
    asked = look_up(session, scope)
    row = area_figures(session, asked, [asked.measure], {asked.area_id: scope.area}, [scope.period]).iloc[0]
    limit = threshold(session, asked.initiative_id)
    due = due_days(session, asked, [scope.period]).get(scope.period.starts_on)
    expected, reporting = (None if pd.isna(row[name]) else int(row[name])
                           for name in ("schools_expected", "schools_reporting"))  # fmt: skip
    share = reporting * 100 / expected if reporting is not None and expected else None
    if share is None or not reporting:
        reason = "nothing_reported"
    elif share < limit:
        reason = "below_threshold"
    else:
        reason = "" if due is None or _is_over(session, asked, due, at) else "not_yet_due"
    return Provisional(reason != "", reason, share, limit, due, reporting, expected)


def in_words(found: Provisional) -> str:
    """Return why a figure is not final; empty when it is, or when a release tells nothing of its base."""
    if not found.is_provisional or found.schools_reporting is None:
        return ""
    if found.reason == "not_yet_due" and found.due_on is not None:
        return _("reports are due by {date}").format(date=format_date(found.due_on))
    if found.reason == "nothing_reported" or found.share is None:
        return _("no school has reported yet")
    return _("{share} of schools have reported, fewer than {threshold}").format(
        share=format_percent(found.share / 100), threshold=format_percent(found.threshold / 100, 0)
    )


def reporting(session: Session, scope: Scope, at: datetime) -> pd.DataFrame:
    """Return how many reports of the measure were due, came, and came in time: REPORTING, by area and period.

    The areas directly below the scope's in order of code, then the scope's own (`is_whole`), each over the periods of
    its trend. schools_on_time (Int64) are some of schools_reporting; <NA> in a release, which tells no moment of a
    report. share_reporting and share_on_time (percent of those expected; NaN where none is). due_on, is_due (the due
    day was over at the moment of asking, or at the scope's own).
    """
    asked = look_up(session, scope)
    periods = span(session, asked)
    if not periods:
        return pd.DataFrame(columns=list(REPORTING))
    below = areas_directly_below(session, asked)
    names = dict(zip(below["area_code"], below["name"], strict=True))
    codes = dict(zip(below["area_id"], below["area_code"], strict=True)) | {asked.area_id: scope.area}
    figures = area_figures(session, asked, [asked.measure], codes, periods)
    frame = figures[["period", "starts_on", "schools_expected", "schools_reporting"]].copy()
    frame["area_code"] = figures["area_id"].map(codes)
    frame["name"] = frame["area_code"].map(lambda code: names.get(code, _name(session, code)))
    frame["is_whole"] = (figures["area_id"] == asked.area_id).to_numpy(dtype=bool)
    frame["schools_on_time"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    due = due_days(session, asked, periods)
    if not scope.released:
        places = [int(area) for area in codes]
        kept = _kept_on_time(session, asked, places, periods, due)
        counted = _on_time(session, asked, places, periods, due) if kept is None else kept
        frame["schools_on_time"] = pd.array(counted.reshape(-1), dtype="Int64")
    frame["due_on"] = [due.get(day) for day in frame["starts_on"]]
    over = {day: _is_over(session, asked, last, at) for day, last in due.items()}
    frame["is_due"] = [over.get(day, False) for day in frame["starts_on"]]
    expected = frame["schools_expected"].astype("Float64").where(frame["schools_expected"] > 0)
    for part in ("reporting", "on_time"):
        share = frame[f"schools_{part}"] * 100 / expected
        frame[f"share_{part}"] = share.to_numpy(dtype=float, na_value=np.nan)
    return frame[list(REPORTING)]


def due_days(session: Session, asked: Asked, periods: Sequence[Period]) -> dict[date, date]:
    """Return the day by which each of the periods that the initiative has is to be reported, by its first day."""
    query = select(ReportingPeriod).where(
        col(ReportingPeriod.initiative_id) == asked.initiative_id,
        col(ReportingPeriod.granularity) == asked.granularity,
        col(ReportingPeriod.starts_on).between(periods[0].starts_on, periods[-1].starts_on),
    )
    held = session.exec(query).all()
    due = due_days_at(session, held, asked.scope.as_of)
    return {period.starts_on: due[period.id or 0] for period in held}


def end_of_day(session: Session, country: str, day: date, as_of: datetime | None = None) -> datetime:
    """Return the moment at which a day is over in a country, by the time zone it has now, or had `as_of`."""
    return periods.end_of_day(day, time_zone_at(session, country, as_of)).astimezone(UTC)


def _is_over(session: Session, asked: Asked, due: date, at: datetime) -> bool:
    moment = at if asked.scope.as_of is None else min(at, asked.scope.as_of)
    if asked.scope.released:
        moment = min(moment, require_release(session, asked.scope.as_of).as_of)
    return moment >= end_of_day(session, asked.country, due, asked.scope.as_of)


def _name(session: Session, code: str) -> str:
    query: Query = sa.select(in_current_language(Area)).where(col(Area.code) == code)
    return str(session.connection().execute(query).scalar_one())


def _kept_on_time(
    session: Session, asked: Asked, areas: Sequence[int], periods: Sequence[Period], due: dict[date, date]
) -> np.ndarray | None:
    """Return how many schools of each area reported each period on time, as the rollups hold it: areas x periods.

    None where one does not: it was made before they were counted, or by another due day than the one that holds.
    """
    ids = {number: day for day, number in period_ids(session, asked, periods).items()}
    until: Query = sa.select(col(ReportingPeriod.id), col(ReportingPeriod.on_time_until)).where(
        col(ReportingPeriod.id).in_(list(ids))
    )
    counted = np.zeros((len(areas), len(periods)), dtype=np.int64)
    place = {area: index for index, area in enumerate(areas)}
    column = {period.starts_on: index for index, period in enumerate(periods)}
    rows = _rolled_up(session, asked, areas, list(ids))
    summed = {row.period_id for row in rows}
    as_of = asked.scope.as_of
    for row in session.connection().execute(until):
        if row.id in summed and row.on_time_until != end_of_day(session, asked.country, due[ids[row.id]], as_of):
            return None
    for row in rows:
        if row.schools_on_time is None:
            return None
        counted[place[row.area_id], column[ids[row.period_id]]] = row.schools_on_time
    return counted


def _rolled_up(session: Session, asked: Asked, areas: Sequence[int], periods: Sequence[int]) -> Sequence[Any]:
    query: Query = sa.select(col(Rollup.area_id), col(Rollup.period_id), col(Rollup.schools_on_time)).where(
        col(Rollup.initiative_id) == asked.initiative_id, col(Rollup.measure_id) == asked.measure.id,
        col(Rollup.area_id).in_(areas), col(Rollup.period_id).in_(periods), known_at(Rollup, asked.scope.as_of),
    )  # fmt: skip
    return session.connection().execute(query).all()


def _on_time(
    session: Session, asked: Asked, areas: Sequence[int], periods: Sequence[Period], due: dict[date, date]
) -> np.ndarray:
    """Return how many schools of each area reported each period on time: areas x periods."""
    every = enrolled_schools_frame(session, asked)
    schools, back = np.unique(every["school_id"].to_numpy(np.int64), return_inverse=True)
    ids = period_ids(session, asked, periods)
    belongs = _belongs(session, asked, every, areas)
    counted = np.zeros((len(areas), len(periods)), dtype=np.int64)
    for place, period in enumerate(periods):
        number = ids.get(period.starts_on)
        if number is not None:
            until = end_of_day(session, asked.country, due[period.starts_on], asked.scope.as_of)
            said = _said(session, asked, number, schools, until)[back]
            counted[:, place] = (belongs & (were_expected(every, period.ends_on) & said)).sum(axis=1)
    return counted


def _said(session: Session, asked: Asked, period_id: int, schools: np.ndarray, until: datetime) -> np.ndarray:
    """Return which of the schools say something of all the measure's metrics, and had said it by then."""
    metrics = sorted(set(asked.measure.metric_ids))
    held, _values = table_of_statements(
        session, asked.initiative_id, period_id, school_ids=schools, metric_ids=metrics, as_of=asked.scope.as_of
    )
    timely = said_on_time(
        session, asked.initiative_id, period_id, school_ids=schools, metric_ids=metrics, until=until,
        as_of=asked.scope.as_of,
    )  # fmt: skip
    return np.asarray((held & timely).all(axis=1))


def _belongs(session: Session, asked: Asked, schools: pd.DataFrame, areas: Sequence[int]) -> np.ndarray:
    """Return which schools lie in which of the areas: areas x schools."""
    query: Query = sa.select(col(Area.code), col(Area.id)).where(col(Area.country) == asked.country)
    numbers = {row.code: row.id for row in session.connection().execute(query)}
    tree = area_tree(session, asked.country)
    above = {code: set(tree.upwards(numbers[code])) for code in set(schools["area_code"])}
    return np.array([[area in above[code] for code in schools["area_code"]] for area in areas], dtype=bool).reshape(
        len(areas), len(schools)
    )
