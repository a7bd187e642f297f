"""Routes that answer from the released tables. Pure ASGI: what was answered once is sent again without asking anything.

They are read by anybody, and only read. One look at the database a second tells whether there is a new release, or one
was withdrawn, or an administrator changed what the public is told of the instance; until then answers are kept in
memory, up to a limit, those longest unused going first.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import lru_cache

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from access.web.addresses import counted_as
from data_model.engine import open_session
from publishing import open_data
from publishing.web import answers
from publishing.web.answers import Answer, problem
from publishing.web.limits import RateLimit

MOST_KEPT_BYTES = 64 * 1024 * 1024
LOOKS_EVERY_SECONDS = 1.0


class Answering:
    """Answers requests from the released tables of one database. What it says, `made` decides."""

    # The header by which one address has several answers, beside what the address itself says.
    negotiates = b"accept"

    def __init__(self, engine: Engine, limit: RateLimit, looks_every: float = LOOKS_EVERY_SECONDS) -> None:
        self.engine = engine
        self.limit = limit
        self.looks_every = looks_every
        self._kept: OrderedDict[tuple[Hashable, ...], Answer] = OrderedDict()
        self._kept_bytes = 0
        self._state: Hashable = None
        self._looked_at = float("-inf")

    def made(self, path: str, query: bytes, wish: str) -> Answer:
        """Return a new answer; a refusal where there is nothing to say. `wish` is what `wished` made of the header."""
        raise NotImplementedError

    def wished(self, header: str) -> str:
        """Return what the header that is negotiated comes down to, so that an answer is made once for it."""
        raise NotImplementedError

    def refused(
        self, status: int, detail: str, wish: str, headers: Sequence[tuple[str, str]] = (), **more: str
    ) -> Answer:
        """Return a refusal in the form of these routes."""
        del wish
        return problem(status, detail, headers=headers, **more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = scope["method"]
        negotiated, has_already, packed = "", "", False
        for name, value in scope["headers"]:
            if name == self.negotiates:
                negotiated = f"{negotiated},{value.decode('latin-1')}" if negotiated else value.decode("latin-1")
            elif name == b"if-none-match":
                has_already = value.decode("latin-1")
            elif name == b"accept-encoding":
                packed = takes_gzip(value.decode("latin-1"))
        answer = await self._answer(scope, method, self.wished(negotiated), packed)
        if has_already and answer.etag and _matches(has_already, answer.etag):
            answer = answers.unchanged(answer)
        # A list of its own: what stands around adds to it.
        await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})

    async def _answer(self, scope: Scope, method: str, wish: str, packed: bool) -> Answer:
        client = scope.get("client")
        wait = self.limit.wait(counted_as(client[0] if client else ""))
        if wait:
            detail = f"You ask too often. Ask again in {wait} s, or take a whole release as one file."
            return self.refused(429, detail, wish, [("retry-after", str(wait))], code="too_many_requests")
        if method == "OPTIONS":
            return answers.preflight()
        if method not in ("GET", "HEAD"):
            detail = "These addresses are for reading: use GET."
            return self.refused(405, detail, wish, [("allow", answers.METHODS)], code="method_not_allowed")
        try:
            if time.monotonic() - self._looked_at >= self.looks_every:
                self._state = await run_in_threadpool(self._look)
                self._looked_at = time.monotonic()
            key = (self._state, scope["path"], scope["query_string"], wish, packed)
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            made = await run_in_threadpool(self.made, scope["path"], scope["query_string"], wish)
            made = answers.packed(made) if packed else made
        except DBAPIError:
            detail = "The database cannot be reached at the moment. Ask again in a minute."
            return self.refused(503, detail, wish, [("retry-after", "60")], code="unavailable")
        if made.etag:
            self._keep(key, made)
        return made

    def _look(self) -> Hashable:
        with open_session(self.engine) as session:
            return open_data.state(session)

    def _keep(self, key: tuple[Hashable, ...], answer: Answer) -> None:
        self._kept[key] = answer
        self._kept_bytes += len(answer.body)
        while self._kept_bytes > MOST_KEPT_BYTES:
            _gone, old = self._kept.popitem(last=False)
            self._kept_bytes -= len(old.body)


@lru_cache(maxsize=512)
def takes_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip."""
    for part in header.lower().split(","):
        coding, *options = [piece.strip() for piece in part.split(";")]
        if coding == "gzip":
            return not any(re.fullmatch(r"q=0(\.0*)?", option) for option in options)
    return False


def _matches(has_already: str, etag: bytes) -> bool:
    """Whether If-None-Match names the answer; a weak mark is as good as a strong one here (RFC 9110, 13.1.2)."""
    if has_already.strip() == "*":
        return True
    return etag.decode() in [one.strip().removeprefix("W/") for one in has_already.split(",")]
