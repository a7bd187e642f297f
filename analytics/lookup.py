"""The names in a scope, looked up once: initiative, measures, area. Raises CannotAnswer for what does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.scope import CannotAnswer, Scope
from data_model.bulk import Query
from data_model.measures import Indicator, Measure, Metric, MetricKind
from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.places import Area
from data_model.registry import Initiative
from data_model.rollups import area_tree

# Districts and schools are never released: what is public ends at the first level below the country.
LOWEST_RELEASED_LEVEL = 1


@dataclass(frozen=True)
class MeasureFacts:
    """How a measure is made of metrics. `kind` of an indicator is its numerator's; `factor` is None for metrics."""

    id: int
    key: str
    kind: str
    numerator_id: int
    denominator_id: int | None
    factor: int | None
    weighted: bool

    @property
    def is_ratio(self) -> bool:
        """Whether the value is numerator over denominator."""
        return self.denominator_id is not None

    @property
    def metric_ids(self) -> list[int]:
        """The metrics whose observations stand behind the measure."""
        return [self.numerator_id] if self.denominator_id is None else [self.numerator_id, self.denominator_id]


@dataclass(frozen=True)
class Asked:
    """A scope with its names looked up."""

    scope: Scope
    initiative_id: int
    country: str
    granularity: Granularity
    last_recorded_at: datetime | None
    measure: MeasureFacts
    area_id: int
    area_level: int
    root_id: int

    @property
    def may_be_released(self) -> bool:
        """Whether figures of the area are published at all."""
        return self.area_level <= LOWEST_RELEASED_LEVEL


def look_up(session: Session, scope: Scope) -> Asked:
    """Return the scope with its names looked up. Raises CannotAnswer for unknown names and other period lengths."""
    initiative = _initiative(session, scope.initiative)
    measures = measure_facts(session, [scope.measure])
    if scope.measure not in measures:
        raise CannotAnswer("unknown_measure", _("There is no measure {key}.").format(key=scope.measure))
    area, root = _area_and_root(session, scope.area, initiative.country)
    _check_length(scope.period, initiative.granularity)
    return Asked(
        scope=scope,
        initiative_id=initiative.id,
        country=initiative.country,
        granularity=Granularity(initiative.granularity),
        last_recorded_at=initiative.last_recorded_at,
        measure=measures[scope.measure],
        area_id=area.id,
        area_level=area.level,
        root_id=root,
    )


def country_of(session: Session, initiative: str) -> str:
    """Return the country of an initiative, which is the code of its root area."""
    country: str = _initiative(session, initiative).country
    return country


def granularity_of(session: Session, initiative: str) -> Granularity:
    """Return the one length of period that an initiative asks for."""
    return Granularity(_initiative(session, initiative).granularity)


def initiative_id_of(session: Session, initiative: str) -> int:
    """Return the id of an initiative."""
    number: int = _initiative(session, initiative).id
    return number


def _initiative(session: Session, key: str) -> Any:
    query = sa.select(
        col(Initiative.id), col(Initiative.country), col(Initiative.granularity), col(Initiative.last_recorded_at)
    ).where(col(Initiative.key) == key)
    row = session.connection().execute(query).one_or_none()
    if row is None:
        raise CannotAnswer("unknown_initiative", _("There is no initiative {key}.").format(key=key))
    return row


def measure_facts(session: Session, keys: Iterable[str] | None = None) -> dict[str, MeasureFacts]:
    """Return the measures by key (all when None), in order of position."""
    upper = sa.orm.aliased(Metric)
    query: Query = (
        sa.select(
            col(Measure.id), col(Measure.key), col(Metric.kind), col(Metric.count_metric_id),
            col(Indicator.numerator_id), col(Indicator.denominator_id), col(Indicator.factor),
            col(upper.kind).label("upper_kind"),
        )
        .select_from(Measure)
        .join(Metric, col(Metric.id) == col(Measure.id), isouter=True)
        .join(Indicator, col(Indicator.id) == col(Measure.id), isouter=True)
        .join(upper, col(upper.id) == col(Indicator.numerator_id), isouter=True)
        .order_by(col(Measure.position), col(Measure.id))
    )  # fmt: skip
    if keys is not None:
        query = query.where(col(Measure.key).in_(list(keys)))
    return {row.key: _facts(row) for row in session.connection().execute(query)}


def _facts(row: Any) -> MeasureFacts:
    if row.numerator_id is not None:
        return MeasureFacts(row.id, row.key, row.upper_kind, row.numerator_id, row.denominator_id, row.factor, False)
    is_score = row.kind == MetricKind.SCORE
    return MeasureFacts(row.id, row.key, row.kind, row.id, row.count_metric_id if is_score else None, None, is_score)


def _area_and_root(session: Session, code: str, country: str) -> tuple[Any, int]:
    query = sa.select(col(Area.id), col(Area.code), col(Area.level)).where(
        col(Area.country) == country, sa.or_(col(Area.code) == code, col(Area.level) == 0)
    )
    rows = session.connection().execute(query).all()
    area = next((row for row in rows if row.code == code), None)
    root = next((row for row in rows if row.level == 0), None)
    if area is None or root is None:
        raise CannotAnswer(
            "unknown_area", _("There is no area {code} in {country}.").format(code=code, country=country)
        )
    return area, root.id


def _check_length(period: Period, granularity: str) -> None:
    if period.granularity != granularity:
        example = Period.containing(period.starts_on, Granularity(granularity)).key
        message = _("{period} is a period of another length: this initiative asks for periods like {example}.")
        raise CannotAnswer("period_granularity", message.format(period=period.key, example=example))


def period_ids(session: Session, asked: Asked, periods: Sequence[Period]) -> dict[date, int]:
    """Return the ids of those of the periods that the initiative has, by their first day."""
    if not periods:
        return {}
    query = sa.select(col(ReportingPeriod.starts_on), col(ReportingPeriod.id)).where(
        col(ReportingPeriod.initiative_id) == asked.initiative_id,
        col(ReportingPeriod.granularity) == asked.granularity,
        col(ReportingPeriod.starts_on).between(periods[0].starts_on, periods[-1].starts_on),
    )
    return {row.starts_on: row.id for row in session.connection().execute(query)}


def areas_below(session: Session, asked: Asked) -> list[int] | None:
    """Return the ids of the area and all areas in it; None for the whole country, which needs no condition."""
    if asked.area_id == asked.root_id:
        return None
    return area_tree(session, asked.country).below({asked.area_id})


def every_period(first: Period, last: Period) -> list[Period]:
    """Return the periods from `first` to `last`, both included; none when `first` is later."""
    periods, period = [], first
    while period.starts_on <= last.starts_on:
        periods.append(period)
        period = period.shifted(1)
    return periods
