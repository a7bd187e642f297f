"""A register of schools or enrolments brought as a file: `PUT /register/files?table=schools&within=KZ&name=...`.

It is read as progress files are (encodings, delimiters, workbooks, what is no table) and given back as the text that is
looked at before anything is changed. Nothing of it is kept.
"""

import asyncio

from sqlalchemy.engine import Engine
from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from access.administration import enrolments, schools
from access.language import _, in_language
from access.permissions import Action, require
from access.refusal import Refusal
from access.sessions import COOKIE, account_for
from access.web.guard import is_same_origin
from data_model.engine import open_session
from data_model.registry import Initiative
from intake.findings import message
from intake.refusal import Refused
from intake.register_reading import read_register
from intake.staging.route import OTHER_SITE, STATUS, Clock, answer, asked_language, let_finish, now

ADDRESS = "/register/files"
MOST_BYTES = 12_000_000  # of a workbook too: unfolded it may be no longer than a pasted text
COLUMNS = {"schools": schools.COLUMNS, "enrolments": enrolments.COLUMNS}
AT_ONCE = 2  # files that are held in memory; another one waits, and its sender with it


def routes(engine: Engine, clock: Clock = now) -> list[Route]:
    """Return the route by which registers come in."""
    return [Route(ADDRESS, Registers(engine, clock).receive, methods=["PUT"])]


class Registers:
    """Registers that come in, for those who administer where they belong."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self._held = asyncio.Semaphore(AT_ONCE)

    async def receive(self, request: Request) -> Response:
        """Read a file. Answers `{"draft": RegisterRead as JSON}`, or `{"error": code, "message": text}`."""
        with in_language(asked_language(request)):
            try:
                if not is_same_origin(request.headers):
                    raise Refused("other_site", _(OTHER_SITE))
                table, within = request.query_params.get("table", ""), request.query_params.get("within", "")
                country = await run_in_threadpool(self._country, request.cookies.get(COOKIE), table, within)
                async with self._held:
                    content = await _content(request)
                    read = await run_in_threadpool(read_register, content, COLUMNS[table], country)
            except ClientDisconnect:
                return Response(status_code=499)  # nobody is there to read it
            except Refusal as refused:
                await let_finish(request)
                return answer(refused.as_json(), STATUS.get(refused.code, 422))
        return answer({"draft": read.as_json()}, 201)

    def _country(self, cookie: str | None, table: str, within: str) -> str:
        """Return the country the file is from. Raises NotAllowed unless its sender administers what it is about."""
        at = self.clock()
        with open_session(self.engine) as session:
            who = account_for(session, cookie, at)
            if table == "schools":
                require(session, who, Action.ADMINISTER, country=within, at=at)
                return within
            require(session, who, Action.ADMINISTER, initiative=within if table in COLUMNS else "", at=at)
            return session.exec(select(Initiative.country).where(Initiative.key == within)).one()


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            limit = f"{MOST_BYTES // 1_000_000} MB"
            raise Refused("file_too_large", message("file_too_large", "", "", {"limit": limit}))
    return bytes(content)
