"""The open data routes, `/api/v1/...`. Pure ASGI: what was answered once is sent again without asking anything.

They are read by anybody, from any site, and only read. One look at the database a second tells whether there is a new
release, or one was withdrawn; until then answers are kept in memory, up to a limit, those longest unused going first.
"""

import re
import time
from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from access import settings
from access.language import in_language
from data_model.engine import make_engine, open_session
from data_model.releases import Release
from publishing.open_data import NoSuchRelease
from publishing.web import answers, openapi, resources
from publishing.web.answers import Answer, Content, problem
from publishing.web.limits import RateLimit, counted_as
from publishing.web.parameters import FORMAT, LANGUAGE, LARGEST_NUMBER, Asked, Parameter, ParameterRefused, read

ADDRESS = "/api"
MOST_KEPT_BYTES = 64 * 1024 * 1024
LOOKS_EVERY_SECONDS = 1.0
STATUS = {"release_unknown": 404, "no_release": 404, "release_withdrawn": 410}

_TABLE = re.compile(rf"{resources.ROOT}/({'|'.join([*resources.TABLES, 'releases'])})(?:\.(csv|json))?")
_RELEASE = re.compile(rf"{resources.ROOT}/releases/(latest|[1-9][0-9]{{0,9}})(?:/([A-Za-z0-9.\-]+))?")


class Wanted(NamedTuple):
    """What an address names: a table in a form, a release, one of its files, or the description of all this."""

    kind: str
    name: str = ""
    form: str | None = None
    release: int | None = None


class OpenData:
    """Stands before the pages and answers everything under `/api`, so that nothing of theirs is in its way.

    Among their routes a line end in an address would pass it by, and their compression would change what a strong
    ETag names.
    """

    def __init__(self, app: ASGIApp, api: ASGIApp) -> None:
        self.app = app
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        ours = scope["type"] == "http" and (scope["path"] == ADDRESS or scope["path"].startswith(f"{ADDRESS}/"))
        await (self.api if ours else self.app)(scope, receive, send)


def open_data_api(engine: Engine) -> "Api":
    """Return the routes of open data, on the public's own database role where the operator made one."""
    address = settings.public_database()
    return Api(make_engine(address) if address else engine, RateLimit(settings.api_requests_per_minute()))


class Api:
    """Answers everything under `/api` from the released tables of one database."""

    def __init__(self, engine: Engine, limit: RateLimit, looks_every: float = LOOKS_EVERY_SECONDS) -> None:
        self.engine = engine
        self.limit = limit
        self.looks_every = looks_every
        self._kept: OrderedDict[tuple[object, ...], Answer] = OrderedDict()
        self._kept_bytes = 0
        self._state: object = None
        self._looked_at = float("-inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = scope["method"]
        accept, has_already, packed = "", "", False
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = f"{accept},{value.decode('latin-1')}" if accept else value.decode("latin-1")
            elif name == b"if-none-match":
                has_already = value.decode("latin-1")
            elif name == b"accept-encoding":
                packed = takes_gzip(value.decode("latin-1"))
        answer = await self._answer(scope, method, accept, packed)
        if has_already and answer.etag and _matches(has_already, answer.etag):
            answer = answers.unchanged(answer)
        # A list of its own: what stands around adds to it.
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})

    async def _answer(self, scope: Scope, method: str, accept: str, packed: bool) -> Answer:
        client = scope.get("client")
        wait = self.limit.wait(counted_as(client[0] if client else ""))
        if wait:
            detail = f"You ask too often. Ask again in {wait} s, or take a whole release as one file."
            return problem(429, detail, headers=[("retry-after", str(wait))], code="too_many_requests")
        if method == "OPTIONS":
            return answers.preflight()
        if method not in ("GET", "HEAD"):
            detail = "These addresses are for reading: use GET."
            return problem(405, detail, headers=[("allow", answers.METHODS)], code="method_not_allowed")
        try:
            if time.monotonic() - self._looked_at >= self.looks_every:
                self._state = await run_in_threadpool(self._look)
                self._looked_at = time.monotonic()
            key = (self._state, scope["path"], scope["query_string"], accepted(accept), packed)
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            made = await run_in_threadpool(self._made, scope["path"], scope["query_string"], accepted(accept))
            made = answers.packed(made) if packed else made
        except DBAPIError:
            detail = "The database cannot be reached at the moment. Ask again in a minute."
            return problem(503, detail, headers=[("retry-after", "60")], code="unavailable")
        if made.etag:
            self._keep(key, made)
        return made

    def _look(self) -> object:
        """Return what changes when a release is made or withdrawn."""
        query = sa.select(
            sa.func.count(col(Release.id)), sa.func.max(col(Release.id)), sa.func.count(col(Release.withdrawn_at))
        )
        with open_session(self.engine) as session:
            return tuple(session.connection().execute(query).one())

    def _keep(self, key: tuple[object, ...], answer: Answer) -> None:
        self._kept[key] = answer
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _gone, old = self._kept.popitem(last=False)
            self._kept_bytes -= len(old.body)

    def _made(self, path: str, query: bytes, accepts: frozenset[str]) -> Answer:
        """Return a new answer; a refusal where there is nothing to say."""
        wanted = find(path)
        if wanted is None:
            detail = f"There is nothing at this address. What there is: {resources.OPENAPI}"
            return problem(404, detail, code="address_unknown")
        try:
            if wanted.kind == "description":
                read(query, ())
                return answers.ready(Content(answers.JSON, openapi.document_bytes()), None)
            return self._from_database(wanted, query, accepts)
        except ParameterRefused as refused:
            return problem(422, refused.message, code=refused.code)
        except NoSuchRelease as refused:
            gone = {"withdrawn_at": refused.withdrawn_at, "reason": refused.reason} if refused.withdrawn_at else {}
            return problem(STATUS[refused.code], refused.message, headers=(), code=refused.code, **gone)

    def _from_database(self, wanted: Wanted, query: bytes, accepts: frozenset[str]) -> Answer:
        asked = read(query, _parameters(wanted))
        if wanted.release is not None:
            asked = Asked({**asked.values, "release": wanted.release}, asked.lists)
        form = wanted.form or asked.format or next((one for one in ("json", "csv") if one in accepts), None)
        if form is None and wanted.kind in ("table", "releases"):
            detail = "This can be had as application/json and as text/csv."
            return problem(406, detail, code="not_acceptable")
        # One reading transaction: whether the release is public and what it holds are of the same moment.
        with open_session(self.engine) as session, in_language(asked.language):
            release, content = _content(session, wanted, asked, form or "json")
        return answers.ready(content, release)


