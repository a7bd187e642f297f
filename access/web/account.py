"""The plain pages about one's own account: `/account`, and `/account/link/...` to set a password from a link.

They are no pages of Streamlit: what they do sends cookies, and a link is opened by somebody who cannot sign in yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from access import accounts, invitations, own_account
from access.accounts import Attempt
from access.identity import Identity
from access.language import LANGUAGES, N_, _, in_language
from access.refusal import AccountRefused, NotAllowed
from access.sessions import COOKIE, account_for
from access.web import account_page
from access.web.account_page import OWN, Shown
from access.web.forms import go_to, language_of, posted_form, set_session_cookie
from access.web.page import ADDRESS, HEADERS
from access.web.sign_in import BUSY, Clock, now
from data_model.engine import open_session

# A link is a password for a while: its address goes to no other page, not even one of this site.
LINK_HEADERS = {**HEADERS, "referrer-policy": "no-referrer"}
DIFFERENT = N_("The two new passwords differ. Nothing was done.")


@dataclass(frozen=True)
class Asked:
    """What a form of one's own account asks for: by whom, from which session, and with which password."""

    who: Identity
    form: Mapping[str, str]
    here: str | None
    attempt: Attempt | None
    at: datetime


Deed = Callable[[Session, Asked], str | None]


def routes(engine: Engine, clock: Clock = now, provider_name: str = "") -> list[Route]:
    """Return the routes of one's own account and of links to set a password."""
    pages = OwnAccount(engine, clock, provider_name)
    links = Links(engine, clock)
    link = f"{invitations.PATH}{{token}}"
    return [
        Route(OWN, pages.show, methods=["GET"]),
        Route(f"{OWN}/profile", pages.change_profile, methods=["POST"]),
        Route(f"{OWN}/password", pages.change_password, methods=["POST"]),
        Route(f"{OWN}/sessions", pages.end_sessions, methods=["POST"]),
        Route(link, links.show, methods=["GET"]),
        Route(link, links.set_password, methods=["POST"]),
    ]


class OwnAccount:
    """What somebody who is signed in sees and changes of their account."""

    def __init__(self, engine: Engine, clock: Clock, provider_name: str) -> None:
        self.engine = engine
        self.clock = clock
        self.provider_name = provider_name

    async def show(self, request: Request) -> Response:
        """Answer with the page, or send whoever is not signed in to do so first."""
        return await run_in_threadpool(self._page, request, said=request.query_params.get("said", ""))

    async def change_profile(self, request: Request) -> Response:
        """Take another name and language."""
        return await self._done(request, _change_profile, "profile")

    async def change_password(self, request: Request) -> Response:
        """Take another password from somebody who knows the present one."""
        return await self._done(request, _change_password, "password")

    async def end_sessions(self, request: Request) -> Response:
        """Sign the person out everywhere else."""
        return await self._done(request, _sign_out_elsewhere, "sessions")

    async def _done(self, request: Request, deed: Deed, said: str) -> Response:
        """Do what a form asks for and show the page again, with what was done or why it was not."""
        form = await posted_form(request)
        if isinstance(form, Response):
            return form
        return await run_in_threadpool(self._do, request, form, deed, said)

    def _do(self, request: Request, form: dict[str, str], deed: Deed, said: str) -> Response:
        here, at = request.cookies.get(COOKIE), self.clock()
        with in_language(self._language(request)):
            try:
                fresh = self._recorded(deed, self._asked(form, here, at))
            except NotAllowed:
                return go_to(_to_sign_in(request))
            except AccountRefused as refused:
                return self._page(request, problem=refused.message, wrong=said, status=422)
            except OperationalError:
                return self._page(request, problem=_(BUSY), status=503)
        # The language that was just chosen is the one to go on in.
        chosen = form.get("language", "") or request.query_params.get("lang", "")
        spoken = {"lang": chosen} if chosen in LANGUAGES else {}
        answer = go_to(f"{OWN}?{urlencode({**spoken, 'said': said})}")
        if fresh is not None:
            set_session_cookie(answer, request, fresh)
        return answer

    def _asked(self, form: Mapping[str, str], here: str | None, at: datetime) -> Asked:
        """Find out who asks, and try the password: that takes its time, so it is done before the one write lock."""
        with open_session(self.engine) as session:
            who = account_for(session, here, at)
            tried = who.signed_in and "present" in form
            attempt = accounts.try_password(session, who.email, form["present"]) if tried else None
        return Asked(who, form, here, attempt, at)

    def _recorded(self, deed: Deed, asked: Asked) -> str | None:
        """Do it in one transaction. A refusal is kept too: the wrong password has been counted in it."""
        with open_session(self.engine, write=True) as session:
            try:
                fresh = deed(session, asked)
            except AccountRefused:
                session.commit()
                raise
            session.commit()
        return fresh

    def _page(
        self, request: Request, *, said: str = "", problem: str = "", wrong: str = "", status: int = 200
    ) -> Response:
        here, at = request.cookies.get(COOKIE), self.clock()
        with open_session(self.engine) as session, in_language(self._language(request)):
            who = account_for(session, here, at)
            if not who.signed_in:
                return go_to(_to_sign_in(request))
            shown = Shown(
                who=who,
                name=own_account.own(session, who).name,
                roles=own_account.held_roles(session, who),
                sessions=own_account.open_sessions(session, who, here, at),
                has_password=own_account.has_password(session, who),
                provider=self.provider_name,
            )
            text = account_page.own_page(shown, said=said, problem=problem, wrong=wrong)
        return HTMLResponse(text, status, headers=HEADERS)

    def _language(self, request: Request) -> str:
        """Return the language of the address, else of the account, else of the browser."""
        if request.query_params.get("lang", "") in LANGUAGES:
            return request.query_params["lang"]
        with open_session(self.engine) as session:
            who = account_for(session, request.cookies.get(COOKIE), self.clock())
        return who.language if who.signed_in and who.language in LANGUAGES else language_of(request)


