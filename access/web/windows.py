"""How many windows one address may hold open. Each is a session of Streamlit's in memory, for anybody who asks."""

import time
from collections import Counter, deque
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from access.web.addresses import counted_as

# Streamlit keeps the session of a closed window for this long, so it counts for this long (config.toml says so too).
KEPT_SECONDS = 120.0
TRY_AGAIN_LATER = 1013


class OpenWindows:
    """Refuse one more websocket to an address that holds `most` of them, or held them just now. 0: no limit.

    Stands behind what finds out the visitor's address: without a trusted proxy everybody behind one is one address.
    """

    def __init__(self, app: ASGIApp, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.most = most
        self.clock = clock
        self._held: Counter[str] = Counter()
        self._closed: deque[tuple[float, str]] = deque()  # in order of time

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application open a window, or refuse it."""
        if scope["type"] != "websocket" or not self.most:
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        address = counted_as(client[0] if client else "")
        self._forget()
        if self._held[address] >= self.most:
            await receive()
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        self._held[address] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._closed.append((self.clock(), address))

    def _forget(self) -> None:
        """Count no longer what Streamlit has let go of."""
        until = self.clock() - KEPT_SECONDS
        while self._closed and self._closed[0][0] <= until:
            _when, address = self._closed.popleft()
            self._held[address] -= 1
            if not self._held[address]:
                del self._held[address]
