"""Every table, imported in one place: Alembic and tests need them all known."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from data_model import measures, money, participation, people, places, registry, releases, rollups, submissions

TABLE_MODULES = (places, registry, money, measures, participation, people, submissions, rollups, releases)
METADATA = SQLModel.metadata

# On PostgreSQL triggers keep the references of these two (see migration 0002).
KEPT_BY_TRIGGERS = ("observation", "confirmation")

__all__ = ["KEPT_BY_TRIGGERS", "METADATA", "TABLE_MODULES", "compared_on"]


def compared_on(dialect: str) -> Any:
    """Return Alembic's `include_object` for this database: what the models and the schema have in common there."""

    def is_compared(found: Any, _name: str | None, _kind: str, _reflected: bool, _beside: Any) -> bool:
        kept_by_triggers = isinstance(found, sa.ForeignKeyConstraint) and found.table.name in KEPT_BY_TRIGGERS
        return not (dialect == "postgresql" and kept_by_triggers)

    return is_compared
