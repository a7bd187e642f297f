"""Money from fund through initiative to recipient, over time, and what it comes to for each person who was reached.

Amounts are exact. Two currencies meet only through a dated, sourced exchange rate: the newest of a day not after the
transaction's and at most RATE_DAYS before it. Where there is none the converted amount is not known, and so is every
sum it belongs to. Who is not known stays not known. Amounts are as paid then: nothing is adjusted for prices.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.figures import Figure, figure
from analytics.lookup import country_of, every_period
from analytics.registry import PAYEE, PAYER, between_parties
from analytics.scope import Scope
from data_model.base import known_at
from data_model.bulk import Query
from data_model.money import ExchangeRate, Fund, Transaction, TransactionKind
from data_model.periods import Period
from data_model.registry import Initiative, Source
from data_model.releases import FigureState

# A rate older than this says nothing about a day.
RATE_DAYS = 31
# Sorts after every name: what is not known comes last.
LAST = chr(0x10FFFF)
CENT = Decimal("0.01")
FLOWS = (
    "kind", "fund", "fund_name", "initiative", "initiative_name", "from_organisation", "recipient", "currency",
    "amount", "converted", "rate_day", "transactions", "demonstration",
)  # fmt: skip
OVER_TIME = (
    "month", "starts_on", "currency", "committed", "disbursed", "spent", "committed_total", "disbursed_total",
    "spent_total", "demonstration",
)  # fmt: skip
UNIT_COSTS = (
    "measure", "amount", "currency", "kind", "people", "cost", "reason", "rate_first_day", "rate_last_day",
    "rate_sources", "price_year_first", "price_year_last", "schools_in_base", "schools_expected", "state",
    "demonstration",
)  # fmt: skip
# For whom the money was: the licence, the teacher who was trained, the teacher who really uses it.
REACHED = ("licences_allocated", "teachers_trained", "teachers_active")
PARTS = {
    TransactionKind.COMMITMENT: "committed", TransactionKind.DISBURSEMENT: "disbursed",
    TransactionKind.EXPENDITURE: "spent",
}  # fmt: skip


class Paid(NamedTuple):
    """One transaction with its names; None: not known."""

    kind: str
    fund: str
    fund_name: str
    initiative: str | None
    initiative_name: str | None
    from_organisation: str | None
    recipient: str | None
    currency: str
    amount: Decimal
    happened_on: date
    demonstration: bool


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency was worth on a day, by which source."""

    day: date
    rate: Decimal
    source: str


class Rates:
    """The exchange rates into one currency, as known at a moment."""

    def __init__(self, session: Session, into: str, as_of: datetime | None = None) -> None:
        query: Query = (
            sa.select(col(ExchangeRate.currency), col(ExchangeRate.day), col(ExchangeRate.rate), col(Source.title))
            .join(Source, col(Source.id) == col(ExchangeRate.source_id))
            .where(col(ExchangeRate.into) == into, known_at(ExchangeRate, as_of))
            .order_by(col(ExchangeRate.day).desc())
        )
        self.into = into
        self.by_currency: dict[str, list[Rate]] = {}
        for currency, day, rate, source in session.connection().execute(query):
            self.by_currency.setdefault(currency, []).append(Rate(day, rate, source))

    def at(self, currency: str, day: date) -> Rate | None:
        """Return the rate to take for a day, None where none is near enough before it."""
        newest = next((one for one in self.by_currency.get(currency, []) if one.day <= day), None)
        return newest if newest is not None and (day - newest.day).days <= RATE_DAYS else None

    def convert(self, amount: Decimal, currency: str, day: date) -> tuple[Decimal | None, Rate | None]:
        """Return the amount in the currency asked for (None where no rate tells it), and the rate that was taken."""
        if currency == self.into:
            return amount, None
        rate = self.at(currency, day)
        return (None if rate is None else (amount * rate.rate).quantize(CENT, ROUND_HALF_EVEN)), rate


@dataclass(frozen=True)
class Known:
    """What is known of a country's money: in which currencies it can be told (those it was paid in first), for which
    initiatives it was (key -> name, in order of name), of how many transactions, and the day of the newest.
    """

    currencies: tuple[str, ...]
    initiatives: dict[str, str]
    transactions: int
    newest: date | None


