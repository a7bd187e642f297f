"""Taking a picture or a view along: the chart as PNG or SVG, and the address that restores exactly this view.

The buttons are plain HTML; what they do, `ui/static/page.js` does in the browser.
"""

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import _, current
from ui import filters


def address() -> Callable[[], str]:
    """Return a function that tells the address of exactly this view. Call that when the run has ended."""
    here, grows, spoken = urlsplit(st.context.url or ""), filters.growing_view(), current()
    return lambda: urlunsplit((here.scheme, here.netloc, here.path or "/", urlencode(grows | {"lang": spoken}), ""))


def picture_buttons(chart: str, title: str, name: str, note: str = "", told: str = "") -> str:
    """Return the buttons that save the chart with this key as PNG and SVG, under this title and file name, as HTML.

    Under the chart stand `note` and the address of the view; `told` is the same in words, for who cannot see it.
    """
    about = {"data-chart": chart, "data-title": title, "data-name": name, "data-note": note, "data-told": told}
    png = _button("PNG", {"data-save": "png", "aria-label": _("Download PNG"), **about})
    svg = _button("SVG", {"data-save": "svg", "aria-label": _("Download SVG"), **about})
    return png + svg


def link_to_view(corner: DeltaGenerator) -> None:
    """Show in a page's corner the button that copies the address of this view. Call it when all has been chosen."""
    query = urlencode(filters.view() | {"lang": current()})
    corner.html(_button(_("Copy link to this view"), {"data-copy": query, "data-done": _("Copied")}), width="content")


def _button(label: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<button class="uptake-way-on"{written}>{escape(label)}</button>'
