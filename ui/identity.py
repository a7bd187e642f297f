"""Who is asking: the person whose sign-in session the browser's cookie names, found out on every run."""

from datetime import datetime

import streamlit as st

from access import sessions
from access.identity import Identity
from access.sessions import Standing
from data_model.data_version import data_version
from data_model.engine import database_url
from ui.database import engine, reading

# So many who are at the screen need not be asked about while nothing is written.
KEPT = 1_000
_known: dict[tuple[str, str], tuple[int, datetime, Standing]] = {}


def current_identity(at: datetime) -> Identity:
    """Return who asks at this moment, the public when nobody is signed in.

    Signing out in another window, an expired session and a changed grant are seen at the next interaction: the table
    of sessions is asked each time, but where the database says that nothing at all was written since it was asked
    last, and no clock has run out. Tests put their own person here.
    """
    cookie = st.context.cookies.get(sessions.COOKIE)
    key, written = (database_url(), cookie or ""), data_version(engine())  # before the question: see there
    before = _known.get(key)
    if before is not None and before[0] == written and before[1] <= at < before[2].until:
        return before[2].who
    with reading(public=False) as session:
        found = sessions.standing_for(session, cookie, at)
    _known.pop(key, None)
    if written is not None and at < found.until:
        while len(_known) >= KEPT:
            _known.pop(next(iter(_known)), None)
        _known[key] = (written, at, found)
    return found.who
