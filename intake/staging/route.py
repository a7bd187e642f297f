"""The route by which files come in: `PUT /intake/files?initiative=KEY&name=...`, the file as the request's body.

The body is read as it comes, in bounded memory. What may not be kept is known before anything reaches the disk: a
text's beginning is looked at first and then every piece of it, a workbook is held in memory until all its texts were.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from access.language import LANGUAGES, N_, _, in_language, negotiate
from access.permissions import Action, require
from access.refusal import NotAllowed, Refusal
from access.sessions import COOKIE, account_for
from access.web.guard import is_same_origin
from data_model.engine import open_session
from intake.findings import message
from intake.refusal import Refused
from intake.sources import MOST_CSV_BYTES, MOST_XLSX_BYTES
from intake.staging import drafts, jobs, people
from intake.staging.drafts import Draft, Receiving
from intake.staging.user_export import counted_workbook, receive_user_export
from intake.user_export.counting import CountedExport

ADDRESS = "/intake/files"
PIECE = 1 << 20
# What one person may have here at a time. Older drafts make room for a new one.
MOST_TRANSFERS, MOST_DRAFTS = 3, 10
# Workbooks that are held in memory at a time; another one waits, and its sender with it.
WORKBOOKS_AT_ONCE = 2
ROOM_LEFT = 1_000_000_000  # bytes that a file must leave free on the disk
STATUS = {
    "other_site": 403, "not_signed_in": 401, "not_allowed": 403, "file_too_large": 413, "personal_data": 422,
    "too_many_files": 429, "no_room": 507,
}  # fmt: skip
OTHER_SITE = N_("This file was sent from another site.")
TOO_MANY = N_("You are sending several files already. Wait until one of them has arrived.")
NO_ROOM = N_("There is no room for this file on the server. Ask its operator to make some.")

Clock = Callable[[], datetime]
Pieces = AsyncIterator[bytes]


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def routes(engine: Engine, folder: Path, clock: Clock = now) -> list[Route]:
    """Return the route by which files come into the staging folder."""
    return [Route(ADDRESS, Files(engine, folder, clock).receive, methods=["PUT"])]


class Files:
    """Files that come in, for drafts of the people of one database."""

    def __init__(self, engine: Engine, folder: Path, clock: Clock) -> None:
        self.engine = engine
        self.folder = folder
        self.clock = clock
        self._coming: Counter[int] = Counter()
        self._workbooks = asyncio.Semaphore(WORKBOOKS_AT_ONCE)

    async def receive(self, request: Request) -> Response:
        """Take a file in. Answers `{"draft": token}`, or `{"error": code, "message": text}` and keeps nothing."""
        with in_language(asked_language(request)):
            try:
                draft = await self._received(request)
            except ClientDisconnect:
                return Response(status_code=499)  # nobody is there to read it
            except Refusal as refused:
                await let_finish(request)
                return answer(refused.as_json(), STATUS.get(refused.code, 403))
        return answer({"draft": draft.token}, 201)

    async def _received(self, request: Request) -> Draft:
        if not is_same_origin(request.headers):
            raise Refused("other_site", _(OTHER_SITE))
        initiative = request.query_params.get("initiative", "")
        account_id = await run_in_threadpool(self._sender, request.cookies.get(COOKIE), initiative)
        _refuse_announced_size(request)
        with self._turn(account_id):
            pieces = _pieces(request)
            head = await anext(pieces, b"")
            received: Receiving | CountedExport
            if people.is_workbook(head):
                async with self._workbooks:
                    received = await self._workbook(head, pieces)
            elif people.holds_user_export(head):
                received = await receive_user_export(head, pieces)
            else:
                received = await self._text(head, pieces)
            return await run_in_threadpool(
                self._finish, received, account_id, initiative, request.query_params.get("name", "")
            )

    def _sender(self, cookie: str | None, initiative: str) -> int:
        """Return whose cookie this is. Raises NotAllowed unless they may submit to the initiative."""
        at = self.clock()
        with open_session(self.engine) as session:
            who = account_for(session, cookie, at)
            require(session, who, Action.SUBMIT, initiative=initiative, at=at)
            if who.account_id is None:
                raise NotAllowed("not_signed_in", _("Sign in first."))
            return who.account_id

    @contextmanager
    def _turn(self, account_id: int) -> Iterator[None]:
        """Count the file as one that comes from this person. Raises Refused when there are enough of them."""
        if self._coming[account_id] >= MOST_TRANSFERS:
            raise Refused("too_many_files", _(TOO_MANY))
        self._coming[account_id] += 1
        try:
            yield
        finally:
            self._coming[account_id] -= 1
            self._coming += Counter()  # forgets who has none

    async def _text(self, head: bytes, pieces: Pieces) -> Receiving:
        """Write a delimited text while it comes, each piece after it was looked at."""
        watch = people.AddressWatch(head)
        receiving: Receiving | None = None
        try:
            piece: bytes | None = head
            while piece is not None:
                if await run_in_threadpool(watch.sees_address, piece):
                    raise _personal_data()
                if receiving is None:
                    receiving = await run_in_threadpool(self._begin)
                await run_in_threadpool(receiving.write, piece)
                if receiving.size > MOST_CSV_BYTES:
                    raise _too_large("200 MB")
                piece = await anext(pieces, None)
        except BaseException:
            if receiving is not None:
                receiving.abandon()
            raise
        assert receiving is not None
        return receiving

    async def _workbook(self, head: bytes, pieces: Pieces) -> Receiving | CountedExport:
        """Hold a workbook in memory until its texts were looked at, then write it; of users' exports, only count."""
        content = bytearray(head)
        async for piece in pieces:
            content += piece
            if len(content) > MOST_XLSX_BYTES:
                raise _too_large("50 MB")
        whole = bytes(content)
        content.clear()
        counted = await run_in_threadpool(counted_workbook, whole)
        if counted is not None:
            return counted
        if await run_in_threadpool(people.workbook_holds_address, whole):
            raise _personal_data()
        receiving = await run_in_threadpool(self._begin)
        try:
            await run_in_threadpool(receiving.write, whole)
        except BaseException:
            receiving.abandon()
            raise
        return receiving

    def _begin(self) -> Receiving:
        receiving = Receiving(self.folder)
        if shutil.disk_usage(self.folder).free < ROOM_LEFT:
            receiving.abandon()
            raise Refused("no_room", _(NO_ROOM))
        return receiving

    def _finish(self, received: Receiving | CountedExport, account_id: int, initiative: str, name: str) -> Draft:
        for old in drafts.of_account(self.folder, account_id)[: -(MOST_DRAFTS - 1)]:
            if not any(job.open for job in jobs.about(self.folder, old.token)):
                drafts.discard(old)
        if isinstance(received, CountedExport):
            return drafts.create_counted(
                self.folder, received, account_id=account_id, initiative=initiative, file_name=name, at=self.clock()
            )
        return received.finish(account_id=account_id, initiative=initiative, file_name=name, at=self.clock())


