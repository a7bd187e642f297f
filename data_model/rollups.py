"""Rollups: every measure's sums by area and period, kept exact in the transaction that changes what they sum.

The rules of figures that they hold:

- A school is *expected* in a period when it is enrolled and open on the period's last day. Only such schools count.
- *Reporting* are the expected schools that said something about the measure: a value or "not applicable".
- In the *base* of a figure are those with values: for an indicator of both its metrics, for a score of it and of its
  count.
- A rate is the ratio of the sums over its base. Sums add up over disjoint areas: a region is the sum of its districts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from data_model.base import BIG_ID, current_only, in_order, known_at
from data_model.bulk import insert_columns
from data_model.measures import Indicator, Metric, MetricKind
from data_model.participation import Enrolment, ReportingPeriod
from data_model.places import Area, School, SchoolRecord
from data_model.submissions import Observation, ValueState

# Scores are means with a few decimals; their weighted sums are kept to this many, so that any order of adding agrees.
SUM_DECIMALS = 6


class Rollup(SQLModel, table=True):
    """The sums of one measure over one area's expected schools in one period, as known in a span of time."""

    __tablename__ = "rollup"
    __table_args__ = (
        current_only("uq_rollup_current", "initiative_id", "period_id", "measure_id", "area_id"),
        sa.Index("ix_rollup_cell", "initiative_id", "measure_id", "area_id", "period_id"),
        in_order(),
        sa.CheckConstraint("schools_in_base <= schools_reporting", name="base_has_reported"),
        sa.CheckConstraint("schools_reporting <= schools_expected", name="reporting_are_expected"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG_ID)
    initiative_id: int = Field(foreign_key="initiative.id")
    area_id: int = Field(foreign_key="area.id")
    measure_id: int = Field(foreign_key="measure.id")
    period_id: int = Field(foreign_key="reporting_period.id")
    numerator: float | None = Field(default=None, description="empty when no school is in the base")
    denominator: float | None = Field(default=None, description="for indicators and scores")
    schools_in_base: int
    schools_reporting: int
    schools_expected: int
    demonstration: bool = Field(description="an expected school is invented")
    recorded_at: datetime
    superseded_at: datetime | None = None


@dataclass(frozen=True)
class MeasurePlan:
    """How a measure is computed from metrics: which columns of the school x metric table it takes."""

    measure_id: int
    numerator: int
    denominator: int | None = None
    weighted: bool = False  # a score: numerator x denominator is summed


def measure_plans(session: Session) -> tuple[list[int], list[MeasurePlan]]:
    """Return the metric ids (the columns, in order) and a plan for each measure over them."""
    metrics = session.exec(select(Metric).order_by(col(Metric.id))).all()
    position = {metric.id: index for index, metric in enumerate(metrics)}
    plans = []
    for metric in metrics:
        if metric.kind == MetricKind.SCORE and metric.count_metric_id is not None:
            plans.append(MeasurePlan(metric.id, position[metric.id], position[metric.count_metric_id], weighted=True))
        else:
            plans.append(MeasurePlan(metric.id, position[metric.id]))
    for indicator in session.exec(select(Indicator).order_by(col(Indicator.id))).all():
        plans.append(MeasurePlan(indicator.id, position[indicator.numerator_id], position[indicator.denominator_id]))
    return [metric.id for metric in metrics], plans


def expected_condition(day: date | sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Return the rule "enrolled and open on that day", over Enrolment joined to SchoolRecord."""
    return sa.and_(
        col(Enrolment.joined_on) <= day,
        sa.or_(col(Enrolment.left_on).is_(None), col(Enrolment.left_on) > day),
        sa.or_(col(SchoolRecord.opened_on).is_(None), col(SchoolRecord.opened_on) <= day),
        sa.or_(col(SchoolRecord.closed_on).is_(None), col(SchoolRecord.closed_on) > day),
    )


def expected_schools(
    session: Session,
    initiative_id: int,
    day: date,
    *,
    as_of: datetime | None = None,
    area_ids: Iterable[int] | None = None,
) -> list[tuple[int, int, bool]]:
    """Return (school id, id of its area, demonstration) of the schools expected on `day`, ordered by school id."""
    query = (
        select(School.id, SchoolRecord.area_id, School.demonstration)
        .join(Enrolment, col(Enrolment.school_id) == School.id)
        .join(SchoolRecord, col(SchoolRecord.school_id) == School.id)
        .where(Enrolment.initiative_id == initiative_id, known_at(Enrolment, as_of), known_at(SchoolRecord, as_of))
        .where(expected_condition(day))
        .order_by(col(School.id))
    )
    if area_ids is not None:
        query = query.where(col(SchoolRecord.area_id).in_(list(area_ids)))
    return [(school, area, bool(demo)) for school, area, demo in session.exec(query).all()]  # type: ignore[misc]


@dataclass
class Sums:
    """The sums of all measures over a list of areas: arrays of areas x measures; the last two of areas alone."""

    numerator: np.ndarray
    denominator: np.ndarray
    in_base: np.ndarray
    reporting: np.ndarray
    expected: np.ndarray
    demonstration: np.ndarray

    @classmethod
    def zeros(cls, areas: int, measures: int) -> "Sums":
        """Return sums of nothing."""
        shape = (areas, measures)
        return cls(
            np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64),
            np.zeros(areas, np.int64), np.zeros(areas, np.int64),
        )  # fmt: skip

    def parts(self) -> tuple[np.ndarray, ...]:
        """Return the arrays in a fixed order."""
        return (self.numerator, self.denominator, self.in_base, self.reporting, self.expected, self.demonstration)


class AreaTree:
    """A country's areas as index arithmetic: who lies above whom."""

    def __init__(self, areas: Iterable[tuple[int, int | None]]) -> None:
        """Take (area id, parent id) pairs, parents anywhere in the list."""
        self.parent = dict(areas)

    def upwards(self, area_id: int) -> list[int]:
        """Return the area and all that lie above it, nearest first."""
        chain = [area_id]
        while (parent := self.parent[chain[-1]]) is not None:
            chain.append(parent)
        return chain

    def tops(self, area_ids: set[int]) -> set[int]:
        """Return those areas of the set that lie in no other of it."""
        return {area for area in area_ids if not area_ids.intersection(self.upwards(area)[1:])}

    def below(self, tops: set[int]) -> list[int]:
        """Return all areas that are one of `tops` or lie in one, in order of id."""
        return sorted(area for area in self.parent if tops.intersection(self.upwards(area)))


def area_tree(session: Session, country: str) -> AreaTree:
    """Return the tree of a country's areas."""
    pairs = session.exec(select(Area.id, Area.parent_id).where(Area.country == country)).all()
    return AreaTree((area, parent) for area, parent in pairs if area is not None)


def refresh(
    session: Session,
    *,
    initiative_id: int,
    country: str,
    period_ids: Iterable[int],
    at: datetime,
    school_ids: Iterable[int] | None = None,
) -> int:
    """Bring the rollups of these periods up to date, recording what changed at `at`. Returns how many rows are new.

    Call it in the transaction that changed observations (naming the schools touched), enrolments or school records
    (naming none: then all areas are made anew). Rows that did not change are left alone.
    """
    tree = area_tree(session, country)
    plans = measure_plans(session)
    touched = None if school_ids is None else _areas_of(session, school_ids)
    written = 0
    for period_id in sorted(set(period_ids)):
        period = session.get_one(ReportingPeriod, period_id)
        held = _held(session, initiative_id, period_id)
        # A period without any rollup is made whole, so that every area knows how many reports it awaits.
        tops = tree.tops(touched) if touched is not None and held else {a for a, p in tree.parent.items() if p is None}
        areas = tree.below(tops)
        sums = _sums(session, initiative_id, period, areas, tree, plans)
        above, sums_above = _above(tops, areas, sums, tree, held, [plan.measure_id for plan in plans[1]])
        fresh = _as_rows(areas, sums, plans[1]) | _as_rows(above, sums_above, plans[1])
        written += _replace(session, initiative_id, period_id, set(areas) | set(above), held, fresh, at)
    return written


Key = tuple[int, int]  # area id, measure id
Row = tuple[float | None, float | None, int, int, int, bool]


def _areas_of(session: Session, school_ids: Iterable[int]) -> set[int]:
    """Return the areas in which these schools now lie."""
    wanted = np.unique(np.fromiter(school_ids, dtype=np.int64))
    query = select(SchoolRecord.school_id, SchoolRecord.area_id).where(col(SchoolRecord.superseded_at).is_(None))
    if len(wanted) <= 500:
        query = query.where(col(SchoolRecord.school_id).in_(wanted.tolist()))
    pairs = np.array(session.exec(query).all(), dtype=np.int64).reshape(-1, 2)
    return set(pairs[np.isin(pairs[:, 0], wanted), 1].tolist())


def _held(session: Session, initiative_id: int, period_id: int) -> dict[Key, tuple[int, Row]]:
    """Return the current rollups of a period: (area, measure) -> (row id, row)."""
    query = sa.select(  # type: ignore[call-overload]
        Rollup.id, Rollup.area_id, Rollup.measure_id, Rollup.numerator, Rollup.denominator,
        Rollup.schools_in_base, Rollup.schools_reporting, Rollup.schools_expected, Rollup.demonstration,
    ).where(
        Rollup.initiative_id == initiative_id, Rollup.period_id == period_id, col(Rollup.superseded_at).is_(None)
    )  # fmt: skip
    rows = session.connection().execute(query).all()
    return {(row[1], row[2]): (row[0], (*row[3:8], bool(row[8]))) for row in rows}


def _sums(
    session: Session,
    initiative_id: int,
    period: ReportingPeriod,
    areas: list[int],
    tree: AreaTree,
    plans: tuple[list[int], list[MeasurePlan]],
) -> Sums:
    """Return the sums of the areas from the observations now held. Each school counts in its area and all above it."""
    metric_ids, measures = plans
    schools = expected_schools(session, initiative_id, period.ends_on, area_ids=areas)
    said, value = _statements(session, initiative_id, period, [school for school, _, _ in schools], metric_ids, areas)
    place = {area: index for index, area in enumerate(areas)}
    own = np.array([place[area] for _, area, _ in schools], dtype=np.int64)
    demonstration = np.array([demo for _, _, demo in schools], dtype=np.int64)
    sums = Sums.zeros(len(areas), len(measures))
    np.add.at(sums.expected, own, 1)
    np.add.at(sums.demonstration, own, demonstration)
    for index, plan in enumerate(measures):
        reporting, numerator = said[:, plan.numerator].copy(), value[:, plan.numerator].copy()
        denominator = np.zeros_like(numerator)
        if plan.denominator is not None:
            reporting &= said[:, plan.denominator]
            denominator = value[:, plan.denominator].copy()
            numerator = numerator * denominator if plan.weighted else numerator
        base = ~(np.isnan(numerator) | np.isnan(denominator))
        numerator[~base], denominator[~base] = 0, 0
        np.add.at(sums.numerator[:, index], own, numerator)
        np.add.at(sums.denominator[:, index], own, denominator)
        np.add.at(sums.in_base[:, index], own, base)
        np.add.at(sums.reporting[:, index], own, reporting)
    return _with_those_below(sums, areas, tree)


def _with_those_below(sums: Sums, areas: list[int], tree: AreaTree) -> Sums:
    """Return the sums with each area's schools counted in the areas above it too."""
    place = {area: index for index, area in enumerate(areas)}
    total = Sums.zeros(*sums.numerator.shape)
    for index, area in enumerate(areas):
        for upper in tree.upwards(area):
            if upper in place:
                for into, part in zip(total.parts(), sums.parts(), strict=True):
                    into[place[upper]] += part[index]
    return total


def _statements(
    session: Session,
    initiative_id: int,
    period: ReportingPeriod,
    school_ids: list[int],
    metric_ids: list[int],
    areas: list[int],
) -> tuple[np.ndarray, np.ndarray]:
    """Return (said, value), schools x metrics: whether the school said something, and its value (NaN for none)."""
    said = np.zeros((len(school_ids), len(metric_ids)), dtype=bool)
    value = np.full(said.shape, np.nan)
    if not school_ids:
        return said, value
    query = (
        sa.select(Observation.school_id, Observation.metric_id, Observation.value)  # type: ignore[call-overload]
        .join(SchoolRecord, (col(SchoolRecord.school_id) == Observation.school_id) & known_at(SchoolRecord, None))
        .where(Observation.initiative_id == initiative_id, Observation.period_id == period.id)
        .where(col(Observation.superseded_at).is_(None), Observation.state != ValueState.WITHDRAWN)
        .where(col(SchoolRecord.area_id).in_(areas))
    )
    rows = session.connection().execute(query).fetchall()
    if not rows:
        return said, value
    schools, metrics, values = (np.array(part) for part in zip(*rows, strict=True))
    known = np.array(school_ids)
    at = np.searchsorted(known, schools).clip(max=len(known) - 1)
    expected = known[at] == schools
    column = np.searchsorted(np.array(metric_ids), metrics)
    said[at[expected], column[expected]] = True
    value[at[expected], column[expected]] = values[expected].astype(float)
    return said, value


def _above(
    tops: set[int],
    areas: list[int],
    sums: Sums,
    tree: AreaTree,
    held: dict[Key, tuple[int, Row]],
    measure_ids: list[int],
) -> tuple[list[int], Sums]:
    """Return the areas above `tops` with their sums: what was held, plus what changed below."""
    above = sorted({upper for top in tops for upper in tree.upwards(top)[1:]})
    result = _from_rows(above, held, measure_ids)
    before = _from_rows(sorted(tops), held, measure_ids)
    place = {area: index for index, area in enumerate(above)}
    now = {area: index for index, area in enumerate(areas)}
    for index, top in enumerate(sorted(tops)):
        for upper in tree.upwards(top)[1:]:
            for into, new, old in zip(result.parts(), sums.parts(), before.parts(), strict=True):
                into[place[upper]] += new[now[top]] - old[index]
    return above, result


def _from_rows(areas: list[int], held: dict[Key, tuple[int, Row]], measure_ids: list[int]) -> Sums:
    """Return held rows as sums. `demonstration` comes back as the number of expected schools or 0: see `_as_rows`."""
    sums = Sums.zeros(len(areas), len(measure_ids))
    for index, area in enumerate(areas):
        for position, measure in enumerate(measure_ids):
            if (area, measure) in held:
                numerator, denominator, base, reporting, expected, demonstration = held[area, measure][1]
                sums.numerator[index, position] = numerator or 0
                sums.denominator[index, position] = denominator or 0
                sums.in_base[index, position] = base
                sums.reporting[index, position] = reporting
                sums.expected[index] = expected
                sums.demonstration[index] = demonstration
    return sums


def _as_rows(areas: list[int], sums: Sums, plans: list[MeasurePlan]) -> dict[Key, Row]:
    """Return the sums as rows, for areas that await at least one report."""
    numerator, denominator = sums.numerator.round(SUM_DECIMALS), sums.denominator.round(SUM_DECIMALS)
    rows: dict[Key, Row] = {}
    for index, area in enumerate(areas):
        if sums.expected[index] <= 0:
            continue
        for position, plan in enumerate(plans):
            in_base = int(sums.in_base[index, position])
            rows[area, plan.measure_id] = (
                float(numerator[index, position]) if in_base else None,
                float(denominator[index, position]) if in_base and plan.denominator is not None else None,
                in_base,
                int(sums.reporting[index, position]),
                int(sums.expected[index]),
                bool(sums.demonstration[index] > 0),
            )
    return rows


def _replace(
    session: Session,
    initiative_id: int,
    period_id: int,
    areas: set[int],
    held: dict[Key, tuple[int, Row]],
    fresh: dict[Key, Row],
    at: datetime,
) -> int:
    """Supersede the held rows of these areas that changed and insert those that are new."""
    gone = [row_id for key, (row_id, row) in held.items() if key[0] in areas and fresh.get(key) != row]
    for start in range(0, len(gone), 500):
        session.connection().execute(
            sa.update(Rollup).where(col(Rollup.id).in_(gone[start : start + 500])).values(superseded_at=at)
        )
    new = [(key, row) for key, row in fresh.items() if key not in held or held[key][1] != row]
    names = ("numerator", "denominator", "schools_in_base", "schools_reporting", "schools_expected", "demonstration")
    columns = {name: [row[position] for _, row in new] for position, name in enumerate(names)}
    insert_columns(
        session,
        Rollup,
        {
            "initiative_id": initiative_id,
            "period_id": period_id,
            "area_id": [key[0] for key, _ in new],
            "measure_id": [key[1] for key, _ in new],
            "recorded_at": at,
            **columns,
        },
        len(new),
    )
    return len(new)
