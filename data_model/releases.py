"""What the public sees: releases and their figures. These tables name nothing but public keys."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

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


class ReleasedTable(SQLModel, table=True):
    """A table that explains a release, in one language, as it stood then: measures, areas, initiatives, claims.

    So is its IATI file kept, as a table of one row.
    """

    __tablename__ = "released_table"
    __table_args__ = (sa.UniqueConstraint("release_id", "name", "language"),)

    id: int | None = Field(default=None, primary_key=True)
    release_id: int = Field(foreign_key="release.id", ondelete="CASCADE")
    name: str = Field(max_length=20)
    language: str = Field(max_length=5)
    rows: list[dict[str, Any]] = Field(sa_type=sa.JSON)


class ReleasedSchool(SQLModel, table=True):
    """What the public register says of a school, in the releases from `since_release` to before `until_release`.

    Nothing it reported, and not in which initiatives it takes part. Refers to no live table.
    """

    __tablename__ = "released_school"
    __table_args__ = (sa.Index("ix_released_school_country_code_since_release", "country", "code", "since_release"),)

    id: int | None = Field(default=None, primary_key=True)
    record: int = Field(description="which version of the school's record this is")
    country: str = Field(max_length=2)
    code: str = Field(max_length=40)
    name: str = Field(max_length=300)
    area_code: str = Field(max_length=40, description="the region it lies in, the country where it lies in none")
    setting: str | None = Field(default=None, max_length=20)
    languages: str = Field(default="", max_length=60)
    opened_on: date | None = None
    closed_on: date | None = None
    demonstration: bool = Field(default=False)
    since_release: int = Field(description="number of the first release that holds it")
    until_release: int | None = Field(default=None, description="number of the first release that no longer does")
