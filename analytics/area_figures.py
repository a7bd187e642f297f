"""Figures of areas and periods, from the rollups or from the newest release as the scope says."""

from collections.abc import Mapping, Sequence

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.lookup import Asked, MeasureFacts, every_period
from analytics.released_figures import first_released, released_figures, released_periods, require_release
from analytics.rollup_figures import live_figures
from data_model.base import known_at
from data_model.participation import ReportingPeriod
from data_model.periods import Period
from data_model.rollups import Rollup


def area_figures(
    session: Session,
    asked: Asked,
    measures: Sequence[MeasureFacts],
    areas: Mapping[int, str],
    periods: Sequence[Period],
) -> pd.DataFrame:
    """Return every combination of measures, areas (codes by id) and periods, in that order.

    Columns: measure (key), area_id, period (key), starts_on, then FIGURE_COLUMNS of `analytics.scope`.
    Raises CannotAnswer (`no_release`) for a released scope while there is none.
    """
    if not asked.scope.released:
        return live_figures(session, asked, measures, list(areas), periods)
    release = require_release(session, asked.scope.as_of)
    return released_figures(session, release, asked.scope.initiative, measures, areas, periods)


def span(session: Session, asked: Asked) -> list[Period]:
    """Return the periods a trend covers, in order: from the scope's first period to its period.

    Without a first period it begins where the area first reported the measure. A release is covered as far as it goes.
    """
    scope = asked.scope
    if scope.released:
        held = released_periods(session, require_release(session, scope.as_of), scope.initiative)
        if not held:
            return []
        return every_period(max(scope.first_period or held[0], held[0]), min(scope.period, held[-1]))
    first = scope.first_period or first_reported(session, asked)
    return [] if first is None else every_period(first, scope.period)


def first_reported(session: Session, asked: Asked) -> Period | None:
    """Return the first period in which a school of the area said something about the measure, None before that.

    In a released scope: by the release, for live reports are not the public's to know of.
    """
    scope = asked.scope
    if scope.released:
        release = require_release(session, scope.as_of)
        return first_released(session, release, scope.initiative, scope.measure, scope.area)
    query = (
        sa.select(sa.func.min(col(ReportingPeriod.starts_on)))
        .join(Rollup, col(Rollup.period_id) == col(ReportingPeriod.id))
        .where(
            col(Rollup.initiative_id) == asked.initiative_id,
            col(Rollup.measure_id) == asked.measure.id,
            col(Rollup.area_id) == asked.area_id,
            # As in `rollup_figures.periods_with_figures`: the periods named, so that old versions are not read.
            col(Rollup.period_id).in_(
                sa.select(col(ReportingPeriod.id)).where(col(ReportingPeriod.initiative_id) == asked.initiative_id)
            ),
            col(Rollup.schools_reporting) > 0,
            known_at(Rollup, asked.scope.as_of),
        )
    )
    first = session.connection().execute(query).scalar_one()
    return None if first is None else Period(first, asked.granularity)


def first_period(session: Session, asked: Asked) -> Period | None:
    """Return the first period for which the initiative has or awaits reports."""
    query = sa.select(sa.func.min(col(ReportingPeriod.starts_on))).where(
        col(ReportingPeriod.initiative_id) == asked.initiative_id,
        col(ReportingPeriod.granularity) == asked.granularity,
    )
    first = session.connection().execute(query).scalar_one()
    return None if first is None else Period(first, asked.granularity)
