"""What every answer tells the browser: which content may run, and that cookies travel by https alone. Pure ASGI."""

import base64
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
FAILED = "Something went wrong. It is in the server's log.\n"
YEAR = 365 * 24 * 60 * 60

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# The one place whose answers may stand in a frame of another page, where they say so themselves.
FRAMED = "/embed/"
_ALWAYS = tuple((name.encode(), value.encode()) for name, value in ALWAYS.items())

_NO_FRAME = (b"x-frame-options", b"DENY")


def inline_script_hashes(page: Path) -> list[str]:
    """Return the policy's sources for exactly the inline scripts of an HTML file, as it is installed."""
    scripts = INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    return [_source_hash(script) for script in scripts]


def content_security_policy(script_hashes: Iterable[str], host: str, *, https: bool) -> str:
    """Return the policy for Streamlit's page at `host`: nothing from elsewhere, no script that is not its own.

    Styles are written inline by Streamlit, and its small components come as modules from `blob:` addresses.
    """
    websocket = f" {'wss' if https else 'ws'}://{host}" if host else ""
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "blob:", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": f"'self'{websocket}",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class SecurityHeaders:
    """Add the security headers to every answer that does not bring its own. Outside `Guard`, for its refusals too."""

    def __init__(self, app: ASGIApp, page: Path, hosts: Iterable[str], always_https: bool = False) -> None:
        self.app = app
        self.script_hashes = inline_script_hashes(page)
        self.hosts = frozenset(hosts)
        self.always_https = always_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and add the headers to what it says."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        https = comes_by_https(scope, self.always_https)
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = list(message.get("headers", ()))
                brought = {name.lower() for name, _value in headers}
                headers += [pair for pair in _ALWAYS if pair[0] not in brought]
                if may_be_framed(scope["path"], headers):
                    headers.remove(_NO_FRAME)
                if b"content-security-policy" not in brought:
                    headers.append((b"content-security-policy", self._policy(scope, https=https)))
                if https and b"strict-transport-security" not in brought:
                    headers.append((b"strict-transport-security", b"max-age=%d" % YEAR))
                message["headers"] = headers
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            # What failed goes on to the log. The answer is ours: the one made further out would lack the headers.
            if not begun:
                await PlainTextResponse(FAILED, 500)(scope, receive, send_with_headers)
            raise

    def _policy(self, scope: Scope, *, https: bool) -> bytes:
        asked_for = Headers(scope=scope).get("host", "").lower()
        host = asked_for if asked_for in self.hosts else ""
        return content_security_policy(self.script_hashes, host, https=https).encode("latin-1")


def may_be_framed(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether an answer may stand in a frame anywhere: only a chart that is made for it, and says so."""
    said = (value for name, value in headers if name.lower() == b"content-security-policy")
    return path.startswith(FRAMED) and any(b"frame-ancestors *" in value for value in said)


class SecureCookies:
    """Mark every cookie `Secure` where the visitor came by https; Streamlit's own lack it behind a proxy."""

    def __init__(self, app: ASGIApp, always_https: bool = False) -> None:
        self.app = app
        self.always_https = always_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and mark the cookies it sets."""
        if scope["type"] not in ("http", "websocket") or not comes_by_https(scope, self.always_https):
            await self.app(scope, receive, send)
            return

        async def send_marked(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message["headers"] = [_marked(name, value) for name, value in message.get("headers", [])]
            await send(message)

        await self.app(scope, receive, send_marked)


def comes_by_https(scope: Scope, always: bool = False) -> bool:
    """Return whether the visitor came by https, as the server or a proxy it trusts says."""
    return always or scope["scheme"] in ("https", "wss")


def _marked(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"set-cookie" and b"secure" not in [part.strip() for part in value.lower().split(b";")]:
        return name, value + b"; Secure"
    return name, value


def _source_hash(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"