def find(path: str) -> Wanted | None:
    """Return what an address names, None for nothing."""
    if path == resources.OPENAPI:
        return Wanted("description")
    table = _TABLE.fullmatch(path)
    if table is not None:
        kind = "releases" if table[1] == "releases" else "table"
        return Wanted(kind, table[1], table[2])
    release = _RELEASE.fullmatch(path)
    if release is None or (release[2] is not None and release[2] not in resources.FILES):
        return None
    number = None if release[1] == "latest" else int(release[1])
    if number is not None and number > LARGEST_NUMBER:
        return None
    return Wanted("file" if release[2] else "release", release[2] or "", release=number)


@lru_cache(maxsize=512)
def takes_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip."""
    for part in header.lower().split(","):
        coding, *options = [piece.strip() for piece in part.split(";")]
        if coding == "gzip":
            return not any(re.fullmatch(r"q=0(\.0*)?", option) for option in options)
    return False


@lru_cache(maxsize=512)
def accepted(header: str) -> frozenset[str]:
    """Return which of our forms an Accept header takes (RFC 9110, 12.5.1): the best of them first in our order.

    Where it prefers one of two, only that one is returned.
    """
    if not header.strip():
        return frozenset(("json", "csv"))
    quality = {"json": _quality(header, "application", "json"), "csv": _quality(header, "text", "csv")}
    best = max(quality.values())
    return frozenset(form for form, found in quality.items() if found == best and found > 0)


def _quality(header: str, main: str, sub: str) -> float:
    """Return how much a media type is wanted: the most exact of the ranges that name it counts."""
    found, exactness = 0.0, -1
    for part in header.split(","):
        media, *options = [piece.strip().lower() for piece in part.split(";")]
        precise = {f"{main}/{sub}": 2, f"{main}/*": 1, "*/*": 0}.get(media, -1)
        if precise < exactness or precise < 0:
            continue
        named = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            found, exactness = float(named), precise
        except ValueError:
            found, exactness = 0.0, precise
    return found


def _matches(has_already: str, etag: bytes) -> bool:
    """Whether If-None-Match names the answer; a weak mark is as good as a strong one here (RFC 9110, 13.1.2)."""
    if has_already.strip() == "*":
        return True
    return etag.decode() in [one.strip().removeprefix("W/") for one in has_already.split(",")]


def _parameters(wanted: Wanted) -> tuple[Parameter, ...]:
    if wanted.kind == "table":
        return resources.TABLES[wanted.name].parameters
    return (FORMAT,) if wanted.kind == "releases" else (LANGUAGE,)


def _content(session: Session, wanted: Wanted, asked: Asked, form: str) -> tuple[int | None, Content]:
    if wanted.kind == "table":
        return resources.TABLES[wanted.name].answer(session, asked, form)
    if wanted.kind == "releases":
        return None, resources.release_list(session, asked, form)
    if wanted.kind == "release":
        return resources.one_release(session, asked)
    return resources.file_of_release(session, asked, wanted.name)
