"""The bar above every page: where one can go, in which language, and as whom."""

import json
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from access.language import LANGUAGES, N_, _, current
from access.permissions import Action, may_somewhere
from access.refusal import Refusal
from analytics.demonstration import holds_demonstration
from ui import asking, filters, ways
from ui.answers import ask_registry
from ui.asking import Asking
from ui.text import as_html

BRAND = (
    '<a class="uptake-brand" href="/?lang={language}"><img src="/app/static/icon.svg" alt="" width="26" height="26">'
    "Uptake</a>"
)
PAGES_FOLDER = Path(__file__).resolve().parent.parent / "pages"


# Streamlit opens no page from within a callback: what one asked for waits here for the run that follows.
_WANTED = "wanted_page"
_PAGES = "pages"


class Entry(NamedTuple):
    """A page of the navigation: its file's name, its title, its icon's name among Material Symbols, and what one must
    be allowed to do to see it.

    `in_menu`: it stands in the menu "More", for the bar has room for so many pages only.
    """

    name: str
    title: str
    icon: str
    action: Action | None = None
    in_menu: bool = False


# Where one begins who asks for no page: visitors, and those who have signed in.
FIRST_FOR_VISITORS, FIRST_SIGNED_IN = "start", "overview"
ENTRIES = (
    Entry("start", N_("Start"), "home"),
    Entry("overview", N_("Overview"), "dashboard"),
    Entry("initiatives", N_("Initiatives"), "public"),
    Entry("adoption", N_("Adoption"), "trending_up"),
    Entry("compare", N_("Compare"), "compare_arrows"),
    Entry("completeness", N_("Completeness"), "fact_check", in_menu=True),
    Entry("changes", N_("What changed"), "difference", in_menu=True),
    Entry("money", N_("Money"), "payments", in_menu=True),
    Entry("releases", N_("Releases"), "campaign", in_menu=True),
    Entry("method", N_("Method"), "rule_settings", in_menu=True),
    Entry("definitions", N_("Definitions"), "menu_book", in_menu=True),
    Entry("about", N_("About"), "info", in_menu=True),
    Entry("audit", N_("Audit trail"), "history", Action.ADMINISTER, in_menu=True),
    Entry("upload", N_("Upload"), "upload_file", Action.SUBMIT),
    Entry("review", N_("Review"), "rule", Action.REVIEW),
    Entry("periods", N_("Periods"), "event_busy", Action.LOCK, in_menu=True),
    Entry("administration", N_("Administration"), "settings", Action.ADMINISTER, in_menu=True),
)


# Pages about the same figures: what is asked about goes along from one to the other.
OF_FIGURES = ("overview", "adoption", "compare", "changes", "completeness")


def pages() -> dict[str, Page]:
    """Return all pages by name. Described once a visit and language."""
    described: dict[str, dict[str, Page]] = st.session_state.setdefault(_PAGES, {})
    if current() not in described:
        described[current()] = {entry.name: _page(entry) for entry in ENTRIES}
    return described[current()]


def doormat() -> Page:
    """Return the page without a name, which leads on to another: see `come_in`."""
    return st.Page(come_in, title="Uptake", url_path="home", default=True, visibility="hidden")


def come_in() -> None:
    """Lead who asks for no page to where they begin, or to the figures that the address names.

    Every page has its own address for everybody, so that one who has signed in and a visitor can share it.
    """
    of_figures = not filters.said().keys().isdisjoint(("initiative", "release"))
    first = FIRST_SIGNED_IN if of_figures or asking.asking().who.signed_in else FIRST_FOR_VISITORS
    st.switch_page(pages()[first], query_params=dict(filters.said()))


def bar(current_page: Page, now: Asking) -> None:
    """Show the bar: the pages this person may open, the languages, and signing in or out; and below it, that invented
    figures are about, where the database holds any. One piece of HTML, so that it costs a page next to nothing.
    """
    opened = [entry for entry in ENTRIES if _may_open(entry, now)]
    front = [entry for entry in opened if not _is_in_menu(entry, now)]
    behind = [entry for entry in opened if _is_in_menu(entry, now)]
    here = current_page.url_path
    icon = next((entry.icon for entry in behind if entry.name == here), "")
    is_behind = ' aria-current="true"' if icon else ""
    pages_label, more = escape(_("Pages")), escape(_("More"))
    st.html(
        f'<div class="uptake-bar" data-language="{current()}">{BRAND.format(language=current())}'
        f'<nav aria-label="{pages_label}">{_links(front, here)}'
        # Its name stays: the bar holds no longer one beside all there is for an administrator.
        f'<span class="uptake-more"><button class="uptake-way" data-menu{is_behind} aria-expanded="false">'
        f"{ways.drawn(icon or 'more_horiz')}{more}"
        f"</button><span hidden>{_links(behind, here)}</span></span></nav>"
        f"{_languages()}{_account(now)}</div>{_demonstration()}"
    )


