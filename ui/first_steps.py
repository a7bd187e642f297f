"""The way to a first file: what an administrator does on an instance whose schools report nothing yet, step by step."""

import streamlit as st

from access import permissions
from access.language import N_, _
from access.permissions import Action
from ui import navigation
from ui.asking import asking

# In their order: the page, what of Administration, what is done there.
STEPS: tuple[tuple[str, str, str], ...] = (
    ("administration", "initiative", N_("Set up an initiative, or open one, and say which metrics its schools report")),
    ("administration", "area", N_("Look whether the country's regions are there, and add what is missing")),
    ("administration", "schools", N_("Enter the schools of the country")),
    ("administration", "enrolments", N_("Say which of them take part in the initiative")),
    ("administration", "people", N_("Invite who reports and who reviews: nobody accepts a file of their own")),
    ("upload", "", N_("Take the template of a month, fill it in, and upload it")),
)


def show() -> None:
    """Show the steps, each with the way there, to those who administer; others need nothing of it."""
    if not permissions.may_somewhere(asking().who, Action.ADMINISTER):
        return
    st.subheader(_("What it takes to get to the first figures"), anchor=False)
    for number, (page, table, label) in enumerate(STEPS, 1):
        asked = {"table": table} if table else {}
        navigation.way_to(page, _(label), icon=f":material/counter_{number}:", **asked)
