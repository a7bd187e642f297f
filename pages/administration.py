"""Administration: everything the registry and the instance hold, made and changed by those who may."""

import streamlit as st

from access.language import _
from ui import acting
from ui.administration import choosing

st.title(_("Administration"), anchor=False)
acting.answer()

# What is administered: everything there is, a table, or a row of it?
choosing.show()
