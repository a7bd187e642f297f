"""Definitions: every metric and indicator, what it means, how it is computed, who reports it, since when."""

import streamlit as st

from access.language import _
from ui import about, definitions

st.title(_("Definitions"), anchor=False)
st.write(_("What schools report and what is computed of it, word for word as it is meant."))

# Which of them, and what does it mean?
definitions.show()
about.cite("definitions", _("Definitions"))
