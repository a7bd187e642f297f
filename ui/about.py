"""About this instance: who runs it, whom to ask, the licence, privacy, accessibility, how to report an error."""

import streamlit as st

from access.language import _
from publishing import open_data
from ui import citing, release_shown
from ui.answers import ask_released
from ui.text import link, plain


def show() -> None:
    """Show what the instance says of itself, and what the software can say for every instance."""
    told = citing.instance()
    if told.about:
        st.markdown(_paragraphs(told.about))
    _part(
        _("Who runs it"),
        plain(told.operator) or _("The operator has not said yet who they are."),
        _paragraphs(told.contact_address),
        _("Questions: {address}").format(address=_mail(told.contact_email)) if told.contact_email else "",
    )
    licence = ask_released(open_data.newest_licence)
    _part(
        _("Licence of the data"),
        _("Released figures, names and definitions: {licence}. Name the source; every page says how.").format(
            licence=link(licence["title"], licence["path"])
        ),
        _("What was announced belongs to those who said it: each claim links to its source."),
        _("The software is free (Apache License 2.0)."),
    )
    _part(
        _("How to report an error"),
        _(
            "Tell us the permanent address of the figure (“Cite” shows it) and what you would expect. Errors in"
            " reports are corrected at their source and come with the next release; what a release said stays"
            " visible, or is withdrawn with the reason."
        ),
        _mail(told.contact_email) if told.contact_email else "",
    )
    _part(
        _("Privacy"),
        _(
            "No figure is about a person, and no personal data of pupils or teachers are stored. Reading these pages"
            " needs no account and sets no cookie that identifies you. Addresses of visitors are not logged by this"
            " software; nothing is loaded from other servers, and nobody measures what you read."
        ),
        _("Who signs in gets one cookie that keeps them signed in."),
    )
    _part(
        _("Accessibility"),
        _(
            "Pages of every kind are tested against the rules of WCAG 2.2, level AA, that a program can test, in light"
            " and dark. Every chart can be read as a table and is told in words. Known limits: texts of the framework"
            " that draws the pages are English, and large tables scroll inside the page."
        ),
        _paragraphs(told.accessibility_statement),
    )
    if told.imprint:
        _part(_("Imprint"), _paragraphs(told.imprint))


def cite(page: str, title: str) -> None:
    """Show how this page is cited, with the release that it belongs to."""
    release = release_shown.chosen() or citing.newest()
    if release is not None:
        citing.page(page, title, release.number)


def _part(title: str, *texts: str) -> None:
    st.subheader(title, anchor=False)
    st.markdown("\n\n".join(text for text in texts if text))


def _paragraphs(text: str) -> str:
    """Return a text of the operator, its paragraphs kept and nothing in it run as Markdown."""
    return "\n\n".join("  \n".join(plain(line) for line in part.splitlines()) for part in text.split("\n\n"))


def _mail(address: str) -> str:
    return f"[{plain(address)}](mailto:{address})" if address else ""
