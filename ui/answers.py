"""Questions asked once: an answer is kept until the figures it stands on change.

What an answer depends on is its key: the question, its arguments, the language, the database, and the version of the
data. An answer is shared by everyone who asks the same: whether somebody may ask is decided before, when the scope is
made (see `ui.scope`), which then says `released` or not. It is handed out as it is, not copied, which would cost more
than the rest of a page: nobody changes an answer in place.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from access.language import current
from analytics import catalogue
from data_model.engine import database_url
from ui.asking import asking
from ui.database import reading

Answer = TypeVar("Answer")

# The registry changes when somebody edits it, which no version tells: its answers live this long.
REGISTRY_SECONDS = 60
KEPT_ANSWERS = 2_000


def version(initiative: str, released: bool) -> object:
    """Return how new the figures of an initiative are; asked of the database once a run."""
    held = asking().versions
    if (initiative, released) not in held:
        with reading() as session:
            held[initiative, released] = catalogue.data_version(session, initiative, released)
    return held[initiative, released]


def ask(question: Callable[..., Answer], *arguments: Any, initiative: str, released: bool = False) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on this initiative's figures."""
    key = f"{_name(question)}{arguments!r}"
    return _figures(key, repr(version(initiative, released)), current(), database_url(), question, arguments)


def ask_registry(question: Callable[..., Answer], *arguments: Any) -> Answer:
    """Return the answer of `question(session, *arguments)`, which stands on the registry alone."""
    return _registry(f"{_name(question)}{arguments!r}", current(), database_url(), question, arguments)


def derived(name: str, make: Callable[[], Answer], *, initiative: str, released: bool = False) -> Answer:
    """Return what `make` makes of answers about an initiative, made once for this name and as long as they stand."""
    return _derived(name, repr(version(initiative, released)), current(), database_url(), make)


def records(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples."""
    return list(frame.itertuples(index=False))


def _name(question: Callable[..., Any]) -> str:
    return f"{question.__module__}.{question.__qualname__}"


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _figures(
    key: str, version: str, language: str, database: str, _question: Callable[..., Any], _arguments: tuple[Any, ...]
) -> Any:
    with reading() as session:
        return _question(session, *_arguments)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS, ttl=REGISTRY_SECONDS)
def _registry(
    key: str, language: str, database: str, _question: Callable[..., Any], _arguments: tuple[Any, ...]
) -> Any:
    with reading() as session:
        return _question(session, *_arguments)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _derived(name: str, version: str, language: str, database: str, _make: Callable[[], Any]) -> Any:
    return _make()
