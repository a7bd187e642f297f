"""The open data routes, `/api/v1/...`, read by anybody, from any site."""

import re
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy.engine import Engine
from sqlmodel import Session
from starlette.types import ASGIApp, Receive, Scope, Send

from access import settings
from access.language import in_language
from data_model.engine import make_engine, open_session
from publishing.open_data import NoSuchRelease
from publishing.web import answers, openapi, resources
from publishing.web.answering import Answering
from publishing.web.answers import Answer, Content, problem
from publishing.web.limits import RateLimit
from publishing.web.parameters import FORMAT, LANGUAGE, LARGEST_NUMBER, Asked, Parameter, ParameterRefused, read

ADDRESS = "/api"
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


class Api(Answering):
    """Answers everything under `/api` from the released tables of one database."""

    def wished(self, header: str) -> str:
        """Return which of our forms an Accept header takes."""
        return accepted(header)

    def made(self, path: str, query: bytes, wish: str) -> Answer:
        """Return a new answer; a refusal where there is nothing to say."""
        wanted = find(path)
        if wanted is None:
            detail = f"There is nothing at this address. What there is: {resources.OPENAPI}"
            return problem(404, detail, code="address_unknown")
        try:
            if wanted.kind == "description":
                read(query, ())
                return answers.ready(Content(answers.JSON, openapi.document_bytes()), None)
            return self._from_database(wanted, query, wish.split())
        except ParameterRefused as refused:
            return problem(refused.status, refused.message, code=refused.code)
        except NoSuchRelease as refused:
            gone = {"withdrawn_at": refused.withdrawn_at, "reason": refused.reason} if refused.withdrawn_at else {}
            return problem(STATUS[refused.code], refused.message, headers=(), code=refused.code, **gone)

    def _from_database(self, wanted: Wanted, query: bytes, accepts: list[str]) -> Answer:
        asked = read(query, _parameters(wanted))
        if wanted.release is not None:
            asked = Asked({**asked.values, "release": wanted.release}, asked.lists)
        if wanted.form is not None:  # the links to the other pages lead to the same form
            asked = Asked({**asked.values, "format": wanted.form}, asked.lists)
        form = asked.format or next(iter(accepts), None)
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
def accepted(header: str) -> str:
    """Return which of our forms an Accept header takes (RFC 9110, 12.5.1), in our order; "" for none.

    Where it prefers one of two, only that one is returned.
    """
    if not header.strip():
        return "json csv"
    quality = {"json": _quality(header, "application", "json"), "csv": _quality(header, "text", "csv")}
    best = max(quality.values())
    return " ".join(form for form, found in quality.items() if found == best and found > 0)


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


def _parameters(wanted: Wanted) -> tuple[Parameter, ...]:
    """Return what may be asked at an address; one that names the form has no parameter for it."""
    if wanted.kind not in ("table", "releases"):
        return (LANGUAGE,)
    known = resources.TABLES[wanted.name].parameters if wanted.kind == "table" else (FORMAT,)
    return tuple(one for one in known if wanted.form is None or one is not FORMAT)


def _content(session: Session, wanted: Wanted, asked: Asked, form: str) -> tuple[int | None, Content]:
    if wanted.kind == "table":
        return resources.TABLES[wanted.name].answer(session, asked, form)
    if wanted.kind == "releases":
        return None, resources.release_list(session, asked, form)
    if wanted.kind == "release":
        return resources.one_release(session, asked)
    return resources.file_of_release(session, asked, wanted.name)