def known(session: Session, country: str, as_of: datetime | None = None) -> Known:
    """Return what is known of the money of a country's funds."""
    paid = transactions(session, None, country, as_of)
    own = dict.fromkeys(sorted({one.currency for one in paid}))
    into = sa.select(col(ExchangeRate.into)).where(col(ExchangeRate.currency).in_(own)).distinct()
    others = sorted(session.connection().execute(into).scalars())
    named = {one.initiative: one.initiative_name or "" for one in paid if one.initiative}
    return Known(
        tuple(own | dict.fromkeys(others)),
        dict(sorted(named.items(), key=lambda pair: pair[1])),
        len(paid),
        max((one.happened_on for one in paid), default=None),
    )


def flows(
    session: Session,
    initiative_key: str | None = None,
    country: str | None = None,
    currency: str | None = None,
    kind: str = TransactionKind.COMMITMENT,
    as_of: datetime | None = None,
) -> pd.DataFrame:
    """Return who gave how much to whom, each combination a row, in order of fund, initiative, recipient: FLOWS.

    kind, fund (key), fund_name, initiative (key), initiative_name, from_organisation, recipient (names; None: not
    known), currency and amount (Decimal, as paid), converted (Decimal in `currency`; None where no rate tells all of
    it, or no currency was asked for), rate_day (of the newest rate taken), transactions (how many), demonstration.
    `as_of`: what had happened by that day, at the rates known then.
    """
    rates = Rates(session, currency, as_of) if currency else None
    groups: dict[tuple[str | None, ...], list[Paid]] = {}
    for paid in transactions(session, initiative_key, country, as_of):
        if paid.kind == kind:
            groups.setdefault(paid[:8], []).append(paid)
    rows = []
    for named in sorted(groups, key=lambda names: [name or LAST for name in names]):
        part = groups[named]
        converted = [_converted(rates, paid) for paid in part]
        days = [rate.day for _amount, rate in converted if rate is not None]
        rows.append(
            (
                *named, sum((paid.amount for paid in part), Decimal(0)), _sum(amount for amount, _rate in converted),
                max(days, default=None), len(part), any(paid.demonstration for paid in part),
            )
        )  # fmt: skip
    return _exactly(rows, FLOWS).astype({"transactions": "Int64", "demonstration": "bool"})


def over_time(
    session: Session, initiative_key: str, currency: str | None = None, as_of: datetime | None = None
) -> pd.DataFrame:
    """Return what was committed, disbursed and spent month by month, and in all up to each month: OVER_TIME.

    Every month from the first transaction to the last has a row for each currency; Decimal(0) says that no transaction
    is recorded in it. With `currency` all is converted; from the first month on that no rate tells, parts and totals
    are None.
    """
    paid = transactions(session, initiative_key, None, as_of)
    if not paid:
        return pd.DataFrame(columns=list(OVER_TIME))
    rates = Rates(session, currency, as_of) if currency else None
    amounts: dict[tuple[str, str, str], list[Decimal | None]] = {}
    for one in paid:
        amount = one.amount if rates is None else _converted(rates, one)[0]
        place = currency or one.currency, Period.containing(one.happened_on).key, PARTS[TransactionKind(one.kind)]
        amounts.setdefault(place, []).append(amount)
    first, last = Period.containing(paid[0].happened_on), Period.containing(paid[-1].happened_on)
    invented = any(one.demonstration for one in paid)
    rows = []
    for named in sorted({place[0] for place in amounts}):
        totals: dict[str, Decimal | None] = dict.fromkeys(PARTS.values(), Decimal(0))
        for month in every_period(first, last):
            parts = {name: _sum(amounts.get((named, month.key, name), [])) for name in PARTS.values()}
            totals = {name: _sum([totals[name], parts[name]]) for name in totals}
            rows.append((month.key, month.starts_on, named, *parts.values(), *totals.values(), invented))
    return _exactly(rows, OVER_TIME)


