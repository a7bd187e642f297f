"""Measures in words: what they are called, what they mean, how they are computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.lookup import initiative_id_of
from analytics.names import in_current_language
from data_model.bulk import Query
from data_model.measures import Definition, Indicator, Measure, Metric, MetricKind
from data_model.participation import Requirement

MEASURE = (
    "measure", "type", "name", "definition", "formula", "unit", "kind", "subject", "decimals", "factor", "numerator",
    "denominator", "count_metric", "required",
)  # fmt: skip
# How a rate is written: a tenth of a percentage point is finer than any report.
DECIMALS_OF_RATES = 1


@dataclass(frozen=True)
class Wording:
    """What a measure is called and means, in the current language."""

    name: str
    text: str


def measures(session: Session, initiative_key: str | None = None, as_of: datetime | None = None) -> pd.DataFrame:
    """Return the measures an initiative asks for (all when None), in order of position.

    Columns: measure (key), type (metric, indicator), name, definition, formula (in words), unit ("" for indicators in
    percent: see factor), kind (stock, flow, distinct, score; an indicator has its numerator's), subject, decimals,
    factor (None for metrics), numerator, denominator (metric keys, "" for metrics), count_metric ("" but for scores),
    required (an indicator: both its metrics are). Worded as they were at `as_of`.
    """
    rows = session.connection().execute(_query()).all()
    by_id = {row.id: row for row in rows}
    said = wordings(session, as_of)
    asked = None if initiative_key is None else _requirements(session, initiative_id_of(session, initiative_key))
    listed = []
    for row in rows:
        parts = [row.id] if row.numerator_id is None else [row.numerator_id, row.denominator_id]
        if asked is None or all(part in asked for part in parts):
            required = asked is None or all(asked[part] for part in parts)
            listed.append(_described(row, by_id, said, required))
    return pd.DataFrame(listed, columns=list(MEASURE)).astype({"factor": "Int64"})


def wordings(session: Session, as_of: datetime | None = None) -> dict[int, Wording]:
    """Return the measures' wordings by id as they stood at `as_of`: before the first, the first."""
    query: Query = sa.select(
        col(Definition.measure_id), in_current_language(Definition), in_current_language(Definition, "text"),
        col(Definition.recorded_at), col(Definition.superseded_at),
    ).order_by(col(Definition.recorded_at))  # fmt: skip
    found: dict[int, Wording] = {}
    for row in session.connection().execute(query):
        if row.measure_id not in found or as_of is None or row.recorded_at <= as_of:
            found[row.measure_id] = Wording(row.name, row.text)
    return found


def formula(kind: str, names: Iterable[str], factor: int | None = None) -> str:
    """Return in words how a measure is computed over schools.

    `names` are those of the numerator and the denominator of an indicator, of a score and its count, else none.
    """
    parts = list(names)
    if factor is not None:
        text = _("{numerator} ÷ {denominator} × {factor}: sums over the schools that reported both, then the ratio")
        return text.format(numerator=parts[0], denominator=parts[1], factor=factor)
    if kind == MetricKind.SCORE:
        return _("Mean of the schools' scores, each weighted by its number: {count}").format(count=parts[-1])
    if kind == MetricKind.FLOW:
        return _("Sum of what the schools counted within the period")
    if kind == MetricKind.DISTINCT:
        return _("Sum of what the schools counted within the period, each person once in a school")
    return _("Sum of what the schools had at the end of the period")


def _query() -> Query:
    upper = sa.orm.aliased(Metric)
    return (
        sa.select(
            col(Measure.id), col(Measure.key), col(Measure.type), col(Metric.kind), col(Metric.subject),
            col(Metric.unit), col(Metric.decimals), col(Metric.count_metric_id), col(Indicator.numerator_id),
            col(Indicator.denominator_id), col(Indicator.factor), col(upper.kind).label("upper_kind"),
            col(upper.subject).label("upper_subject"),
        )
        .select_from(Measure)
        .join(Metric, col(Metric.id) == col(Measure.id), isouter=True)
        .join(Indicator, col(Indicator.id) == col(Measure.id), isouter=True)
        .join(upper, col(upper.id) == col(Indicator.numerator_id), isouter=True)
        .order_by(col(Measure.position), col(Measure.id))
    )  # fmt: skip


def _requirements(session: Session, initiative_id: int) -> dict[int, bool]:
    query: Query = sa.select(col(Requirement.metric_id), col(Requirement.required)).where(
        col(Requirement.initiative_id) == initiative_id
    )
    return {row.metric_id: bool(row.required) for row in session.connection().execute(query)}


def _described(row: Any, by_id: dict[int, Any], said: dict[int, Wording], required: bool) -> tuple[Any, ...]:
    def name_of(number: int) -> str:
        return said[number].name if number in said else str(by_id[number].key)

    text = said[row.id].text if row.id in said else ""
    if row.numerator_id is not None:
        both = (row.numerator_id, row.denominator_id)
        words = formula(row.upper_kind, map(name_of, both), row.factor)
        keys = [by_id[number].key for number in both]
        return (
            row.key, row.type, name_of(row.id), text, words, "", row.upper_kind, row.upper_subject,
            DECIMALS_OF_RATES, row.factor, *keys, "", required,
        )  # fmt: skip
    count = by_id[row.count_metric_id].key if row.count_metric_id else ""
    words = formula(row.kind, [name_of(row.id), *([name_of(row.count_metric_id)] if count else [])])
    return (
        row.key, row.type, name_of(row.id), text, words, row.unit, row.kind, row.subject, row.decimals, None, "", "",
        count, required,
    )  # fmt: skip
