"""Figures as the public may see them: from the released tables only, of a country and its regions only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.lookup import MeasureFacts
from analytics.scope import CannotAnswer
from analytics.values import figure_frame
from data_model.bulk import Query
from data_model.periods import Period
from data_model.releases import FigureState, Release, ReleasedFigure

NAMES = ("measure", "area_id", "period", "starts_on")


@dataclass(frozen=True)
class ReleaseView:
    """One release as the public sees it."""

    number: int
    released_at: datetime
    as_of: datetime
    note: str
    threshold: int
    demonstration: bool


def newest_release(session: Session, as_of: datetime | None = None) -> ReleaseView | None:
    """Return the newest release that is not withdrawn (of those made by `as_of`), None before the first."""
    query: Query = (
        sa.select(
            col(Release.id), col(Release.released_at), col(Release.as_of), col(Release.note), col(Release.threshold),
            col(Release.demonstration),
        )
        .where(col(Release.withdrawn_at).is_(None))
        .order_by(col(Release.id).desc())
        .limit(1)
    )  # fmt: skip
    if as_of is not None:
        query = query.where(col(Release.released_at) <= as_of)
    row = session.connection().execute(query).one_or_none()
    return None if row is None else ReleaseView(*row)


def require_release(session: Session, as_of: datetime | None) -> ReleaseView:
    """Return the newest release. Raises CannotAnswer while there is none."""
    release = newest_release(session, as_of)
    if release is None:
        raise CannotAnswer("no_release", _("Nothing has been released yet."))
    return release


def not_released() -> CannotAnswer:
    """Return the refusal for a figure that the newest release does not hold."""
    return CannotAnswer("not_released", _("This figure is not in the newest release."))


def released_periods(session: Session, release: ReleaseView, initiative: str) -> list[Period]:
    """Return the periods of the initiative for which the release holds figures, in order of time."""
    query = (
        sa.select(col(ReleasedFigure.period), col(ReleasedFigure.period_starts_on))
        .distinct()
        .where(col(ReleasedFigure.release_id) == release.number, col(ReleasedFigure.initiative_key) == initiative)
        .order_by(col(ReleasedFigure.period_starts_on))
    )
    return [Period.parse(key) for key, _starts_on in session.connection().execute(query)]


def public_baselines(session: Session, initiative: str, aims: pd.DataFrame, as_of: datetime | None) -> pd.DataFrame:
    """Return targets (`registry.targets`) without the baselines that speak for a figure which the newest release
    withholds: whoever typed one in may know it from the reports.
    """
    release = newest_release(session, as_of)
    if release is None or aims.empty:
        return aims
    query = sa.select(col(ReleasedFigure.measure), col(ReleasedFigure.area_code), col(ReleasedFigure.period)).where(
        col(ReleasedFigure.release_id) == release.number,
        col(ReleasedFigure.initiative_key) == initiative,
        col(ReleasedFigure.measure).in_(sorted(set(aims["measure"]))),
        col(ReleasedFigure.state) == FigureState.SUPPRESSED,
    )
    withheld: dict[tuple[str, str], list[Period]] = {}
    for measure, area, period in session.connection().execute(query):
        withheld.setdefault((measure, area), []).append(Period.parse(period))
    told = [
        pd.isna(day) or not any(one.starts_on <= day <= one.ends_on for one in withheld.get((measure, area), ()))
        for measure, area, day in zip(aims["measure"], aims["area_code"], aims["baseline_on"], strict=True)
    ]
    return aims.assign(baseline=aims["baseline"].where(pd.Series(told, index=aims.index)))


def first_released(session: Session, release: ReleaseView, initiative: str, measure: str, area: str) -> Period | None:
    """Return the first period in which, by the release, a school said something about the measure in the area.

    Where the figure is withheld one did.
    """
    query = (
        sa.select(col(ReleasedFigure.period))
        .where(
            col(ReleasedFigure.release_id) == release.number,
            col(ReleasedFigure.initiative_key) == initiative,
            col(ReleasedFigure.measure) == measure,
            col(ReleasedFigure.area_code) == area,
            col(ReleasedFigure.state) != FigureState.NOT_REPORTED,
        )
        .order_by(col(ReleasedFigure.period_starts_on))
        .limit(1)
    )
    key = session.connection().execute(query).scalar_one_or_none()
    return None if key is None else Period.parse(key)


def released_figures(
    session: Session,
    release: ReleaseView,
    initiative: str,
    measures: Sequence[MeasureFacts],
    areas: Mapping[int, str],
    periods: Sequence[Period],
) -> pd.DataFrame:
    """Return the same frame as `rollup_figures.live_figures`; `areas` are codes by id, of levels that are released.

    What the release does not hold is `not_reported` with unknown counts of schools.
    """
    held = _held(session, release, initiative, measures, areas, periods)
    cells = list(product(measures, areas, periods))
    missing = (FigureState.NOT_REPORTED.value, None, None, None, None, None, False)
    rows = [held.get((measure.key, areas[area], period.key), missing) for measure, area, period in cells]
    parts: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * 7
    return figure_frame(
        {
            "measure": [measure.key for measure, _, _ in cells],
            "area_id": [area for _, area, _ in cells],
            "period": [period.key for _, _, period in cells],
            "starts_on": [period.starts_on for _, _, period in cells],
            "state": parts[0], "value": parts[1], "numerator": parts[2], "denominator": parts[3],
            "schools_in_base": [None] * len(cells), "schools_reporting": parts[4], "schools_expected": parts[5],
            "demonstration": parts[6], "recorded_at": [None] * len(cells),
        },
        NAMES,
    )  # fmt: skip


def _held(
    session: Session,
    release: ReleaseView,
    initiative: str,
    measures: Sequence[MeasureFacts],
    areas: Mapping[int, str],
    periods: Sequence[Period],
) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    if not periods:
        return {}
    query = sa.select(
        col(ReleasedFigure.measure), col(ReleasedFigure.area_code), col(ReleasedFigure.period),
        col(ReleasedFigure.state), col(ReleasedFigure.value), col(ReleasedFigure.numerator),
        col(ReleasedFigure.denominator), col(ReleasedFigure.schools_reporting), col(ReleasedFigure.schools_expected),
        col(ReleasedFigure.demonstration),
    ).where(
        col(ReleasedFigure.release_id) == release.number,
        col(ReleasedFigure.initiative_key) == initiative,
        col(ReleasedFigure.measure).in_([measure.key for measure in measures]),
        col(ReleasedFigure.area_code).in_(list(areas.values())),
        col(ReleasedFigure.period_starts_on).between(periods[0].starts_on, periods[-1].starts_on),
    )  # fmt: skip
    return {(row[0], row[1], row[2]): tuple(row[3:]) for row in session.connection().execute(query)}
