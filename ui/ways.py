"""Ways on in plain HTML: buttons that change something of this view, and links to other pages.

The address is all that a page is asked by. So a way on needs no widget, which would cost every run of the page: what is
pressed, `ui/static/page.js` writes into the address in the browser, and the page runs again as it does for any other.
"""

import json
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

# What a way on changes of the address: a parameter's new value, None where it goes.
Changes = Mapping[str, str | None]


def button(label: str, changes: Changes, *, icon: str = "", of: str = "", enabled: bool = True) -> str:
    """Return a button that changes the view's address, as HTML. `icon` is a name of Material Symbols.

    `of` says to those who hear the page which of several buttons of this name it is.
    """
    return marked(escape(label), changes, icon=icon, called=f"{label}: {of}" if of else "", enabled=enabled)


def marked(
    shown: str, changes: Changes, *, icon: str = "", called: str = "", enabled: bool = True, pressed: str = ""
) -> str:
    """Return such a button that shows HTML. `called` is how it is read out, where that is not what it shows; `pressed`
    is `true` or `false` where it is a switch.
    """
    more = {"aria-label": called, "aria-pressed": pressed}
    told = "".join(f' {name}="{escape(value)}"' for name, value in more.items() if value)
    off = "" if enabled else " disabled"
    change = escape(json.dumps(changes))
    return f'<button class="uptake-way-on" data-go="{change}"{told}{off}>{drawn(icon)}{shown}</button>'


def switch(label: str, options: Mapping[str, str], chosen: str, parameter: str) -> str:
    """Return buttons of which one is pressed, each of which writes its key into a parameter of the address."""
    parts = [
        marked(escape(text), {parameter: key}, pressed="true" if key == chosen else "false")
        for key, text in options.items()
    ]
    return f'<span class="uptake-switch" role="group" aria-label="{escape(label)}">{"".join(parts)}</span>'


def taking(label: str, wish: str, title: str, of: str = "") -> str:
    """Return a button that asks for a file: see `ui.taking`."""
    told = f' aria-label="{escape(f"{label}: {of}")}"' if of else ""
    return (
        f'<button class="uptake-way-on" data-take="{escape(wish)}" title="{escape(title)}"{told}>'
        f"{drawn('download')}{escape(label)}</button>"
    )


def lines(*parts: str) -> None:
    """Show ways on that are lines of words, below each other."""
    if parts:
        st.html(f'<div class="uptake-lines">{"".join(parts)}</div>')


def tools(key: str, *parts: str) -> None:
    """Show the ways on from what has this key beside each other."""
    st.html(f'<div class="uptake-tools" data-of="{escape(key)}">{"".join(parts)}</div>')


def link(label: str, page: str, query: Mapping[str, str], *, icon: str = "", here: bool = False) -> str:
    """Return a link to another page; `here` says that it is the one that is shown."""
    current = ' aria-current="page"' if here else ""
    address = f"/{page}?{urlencode(query)}" if query else f"/{page}"
    return f'<a class="uptake-way" data-way href="{escape(address)}"{current}>{drawn(icon)}{escape(label)}</a>'


def drawn(icon: str) -> str:
    """Return an icon, which says nothing to those who hear the page."""
    return f'<span class="uptake-icon" aria-hidden="true" translate="no">{icon}</span>' if icon else ""
