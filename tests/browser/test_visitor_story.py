"""A visitor reads, cites, takes and embeds what was released; nothing that is not public ever reaches their browser."""

import json
import re
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.server import Uptake

# The last month of the demonstration has been reported, and not been released.
INITIATIVE, MEASURE, UNRELEASED = "kz-chatgpt-edu", "teacher_activation", "2026-10"


def test_a_visitor_reads_cites_takes_and_embeds_a_released_figure(uptake: Uptake, window: Window) -> None:
    page = window()
    received = _received(page)
    page.goto("/")
    expect(page).to_have_title("Start · Uptake")
    card = page.locator(f".st-key-card-start-{MEASURE}")
    value = card.locator("[data-testid=stMetricValue]").inner_text()

    # Cited: an address that stays, and a file for a reference manager.
    card.get_by_role("button", name="Cite or embed").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Permanent address", exact=True)).to_be_visible()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="BibTeX").click()
    told = download.value.path().read_text(encoding="utf-8")
    (address,) = re.findall(r"url = \{(.*)\}", told)
    copied = dialog.locator("code").first.inner_text()
    assert address in copied and "release 2" in copied
    snippet = dialog.locator("code", has_text="<iframe").inner_text()

    # Its address opens the figure as it was released, with the way to its definition.
    page.goto(urlsplit(address).path)
    expect(page.get_by_text("They stay as they are.")).to_be_visible()
    assert "release=2" in page.url and f"measure={MEASURE}" in page.url
    expect(page.get_by_text(value).first).to_be_visible()
    page.goto(f"/definitions?measure={MEASURE}")
    expect(page.get_by_text("Worded so since")).to_be_visible()

    # The data: one package of the whole release.
    page.goto("/releases")
    with page.expect_download() as download:
        page.get_by_role("link", name="Data package").first.click()
    with zipfile.ZipFile(download.value.path()) as package:
        taken = b"".join(map(package.read, package.namelist()))

    _stands_elsewhere(uptake, window(), snippet, value)
    _holds_nothing_that_is_not_public(uptake, b"".join([*received, taken]), value)


def _stands_elsewhere(uptake: Uptake, page: Page, snippet: str, value: str) -> None:
    """Hold that a page of another site shows the chart with the same figure, and cannot show the app."""
    with _another_site(f'{snippet}<iframe id="app" src="{uptake.address}/start"></iframe>') as elsewhere:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(elsewhere)
        chart = page.frame_locator("iframe").first
        expect(chart.locator(".value")).to_contain_text(value)
        expect(chart.locator("svg:visible")).to_have_count(1)
        expect(page.frame_locator("#app").get_by_test_id("stApp")).to_have_count(0)


def _holds_nothing_that_is_not_public(uptake: Uptake, received: bytes, value: str) -> None:
    """Hold what came over the wire against what is held: it shows the figure, and no file, person or live figure."""
    assert value.encode() in received and MEASURE.encode() in received, "nothing was heard"
    with closing(sqlite3.connect(uptake.database)) as held:
        files = [name for (name,) in held.execute("select distinct file_name from submission")]
        people = [told for row in held.execute("select email, name from account") for told in row if told]
    words = ("figure", "--initiative", INITIATIVE, "--measure", "messages_sent", "--period", UNRELEASED, "--json")
    live = json.loads(uptake.command("analytics", *words))["value"]
    assert files and people and live >= 1_000, "a shorter number might stand there by chance"
    for secret in (*files, *people, f"{live:,.0f}"):
        assert secret.encode() not in received, secret


def _received(page: Page) -> list[bytes]:
    """Return the list in which everything gathers that the server tells this page once it runs."""
    heard: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        heard.append(frame.encode() if isinstance(frame, str) else frame)

    page.on("websocket", lambda socket: socket.on("framereceived", keep))
    return heard


@contextmanager
def _another_site(content: str) -> Iterator[str]:
    """Yield the address of a server that is not ours and has this one page."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!DOCTYPE html><title>Elsewhere</title>{content}".encode())

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
