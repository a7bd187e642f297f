"""Addresses of pages that name a withdrawn release: 410 with the day and the reason; all others go on to the pages."""

from pathlib import Path

import pytest

from access.web.headers import SecurityHeaders
from publishing.web.withdrawn import WithdrawnPages
from tests.access.web.asgi import HOST, Client
from tests.publishing.web.conftest import REASON
from tests.publishing.web.test_site import pages


@pytest.fixture(scope="module")
def client(filled):
    """A client of the pages, with what stands before them."""
    return Client(SecurityHeaders(WithdrawnPages(pages, filled), page=Path(__file__), hosts=[HOST]))


@pytest.mark.parametrize("address", ["/?release=1", "/overview?area=KZ&release=1", "/money?release=2&release=1"])
def test_a_page_of_a_withdrawn_release_is_gone_with_day_and_reason(client, address):
    answer = client.get(address)
    assert answer.status == 410 and REASON in answer.text and "2026-11-02" in answer.text


@pytest.mark.parametrize(
    "address",
    ["/", "/?release=2", "/overview?release=9", "/?release=one", "/?release=", "/?release=1%00",
     "/static/a.js?release=1",
     "/_stcore/health?release=1", "/?prerelease=1", "/?release=99999999999999999999"],
)  # fmt: skip
def test_any_other_address_goes_on_to_the_pages(client, address):
    assert client.get(address).status == 200
