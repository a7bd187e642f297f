"""The remembered choices by which a file was read: what was chosen, by whom and when, to be forgotten or made anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

import streamlit as st

from access.identity import Identity
from access.language import N_, _, format_number, ngettext
from data_model.engine import Session
from intake import choices
from ui import acting, column_choices, draft_options, words
from ui.text import plain
from ui.words import Measure

PAGE = 10
KINDS = {"columns": N_("Column"), "schools": N_("School")}


def show(used: Mapping[str, Sequence[Mapping[str, Any]]], measures: dict[str, Measure], initiative: str = "") -> None:
    """Show the choices; with an initiative named, each can be forgotten for its next files."""
    listed = [(kind, one) for kind in KINDS for one in used.get(kind, ())]
    if not listed:
        return
    text = ngettext(
        "Read by {count} choice that was remembered", "Read by {count} choices that were remembered", len(listed)
    )
    with st.expander(text.format(count=format_number(len(listed))), icon=":material/bookmark:"):
        if initiative:
            st.caption(_("A choice holds for everybody's files of this initiative. Forget it to choose again."))
        pages = ceil(len(listed) / PAGE)
        page = st.pagination(pages, key="choices-page") if pages > 1 else 1
        for number, (kind, one) in enumerate(listed[(page - 1) * PAGE : page * PAGE]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"choice-used-{number}"):
                st.markdown(_line(kind, one, measures))
                if initiative:
                    st.button(
                        _("Forget"), key=f"forget-{kind}-{one['text']}", type="tertiary", icon=":material/close:",
                        on_click=_forget, args=(initiative, kind, one["text"]),
                    )  # fmt: skip


def _line(kind: str, one: Mapping[str, Any], measures: dict[str, Measure]) -> str:
    meaning = column_choices.meaning_in_words(one["meaning"], measures) if kind == "columns" else one["meaning"]
    text = _("{kind} “{text}” → **{meaning}**, chosen by {name}, {moment}")
    return text.format(
        kind=_(KINDS[kind]), text=plain(one["text"]), meaning=plain(meaning), name=plain(one["by"]),
        moment=words.moment(datetime.fromisoformat(one["at"])),
    )  # fmt: skip


def _forget(initiative: str, kind: str, text: str) -> None:
    def forget(session: Session, who: Identity, at: datetime) -> str:
        forgotten = choices.forget_column if kind == "columns" else choices.forget_school
        forgotten(session, draft_options.initiative_named(session, who, initiative), text, by=who, at=at)
        return _("What was chosen for “{text}” is forgotten.").format(text=plain(text))

    acting.act(forget)
