"""Texts that would run, stored wherever a text can be, on every page in a real browser: none of them does."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS
from tests.browser.server import PASSWORD, Uptake, running_on_a_copy

HOSTILE = (
    '"><img src=x onerror="window.ran=1"><script>window.ran=1</script><svg onload="window.ran=1"></svg>'
    "[go](javascript:window.ran=1)![x](http://example.org/x.png)<a href=javascript:window.ran=1>x</a>"
)
TEXTS = {
    "account": ("name",),
    "claim": ("population", "note"),
    "initiative": ("name", "summary"),
    "organisation": ("name",),
    "programme": ("name", "summary"),
    "release": ("note",),
    "school_record": ("name",),
    "source": ("title", "publisher"),
    "submission": ("file_name", "note", "decision_reason"),
}
PAGES = (
    "/", "/adoption?measure=teachers_active", "/adoption?measure=teachers_active&school=001024",
    "/initiatives", "/initiatives?initiative=kz-chatgpt-edu", "/completeness", "/money", "/releases",
    "/review", "/review?state=rejected", "/review?submission=1", "/upload", "/audit", "/administration",
)  # fmt: skip
# Streamlit's word for "the script has run to its end".
DONE = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture
def administrator(uptake: Uptake, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A window of somebody who sees everything, where every text is hostile."""
    changes = [
        f"UPDATE {table} SET {name} = '{HOSTILE.replace(chr(39), chr(39) * 2)}'"
        for table, names in TEXTS.items()
        for name in names
    ]
    changes.append(
        "INSERT INTO grant_of_role (account_id, role, granted_at)"
        " SELECT id, 'administrator', created_at FROM account WHERE email = 'reviewer@example.org'"
    )
    folder = tmp_path_factory.mktemp("hostile")
    with running_on_a_copy(Path(uptake.database), folder, uptake.people, *changes) as server:
        context = browser.new_context(base_url=server.address, viewport={"width": 1440, "height": 2400})
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        page.goto("/account/login")
        page.fill("input[name=username]", server.people["reviewer"])
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        yield page
        context.close()


def watched(page: Page) -> list[str]:
    """Return the list into which everything goes that only a text which runs, or asks another host, brings about."""
    alarms: list[str] = []

    def opened(dialog: Dialog) -> None:
        alarms.append(f"a dialog says {dialog.message}")
        dialog.dismiss()

    def asked(request: Request) -> None:
        if "example.org/x.png" in request.url:
            alarms.append(f"{request.url} was asked for")

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            alarms.append(message.text)

    page.on("dialog", opened)
    page.on("request", asked)
    page.on("console", said)
    return alarms


def test_no_stored_text_runs_on_any_page(administrator: Page) -> None:
    alarms = watched(administrator)
    told = []
    for path in PAGES:
        administrator.goto(path)
        expect(administrator.locator(".uptake-bar")).to_be_visible()
        expect(administrator.locator(DONE)).to_be_visible()
        assert administrator.evaluate("window.ran") is None, path
        assert administrator.evaluate(
            "[...document.querySelectorAll('a[href], iframe, form')]"
            ".map(one => one.href || one.src || one.action).filter(to => /^javascript:/i.test(to))"
        ) == [], path  # fmt: skip
        told += [path] if "window.ran=1" in administrator.inner_text("body") else []
    assert not alarms
    assert len(told) >= 5, f"the texts are shown, as texts: {told}"
