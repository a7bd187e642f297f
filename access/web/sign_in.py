"""The routes to sign in and out, and the server's health. Everything a browser needs comes back as a cookie."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from access import accounts
from access.language import LANGUAGES, N_, _, in_language
from access.oidc.refusal import REASONS
from access.sessions import COOKIE, account_for, end_session, start_session
from access.web.forms import drop_session_cookie, go_to, language_of, posted_form, set_session_cookie
from access.web.guard import HEALTH
from access.web.page import ADDRESS, HEADERS, safe_return, sign_in_page
from data_model.engine import open_session, schema_state
from data_model.people import Account

HEALTH_HOLDS_SECONDS = 5.0
WRONG = N_(
    "This e-mail and password do not open an account. After several wrong passwords an account stays "
    "closed for a while, also to the right one."
)
BUSY = N_("The database is busy at the moment. Please try again in a minute.")
# What the page is told to say, by a word in its address. Nothing else can be put there.
NOTICES = {"password_set": N_("Your password is set. Sign in with it now.")}

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def routes(engine: Engine, clock: Clock = now, provider_name: str = "") -> list[Route]:
    """Return the routes of the door: `/account/login`, `/account/logout` and `/health`."""
    door = Door(engine, clock, provider_name)
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
    """Signing in and out on one database. `provider_name` is the identity provider's, where one is asked too."""

    def __init__(self, engine: Engine, clock: Clock, provider_name: str = "") -> None:
        self.engine = engine
        self.clock = clock
        self.provider_name = provider_name

    async def show(self, request: Request) -> Response:
        """Answer with the page to sign in on; somebody who is signed in goes straight on."""
        return_to = safe_return(request.query_params.get("next"))
        if await run_in_threadpool(is_signed_in, self.engine, request.cookies.get(COOKIE), self.clock):
            return go_to(return_to)
        said = request.query_params.get("said", "")
        return self._page(request, return_to, problem=REASONS.get(said, ""), notice=NOTICES.get(said, ""))

    async def sign_in(self, request: Request) -> Response:
        """Sign in whoever brings the right password, and send them back to where they came from."""
        return_to = safe_return(request.query_params.get("next"))
        form = await posted_form(request)
        if isinstance(form, Response):
            return form
        email, password = form.get("username", ""), form.get("password", "")
        try:
            cookie = await run_in_threadpool(self._open, email, password, request.cookies.get(COOKIE))
        except OperationalError:
            return self._page(request, return_to, email=email, problem=BUSY, status=503)
        if cookie is None:
            return self._page(request, return_to, email=email, problem=WRONG, status=401)
        answer = go_to(in_their_language(return_to, request.query_params.get("lang", "")))
        set_session_cookie(answer, request, cookie)
        return answer

    async def sign_out(self, request: Request) -> Response:
        """End the session of this browser and send it to the start page, or to `next`."""
        form = await posted_form(request)
        if isinstance(form, Response):
            return form
        await run_in_threadpool(self._close, request.cookies.get(COOKIE))
        answer = go_to(safe_return(request.query_params.get("next")))
        drop_session_cookie(answer, request)
        return answer

    def _page(
        self, request: Request, return_to: str, *, email: str = "", problem: str = "", notice: str = "",
        status: int = 200,
    ) -> Response:  # fmt: skip
        with in_language(language_of(request)):
            text = sign_in_page(
                return_to=return_to,
                email=email[:320],
                problem=_(problem) if problem else "",
                wrong=problem == WRONG,
                notice=_(notice) if notice else "",
                provider=self.provider_name,
            )
        return HTMLResponse(text, status, headers=HEADERS)

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


def in_their_language(return_to: str, asked_for: str) -> str:
    """Return the address with the language chosen on the sign-in page, where it names none itself."""
    parts = urlsplit(return_to)
    if asked_for not in LANGUAGES or "lang" in parse_qs(parts.query):
        return return_to
    query = "&".join(part for part in (parts.query, urlencode({"lang": asked_for})) if part)
    return parts._replace(query=query).geturl()
