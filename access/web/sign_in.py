"""The routes to sign in and out, and the server's health. Everything a browser needs comes back as a cookie."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from access import accounts, settings
from access.language import LANGUAGES, _, in_language, negotiate
from access.sessions import COOKIE, account_for, end_session, start_session
from access.web.guard import HEALTH, is_same_origin
from access.web.headers import comes_by_https
from access.web.page import ADDRESS, HEADERS, safe_return, sign_in_page
from data_model.engine import open_session, schema_state
from data_model.people import Account

LARGEST_FORM = 16 * 1024
HEALTH_HOLDS_SECONDS = 5.0

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def routes(engine: Engine, clock: Clock = now) -> list[Route]:
    """Return the routes of the door: `/account/login`, `/account/logout` and `/health`."""
    door = Door(engine, clock)
    return [
        Route(ADDRESS, door.show, methods=["GET"]),
        Route(ADDRESS, door.sign_in, methods=["POST"]),
        Route("/account/logout", door.sign_out, methods=["POST"]),
        Route(HEALTH, Health(engine).answer, methods=["GET"]),
    ]


def is_signed_in(engine: Engine, cookie: str | None, clock: Clock = now) -> bool:
    """Return whether the cookie's value belongs to somebody who is signed in now."""
    with open_session(engine) as session:
        return account_for(session, cookie, clock()).signed_in


class Door:
    """Signing in and out on one database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock

    async def show(self, request: Request) -> Response:
        """Answer with the page to sign in on; somebody who is signed in goes straight on."""
        return_to = safe_return(request.query_params.get("next"))
        if await run_in_threadpool(is_signed_in, self.engine, request.cookies.get(COOKIE), self.clock):
            return _go_to(return_to)
        return _page(request, return_to)

    async def sign_in(self, request: Request) -> Response:
        """Sign in whoever brings the right password, and send them back to where they came from."""
        return_to = safe_return(request.query_params.get("next"))
        if not is_same_origin(request.headers):
            return PlainTextResponse("This form was sent from another site.\n", 403)
        form = await _small_form(request)
        if form is None:
            return PlainTextResponse("The form is too large.\n", 413, headers={"connection": "close"})
        email, password = form.get("username", ""), form.get("password", "")
        try:
            cookie = await run_in_threadpool(self._open, email, password, request.cookies.get(COOKIE))
        except OperationalError:
            return _page(request, return_to, email=email, busy=True)
        if cookie is None:
            return _page(request, return_to, email=email, wrong=True)
        answer = _go_to(_in_their_language(return_to, request))
        answer.set_cookie(
            COOKIE,
            cookie,
            max_age=int(settings.session_lifetime().total_seconds()),
            path="/",
            secure=comes_by_https(request.scope, settings.always_https()),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser and send it to the start page, or to `next`."""
        if not is_same_origin(request.headers):
            return PlainTextResponse("This form was sent from another site.\n", 403)
        await run_in_threadpool(self._close, request.cookies.get(COOKIE))
        answer = _go_to(safe_return(request.query_params.get("next")))
        answer.delete_cookie(
            COOKIE,
            path="/",
            secure=comes_by_https(request.scope, settings.always_https()),
            httponly=True,
            samesite="lax",
        )
        return answer

    def _open(self, email: str, password: str, brought: str | None) -> str | None:
        """Return a new session's cookie, or None. The password is tried before the one write lock is taken."""
        with open_session(self.engine) as session:
            attempt = accounts.try_password(session, email, password)
        if attempt.account_id is None:
            return None
        at = self.clock()
        with open_session(self.engine, write=True) as session:
            account: Account | None = accounts.settle(session, attempt, at=at)
            cookie = None
            if account is not None:
                if attempt.outdated_hash:
                    accounts.renew_hash(account, password)
                cookie = start_session(session, account, at=at, replaces=brought)
            session.commit()
        return cookie

    def _close(self, cookie: str | None) -> None:
        with open_session(self.engine, write=True) as session:
            end_session(session, cookie, at=self.clock())
            session.commit()


class Health:
    """Whether the server can do its work: its database answers and has the schema the code was written for."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.looked_at = float("-inf")
        self.state = "unreachable"

    async def answer(self, _request: Request) -> Response:
        """Answer 200, or 503 with what is wrong. Looks at the database at most every few seconds."""
        if time.monotonic() - self.looked_at > HEALTH_HOLDS_SECONDS:
            self.state = await run_in_threadpool(self._look)
            self.looked_at = time.monotonic()
        healthy = self.state == "current"
        content = {"status": "ok" if healthy else "failing", "database": self.state}
        return JSONResponse(content, 200 if healthy else 503, headers={"cache-control": "no-store"})

    def _look(self) -> str:
        try:
            return schema_state(self.engine)
        except DBAPIError:
            return "unreachable"


def _page(request: Request, return_to: str, *, email: str = "", wrong: bool = False, busy: bool = False) -> Response:
    with in_language(_language(request)):
        problem = ""
        if wrong:
            problem = _(
                "This e-mail and password do not open an account. After several wrong passwords an account stays "
                "closed for a while, also to the right one."
            )
        elif busy:
            problem = _("The database is busy at the moment. Please try again in a minute.")
        text = sign_in_page(return_to=return_to, email=email[:320], problem=problem)
    return HTMLResponse(text, 401 if wrong else 503 if busy else 200, headers=HEADERS)


def _language(request: Request) -> str:
    asked_for = request.query_params.get("lang", "")
    return asked_for if asked_for in LANGUAGES else negotiate(request.headers.get("accept-language"))


def _in_their_language(return_to: str, request: Request) -> str:
    """Return the address with the language chosen on the sign-in page, where it names none itself."""
    asked_for = request.query_params.get("lang", "")
    parts = urlsplit(return_to)
    if asked_for not in LANGUAGES or "lang" in parse_qs(parts.query):
        return return_to
    query = "&".join(part for part in (parts.query, urlencode({"lang": asked_for})) if part)
    return parts._replace(query=query).geturl()


def _go_to(address: str) -> Response:
    return RedirectResponse(address, 303, headers={"cache-control": "no-store"})


async def _small_form(request: Request) -> dict[str, str] | None:
    """Return the form's fields, or None when it is larger than any of ours: what is sent is never piled up."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}
