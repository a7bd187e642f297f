"""Locked periods: nothing in them may change. Who locked and unlocked one, why, and what holds at any moment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from data_model.base import current_only, in_order, known_at
from data_model.bulk import Query
from data_model.due_days import due_days_at
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Granularity, Period, end_of_day
from data_model.registry import Initiative
from data_model.time_zones import time_zone_at


class PeriodLock(SQLModel, table=True):
    """A period was locked from `recorded_at` until `superseded_at`. Locked again it has another row."""

    __tablename__ = "period_lock"
    __table_args__ = (current_only("uq_period_lock_current", "period_id"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="reporting_period.id", index=True)
    automatic: bool = Field(default=False, description="locked by the initiative's rule, written down when unlocked")
    locked_by: int | None = Field(default=None, foreign_key="account.id")
    reason: str = ""
    recorded_at: datetime
    superseded_at: datetime | None = None
    unlocked_by: int | None = Field(default=None, foreign_key="account.id")
    unlock_reason: str = ""


class AutomaticLock(SQLModel, table=True):
    """An initiative's rule that its periods lock themselves so many days after they are due, while it holds."""

    __tablename__ = "automatic_lock"
    __table_args__ = (
        current_only("uq_automatic_lock_current", "initiative_id"),
        in_order(),
        sa.CheckConstraint("days BETWEEN 0 AND 3660", name="days_in_range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id")
    days: int = Field(description="after the due day")
    set_by: int | None = Field(default=None, foreign_key="account.id")
    reason: str = ""
    recorded_at: datetime
    superseded_at: datetime | None = None


@dataclass(frozen=True)
class Lock:
    """A lock that holds: since when, by whom (None: by the initiative's rule) and why."""

    since: datetime
    automatic: bool
    locked_by: int | None = None
    reason: str = ""


def locks(session: Session, initiative: Initiative, at: datetime) -> dict[Period, Lock]:
    """Return the initiative's periods that were locked at that moment, with what locks them.

    Locked is what somebody locked and nobody unlocked since; and, where the initiative had a rule then, what was due
    so many days before, unless it was unlocked after that. The rule also locks periods for which nothing was ever
    reported, from the first enrolment on: before it no school is expected.
    """
    moment = at.astimezone(UTC)
    held = {Period(row.starts_on, Granularity(row.granularity)): row for row in _stored(session, initiative)}
    by_id = {row.id: period for period, row in held.items()}
    written = session.exec(select(PeriodLock).where(col(PeriodLock.period_id).in_(list(by_id)))).all()
    found = {
        by_id[one.period_id]: Lock(one.recorded_at, one.automatic, one.locked_by, one.reason)
        for one in written
        if one.recorded_at <= moment and (one.superseded_at is None or one.superseded_at > moment)
    }
    rule = lock_rule(session, initiative, at)
    if rule is None:
        return found
    ended: dict[Period, datetime] = {}
    for one in written:
        if one.superseded_at is not None and one.superseded_at <= moment:
            period = by_id[one.period_id]
            ended[period] = max(one.superseded_at, ended.get(period, one.superseded_at))
    zone = time_zone_at(session, initiative.country, moment)
    due_days = due_days_at(session, held.values(), moment)
    for period in {*held, *periods_since_first_enrolment(session, initiative, moment)} - set(found):
        due = due_days[held[period].id or 0] if period in held else due_day(initiative, period)
        locks_itself = end_of_day(due + timedelta(days=rule.days), zone).astimezone(UTC)
        since = max(locks_itself, rule.recorded_at)
        lifted = period in ended and ended[period] >= locks_itself
        if since <= moment and not lifted:
            found[period] = Lock(since, automatic=True, reason=rule.reason)
    return found


def locked_periods(session: Session, initiative: Initiative, at: datetime) -> frozenset[Period]:
    """Return the initiative's periods that were locked at that moment."""
    return frozenset(locks(session, initiative, at))


def lock_rule(session: Session, initiative: Initiative, at: datetime) -> AutomaticLock | None:
    """Return the rule by which the initiative's periods locked themselves at that moment, where it had one."""
    query = select(AutomaticLock).where(AutomaticLock.initiative_id == initiative.id)
    return session.exec(query.where(known_at(AutomaticLock, at.astimezone(UTC)))).one_or_none()


def due_day(initiative: Initiative, period: Period) -> date:
    """Return by when a period is to be reported, where it has no day of its own yet."""
    return period.ends_on + timedelta(days=initiative.due_days)


def _stored(session: Session, initiative: Initiative) -> Iterable[ReportingPeriod]:
    return session.exec(select(ReportingPeriod).where(ReportingPeriod.initiative_id == initiative.id)).all()


def periods_since_first_enrolment(session: Session, initiative: Initiative, until: datetime) -> Iterator[Period]:
    """Yield the periods from the first enrolment on to the one that holds the moment; none where nobody is enrolled."""
    query: Query = sa.select(sa.func.min(col(Enrolment.joined_on))).where(col(Enrolment.initiative_id) == initiative.id)
    first = session.connection().execute(query).scalar()
    if first is None:
        return
    period = Period.containing(first, Granularity(initiative.granularity))
    while period.starts_on <= until.date():
        yield period
        period = period.shifted(1)
