"""Money is exact, meets only through dated rates, and is blank where a side of it is not known."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from analytics import funds, investment, money
from analytics.investment import Assumptions
from analytics.scope import CannotAnswer
from data_model.money import ExchangeRate, Fund, Transaction
from data_model.registry import CountryFact, Participation
from tests.analytics.reports import Reports
from tests.factories import make_claim, make_organisation, make_source

KEY = "kz-chatgpt-edu"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def fund(reports: Reports) -> Fund:
    """A fund of the country, without capital."""
    made = Fund(key="fund", name="The Fund", country="KZ", initiative_id=reports.world.initiative.id)
    reports.session.add(made)
    reports.session.flush()
    return made


def _pay(reports: Reports, fund: Fund, kind: str, amount: str, day: date, currency: str = "KZT", **more: Any) -> None:
    given = {"initiative_id": reports.world.initiative.id} | more
    reports.session.add(
        Transaction(fund_id=fund.id, kind=kind, amount=Decimal(amount), happened_on=day, currency=currency, **given)
    )
    reports.session.flush()


def _rate(session: Session, day: date, rate: str, at: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
    source = make_source(session, f"rate-{day}", title=f"Rate of {day}")
    session.add(
        ExchangeRate(currency="USD", into="KZT", day=day, rate=Decimal(rate), source_id=source.id, recorded_at=at)
    )
    session.flush()


def test_flows_keep_every_cent_and_an_unknown_side_unknown(reports: Reports, fund: Fund):
    school = make_organisation(reports.session, name="A school")
    _pay(reports, fund, "commitment", "123456789012.34", date(2026, 9, 1), to_organisation_id=school.id)
    _pay(reports, fund, "commitment", "0.01", date(2026, 9, 2), to_organisation_id=school.id)
    _pay(reports, fund, "commitment", "5", date(2026, 9, 3), initiative_id=None)
    found = money.flows(reports.session, country="KZ")
    assert found[["initiative", "recipient", "amount"]].to_numpy().tolist() == [
        [KEY, "A school", Decimal("123456789012.35")], [None, None, Decimal(5)],
    ]  # fmt: skip
    assert found["transactions"].tolist() == [2, 1] and found["converted"].tolist() == [None, None]
    assert money.flows(reports.session, kind="disbursement").empty


@ONE_DATABASE
def test_what_is_known_of_a_countrys_money_says_so(reports: Reports, fund: Fund):
    assert money.known(reports.session, "KZ") == money.Known((), {}, 0, None)
    _pay(reports, fund, "commitment", "5", date(2026, 9, 3), currency="USD")
    _pay(reports, fund, "disbursement", "5", date(2026, 9, 30), currency="EUR", initiative_id=None)
    _rate(reports.session, date(2026, 9, 1), "480")
    found = money.known(reports.session, "KZ")
    assert found.currencies == ("EUR", "USD", "KZT"), "those it was paid in first"
    assert found.initiatives == {KEY: reports.world.initiative.name} and found.transactions == 2
    assert found.newest == date(2026, 9, 30)
    assert money.known(reports.session, "EE").transactions == 0


@ONE_DATABASE
def test_currencies_meet_only_through_a_rate_of_about_that_day(reports: Reports, fund: Fund):
    session = reports.session
    _pay(reports, fund, "disbursement", "10", date(2026, 9, 10), "USD")
    _pay(reports, fund, "disbursement", "1000", date(2026, 9, 20))
    assert money.flows(session, KEY, currency="KZT", kind="disbursement")["converted"].tolist() == [Decimal(1000), None]
    _rate(session, date(2026, 9, 11), "999")  # of the day after
    _rate(session, date(2026, 7, 1), "1")  # too long before
    assert money.over_time(session, KEY, "KZT")["disbursed"].tolist() == [None]
    _rate(session, date(2026, 9, 1), "500.25", at=datetime(2026, 10, 1, tzinfo=UTC))
    found = money.flows(session, KEY, currency="KZT", kind="disbursement").set_index("currency")
    assert found["converted"].to_dict() == {"USD": Decimal("5002.50"), "KZT": Decimal(1000)}
    assert found["rate_day"].to_dict() == {"USD": date(2026, 9, 1), "KZT": None}
    before = money.flows(session, KEY, currency="KZT", kind="disbursement", as_of=datetime(2026, 9, 30, tzinfo=UTC))
    assert before.set_index("currency")["converted"].to_dict() == {"USD": None, "KZT": Decimal(1000)}


@ONE_DATABASE
def test_what_was_planned_stands_beside_what_was_paid_month_by_month(reports: Reports, fund: Fund):
    _pay(reports, fund, "commitment", "900", date(2026, 7, 5))
    _pay(reports, fund, "disbursement", "400", date(2026, 9, 5))
    found = money.over_time(reports.session, KEY)
    assert found["month"].tolist() == ["2026-07", "2026-08", "2026-09"]
    assert found["committed"].tolist() == [900, 0, 0] and found["committed_total"].tolist() == [900, 900, 900]
    assert found["disbursed_total"].tolist() == [0, 0, 400]
    assert money.over_time(reports.session, "nothing").empty


def test_a_cost_stands_on_its_base_and_is_blank_where_a_side_is_unknown(reports: Reports, fund: Fund):
    session = reports.session
    reports.report("2026-10", {"001024": {"teachers_active": 3.0, "licences_allocated": 0.0}})
    scope = reports.scope("teachers_active")
    assert money.unit_costs(session, scope)["reason"].tolist() == ["no_money"] * 3
    _pay(reports, fund, "disbursement", "900.10", date(2025, 10, 31))
    _pay(reports, fund, "disbursement", "99.90", date(2026, 10, 31))
    _pay(reports, fund, "disbursement", "7", date(2026, 11, 1))  # after the period
    _pay(reports, fund, "commitment", "5000", date(2026, 10, 1))
    found = money.unit_costs(session, scope).set_index("measure")
    assert found["reason"].to_dict() == {
        "licences_allocated": "nobody", "teachers_trained": "not_reported", "teachers_active": "",
    }  # fmt: skip
    assert found["cost"].to_dict() == {
        "licences_allocated": None, "teachers_trained": None, "teachers_active": Decimal("333.33"),
    }  # fmt: skip
    active = found.loc["teachers_active"]
    assert (active["schools_in_base"], active["schools_expected"], active["amount"]) == (1, 6, Decimal("1000.00"))
    assert (active["price_year_first"], active["price_year_last"]) == (2025, 2026)
    assert set(money.unit_costs(session, reports.scope("teachers_active", area="KZ-75"))["reason"]) == {"not_by_area"}


@ONE_DATABASE
def test_a_cost_in_several_currencies_wants_one_named_and_a_rate_for_it(reports: Reports, fund: Fund):
    session = reports.session
    reports.report("2026-10", {"001024": {"teachers_active": 2.0}})
    scope = reports.scope("teachers_active")
    _pay(reports, fund, "disbursement", "10", date(2026, 9, 10), "USD")
    _pay(reports, fund, "disbursement", "1000", date(2026, 9, 20))
    assert set(money.unit_costs(session, scope)["reason"]) == {"several_currencies"}
    assert set(money.unit_costs(session, scope, "KZT")["reason"]) == {"no_rate"}
    _rate(session, date(2026, 9, 9), "500")
    active = money.unit_costs(session, scope, "KZT").set_index("measure").loc["teachers_active"]
    assert active["cost"] == 3000 and active["rate_sources"] == "Rate of 2026-09-09"


@ONE_DATABASE
def test_a_benchmark_is_never_a_funds_size(reports: Reports, fund: Fund):
    session, initiative = reports.session, reports.world.initiative
    source = make_source(session, "S9")
    bank = make_organisation(session, "bank", name="National Bank", kind="central_bank")
    ids = {"initiative_id": initiative.id, "source_id": source.id}
    session.add(Participation(organisation_id=bank.id, role="funder", **ids))
    benchmark = {"figure": "other", "kind": "money", "unit": "percent_of_gdp", "qualifier": "range"}
    make_claim(session, initiative, source, "spending", value=Decimal(4), value_high=Decimal(6), **benchmark)
    found = funds.fund_facts(session, "fund")
    assert not found.size_is_known and found.own_claims.empty
    assert found.benchmarks["claim"].tolist() == ["spending"]
    assert found.capital_sources["organisation"].tolist() == ["National Bank"]
    assert found.unknown == ("capital", "owner", "portfolio")
    _pay(reports, fund, "commitment", "8", date(2026, 9, 1))
    assert funds.fund_facts(session, "fund").portfolio["committed"].tolist() == [Decimal(8)]
    assert funds.funds(session, "KZ")["fund"].tolist() == ["fund"]
    with pytest.raises(CannotAnswer, match="no fund"):
        funds.fund_facts(session, "another")


@ONE_DATABASE
def test_the_scenario_starts_from_cited_benchmarks_or_not_at_all(reports: Reports):
    session, initiative = reports.session, reports.world.initiative
    assert investment.benchmarks(session, "KZ").assumptions() is None
    source = make_source(session, "S9")
    percent = {"figure": "other", "unit": "percent_of_gdp"}
    spending = {"kind": "money", "qualifier": "range", "value": Decimal(4), "value_high": Decimal(6), **percent}
    make_claim(session, initiative, source, "spending", **spending)
    make_claim(session, initiative, source, "growth", kind="effect", value=Decimal("1.5"), **percent)
    make_claim(session, initiative, source, "ratio", figure="other", kind="effect", unit="ratio", value=Decimal(5))
    session.add(
        CountryFact(country="KZ", fact="gdp_usd", value=Decimal(261_420_000_000), qualifier="about", year=2023,
                    source_id=source.id)
    )  # fmt: skip
    session.flush()
    found = investment.benchmarks(session, "KZ")
    assert found.cited["claim"].tolist() == ["growth", "ratio", "spending"] and len(found.gdp_fact) == 1
    assumed = found.assumptions()
    assert assumed is not None
    assert [assumed.spending_percent, assumed.multiplier, assumed.growth_percent] == [5, 5, Decimal("1.5")]
    assert investment.case(assumed).spending == Decimal("13071000000.00")


def test_the_scenario_does_what_it_says_and_nothing_more():
    assumed = Assumptions(Decimal(1000), 2023, Decimal(6), horizon=30)
    found = investment.case(assumed)
    assert [found.spending, found.returned_by_multiplier] == [60, 300]
    assert found.years["spending"].tolist() == [20, 20, 20] + [0] * 27
    # Nothing in the first year, two thirds in the second, then 1.5 % of GDP until five times the spending is back.
    assert found.years["returned"].tolist()[:5] == [0, 10, 15, 15, 15] and found.years["returned"].sum() == 300
    assert found.years["net_total"].iloc[-1] == 240 and found.breaks_even_in == 6
    assert found.multiplier_reached_in == 22 and found.years_to_multiplier == 20
    discounted = investment.case(Assumptions(Decimal(1000), 2023, Decimal(6), discount_percent=Decimal(8), horizon=30))
    assert discounted.years["net_total"].iloc[-1] < 100 and discounted.breaks_even_in == 7
    nothing = investment.case(Assumptions(Decimal(1000), 2023, Decimal(0)))
    assert nothing.years["returned"].sum() == 0 and nothing.breaks_even_in is None
    assert nothing.years["returned_per_spent"].isna().all()
    with pytest.raises(ValueError, match="years"):
        Assumptions(Decimal(1), 2023, Decimal(1), spending_years=0)
