"""Initiatives: the registry of what was announced, by country and programme, and each initiative in full."""

import streamlit as st

from access.language import _
from ui import announced, brief, initiative_targets, initiatives, navigation

# One initiative, or the catalogue?
detail = initiatives.chosen()
if detail is None:
    st.title(_("Initiatives"), anchor=False)
    st.caption(_("What governments, companies and others announced about AI in education, each with its source."))
    initiatives.catalogue()
    st.stop()

# What is it, and who takes part?
initiatives.heading(detail)
navigation.to_figures(detail.initiative)
brief.offer_for(detail.initiative)
initiatives.partners(detail)

# When, what was announced, and what is measured of it?
initiatives.course(detail)
announced.of_initiative(detail)

# What is to be reached, how far has it come, and with what money?
initiative_targets.show(detail)
initiatives.money(detail)
