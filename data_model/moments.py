"""The order of changes: those of an initiative run one after another, each at a moment later than the last."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from data_model.registry import Initiative

TICK = timedelta(microseconds=1)


def take_turn(session: Session, initiative_id: int, at: datetime) -> tuple[Initiative, datetime]:
    """Return the initiative, locked until the transaction ends, and the moment at which to record this change.

    The moment is `at`, or just after the initiative's last one. Whatever is decided upon must be read after this call.
    PostgreSQL locks the initiative's row; on SQLite the caller's session was opened with `write=True` and holds the
    one write lock.
    """
    query = select(Initiative).where(Initiative.id == initiative_id).with_for_update()
    initiative = session.exec(query.execution_options(populate_existing=True)).one()
    moment = at.astimezone(UTC)
    if initiative.last_recorded_at is not None:
        moment = max(moment, initiative.last_recorded_at + TICK)
    initiative.last_recorded_at = moment
    session.add(initiative)
    session.flush()
    return initiative, moment
