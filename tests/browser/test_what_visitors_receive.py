"""Whatever a visitor opens, presses and takes away: of what is not public nothing is in any byte that they get.

Asked without a browser, in its messages, so that every page and file is looked through and not only what one story
passes by. The same look at what an administrator gets finds every kind of secret: it can see.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from data_model.engine import make_engine, open_session
from publishing.addresses import FigureKey, embedded, of_figure
from publishing.iati.activities import activity_file
from publishing.web import openapi
from tests.browser import legible, not_public
from tests.browser.not_public import INITIATIVE, PLANTED, RELEASED, UNRELEASED, Planted, Secrets
from tests.browser.server import Uptake
from tests.browser.visiting import Visitor
from ui.navigation import ENTRIES

# The pages of which a button of every kind is pressed.
PRESSED = ("start", "overview", "adoption", "compare", "completeness", "changes", "definitions")
WITH_TABLES = ("overview", "adoption", "compare")
# Two pages of PDF take a second: one is enough.
BRIEF = "Brief (PDF)"
KINDS = {
    "file name", "hash", "person", "comment", "district", "school", "count of a school", "live figure",
    "rate, live figure", "rate, figure of a district", "provenance",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(uptake: Uptake) -> Iterator[Planted]:
    """The school of which unmistakable values were accepted, for a month after the release and one in it."""
    with not_public.planted(uptake) as planted:
        yield planted


@pytest.fixture(scope="module")
def secrets(uptake: Uptake, made: Planted) -> Secrets:
    """What no visitor may know."""
    return not_public.secrets_of(uptake, made)


def test_nothing_that_is_not_public_is_in_anything_a_visitor_can_open(
    uptake: Uptake, secrets: Secrets, made: Planted
) -> None:
    visitor = Visitor(uptake.address)
    _open_every_page(visitor)
    _try_addresses(visitor, made)
    _read_all_that_is_open(visitor)
    _take_for_iati(uptake, visitor)
    assert len(visitor.heard) > 3_000, "nothing was heard"
    assert not_public.WITHHELD in secrets.counts.values()
    told = "\n".join(f"{secret} in {where}" for secret, where in secrets.found_in(visitor.heard).items())
    assert not told, told


def test_the_same_look_at_what_an_administrator_receives_finds_every_kind_of_secret(
    uptake: Uptake, secrets: Secrets, made: Planted
) -> None:
    one = Visitor.signed_in(uptake.address, uptake.people["administrator"])
    scope = {"initiative": INITIATIVE, "period": UNRELEASED, "measure": "teachers_active"}
    for page, more in (
        ("overview", {}), ("adoption", {"period": RELEASED, "area": made.region, "areas_as": "table"}),
        ("adoption", {"school": made.school, "figure": "teachers_active"}), ("audit", {}),
        ("review", {"submission": str(made.submission)}),
    ):  # fmt: skip
        with one.page(page, **scope | more) as shown:
            shown.take_all(but=BRIEF)
    found = {secret.partition(": ")[0] for secret in secrets.found_in(one.heard)}
    assert not KINDS - found, KINDS - found


@pytest.mark.parametrize(
    "written",
    ["73919", "73,919", "73 919", "73\u00a0919", "73\u202f919", "73\u2009919", "73’919", "73,919.0", "73919.00",
     '{"v":73919.0}', "77.6%", "77,6\u00a0%", "0.7758652", "77.586514"],
)  # fmt: skip
def test_a_number_is_known_however_it_is_written(written: str) -> None:
    rate = 73_919 / 95_273
    rates = dict.fromkeys((round(rate, 5), round(rate * 100, 5)), "rate")
    known = Secrets({}, {73_919: "count"}, rates, {77.6: "rate"})
    assert known.found_in({f"It is {written}": "here"})
    assert not known.found_in({"It is 173919, 73920, 73.919, 77.65%, 0.77588 or 12,673,919": "here"})


def _open_every_page(visitor: Visitor) -> None:
    """Open every page there is, press one button of every kind, and take along what it offers, as charts and tables."""
    for entry in ENTRIES:
        with visitor.page(entry.name) as shown:
            if entry.action is not None:
                assert not shown.files and not shown.buttons, f"{entry.name} is not for visitors"
                continue
            shown.take_all(but="" if entry.name == "overview" else BRIEF)
            tables = shown.switches if entry.name in WITH_TABLES else {}
            if entry.name in PRESSED:
                shown.press_each_kind()
        if tables:
            with visitor.page(entry.name, **tables):
                pass


def _try_addresses(visitor: Visitor, made: Planted) -> None:
    """Ask pages for what is not for a visitor: later months, districts, schools, submissions, other moments."""
    tried = {"initiative": INITIATIVE, "period": UNRELEASED, "measure": "teachers_active", "figure": "teachers_active"}
    for page, more in (
        ("overview", {"as_of": "2026-12-31T00:00:00Z"}), ("overview", {"area": f"{made.region}-01", "lang": "kk"}),
        ("adoption", {"school": made.school, "area": made.region}), ("adoption", {"release": "1", "lang": "ru"}),
        ("changes", {"then": "2026-01-01T00:00:00Z"}), ("compare", {"of": "schools"}), ("initiatives", {}),
        ("review", {"submission": str(made.submission)}), ("audit", {"event": "1"}),
    ):  # fmt: skip
        with visitor.page(page, **tried | more) as shown:
            shown.take_all(but=BRIEF)


def _read_all_that_is_open(visitor: Visitor) -> None:
    """Read every open route in every form and language, each kind of permanent address, and the server's own ones."""
    for path in openapi.document()["paths"]:
        for query in ("?lang=ru",) if "openapi" not in path and "releases" not in path else ("",):
            visitor.read(path.replace("{number}", "2") + query)
    for measure in ("teacher_activation", "teachers_active", "messages_sent"):
        for area in ("KZ", "KZ-10"):
            key = FigureKey(INITIATIVE, measure, area, RELEASED)
            visitor.read(of_figure(2, key))
            visitor.read(f"/adoption?{urlencode({**key.parameters, 'release': '2', 'lang': 'ru'})}")
            for chosen in ({}, {"chart": "areas", "lang": "kk"}):
                visitor.read(embedded(None, key, chosen))
    for path in ("/", "/start", "/r/2", "/r/2/overview", "/robots.txt", "/sitemap.xml", "/health", "/account/login",
                 "/_stcore/health", "/_stcore/host-config", "/r/99", "/api/v1/figures?area=KZ-10-01", "/nothing",
                 f"/embed/2/{INITIATIVE}/teachers_active/KZ/{UNRELEASED}"):  # fmt: skip
        visitor.read(path)
    assert {"/api/v1/figures.csv?lang=ru", "/api/v1/releases/latest/datapackage.zip"} <= {
        path for path, status in visitor.answers.items() if status == 200
    }


def _take_for_iati(uptake: Uptake, visitor: Visitor) -> None:
    engine = make_engine(uptake.environment["DATABASE_URL"])
    with open_session(engine) as session:
        content = activity_file(session, None, datetime.now(UTC)).content
    engine.dispose()
    for text in legible.of_body(content):
        visitor.heard.setdefault(text, "the IATI file")
    assert str(PLANTED["teachers_active"]) not in content.decode()
