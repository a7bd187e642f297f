"""The routes of the public site that are no pages of the app: permanent addresses, charts to embed, and for crawlers.

`/r/3` and `/r/3/figures/...` lead to the page that shows exactly this, for as long as the release can be opened; of a
withdrawn one they answer 410 with the day and the reason, of what never was 404. `/embed/3/...` is a chart as a page
of its own, `/embed/latest/...` the same of whichever release is the newest. `/r/3/figures/.../preview.png` is the
picture that other sites show beside a link to a figure.
"""

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.engine import Engine
from sqlmodel import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from access import settings
from access.instance_settings import instance
from access.language import LANGUAGES, _, in_language, negotiate
from data_model.engine import make_engine, open_session
from publishing import open_data
from publishing.addresses import (
    EMBEDDED,
    FIGURES,
    LATEST,
    NOT_OF_A_RELEASE,
    PAGES,
    PREVIEW,
    RELEASED,
    FigureKey,
)
from publishing.open_data import NoSuchRelease
from publishing.shown_figure import NoSuchFigure, in_areas, shown_figure
from publishing.web import card, crawlers, html
from publishing.web.answering import Answering
from publishing.web.answers import Answer, Content, encoded, ready
from publishing.web.crawlers import ROBOTS, SITEMAP
from publishing.web.limits import RateLimit
from publishing.web.parameters import FIRST, KEY, LANGUAGE, LARGEST_NUMBER, Parameter, ParameterRefused, read

PREFIXES = (f"{RELEASED}/", f"{EMBEDDED}/")
MOST_PARAMETERS, LONGEST_QUERY = 40, 2_000
CHARTS = ("trend", "areas")
THEME = Parameter(
    "theme",
    {"type": "string", "enum": list(html.THEMES), "default": "auto"},
    "Light, dark, or as the reader's device is.",
)
CHART = Parameter("chart", {"type": "string", "enum": list(CHARTS), "default": "trend"}, "Over time, or by area.")

SHOWN_ANYWHERE = encoded([
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("cross-origin-resource-policy", "cross-origin"),
])  # fmt: skip
_NUMBER = r"[1-9][0-9]{0,9}"
_PART = KEY.strip("^$").removesuffix("{1,80}") + "{1,80}"
_FIGURE = "/".join([f"({_PART})"] * 4)
_RELEASE = re.compile(rf"{RELEASED}/({_NUMBER})/?")
_RELEASED_FIGURE = re.compile(rf"{RELEASED}/({_NUMBER})/{FIGURES}/{_FIGURE}")
_PREVIEW = re.compile(rf"{_RELEASED_FIGURE.pattern}/{re.escape(PREVIEW)}")
_VIEW = re.compile(rf"{RELEASED}/({_NUMBER})/({'|'.join(PAGES)})")
_EMBED = re.compile(rf"{EMBEDDED}/({_NUMBER}|{LATEST})/{_FIGURE}")


class PublicSite:
    """Stands before the pages and answers what is the public site's own."""

    def __init__(self, app: ASGIApp, site: ASGIApp) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        ours = scope["type"] == "http" and is_of_the_site(scope["path"])
        await (self.site if ours else self.app)(scope, receive, send)


def is_of_the_site(path: str) -> bool:
    """Return whether these routes answer for a path."""
    return path.startswith(PREFIXES) or path in (RELEASED, EMBEDDED, ROBOTS, SITEMAP)


def public_site(engine: Engine) -> "Site":
    """Return these routes, on the public's own database role where the operator made one."""
    address = settings.public_database()
    return Site(make_engine(address) if address else engine, RateLimit(settings.api_requests_per_minute()))


