"""What was announced, by whom, from which source. Nothing here was measured, and nothing here is ever added up.

Codes (kind, status, role, qualifier) stay codes; what a person reads is made of them in ui. Where a frame "ends with
its source" it has the columns of SOURCE: source_title, publisher, published_on (as precise as known), url, grade.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.language import _
from analytics.announced import announced_and_measured, claims
from analytics.names import in_current_language
from analytics.reading import read_frame
from analytics.released_figures import public_baselines
from analytics.scope import CannotAnswer, Scope
from analytics.sources import source_columns, sources
from data_model.base import known_at
from data_model.bulk import Query
from data_model.measures import Definition, Measure, Target
from data_model.money import Fund, Transaction
from data_model.participation import Enrolment
from data_model.places import Area, Country
from data_model.registry import (
    Claim,
    CountryFact,
    Initiative,
    Milestone,
    Organisation,
    Participation,
    Programme,
    Source,
)

__all__ = [
    "PAYEE",
    "PAYER",
    "InitiativeDetail",
    "announced_and_measured",
    "between_parties",
    "claims",
    "country_facts",
    "initiative_detail",
    "initiatives",
    "payments",
    "programmes",
    "sources",
    "targets",
]

# Who a transaction is from and to, in queries that name both (`between_parties`).
PAYER, PAYEE = sa.orm.aliased(Organisation), sa.orm.aliased(Organisation)


@dataclass(frozen=True)
class InitiativeDetail:
    """All that is known of one initiative.

    `initiative` is its row of `initiatives`. The frames each end with their source:
    `participations`: organisation, organisation_kind, country, role;
    `milestones`: title, due_on, achieved_on, note;
    `claims`: as `claims`;
    `targets`: measure, name, area_code, area_name, baseline, baseline_on, value, due_on, demonstration (floats);
    `funds`: fund, name, capital, currency, owner, note, demonstration (Decimal or None);
    `transactions`: as `payments`.
    """

    initiative: dict[str, Any]
    participations: pd.DataFrame
    milestones: pd.DataFrame
    claims: pd.DataFrame
    targets: pd.DataFrame
    funds: pd.DataFrame
    transactions: pd.DataFrame


def initiatives(session: Session, key: str | None = None) -> pd.DataFrame:
    """Return the initiatives (or one), in order of country and name.

    Columns: initiative (key), name, country, country_name, programme, programme_name (None for none), kind, status,
    announced_on, starts_on, ends_on (as precise as known), summary, granularity, claims (how many), schools_enrolled
    (how many ever, as known now), has_figures (schools have reported to it), then its source.
    """
    claims_made = sa.select(sa.func.count()).where(col(Claim.initiative_id) == col(Initiative.id))
    enrolled = sa.select(sa.func.count()).where(
        col(Enrolment.initiative_id) == col(Initiative.id), col(Enrolment.superseded_at).is_(None)
    )
    query: Query = (
        sa.select(
            col(Initiative.key).label("initiative"), col(Initiative.name), col(Initiative.country),
            in_current_language(Country).label("country_name"), col(Programme.key).label("programme"),
            col(Programme.name).label("programme_name"), col(Initiative.kind), col(Initiative.status),
            col(Initiative.announced_on), col(Initiative.starts_on), col(Initiative.ends_on), col(Initiative.summary),
            col(Initiative.granularity), claims_made.scalar_subquery().label("claims"),
            enrolled.scalar_subquery().label("schools_enrolled"),
            col(Initiative.last_recorded_at).is_not(None).label("has_figures"), *source_columns(),
        )
        .join(Country, col(Country.code) == col(Initiative.country))
        .join(Programme, col(Programme.id) == col(Initiative.programme_id), isouter=True)
        .join(Source, col(Source.id) == col(Initiative.source_id))
    )  # fmt: skip
    if key is not None:
        query = query.where(col(Initiative.key) == key)
    return read_frame(session, query).sort_values(["country_name", "name"], ignore_index=True)


def initiative_detail(session: Session, key: str, as_of: datetime | None = None) -> InitiativeDetail:
    """Return all that is known of one initiative, its targets as of a moment.

    Raises CannotAnswer (`unknown_initiative`).
    """
    found = initiatives(session, key)
    if found.empty:
        raise CannotAnswer("unknown_initiative", _("There is no initiative {key}.").format(key=key))
    return InitiativeDetail(
        initiative={str(name): value for name, value in found.iloc[0].items()},
        participations=participations(session, key),
        milestones=_milestones(session, key),
        claims=claims(session, initiative_key=key),
        targets=targets(session, key, as_of),
        funds=_funds(session, key),
        transactions=payments(session, initiative_key=key),
    )


def programmes(session: Session) -> pd.DataFrame:
    """Return the programmes: programme (key), name, lead, started_on, summary, initiatives (how many), the source."""
    members = sa.select(sa.func.count()).where(col(Initiative.programme_id) == col(Programme.id))
    query: Query = (
        sa.select(
            col(Programme.key).label("programme"), col(Programme.name), col(Organisation.name).label("lead"),
            col(Programme.started_on), col(Programme.summary), members.scalar_subquery().label("initiatives"),
            *source_columns(),
        )
        .join(Organisation, col(Organisation.id) == col(Programme.lead_organisation_id))
        .join(Source, col(Source.id) == col(Programme.source_id))
        .order_by(col(Programme.name))
    )  # fmt: skip
    return read_frame(session, query)


def targets(
    session: Session, initiative_key: str, as_of: datetime | None = None, released: bool = False
) -> pd.DataFrame:
    """Return an initiative's targets as they stood at a moment: see InitiativeDetail. In order of measure and date.

    `released`: without the baselines that stand for a figure which is withheld.
    """
    query: Query = (
        sa.select(
            col(Measure.key).label("measure"), in_current_language(Definition), col(Area.code).label("area_code"),
            in_current_language(Area).label("area_name"), col(Target.baseline), col(Target.baseline_on),
            col(Target.value), col(Target.due_on), col(Target.demonstration), *source_columns(),
        )
        .join(Initiative, col(Initiative.id) == col(Target.initiative_id))
        .join(Measure, col(Measure.id) == col(Target.measure_id))
        .join(
            Definition,
            sa.and_(col(Definition.measure_id) == col(Measure.id), col(Definition.superseded_at).is_(None)),
            isouter=True,
        )
        .join(Area, col(Area.id) == col(Target.area_id))
        .join(Source, col(Source.id) == col(Target.source_id), isouter=True)
        .where(col(Initiative.key) == initiative_key, known_at(Target, as_of))
        .order_by(col(Measure.position), col(Area.code), col(Target.due_on))
    )  # fmt: skip
    found = read_frame(session, query).astype({"baseline": "float64", "value": "float64"})
    return public_baselines(session, initiative_key, found, as_of) if released else found


def next_target(aims: pd.DataFrame, scope: Scope) -> Any | None:
    """Return the target of the scope's measure and area that is due next after its period, else the last; None without.

    `aims` are the rows of `targets`; a row is a named tuple.
    """
    own = aims[(aims["measure"] == scope.measure) & (aims["area_code"] == scope.area)].sort_values("due_on")
    ordered: list[Any] = list(own.itertuples(index=False))
    to_come = [row for row in ordered if row.due_on > scope.period.ends_on]
    return to_come[0] if to_come else ordered[-1] if ordered else None


def publishers(session: Session) -> dict[str, str]:
    """Return who published each source, by its key: notes speak of other sources by their keys."""
    return {
        str(key): str(publisher)
        for key, publisher in session.execute(sa.select(col(Source.key), col(Source.publisher)))
    }


def country_facts(session: Session, country: str) -> pd.DataFrame:
    """Return numbers about a country's schools: fact, value (float), qualifier, year, note, then the source."""
    query: Query = (
        sa.select(
            col(CountryFact.fact), col(CountryFact.value), col(CountryFact.qualifier), col(CountryFact.year),
            col(CountryFact.note), *source_columns(),
        )
        .join(Source, col(Source.id) == col(CountryFact.source_id))
        .where(col(CountryFact.country) == country)
        .order_by(col(CountryFact.fact), col(CountryFact.year).desc(), col(Source.key))
    )  # fmt: skip
    return read_frame(session, query).astype({"value": "float64"})


