"""How the pages look beyond Streamlit's theme settings, which stand in `.streamlit/config.toml`."""

from pathlib import Path

import streamlit as st

from access.language import current

STATIC = Path(__file__).resolve().parent / "static"
ICON = str(STATIC / "icon.svg")
_STYLE = f"<style>{(STATIC / 'uptake.css').read_text(encoding='utf-8')}</style>"

_page = st.components.v2.component("page", js=(STATIC / "page.js").read_text(encoding="utf-8"))


def apply() -> None:
    """Style the page, tell the browser which language it is in, and let it do its part."""
    st.html(_STYLE)
    _page(data={"language": current()}, key="page")
