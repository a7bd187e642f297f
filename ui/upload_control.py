"""The control with which a file is brought: it goes from the browser to our own route, not through Streamlit.

Streamlit's uploader keeps files in memory and loses them with the page. This one answers with a draft's token.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from access.language import _, current
from intake import register_upload
from intake.sources import MOST_CSV_BYTES, MOST_XLSX_BYTES
from intake.staging import route

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
    largest = {"csv": MOST_CSV_BYTES, "xlsx": MOST_XLSX_BYTES}
    _bring(route.ADDRESS, {"initiative": initiative}, largest, on_received, label, key)


def bring_register(
    table: str, within: str, on_received: Callable[[str], Any], *, label: str, key: str = "bring-register"
) -> None:
    """Show the control for a file of the register; `on_received` is called back with what `brought` reads."""
    largest = dict.fromkeys(("csv", "xlsx"), register_upload.MOST_BYTES)
    _bring(register_upload.ADDRESS, {"table": table, "within": within}, largest, on_received, label, key)


def _bring(
    address: str,
    asked: dict[str, str],
    largest: dict[str, int],
    on_received: Callable[[str], Any],
    label: str,
    key: str,
) -> None:
    def received() -> None:
        on_received(st.session_state[key].draft)

    query = urlencode({**asked, "lang": current()})
    limits = {kind: size // MEGABYTE for kind, size in largest.items()}
    data = {"address": f"{address}?{query}", "accept": FILE_TYPES, "largest": largest, "texts": _texts(label, limits)}
    _control(key=key, data=data, on_draft_change=received)


def _texts(label: str, limits: dict[str, int]) -> dict[str, str]:
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
