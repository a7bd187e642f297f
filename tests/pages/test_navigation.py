"""The bar above every page: languages, signing in, and the demonstration's mark."""

import pytest
from sqlmodel import select

from data_model.engine import open_session
from data_model.people import Account
from data_model.places import School
from tests.factories import make_account, make_country, make_grant
from tests.pages.conftest import go, texts
from ui import answers
from ui.navigation import ENTRIES

EVERY_PAGE = [entry.name for entry in ENTRIES]


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(("language", "title"), [("en", "Overview"), ("ru", "Обзор"), ("kk", "Шолу")])
def test_the_address_chooses_the_language(open_page, language, title):
    app = open_page("overview", "analyst", lang=language)
    assert app.title[0].value == title


@pytest.mark.usefixtures("country")
def test_the_account_chooses_it_where_the_address_does_not(open_page, engine):
    with open_session(engine, write=True) as session:
        session.exec(select(Account).where(Account.email == "analyst@example.org")).one().language = "kk"
        session.commit()
    assert open_page("overview", "analyst").title[0].value == "Шолу"


@pytest.mark.usefixtures("country")
def test_choosing_a_language_writes_it_into_the_address(open_page):
    app = open_page("overview", "analyst")
    go(app, lang="ru")
    assert app.title[0].value == "Обзор"


@pytest.mark.usefixtures("country")
def test_one_signs_in_by_a_link_and_out_by_a_form(open_page):
    visitor = "".join(element.proto.body for element in open_page("overview").get("html"))
    assert 'href="/account/login?' in visitor and "logout" not in visitor
    person = "".join(element.proto.body for element in open_page("overview", "analyst").get("html"))
    assert 'method="post" action="/account/logout?' in person and "/account/login" not in person


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("page", EVERY_PAGE)
def test_demonstration_data_says_so_on_every_page(open_page, engine, page):
    assert "Demonstration data" not in texts(open_page(page, "administrator"))
    with open_session(engine, write=True) as session:
        session.add(School(country="KZ", code="900000", demonstration=True))
        session.commit()
    answers.forget()  # whether there is a demonstration is asked again after a minute
    assert "Demonstration data." in texts(open_page(page, "administrator"))


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_an_empty_database_breaks_no_page(open_page, page):
    open_page(page)


@pytest.mark.parametrize("page", ["overview", "upload", "periods"])
def test_an_administrator_of_an_instance_without_schools_is_told_the_steps_to_the_first_file(open_page, engine, page):
    with open_session(engine, write=True) as session:
        make_country(session)
        for role in ("administrator", "analyst"):
            make_grant(session, make_account(session, f"{role}@example.org"), role)
        session.commit()
    assert "What it takes to get to the first figures" in texts(open_page(page, "administrator"))
    assert "What it takes to get to the first figures" not in texts(open_page(page, "analyst"))
