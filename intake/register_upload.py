"""A register of schools or enrolments brought as a file: `PUT /register/files?table=schools&within=KZ&name=...`.

It is read as progress files are (encodings, delimiters, workbooks, what is no table) and given back as the text that is
looked at before anything is changed. Nothing of it is kept.
"""

import asyncio
import csv
import io
import json
from collections.abc import Sequence

from sqlalchemy.engine import Engine
from sqlmodel import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from access.administration import enrolments, schools
from access.administration.register_file import LARGEST_TEXT, MOST_ROWS
from access.language import _, in_language
from access.permissions import Action, require
from access.refusal import Refusal
from access.sessions import COOKIE, account_for
from access.web.guard import is_same_origin
from data_model.engine import open_session
from data_model.registry import Initiative
from data_model.submissions import Severity
from intake.finding_list import FindingList
from intake.findings import message
from intake.options import Options
from intake.refusal import Refused
from intake.sources import open_source
from intake.staging import people
from intake.staging.route import OTHER_SITE, STATUS, Clock, answer, asked_language, let_finish, now

ADDRESS = "/register/files"
MOST_BYTES = 12_000_000  # of a workbook too: unfolded it may be no longer than a pasted text
COLUMNS = {"schools": schools.COLUMNS, "enrolments": enrolments.COLUMNS}
AT_ONCE = 2  # files that are held in memory; another one waits, and its sender with it
BROKEN_NAMED = 5


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
        """Read a file. Answers `{"draft": what `brought` reads}`, or `{"error": code, "message": text}`."""
        with in_language(asked_language(request)):
            try:
                if not is_same_origin(request.headers):
                    raise Refused("other_site", _(OTHER_SITE))
                table, within = request.query_params.get("table", ""), request.query_params.get("within", "")
                country = await run_in_threadpool(self._country, request.cookies.get(COOKIE), table, within)
                async with self._held:
                    content = await _content(request)
                    said = await run_in_threadpool(read_register, content, COLUMNS[table], country)
            except ClientDisconnect:
                return Response(status_code=499)  # nobody is there to read it
            except Refusal as refused:
                await let_finish(request)
                return answer(refused.as_json(), STATUS.get(refused.code, 422))
        return answer({"draft": said}, 201)

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


def read_register(content: bytes, columns: Sequence[str], country: str) -> str:
    """Return a file's rows as a text for the register and what to know about it, as `brought` reads them.

    The lines of the text are the rows of the file. Raises Refused with all that keeps it from being read.
    """
    findings = FindingList()
    if _holds_addresses(content):
        raise Refused("personal_data", message("personal_data", "", "", {}))

    def known_names(record: Sequence[str]) -> int:
        return sum("_".join(cell.strip().lower().split()) in columns for cell in record)

    source = open_source(content, Options(), country, known_names, findings)
    rows: list[list[str]] = []
    broken: list[int] = []
    for records, wrong in source.records():
        broken += [len(rows) + place + 1 for place in wrong]
        rows += [list(record) for record in records]
        if len(rows) > MOST_ROWS + 1:
            raise Refused("too_many_rows", _("{count} lines at most at a time.").format(count=MOST_ROWS))
    if broken:
        named = ", ".join(map(str, broken[:BROKEN_NAMED])) + (" …" if len(broken) > BROKEN_NAMED else "")
        text = _("A quotation mark is opened and not closed as it should be, in these rows: {rows}")
        raise Refused("quote_never_closed", text.format(rows=named))
    told = [message(one.code, one.column, one.value, one.details) for one in findings]
    if findings.has_errors:
        wrong_with_it = [one.code for one in findings if one.severity is Severity.ERROR]
        raise Refused(wrong_with_it[0], " ".join(told))
    return json.dumps({"text": _as_text(rows), "notes": told}, ensure_ascii=False)


def brought(said: str) -> tuple[str, list[str]]:
    """Return the text and what to know about the file, from what `read_register` wrote."""
    document = json.loads(said)
    return str(document["text"]), [str(note) for note in document["notes"]]


def _as_text(rows: list[list[str]]) -> str:
    """Return the rows as CSV, each as wide as the names of the columns: a sheet is as wide as anybody ever wrote."""
    width = len(rows[0]) if rows else 0
    while width and not rows[0][width - 1].strip():
        width -= 1
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows:
        beyond = [cell for cell in row[width:] if cell.strip()]
        writer.writerow([*row[:width], *[""] * (width - len(row)), *beyond])
    if text.tell() > LARGEST_TEXT:
        raise Refused("file_too_large", _("The text is too long: give it in parts."))
    return text.getvalue()


def _holds_addresses(content: bytes) -> bool:
    if people.is_workbook(content):
        return people.workbook_holds_address(content)
    return people.AddressWatch(content[: people.HEAD_BYTES]).sees_address(content)


async def _content(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BYTES:
            limit = f"{MOST_BYTES // 1_000_000} MB"
            raise Refused("file_too_large", message("file_too_large", "", "", {"limit": limit}))
    return bytes(content)
