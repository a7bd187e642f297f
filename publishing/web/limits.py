"""How often one address may ask: a bucket of requests that fills again at a steady rate (a "token bucket")."""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil

# How many addresses are remembered; of more, those that were silent longest are forgotten, to their advantage.
MOST_ADDRESSES = 20_000


class RateLimit:
    """Counts requests by address, in memory: each process of an instance counts for itself."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `per_minute` at once and then as many a minute; 0: no limit."""
        self.most = float(per_minute)
        self.per_second = per_minute / 60
        self.clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Count one request; return how many seconds to wait before the next try, 0 when it is within the limit."""
        if not self.most:
            return 0
        now = self.clock()
        left, seen = self._left.pop(address, (self.most, now))
        left = min(self.most, left + (now - seen) * self.per_second)
        if left < 1:
            self._left[address] = (left, now)
            return ceil((1 - left) / self.per_second)
        self._left[address] = (left - 1, now)
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return 0
