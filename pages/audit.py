"""The audit trail: who did what, when and from where, for those who administer; searched, checked and taken along."""

import streamlit as st

from access.language import _
from ui import audit_trail

st.title(_("Audit trail"), anchor=False)
st.write(_("Everything people and commands have done here. Nothing in it is ever changed or removed."))

# One event in full?
event = audit_trail.chosen()
if event is not None:
    audit_trail.in_full(event)
    st.stop()

# Is it as it was written?
audit_trail.verification()

# Who did what, to what, when?
wanted = audit_trail.search_form()
audit_trail.results(wanted)
audit_trail.downloads(wanted)
