"""What was announced: programmes, initiatives, who takes part, claims with their sources, milestones, country facts."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import ExactDecimal, one_of
from data_model.periods import Granularity


class Grade(StrEnum):
    """How near a source stands to the fact: the actor's own or official text, established press, anything weaker."""

    A = "A"
    B = "B"
    C = "C"


class OrganisationKind(StrEnum):
    """What an organisation is."""

    MINISTRY = "ministry"
    GOVERNMENT = "government"
    CENTRAL_BANK = "central_bank"
    FUND = "fund"
    TECHNOLOGY_PROVIDER = "technology_provider"
    FOUNDATION = "foundation"
    UNIVERSITY = "university"
    CONSORTIUM = "consortium"
    COMPANY = "company"
    INTERNATIONAL = "international"
    OTHER = "other"


class InitiativeKind(StrEnum):
    """What kind of undertaking an initiative is."""

    PLATFORM_ROLLOUT = "platform_rollout"
    TEACHER_TRAINING = "teacher_training"
    CURRICULUM = "curriculum"
    INFRASTRUCTURE = "infrastructure"
    RESEARCH = "research"
    FUND = "fund"
    NATIONAL_PLATFORM = "national_platform"
    LICENSING_FRAMEWORK = "licensing_framework"
    OTHER = "other"


class InitiativeStatus(StrEnum):
    """The last state that a source supports."""

    ANNOUNCED = "announced"
    PLANNED = "planned"
    ACTIVE = "active"
    COMPLETED = "completed"
    SUSPENDED = "suspended"
    CHANGED = "changed"


class ParticipationRole(StrEnum):
    """What an organisation does in an initiative."""

    LEAD = "lead"
    IMPLEMENTER = "implementer"
    FUNDER = "funder"
    TECHNOLOGY_PROVIDER = "technology_provider"
    EVALUATOR = "evaluator"
    PARTNER = "partner"


class ClaimKind(StrEnum):
    """What a claim is about."""

    TARGET = "target"
    RESULT = "result"
    MONEY = "money"
    EFFECT = "effect"


class Qualifier(StrEnum):
    """How exactly a figure was given."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    ABOUT = "about"
    AT_MOST = "at_most"
    RANGE = "range"


class Source(SQLModel, table=True):
    """A page that a claim, milestone or fact cites, with its grade."""

    __tablename__ = "source"
    __table_args__ = (one_of("grade", Grade),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    title: str = Field(max_length=500)
    publisher: str = Field(max_length=300)
    published_on: str = Field(default="", max_length=10, description="as precise as known: 2026, 2026-05 or 2026-05-20")
    url: str = Field(max_length=2000)
    grade: str = Field(max_length=1)


class Organisation(SQLModel, table=True):
    """A ministry, company, foundation or other body."""

    __tablename__ = "organisation"
    __table_args__ = (one_of("kind", OrganisationKind),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=300)
    kind: str = Field(max_length=40)
    country: str | None = Field(default=None, foreign_key="country.code", max_length=2)


class Programme(SQLModel, table=True):
    """A family of initiatives."""

    __tablename__ = "programme"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=300)
    lead_organisation_id: int = Field(foreign_key="organisation.id")
    started_on: str = Field(default="", max_length=10, description="as precise as known")
    summary: str
    source_id: int = Field(foreign_key="source.id")


class Initiative(SQLModel, table=True):
    """One country's undertaking."""

    __tablename__ = "initiative"
    __table_args__ = (
        one_of("kind", InitiativeKind),
        one_of("status", InitiativeStatus),
        one_of("granularity", Granularity),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    country: str = Field(foreign_key="country.code", index=True, max_length=2)
    name: str = Field(max_length=300)
    programme_id: int | None = Field(default=None, foreign_key="programme.id", index=True)
    kind: str = Field(max_length=40)
    status: str = Field(max_length=20)
    announced_on: str = Field(default="", max_length=10, description="as precise as known")
    starts_on: str = Field(default="", max_length=10, description="as stated; a plan while announced or planned")
    ends_on: str = Field(default="", max_length=10, description="as stated; a plan while announced or planned")
    summary: str
    source_id: int = Field(foreign_key="source.id")
    granularity: str = Field(default=Granularity.MONTH, max_length=20, description="the one period length it asks for")
    due_days: int = Field(default=10, description="days after a period's end by which it is to be reported")
    last_recorded_at: datetime | None = Field(
        default=None, description="moment of the last acceptance, undo or change; the next one is later"
    )


class Participation(SQLModel, table=True):
    """An organisation's role in an initiative."""

    __tablename__ = "participation"
    __table_args__ = (
        one_of("role", ParticipationRole),
        sa.UniqueConstraint("initiative_id", "organisation_id", "role"),
    )

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    role: str = Field(max_length=30)
    source_id: int = Field(foreign_key="source.id")


class Milestone(SQLModel, table=True):
    """A dated step of an initiative, promised (`due_on`) or done (`achieved_on`)."""

    __tablename__ = "milestone"
    __table_args__ = (sa.UniqueConstraint("initiative_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    title: str = Field(max_length=300)
    due_on: str = Field(default="", max_length=10, description="as precise as known")
    achieved_on: str = Field(default="", max_length=10, description="empty: not confirmed, which is not failed")
    source_id: int = Field(foreign_key="source.id")
    note: str = ""


class Claim(SQLModel, table=True):
    """One figure that somebody announced. Never summed, never mixed with what schools report."""

    __tablename__ = "claim"
    __table_args__ = (
        one_of("kind", ClaimKind),
        one_of("qualifier", Qualifier),
        sa.CheckConstraint("(qualifier = 'range') = (value_high IS NOT NULL)", name="range_has_two_ends"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=120)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    figure: str = Field(
        max_length=80, description="what is counted; two claims of one figure may count different people"
    )
    kind: str = Field(max_length=20)
    qualifier: str = Field(max_length=20)
    value: Decimal = Field(sa_type=ExactDecimal)
    value_high: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    unit: str = Field(max_length=40)
    population: str = Field(description="who is counted")
    as_of: str = Field(default="", max_length=10, description="the day the claim speaks for, as precise as known")
    period: str = Field(default="", max_length=40)
    source_id: int = Field(foreign_key="source.id")
    note: str = ""


class CountryFact(SQLModel, table=True):
    """A number about a country's schools, from a source."""

    __tablename__ = "country_fact"
    __table_args__ = (one_of("qualifier", Qualifier), sa.UniqueConstraint("country", "fact", "year", "source_id"))

    id: int | None = Field(default=None, primary_key=True)
    country: str = Field(foreign_key="country.code", max_length=2)
    fact: str = Field(max_length=60)
    value: Decimal = Field(sa_type=ExactDecimal)
    qualifier: str = Field(max_length=20)
    year: int
    source_id: int = Field(foreign_key="source.id")
    note: str = ""
