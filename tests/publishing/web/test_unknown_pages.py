"""Addresses that name no page: 404 in the reader's language; all that is there goes on to the pages."""

from pathlib import Path

import pytest

from access.web.headers import SecurityHeaders
from publishing.web.unknown_pages import UnknownPages
from tests.access.web.asgi import HOST, Client
from tests.publishing.web.test_site import pages

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def client():
    """A client of the pages, with what stands before them."""
    known = UnknownPages(pages, known=("overview", "health"))
    return Client(SecurityHeaders(known, page=Path(__file__), hosts=[HOST]))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There is no such page"), ("ru", "<html lang=\"ru\""), ("kk", "<html lang=\"kk\"")]
)  # fmt: skip
def test_an_address_that_names_no_page_is_not_found_and_says_so_in_the_readers_language(client, language, said):
    answer = client.get(f"/overvieww?lang={language}", **BROWSER)
    assert answer.status == 404 and said in answer.text
    assert f'href="/?lang={language}"' in answer.text


@pytest.mark.parametrize("address", ["/", "/overview", "/overview?lang=ru", "/health", "/static/a.js", "/index.js"])
def test_what_is_there_goes_on_to_the_pages(client, address):
    assert client.get(address, **BROWSER).status == 200


def test_a_program_that_asks_for_no_page_goes_on(client):
    assert client.get("/overvieww", accept="*/*").status == 200
