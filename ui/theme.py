"""How the pages look beyond Streamlit's theme settings, which stand in `.streamlit/config.toml`."""

from pathlib import Path

import streamlit as st

from access.language import current

STATIC = Path(__file__).resolve().parent / "static"
ICON = str(STATIC / "icon.svg")
_STYLE = (STATIC / "uptake.css").read_text(encoding="utf-8")

# Streamlit says <html lang="en"> whatever is shown; a screen reader would read Kazakh as English.
_speak = st.components.v2.component(
    "speak", js="export default function({ data }) { document.documentElement.lang = data.language }"
)


def apply() -> None:
    """Style the page and tell the browser which language it is in."""
    st.html(f"<style>{_STYLE}</style>")
    _speak(data={"language": current()}, key="speak")
