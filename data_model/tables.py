"""Every table, imported in one place: Alembic and tests need them all known."""

from sqlmodel import SQLModel

from data_model import (
    due_days,
    editions,
    locks,
    measures,
    money,
    participation,
    people,
    places,
    registry,
    releases,
    rollups,
    settings,
    submissions,
    terms,
    time_zones,
)

TABLE_MODULES = (
    places, registry, money, measures, participation, due_days, locks, people, submissions, rollups, releases, settings,
    terms, editions, time_zones,
)  # fmt: skip
METADATA = SQLModel.metadata

__all__ = ["METADATA", "TABLE_MODULES"]