def participations(session: Session, key: str) -> pd.DataFrame:
    """Return who takes part in an initiative: see InitiativeDetail."""
    query: Query = (
        sa.select(
            col(Organisation.name).label("organisation"), col(Organisation.kind).label("organisation_kind"),
            col(Organisation.country), col(Participation.role), *source_columns(),
        )
        .join(Organisation, col(Organisation.id) == col(Participation.organisation_id))
        .join(Initiative, col(Initiative.id) == col(Participation.initiative_id))
        .join(Source, col(Source.id) == col(Participation.source_id))
        .where(col(Initiative.key) == key)
        .order_by(col(Participation.id))
    )  # fmt: skip
    return read_frame(session, query)


def _milestones(session: Session, key: str) -> pd.DataFrame:
    query: Query = (
        sa.select(
            col(Milestone.title), col(Milestone.due_on), col(Milestone.achieved_on), col(Milestone.note),
            *source_columns(),
        )
        .join(Initiative, col(Initiative.id) == col(Milestone.initiative_id))
        .join(Source, col(Source.id) == col(Milestone.source_id))
        .where(col(Initiative.key) == key)
    )  # fmt: skip
    frame = read_frame(session, query)
    when = frame["achieved_on"].where(frame["achieved_on"] != "", frame["due_on"])
    return frame.iloc[when.argsort(kind="stable")].reset_index(drop=True)


