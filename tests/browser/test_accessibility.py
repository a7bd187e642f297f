"""Pages of every kind against WCAG 2.2 AA, in light and dark by turns."""

from collections.abc import Sequence
from itertools import cycle
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
# By turns: what a page adds to the theme's colours is little, and each visit takes seconds.
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# One page of every kind, each as the one sees it whom it is for: a visit takes seconds.
VISITED = ("start", "overview", "releases", "definitions", "initiatives?initiative=kz-chatgpt-edu", "account/login")
BEHIND_THE_DOOR = ("adoption?area=KZ-75&period=2026-10", "upload", "review", "administration", "audit", "account")


@pytest.mark.parametrize(
    ("role", "addresses"), [("", VISITED), ("administrator", BEHIND_THE_DOOR)], ids=["visitor", "administrator"]
)
def test_no_page_breaks_the_rules_of_accessibility(window: Window, role: str, addresses: Sequence[str]):
    page = window(role)
    found = [told for address, scheme in zip(addresses, cycle(SCHEMES)) for told in _violations(page, address, scheme)]
    assert not found, "\n".join(found)


def _violations(page: Page, address: str, scheme: Literal["light", "dark"]) -> list[str]:
    """Return a line for each rule that the page breaks, with the first element that does."""
    page.emulate_media(color_scheme=scheme)
    page.goto(f"/{address}")
    if not address.startswith("account"):
        expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        expect(page.locator("[data-stale=true]")).to_have_count(0)
    return [
        f"{address} ({scheme}): {violation['help']}: {violation['nodes'][0]['html'][:200]}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