def _is_in_menu(entry: Entry, now: Asking) -> bool:
    # Who has signed in knows what this is, and needs the room for what they do.
    return entry.in_menu or (entry.name == FIRST_FOR_VISITORS and now.who.signed_in)


def _links(entries: Iterable[Entry], here: str) -> str:
    always, with_scope = filters.carried(), filters.carried(scope_too=True)
    queries = {True: with_scope if here in OF_FIGURES else always, False: always}
    return "".join(
        ways.link(
            _(entry.title), entry.name, queries[entry.name in OF_FIGURES], icon=entry.icon, here=entry.name == here
        )
        for entry in entries
    )


def open_page(shown: dict[str, Page], wanted: Page, now: Asking) -> None:
    """Run the page, or say what it takes to open it."""
    entry = next(entry for entry in ENTRIES if shown[entry.name] is wanted)
    if _may_open(entry, now):
        try:
            wanted.run()
        except Refusal as refused:  # the address asks for what does not exist or was not released
            st.warning(refused.message, icon=":material/block:")
        return
    st.title(_(entry.title), anchor=False)
    if now.who.signed_in:
        st.info(_("This page is for those who hold a grant for it. An administrator gives it."))
    else:
        st.info(_("Sign in to open this page."))


def _may_open(entry: Entry, now: Asking) -> bool:
    return entry.action is None or may_somewhere(now.who, entry.action)


def _demonstration() -> str:
    if not ask_registry(holds_demonstration):
        return ""
    text = _(
        "**Demonstration data.** The schools, their figures and what is marked “demonstration” are invented."
        " What was announced, and its sources, are real."
    )
    return f'<p class="uptake-invented" role="note">{ways.drawn("science")}<span>{as_html(text)}</span></p>'


def to_figures(initiative: Mapping[str, Any]) -> None:
    """Show the way to what schools report in an initiative, where any take part."""
    if initiative["schools_enrolled"]:
        st.page_link(
            pages()["overview"],
            label=_("See what schools report"),
            icon=":material/arrow_forward:",
            query_params={**filters.carried(), "initiative": initiative["initiative"]},
        )


def way_to(name: str, label: str, *, icon: str = ":material/arrow_forward:", **parameters: str) -> None:
    """Show the way to another page about what this one shows, with some parameters of its address changed."""
    st.page_link(pages()[name], label=label, icon=icon, query_params=along() | parameters)


def along() -> dict[str, str]:
    """Return what goes along to another page about what this one shows."""
    shown = filters.view()
    return {parameter: shown[parameter] for parameter in ("lang", *filters.SCOPE, "measure") if parameter in shown}


def go_to(name: str, **parameters: str) -> None:
    """Open another page about what this one shows, with some parameters of its address changed. For callbacks."""
    st.session_state[_WANTED] = (name, along() | parameters)


def follow(shown: dict[str, Page]) -> None:
    """Open the page that the last click asked for, once."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is not None:
        name, parameters = wanted
        st.switch_page(shown[name], query_params=parameters)


def to_release(number: int | None) -> None:
    """Go to the overview of a release, where one was asked for."""
    if number is not None:
        st.switch_page(pages()["overview"], query_params={**filters.carried(), "release": str(number)})


def _page(entry: Entry) -> Page:
    return st.Page(
        PAGES_FOLDER / f"{entry.name}.py",
        title=_(entry.title),
        icon=f":material/{entry.icon}:",
        url_path=entry.name,
    )


def _languages() -> str:
    """Return the languages, each a link to this view in it."""
    label = escape(_("Language"))
    links = "".join(_language(key, name) for key, name in LANGUAGES.items())
    return f'<span class="uptake-switch" role="group" aria-label="{label}">{links}</span>'


def _language(key: str, name: str) -> str:
    address, change = f"?{urlencode({**filters.said(), 'lang': key})}", json.dumps({"lang": key})
    here = ' aria-current="true"' if key == current() else ""
    ways_on = f'href="{escape(address)}" data-go="{escape(change)}"{here}'
    return f'<a class="uptake-way" lang="{key}" {ways_on}>{escape(name)}</a>'


def _account(now: Asking) -> str:
    who = now.who
    here = urlencode({"lang": current(), "next": _here()})
    label = _("Sign out") if who.signed_in else _("Sign in")
    title = _("Your account")
    if not who.signed_in:
        return f'<a class="uptake-account" href="/account/login?{escape(here)}">{escape(label)}</a>'
    return (
        f'<form class="uptake-account" method="post" action="/account/logout?{escape(here)}">'
        f'<a href="/account?{escape(urlencode({"lang": current()}))}" title="{escape(title)}">{escape(who.name)}</a>'
        f"<button>{escape(label)}</button></form>"
    )


def _here() -> str:
    """Return the address of this page and view on this host, to come back to."""
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode(filters.said())
    return f"{path}?{query}" if query else path
