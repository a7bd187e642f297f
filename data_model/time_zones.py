"""Time zones of countries: set by people or by the registry's files; what held at any moment can be asked for."""

from datetime import UTC, datetime

from sqlmodel import Field, Session, SQLModel, col, select

from data_model.places import Country


class ChangedTimeZone(SQLModel, table=True):
    """A country's time zone was changed at `recorded_at`, from `before` to `time_zone`."""

    __tablename__ = "changed_time_zone"

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(foreign_key="country.code", index=True, max_length=2)
    before: str = Field(max_length=60)
    time_zone: str = Field(max_length=60)
    changed_by: int | None = Field(default=None, foreign_key="account.id", description="empty: the registry's files")
    recorded_at: datetime


def time_zone_at(session: Session, country: str, as_of: datetime | None) -> str:
    """Return the country's time zone as it was held at a moment (now: None), by its IANA name."""
    if as_of is not None:
        # The public's database role may read these columns, not who changed it.
        later = select(col(ChangedTimeZone.before)).where(
            ChangedTimeZone.country == country, col(ChangedTimeZone.recorded_at) > as_of.astimezone(UTC)
        )
        before = session.exec(later.order_by(col(ChangedTimeZone.recorded_at)).limit(1)).first()
        if before is not None:
            return before
    return session.exec(select(Country.time_zone).where(Country.code == country)).one()
