"""The foot of every page: who runs this, under which licence the figures stand, and where the rest is told."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from access.language import N_, _, current
from publishing import open_data
from ui import citing
from ui.answers import ask_released

PAGES = (
    ("method", N_("Method")), ("definitions", N_("Definitions")), ("releases", N_("Releases")), ("about", N_("About")),
)  # fmt: skip


def show() -> None:
    """Show it. One piece of HTML, so that it costs a page next to nothing."""
    told, licence = citing.instance(), ask_released(open_data.newest_licence)
    query = urlencode({"lang": current()})
    links = [f'<a href="/{page}?{query}">{escape(_(title))}</a>' for page, title in PAGES]
    for_programs, contact = _("Data for software (API)"), _("Contact")
    links.append(f'<a href="/api/v1/openapi.json">{escape(for_programs)}</a>')
    if told.contact_email:
        links.append(f'<a href="mailto:{escape(told.contact_email)}">{escape(contact)}</a>')
    run_by = _("Run by {operator}.").format(operator=told.operator) if told.operator else ""
    named = f'<a href="{escape(str(licence["path"]))}" rel="license noopener">{escape(str(licence["title"]))}</a>'
    under = escape(_("Released figures: {licence}.")).format(licence=named)
    said = " ".join(filter(None, (escape(told.name) + ".", escape(run_by), under)))
    st.html(f'<footer class="uptake-foot"><p>{" ".join(links)}</p><p>{said}</p></footer>')
