"""How long the server waits for a request to be asked. A connection that says nothing, or too slowly, is closed.

The web server by itself waits for ever: whoever opens connections and sends a header a byte at a time holds as many of
them as the machine has ("slow loris"). A body is waited for by whoever reads it.
"""

from asyncio import BaseTransport, TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_SECONDS = 15.0


class PatientHttp(HttpToolsProtocol):
    """Uvicorn's protocol, with an end to its patience: the headers of a request are there within `patience` seconds."""

    patience = HEADER_SECONDS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._ends: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait()

    def on_message_begin(self) -> None:
        """Wait for another request on the same connection."""
        super().on_message_begin()
        if self._ends is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no longer."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._ends = self.loop.call_later(self.patience, self._give_up)

    def _stop(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
