"""What there is to ask about: measures, areas, periods; and how new the answers are.

Names and definitions are in the current language, in English where it has none.
"""

from collections import defaultdict
from datetime import datetime
from functools import lru_cache
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.lookup import initiative_id_of, measure_facts
from analytics.measures_described import measures
from analytics.names import in_current_language
from analytics.reading import read_frame
from analytics.released_figures import ReleaseView, newest_release, released_periods
from analytics.rollup_figures import periods_with_figures
from analytics.scope import CannotAnswer
from data_model.bulk import Query
from data_model.measures import Definition, Target
from data_model.participation import ReportingPeriod, Requirement
from data_model.periods import Granularity, Period
from data_model.places import Area, Country
from data_model.registry import Initiative
from data_model.releases import Release

__all__ = [
    "ReleaseView",
    "area_trail",
    "areas",
    "countries",
    "data_version",
    "latest_period",
    "measures",
    "newest_release",
    "periods",
]

AREA = ("area_code", "name", "kind", "level", "parent_code", "has_areas_below", "demonstration")
PERIOD = ("period", "starts_on", "ends_on", "due_on", "has_figures")


def countries(session: Session) -> pd.DataFrame:
    """Return the countries: country (code), name, time_zone, initiatives (how many), in order of name."""
    query: Query = (
        sa.select(
            col(Country.code).label("country"), in_current_language(Country), col(Country.time_zone),
            sa.func.count(col(Initiative.id)).label("initiatives"),
        )
        .join(Initiative, col(Initiative.country) == col(Country.code), isouter=True)
        .group_by(col(Country.code))
    )  # fmt: skip
    return read_frame(session, query).sort_values("name", ignore_index=True)


