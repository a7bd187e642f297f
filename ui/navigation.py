"""The bar above every page: where one can go, in which language, and as whom."""

from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import Page

from access.language import LANGUAGES, N_, _, current
from access.permissions import Action, may_somewhere
from ui import filters
from ui.asking import Asking

PAGES_FOLDER = Path(__file__).resolve().parent.parent / "pages"


class Entry(NamedTuple):
    """A page of the navigation: its file's name, its title, its icon, and what one must be allowed to do to see it."""

    name: str
    title: str
    icon: str
    action: Action | None = None


ENTRIES = (
    Entry("overview", N_("Overview"), ":material/dashboard:"),
    Entry("initiatives", N_("Initiatives"), ":material/public:"),
    Entry("adoption", N_("Adoption"), ":material/trending_up:"),
    Entry("upload", N_("Upload"), ":material/upload_file:", Action.SUBMIT),
    Entry("review", N_("Review"), ":material/rule:", Action.REVIEW),
)


def pages(asking: Asking) -> list[Page]:
    """Return the pages this person may open, the first of them the one that opens by itself."""
    return [
        st.Page(
            PAGES_FOLDER / f"{entry.name}.py",
            title=_(entry.title),
            icon=entry.icon,
            url_path=entry.name,
            default=entry is ENTRIES[0],
        )
        for entry in ENTRIES
        if entry.action is None or may_somewhere(asking.who, entry.action)
    ]


def bar(shown: list[Page], asking: Asking) -> None:
    """Show the bar: the pages, the languages, and signing in or out."""
    with st.container(horizontal=True, key="bar", vertical_alignment="center", gap="small"):
        st.html('<span class="uptake-brand">Uptake</span>', width="content")
        for page in shown:
            st.page_link(page, query_params=filters.shared())
        st.space("stretch")
        _languages()
        _account(asking)


def _languages() -> None:
    st.session_state["choice_lang"] = current()
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=lambda language: LANGUAGES[language],
        key="choice_lang",
        label_visibility="collapsed",
        on_change=_speak,
    )


def _speak() -> None:
    if st.session_state["choice_lang"]:
        st.query_params["lang"] = st.session_state["choice_lang"]


def _account(asking: Asking) -> None:
    who = asking.who
    if who.account_id is None:
        st.html(
            f'<a class="uptake-account" href="/account/login?lang={current()}">{escape(_("Sign in"))}</a>',
            width="content",
        )
        return
    st.html(
        '<form class="uptake-account" method="post" action="/account/logout">'
        f'<span title="{escape(who.email)}">{escape(who.name or who.email)}</span> '
        f"<button>{escape(_('Sign out'))}</button></form>",
        width="content",
    )
