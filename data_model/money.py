"""Money: funds, transactions, and the dated rates without which two currencies are never added."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import ExactDecimal, current_only, in_order, one_of


class TransactionKind(StrEnum):
    """How far money has come."""

    COMMITMENT = "commitment"
    DISBURSEMENT = "disbursement"
    EXPENDITURE = "expenditure"


class Fund(SQLModel, table=True):
    """A pot of money. `capital` is empty while no source states it."""

    __tablename__ = "fund"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=300)
    country: str = Field(foreign_key="country.code", max_length=2)
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id", description="the fund as initiative")
    owner_id: int | None = Field(default=None, foreign_key="organisation.id")
    capital: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str | None = Field(default=None, max_length=3)
    source_id: int | None = Field(default=None, foreign_key="source.id")
    note: str = ""
    demonstration: bool = Field(default=False)


class Transaction(SQLModel, table=True):
    """One commitment, disbursement or expenditure."""

    __tablename__ = "money_transaction"
    __table_args__ = (
        one_of("kind", TransactionKind),
        sa.CheckConstraint("length(currency) = 3", name="currency_is_iso_4217"),
    )

    id: int | None = Field(default=None, primary_key=True)
    fund_id: int = Field(foreign_key="fund.id", index=True)
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id", index=True)
    kind: str = Field(max_length=20)
    happened_on: date
    amount: Decimal = Field(sa_type=ExactDecimal)
    currency: str = Field(max_length=3)
    from_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    to_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    source_id: int | None = Field(default=None, foreign_key="source.id")
    note: str = ""


class ExchangeRate(SQLModel, table=True):
    """What one unit of `currency` was worth in `into` on a day, by a source."""

    __tablename__ = "exchange_rate"
    __table_args__ = (current_only("uq_exchange_rate_current", "currency", "into", "day"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    currency: str = Field(max_length=3)
    into: str = Field(max_length=3)
    day: date
    rate: Decimal = Field(sa_type=ExactDecimal)
    source_id: int = Field(foreign_key="source.id")
    recorded_at: datetime
    superseded_at: datetime | None = None
