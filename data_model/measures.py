"""What is measured: metrics that schools report, indicators made of two of them, rules between them, and targets."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import ExactDecimal, current_only, in_order, one_of


class MetricKind(StrEnum):
    """How a metric adds up over time: see the design's definition of Metric."""

    STOCK = "stock"
    FLOW = "flow"
    DISTINCT = "distinct"
    SCORE = "score"


class Subject(StrEnum):
    """Whom or what a metric counts. Figures of different subjects are never added."""

    TEACHER = "teacher"
    STUDENT = "student"
    LICENCE = "licence"
    MESSAGE = "message"


class Measure(SQLModel, table=True):
    """A metric or an indicator: what a question can be asked about. Keys are unique over both."""

    __tablename__ = "measure"
    __table_args__ = (one_of("type", ("metric", "indicator")),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=60)
    type: str = Field(max_length=10)
    position: int = Field(default=0, description="order on screen")


class Metric(SQLModel, table=True):
    """What a school reports; its lasting traits. Its wording and bounds stand in its definitions."""

    __tablename__ = "metric"
    __table_args__ = (
        one_of("kind", MetricKind),
        one_of("subject", Subject),
        sa.CheckConstraint("(kind = 'score') = (count_metric_id IS NOT NULL)", name="a_score_names_its_count"),
        sa.CheckConstraint("decimals BETWEEN 0 AND 4", name="decimals_in_range"),
    )

    id: int = Field(primary_key=True, foreign_key="measure.id")
    kind: str = Field(max_length=10)
    subject: str = Field(max_length=10)
    unit: str = Field(max_length=40)
    decimals: int = Field(default=0, description="0 for counts: a fraction is an error")
    count_metric_id: int | None = Field(default=None, foreign_key="metric.id")


def heads_a_page(*, indicator: bool, kind: str, required: bool) -> bool:
    """Return whether a measure is a headline: every rate, and those required counts that ask who really takes part."""
    return indicator or (kind == MetricKind.DISTINCT and required)


class Indicator(SQLModel, table=True):
    """A ratio of two metrics, of sums: numerator / denominator x factor."""

    __tablename__ = "indicator"

    id: int = Field(primary_key=True, foreign_key="measure.id")
    numerator_id: int = Field(foreign_key="metric.id")
    denominator_id: int = Field(foreign_key="metric.id")
    factor: int = Field(default=100, description="100: shown as a percentage")


class Definition(SQLModel, table=True):
    """How a measure was worded and bounded from `recorded_at` until `superseded_at`."""

    __tablename__ = "definition"
    __table_args__ = (current_only("uq_definition_current", "measure_id"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    measure_id: int = Field(foreign_key="measure.id", index=True)
    name_en: str = Field(max_length=200)
    name_ru: str = Field(max_length=200)
    name_kk: str = Field(max_length=200)
    text_en: str
    text_ru: str
    text_kk: str
    lower: float | None = Field(default=None, description="least value allowed, in the metric's unit")
    upper: float | None = Field(default=None, description="greatest value allowed")
    recorded_at: datetime
    superseded_at: datetime | None = None


class MetricAlias(SQLModel, table=True):
    """Another name under which a metric or key column stands in files, folded (see intake)."""

    __tablename__ = "metric_alias"
    __table_args__ = (sa.UniqueConstraint("alias"),)

    id: int | None = Field(default=None, primary_key=True)
    alias: str = Field(max_length=200)
    metric_id: int = Field(foreign_key="metric.id", index=True)
    language: str = Field(default="en", max_length=2)


class MetricRule(SQLModel, table=True):
    """A cross-field rule, as data: in one school and period the lesser metric is at most the greater.

    It holds from `recorded_at` until `superseded_at`: what was a part of what is asked as of a moment too.
    """

    __tablename__ = "metric_rule"
    __table_args__ = (
        current_only("uq_metric_rule_current", "lesser_id", "greater_id"),
        sa.CheckConstraint("lesser_id <> greater_id", name="two_metrics"),
        in_order(),
    )

    id: int | None = Field(default=None, primary_key=True)
    lesser_id: int = Field(foreign_key="metric.id")
    greater_id: int = Field(foreign_key="metric.id")
    note: str = Field(default="", description="why it holds")
    recorded_at: datetime
    superseded_at: datetime | None = None


class Target(SQLModel, table=True):
    """What a measure is to reach in an area by a day, from which baseline."""

    __tablename__ = "target"
    __table_args__ = (current_only("uq_target_current", "initiative_id", "area_id", "measure_id", "due_on"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    initiative_id: int = Field(foreign_key="initiative.id", index=True)
    area_id: int = Field(foreign_key="area.id")
    measure_id: int = Field(foreign_key="measure.id")
    baseline: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    baseline_on: date | None = None
    value: Decimal = Field(sa_type=ExactDecimal)
    due_on: date
    source_id: int | None = Field(default=None, foreign_key="source.id")
    demonstration: bool = Field(default=False)
    recorded_at: datetime
    superseded_at: datetime | None = None
