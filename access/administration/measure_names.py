"""What metrics and indicators are called now, for lists to choose from."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.language import by_preference
from data_model.measures import Definition, Measure


def measure_names(session: Session) -> dict[str, str]:
    """Return metrics and indicators: key -> name in the current language, in their order on screen."""
    return _names(session)


def metric_names(session: Session) -> dict[str, str]:
    """Return metrics alone: key -> name in the current language, in their order on screen."""
    return _names(session, "metric")


def _names(session: Session, *types: str) -> dict[str, str]:
    name = sa.func.coalesce(*(sa.func.nullif(getattr(Definition, f"name_{one}"), "") for one in by_preference()))
    query = (
        select(Measure.key, name)
        .join(Definition, col(Definition.measure_id) == col(Measure.id))
        .where(col(Definition.superseded_at).is_(None))
        .order_by(col(Measure.position), col(Measure.id))
    )
    if types:
        query = query.where(col(Measure.type).in_(types))
    return {key: str(said) for key, said in session.exec(query).all()}
