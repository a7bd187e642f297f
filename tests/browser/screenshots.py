"""The README's pictures: `python -m tests.browser.screenshots` makes them anew in docs/images/.

`python -m tests.browser.screenshots upload mend` makes only those. They are taken from a running server with a
demonstration, as a person would see it at 1440 pixels.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests import chromium
from tests.browser.conftest import PEOPLE
from tests.browser.server import PASSWORD, ROOT, Uptake, running

IMAGES = ROOT / "docs" / "images"
DEMONSTRATION = ("--schools", "400", "--months", "14", "--until", "2026-10")
WIDTH, HEIGHT = 1440, 1000
SCOPE = "initiative=kz-chatgpt-edu&period=2026-10"
FAULTY = (
    "Отчёт о ходе внедрения ChatGPT Edu, октябрь 2026 г.;;;;;;;\r\n"
    "Код школы;Наименование;Период;Выделено лицензий;Активировано лицензий;"
    "Всего учителей;Обучено учителей;Активных учителей\r\n"
    "001024;Школа-гимназия №24;10.2026;75;49;97;62;40\r\n"
    "001025;Средняя школа №25;10.2026;60;сорок;85;65;30\r\n"
    "999017;Жалпы бiлiм беретiн мектеп №17;10.2026;25;22;32;15;9\r\n"
    "Итого;;;160;71;214;142;79\r\n"
).encode("cp1251")


def main(chosen: Sequence[str] = ()) -> int:
    """Make the pictures, only those named where any are, and return the exit status."""
    wanted = {
        role: {name: address for name, address in pictures.items() if not chosen or name in chosen}
        for role, pictures in PICTURES.items()
    }
    unknown = set(chosen) - {BRIEF} - {name for pictures in wanted.values() for name in pictures}
    if unknown:
        print(f"No picture is called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    path = chromium.find()
    if path is None:
        print("No Chromium found: apt-get install chromium", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), *DEMONSTRATION, people=PEOPLE) as uptake,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.LAUNCH_ARGUMENTS))
        for role, pictures in wanted.items():
            if not pictures:
                continue
            context = browser.new_context(
                base_url=uptake.address,
                viewport={"width": WIDTH, "height": HEIGHT},
                color_scheme="light",
                locale="en-GB",
            )
            page = context.new_page()
            if role:
                _sign_in(page, uptake.people[role])
            for name, address in pictures.items():
                page.goto(address.format(waiting=_waiting(uptake)))
                _take(page, name)
            context.close()
        browser.close()
        if not chosen or BRIEF in chosen:  # its two pages need no browser
            uptake.command("publishing", "brief", "--initiative", "kz-chatgpt-edu", "-o", IMAGES / f"{BRIEF}.png")
    return 0


BRIEF = "brief"
# Who looks at what: the picture's name and the page's address.
PICTURES = {
    "": {"start": "/start"},
    "analyst": {
        "overview": f"/overview?{SCOPE}&measure=teacher_activation",
        "adoption": f"/adoption?{SCOPE}&measure=teacher_activation&area=KZ-75",
        "where-from": f"/overview?{SCOPE}&measure=teacher_activation&figure=teacher_activation",
        "initiative": "/initiatives?initiative=kz-chatgpt-edu",
    },
    "manager": {"upload": "/upload?initiative=kz-chatgpt-edu", "mend": "/upload?initiative=kz-chatgpt-edu"},
    "reviewer": {"review": "/review?submission={waiting}"},
    "administrator": {"administration": "/administration"},
}


# The Upload page is long: with a faulty file on it, each picture shows what is around one of its headings, or below it.
SCROLLED_TO = {"upload": ("Findings", "center"), "mend": ("Schools that are not known", "start")}


def _waiting(uptake: Uptake) -> int:
    """Return the number of the newest submission that waits for a reviewer."""
    with closing(sqlite3.connect(uptake.database)) as database:
        number: int = database.execute("SELECT max(id) FROM submission WHERE state = 'waiting'").fetchone()[0]
    return number


def _sign_in(page: Page, email: str) -> None:
    page.goto("/account/login")
    page.fill("input[name=username]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/account/login" not in address)


def _take(page: Page, name: str) -> None:
    """Wait until the page has settled, and keep what a person sees of it."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if name in SCROLLED_TO:
        chosen = {"name": "октябрь.csv", "mimeType": "text/csv", "buffer": FAULTY}
        page.locator("input[type=file]").set_input_files(chosen)
        recognised = page.get_by_role("heading", name="What was recognised")
        expect(recognised).to_be_visible()
        expect(page.get_by_role("heading", name="My submissions")).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.wait_for_timeout(4_000)  # charts draw after the script has ended, and say nothing when they have
    if name in SCROLLED_TO:  # not before: until now the page grew
        text, place = SCROLLED_TO[name]
        heading = page.get_by_role("heading", name=text, exact=True)
        heading.evaluate("(heading, block) => heading.scrollIntoView({block})", place)
        page.wait_for_timeout(1_000)
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/images/{name}.png", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
