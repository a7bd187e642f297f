"""Where: countries, their areas, and schools with their history."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import current_only, in_order, one_of


class AreaKind(StrEnum):
    """What an area is in its country's tree. The country itself is the root."""

    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    DISTRICT = "district"


class Setting(StrEnum):
    """Where a school lies."""

    URBAN = "urban"
    RURAL = "rural"


class Country(SQLModel, table=True):
    """One country, by its ISO 3166-1 alpha-2 code."""

    __tablename__ = "country"

    code: str = Field(primary_key=True, max_length=2)
    name_en: str = Field(max_length=200)
    name_ru: str = Field(default="", max_length=200)
    name_kk: str = Field(default="", max_length=200)
    time_zone: str = Field(default="UTC", max_length=60, description="IANA name; decides when a period has begun")


class Area(SQLModel, table=True):
    """One node of a country's tree: the country (level 0), a region or city (1), a district (2)."""

    __tablename__ = "area"
    __table_args__ = (
        one_of("kind", AreaKind),
        sa.CheckConstraint("(level = 0) = (parent_id IS NULL)", name="only_the_root_has_no_parent"),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name="level_in_range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(foreign_key="country.code", index=True, max_length=2)
    code: str = Field(unique=True, max_length=40, description="ISO 3166-2 at level 1; the country's own code below")
    level: int
    kind: str = Field(max_length=20)
    parent_id: int | None = Field(default=None, foreign_key="area.id", index=True)
    name_en: str = Field(max_length=200)
    name_ru: str = Field(default="", max_length=200)
    name_kk: str = Field(default="", max_length=200)
    centre: str = Field(default="", max_length=200, description="administrative centre")
    demonstration: bool = Field(default=False, description="made by the demonstration; removed by its reset")


class School(SQLModel, table=True):
    """One school, by its national code. What may change about it stands in its records."""

    __tablename__ = "school"
    __table_args__ = (sa.UniqueConstraint("country", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(foreign_key="country.code", max_length=2)
    code: str = Field(max_length=40, description="a string: leading zeros matter")
    demonstration: bool = Field(default=False, description="made by the demonstration; removed by its reset")


class SchoolRecord(SQLModel, table=True):
    """What was known about a school from `recorded_at` until `superseded_at`."""

    __tablename__ = "school_record"
    __table_args__ = (
        current_only("uq_school_record_current", "school_id"),
        in_order(),
        one_of("setting", Setting, optional=True),
        sa.CheckConstraint("closed_on IS NULL OR opened_on IS NULL OR closed_on > opened_on", name="closes_later"),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_in_range"),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_in_range"),
        sa.Index("ix_school_record_area_id", "area_id"),
        sa.Index("ix_school_record_school_id", "school_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    school_id: int = Field(foreign_key="school.id")
    area_id: int = Field(foreign_key="area.id")
    name: str = Field(max_length=300)
    setting: str | None = Field(default=None, max_length=20)
    languages: str = Field(default="", max_length=60, description="ISO 639-1 codes of instruction, comma-separated")
    latitude: float | None = None
    longitude: float | None = None
    opened_on: date | None = Field(default=None, description="first day; empty when it was always there")
    closed_on: date | None = Field(default=None, description="first day on which it no longer exists")
    merged_into_id: int | None = Field(default=None, foreign_key="school.id")
    split_from_id: int | None = Field(default=None, foreign_key="school.id")
    recorded_at: datetime
    superseded_at: datetime | None = None
