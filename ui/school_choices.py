"""Which school is meant by a text: the nearest first, then any school of the initiative, chosen once and remembered."""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

import streamlit as st

from access.identity import Identity
from access.language import _, format_number, ngettext
from analytics import enrolled
from data_model.engine import Session
from intake import choices
from intake.folding import fold
from intake.unmatched import Unmatched
from ui import acting, draft_options
from ui.answers import ask_registry, derived, records
from ui.text import plain

PAGE = 10
FOUND = 30  # schools that a search offers
OPEN = ""

Counted = Callable[[int], str]


class Known(NamedTuple):
    """The schools to choose from: code -> how a person is shown it, and the texts that are searched, in one order."""

    labels: dict[str, str]
    sought: list[str]


def in_rows(count: int) -> str:
    """Return in how many rows a text stands."""
    return ngettext("{count} row", "{count} rows", count).format(count=format_number(count))


def choose(initiative: str, texts: Sequence[Unmatched], *, key: str = "schools", counted: Counted = in_rows) -> None:
    """Let choose the school for each text, a page at a time; what is chosen is remembered for the initiative.

    `counted` says in words how often a text stands in the file.
    """
    known = derived(("enrolled schools", initiative), lambda: _known(initiative), initiative=initiative)
    pages = ceil(len(texts) / PAGE)
    page = st.pagination(pages, key=f"{key}-page") if pages > 1 else 1
    shown = list(texts[(page - 1) * PAGE : page * PAGE])
    search = st.text_input(
        _("Search among the schools that take part"), key=f"{key}-search", icon=":material/search:",
        placeholder=_("code, name, district or region"),
    )  # fmt: skip
    found = _found(known, search)
    if search.strip():
        text = ngettext("{count} school found", "{count} schools found", len(found)).format(count=len(found))
        st.caption(text if len(found) < FOUND else _("The first {count} schools found").format(count=FOUND))
    for one in shown:
        _choose_one(one, known, found, key, counted)
    st.button(
        _("Apply these choices"), key=f"{key}-apply", type="primary", icon=":material/done_all:", on_click=_remember,
        args=(initiative, [one.text for one in shown], key, known),
        disabled=all(_chosen(_widget(key, one.text), known) == OPEN for one in shown),
    )  # fmt: skip


def _choose_one(one: Unmatched, known: Known, found: Sequence[str], key: str, counted: Counted) -> None:
    """Show one text with the schools there are to choose for it."""
    widget = _widget(key, one.text)
    chosen = _chosen(widget, known)
    nearest = [code for code in one.nearest if code in known.labels]
    # What was chosen stays, whatever is searched for next.
    codes = list(dict.fromkeys([*nearest, *([chosen] if chosen != OPEN else []), *found]))
    open_text = _("not chosen yet")  # the same in each run: the browser names an option by its words
    st.selectbox(
        _("“{text}” ({count})").format(text=plain(one.text), count=counted(one.rows)), [OPEN, *codes],
        format_func=lambda code: known.labels.get(code, code) if code != OPEN else open_text, key=widget,
    )  # fmt: skip


def _remember(initiative: str, texts: Sequence[str], key: str, known: Known) -> None:
    chosen = [(text, _chosen(_widget(key, text), known)) for text in texts]
    made = [(text, code) for text, code in chosen if code != OPEN]

    def remember(session: Session, who: Identity, at: datetime) -> str:
        one = draft_options.initiative_named(session, who, initiative)
        choices.remember_schools(session, one, made, by=who, at=at)
        text = ngettext("{count} choice is remembered.", "{count} choices are remembered.", len(made))
        return text.format(count=format_number(len(made)))

    acting.act(remember)


def _known(initiative: str) -> Known:
    rows = records(ask_registry(enrolled.enrolled_schools, initiative))
    places = [", ".join(part for part in (row.area, row.region) if part) for row in rows]
    labels = {
        row.school_code: f"{row.school_code} {row.name} ({place})" for row, place in zip(rows, places, strict=True)
    }
    return Known(labels, [fold(label) for label in labels.values()])


def _found(known: Known, search: str) -> list[str]:
    """Return the codes of the first schools whose code, name or place hold every word of the search."""
    wanted = fold(search).split()
    if not wanted:
        return []
    hits = (code for code, text in zip(known.labels, known.sought, strict=True) if all(word in text for word in wanted))
    return [code for code, _place in zip(hits, range(FOUND), strict=False)]


def _chosen(widget: str, known: Known) -> str:
    """Return the school chosen for a text, open where that is none: after a change of language, words of the last."""
    code: str = st.session_state.get(widget, OPEN)
    return code if code in known.labels else OPEN


def _widget(key: str, text: str) -> str:
    return f"{key}-for-{fold(text)}"