class Site(Answering):
    """Answers the permanent addresses and the charts from the released tables of one database."""

    negotiates = b"accept-language"

    def wished(self, header: str) -> str:
        """Return the language that an Accept-Language header likes best."""
        return negotiate(header)

    def made(self, path: str, query: bytes, wish: str) -> Answer:
        """Return a chart, the way to a page, or why there is neither."""
        named = dict(parse_qsl(query.decode("latin-1"))[:MOST_PARAMETERS]).get("lang", "")
        with in_language(named if named in LANGUAGES else wish), open_session(self.engine) as session:
            try:
                return answer(session, path, query)
            except ParameterRefused as refused:
                status, title, said = refused.status, _("This address cannot be read"), refused.message
            except NoSuchRelease as refused:
                gone = refused.code == "release_withdrawn"
                status, said = 410 if gone else 404, refused.message
                title = _("This release was withdrawn") if gone else _("There is no such release")
            except NoSuchFigure as refused:
                status, title, said = 404, _("There is no such figure"), refused.message
            return html.refusal(status, title, said, in_frame=path.startswith(EMBEDDED))

    def refused(
        self, status: int, detail: str, wish: str, headers: Sequence[tuple[str, str]] = (), **more: str
    ) -> Answer:
        """Return a refusal as a page."""
        del more
        with in_language(wish):
            return html.refusal(status, _("Not possible at the moment"), detail, headers)


def answer(session: Session, path: str, query: bytes) -> Answer:
    """Return what there is at an address, in the current language. Raises what `Site.made` tells in words."""
    if path == ROBOTS:
        return ready(Content("text/plain; charset=utf-8", crawlers.robots()), None)
    if path == SITEMAP:
        return ready(Content("application/xml", crawlers.sitemap(session)), None)
    if found := _EMBED.fullmatch(path):
        number = None if found[1] == LATEST else _number(found[1])
        return _embed(session, number, FigureKey.parse(*found.groups()[1:]), query)
    if found := _PREVIEW.fullmatch(path):
        return _preview(session, _number(found[1]), FigureKey.parse(*found.groups()[1:]), query)
    if found := _RELEASED_FIGURE.fullmatch(path):
        return _to_figure(session, _number(found[1]), FigureKey.parse(*found.groups()[1:]), query)
    if found := _VIEW.fullmatch(path) or _RELEASE.fullmatch(path):
        release = open_data.open_release(session, _number(found[1]))
        page = found[2] if found.re is _VIEW else "start"
        return html.moved(f"/{page}?{urlencode([*_kept(query), ('release', str(release.number))])}")
    example = _("Permanent addresses look like {example}.").format(example=f"{RELEASED}/3")
    return html.refusal(404, _("There is nothing at this address"), example)


def _embed(session: Session, number: int | None, key: FigureKey, query: bytes) -> Answer:
    asked = read(query, (LANGUAGE, THEME, CHART, FIRST))
    release = open_data.open_release(session, number)
    told = shown_figure(session, release, key, asked.month(FIRST))
    areas = in_areas(session, release, told.key) if asked.values.get("chart") == "areas" else None
    if areas == []:
        raise NoSuchFigure(
            "figure_unknown", _("Nothing is released about places within {place}.").format(place=told.area)
        )
    return html.chart_page(told, areas, instance(session), str(asked.values.get("theme", "auto")))


def _preview(session: Session, number: int, key: FigureKey, query: bytes) -> Answer:
    """Return the picture that is shown beside a link to a figure. It may be shown on any page."""
    read(query, (LANGUAGE,))
    release = open_data.open_release(session, number)
    told = shown_figure(session, release, key)
    content = Content("image/png", card.as_png(told, instance(session)))
    return ready(content, release.number, SHOWN_ANYWHERE, html.VARIES)


def _to_figure(session: Session, number: int, key: FigureKey, query: bytes) -> Answer:
    """Return the way to the page of a figure. It is looked up first: an address of nothing is told here."""
    release = open_data.open_release(session, number)
    told = shown_figure(session, release, key)
    more = [pair for pair in _kept(query) if pair[0] not in told.key.parameters]
    shown = [*told.key.parameters.items(), ("release", str(release.number)), *more]
    return html.moved(f"/adoption?{urlencode(shown)}")


def _kept(query: bytes) -> list[tuple[str, str]]:
    """Return what an address says besides the release."""
    if len(query) > LONGEST_QUERY:
        raise ParameterRefused("parameter_refused", _("This address is too long."))
    pairs = parse_qsl(query.decode("latin-1"))[:MOST_PARAMETERS]
    return [(name, value) for name, value in pairs if name not in NOT_OF_A_RELEASE]


def _number(written: str) -> int:
    number = int(written)
    if number > LARGEST_NUMBER:
        raise NoSuchRelease("release_unknown", _("There is no release {number}.").format(number=written))
    return number
