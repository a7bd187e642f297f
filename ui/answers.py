"""Questions asked once: an answer is kept until the figures it stands on change.

What an answer depends on is its key: the question, its arguments, the language, the database, and the version of the
data. An answer is shared by everyone who asks the same: whether somebody may ask is decided before, when the scope is
made (see `ui.scope`), which then says `released` or not. It is handed out as it is, not copied: nobody changes an
answer in place.

Streamlit's own cache works out its keys anew on every call, which for the thirty questions of a page costs more than
half of what drawing it does; this one hashes a tuple.
"""

import time
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd

from access.language import current
from analytics import catalogue
from analytics.scope import Scope
from data_model.editions import edition
from ui.asking import asking
from ui.database import address, reading

Answer = TypeVar("Answer")

# The registry's edition tells when somebody edits it; what some of its answers count besides (schools that take part,
# demonstration data) it does not: they live this long.
REGISTRY_SECONDS = 60
_REGISTRY = ("", False)  # beside the versions of initiatives, whose keys are never empty
KEPT_ANSWERS = 4_000


class _Wanted:
    """Something to be made unless it is kept already: the same when its key is."""

    __slots__ = ("key", "make")

    def __init__(self, key: Hashable, make: Callable[[], Any]) -> None:
        self.key = key
        self.make = make

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wanted) and self.key == other.key


def version(initiative: str, released: bool) -> Hashable:
    """Return how new the figures of an initiative are; asked of the database once a run."""
    held = asking().versions
    if (initiative, released) not in held:
        with reading() as session:
            held[initiative, released] = catalogue.data_version(session, initiative, released)
    return held[initiative, released]


def ask(question: Callable[..., Answer], *arguments: Hashable, initiative: str, released: bool = False) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on this initiative's figures."""
    key = (question, arguments, version(initiative, released), current(), address())
    answer: Answer = _kept(_Wanted(key, lambda: _put(question, arguments)))
    return answer


def ask_together(question: Callable[..., Answer], scopes: tuple[Scope, ...], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, scopes, *arguments)`, which stands on the figures of every scope."""
    key = (question, scopes, arguments, together(scopes), current(), address())
    answer: Answer = _kept(_Wanted(key, lambda: _put(question, (scopes, *arguments))))
    return answer


def together(scopes: tuple[Scope, ...]) -> Hashable:
    """Return how new the figures of all these scopes are."""
    return tuple(version(scope.initiative, scope.released) for scope in scopes)


def ask_registry(question: Callable[..., Answer], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on the registry alone."""
    age = (_registry_version(), int(time.monotonic() / REGISTRY_SECONDS))
    key = (question, arguments, age, current(), address())
    answer: Answer = _kept(_Wanted(key, lambda: _put(question, arguments)))
    return answer


def _registry_version() -> Hashable:
    """Return how new the registry is; asked of the database once a run."""
    held = asking().versions
    if _REGISTRY not in held:
        with reading() as session:
            held[_REGISTRY] = edition(session)
    return held[_REGISTRY]


def derived(name: Hashable, make: Callable[[], Answer], *, initiative: str, released: bool = False) -> Answer:
    """Return what `make` makes of answers about an initiative, made once for this name and as long as they stand."""
    key = (name, version(initiative, released), current(), address())
    made: Answer = _kept(_Wanted(key, make))
    return made


def forget() -> None:
    """Forget all answers."""
    _kept.cache_clear()


def records(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples."""
    return list(frame.itertuples(index=False))


def _put(question: Callable[..., Any], arguments: tuple[Hashable, ...]) -> Any:
    with reading() as session:
        return question(session, *arguments)


@lru_cache(maxsize=KEPT_ANSWERS)
def _kept(wanted: _Wanted) -> Any:
    make, wanted.make = wanted.make, _nothing  # the key stays; what it needed to be made goes
    return make()


def _nothing() -> None:
    """Stand in the place of what has been made."""
