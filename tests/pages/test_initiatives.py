"""Initiatives: what was announced, with its source; what is unknown stays unknown."""

from decimal import Decimal

import pytest

from data_model.engine import open_session
from data_model.money import Fund
from tests.factories import make_claim, make_initiative, make_source
from tests.pages.conftest import texts


@pytest.mark.usefixtures("country")
def test_the_catalogue_is_open_to_everyone(open_page):
    app = open_page("initiatives")
    assert "1 initiative" in texts(app)
    app.button(key="open-kz-chatgpt-edu").click().run()
    assert app.query_params["initiative"] == "kz-chatgpt-edu"


@pytest.mark.usefixtures("country")
def test_a_claim_stands_with_its_hedge_source_grade_and_note(open_page):
    said = texts(open_page("initiatives", initiative="kz-chatgpt-edu"))
    assert "**at least 84,000 teachers**" in said
    assert "[A page](<https://example.org/page>)" in said
    assert "(grade C)" in said
    assert "Ends on: **not known**" in said
    assert r"Said \*once\*." in said, "a note is shown as it was written"


@pytest.mark.usefixtures("country")
def test_an_unknown_size_of_a_fund_is_said_and_no_zero(open_page, engine):
    with open_session(engine, write=True) as session:
        initiative = make_initiative(session, make_source(session, "S9"), "kz-fund", kind="fund", name="The Fund")
        session.add(Fund(key="fund", name="The Fund", country="KZ", initiative_id=initiative.id))
        session.commit()
    said = texts(open_page("initiatives", initiative="kz-fund"))
    assert "size: **not known**" in said
    assert "No payments are known." in said


@pytest.mark.usefixtures("country")
def test_a_note_names_other_sources_by_their_publishers(open_page, country, engine):
    with open_session(engine, write=True) as session:
        source = make_source(session, "KZ3", publisher="The Mainstream")
        make_claim(session, session.merge(country.initiative), source, "few", note="Not that of KZ3, KZ99.")
        session.commit()
    assert "Not that of The Mainstream, KZ99." in texts(open_page("initiatives", initiative="kz-chatgpt-edu"))


def test_an_unknown_initiative_leads_to_the_catalogue(open_page):
    said = texts(open_page("initiatives", initiative="<script>"))
    assert "There is no initiative" in said and r"\<script\>" in said


@pytest.mark.usefixtures("country")
def test_a_claim_stands_beside_what_is_measured_of_the_same_definition(open_page):
    said = texts(open_page("initiatives", "analyst", initiative="kz-chatgpt-edu"))
    assert "Measured, October 2026: **75 (5 of 6 schools)**" in said
    public = texts(open_page("initiatives", initiative="kz-chatgpt-edu"))
    assert "Measured: **Not released**" in public and "75" not in public


def test_claims_that_contradict_each_other_name_each_other_and_are_not_added(open_page, country, engine):
    with open_session(engine, write=True) as session:
        for key, value, source, note in (
            ("few", 165_000, "KZ3", ""), ("many", 200_000, "KZ4", "Conflicts with 165,000 in KZ3."),
        ):  # fmt: skip
            make_claim(session, session.merge(country.initiative), make_source(session, source, publisher=source), key,
                       value=Decimal(value), figure="teachers_targeted", qualifier="exact", note=note)  # fmt: skip
        session.commit()
    said = texts(open_page("initiatives", initiative="kz-chatgpt-edu"))
    assert "Contradicted by: 200,000 teachers (KZ4, grade A)." in said
    assert "Contradicted by: 165,000 teachers (KZ3, grade A)." in said
    assert "365,000" not in said and "Nothing of this definition is measured." in said