class Links:
    """Setting a password from a link that somebody was given. Looking does not use it up: mail programs look."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock

    async def show(self, request: Request) -> Response:
        """Answer with the page, or say that the link opens nothing (any more)."""
        return await run_in_threadpool(self._page, request)

    async def set_password(self, request: Request) -> Response:
        """Set the password, and send the person to sign in with it."""
        form = await posted_form(request)
        return form if isinstance(form, Response) else await run_in_threadpool(self._set, request, form)

    def _set(self, request: Request, form: dict[str, str]) -> Response:
        with in_language(language_of(request)):
            if form.get("new", "") != form.get("again", ""):
                return self._page(request, problem=_(DIFFERENT), status=422)
            try:
                with open_session(self.engine, write=True) as session:
                    invitations.use_link(session, request.path_params["token"], form.get("new", ""), at=self.clock())
                    session.commit()
            except AccountRefused as refused:
                return self._page(request, problem=refused.message, status=422)
            except OperationalError:
                return self._page(request, problem=_(BUSY), status=503)
        return go_to(f"{ADDRESS}?{urlencode({'lang': language_of(request), 'said': 'password_set'})}")

    def _page(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        token = request.path_params["token"]
        with open_session(self.engine) as session, in_language(language_of(request)):
            try:
                email = invitations.account_of_link(session, token, at=self.clock()).email
            except AccountRefused as refused:
                email, problem, status = "", refused.message, 404
            text = account_page.link_page(invitations.PATH + token, email=email, problem=problem)
        return HTMLResponse(text, status, headers=LINK_HEADERS)


def _change_profile(session: Session, asked: Asked) -> str | None:
    name, language = asked.form.get("name", ""), asked.form.get("language", "")
    own_account.change_profile(session, asked.who, name=name, language=language, at=asked.at)
    return None


def _change_password(session: Session, asked: Asked) -> str | None:
    new = asked.form.get("new", "")
    if new != asked.form.get("again", ""):
        raise AccountRefused("passwords_differ", _(DIFFERENT))
    attempt = asked.attempt or Attempt(asked.who.account_id, right=False)
    return own_account.change_password(session, asked.who, attempt, new, at=asked.at, here=asked.here)


def _sign_out_elsewhere(session: Session, asked: Asked) -> str | None:
    own_account.sign_out_elsewhere(session, asked.who, at=asked.at, here=asked.here)
    return None


def _to_sign_in(request: Request) -> str:
    return f"{ADDRESS}?{urlencode({'lang': language_of(request), 'next': OWN})}"
