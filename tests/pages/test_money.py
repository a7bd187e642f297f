"""Money: what is known with its base, what is not known said so, and benchmarks never as a fund's own."""

from datetime import date
from decimal import Decimal

import pytest

from data_model.engine import open_session
from data_model.money import Fund, Transaction
from data_model.registry import CountryFact, Participation
from tests.factories import make_claim, make_initiative, make_organisation, make_source
from tests.pages.conftest import texts

BENCHMARK = {"unit": "percent_of_gdp", "figure": "other"}


@pytest.fixture
def paid(engine, country):
    """A fund that committed and paid out, in part to somebody who is not known; and a fund of unknown size."""
    with open_session(engine, write=True) as session:
        source = make_source(session, "S7", grade="B")
        school = make_organisation(session, "centre", name="The Centre")
        bank = make_organisation(session, "bank", name="The National Bank")
        real = make_initiative(session, source, "kz-ai-fund", kind="fund", name="The AI Fund")
        session.add(Participation(initiative_id=real.id, organisation_id=bank.id, role="funder", source_id=source.id))
        session.add(Fund(key="kz-ai-fund", name="The AI Fund", country="KZ", initiative_id=real.id,
                         source_id=source.id))  # fmt: skip
        make_claim(session, real, source, "b-spending", value=Decimal(4), value_high=Decimal(6), qualifier="range",
                   kind="money", population="leading countries", **BENCHMARK)  # fmt: skip
        make_claim(session, real, source, "b-growth", value=Decimal("1.5"), qualifier="at_most", kind="effect",
                   population="extra growth", **BENCHMARK)  # fmt: skip
        make_claim(session, real, source, "b-multiplier", value=Decimal(5), qualifier="exact", kind="effect",
                   population="return", unit="ratio", figure="other")  # fmt: skip
        session.add(CountryFact(country="KZ", fact="gdp_usd", value=Decimal(200_000_000_000), qualifier="about",
                                year=2023, source_id=source.id))  # fmt: skip
        fund = Fund(key="small", name="The Small Fund", country="KZ", capital=Decimal(90_000), currency="KZT")
        session.add(fund)
        session.flush()
        for kind, amount, recipient in (
            ("commitment", 60_000, school.id), ("commitment", 30_000, None), ("disbursement", 45_000, school.id),
        ):  # fmt: skip
            session.add(Transaction(
                fund_id=fund.id, initiative_id=country.initiative.id, kind=kind, amount=Decimal(amount),
                currency="KZT", happened_on=date(2026, 9, 5), to_organisation_id=recipient,
            ))  # fmt: skip
        session.commit()
    return country


def table_with(app, heading):
    return next(frame.value for frame in app.dataframe if heading in frame.value.columns)


@pytest.mark.usefixtures("paid")
def test_money_is_public_and_who_received_it_stays_unknown_where_it_is(open_page):
    app = open_page("money", flows_as="table", planned_as="table")
    rows = table_with(app, "Recipient")
    assert rows[["Recipient", "Amount"]].to_numpy().tolist() == [
        ["The Centre", "60,000\xa0KZT"], ["not known", "30,000\xa0KZT"],
    ]  # fmt: skip
    assert table_with(app, "Date")[["Date", "Payee"]].to_numpy().tolist() == [
        ["5 Sep 2026", "The Centre"],
        ["5 Sep 2026", ""],
    ]
    assert table_with(app, "Disbursed in all")["Disbursed in all"].to_list() == ["45,000\xa0KZT"]


@pytest.mark.usefixtures("paid")
def test_an_earlier_moment_shows_what_had_been_paid_by_then(open_page):
    said = texts(open_page("money", as_of="2026-09-04T00:00:00Z"))
    assert "Payments up to 4 Sep 2026" in said and "No payment of a fund in this country is known." in said


@pytest.mark.usefixtures("paid")
def test_a_cost_stands_with_what_it_rests_on_and_is_not_made_up_for_the_public(open_page):
    rows = table_with(open_page("money", "analyst", view="cost", cost_as="table"), "Cost").set_index("What")
    assert rows.loc["One active teacher", "Cost"] == "600.00\xa0KZT"  # 45,000 by 75
    assert rows.loc["One active teacher", "Base"] == "5 of 6 schools"
    assert rows.loc["One active teacher", "Prices of"] == "2026"
    assert "there is nothing to divide by" in texts(open_page("money", view="cost"))


@pytest.mark.usefixtures("paid")
def test_a_cost_of_which_a_side_is_missing_says_why(open_page):
    rows = table_with(open_page("money", "analyst", view="cost", cost_as="table", paid="expenditure"), "Cost")
    assert set(rows["Cost"]) == {"no amount is known"} and set(rows["Money in all"]) == {"not known"}


@pytest.mark.usefixtures("paid")
def test_the_ai_fund_has_a_source_of_capital_and_no_size(open_page):
    said = texts(open_page("money", fund="kz-ai-fund"))
    assert "Size: **not known**" in said
    assert "Capital comes from: The National Bank" in said
    assert "How large it is: no source states its size." in said and "No payments are known." in said
    capital, benchmarks = said.split("Said of others when it was announced")
    assert "% of GDP" not in capital.split("Capital")[1].split("Portfolio")[0], "a benchmark is no size"
    assert "None of them is the fund's size, its budget or its result." in benchmarks


@pytest.mark.usefixtures("paid")
def test_funds_lead_to_their_pages_and_an_unknown_one_is_said(open_page):
    app = open_page("money", view="funds")
    app.button(key="open-small").click().run()
    assert app.query_params["fund"] == "small"
    assert "Size: **90,000\xa0KZT**" in texts(app)
    assert r"There is no fund “\<b\>”" in texts(open_page("money", fund="<b>"))


@pytest.mark.usefixtures("paid")
def test_the_case_is_a_scenario_that_moves_with_its_address(open_page):
    app = open_page("money", view="case")
    said = texts(app)
    assert "Nothing in it is measured, nothing is a forecast" in said
    assert "Spent: 10B USD in 3 years, 5.0% of the GDP of 2023 (200B USD)." in said
    assert "At the least return: what was spent has not come back within 20 years." in said
    assert "**4 to 6 % of GDP**: leading countries" in said and "(grade B)" in said
    app = open_page("money", view="case", spend="2", growth="0.5~1")
    assert "Spent: 4B USD in 3 years" in texts(app)
    assert app.slider(key="choice_growth").value == (0.5, 1.0)
    app.slider(key="choice_spend").set_value(3.0).run()
    assert app.query_params["spend"] == "3" and app.query_params["growth"] == "0.5~1"
    assert "which is not there. Shown instead: 5." in texts(open_page("money", view="case", spend="99"))


@pytest.mark.usefixtures("country")
def test_without_a_fund_nothing_is_made_up(open_page):
    assert "No fund is known." in texts(open_page("money"))
