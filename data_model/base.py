"""What all tables share: constraint names, code lists, exact decimals, and the columns of a versioned row."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlmodel import SQLModel

# Named constraints, so that Alembic can drop one on SQLite too. Set before the first table is declared.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers its own rows only for a column declared INTEGER; PostgreSQL wants eight bytes for the large tables.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A decimal that comes back as it went in: NUMERIC(24, 6) on PostgreSQL, text on SQLite, which has no decimals.

    Sums over such a column are made in Python: SQLite would turn the text into floating point.
    """

    impl = sa.Numeric(24, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        """Return the column's type in this database."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(32))
        return dialect.type_descriptor(sa.Numeric(24, 6))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Return the amount as it is stored. Raises TypeError on anything that is no Decimal."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an amount must be a Decimal, not {type(value).__name__}: write Decimal('1.50')")
        return format(value, "f") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the stored amount as Decimal."""
        if value is None:
            return None
        return Decimal(value)


def one_of(column: str, codes: type[StrEnum] | Sequence[str], *, optional: bool = False) -> sa.CheckConstraint:
    """Return the check that `column` holds one of the codes. A new code is then a migration, seen and reviewed.

    Written with OR: SQLite builds a table for an IN with more than two members anew for every row it checks.
    """
    rule = " OR ".join(f"{column} = '{code}'" for code in codes)
    return sa.CheckConstraint(f"{column} IS NULL OR {rule}" if optional else rule, name=f"{column}_known")


def current_only(name: str, *columns: str) -> sa.Index:
    """Return the partial unique index that lets one row per `columns` be current (not superseded)."""
    condition = sa.text("superseded_at IS NULL")
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def in_order() -> sa.CheckConstraint:
    """Return the check that a version is superseded after it was recorded."""
    return sa.CheckConstraint("superseded_at IS NULL OR superseded_at > recorded_at", name="superseded_after_recorded")


def known_at(table: Any, as_of: datetime | None) -> sa.ColumnElement[bool]:
    """Return the condition that picks the versions of `table` that were current at `as_of` (now when None).

    `table` is any versioned SQLModel class (or alias of one): it has `recorded_at` and `superseded_at`.
    """
    if as_of is None:
        return sa.and_(table.superseded_at.is_(None))
    return sa.and_(
        table.recorded_at <= as_of,
        sa.or_(table.superseded_at.is_(None), table.superseded_at > as_of),
    )
