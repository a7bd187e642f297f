"""Rollups after a change of who is expected: every period of an initiative that has any is made anew."""

from datetime import datetime

from sqlmodel import Session, select

from data_model.registry import Initiative
from data_model.rollups import Rollup, refresh


def follow(session: Session, initiative: Initiative, at: datetime) -> None:
    """Bring the initiative's rollups up to what is held now. Rows that stay the same are left alone.

    All its periods: a school's area counts for its earlier reports too.
    """
    assert initiative.id is not None
    query = select(Rollup.period_id).where(Rollup.initiative_id == initiative.id).distinct()
    refresh(
        session, initiative_id=initiative.id, country=initiative.country, period_ids=session.exec(query).all(), at=at
    )
