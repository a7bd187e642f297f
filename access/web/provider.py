"""The two routes to the identity provider and back: `GET /account/oidc/start` and `GET /account/oidc/callback`.

What ties the answer to the browser lies in a cookie for ten minutes, signed. Each way is gone once: the database keeps
which were gone to their end.
"""

import hashlib
import hmac
import logging
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from access.language import LANGUAGES
from access.oidc import admission, exchange
from access.oidc.discovery import Discovery
from access.oidc.exchange import Secrets
from access.oidc.refusal import ProviderRefused
from access.secret import signing_secret
from access.sessions import COOKIE, start_session
from access.web.forms import go_to, is_by_https, language_of, set_session_cookie
from access.web.page import ADDRESS, PROVIDER_START, safe_return
from access.web.sign_in import Clock, in_their_language, now
from data_model.engine import open_session

FOLDER = "/account/oidc"
CALLBACK = f"{FOLDER}/callback"
JOURNEY_COOKIE = "uptake_oidc"
LASTS = timedelta(minutes=10)
LONGEST_CODE = 4_000

_log = logging.getLogger(__name__)


def routes(engine: Engine, discovery: Discovery | None, clock: Clock = now) -> list[Route]:
    """Return the routes to the provider and back; none where no provider is configured."""
    if discovery is None:
        return []
    way = Way(engine, discovery, clock)
    return [Route(PROVIDER_START, way.start, methods=["GET"]), Route(CALLBACK, way.come_back, methods=["GET"])]


class Way:
    """Signing in at one provider, for the accounts of one database."""

    def __init__(self, engine: Engine, discovery: Discovery, clock: Clock) -> None:
        self.engine = engine
        self.discovery = discovery
        self.clock = clock
        self.journeys = URLSafeSerializer(
            signing_secret(engine.url), salt="uptake.oidc-journey", signer_kwargs={"digest_method": hashlib.sha256}
        )

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        held, return_to = exchange.new_secrets(), safe_return(request.query_params.get("next"))
        journey = {
            **asdict(held), "next": return_to, "lang": language_of(request), "chosen": request.query_params.get("lang"),
            "until": (self.clock() + LASTS).timestamp(),
        }  # fmt: skip
        back_to = _own_address(request)
        try:
            address = await run_in_threadpool(
                exchange.way_there, self.discovery, held, back_to=back_to, language=journey["lang"]
            )
        except ProviderRefused as refused:
            return _to_sign_in(journey, refused.code)
        answer = go_to(address)
        answer.set_cookie(
            JOURNEY_COOKIE,
            str(self.journeys.dumps(journey)),
            max_age=int(LASTS.total_seconds()),
            path=FOLDER,
            secure=is_by_https(request),
            httponly=True,
            samesite="lax",  # it must come along when the provider sends the browser back
        )
        return answer

    async def come_back(self, request: Request) -> Response:
        """Sign in whom the provider vouches for, and send them to where they came from."""
        journey = self._journey(request)
        try:
            cookie = await self._admitted(request, journey)
        except ProviderRefused as refused:
            answer = _to_sign_in(journey or {"lang": language_of(request)}, refused.code)
        except OperationalError:
            answer = _to_sign_in(journey or {}, "busy")
        else:
            answer = go_to(in_their_language(journey["next"], journey["chosen"] or ""))
            set_session_cookie(answer, request, cookie)
        answer.delete_cookie(JOURNEY_COOKIE, path=FOLDER, secure=is_by_https(request), httponly=True, samesite="lax")
        return answer

    async def _admitted(self, request: Request, journey: dict[str, Any]) -> str:
        """Return the cookie of the session that begins. Raises ProviderRefused."""
        asked = request.query_params
        if not journey or not hmac.compare_digest(journey["state"].encode(), asked.get("state", "").encode()):
            raise ProviderRefused("provider_state")
        if "iss" in asked and asked["iss"] != self.discovery.provider.issuer:  # RFC 9207
            raise ProviderRefused("provider_answer")
        code = asked.get("code", "")
        if "error" in asked or not code or len(code) > LONGEST_CODE:
            _log.warning("the identity provider let nobody through: %.60r", asked.get("error"))
            raise ProviderRefused("provider_denied" if asked.get("error") == "access_denied" else "provider_answer")
        return await run_in_threadpool(
            self._open, code, journey, _own_address(request), request.cookies.get(COOKIE), self.clock()
        )

    def _open(self, code: str, journey: dict[str, Any], back_to: str, brought: str | None, at: datetime) -> str:
        """Ask the provider first, which takes its time, and take the one write lock after that."""
        held = Secrets(journey["state"], journey["nonce"], journey["verifier"])
        claims = exchange.claims_of(self.discovery, code, held, back_to=back_to, at=at)
        provider = self.discovery.provider
        try:
            with open_session(self.engine, write=True) as session:
                if not admission.use_up(session, held.state, at=at, lasts=LASTS):
                    raise ProviderRefused("provider_state")
                found = admission.admit(session, provider, claims, at=at)
                cookie = None
                if found.account is not None:
                    cookie = start_session(session, found.account, at=at, replaces=brought, provider=provider.issuer)
                session.commit()
        except IntegrityError as twice:  # the same person, or the same answer, twice at the same moment
            raise ProviderRefused("provider_state") from twice
        if cookie is None:
            raise ProviderRefused(found.reason)
        return cookie

    def _journey(self, request: Request) -> dict[str, Any]:
        """Return what this browser set out with; empty where it did not set out, or too long ago."""
        try:
            journey: dict[str, Any] = self.journeys.loads(request.cookies.get(JOURNEY_COOKIE, ""))
        except BadData:
            return {}
        return journey if self.clock().timestamp() < journey["until"] else {}


def _own_address(request: Request) -> str:
    """Return where the provider sends the browser back to: this host, by whose name it was asked."""
    scheme = "https" if is_by_https(request) else "http"
    return f"{scheme}://{request.headers.get('host', '')}{CALLBACK}"


def _to_sign_in(journey: dict[str, Any], said: str) -> Response:
    """Send the browser to the page to sign in on, which says what went wrong: a reload there repeats nothing."""
    language = journey.get("lang", "")
    query = {"said": said, "next": journey.get("next", "/")} | ({"lang": language} if language in LANGUAGES else {})
    return go_to(f"{ADDRESS}?{urlencode(query)}")
