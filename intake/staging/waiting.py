"""Counted user exports that wait for their owner's decisions, in this process's memory and nowhere else.

They hold counts and no people, but also texts that nobody has looked at yet: a restart asks for the file again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from intake.user_export.counting import CountedExport

KEPT_SECONDS = 4 * 60 * 60.0  # since it was last looked at
MOST_WAITING = 50


@dataclass
class Waiting:
    """Exports by their drafts' tokens. The one that was looked at longest ago makes room for a new one."""

    clock: Callable[[], float] = time.monotonic
    _held: dict[str, tuple[CountedExport, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, token: str, counted: CountedExport) -> None:
        """Let an export wait under its draft's token."""
        with self._lock:
            self._clear()
            while len(self._held) >= MOST_WAITING:
                del self._held[min(self._held, key=lambda held: self._held[held][1])]
            self._held[token] = (counted, self.clock())

    def find(self, token: str) -> CountedExport | None:
        """Return the export, None when it waits no longer."""
        with self._lock:
            self._clear()
            found = self._held.get(token)
            if found is None:
                return None
            self._held[token] = (found[0], self.clock())
            return found[0]

    def forget(self, token: str) -> None:
        """Forget an export, if it waits."""
        with self._lock:
            self._held.pop(token, None)

    def _clear(self) -> None:
        oldest = self.clock() - KEPT_SECONDS
        self._held = {token: held for token, held in self._held.items() if held[1] >= oldest}


EXPORTS = Waiting()
