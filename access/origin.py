"""Where what is done comes from: a page, a route, a command, a worker or the seed, and from which network address.

It is said once, where the work begins, and holds for all that is done below. It is no part of `Identity`: an answer
that is kept for a person must not be another one when they ask from another network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

LONGEST_ADDRESS = 45  # an IPv6 address that ends in an IPv4 one


class Channel(StrEnum):
    """By which way something is asked for."""

    SCREEN = "screen"
    ROUTE = "route"
    COMMAND_LINE = "command_line"
    WORKER = "worker"  # goes on with what somebody asked for on a screen, whose address it keeps
    SEED = "seed"


@dataclass(frozen=True)
class Origin:
    """The way, and the address as the server believes it: a proxy's word counts where that proxy is trusted."""

    channel: Channel
    address: str = ""


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def use(channel: Channel, address: str | None = None) -> None:
    """Say where everything comes from that is done from here on in this run."""
    _current.set(_origin(channel, address))


@contextmanager
def coming_from(channel: Channel, address: str | None = None) -> Iterator[None]:
    """Say where what is done inside the block comes from."""
    token = _current.set(_origin(channel, address))
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Origin | None:
    """Return where this comes from, None when nobody has said."""
    return _current.get()


def address() -> str:
    """Return the address this comes from, empty where none is known."""
    origin = current()
    return origin.address if origin else ""


def _origin(channel: Channel, address: str | None) -> Origin:
    return Origin(channel, (address or "")[:LONGEST_ADDRESS])