def areas(session: Session, country: str) -> pd.DataFrame:
    """Return a country's areas: area_code, name, kind, level, parent_code (None for the country), has_areas_below,
    demonstration. Each area comes before those in it; areas beside each other are in order of code.
    """
    query: Query = (
        sa.select(
            col(Area.id), col(Area.parent_id), col(Area.code), in_current_language(Area), col(Area.kind),
            col(Area.level), col(Area.demonstration),
        )
        .where(col(Area.country) == country)
        .order_by(col(Area.code))
    )  # fmt: skip
    rows = session.connection().execute(query).all()
    below: dict[int | None, list[Any]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    codes = {row.id: row.code for row in rows}
    ordered, waiting = [], list(reversed(below[None]))
    while waiting:
        area = waiting.pop()
        ordered.append(area)
        waiting.extend(reversed(below[area.id]))
    listed = [
        (
            row.code,
            row.name,
            row.kind,
            row.level,
            codes.get(row.parent_id),
            bool(below[row.id]),
            bool(row.demonstration),
        )
        for row in ordered
    ]
    return pd.DataFrame(listed, columns=list(AREA))


def area_trail(session: Session, area_code: str) -> pd.DataFrame:
    """Return the way from the country down to the area: area_code, name, level.

    Raises CannotAnswer (`unknown_area`).
    """
    start: Any = (
        sa.select(col(Area.id), col(Area.parent_id)).where(col(Area.code) == area_code).cte("trail", recursive=True)
    )
    trail = start.union_all(sa.select(col(Area.id), col(Area.parent_id)).join(start, col(Area.id) == start.c.parent_id))
    query: Query = (
        sa.select(col(Area.code).label("area_code"), in_current_language(Area), col(Area.level))
        .join(trail, trail.c.id == col(Area.id))
        .order_by(col(Area.level))
    )
    trail_frame = read_frame(session, query)
    if trail_frame.empty:
        raise CannotAnswer("unknown_area", _("There is no area {code}.").format(code=area_code))
    return trail_frame


def periods(session: Session, initiative_key: str) -> pd.DataFrame:
    """Return the periods for which an initiative has or awaits reports, in order of time: period (key), starts_on,
    ends_on, due_on, has_figures (a school has reported in it).
    """
    initiative_id, root, _country = _initiative_root(session, initiative_key)
    filled = set(periods_with_figures(session, initiative_id, root, _asked_metrics(session, initiative_id), None))
    query: Query = (
        sa.select(
            col(ReportingPeriod.id), col(ReportingPeriod.granularity), col(ReportingPeriod.starts_on),
            col(ReportingPeriod.ends_on), col(ReportingPeriod.due_on),
        )
        .where(col(ReportingPeriod.initiative_id) == initiative_id)
        .order_by(col(ReportingPeriod.starts_on))
    )  # fmt: skip
    listed = [
        (
            Period(row.starts_on, Granularity(row.granularity)).key, row.starts_on, row.ends_on, row.due_on,
            row.id in filled,
        )
        for row in session.connection().execute(query)
    ]  # fmt: skip
    return pd.DataFrame(listed, columns=list(PERIOD))


def latest_period(
    session: Session, initiative_key: str, as_of: datetime | None = None, released: bool = False
) -> Period | None:
    """Return the newest period in which a school had reported by `as_of`, or that is released; None before that."""
    initiative_id, root, _country = _initiative_root(session, initiative_key)
    if released:
        release = newest_release(session, as_of)
        held = released_periods(session, release, initiative_key) if release else []
        return held[-1] if held else None
    filled = periods_with_figures(session, initiative_id, root, _asked_metrics(session, initiative_id), as_of)
    query = (
        sa.select(col(ReportingPeriod.starts_on), col(ReportingPeriod.granularity))
        .where(col(ReportingPeriod.id).in_(filled))
        .order_by(col(ReportingPeriod.starts_on).desc())
        .limit(1)
    )
    row = session.connection().execute(query).one_or_none()
    return None if row is None else Period(row.starts_on, Granularity(row.granularity))


def data_version(session: Session, initiative_key: str, released: bool = False) -> tuple[object, ...]:
    """Return what changes whenever an answer about the initiative may change: a cache's key. One cheap query.

    The definitions and the initiative's targets, and live its last recording, released the newest release.
    Equal versions, equal answers to the same scope.
    """
    connection = session.connection()
    if released:
        release = newest_release(session)
        number = release.number if release else None
        # What is set against an earlier release changes when that is withdrawn.
        withdrawn = connection.execute(_withdrawn_query()).scalar_one()
        return ("released", number, withdrawn, *connection.execute(_wordings_query(), {"key": initiative_key}).one())
    row = connection.execute(_version_query(), {"key": initiative_key}).one_or_none()
    if row is None:
        raise CannotAnswer("unknown_initiative", _("There is no initiative {key}.").format(key=initiative_key))
    return ("live", *row)


# Every run of a page asks for the version, so its queries are built once.
@lru_cache
def _withdrawn_query() -> Query:
    return sa.select(sa.func.count(col(Release.withdrawn_at)))


@lru_cache
def _wordings_query() -> Query:
    wordings, aims = _versions(Definition).subquery(), _versions_of_aims().subquery()
    return sa.select(wordings, aims).select_from(wordings).join(aims, sa.true())


@lru_cache
def _version_query() -> Query:
    wordings, aims = _versions(Definition).subquery(), _versions_of_aims().subquery()
    return (
        sa.select(col(Initiative.last_recorded_at), wordings, aims)
        .select_from(Initiative)
        .join(wordings, sa.true())  # one row each
        .join(aims, sa.true())
        .where(col(Initiative.key) == sa.bindparam("key"))
    )


def _versions_of_aims() -> Query:
    asked = sa.select(col(Initiative.id)).where(col(Initiative.key) == sa.bindparam("key")).scalar_subquery()
    return _versions(Target).where(col(Target.initiative_id) == asked)


def _versions(table: type[Definition] | type[Target]) -> Query:
    """Return the query for what changes with every version of the table's rows."""
    query: Query = sa.select(
        sa.func.count(), sa.func.max(col(table.recorded_at)), sa.func.max(col(table.superseded_at))
    ).select_from(table)
    return query


def _initiative_root(session: Session, initiative_key: str) -> tuple[int, int, str]:
    """Return the ids of an initiative and of its country's root area, and the country's code."""
    initiative_id = initiative_id_of(session, initiative_key)
    query: Query = (
        sa.select(col(Area.id), col(Area.country))
        .join(Initiative, col(Initiative.country) == col(Area.country))
        .where(col(Initiative.id) == initiative_id, col(Area.level) == 0)
    )
    root, country = session.connection().execute(query).one()
    return initiative_id, root, country


def _asked_metrics(session: Session, initiative_id: int) -> list[int]:
    query = sa.select(col(Requirement.metric_id)).where(col(Requirement.initiative_id) == initiative_id)
    asked = list(session.connection().execute(query).scalars())
    # Before the requirements were written down every metric may have been reported.
    return asked or [facts.id for facts in measure_facts(session).values() if facts.factor is None]
