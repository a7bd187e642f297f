"""What the server refuses before Streamlit sees it. Pure ASGI, so that it stands before websockets too.

Streamlit by itself answers to any host, asks another server for its own address when a websocket comes from a foreign
origin (which stalls everybody), keeps what anybody uploads in memory, and shows its metrics to the world.
Files come in by a route of our own (`intake.staging.route`).
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from access import origin
from access.origin import Channel

HEALTH = "/health"
UPLOADS = "/_stcore/upload_file"  # wherever it is mounted
# Metrics name functions and count people; the others are ways in that Uptake does not use.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check", "/auth/", "/oauth2callback")
POLICY_VIOLATION = 1008
READING = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Refuse unknown hosts, foreign or nameless websockets, closed paths, and changes that another site asks for.

    `hosts` are the names the server is asked for by (with the port, where the address shows one).
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the application, or let it answer."""
        if scope["type"] == "websocket":
            if not self._is_own_page(Headers(scope=scope)):
                await receive()
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return
        elif scope["type"] == "http":
            refusal = self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
            origin.use(Channel.ROUTE, _address(scope))
        await self.app(scope, receive, send)

    def _is_own_page(self, headers: Headers) -> bool:
        """Whether a websocket was opened by a page of this very server, as every browser says in `Origin`."""
        host, origin = headers.get("host", ""), headers.get("origin", "")
        return host.lower() in self.hosts and _host_of(origin) == host.lower()

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers, path = Headers(scope=scope), scope["path"]
        # A load balancer asks for the server's health by its address.
        if path != HEALTH and headers.get("host", "").lower() not in self.hosts:
            return _refused(
                421, "This server does not go by that name. Its operator lists its names in UPTAKE_HOSTS.\n"
            )
        if path.startswith(CLOSED) or UPLOADS in path:
            return _refused(404, "Not found.\n")
        # Each route of ours looks at this too; here none can forget it.
        if scope["method"] not in READING and not is_same_origin(headers):
            return _refused(403, "This was sent from another site.\n")
        return None


def is_same_origin(headers: Headers) -> bool:
    """Return whether a form was sent by a page of this server: a page elsewhere must not sign anybody in or out."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    host = headers.get("host", "").lower()
    return bool(host) and _host_of(headers.get("origin", "")) == host


def _host_of(origin: str) -> str:
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in ("http", "https") else ""


def _address(scope: Scope) -> str:
    """Return who asks by network address. The web server has put there what a trusted proxy forwards."""
    client = scope.get("client")
    return client[0] if client else ""


def _refused(status: int, text: str) -> PlainTextResponse:
    # The request's body is not read, so the connection cannot serve another.
    return PlainTextResponse(text, status, headers={"connection": "close", "cache-control": "no-store"})