def unit_costs(
    session: Session, scope: Scope, currency: str | None = None, kind: str = TransactionKind.DISBURSEMENT
) -> pd.DataFrame:
    """Return what the initiative's money comes to for each licence, trained and active teacher: UNIT_COSTS.

    amount: all of `kind` up to the period's end (Decimal), the same in each row: the costs are three views of one sum,
    not parts of it. people: the figure of the period. cost = amount / people, to the cent; None with a `reason`:
    no_money (no transaction), several_currencies (name one), no_rate, not_by_area (money is not recorded by area),
    not_reported (nor withheld or not applicable: see state), nobody. rate_first_day, rate_last_day and rate_sources
    tell which rates were taken, price_year_first and price_year_last of which years the amounts are (Int64): as paid.
    `kind` is that of the transactions.
    """
    end = scope.period.ends_on
    every = transactions(session, scope.initiative, None, scope.as_of)
    paid = [one for one in every if one.kind == kind and one.happened_on <= end]
    currencies = sorted({one.currency for one in paid})
    into = currency or (currencies[0] if len(currencies) == 1 else "")
    rates = Rates(session, into, scope.as_of)
    converted = [_converted(rates, one) for one in paid]
    amount = _sum(value for value, _rate in converted)
    taken = [rate for _value, rate in converted if rate is not None]
    if not paid:
        why = "no_money"
    elif scope.area != country_of(session, scope.initiative):
        why = "not_by_area"
    elif not into:
        why = "several_currencies"
    else:
        why = "no_rate" if amount is None else ""
    years = [one.happened_on.year for one in paid]
    shared = {
        "amount": None if why else amount, "currency": into, "kind": kind,
        "rate_first_day": min((rate.day for rate in taken), default=None),
        "rate_last_day": max((rate.day for rate in taken), default=None),
        "rate_sources": "; ".join(sorted({rate.source for rate in taken})),
        "price_year_first": min(years, default=None), "price_year_last": max(years, default=None),
    }  # fmt: skip
    invented = any(one.demonstration for one in paid)
    rows = [_unit_cost(measure, figure(session, scope.of(measure=measure)), shared, why, invented)
            for measure in REACHED]  # fmt: skip
    whole = dict.fromkeys(("price_year_first", "price_year_last", "schools_in_base", "schools_expected"), "Int64")
    listed = [tuple(row[name] for name in UNIT_COSTS) for row in rows]
    return _exactly(listed, UNIT_COSTS).astype(whole | {"people": "float64", "demonstration": "bool"})


def _unit_cost(measure: str, found: Figure, shared: dict[str, Any], why: str, invented: bool) -> dict[str, Any]:
    if not why and found.value is None:
        why = FigureState.NOT_REPORTED.value
    if not why and not found.value:
        why = "nobody"
    amount, cost = shared["amount"], None
    if not why and found.value is not None and amount is not None:
        cost = (amount / Decimal(repr(found.value))).quantize(CENT, ROUND_HALF_EVEN)
    return shared | {
        "measure": measure, "people": found.value, "cost": cost, "reason": why, "state": found.state,
        "schools_in_base": found.base, "schools_expected": found.schools_expected,
        "demonstration": invented or found.demonstration,
    }  # fmt: skip


def transactions(
    session: Session, initiative_key: str | None = None, country: str | None = None, as_of: datetime | None = None
) -> list[Paid]:
    """Return the transactions of an initiative or of a country's funds (of all without either), in order of time."""
    query: Query = sa.select(
        col(Transaction.kind), col(Fund.key), col(Fund.name), col(Initiative.key), col(Initiative.name),
        col(PAYER.name), col(PAYEE.name), col(Transaction.currency), col(Transaction.amount),
        col(Transaction.happened_on), col(Fund.demonstration),
    ).join(Fund, col(Fund.id) == col(Transaction.fund_id))  # fmt: skip
    query = between_parties(query, initiative_key=initiative_key, country=country, as_of=as_of)
    return [Paid(*row) for row in session.connection().execute(query)]


def _converted(rates: Rates | None, paid: Paid) -> tuple[Decimal | None, Rate | None]:
    return (None, None) if rates is None else rates.convert(paid.amount, paid.currency, paid.happened_on)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum, None as soon as one of them is not known."""
    total = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _exactly(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pd.DataFrame:
    """Return the rows as a frame that leaves every value as it is: no amount a float, no unknown a NaN."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pd.DataFrame(
        {name: pd.Series(list(column), dtype=object) for name, column in zip(names, columns, strict=True)}
    )
