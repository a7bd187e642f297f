"""Taking a table along: a button writes into the address which file is wanted, and the run that follows hands it out.

The file is made when the run has ended, for it tells the address of exactly this view. The address loses the wish at
once: who goes back, reads again or shares it asks for no file. So a page pays for a file only when one is wanted.
"""

import secrets
from base64 import b64encode
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

from access.language import _
from ui import filters, ways
from ui.asking import asking
from ui.downloads import Taken, as_archive, as_csv
from ui.theme import STATIC

WISH = "take"
MIMES = {"csv": "text/csv", "zip": "application/zip"}


@dataclass
class _Run:
    """What a run was asked for, and what it is to hand out."""

    wanted: str | None
    taken: tuple[str, Taken] | None = None


# Beside what `ui.asking` finds out, which a dialog that the run opens finds out anew.
_run: ContextVar[_Run] = ContextVar("taking")
_hand = st.components.v2.component("hand", js=(STATIC / "hand.js").read_text(encoding="utf-8"))


def hear() -> None:
    """Note which file the address asks for. Call it when a run begins."""
    wanted = filters.address(WISH)
    _run.set(_Run(wanted))
    if wanted is not None:
        del st.query_params[WISH]


def buttons(key: str, taken: Callable[[], Taken], of: str = "") -> str:
    """Return the buttons, as HTML, that hand out a table as CSV, and the same as ZIP with a README beside it.

    `taken` is called when one was pressed. `of` says to those who hear the page what is taken along.
    """
    run = _run.get()
    if run.wanted is not None:
        ending, _dash, of_what = run.wanted.partition("-")
        if of_what == key and ending in MIMES:
            run.taken = (ending, taken())
    csv = ways.taking("CSV", f"csv-{key}", _("The table as CSV"), of)
    return csv + ways.taking(_("ZIP"), f"zip-{key}", _("The table as CSV with a README beside it"), of)


def hand_out() -> None:
    """Hand out the file that was wanted. Call it when a run has shown everything."""
    found = _run.get().taken
    if found is None:
        return
    ending, taken = found
    frame, facts = taken.frame(), taken.told(asking().at)
    content = as_csv(frame, facts) if ending == "csv" else as_archive(frame, facts, taken.name)
    file = {"name": f"{taken.name}.{ending}", "mime": MIMES[ending], "content": b64encode(content).decode()}
    with st.container(key="handed"):
        _hand(data=file | {"once": secrets.token_hex(8)}, key="hand")