async def _pieces(request: Request) -> Pieces:
    """Yield the body in pieces: the first is long enough to recognise the file by, none is long."""
    gathered, enough = bytearray(), people.HEAD_BYTES
    async for chunk in request.stream():
        gathered += chunk
        if len(gathered) >= enough:
            yield bytes(gathered)
            gathered.clear()
            enough = PIECE
    if gathered:
        yield bytes(gathered)


async def let_finish(request: Request) -> None:
    """Read what a refused sender still sends, up to twice a large file: a browser listens only afterwards."""
    left = 2 * MOST_CSV_BYTES
    try:
        async for chunk in request.stream():
            left -= len(chunk)
            if left < 0:
                return
    except (ClientDisconnect, RuntimeError):  # gone, or read to its end
        return


def _refuse_announced_size(request: Request) -> None:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MOST_CSV_BYTES:
        raise _too_large("200 MB")


def _too_large(limit: str) -> Refused:
    return Refused("file_too_large", message("file_too_large", "", "", {"limit": limit}))


def _personal_data() -> Refused:
    return Refused("personal_data", message("personal_data", "", "", {}))


def asked_language(request: Request) -> str:
    """Return the language in which the sender is spoken to."""
    asked_for = request.query_params.get("lang", "")
    return asked_for if asked_for in LANGUAGES else negotiate(request.headers.get("accept-language"))


def answer(said: dict[str, str], status: int) -> JSONResponse:
    """Return an answer that nobody keeps."""
    headers = {"cache-control": "no-store"}
    if status >= 400:
        headers["connection"] = "close"  # of a refused body, not all may have been read
    return JSONResponse(said, status, headers=headers)
