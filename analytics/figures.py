"""One figure: its value, its base, its age, and how it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from access.language import _
from analytics.area_figures import area_figures, first_period
from analytics.behind import submissions_behind
from analytics.lookup import Asked, MeasureFacts, every_period, look_up, measure_facts
from analytics.released_figures import ReleaseView, not_released, released_periods, require_release
from analytics.scope import CannotAnswer, Scope
from data_model.periods import Period
from data_model.releases import FigureState

# A headline's spark line: the period asked about and the twelve before it, so that a month meets its last year's.
SPARK_PERIODS = 13


@dataclass(frozen=True)
class Figure:
    """One measure of one area in one period.

    `value` is None unless `state` is `reported`; a rate is in its unit (42.3 is 42.3 %). `schools_in_base` are the
    expected schools whose values it is made of (None in a release, which keeps `schools_reporting`). `as_of` is the
    moment it speaks for, `last_recorded_at` when it last changed; `release` is the release's number.
    """

    value: float | None
    state: str
    numerator: float | None
    denominator: float | None
    schools_in_base: int | None
    schools_reporting: int | None
    schools_expected: int | None
    as_of: datetime | None
    demonstration: bool
    last_recorded_at: datetime | None
    release: int | None = None

    @property
    def base(self) -> int | None:
        """How many schools the figure rests on, as far as may be known."""
        return self.schools_reporting if self.schools_in_base is None else self.schools_in_base


@dataclass(frozen=True)
class Headline:
    """A figure with its change since the period before and its recent course.

    `change` is in the figure's unit (percentage points for a percentage) and None unless both periods have a value.
    `bases_differ`: another number of schools stands behind the earlier value. A count has no `change` then: sums over
    other schools differ by the schools. `spark` has the columns of a trend.
    """

    measure: str
    period: Period
    figure: Figure
    previous: Figure | None
    change: float | None
    bases_differ: bool
    spark: pd.DataFrame


def figure(session: Session, scope: Scope) -> Figure:
    """Return the figure. Raises CannotAnswer for unknown names, and for what is not released in a released scope."""
    return _headlines(session, look_up(session, scope), None, 1)[scope.measure].figure


def headline(session: Session, scope: Scope) -> Headline:
    """Return the figure with its change and its course. Raises as `figure` does."""
    return _headlines(session, look_up(session, scope), None, SPARK_PERIODS)[scope.measure]


def headlines(session: Session, scope: Scope, measures: Sequence[str]) -> dict[str, Headline]:
    """Return the headlines of several measures (by key, in order) in one read. Raises as `figure` does."""
    asked = look_up(session, scope.of(measure=measures[0]))
    return _headlines(session, asked, measures, SPARK_PERIODS)


def figure_submissions(session: Session, scope: Scope) -> pd.DataFrame:
    """Return the submissions behind the figure: submission, sha256, rows (the file's row numbers, a sorted list).

    A release opens to no rows: then the frame is empty.
    """
    if scope.released:
        return pd.DataFrame({"submission": [], "sha256": [], "rows": []})
    return submissions_behind(session, look_up(session, scope))


def figure_as_json(session: Session, scope: Scope) -> dict[str, Any]:
    """Return the figure as the command line prints it. `state` is there only when there is no value."""
    found = figure(session, scope)
    value = {"value": _number(found.value)} if found.state == FigureState.REPORTED else {
        "value": None, "state": found.state,
    }  # fmt: skip
    behind = figure_submissions(session, scope)
    return value | {
        "numerator": _number(found.numerator),
        "denominator": _number(found.denominator),
        "schools_reporting": found.schools_reporting,
        "schools_expected": found.schools_expected,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "demonstration": found.demonstration,
        "submissions": [
            {"id": row.submission, "sha256": row.sha256, "rows": row.rows} for row in behind.itertuples(index=False)
        ],
    }


def _headlines(session: Session, asked: Asked, keys: Sequence[str] | None, length: int) -> dict[str, Headline]:
    """Return headlines over the last `length` periods, of the measures named (of the scope's own when None)."""
    release = _release_for(session, asked)
    measures = [asked.measure] if keys is None else _known(measure_facts(session, keys), keys)
    periods = _last_periods(session, asked, length)
    areas = {asked.area_id: asked.scope.area}
    frame = area_figures(session, asked, measures, areas, periods).drop(columns="area_id")
    frame = frame.drop(columns="measure")
    count = len(periods)
    courses = [frame.iloc[start : start + count].reset_index(drop=True) for start in range(0, len(frame), count)]
    return {
        measure.key: _headline(asked, course, release, measure)
        for measure, course in zip(measures, courses, strict=True)
    }


def _known(facts: dict[str, MeasureFacts], keys: Sequence[str]) -> list[MeasureFacts]:
    for key in keys:
        if key not in facts:
            raise CannotAnswer("unknown_measure", _("There is no measure {key}.").format(key=key))
    return [facts[key] for key in keys]


def _release_for(session: Session, asked: Asked) -> ReleaseView | None:
    """Return the release a released scope is answered from; raises when it cannot hold the area or period."""
    if not asked.scope.released:
        return None
    release = require_release(session, asked.scope.as_of)
    periods = released_periods(session, release, asked.scope.initiative)
    if not asked.may_be_released or asked.scope.period not in periods:
        raise not_released()
    return release


def _last_periods(session: Session, asked: Asked, length: int) -> list[Period]:
    """Return up to `length` periods up to the one asked about, none before the initiative's first."""
    last = asked.scope.period
    start = last.shifted(1 - length)
    if length > 1:
        first = first_period(session, asked)
        start = min(max(start, first or last), last)
    return every_period(start, last)


def _headline(asked: Asked, course: pd.DataFrame, release: ReleaseView | None, measure: MeasureFacts) -> Headline:
    now = _figure(course.iloc[-1], asked, release)
    before = _figure(course.iloc[-2], asked, release) if len(course) > 1 else None
    change, differ = None, False
    if before is not None and before.value is not None and now.value is not None:
        differ = before.base != now.base
        change = now.value - before.value if measure.is_ratio or not differ else None
    return Headline(measure.key, asked.scope.period, now, before, change, differ, course)


def _figure(row: Any, asked: Asked, release: ReleaseView | None) -> Figure:
    recorded_at = None if pd.isna(row.recorded_at) else row.recorded_at.to_pydatetime()
    return Figure(
        value=_float(row.value),
        state=str(row.state),
        numerator=_float(row.numerator),
        denominator=_float(row.denominator),
        schools_in_base=_count(row.schools_in_base),
        schools_reporting=_count(row.schools_reporting),
        schools_expected=_count(row.schools_expected),
        as_of=release.as_of if release else asked.scope.as_of or asked.last_recorded_at,
        demonstration=bool(row.demonstration),
        last_recorded_at=release.released_at if release else recorded_at,
        release=release.number if release else None,
    )


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _count(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _number(value: float | None) -> float | int | None:
    """Return a whole number as an int, so that a count reads 412 and not 412.0."""
    return int(value) if value is not None and value.is_integer() else value
