"""Review: what waits, what it would change, accepting or rejecting it, and taking an accepted one back."""

import streamlit as st

from access.language import _
from ui import acting, codes, filters, submissions

st.title(_("Review"), anchor=False)
acting.answer()

# One submission, or the list?
detail = submissions.chosen()
if detail is not None:
    submissions.in_full(detail)
    st.stop()

# Which ones?
states = {state: _(name) for state, name in codes.SUBMISSION_STATES.items()}
state = filters.choose("state", _("State"), states, "waiting", control=st.segmented_control, required=True)
submissions.table(submissions.listing([state]), empty=_("Nothing is in this state."))
