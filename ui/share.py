"""Taking a picture or a view along: the chart as PNG or SVG, and the address that restores exactly this view."""

from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import _, current
from ui import filters

_STATIC = Path(__file__).resolve().parent / "static"
_STYLE = (_STATIC / "way_on.css").read_text(encoding="utf-8")

_save_picture = st.components.v2.component(
    "save_picture",
    html='<button data-format="png">PNG</button><button data-format="svg">SVG</button>',
    css=_STYLE,
    js=(_STATIC / "save_picture.js").read_text(encoding="utf-8"),
)
_copy_link = st.components.v2.component(
    "copy_link",
    html="<button><span></span></button>",
    css=_STYLE,
    js=(_STATIC / "copy_link.js").read_text(encoding="utf-8"),
)


def picture_buttons(chart: str, title: str, name: str) -> None:
    """Show the buttons that save the chart with this key as PNG and SVG, under this title and file name."""
    labels = {"png": _("Download PNG"), "svg": _("Download SVG")}
    _save_picture(
        data={"chart": chart, "title": title, "name": name, "labels": labels}, key=f"save-{chart}", width="content"
    )


def link_to_view(corner: DeltaGenerator) -> None:
    """Show in a page's corner the button that copies the address of this view. Call it when all has been chosen."""
    query = urlencode(filters.view() | {"lang": current()})
    with corner:
        _copy_link(
            data={"label": _("Copy link to this view"), "done": _("Copied"), "query": query},
            key="copy-link",
            width="content",
        )
