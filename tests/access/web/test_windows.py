"""One address holds so many windows and no more; what it closed counts for as long as Streamlit keeps it."""

import asyncio
import tomllib
from pathlib import Path

from access.web.windows import KEPT_SECONDS, OpenWindows


class Door:
    """An application whose windows stay open until they are let go."""

    def __init__(self, most):
        self.now, self.opened, self.leave = 0.0, [], asyncio.Event()
        self.windows = OpenWindows(self._open, most, clock=lambda: self.now)

    async def _open(self, scope, _receive, send):
        self.opened.append(scope["type"])
        await send({"type": "websocket.accept"})
        await self.leave.wait()

    async def knock(self, address, kind="websocket"):
        """Begin to open a window; return the code it was refused with, None when it opened."""
        sent = []

        async def receive():
            return {"type": "websocket.connect"}

        async def send(message):
            sent.append(message)

        asyncio.get_running_loop().create_task(self.windows({"type": kind, "client": (address, 1)}, receive, send))
        await asyncio.sleep(0)
        return sent[0].get("code")

    async def let_go(self):
        """Close all windows."""
        self.leave.set()
        await asyncio.sleep(0)
        self.leave = asyncio.Event()


def test_one_address_holds_so_many_windows_and_no_more():
    async def story():
        door = Door(2)
        assert [await door.knock("10.0.0.1") for _ in range(3)] == [None, None, 1013]
        assert await door.knock("10.0.0.2") is None, "another address has its own"
        assert await door.knock("10.0.0.1", kind="http") is None, "requests are no windows"

    asyncio.run(story())


def test_a_network_of_ipv6_addresses_is_one_visitor():
    async def story():
        door = Door(1)
        assert [await door.knock(f"2001:db8::{number}") for number in (1, 2)] == [None, 1013]
        assert await door.knock("2001:db8:0:1::1") is None

    asyncio.run(story())


def test_a_closed_window_counts_until_streamlit_forgets_its_session():
    async def story():
        door = Door(1)
        assert await door.knock("10.0.0.1") is None
        await door.let_go()
        assert await door.knock("10.0.0.1") == 1013
        door.now = KEPT_SECONDS
        assert await door.knock("10.0.0.1") is None
        assert len(door.windows._held) == 1 and not door.windows._closed, "nothing is remembered of what is over"

    asyncio.run(story())


def test_zero_is_no_limit():
    async def story():
        door = Door(0)
        assert [await door.knock("10.0.0.1") for _ in range(5)] == [None] * 5

    asyncio.run(story())


def test_it_counts_as_long_as_streamlit_is_told_to_keep_sessions():
    told = tomllib.loads((Path(__file__).resolve().parents[3] / ".streamlit" / "config.toml").read_text())
    assert told["server"]["disconnectedSessionTTL"] == KEPT_SECONDS
