"""A page's address that names a withdrawn release answers 410 with day and reason, before the page begins.

The page itself says the same to whoever is in the app already; only here can a program, a crawler or an archive see it.
"""

import re
import time
from urllib.parse import parse_qs

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from access import settings
from access.language import LANGUAGES, _, in_language, negotiate
from data_model.engine import make_engine, open_session
from publishing import open_data, releases
from publishing.open_data import NoSuchRelease
from publishing.web import html
from publishing.web.answers import Answer

LOOKS_EVERY_SECONDS = 1.0
# A page has a name of its own, or none; what Streamlit serves itself lies deeper or has an ending.
_PAGE = re.compile(r"/[A-Za-z_-]*")
_NUMBER = re.compile(r"[0-9]{1,9}")


class WithdrawnPages:
    """Stands before the pages, and answers for them where the release they are asked to show is withdrawn."""

    def __init__(self, app: ASGIApp, engine: Engine, looks_every: float = LOOKS_EVERY_SECONDS) -> None:
        address = settings.public_database()
        self.app = app
        self.engine = make_engine(address) if address else engine
        self.looks_every = looks_every
        self._withdrawn: frozenset[int] = frozenset()
        self._looked_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        number = _named(scope)
        if number is None or number not in await self._gone():
            await self.app(scope, receive, send)
            return
        answer = await run_in_threadpool(self._said, number, language_of(scope))
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _gone(self) -> frozenset[int]:
        if time.monotonic() - self._looked_at >= self.looks_every:
            self._withdrawn = await run_in_threadpool(self._look)
            self._looked_at = time.monotonic()
        return self._withdrawn

    def _look(self) -> frozenset[int]:
        with open_session(self.engine) as session:
            return releases.withdrawn(session)

    def _said(self, number: int, language: str) -> Answer:
        with in_language(language), open_session(self.engine) as session:
            try:
                open_data.open_release(session, number)
            except NoSuchRelease as refused:
                return html.refusal(410, _("This release was withdrawn"), refused.message)
        raise RuntimeError(f"release {number} is no longer withdrawn, which cannot be")


def _named(scope: Scope) -> int | None:
    """Return the release that a page's address names, None for anything else."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or b"release=" not in scope["query_string"]:
        return None
    written = parse_qs(scope["query_string"].decode("latin-1")).get("release", [""])[-1]
    return int(written) if _PAGE.fullmatch(scope["path"]) and _NUMBER.fullmatch(written) else None


def language_of(scope: Scope) -> str:
    """Return the language of the address, else the one the browser likes best."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[-1]
    if asked in LANGUAGES:
        return asked
    liked = [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language"]
    return negotiate(",".join(liked))
