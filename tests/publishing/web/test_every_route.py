"""What every open route does whatever it answers: HEAD, CORS, conditional GET, and no parameter that nobody knows."""

import json
import re
from pathlib import Path

import pytest

from access.web.headers import SecurityHeaders
from publishing.addresses import FigureKey, embedded
from publishing.web import openapi
from publishing.web.answers import METHODS
from publishing.web.api import Api
from publishing.web.limits import RateLimit
from publishing.web.site import PublicSite, Site
from tests.access.web.asgi import HOST, Client

API = {path.replace("{number}", "2"): path for path in openapi.document()["paths"]}
EMBEDDED = embedded(3, FigureKey("kz-chatgpt-edu", "teacher_activation", "KZ", "2026-09"), {})
EVERY = (*API, EMBEDDED, "/robots.txt", "/sitemap.xml")
ELSEWHERE = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}


@pytest.fixture(scope="module")
def client(filled):
    """A client of all open routes, with the security headers around them."""
    limit = RateLimit(0)
    site = PublicSite(Api(filled, limit, looks_every=1e9), Site(filled, limit, looks_every=1e9))
    return Client(SecurityHeaders(site, page=Path(__file__), hosts=[HOST]))


@pytest.mark.parametrize("address", EVERY)
def test_head_says_what_get_says_without_the_body(client, address):
    whole, head = client.get(address), client.ask("HEAD", address, {})
    assert whole.status == head.status == 200 and whole.body and head.body == b""
    assert head.headers == whole.headers and head.header("content-length") == str(len(whole.body))


@pytest.mark.parametrize("address", EVERY)
def test_who_has_it_already_is_told_so_in_no_bytes(client, address):
    first = client.get(address)
    etag = first.header("etag")
    assert etag.startswith('"') and first.header("cache-control") == "public, max-age=60"
    for named in (etag, f'"other", W/{etag}', "*"):
        again = client.get(address, if_none_match=named)
        assert (again.status, again.body, again.header("etag")) == (304, b"", etag), named
        assert again.header("cache-control") and again.header("vary") == first.header("vary")
    assert client.get(address, if_none_match='"other"').body == first.body
    assert client.ask("HEAD", address, {"if-none-match": etag}).status == 304
    packed = client.get(address, accept_encoding="gzip")
    assert (packed.header("etag") == etag) == (not packed.header("content-encoding"))


@pytest.mark.parametrize("address", API)
def test_pages_elsewhere_may_read_every_table_and_file(client, address):
    asked = client.ask("OPTIONS", address, ELSEWHERE)
    assert asked.status == 204 and asked.body == b"" and asked.header("allow") == METHODS
    assert asked.header("access-control-allow-methods") == "GET, HEAD"
    for answer in (asked, client.get(address, origin=ELSEWHERE["origin"]), client.get(f"{address}?x=1")):
        assert answer.header("access-control-allow-origin") == "*" and not answer.cookies
        assert "access-control-allow-credentials" not in dict(answer.headers)


@pytest.mark.parametrize("address", API)
def test_a_parameter_that_nobody_knows_is_refused_by_name(client, address):
    told = openapi.document()["paths"][API[address]]["get"]
    allowed = [one["name"] for one in told["parameters"] if one["in"] == "query"]
    for misspelt in ("mesure=teachers_active", "RELEASE=2", "limit%20=1", "%00=1", "mesure="):
        answer = client.get(f"{address}?{misspelt}")
        said = json.loads(answer.text)
        assert (answer.status, said["status"], said["code"]) == (400, 400, "parameter_unknown"), misspelt
        assert misspelt.partition("=")[0].replace("%20", " ").replace("%00", "?") in said["detail"]
        assert all(name in said["detail"] for name in allowed or ["none"])
    assert "400" in told["responses"], "the description tells of it"


def test_the_next_page_comes_in_the_form_of_the_first(client):
    for address, form in (("/api/v1/figures.csv", "text/csv"), ("/api/v1/schools.json", "application/json")):
        (way,) = re.findall(r'<([^>]*)>; rel="next"', client.get(f"{address}?limit=2&release=2").header("link"))
        answer = client.get(way, accept="text/csv;q=0.5, */*")
        assert answer.status == 200 and answer.header("content-type").startswith(form), way


def test_what_is_known_beside_what_is_not_does_not_pass(client):
    answer = client.get("/api/v1/figures?measure=teachers_active&area=KZ&regoin=KZ-75")
    assert answer.status == 400 and "regoin" in answer.text and "teachers_active" not in answer.text
