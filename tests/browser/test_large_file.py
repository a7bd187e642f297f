"""Bringing a file: by the control, by keyboard, by dropping it; a large one is followed, and outlives the page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Window

VIEW = "/upload?initiative=kz-chatgpt-edu"
SMALL = b"school_code;period;teachers_total\n001024;2026-10;97\n"
PADDING = "x" * 6_000  # a column that is not read makes a few rows a large file
LARGE = "school_code;period;teachers_total;remark\n" + "".join(
    f"001024;2026-{month:02};{90 + month};{PADDING}\n" * 20 for month in range(1, 11)
)


@pytest.fixture
def manager(window: Window) -> Page:
    page = window("manager")
    page.goto(VIEW)
    expect(page.locator(".zone")).to_be_visible()
    # The last thing on the page: until then what is above it may still be drawn anew.
    expect(page.get_by_role("heading", name="My submissions")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    return page


def bring(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_large_file_is_checked_apart_and_is_still_there_after_a_reload(manager: Page) -> None:
    assert len(LARGE) > 1_000_000
    bring(manager, "large.csv", LARGE.encode())
    expect(manager.get_by_text("Checking the file:")).to_be_visible()
    expect(manager.get_by_text("You can close this page")).to_be_visible()
    assert "draft=" in manager.url
    manager.reload()
    expect(manager.get_by_role("heading", name="What was recognised")).to_be_visible()
    expect(manager.get_by_text("Checking the file:")).to_have_count(0)
    manager.reload()
    expect(manager.get_by_text("large.csv")).to_be_visible()
    expect(manager.get_by_role("heading", name="What was recognised")).to_be_visible()
    manager.get_by_role("button", name="Discard this file").click()
    expect(manager.get_by_text("large.csv")).to_have_count(0)
    assert "draft=" not in manager.url


def test_a_transfer_shows_how_far_it_is_and_can_be_cancelled(manager: Page) -> None:
    slow = manager.context.new_cdp_session(manager)
    speed = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    slow.send("Network.enable")
    slow.send("Network.emulateNetworkConditions", speed)
    bring(manager, "large.csv", LARGE.encode())
    sent = manager.locator(".sent")
    expect(sent).to_have_text(re.compile(r"Sending large.csv: [1-9]\d* %"))
    manager.get_by_role("button", name="Cancel").click()
    expect(manager.get_by_role("alert").filter(has_text="The file was not sent.")).to_be_visible()
    slow.send("Network.emulateNetworkConditions", speed | {"uploadThroughput": -1})
    bring(manager, "small.csv", SMALL)
    expect(manager.get_by_text("small.csv", exact=True)).to_be_visible()
    expect(manager.get_by_role("alert").filter(has_text="The file was not sent.")).to_have_count(0)


def test_a_file_is_chosen_by_keyboard(manager: Page) -> None:
    with manager.expect_file_chooser() as chooser:
        manager.locator("input[type=file]").press("Enter")
    chooser.value.set_files({"name": "by-keyboard.csv", "mimeType": "text/csv", "buffer": SMALL})
    expect(manager.get_by_text("by-keyboard.csv", exact=True)).to_be_visible()


def test_a_file_is_dropped(manager: Page) -> None:
    dropped = manager.evaluate_handle(
        "text => { const moved = new DataTransfer(); moved.items.add(new File([text], 'dropped.csv')); return moved; }",
        SMALL.decode(),
    )
    manager.locator(".zone").dispatch_event("drop", {"dataTransfer": dropped})
    expect(manager.get_by_text("dropped.csv", exact=True)).to_be_visible()


def test_a_refused_file_is_told_in_the_readers_language(window: Window) -> None:
    page = window("manager")
    page.goto(f"{VIEW}&lang=ru")
    expect(page.locator(".zone")).to_be_visible()
    bring(page, "people.csv", b"name;mail\nAnna;anna@example.org\n")
    expect(page.get_by_role("alert").filter(has_text="адреса")).to_be_visible()
    assert "draft=" not in page.url
