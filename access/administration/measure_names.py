"""What metrics and indicators are called now, for lists to choose from."""

from sqlmodel import Session, col, select

from access.language import current
from data_model.measures import Definition, Measure


def measure_names(session: Session) -> dict[str, str]:
    """Return metrics and indicators: key -> name in the current language, in their order on screen."""
    return _names(session)


def metric_names(session: Session) -> dict[str, str]:
    """Return metrics alone: key -> name in the current language, in their order on screen."""
    return _names(session, "metric")


def _names(session: Session, *types: str) -> dict[str, str]:
    name = getattr(Definition, f"name_{current()}")
    query = (
        select(Measure.key, name)
        .join(Definition, col(Definition.measure_id) == col(Measure.id))
        .where(col(Definition.superseded_at).is_(None))
        .order_by(col(Measure.position), col(Measure.id))
    )
    if types:
        query = query.where(col(Measure.type).in_(types))
    return {key: str(said) for key, said in session.exec(query).all()}
