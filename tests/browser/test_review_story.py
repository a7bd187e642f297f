"""Two stories of the review in a real browser: a manager whose file is returned, and a reviewer who accepts one."""

import json
import re
import sqlite3
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.server import Uptake

INITIATIVE, PERIOD = "kz-chatgpt-edu", "2026-10"


def test_a_manager_whose_file_is_returned_mends_it_and_submits_it_again(uptake: Uptake, window: Window) -> None:
    (school, right), (other, same) = _held(uptake)[:2]
    before = _figure(uptake)
    manager, reviewer = window("manager"), window("reviewer")
    manager.goto(f"/upload?initiative={INITIATIVE}")
    number = _submit(manager, "october.csv", {school: right * 10, other: same})

    # The reviewer sees at once which school moves the country, ticks it and sends the file back.
    reviewer.goto(f"/review?submission={number}")
    reviewer.get_by_text(f"school {school} · {_written(right)} → {_written(right * 10)}", exact=False).first.click()
    reviewer.get_by_label("What is wrong with it").fill("A nought too many?")
    reviewer.get_by_label("What is wrong with it").press("Enter")
    reviewer.get_by_label("Reason (needed to return or reject)").fill("One value looks wrong.")
    reviewer.get_by_label("Reason (needed to return or reject)").press("Control+Enter")
    expect(reviewer.get_by_role("button", name="Accept", exact=True)).to_be_disabled()
    reviewer.get_by_role("button", name="Return with 1 point").click()
    expect(reviewer.get_by_text(f"Submission {number} is returned.", exact=False)).to_be_visible()

    # The manager finds it in their list, reads why, and brings the mended file, which answers it.
    manager.goto(f"/upload?initiative={INITIATIVE}")
    manager.get_by_role("button", name=f"No. {number}: october.csv").click()
    expect(manager.get_by_text("A nought too many?")).to_be_visible()
    manager.get_by_role("button", name="Upload the mended file").click()
    expect(manager.get_by_text(f"The next file answers submission {number}", exact=False)).to_be_visible()
    answer = _submit(manager, "october, mended.csv", {school: right + 1, other: same})

    # The reviewer sees what was mended, and accepts: the figure moves by the one teacher that it says.
    reviewer.goto(f"/review?submission={answer}")
    expect(reviewer.get_by_text(f"Compared with No. {number}: 1 value differs, 1 the same as before.")).to_be_visible()
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text(f"Submission {answer} is accepted", exact=False)).to_be_visible()
    assert _figure(uptake) == before + 1


def test_a_reviewer_judges_a_file_by_its_attention_list_and_accepts(
    uptake: Uptake, window: Window, tmp_path: Path
) -> None:
    held = _held(uptake)
    before = _figure(uptake)
    said = {school: value + (9 if place == 2 else 1) for place, (school, value) in enumerate(held[:12])}
    path = tmp_path / "october.csv"
    path.write_bytes(_file(said))
    words = ("submit", path, "--initiative", INITIATIVE, "--by", uptake.people["manager"], "--json")
    number = int(re.findall(r'"submission": (\d+)', uptake.command("intake", *words))[0])
    after = before + len(said) + 8

    reviewer = window("reviewer", width=390, scheme="dark")
    reviewer.goto(f"/review?submission={number}")
    row = reviewer.locator(".st-key-headlines-moved").get_by_role("row").filter(has_text="Active teachers").last
    expect(row).to_contain_text(_written(before))
    expect(row).to_contain_text(_written(after))
    lines = reviewer.locator(".st-key-attention [data-testid=stCheckbox]")
    expect(lines.first).to_be_visible()
    assert 1 <= lines.count() <= 10
    strongest, value = held[2]
    expect(lines.filter(has_text=f"school {strongest} · {_written(value)} → {_written(value + 9)}")).to_be_visible()
    reviewer.get_by_role("button", name="Take it up for review").click()
    expect(reviewer.get_by_text("You have submission", exact=False)).to_be_visible()
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text(f"Submission {number} is accepted", exact=False)).to_be_visible()
    assert _figure(uptake) == after


def _held(uptake: Uptake) -> list[tuple[str, int]]:
    """Return the active teachers that schools reported for the month, those with many teachers to spare first."""
    query = """
        SELECT school.code, active.value FROM observation active
        JOIN observation total ON total.school_id = active.school_id AND total.period_id = active.period_id
            AND total.superseded_at IS NULL AND total.state = 'reported'
        JOIN measure a ON a.id = active.metric_id AND a.key = 'teachers_active'
        JOIN measure t ON t.id = total.metric_id AND t.key = 'teachers_total'
        JOIN reporting_period ON reporting_period.id = active.period_id AND starts_on = ?
        JOIN school ON school.id = active.school_id
        WHERE active.superseded_at IS NULL AND active.state = 'reported' AND active.value > 0
        ORDER BY total.value - active.value * 10 DESC, school.code
    """
    path = uptake.environment["DATABASE_URL"].removeprefix("sqlite:///")
    return [(code, int(value)) for code, value in sqlite3.connect(path).execute(query, (f"{PERIOD}-01",))]


def _file(said: dict[str, int]) -> bytes:
    rows = [f"{school},{PERIOD},{value}" for school, value in said.items()]
    return "\n".join(["school_code,period,teachers_active", *rows, ""]).encode()


def _submit(page: Page, name: str, said: dict[str, int]) -> str:
    """Bring a file, submit it, and return the number of the submission."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": _file(said)})
    page.get_by_role("button", name="Submit for review").click()
    told = page.get_by_text(re.compile(r"Submission \d+ is waiting for review"))
    expect(told).to_be_visible()
    return re.findall(r"\d+", told.inner_text())[0]


def _figure(uptake: Uptake) -> int:
    """Return the country's active teachers in the month, as they stand now."""
    words = ("figure", "--initiative", INITIATIVE, "--measure", "teachers_active", "--period", PERIOD, "--json")
    return int(json.loads(uptake.command("analytics", *words))["value"])


def _written(number: int) -> str:
    return f"{number:,}"
