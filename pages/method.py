"""Method: how a figure comes to be, what its base is, what is withheld and why, in plain words and in full."""

import streamlit as st

from access.language import _
from ui import about, method

st.title(_("How figures are made"), anchor=False)
st.write(_("In plain words, with the whole rule behind each. Anyone with the same reports gets the same figures."))

method.show()
about.cite("method", _("How figures are made"))
