"""What the public sees: releases and their figures. These tables name nothing but public keys."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import BIG_ID, one_of


class FigureState(StrEnum):
    """Four things that are never one: a value, no report, not applicable, withheld to protect people."""

    REPORTED = "reported"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Release(SQLModel, table=True):
    """One publication of figures, as of a moment."""

    __tablename__ = "release"

    id: int | None = Field(default=None, primary_key=True, description="its number, from 1")
    released_at: datetime
    as_of: datetime
    note: str = ""
    threshold: int = Field(description="counts of people from 1 to threshold - 1 were withheld")
    released_by: int = Field(foreign_key="account.id")
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    demonstration: bool = Field(default=False)


class ReleasedFigure(SQLModel, table=True):
    """One figure of a release. Withheld parts are empty here: what is not stored cannot leak."""

    __tablename__ = "released_figure"
    __table_args__ = (
        one_of("state", FigureState),
        sa.UniqueConstraint("release_id", "initiative_key", "measure", "area_code", "period"),
        sa.CheckConstraint("state <> 'suppressed' OR (value IS NULL AND numerator IS NULL AND denominator IS NULL)",
                           name="suppressed_says_nothing"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True, sa_type=BIG_ID)
    release_id: int = Field(foreign_key="release.id", ondelete="CASCADE")
    initiative_key: str = Field(max_length=80)
    measure: str = Field(max_length=60)
    area_code: str = Field(max_length=40)
    period: str = Field(max_length=10)
    period_starts_on: date
    state: str = Field(max_length=20)
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    schools_reporting: int | None = None
    schools_expected: int
    demonstration: bool = Field(default=False)
