"""The terms of a country's school year, as its ministry set them."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class SchoolTerm(SQLModel, table=True):
    """One term of one school year: its first and last day of lessons. What lies between two terms is holidays."""

    __tablename__ = "school_term"
    __table_args__ = (
        sa.UniqueConstraint("country", "school_year", "number"),
        sa.CheckConstraint("ends_on >= starts_on", name="not_backwards"),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name="number_in_range"),
    )

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(foreign_key="country.code", max_length=2)
    school_year: str = Field(max_length=7, description="as a period is written: 2025/26")
    number: int = Field(description="1 is the one that begins in September")
    starts_on: date
    ends_on: date
    source_id: int = Field(foreign_key="source.id")
    note: str = ""
