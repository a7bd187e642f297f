"""Permanent addresses and charts to embed: where they lead, how long they hold, and where they may stand."""

import json
import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import sqlalchemy as sa

from access import settings
from access.web.headers import SecurityHeaders
from publishing.addresses import FigureKey, embedded, of_figure, of_view, preview_of
from publishing.citing import Citation
from publishing.web import card
from publishing.web.limits import RateLimit
from publishing.web.site import PublicSite, Site
from tests.access.web.asgi import HOST, Client
from tests.factories import START
from tests.publishing.web.conftest import REASON
from tests.publishing.web.test_api import PUBLIC_TABLES

KEY = FigureKey("kz-chatgpt-edu", "teacher_activation", "KZ", "2026-09")
NAMED = "initiative=kz-chatgpt-edu&measure=teacher_activation&area=KZ&period=2026-09"
WITHHELD = FigureKey("kz-chatgpt-edu", "teachers_active", "KZ-10", "2026-09")


async def pages(scope, receive, send):
    """Stand in the pages' place."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a page"})


@pytest.fixture(scope="module")
def client(filled):
    """A client of the routes, with the pages behind them and the security headers around them."""
    site = PublicSite(pages, Site(filled, RateLimit(0), looks_every=0.0))
    return Client(SecurityHeaders(site, page=Path(__file__), hosts=[HOST]))


def test_a_permanent_address_leads_to_exactly_that_view_of_its_release(client):
    for address, page in (
        ("/r/3", "/start?release=3"),
        (of_figure(3, KEY), f"/adoption?{NAMED}&release=3"),
        (of_figure(3, KEY) + "?lang=kk&from=2026-08&release=2&measure=x", f"{NAMED}&release=3&lang=kk&from=2026-08"),
        (of_view(3, "compare", {"of": "areas", "release": "2", "as_of": "now"}), "/compare?of=areas&release=3"),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status == 302 and answer.header("location").endswith(page), address
        assert answer.header("location").startswith("/") and not answer.header("location").startswith("//")


@pytest.mark.parametrize("address", ["/r/1", of_figure(1, KEY), "/r/1/overview?area=KZ", embedded(1, KEY, {})])
def test_of_a_withdrawn_release_it_answers_gone_with_day_and_reason(client, address):
    answer = client.get(address)
    assert answer.status == 410 and REASON in answer.text and "2026-11-02" in answer.text
    assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize(
    "address",
    [
        "/r/9", "/r/0", "/r/3x", "/r/99999999999", "/r/3/upload", "/r/3/figures/a/b/c/d", "/r/4294967296", "/r",
        "/embed/", f"/embed/3/{KEY.path.replace('KZ', 'KZ-75-01')}", f"/embed/3/{KEY.path.replace('2026', '2030')}",
        "/r/3//elsewhere.example", "/r/3/overview/../upload", f"/embed/3/{WITHHELD.path}?chart=areas",
    ],
)  # fmt: skip
def test_what_never_was_is_not_found(client, address):
    answer = client.get(address)
    assert answer.status == 404 and "<h1>" in answer.text and "cookie" not in str(answer.headers)


def test_a_chart_says_what_it_is_what_it_rests_on_and_where_it_stands_for_good(client):
    answer = client.get(embedded(3, KEY, {"lang": "en"}))
    assert answer.status == 200 and answer.header("content-type") == "text/html; charset=utf-8"
    for said in (
        "<title>Teacher activation, Kazakhstan, September 2026", "4 of 6 schools", "release 3 of 2 Nov 2026",
        "Creative Commons Attribution 4.0", 'href="/r/3/figures/kz-chatgpt-edu/teacher_activation/KZ/2026-09?lang=en"',
    ):  # fmt: skip
        assert said in answer.text, said
    assert answer.text.count('<svg class="') == 3 and answer.text.count('role="img" aria-label="') == 3
    by_area = client.get(embedded(None, KEY, {"chart": "areas", "theme": "dark", "lang": "ru"}))
    assert '<html lang="ru" class="dark">' in by_area.text and by_area.header("etag").startswith('"r3-')


def test_a_chart_may_be_framed_anywhere_and_runs_and_loads_nothing(client):
    answer = client.get(embedded(3, KEY, {}))
    policy = answer.header("content-security-policy")
    assert policy.startswith("default-src 'none'") and policy.endswith("frame-ancestors *")
    assert not answer.header("x-frame-options") and not answer.cookies
    assert not re.search(r"<script|javascript:|\son\w+=|<img|@import|url\(", answer.text)
    assert set(re.findall(r'<link rel="(\w+)"', answer.text)) == {"canonical", "alternate"}, "they load nothing"
    for elsewhere in ("/overview", "/r/3", "/r/9", "/robots.txt"):
        other = client.get(elsewhere)
        assert other.header("x-frame-options") == "DENY", elsewhere
        assert "frame-ancestors *" not in other.header("content-security-policy"), elsewhere


def test_a_withheld_figure_says_so_and_tells_no_number(client):
    answer = client.get(embedded(3, WITHHELD, {"lang": "en"}))
    (value,) = re.findall(r'<p class="value">(.*?)</p>', answer.text)
    assert value == "withheld" and "This is not zero." in answer.text and "Base:" not in answer.text


def test_what_did_not_change_is_not_sent_again_and_a_misspelt_parameter_is_refused(client):
    address = embedded(3, KEY, {"theme": "light"})
    first = client.get(address)
    assert first.header("cache-control") == "public, max-age=60"
    again = client.get(address, **{"if-none-match": first.header("etag")})
    assert again.status == 304 and again.text == ""
    assert client.get(embedded(3, KEY, {"tehme": "light"})).status == 400
    assert client.post(address).status == 405


def test_no_live_table_is_touched(filled, client):
    statements = []
    sa.event.listen(filled, "before_cursor_execute", lambda *all_: statements.append(all_[2]))
    for address in (of_figure(2, KEY), embedded(2, KEY, {"chart": "areas", "lang": "kk"}), "/sitemap.xml", "/r/2"):
        assert client.get(address).status in (200, 302)
    asked = {table for one in statements for table in re.findall(r"(?:FROM|JOIN)\s+\"?(\w+)", one)}
    assert asked <= PUBLIC_TABLES and "released_figure" in asked


def test_crawlers_are_told_of_what_is_for_everyone(client):
    assert "Disallow: /upload" in client.get("/robots.txt").text
    found = ElementTree.fromstring(client.get("/sitemap.xml").text)
    named = [one.text or "" for one in found.iter() if one.tag.endswith("loc")]
    assert named and not any("upload" in one or "review" in one for one in named)
    ways = [one.removeprefix(settings.address()) for one in named]
    assert {"/start", "/method", "/definitions?measure=teachers_active", "/r/3", of_figure(3, KEY)} <= set(ways)
    assert "/r/1" not in ways, "it was withdrawn"
    assert of_figure(3, WITHHELD) not in ways and len(set(ways)) == len(ways)
    for way in ways:
        assert client.get(way).status in (200, 302), way


def test_the_picture_beside_a_link_is_a_small_image_of_the_released_figure(client):
    answer = client.get(preview_of(3, KEY) + "?lang=kk")
    assert answer.status == 200 and answer.header("content-type") == "image/png"
    assert struct.unpack(">II", answer.body[16:24]) == (card.WIDTH, card.HEIGHT) and len(answer.body) < 300_000
    assert answer.header("cross-origin-resource-policy") == "cross-origin" and answer.header("etag").startswith('"r3-')
    assert client.get(preview_of(2, KEY) + "?lang=kk").body != answer.body
    assert client.get(preview_of(1, KEY)).status == 410 and client.get(preview_of(9, KEY)).status == 404


def test_a_citation_says_the_same_in_every_format():
    made = Citation(
        title="Teachers & “50 % active”_", instance="Uptake KZ", author="Ministry {of} Education", release=3,
        released_on=START.date(), address="https://uptake.example/r/3", seen_on=START.date(), licence="CC-BY-4.0",
    )  # fmt: skip
    assert made.text() == (
        "Ministry {of} Education (2026): Teachers & “50 % active”_. Uptake KZ, release 3 of 2 Nov 2026. "
        "https://uptake.example/r/3 (seen 2 Nov 2026)."
    )
    assert (
        r"title = {{Teachers \& “50 \% active”\_}}," in made.bibtex() and r"Ministry \{of\} Education" in made.bibtex()
    )
    assert "UR  - https://uptake.example/r/3\r\n" in made.ris() and made.ris().endswith("ER  - \r\n")
    (told,) = json.loads(made.csl())
    assert told["URL"] == made.address and told["issued"] == {"date-parts": [[2026, 11, 2]]}
    invented = Citation(**{**made.__dict__, "demonstration": True, "author": ""})
    for text in (invented.text(), invented.bibtex(), invented.ris(), invented.csl()):
        assert "invented, not measured" in text and "Uptake KZ" in text
