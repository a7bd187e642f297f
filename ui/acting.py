"""What a person does on a page: in one transaction, as themselves, and answered in words on the next picture of it."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import streamlit as st

from access.identity import Identity
from access.refusal import Refusal
from data_model.engine import Session
from ui import asking
from ui.database import writing

# The answer to the last deed: said once, at the top of the page it leads to.
_ANSWER, _TABLE = "answer", "answer-table"

Deed = Callable[[Session, Identity, datetime], str]


def act(deed: Deed) -> bool:
    """Do something in one transaction and keep its answer for the page; return whether it was done. For callbacks.

    Who does it is found out anew: a button may have stood on screen since before they signed out. A refusal (not
    allowed, stale preview, wrong state, no reason given) leaves everything as it was and is the answer.
    """
    now = asking.begin()
    try:
        with writing() as session:
            said = deed(session, now.who, now.at)
    except Refusal as refused:
        st.session_state[_ANSWER] = ("error", refused.message)
        return False
    st.session_state[_ANSWER] = ("success", said)
    return True


def say(said: str) -> None:
    """Keep the answer to what was done by other means for the page it leads to."""
    st.session_state[_ANSWER] = ("success", said)


def attach(table: pd.DataFrame | None) -> None:
    """Show a table below the answer: what would be too long to say."""
    st.session_state[_TABLE] = table


def refuse(said: str) -> None:
    """Keep why something was not done for the page it leads to."""
    st.session_state[_ANSWER] = ("error", said)


def answer() -> None:
    """Show the answer to what was done last, once."""
    kind, said = st.session_state.pop(_ANSWER, (None, ""))
    table = st.session_state.pop(_TABLE, None)
    if kind == "error":
        st.error(said, icon=":material/block:")
    elif kind == "success":
        st.success(said, icon=":material/check_circle:")
        if table is not None:
            st.dataframe(table, hide_index=True, alt=said)
