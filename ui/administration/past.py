"""A row's past on screen: who changed what and when, earlier versions, and taking the last change back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access.administration import history, listing, rows
from access.administration.description import Column, Table, Written
from access.administration.history import ADDED, CHANGED, REMOVED, UNDONE, Change, Entry
from access.administration.reading import written
from access.identity import Identity
from access.language import N_, _, format_number
from data_model.engine import Session
from ui import acting, words
from ui.administration import row_form
from ui.text import bold, plain

WORDS = {
    ADDED: N_("Added"),
    CHANGED: N_("Changed"),
    REMOVED: N_("Removed"),
    UNDONE: N_("Taken back"),
}


def of_row(session: Session, table: Table, identity: str) -> None:
    """Show what was done to the row on screen, its earlier versions, and the way to take the last change back."""
    if table.versioned:
        found = rows.versions(session, table, identity)
        columns = [column for column in table.columns if column.name not in table.key]
        versions(found, columns, [listing.in_words(session, table, written(session, table, row)) for row in found])
    changes(session, table, identity, _undo)


def changes(session: Session, table: Table, identity: str, undo: Callable[[Table, str], None], stays: str = "") -> None:
    """Show what was done to the row on screen, and the way to take the last change back.

    `stays` says why what was only added is not taken back, where it is not.
    """
    entries = history.of(session, table, identity)
    st.subheader(_("History"), anchor=False)
    if not entries:
        st.caption(_("Nothing was changed here on screen yet."))
        return
    if stays and entries[0].change.before is None:
        st.caption(stays)
    else:
        st.button(
            _("Take the last change back"), key="undo-row", icon=":material/undo:", on_click=undo,
            args=(table, identity),
        )  # fmt: skip
    for entry in entries:
        _entry(session, table, entry)


def _entry(session: Session, table: Table, entry: Entry) -> None:
    heading = _("{what} on {moment} by {who}").format(
        what=bold(_(WORDS[entry.change.action])), moment=words.moment(entry.event.at), who=plain(entry.who)
    )
    st.markdown("  \n".join([heading, *_differences(session, table, entry.change)]))


def _differences(session: Session, table: Table, change: Change) -> list[str]:
    if change.before is None or change.after is None:
        return []
    nothing = _("nothing")
    before = listing.in_words(session, table, _whole(table, change.before))
    after = listing.in_words(session, table, _whole(table, change.after))
    return [
        f"{plain(_(table.column(name).label))}: {plain(before[name]) or nothing} → {plain(after[name]) or nothing}"
        for name in change.after
    ]


def _whole(table: Table, part: dict[str, str]) -> dict[str, str]:
    return {column.name: part.get(column.name, "") for column in table.columns}


def versions(found: Sequence[Any], columns: Iterable[Column], said: Sequence[Written]) -> None:
    """Show versions, the newest first: from when to when each was known, and what it said (`said`, in words)."""
    if len(found) < 2:
        return
    frame = pd.DataFrame(
        {
            _("Known from"): [words.moment(row.recorded_at) for row in found],
            _("Until"): [words.moment(row.superseded_at) if row.superseded_at else _("now") for row in found],
            **{_(column.label): [values[column.name] for values in said] for column in columns},
        }
    )
    st.subheader(_("Versions ({count})").format(count=format_number(len(found))), anchor=False)
    st.dataframe(frame, hide_index=True, alt=_("Versions of this row, the newest first"))


def _undo(table: Table, identity: str) -> None:
    def undo(session: Session, who: Identity, at: datetime) -> str:
        rows.undo(session, table, identity, who=who, at=at)
        return _("The last change is taken back.")

    if acting.act(undo):
        row_form.forget(table, identity)
