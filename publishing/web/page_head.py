"""Gives Streamlit's one HTML file the head of the page that is asked for: title, language, and what a link to it shows.

Whoever follows a link in a chat, a feed or a search engine runs no script and would be told "Streamlit" of every page.
A page's figures come later, by its websocket; of what is said here nothing is live.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from html import escape
from urllib.parse import parse_qsl

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access import settings
from access.instance_settings import instance
from access.language import LANGUAGES, N_, _, format_date, in_language, negotiate
from access.refusal import Refusal
from data_model.engine import make_engine, open_session
from publishing import front, open_data
from publishing.addresses import LATEST, PAGES, FigureKey, of_release, of_view
from publishing.described import Row, kept
from publishing.open_data import OpenRelease
from publishing.shown_figure import shown_figure
from publishing.web import social
from publishing.web.parameters import LARGEST_NUMBER
from publishing.web.social import Told

MOST_KEPT, LONGEST_QUERY, MOST_PARAMETERS = 1_000, 2_000, 40
LOOKS_EVERY_SECONDS = 1.0
# What the address of a page says of a figure.
OF_A_FIGURE = ("initiative", "measure", "area", "period")
# What each page is about: its title, and a sentence.
ABOUT = {
    "start": (
        N_("AI in education: announced and reported"),
        N_("What was announced, what schools report month by month, and on how many of them it rests."),
    ),
    "overview": (N_("Overview"), N_("Where a rollout stands: released figures by region and month, with their base.")),
    "initiatives": (N_("Initiatives"), N_("Who undertakes what for AI in education, where, by which source.")),
    "adoption": (N_("Adoption"), N_("One measure over time and by region, as it was released.")),
    "compare": (N_("Compare"), N_("Regions and initiatives side by side, with what chance alone would do.")),
    "completeness": (N_("Completeness"), N_("How many schools reported, where and when reports are missing.")),
    "changes": (N_("What changed"), N_("Which figures moved most from one release to the next.")),
    "money": (N_("Money"), N_("What was committed and paid, by whom to whom, with sources.")),
    "releases": (N_("Releases"), N_("Every release of figures with its day, its files and how to cite it.")),
    "method": (N_("Method"), N_("How figures are counted, checked, withheld and released.")),
    "definitions": (N_("Definitions"), N_("What each measure means and how it is computed.")),
    "about": (N_("About"), N_("Who runs this site, under which licence, and how to get in touch.")),
}
_PAGE = re.compile(r"/([a-z_-]*)")
_NUMBER = re.compile(r"[1-9][0-9]{0,9}")
_TITLE, _LANGUAGE = re.compile(rb"<title>[^<]*</title>"), re.compile(rb'<html lang="[^"]*"')


class PageHead:
    """Stands before Streamlit, and puts its head into every page; at the end of its body, what else it is `brought`."""

    def __init__(
        self, app: ASGIApp, engine: Engine, looks_every: float = LOOKS_EVERY_SECONDS, brought: str = ""
    ) -> None:
        address = settings.public_database()
        self.app = app
        self.engine = make_engine(address) if address else engine
        self.looks_every = looks_every
        self.brought = brought.encode()
        self._kept: OrderedDict[tuple[Hashable, ...], tuple[bytes, bytes]] = OrderedDict()
        self._state: Hashable = None
        self._looked_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and change the head of a page."""
        found = _PAGE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        begun: Message = {}
        body = b""

        async def gather(message: Message) -> None:
            nonlocal begun, body
            if message["type"] == "http.response.start":
                begun = message
                if not _is_page(message):
                    await send(message)
            elif not _is_page(begun):
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send(scope, found[1], begun, body, send)

        # What is packed could not be changed; the page is a few kilobytes.
        plain = [pair for pair in scope["headers"] if pair[0] not in (b"accept-encoding", b"if-none-match", b"range")]
        asked = {**scope, "method": "GET", "headers": plain}
        await self.app(asked, receive, gather)

    async def _send(self, scope: Scope, name: str, begun: Message, body: bytes, send: Send) -> None:
        language, head = await self._head(scope, name)
        body = _LANGUAGE.sub(b'<html lang="%s"' % language, body, count=1)
        if head:
            body = _TITLE.sub(lambda _found: head, body, count=1)
        before, end, after = body.rpartition(b"</body>")
        body = before + self.brought + end + after
        gone = (b"content-length", b"etag", b"last-modified")
        headers = [pair for pair in begun.get("headers", ()) if pair[0].lower() not in gone]
        headers += [(b"content-length", b"%d" % len(body)), (b"vary", b"Accept-Language")]
        await send({**begun, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _head(self, scope: Scope, name: str) -> tuple[bytes, bytes]:
        """Return the language of a page and the head of it, empty where the database cannot be asked."""
        query = scope["query_string"].decode("latin-1")[:LONGEST_QUERY]
        said = dict(parse_qsl(query)[:MOST_PARAMETERS])
        liked = ",".join(value.decode("latin-1") for key, value in scope["headers"] if key == b"accept-language")
        language = said["lang"] if said.get("lang") in LANGUAGES else negotiate(liked)
        shown = {key: said[key] for key in (*OF_A_FIGURE, "release") if key in said}
        try:
            if time.monotonic() - self._looked_at >= self.looks_every:
                self._state = await run_in_threadpool(self._look)
                self._looked_at = time.monotonic()
            key = (self._state, language, name, *shown.items())
            if key not in self._kept:
                self._kept[key] = language.encode(), await run_in_threadpool(self._made, name, shown, language)
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]
        except DBAPIError:
            return language.encode(), b""

    def _look(self) -> Hashable:
        with open_session(self.engine) as session:
            return open_data.state(session)

    def _made(self, name: str, said: Mapping[str, str], language: str) -> bytes:
        with in_language(language), open_session(self.engine) as session:
            told = told_of(session, name or "start", said)
            title = f"{told.title} · {told.site}" if told.site not in told.title else told.title
            return f"<title>{escape(title)}</title>\n{social.tags(told)}".encode()


def told_of(session: Session, name: str, said: Mapping[str, str]) -> Told:
    """Return a page in short: the figure that its address names, else what it is about."""
    about = instance(session)
    if name not in ABOUT:
        return Told(about.name, "", f"/{name}", {}, about.name, hidden=True)
    title, sentence = (_(text) for text in ABOUT[name])
    number = int(said["release"]) if _NUMBER.fullmatch(said.get("release", "")) else None
    try:
        release = open_data.open_release(session, number if number is None else min(number, LARGEST_NUMBER))
        if name == "adoption" and number is not None and all(part in said for part in OF_A_FIGURE[:3]):
            key = FigureKey(*(said.get(part, LATEST) for part in OF_A_FIGURE))
            return social.of_figure_told(shown_figure(session, release, key), about)
    except Refusal:  # nothing was released, or not this: then the page says so
        return Told(title, sentence, f"/{name}", {}, about.name)
    if name == "definitions" and (defined := _defined(session, release, said.get("measure", ""))):
        told, query = str(defined["name"]), {"measure": str(defined["measure"])}
        return Told(told, str(defined["definition"]), "/definitions", query, about.name)
    released = _("Release {number}, {date}").format(number=release.number, date=format_date(release.released_at.date()))
    earlier = number is not None and name in PAGES
    path = f"/{name}"
    if earlier:
        path = of_release(release.number) if name == "start" else of_view(release.number, name, {})
    leading = front.leading(session, release) if name == "start" else None
    return Told(
        title=f"{title}, {released}" if earlier else title,
        description=f"{sentence} · {released}",
        path=path,
        query={},
        site=about.name,
        image=social.picture_of(release.number, leading.key) if leading else "",
        image_words=f"{leading.title}: {leading.figure.text}" if leading else "",
    )


def _defined(session: Session, release: OpenRelease, measure: str) -> Row | None:
    return next((row for row in kept(session, release.number, "measures") if row["measure"] == measure), None)


def _is_page(begun: Message) -> bool:
    """Whether an answer is Streamlit's page, whole and unpacked."""
    headers = {name.lower(): value for name, value in begun.get("headers", ())}
    return (
        begun.get("status") == 200
        and headers.get(b"content-type", b"").startswith(b"text/html")
        and b"content-encoding" not in headers
    )
