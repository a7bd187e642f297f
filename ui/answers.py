"""Questions asked once: an answer is kept until what it stands on changes.

What an answer depends on is its key: the question, its arguments, the language, the database, and how new what it
stands on is (see `analytics.freshness`): an acceptance, an undo, a release or an edit of the registry gives another
key. An answer is shared by everyone who asks the same: whether somebody may ask is decided before, when the scope is
made (see `ui.scope`), which then says `released` or not; what does depend on the person has them, with the grants that
stand in this run, among its arguments. It is handed out as it is, not copied: nobody changes an answer in place.

Streamlit's own cache works out its keys anew on every call, which for the thirty questions of a page costs more than
half of what drawing it does; this one hashes a tuple.
"""

import time
import weakref
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

import pandas as pd

from access.language import _, current
from analytics.freshness import Freshness, freshness
from analytics.scope import CannotAnswer, Scope
from data_model.data_version import data_version
from data_model.engine import database_url
from ui.asking import asking
from ui.database import address, engine, reading

Answer = TypeVar("Answer")

# What changes the registry past the audit trail (a command at the server) is seen this late at most.
REGISTRY_SECONDS = 600
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


def fresh() -> Freshness:
    """Return how new everything is; asked once a run, by the instance's own role: it tells no figure."""
    held = asking().found
    if "freshness" not in held:
        held["freshness"] = _newest(database_url())
    found: Freshness = held["freshness"]
    return found


def _newest(url: str) -> Freshness:
    """Return how new everything is; as it was seen last, where nothing at all was written since."""
    written = data_version(engine())  # before the question: what is written meanwhile is seen by the next
    before, known = _seen.get(url, (None, None))
    if known is not None and written is not None and written == before:
        return known
    with engine().connect() as connection:
        found = freshness(connection, known)
    _seen[url] = (written, found)
    return found


def version(initiative: str, released: bool) -> Hashable:
    """Return how new the figures of an initiative are. Raises CannotAnswer for one that there is not."""
    if initiative not in fresh().recorded:
        raise CannotAnswer("unknown_initiative", _("There is no initiative {key}.").format(key=initiative))
    return fresh().of(initiative, released=released)


def ask(question: Callable[..., Answer], *arguments: Hashable, initiative: str, released: bool = False) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on this initiative's figures."""
    return _ask(question, arguments, version(initiative, released))


def ask_together(question: Callable[..., Answer], scopes: tuple[Scope, ...], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, scopes, *arguments)`, which stands on the figures of every scope."""
    return _ask(question, (scopes, *arguments), together(scopes))


def together(scopes: tuple[Scope, ...]) -> Hashable:
    """Return how new the figures of all these scopes are."""
    return tuple(version(scope.initiative, scope.released) for scope in scopes)


def ask_registry(question: Callable[..., Answer], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on the registry alone."""
    return _ask(question, arguments, (fresh().registry, _lapse()))


def ask_anything(question: Callable[..., Answer], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on the figures of all initiatives."""
    return _ask(question, arguments, (fresh().everything, _lapse()))


def ask_released(question: Callable[..., Answer], *arguments: Hashable) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on the releases and the settings alone."""
    return _ask(question, arguments, ("released", fresh().published))


def derived(name: Hashable, make: Callable[[], Answer], *, initiative: str = "", released: bool = False) -> Answer:
    """Return what `make` makes of answers about an initiative, or without one of the registry: made once for this name
    and as long as they stand.
    """
    stands_on = version(initiative, released) if initiative else (fresh().registry, _lapse())
    made: Answer = _kept(_Wanted((name, stands_on, current(), address()), make))
    return made


def forget() -> None:
    """Forget all answers."""
    _kept.cache_clear()
    _seen.clear()


def records(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples, made once for a frame."""
    return of_frame(frame, _records)


def of_frame(frame: pd.DataFrame, make: Callable[[pd.DataFrame], Answer]) -> Answer:
    """Return what `make`, a module's function, makes of an answer's frame: once for a frame, as long as that is kept.

    A look into a frame costs a run as much as a small element.
    """
    key = (id(frame), make)
    held = _made_of.get(key)
    if held is not None and held[0]() is frame:
        known: Answer = held[1]
        return known
    made = make(frame)
    _made_of[key] = (weakref.ref(frame, lambda _gone: _made_of.pop(key, None)), made)
    return made


def _records(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples(index=False))


# The newest of each database that was seen, from which the next question goes on.
_seen: dict[str, tuple[int | None, Freshness]] = {}
_made_of: dict[tuple[int, Callable[..., Any]], tuple[weakref.ref[pd.DataFrame], Any]] = {}


def _lapse() -> int:
    return int(time.monotonic() / REGISTRY_SECONDS)


def _ask(question: Callable[..., Answer], arguments: tuple[Hashable, ...], stands_on: Hashable) -> Answer:
    key = (question, arguments, stands_on, current(), address())
    answer: Answer = _kept(_Wanted(key, lambda: _put(question, arguments)))
    return answer


def _put(question: Callable[..., Any], arguments: tuple[Hashable, ...]) -> Any:
    with reading() as session:
        return question(session, *arguments)


@lru_cache(maxsize=KEPT_ANSWERS)
def _kept(wanted: _Wanted) -> Any:
    make, wanted.make = wanted.make, _nothing  # the key stays; what it needed to be made goes
    return make()


def _nothing() -> None:
    """Stand in the place of what has been made."""
