"""The control with which a file is brought: it goes from the browser to our own route, not through Streamlit.

Streamlit's uploader keeps files in memory and loses them with the page. This one answers with a draft's token.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from access.language import _, current
from intake.sources import MOST_CSV_BYTES, MOST_XLSX_BYTES
from intake.staging.route import ADDRESS

STATIC = Path(__file__).resolve().parent / "static"
FILE_TYPES = ".csv,.tsv,.txt,.xlsx"
MEGABYTE = 1_000_000


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


_control = st.components.v2.component(
    "upload", html=_static("upload.html"), css=_static("upload.css"), js=_static("upload.js")
)


def bring_file(initiative: str, on_received: Callable[[str], Any], *, label: str, key: str = "bring-file") -> None:
    """Show the control for a file about an initiative; `on_received` is called back with the token of the draft."""

    def received() -> None:
        on_received(st.session_state[key].draft)

    query = urlencode({"initiative": initiative, "lang": current()})
    _control(
        key=key,
        data={
            "address": f"{ADDRESS}?{query}",
            "accept": FILE_TYPES,
            "largest": {"csv": MOST_CSV_BYTES, "xlsx": MOST_XLSX_BYTES},
            "texts": _texts(label),
        },
        on_draft_change=received,
    )


def _texts(label: str) -> dict[str, str]:
    limits = {"csv": MOST_CSV_BYTES // MEGABYTE, "xlsx": MOST_XLSX_BYTES // MEGABYTE}
    return {
        "label": label,
        "choose": _("Choose a file"),
        "or": _("or drop it here"),
        "limits": _("CSV up to {csv} MB, XLSX up to {xlsx} MB").format(**limits),
        "large": _("This file is too large: a CSV may have {csv} MB, an XLSX {xlsx} MB.").format(**limits),
        "progress": _("How much of the file has been sent"),
        "sending": _("Sending {file}: {share} %"),  # filled in by the browser
        "cancel": _("Cancel"),
        "cancelled": _("The file was not sent."),
        "failed": _("The file did not arrive. Check the connection and try again."),
    }
