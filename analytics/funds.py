"""A fund: where its capital comes from, what it pays for, and what is not known about it.

A benchmark quoted when a fund was announced (what other countries spend, what a ministry expects of such spending) is
no statement about the fund. The two are kept apart here, so that no page can show the one as the other.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.announced import claims
from analytics.money import Paid, transactions
from analytics.registry import participations
from analytics.scope import CannotAnswer
from analytics.sources import SOURCE, source_columns
from data_model.bulk import Query
from data_model.money import Fund, TransactionKind
from data_model.registry import Initiative, Organisation, ParticipationRole, Source

# Only a claim of this figure speaks of a fund's own size.
OWN_SIZE = "budget"
PORTFOLIO = ("initiative", "initiative_name", "currency", "committed", "disbursed", "transactions")


@dataclass(frozen=True)
class FundFacts:
    """What is known of a fund.

    `capital` (Decimal) and `currency` are None while no source states them: see `size_is_known`. `capital_sources`:
    organisation, organisation_kind, country, role (funders of the fund, then its source); `note` says it in words.
    `own_claims` and `benchmarks` have the columns of `announced.claims`: the first speak of the fund's size, the second
    of others or of what is expected, never of the fund. `portfolio`: PORTFOLIO, what was committed and disbursed
    (Decimal) by initiative and currency. `unknown` lists what no source tells: capital, owner, portfolio.
    """

    fund: str
    name: str
    country: str
    initiative: str | None
    owner: str | None
    capital: Decimal | None
    currency: str | None
    note: str
    demonstration: bool
    source: dict[str, Any]
    capital_sources: pd.DataFrame
    own_claims: pd.DataFrame
    benchmarks: pd.DataFrame
    portfolio: pd.DataFrame
    unknown: tuple[str, ...]

    @property
    def size_is_known(self) -> bool:
        """Whether a source states the fund's capital."""
        return self.capital is not None


def funds(session: Session, country: str | None = None) -> pd.DataFrame:
    """Return the funds: fund (key), name, country, initiative (key or None), demonstration. Invented ones last."""
    query: Query = (
        sa.select(col(Fund.key), col(Fund.name), col(Fund.country), col(Initiative.key), col(Fund.demonstration))
        .join(Initiative, col(Initiative.id) == col(Fund.initiative_id), isouter=True)
        .order_by(col(Fund.demonstration), col(Fund.key))
    )
    if country is not None:
        query = query.where(col(Fund.country) == country)
    rows = session.connection().execute(query).all()
    return pd.DataFrame(
        [tuple(row) for row in rows], columns=["fund", "name", "country", "initiative", "demonstration"]
    )


def fund_facts(session: Session, fund_key: str) -> FundFacts:
    """Return what is known of a fund. Raises CannotAnswer (`unknown_fund`)."""
    query: Query = (
        sa.select(
            col(Fund.key), col(Fund.name), col(Fund.country), col(Initiative.key), col(Organisation.name),
            col(Fund.capital), col(Fund.currency), col(Fund.note), col(Fund.demonstration), *source_columns(),
        )
        .join(Initiative, col(Initiative.id) == col(Fund.initiative_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Fund.owner_id), isouter=True)
        .join(Source, col(Source.id) == col(Fund.source_id), isouter=True)
        .where(col(Fund.key) == fund_key)
    )  # fmt: skip
    row = session.connection().execute(query).one_or_none()
    if row is None:
        raise CannotAnswer("unknown_fund", _("There is no fund {key}.").format(key=fund_key))
    key, name, country, initiative, owner, capital, currency, note, demonstration, *source = row
    said = claims(session, initiative_key=initiative or "")
    is_own = said["figure"] == OWN_SIZE
    payers = participations(session, initiative or "")
    portfolio = _portfolio([paid for paid in transactions(session) if paid.fund == key])
    missing = {"capital": capital is None, "owner": owner is None, "portfolio": portfolio.empty}
    return FundFacts(
        key, name, country, initiative, owner, capital, currency, note, bool(demonstration),
        dict(zip(SOURCE, source, strict=True)),
        payers[payers["role"] == ParticipationRole.FUNDER].reset_index(drop=True),
        said[is_own].reset_index(drop=True), said[~is_own].reset_index(drop=True), portfolio,
        tuple(what for what, is_missing in missing.items() if is_missing),
    )  # fmt: skip


def _portfolio(paid: list[Paid]) -> pd.DataFrame:
    rows = []
    places = sorted({(one.initiative or "", one.initiative_name or "", one.currency) for one in paid})
    for initiative, name, currency in places:
        part = [one for one in paid if (one.initiative or "", one.currency) == (initiative, currency)]
        sums = [
            sum((one.amount for one in part if one.kind == kind), Decimal(0))
            for kind in (TransactionKind.COMMITMENT, TransactionKind.DISBURSEMENT)
        ]
        rows.append((initiative or None, name or None, currency, *sums, len(part)))
    return pd.DataFrame(rows, columns=list(PORTFOLIO))
