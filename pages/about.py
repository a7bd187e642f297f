"""About: who runs this instance, whom to ask, the licence, privacy, accessibility, how to report an error."""

import streamlit as st

from access.language import _
from ui import about

st.title(_("About"), anchor=False)
about.show()
