"""An administrator's work in a real browser: an initiative is founded, its slips are mended, and the public sees it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Window
from tests.browser.server import PASSWORD

NAME = "AI Tutors: lyceums"
KEY = "kz-ai-tutors-lyceums"  # as the page suggests


def test_an_administrator_founds_an_initiative_and_everybody_sees_it_at_once(window: Window) -> None:
    visitor = window()
    visitor.goto("/initiatives?country=KZ")
    expect(visitor.get_by_role("heading", name="Initiatives", exact=True)).to_be_visible()
    expect(visitor.get_by_role("button", name=NAME)).to_have_count(0)

    page = window("administrator")
    page.goto("/administration")
    page.get_by_role("button", name=re.compile(r"^Initiatives \(\d+\)$")).click()
    page.get_by_role("button", name="Add: Initiative").click()
    expect(page.get_by_role("heading", name="Set up an initiative")).to_be_visible()
    _write(page, "Name *", NAME)
    _choose(page, "Country *", "Kazakhstan")
    expect(page.get_by_label("Key *", exact=True).first).to_have_value(KEY)
    _choose(page, "Kind *", "Teacher training")
    _write(page, "Summary *", "Teachers of lyceums learn to plan lessons with a tutor.")

    # A new source on the same page, its address mistyped; a lead from the list; a metric; a claim.
    page.get_by_text("A new source", exact=True).click()
    source = page.get_by_label("Publisher *", exact=True)
    expect(source).to_be_visible()
    page.get_by_label("Key *", exact=True).nth(1).fill("TUT1")
    _write(page, "Title *", "Lyceums get tutors")
    _write(page, "Publisher *", "Ministry of Enlightenment")
    _write(page, "Web address *", "example.org/tutors")
    _choose(page, "Grade *", "Grade A")
    page.get_by_text("An organisation in the list", exact=True).click()
    _choose(page, "Organisation *", "Ministry of Enlightenment")
    _choose(page, "Metrics that must be reported", "Teachers trained")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a claim").click()
    _choose(page, "What is counted *", "Teachers targeted")
    _choose(page, "Kind *", "Target", number=1)
    _choose(page, "How exactly *", "At least")
    _write(page, "Value *", "5000")
    _choose(page, "Unit *", "teachers")
    _write(page, "Who is counted *", "teachers of lyceums")
    page.get_by_role("button", name="Set up the initiative").click()
    expect(page.get_by_text("Nothing was saved: 1 thing is to be mended below.")).to_be_visible()
    expect(page.get_by_text("Web address is a web address that begins with", exact=False)).to_be_visible()

    _write(page, "Web address *", "https://example.org/tutors")
    page.get_by_role("button", name="Set up the initiative").click()
    expect(page.get_by_text(f"{NAME} is set up.", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(page.get_by_text("Added on", exact=False)).to_be_visible()

    # The public sees it on its next look, with its source, its lead and its claim.
    visitor.goto(f"/initiatives?initiative={KEY}")
    expect(visitor.get_by_role("heading", name=NAME)).to_be_visible()
    for said in ("Lyceums get tutors", "at least 5,000", "Lead"):
        expect(visitor.get_by_text(said, exact=False).first).to_be_visible()


def test_an_administrator_invites_a_person_who_sets_a_password_and_signs_in(window: Window) -> None:
    page = window("administrator")
    page.goto("/administration?table=people&row=new")
    _write(page, "E-mail address", "new@example.org")
    _write(page, "Name, as others see it", "Newcomer")
    page.get_by_role("button", name="Make the invitation").click()
    link = page.get_by_text("/account/link/", exact=False)
    expect(link).to_be_visible()
    path = re.search(r"/account/link/\S+", link.inner_text())
    assert path is not None
    page.reload()
    expect(page.get_by_role("button", name="Invite somebody")).to_be_visible()
    expect(link).to_have_count(0)

    person = window()
    person.goto(path.group(0))
    for field in ("new", "again"):
        person.fill(f"input[name={field}]", PASSWORD)
    person.get_by_role("button", name="Set password").click()
    person.wait_for_load_state()
    person.goto("/account/login")
    if "/account/login" in person.url:
        person.fill("input[name=username]", "new@example.org")
        person.fill("input[name=password]", PASSWORD)
        person.click("button[type=submit]")
    expect(person.get_by_role("button", name="Sign out")).to_be_visible()
    expect(person.get_by_text("Newcomer").first).to_be_visible()
    visitor = window()
    visitor.goto(path.group(0))
    expect(visitor.get_by_role("button", name="Set password")).to_have_count(0)  # it works once


def _write(page: Page, label: str, text: str) -> None:
    """Fill a field in and leave it, as a person does."""
    field = page.get_by_label(label, exact=True).first
    field.fill(text)
    field.press("Tab")


def _choose(page: Page, label: str, option: str, number: int = 0) -> None:
    """Choose from a list by typing, as a person does in a long one."""
    field = page.get_by_role("combobox", name=label).nth(number)
    field.click()
    page.keyboard.type(option)  # once open, it is called after what is chosen
    page.get_by_role("option", name=option).first.click()
