"""The head of a page: what who shows a link to it, and runs no script, is told of it."""

import importlib.util
import re
from html import unescape
from pathlib import Path

import pytest

from access import settings
from access.web.headers import SecurityHeaders, inline_script_hashes
from data_model.engine import open_session
from data_model.settings import InstanceSetting
from publishing.addresses import FigureKey, of_figure
from publishing.web.page_head import ABOUT, PageHead
from tests.access.web.asgi import HOST, Client
from tests.factories import START
from ui.navigation import ENTRIES

KEY = FigureKey("kz-chatgpt-edu", "teacher_activation", "KZ", "2026-09")
FIGURE = "/adoption?initiative=kz-chatgpt-edu&measure=teacher_activation&area=KZ&period=2026-09&release=3"
WITHHELD = FIGURE.replace("teacher_activation", "teachers_active").replace("area=KZ", "area=KZ-10")
INDEX = Path(str(importlib.util.find_spec("streamlit").origin)).parent / "static" / "index.html"
HOSTILE = 'Uptake "><script>alert(1)</script>'


async def streamlit(scope, receive, send):
    """Answer with the page that the installed Streamlit has for every address, or a file."""
    page = not scope["path"].startswith("/static/")
    kind = b"text/html; charset=utf-8" if page else b"text/javascript"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", kind), (b"etag", b'"x"')]})
    body = INDEX.read_bytes() if page else b"<title>Streamlit</title>"
    await send({"type": "http.response.body", "body": body[:50], "more_body": True})
    await send({"type": "http.response.body", "body": body[50:]})


@pytest.fixture(scope="module")
def client(filled):
    """A client of the pages, with what gives them their heads."""
    return Client(SecurityHeaders(PageHead(streamlit, filled, looks_every=0.0), page=INDEX, hosts=[HOST]))


def head_of(answer):
    """Return what a page's head says: its tags by name, its title, address and language."""
    assert answer.status == 200 and answer.header("content-length") == str(len(answer.body))
    tags = {name: unescape(text) for name, text in re.findall(r'<meta \w+="([^"]*)" content="([^"]*)">', answer.text)}
    (title,) = re.findall(r"<title>(.*?)</title>", answer.text)
    (language,) = re.findall(r'<html lang="(.*?)"', answer.text)
    canonical = re.findall(r'<link rel="canonical" href="(.*?)">', answer.text)
    return tags | {"title": unescape(title), "language": language, "canonical": unescape("".join(canonical))}


def test_a_released_figure_is_told_with_value_base_release_address_and_picture(client):
    head = head_of(client.get(FIGURE + "&lang=en"))
    assert head["title"] == "Teacher activation, Kazakhstan, September 2026 · Uptake"
    for said in ("Teacher activation: ", "4 of 6 schools", "Release 3, 2 Nov 2026"):
        assert said in head["og:description"] and said in head["description"]
    permanent = settings.address() + of_figure(3, KEY)
    assert head["canonical"] == head["og:url"] == f"{permanent}?lang=en"
    assert head["og:image"] == head["twitter:image"] == f"{permanent}/preview.png?lang=en"
    assert head["twitter:card"] == "summary_large_image" and head["og:locale"] == "en_GB" and head["og:image:alt"]


def test_a_withheld_figure_tells_no_number(client):
    head = head_of(client.get(WITHHELD + "&lang=en"))
    assert head["og:description"].startswith("Teachers active: withheld · Release 3")


@pytest.mark.parametrize("name", ABOUT)
def test_every_page_has_a_title_a_sentence_and_an_address_in_each_language(client, name):
    for language in ("en", "ru", "kk"):
        answer = client.get(f"/{name}?lang={language}", accept_language="fr")
        head = head_of(answer)
        assert head["language"] == language and head["og:title"] and len(head["description"]) > 30
        assert head["canonical"] == f"{settings.address()}/{name}?lang={language}"
        assert len(re.findall('rel="alternate" hreflang', answer.text)) == 3 and "Streamlit</title>" not in answer.text


def test_every_page_for_visitors_has_its_head_and_no_other():
    assert set(ABOUT) == {entry.name for entry in ENTRIES if entry.action is None}
    assert {entry.title for entry in ENTRIES if entry.action is None and entry.name != "start"} == {
        title for name, (title, _sentence) in ABOUT.items() if name != "start"
    }


def test_pages_behind_the_door_are_told_to_nobody(client):
    for address in ("/upload", "/review", "/administration", "/nothing-of-ours"):
        answer = client.get(address)
        head = head_of(answer)
        assert head["robots"] == "noindex" and "og:title" not in head and not head["canonical"]


def test_the_language_is_that_of_the_address_else_of_the_browser(client):
    assert head_of(client.get("/", accept_language="ru-RU, en;q=0.5"))["language"] == "ru"
    assert head_of(client.get("/?lang=kk", accept_language="ru"))["language"] == "kk"
    assert client.get("/").header("vary") == "Accept-Language"


def test_an_earlier_release_and_a_definition_have_addresses_of_their_own(client):
    assert head_of(client.get("/start?release=2"))["canonical"].startswith(f"{settings.address()}/r/2?")
    assert head_of(client.get("/overview?release=2"))["canonical"].startswith(f"{settings.address()}/r/2/overview?")
    head = head_of(client.get("/definitions?measure=teachers_active"))
    assert head["og:title"] == "Teachers active" and "measure=teachers_active" in head["canonical"]


@pytest.mark.parametrize(
    "query",
    ["release=9", "release=1", "release=99999999999", "release=x%00",
     "initiative=%3Cscript%3E&measure=a&area=b&release=3",
     "measure=%22%3E%3Cscript%3E", "lang=%22%3E", "release=3&initiative=kz-chatgpt-edu&measure=none&area=KZ&period=0"],
)  # fmt: skip
@pytest.mark.parametrize("page", ["start", "adoption", "definitions"])
def test_whatever_an_address_asks_for_the_page_comes_and_nothing_of_it_runs(client, page, query):
    answer = client.get(f"/{page}?{query}")
    assert head_of(answer)["og:title"] and answer.text.count("<script") == INDEX.read_text().count("<script")


def test_texts_of_the_instance_stay_texts_and_no_script_of_the_page_changes(filled, client, tmp_path):
    with open_session(filled, write=True) as session:
        session.add(InstanceSetting(key="instance_name", value=HOSTILE, set_by=1, recorded_at=START))
        session.commit()
    answer = client.get("/start")
    assert head_of(answer)["og:site_name"] == HOSTILE and "<script>alert" not in answer.text
    (tmp_path / "page.html").write_bytes(answer.body)
    assert inline_script_hashes(tmp_path / "page.html") == inline_script_hashes(INDEX)


def test_what_is_no_page_goes_through_untouched(client):
    assert client.get("/static/a.js").body == b"<title>Streamlit</title>"
    head = client.ask("HEAD", "/start", {})
    assert head.body == b"" and head.header("content-length") == client.get("/start").header("content-length")


def test_a_page_brings_our_style_and_script_at_the_end_of_its_body(filled):
    brought = '<link rel="stylesheet" href="/ours.css"><script type="module" src="/ours.js"></script>'
    head = PageHead(streamlit, filled, looks_every=0.0, brought=brought)
    answer = Client(SecurityHeaders(head, page=INDEX, hosts=[HOST])).get("/adoption")
    assert answer.text.count(brought) == 1 and answer.text.rstrip().endswith(f"{brought}</body>\n</html>")
    assert answer.header("content-length") == str(len(answer.body))
