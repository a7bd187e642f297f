"""Who is asking: the person whose sign-in session the browser's cookie names, found out on every run."""

from datetime import datetime

import streamlit as st

from access import sessions
from access.identity import Identity
from ui.database import reading


def current_identity(at: datetime) -> Identity:
    """Return who asks at this moment, the public when nobody is signed in.

    Signing out in another window, an expired session and a changed grant are seen at the next interaction, because
    the table of sessions is asked each time. Tests put their own person here.
    """
    with reading(public=False) as session:
        return sessions.account_for(session, st.context.cookies.get(sessions.COOKIE), at)
