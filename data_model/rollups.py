"""Rollups: every measure's sums by area and period, kept exact in the transaction that changes what they sum.

A school is *expected* in a period when it is enrolled and open on the period's last day. Only such schools count.
What is summed over them, and how, stands in `data_model.sums`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from data_model.base import BIG_ID, current_only, in_order, known_at
from data_model.bulk import Query, fetch_numbers, insert_columns, supersede
from data_model.participation import Enrolment, ReportingPeriod
from data_model.places import Area, School, SchoolRecord
from data_model.statements import FEW_SCHOOLS, WITHDRAWN, Statements, table_of_statements
from data_model.sums import MEASURED, MeasurePlan, Sums, from_units, in_units, measure_plans, sums_of
from data_model.timely import due_until, said_on_time

# How many were on time, in a held row that does not say it: equal to no count.
UNCOUNTED = -1


class Rollup(SQLModel, table=True):
    """The sums of one measure over one area's expected schools in one period, as known in a span of time."""

    __tablename__ = "rollup"
    __table_args__ = (
        current_only("uq_rollup_current", "initiative_id", "period_id", "measure_id", "area_id"),
        sa.Index("ix_rollup_cell", "initiative_id", "measure_id", "area_id", "period_id"),
        in_order(),
        sa.CheckConstraint("schools_in_base <= schools_reporting", name="base_has_reported"),
        sa.CheckConstraint("schools_reporting <= schools_expected", name="reporting_are_expected"),
        sa.CheckConstraint("schools_on_time <= schools_reporting", name="on_time_have_reported"),
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
    schools_on_time: int | None = Field(
        default=None, description="of those reporting; empty in sums made before it was counted"
    )
    schools_expected: int
    demonstration: bool = Field(description="an expected school is invented")
    recorded_at: datetime
    superseded_at: datetime | None = None


def expected_condition(day: date | sa.ColumnElement[date]) -> sa.ColumnElement[bool]:
    """Return the rule "enrolled and open on that day", over Enrolment joined to SchoolRecord."""
    return sa.and_(
        col(Enrolment.joined_on) <= day,
        sa.or_(col(Enrolment.left_on).is_(None), col(Enrolment.left_on) > day),
        sa.or_(col(SchoolRecord.opened_on).is_(None), col(SchoolRecord.opened_on) <= day),
        sa.or_(col(SchoolRecord.closed_on).is_(None), col(SchoolRecord.closed_on) > day),
    )


def expected_query(
    initiative_id: int, day: date, *, as_of: datetime | None = None, area_ids: Iterable[int] | None = None
) -> Query:
    """Return the query for the schools expected on `day`: id, id of the area, 1 if invented. Ordered by id."""
    query = (
        sa.select(col(School.id), col(SchoolRecord.area_id), sa.cast(col(School.demonstration), sa.Integer))
        .join(Enrolment, col(Enrolment.school_id) == School.id)
        .join(SchoolRecord, col(SchoolRecord.school_id) == School.id)
        .where(col(Enrolment.initiative_id) == initiative_id, known_at(Enrolment, as_of), known_at(SchoolRecord, as_of))
        .where(expected_condition(day))
        .order_by(col(School.id))
    )
    if area_ids is not None:
        query = query.where(col(SchoolRecord.area_id).in_(list(area_ids)))
    return query


def expected_schools(
    session: Session,
    initiative_id: int,
    day: date,
    *,
    as_of: datetime | None = None,
    area_ids: Iterable[int] | None = None,
) -> list[tuple[int, int, bool]]:
    """Return (school id, id of its area, demonstration) of the schools expected on `day`, ordered by school id."""
    query = expected_query(initiative_id, day, as_of=as_of, area_ids=area_ids)
    rows = session.connection().execute(query).all()
    return [(school, area, bool(demonstration)) for school, area, demonstration in rows]


class AreaTree:
    """A country's areas: who lies above whom, and each area's place in arrays (its position in `ids`)."""

    def __init__(self, areas: Iterable[tuple[int, int | None]]) -> None:
        """Take (area id, parent id) pairs, parents anywhere in the list."""
        self.parent = dict(areas)
        self.ids = np.array(sorted(self.parent), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, area_ids: Iterable[int] | np.ndarray) -> np.ndarray:
        """Return the places of these areas, which must be of this country."""
        return np.searchsorted(self.ids, np.asarray(area_ids, dtype=np.int64))

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

    def roots(self) -> set[int]:
        """Return the areas that lie in no other: the country."""
        return {area for area, parent in self.parent.items() if parent is None}

    def with_those_below(self, sums: Sums) -> Sums:
        """Return the sums with each area's schools counted in the areas above it too."""
        total = Sums.zeros(*sums.numerator.shape)
        for place in np.flatnonzero(sums.expected).tolist():
            uppers = self.places(self.upwards(int(self.ids[place])))
            for into, part in zip(total.parts(), sums.parts(), strict=True):
                into[uppers] += part[place]
        return total


def area_tree(session: Session, country: str) -> AreaTree:
    """Return the tree of a country's areas."""
    pairs = session.exec(select(Area.id, Area.parent_id).where(Area.country == country)).all()
    return AreaTree((area, parent) for area, parent in pairs if area is not None)


@dataclass(frozen=True)
class Ground:
    """What the sums of every period are made with. `known`: observations just written, which need not be read.

    `stated_at` is when the submission that said all of `known` was handed in.
    """

    country: str
    tree: AreaTree
    metric_ids: list[int]
    plans: list[MeasurePlan]
    as_of: datetime | None = None
    known: Statements | None = None
    stated_at: datetime | None = None


@dataclass
class Held:
    """The current rollups of one period: `row_id` (0: no row) and the sums, both areas x measures.

    `on_time_known`: the sums say how many were on time, by the due day that holds.
    """

    row_id: np.ndarray
    sums: Sums
    on_time_known: bool


def refresh(
    session: Session,
    *,
    initiative_id: int,
    country: str,
    period_ids: Iterable[int],
    at: datetime,
    school_ids: Iterable[int] | None = None,
    as_of: datetime | None = None,
    known: Statements | None = None,
    stated_at: datetime | None = None,
) -> int:
    """Bring the rollups of these periods up to date, recording what changed at `at`. Returns how many rows are new.

    Call it in the transaction that changed observations or confirmed them (naming the schools touched), enrolments,
    school records or due days (naming none: then all areas are made anew). Rows that did not change are left alone.
    With `as_of` the rollups become what was held at that moment: called for one moment after another, it makes their
    history anew. `known` may hold statements that are held now, whatever became of them in this transaction: they are
    then not read again; `stated_at` is when the accepted submission that makes all of them was handed in.
    """
    ground = Ground(country, area_tree(session, country), *measure_plans(session), as_of, known, stated_at)
    touched = None if school_ids is None else areas_of(session, school_ids)
    written = 0
    for period_id in sorted(set(period_ids)):
        period = session.get_one(ReportingPeriod, period_id)
        until = due_until(session, period, country, as_of)
        held = _held(session, period, until, ground)
        # A period without any rollup is made whole, so that every area knows how many reports it awaits; and one whose
        # due day has moved.
        anew = touched is None or not held.row_id.any() or not held.on_time_known
        tops = ground.tree.roots() if anew or touched is None else ground.tree.tops(touched)
        fresh = _fresh(session, period, ground, held, tops)
        written += _replace(session, period, ground, held, fresh, at)
        period.on_time_until = until
    return written


def period_sums(session: Session, period: ReportingPeriod, ground: Ground, within: list[int] | None = None) -> Sums:
    """Return the sums of all areas from what is held, over the schools of the areas `within` (all when None).

    Each school counts in its area and in all above it.
    """
    school, area_id, demonstration = _expected(session, period, within, ground.as_of)
    area = ground.tree.places(area_id)
    assert period.id is not None
    said, value = table_of_statements(
        session,
        period.initiative_id,
        period.id,
        school_ids=school,
        metric_ids=ground.metric_ids,
        as_of=ground.as_of,
        known=ground.known,
    )
    timely = _timely(session, period, school, ground)
    sums = sums_of(said, value, area, len(ground.tree), ground.plans, timely)
    np.add.at(sums.demonstration, area, demonstration)
    return ground.tree.with_those_below(sums)


def _timely(session: Session, period: ReportingPeriod, school: np.ndarray, ground: Ground) -> np.ndarray:
    """Return what the schools have said on time: schools x metrics. What a file just said in time need not be read."""
    assert period.id is not None
    until = due_until(session, period, ground.country, ground.as_of)
    timely = np.zeros((len(school), len(ground.metric_ids)), dtype=bool)
    known, stated_at = ground.known, ground.stated_at
    if known is not None and stated_at is not None and ground.as_of is None and stated_at < until:
        own = known.chosen((known.period_id == period.id) & np.isin(known.school_id, school))
        own = own.chosen(own.state != WITHDRAWN)
        metrics = np.array(ground.metric_ids)
        order = np.argsort(metrics)
        column = order[np.searchsorted(metrics[order], own.metric_id)]
        timely[np.searchsorted(school, own.school_id), column] = True
    unread = np.flatnonzero(~timely.all(axis=0))
    timely[:, unread] |= said_on_time(
        session, period.initiative_id, period.id, school_ids=school,
        metric_ids=[ground.metric_ids[column] for column in unread], until=until, as_of=ground.as_of,
    )  # fmt: skip
    return timely


def areas_of(session: Session, school_ids: Iterable[int]) -> set[int]:
    """Return the areas in which these schools now lie."""
    wanted = np.unique(np.fromiter(school_ids, dtype=np.int64))
    query = sa.select(col(SchoolRecord.school_id), col(SchoolRecord.area_id)).where(known_at(SchoolRecord, None))
    if len(wanted) <= FEW_SCHOOLS:
        query = query.where(col(SchoolRecord.school_id).in_(wanted.tolist()))
    school, area = fetch_numbers(session, query)
    return set(area[np.isin(school, wanted)].astype(np.int64).tolist())


def _expected(
    session: Session, period: ReportingPeriod, area_ids: list[int] | None, as_of: datetime | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the period's expected schools as arrays: id, id of the area, 1 if invented. Ordered by id."""
    query = expected_query(period.initiative_id, period.ends_on, as_of=as_of, area_ids=area_ids)
    school, area, demonstration = (part.astype(np.int64) for part in fetch_numbers(session, query))
    return school, area, demonstration


def _held(session: Session, period: ReportingPeriod, until: datetime, ground: Ground) -> Held:
    """Return the current rollups of a period, whose due day ends at `until`."""
    tree, plans = ground.tree, ground.plans
    query = sa.select(
        col(Rollup.id), col(Rollup.area_id), col(Rollup.measure_id), col(Rollup.numerator), col(Rollup.denominator),
        col(Rollup.schools_in_base), col(Rollup.schools_reporting), col(Rollup.schools_on_time),
        col(Rollup.schools_expected), sa.cast(col(Rollup.demonstration), sa.Integer),
    ).where(
        col(Rollup.initiative_id) == period.initiative_id, col(Rollup.period_id) == period.id,
        col(Rollup.superseded_at).is_(None),
    )  # fmt: skip
    row_id, area, measure, *parts = fetch_numbers(session, query)
    position = {plan.measure_id: index for index, plan in enumerate(plans)}
    cell = tree.places(area), np.array([position[int(key)] for key in measure.tolist()], dtype=np.int64)
    on_time_known = period.on_time_until == until and not np.isnan(parts[4]).any()
    held = Held(np.zeros((len(tree), len(plans)), np.int64), Sums.zeros(len(tree), len(plans)), on_time_known)
    held.row_id[cell] = row_id
    held.sums.numerator[cell], held.sums.denominator[cell] = in_units(parts[0]), in_units(parts[1])
    held.sums.in_base[cell], held.sums.reporting[cell] = parts[2], parts[3]
    held.sums.on_time[cell] = np.where(np.isnan(parts[4]), UNCOUNTED, parts[4])
    held.sums.expected[cell[0]], held.sums.demonstration[cell[0]] = parts[5], parts[6]
    return held


def _fresh(session: Session, period: ReportingPeriod, ground: Ground, held: Held, tops: set[int]) -> Sums:
    """Return what the rollups should be: `tops` and what lies below made anew, the difference added to those above."""
    tree = ground.tree
    if tops == tree.roots():
        return period_sums(session, period, ground)
    areas = tree.below(tops)
    new = period_sums(session, period, ground, areas)
    at_top = tree.places(sorted(tops))
    if (new.expected[at_top] != held.sums.expected[at_top]).any():
        # Somebody changed who is expected and has not said so: nothing that is held can be built upon.
        return period_sums(session, period, ground)
    fresh = held.sums.copy()
    within = tree.places(areas)
    for into, now, before in zip(
        fresh.parts()[:MEASURED], new.parts()[:MEASURED], held.sums.parts()[:MEASURED], strict=True
    ):
        into[within] = now[within]
        for top in at_top.tolist():
            above = tree.places(tree.upwards(int(tree.ids[top]))[1:])
            into[above] += now[top] - before[top]
    return fresh


def _replace(session: Session, period: ReportingPeriod, ground: Ground, held: Held, fresh: Sums, at: datetime) -> int:
    """Supersede the held rows that changed and insert those that are new, for areas that await at least one report."""
    tree, plans = ground.tree, ground.plans
    awaited = np.broadcast_to((fresh.expected > 0)[:, None], held.row_id.shape)
    differs = (fresh.expected != held.sums.expected) | ((fresh.demonstration > 0) != (held.sums.demonstration > 0))
    changed = np.broadcast_to(differs[:, None], held.row_id.shape).copy()
    for now, before in zip(fresh.parts()[:MEASURED], held.sums.parts()[:MEASURED], strict=True):
        changed |= now != before
    supersede(session, Rollup, held.row_id[(held.row_id > 0) & (changed | ~awaited)], at)
    area, measure = np.nonzero(awaited & (changed | (held.row_id == 0)))
    base = fresh.in_base[area, measure]
    rated = np.array([plan.denominator is not None for plan in plans])[measure]
    insert_columns(
        session,
        Rollup,
        {
            "initiative_id": period.initiative_id,
            "period_id": period.id,
            "area_id": tree.ids[area],
            "measure_id": np.array([plan.measure_id for plan in plans])[measure],
            "numerator": np.where(base > 0, from_units(fresh.numerator[area, measure]), np.nan),
            "denominator": np.where((base > 0) & rated, from_units(fresh.denominator[area, measure]), np.nan),
            "schools_in_base": base,
            "schools_reporting": fresh.reporting[area, measure],
            "schools_on_time": fresh.on_time[area, measure],
            "schools_expected": fresh.expected[area],
            "demonstration": fresh.demonstration[area] > 0,
            "recorded_at": at,
        },
        len(area),
    )
    return len(area)
