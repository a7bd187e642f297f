"""One browser and one server for all stories; every person gets a window of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect, sync_playwright

from tests import chromium
from tests.browser.server import PASSWORD, Uptake, running_on_a_copy

PEOPLE = {
    "manager": "manager@example.org",
    "reviewer": "reviewer@example.org",
    "analyst": "analyst@example.org",
    "administrator": "administrator@example.org",
}

# Two shared cores: what a person would wait for, a test waits for too.
PATIENCE_MILLISECONDS = 45_000
expect.set_options(timeout=PATIENCE_MILLISECONDS)

Window = Callable[..., Page]


@pytest.fixture(scope="session")
def uptake(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Uptake]:
    """A running server with the small demonstration up to October 2026."""
    with running_on_a_copy(demonstration_file, tmp_path_factory.mktemp("uptake"), PEOPLE) as server:
        yield server


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium. It ends with its module: its event loop would be in the way of tests that run their own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=list(chromium.LAUNCH_ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of who has signed in, by role."""
    return {}


@pytest.fixture
def window(browser: Browser, uptake: Uptake, signed_in: dict[str, StorageState]) -> Iterator[Window]:
    """Return a function that opens a window for a visitor or, given a role, for a person who has signed in.

    A role signs in by the form once; its other windows have the cookies that this gave.
    """
    contexts = []

    def window(role: str = "", *, width: int = 1440, scheme: Literal["light", "dark"] = "light") -> Page:
        context = browser.new_context(
            base_url=uptake.address, viewport={"width": width, "height": 1000}, color_scheme=scheme,
            locale="en-GB", accept_downloads=True, storage_state=signed_in.get(role),
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        if role and role not in signed_in:
            page.goto("/account/login")
            page.fill("input[name=username]", uptake.people[role])
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
            page.wait_for_url(lambda address: "/account/login" not in address)
            signed_in[role] = context.storage_state()
        return page

    yield window
    for context in contexts:
        context.close()
