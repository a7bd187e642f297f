"""Who is asked for what and when: enrolments, requirements, reporting periods."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from data_model.base import current_only, in_order, one_of
from data_model.periods import Granularity, Period
from data_model.registry import Initiative


class Enrolment(SQLModel, table=True):
    """A school's part in an initiative, as known from `recorded_at` until `superseded_at`."""

    __tablename__ = "enrolment"
    __table_args__ = (
        current_only("uq_enrolment_current", "initiative_id", "school_id"),
        in_order(),
        sa.CheckConstraint("left_on IS NULL OR left_on > joined_on", name="leaves_later"),
        sa.Index("ix_enrolment_school_id", "school_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    school_id: int = Field(foreign_key="school.id")
    wave: int = Field(default=1)
    joined_on: date
    left_on: date | None = Field(default=None, description="first day on which it no longer takes part")
    recorded_at: datetime
    superseded_at: datetime | None = None


class Requirement(SQLModel, table=True):
    """A metric that an initiative asks its schools for."""

    __tablename__ = "requirement"
    __table_args__ = (sa.UniqueConstraint("initiative_id", "metric_id"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    metric_id: int = Field(foreign_key="metric.id")
    required: bool = Field(default=True, description="false: optional, its absence is no gap")


class CompletenessThreshold(SQLModel, table=True):
    """How complete an initiative's reports must be before a figure counts as settled.

    A row without an initiative holds for all that have none of their own; the newest such row counts.
    """

    __tablename__ = "completeness_threshold"
    __table_args__ = (sa.CheckConstraint("percent BETWEEN 0 AND 100", name="percent_in_range"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id", unique=True)
    percent: float = Field(description="of the schools expected; with fewer a figure is provisional")


class ReportingPeriod(SQLModel, table=True):
    """A period for which an initiative has or awaits reports."""

    __tablename__ = "reporting_period"
    __table_args__ = (
        one_of("granularity", Granularity),
        sa.UniqueConstraint("initiative_id", "starts_on", "granularity"),
        sa.CheckConstraint("ends_on > starts_on", name="ends_later"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    granularity: str = Field(max_length=20)
    starts_on: date
    ends_on: date
    due_on: date
    on_time_until: datetime | None = Field(
        default=None, description="the end of the due day by which the sums say how many reported on time"
    )


def ensure_periods(session: Session, initiative: Initiative, periods: Iterable[Period]) -> dict[date, ReportingPeriod]:
    """Return the initiative's reporting periods by first day, after making those of `periods` that are missing."""
    assert initiative.id is not None, "the initiative is stored before its periods"
    query = select(ReportingPeriod).where(
        ReportingPeriod.initiative_id == initiative.id, ReportingPeriod.granularity == initiative.granularity
    )
    held = {period.starts_on: period for period in session.exec(query).all()}
    for period in periods:
        if period.starts_on not in held:
            held[period.starts_on] = ReportingPeriod(
                initiative_id=initiative.id,
                granularity=period.granularity,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                due_on=period.ends_on + timedelta(days=initiative.due_days),
            )
            session.add(held[period.starts_on])
    session.flush()
    return held
