"""This run of the script: who asks, in which language, at which moment. Found out anew on every run."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from access import language, origin
from access.identity import Identity
from access.origin import Channel
from ui import database, identity


@dataclass(frozen=True)
class Asking:
    """Who asks in this run, and when. `found` remembers what a run need ask only once."""

    who: Identity
    at: datetime
    found: dict[str, Any] = field(default_factory=dict)

    @property
    def hour(self) -> datetime:
        """The hour it is: what depends on the clock, such as whether a due day is over, is asked once an hour."""
        return self.at.replace(minute=0, second=0, microsecond=0)


_asking: ContextVar[Asking] = ContextVar("asking")


def clock() -> datetime:
    """Return the moment of this run. Tests put another one here."""
    return datetime.now(UTC)


def begin() -> Asking:
    """Find out who asks and from where, and speak their language from here on; return who.

    A run of the whole script begins with this, and so does whatever Streamlit reruns alone: a dialog, a fragment.
    """
    at = clock()
    address = st.context.ip_address
    origin.use(Channel.SCREEN, address if isinstance(address, str) else None)  # a page without a browser has none
    asking = Asking(identity.current_identity(at), at)
    database.ask_for_public(not asking.who.signed_in)
    _asking.set(asking)
    language.use(_language(asking.who))
    return asking


def asking() -> Asking:
    """Return what `begin` found out in this run."""
    return _asking.get()


def begun() -> Asking | None:
    """Return what `begin` found out in this run, None where it has not begun: callbacks come before it."""
    return _asking.get(None)


def _language(who: Identity) -> str:
    """Return the language of the address, else of the account, else of the browser."""
    wanted = st.query_params.get("lang", "")
    if wanted in language.LANGUAGES:
        return wanted
    return who.language if who.language in language.LANGUAGES else language.negotiate(st.context.locale)
