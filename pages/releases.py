"""Releases: what was made public and when, with its files; for those who may, the next one and taking one back."""

import streamlit as st

from access.language import _
from ui import acting, navigation, releases

st.title(_("Releases"), anchor=False)
acting.answer()
navigation.to_release(releases.wanted())

# What would become public now? For those who may release.
if releases.may_release():
    releases.next_one()
    st.subheader(_("What is public"), anchor=False)
else:
    st.write(
        _(
            "Figures are made public in releases. A release never changes: cite its number, and open it again whenever"
            " you like. Programs read everything here under /api/v1."
        )
    )

# What is public, in which files, under which address?
releases.listing()
