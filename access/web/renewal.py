"""A session's token changes when its person's grants did: at the next page their browser asks for. Pure ASGI.

Pages of Streamlit speak through a websocket, which can set no cookie; what they show goes by the grants that stand now
in any case. Another tab that is open already is asked to be loaded anew: its connection still names the old token.
"""

from sqlalchemy.engine import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.sessions import COOKIE, renew_when_due
from access.web.forms import set_session_cookie
from access.web.sign_in import Clock, now

OURS = f"{COOKIE}=".encode()


class Renewal:
    """Send a new token along with a page where the session is due for one."""

    def __init__(self, app: ASGIApp, engine: Engine, clock: Clock = now) -> None:
        self.app = app
        self.engine = engine
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and add the cookie."""
        request = Request(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        brought = request.cookies.get(COOKIE) if request is not None and _is_page(request) else None
        fresh = await run_in_threadpool(renew_when_due, self.engine, brought, self.clock()) if brought else None
        if request is None or fresh is None:
            await self.app(scope, receive, send)
            return
        told = Response()
        set_session_cookie(told, request, fresh)
        cookie = next(pair for pair in told.raw_headers if pair[0] == b"set-cookie")

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                # Who signs in or out by this very request is sent another cookie already.
                if not any(name.lower() == b"set-cookie" and value.startswith(OURS) for name, value in headers):
                    message["headers"] = [*headers, cookie]
            await send(message)

        # The rest of this request is done under the new token: the old one opens nothing any more.
        headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
        cookies = {**request.cookies, COOKIE: fresh}
        scope["headers"] = [*headers, (b"cookie", "; ".join(f"{k}={v}" for k, v in cookies.items()).encode("latin-1"))]
        await self.app(scope, receive, send_with_cookie)


def _is_page(request: Request) -> bool:
    """Return whether a browser asks for a page to show, and not for something in one."""
    wanted = request.headers.get("sec-fetch-dest")
    return wanted == "document" if wanted is not None else "text/html" in request.headers.get("accept", "")
