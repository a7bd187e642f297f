"""Periods: when reports are due, how much has come, what is locked; and locking and unlocking with a reason."""

import streamlit as st

from access.language import _
from ui import acting, first_steps, periods

st.title(_("Periods"), anchor=False)
acting.answer()

# Of which initiative?
initiative = periods.choose_initiative()
if initiative is None:
    st.info(_("There is no initiative whose periods you may lock: none of yours has schools enrolled."))
    first_steps.show()
    st.stop()

# How do they stand?
periods.show(initiative)

# What is to change?
periods.change(initiative)
periods.rule(initiative)