def _funds(session: Session, key: str) -> pd.DataFrame:
    query: Query = (
        sa.select(
            col(Fund.key).label("fund"), col(Fund.name), col(Fund.capital), col(Fund.currency),
            col(Organisation.name).label("owner"), col(Fund.note), col(Fund.demonstration), *source_columns(),
        )
        .join(Initiative, col(Initiative.id) == col(Fund.initiative_id))
        .join(Organisation, col(Organisation.id) == col(Fund.owner_id), isouter=True)
        .join(Source, col(Source.id) == col(Fund.source_id), isouter=True)
        .where(col(Initiative.key) == key)
        .order_by(col(Fund.key))
    )  # fmt: skip
    return read_frame(session, query)


def payments(
    session: Session, *, initiative_key: str | None = None, country: str | None = None, as_of: datetime | None = None
) -> pd.DataFrame:
    """Return the transactions of an initiative or of a country's funds that had happened by a moment, in order of time.

    fund (key), fund_name, initiative_name, kind, happened_on, amount (Decimal), currency, from_organisation,
    to_organisation (None: not known), note, demonstration, then the source.
    """
    query: Query = sa.select(
        col(Fund.key).label("fund"), col(Fund.name).label("fund_name"),
        col(Initiative.name).label("initiative_name"), col(Transaction.kind), col(Transaction.happened_on),
        col(Transaction.amount), col(Transaction.currency), col(PAYER.name).label("from_organisation"),
        col(PAYEE.name).label("to_organisation"), col(Transaction.note), col(Fund.demonstration), *source_columns(),
    ).join(Fund, col(Fund.id) == col(Transaction.fund_id))  # fmt: skip
    query = between_parties(query, initiative_key=initiative_key, country=country, as_of=as_of)
    query = query.join(Source, col(Source.id) == col(Transaction.source_id), isouter=True)
    return read_frame(session, query)


def between_parties(query: Query, *, initiative_key: str | None, country: str | None, as_of: datetime | None) -> Query:
    """Return a query of transactions and their funds with the initiative, PAYER and PAYEE of each, in order of time:
    of an initiative, of a country's funds, or those that had happened by a moment.
    """
    query = (
        query.join(Initiative, col(Initiative.id) == col(Transaction.initiative_id), isouter=True)
        .join(PAYER, col(PAYER.id) == col(Transaction.from_organisation_id), isouter=True)
        .join(PAYEE, col(PAYEE.id) == col(Transaction.to_organisation_id), isouter=True)
        .order_by(col(Transaction.happened_on), col(Transaction.id))
    )
    if initiative_key is not None:
        query = query.where(col(Initiative.key) == initiative_key)
    if country is not None:
        query = query.where(col(Fund.country) == country)
    if as_of is not None:
        query = query.where(col(Transaction.happened_on) <= as_of.date())
    return query
