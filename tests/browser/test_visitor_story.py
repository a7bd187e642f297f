"""A visitor reads, cites, takes and embeds what was released; nothing that is not public ever reaches their browser."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser import legible, not_public
from tests.browser.conftest import Window
from tests.browser.server import Uptake

MEASURE = "teacher_activation"


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
    taken = download.value.path().read_bytes()

    _stands_elsewhere(uptake, window(), snippet, value)
    _holds_nothing_that_is_not_public(uptake, received, taken, value)


def _stands_elsewhere(uptake: Uptake, page: Page, snippet: str, value: str) -> None:
    """Hold that a page of another site shows the chart with the same figure, and cannot show the app."""
    with _another_site(f'{snippet}<iframe id="app" src="{uptake.address}/start"></iframe>') as elsewhere:
        with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
            page.goto(elsewhere)
        chart = page.frame_locator("iframe").first
        expect(chart.locator(".value")).to_contain_text(value)
        expect(chart.locator("svg:visible")).to_have_count(1)
        expect(page.frame_locator("#app").get_by_test_id("stApp")).to_have_count(0)


def _holds_nothing_that_is_not_public(uptake: Uptake, received: list[bytes], taken: bytes, value: str) -> None:
    """Hold what came over the wire against what is held: it shows the figure, and no file, person or live figure."""
    heard = {text: "a page" for frame in received for text in legible.of_frame(frame)}
    heard |= dict.fromkeys(legible.of_body(taken), "the package")
    assert any(value in text for text in heard) and any(MEASURE in text for text in heard), "nothing was heard"
    secrets = not_public.secrets_of(uptake)
    assert secrets.counts and secrets.words
    assert not secrets.found_in(heard)


def _received(page: Page) -> list[bytes]:
    """Return the list in which everything gathers that the server tells this page once it runs."""
    heard: list[bytes] = []

    def keep(frame: str | bytes) -> None:
        assert isinstance(frame, bytes)
        heard.append(frame)

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
