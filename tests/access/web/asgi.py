"""A client for ASGI applications: it sends what a test says, to the byte, and keeps what came back."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import chain
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy.engine import Engine
from streamlit.runtime.runtime import Runtime

import app as server

HOST = "localhost:8501"
SAME_ORIGIN = {"origin": f"http://{HOST}"}


def whole_application(engine: Engine) -> Any:
    """Return the application as the server serves it. Streamlit wants one a process; tests make one after the other."""
    Runtime._instance = None
    return server.make_app(engine, frozenset({HOST}))


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of that name, empty when there is none."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies it sets, with their attributes."""
        jar = SimpleCookie()
        for name, value in self.headers:
            if name == "set-cookie":
                jar.load(value)
        return jar

    @property
    def text(self) -> str:
        """The body."""
        return self.body.decode()


@dataclass
class Client:
    """Asks an application over one scheme; brings no header but `host` and those given."""

    app: Any
    scheme: str = "http"
    headers: Mapping[str, str] = field(default_factory=lambda: {"host": HOST})
    heard: list[dict[str, Any]] = field(default_factory=list)  # what was last sent back, also by what failed then

    def get(self, address: str, **headers: str) -> Answer:
        """GET an address."""
        return self.ask("GET", address, headers)

    def post(self, address: str, form: Mapping[str, str] | bytes = b"", **headers: str) -> Answer:
        """POST a form from a page of the site itself, unless `headers` say otherwise."""
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        return self.ask("POST", address, SAME_ORIGIN | headers, body)

    def put(self, address: str, pieces: Iterable[bytes], *, breaks_off: bool = False, **headers: str) -> Answer:
        """PUT a body piece by piece from a page of the site itself; when it `breaks_off` the end never comes."""
        ends = [] if breaks_off else [{"type": "http.request", "body": b""}]
        body = chain(({"type": "http.request", "body": piece, "more_body": True} for piece in pieces), ends)
        scope = self._scope(self.scheme, address, SAME_ORIGIN | headers) | {"type": "http", "method": "PUT"}
        return self._answer(self._run(scope, body))

    def ask(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send a request and return the answer."""
        scope = self._scope(self.scheme, address, headers) | {"type": "http", "method": method}
        return self._answer(self._run(scope, [{"type": "http.request", "body": body}]))

    def _answer(self, sent: list[dict[str, Any]]) -> Answer:
        start = next(message for message in sent if message["type"] == "http.response.start")
        received = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        return Answer(start["status"], received, b"".join(message.get("body", b"") for message in sent))

    def opens_websocket(self, address: str, **headers: str) -> bool:
        """Return whether the application accepts a websocket."""
        scope = self._scope("ws", address, headers) | {"type": "websocket", "subprotocols": []}
        return any(
            message["type"] == "websocket.accept" for message in self._run(scope, [{"type": "websocket.connect"}])
        )

    def _scope(self, scheme: str, address: str, headers: Mapping[str, str]) -> dict[str, Any]:
        parts = urlsplit(address)
        pairs = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return {
            "scheme": scheme, "path": parts.path, "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
            "root_path": "", "http_version": "1.1", "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 1),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs.items()],
        }  # fmt: skip

    def _run(self, scope: dict[str, Any], messages: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        self.heard = sent
        waiting = iter(messages)
        whole = False

        async def ask() -> None:
            answered = asyncio.Event()

            async def receive() -> dict[str, Any]:
                nonlocal whole
                message = next(waiting, None)
                if message is None:
                    if whole and scope["type"] == "http":
                        await answered.wait()  # who has asked stays until all of the answer is there
                    return {"type": "http.disconnect"}
                whole = not message.get("more_body", False)
                return message

            async def send(message: dict[str, Any]) -> None:
                sent.append(message)
                if message["type"] == "http.response.body" and not message.get("more_body", False):
                    answered.set()

            await self.app(scope, receive, send)

        asyncio.run(ask())
        return sent
