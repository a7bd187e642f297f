"""Due days of single periods: moved by people, with a reason; what held at any moment can be asked for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from data_model.participation import ReportingPeriod


class MovedDueDay(SQLModel, table=True):
    """The due day of a period was moved at `recorded_at`, from `before` to `due_on`."""

    __tablename__ = "moved_due_day"

    id: int | None = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="reporting_period.id", index=True)
    before: date
    due_on: date
    moved_by: int | None = Field(default=None, foreign_key="account.id")
    reason: str = ""
    recorded_at: datetime


def due_days_at(session: Session, periods: Iterable[ReportingPeriod], as_of: datetime | None) -> dict[int, date]:
    """Return by the periods' ids the day by which each was to be reported, as it was held at a moment (now: None)."""
    found = {period.id: period.due_on for period in periods if period.id is not None}
    if as_of is None or not found:
        return found
    # The public's database role may read these columns, not who moved a day or why.
    later = select(col(MovedDueDay.period_id), col(MovedDueDay.before)).where(
        col(MovedDueDay.period_id).in_(list(found)), col(MovedDueDay.recorded_at) > as_of.astimezone(UTC)
    )
    for period_id, before in session.exec(later.order_by(col(MovedDueDay.recorded_at).desc())).all():
        found[period_id] = before
    return found
