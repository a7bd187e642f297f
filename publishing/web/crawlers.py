"""What crawlers are told: where they may go, and which addresses there are for everyone."""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from urllib.parse import urlencode

from sqlmodel import Session

from access import settings
from data_model.releases import FigureState
from publishing import open_data, releases
from publishing.addresses import FigureKey, of_figure, of_release
from publishing.described import kept
from publishing.open_data import Filters, NoSuchRelease, OpenRelease

ROBOTS, SITEMAP = "/robots.txt", "/sitemap.xml"
# Pages that say the same whichever release is named, or show one; what crawlers are told of.
CRAWLED = ("start", "overview", "initiatives", "adoption", "compare", "releases", "method", "definitions", "about")


def robots() -> bytes:
    """Return what crawlers may read: what is for everyone. Every view of a page is the same page to them."""
    closed = ("/account/", "/intake/", "/_stcore/", "/upload", "/review", "/administration", "/audit")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {settings.address()}{SITEMAP}"]
    return ("\n".join(lines) + "\n").encode()


def sitemap(session: Session) -> bytes:
    """Return the pages for everyone, with the day of the newest release as the day they changed; each definition; the
    releases that can be opened; and the newest figures of the newest one.
    """
    try:
        newest = open_data.open_release(session)
    except NoSuchRelease:
        return _as_sitemap([(f"/{page}", None) for page in CRAWLED])
    day = newest.released_at.date()
    measures = [row["measure"] for row in kept(session, newest.number, "measures")]
    listed = releases.listing(session)
    opened = listed[listed["withdrawn_at"].isna()]
    return _as_sitemap([
        *((f"/{page}", day) for page in CRAWLED),
        *((f"/definitions?{urlencode({'measure': measure})}", None) for measure in measures),
        *((of_release(int(row["release"])), row["released_at"].date()) for row in opened.to_dict("records")),
        *((of_figure(newest.number, key), day) for key in _newest_figures(session, newest)),
    ])  # fmt: skip


def _newest_figures(session: Session, release: OpenRelease) -> Iterator[FigureKey]:
    """Yield the released figures of each initiative's last period that have a value."""
    for row in kept(session, release.number, "initiatives"):
        last = open_data.last_period(session, release, row["initiative"])
        for one in (
            open_data.read_figures(session, release, Filters([row["initiative"]], periods=[last])) if last else ()
        ):
            if one["state"] == FigureState.REPORTED:
                yield FigureKey(one["initiative"], one["measure"], one["area"], one["period"])


def _as_sitemap(pages: Iterable[tuple[str, date | None]]) -> bytes:
    said = "".join(
        f"<url><loc>{escape(settings.address() + page)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for page, day in pages
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{said}</urlset>'
    return (text + "\n").encode()
