"""The audit trail on screen: a search kept in the address, its events page by page, and one event in full."""

import json
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access import actions, audit, trail
from access.administration.tables import TABLES
from access.identity import identity_of_account
from access.language import N_, _, format_number, ngettext
from access.origin import Channel
from access.trail import Entry, Search
from ui import codes, filters, words
from ui.asking import asking
from ui.database import reading
from ui.downloads import as_csv
from ui.text import bold, plain

CHANNELS: dict[str, str] = {
    Channel.SCREEN: N_("on screen"),
    Channel.ROUTE: N_("by a form or program"),
    Channel.COMMAND_LINE: N_("on the command line"),
    Channel.WORKER: N_("in the background"),
    Channel.SEED: N_("while data was loaded"),
}
# The parts of a search as parameters of the address; `older` says where its page begins, `event` which one is open.
_PARTS = ("person", "action", "subject_type", "subject_key", "in_initiative", "since", "until", "text")
_PLACE = ("older", "event")
PAGE = 25


def chosen() -> Entry | None:
    """Return the event that the address names, None when it names none or one that may not be seen."""
    wanted = filters.address("event")
    if wanted is None:
        return None
    with reading() as session:
        found = trail.one(session, asking().who, int(wanted)) if wanted.isdecimal() and len(wanted) < 18 else None
    if found is None:
        st.warning(_("There is no event {number} that you may see.").format(number=plain(wanted[:20])))
    return found


def search_form() -> Search:
    """Show the fields of a search as the address fills them, and return the search."""
    wanted = _search()
    with reading() as session:
        keys = trail.initiatives(session, asking().who)
    with st.form("audit-search", border=True):
        left, middle, right = st.columns(3)
        left.text_input(_("Person"), wanted.person, key="audit-person", help=_("A part of the name or e-mail address."))
        _choice(middle, _("What was done"), "action", wanted.action, {k: _(v) for k, v in actions.ACTIONS.items()})
        _choice(right, _("Initiative"), "in_initiative", wanted.initiative, {key: key for key in keys})
        left, middle, right = st.columns(3)  # row by row: so they keep their order on a phone
        _choice(left, _("Kind of thing"), "subject_type", wanted.subject_type, subjects())
        middle.text_input(
            _("Its number or key"), wanted.subject_key, key="audit-subject_key", help=_("As in 12 or anna@example.org.")
        )
        right.text_input(_("Text in the details"), wanted.text, key="audit-text")
        left, middle, _right = st.columns(3)
        left.date_input(_("From"), wanted.since, key="audit-since", format=words.date_format())
        middle.date_input(_("Until"), wanted.until, key="audit-until", format=words.date_format())
        st.form_submit_button(_("Search"), icon=":material/search:", type="primary", on_click=_go)
    return wanted


def results(wanted: Search) -> None:
    """Show a page of what was found, the newest first, each event a button that opens it."""
    older = filters.address("older")
    with reading() as session:
        found = trail.search(
            session, asking().who, wanted, older_than=int(older) if older and older.isdecimal() else None, most=PAGE
        )
    if not found.entries:
        st.info(_("No event fits this search."), icon=":material/search_off:")
    for entry in found.entries:
        with st.container(
            border=True, key=f"event-{entry.event.id}", gap="xsmall", horizontal=True,
            horizontal_alignment="distribute", vertical_alignment="center",
        ):  # fmt: skip
            st.button(
                headline(entry), key=f"open-event-{entry.event.id}", type="tertiary", icon=":material/history:",
                on_click=_open, args=({"event": str(entry.event.id)},),
            )  # fmt: skip
            st.caption(_in_short(entry), width="content")
    with st.container(horizontal=True):
        if older:
            st.button(_("Newest"), key="audit-newest", icon=":material/first_page:", on_click=_open, args=({},))
        if found.older is not None:
            st.button(
                _("Older"), key="audit-older", icon=":material/chevron_right:", on_click=_open,
                args=({"older": str(found.older)},),
            )  # fmt: skip


def verification() -> None:
    """Offer to check the whole chain, and say what came of it."""
    if not st.button(_("Check that nothing was altered or removed"), key="audit-verify", icon=":material/verified:"):
        return
    with reading() as session:
        found = audit.verify(session)
    if not found.intact:
        message = _("The trail is broken at event {event}: it, or the one before it, was altered or removed.")
        st.error(message.format(event=found.broken_event), icon=":material/gpp_bad:")
        return
    said = ngettext(
        "Intact: {count} event fits the one before it.", "Intact: all {count} events fit, each the one before it.",
        found.events,
    ).format(count=format_number(found.events))  # fmt: skip
    st.success(said, icon=":material/verified:")
    st.caption(_("The head of the chain. Keep it elsewhere, to see later that the end was not cut off:"))
    st.code(found.head, language=None, wrap_lines=True)


def downloads(wanted: Search) -> None:
    """Offer everything the search finds as files."""
    account_id = asking().who.account_id
    assert account_id is not None, "the page is for those who are signed in"

    def lines() -> bytes:
        with reading() as session:
            who = identity_of_account(session, account_id)  # as they stand when the button is pressed
            return "".join(trail.as_lines(trail.everything(session, who, wanted))).encode()

    def table() -> bytes:
        with reading() as session:
            who = identity_of_account(session, account_id)
            rows = [entry.as_record() for entry in trail.everything(session, who, wanted)]
        for row in rows:
            row["details"] = json.dumps(row["details"], ensure_ascii=False, sort_keys=True)
        return as_csv(pd.DataFrame(rows, columns=trail.COLUMNS, dtype=object), {})

    with st.container(horizontal=True):
        st.download_button(
            _("All that was found as CSV"), table, "audit-trail.csv", mime="text/csv", key="audit-csv",
            on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            _("As JSON lines, with the hashes of the chain"), lines, "audit-trail.jsonl", mime="application/jsonl",
            key="audit-jsonl", on_click="ignore", type="tertiary", icon=":material/download:",
        )  # fmt: skip


def in_full(entry: Entry) -> None:
    """Show one event: what, who, when, from where, what stood before and after, and its place in the chain."""
    st.button(_("Back to the list"), key="audit-back", icon=":material/arrow_back:", on_click=_open, args=({},))
    event = entry.event
    st.subheader(headline(entry), anchor=False)
    facts = {
        _("Who"): " · ".join(part for part in (entry.name, entry.email) if part) or _("the operator of the server"),
        _("When"): words.moment(event.at),
        _("From where"): came_from(entry),
        _("Number of the event"): str(event.id),
    }
    for label, text in facts.items():
        st.markdown(f"**{label}**: {plain(text)}")
    differences = entry.differences()
    if differences:
        st.markdown(bold(_("What changed")))
        st.table(
            pd.DataFrame(
                [(plain(_field(entry, name)), _value(before), _value(after)) for name, before, after in differences],
                columns=[_("Field"), _("Before"), _("After")],
            ).set_index(_("Field"))
        )
    for name, value in entry.facts():
        st.markdown(f"**{plain(_field(entry, name))}**: {_value(value)}")
    with st.expander(_("Its place in the chain")):
        st.caption(_("Hash of the event before"))
        st.code(event.previous_hash, language=None, wrap_lines=True)
        st.caption(_("Hash of this event"))
        st.code(event.hash, language=None, wrap_lines=True)


def headline(entry: Entry) -> str:
    """Return what was done to what, for Markdown."""
    event = entry.event
    name = entry.event.details.get("name")
    subject = str(name) if isinstance(name, str) and name else event.subject_key
    return _("{action}: {kind} {subject}").format(
        action=_(actions.ACTIONS.get(event.action, event.action)),
        kind=subjects().get(event.subject_type, event.subject_type),
        subject=plain(subject),
    )


def subjects() -> dict[str, str]:
    """Return what things are done to, in words."""
    kept_on_screen = {name: _(table.one) for name, table in TABLES.items()}
    return kept_on_screen | {kind: _(name) for kind, name in actions.SUBJECTS.items()}


def came_from(entry: Entry) -> str:
    """Return where the event came from, in words."""
    channel, address = entry.event.channel, entry.event.address
    if channel is None:
        return _("not recorded")
    said = codes.word(channel, CHANNELS)
    return _("{channel}, from {address}").format(channel=said, address=address) if address else said


def _in_short(entry: Entry) -> str:
    who = plain(entry.name or entry.email) or _("the operator of the server")
    known = (came_from(entry),) if entry.event.channel is not None else ()
    return " · ".join((words.moment(entry.event.at), who, *map(plain, known)))


def _field(entry: Entry, name: str) -> str:
    """Return what a detail is called: the column's label where the event is about a row that is kept on screen."""
    table = TABLES.get(entry.event.subject_type)
    if table is not None and name in {column.name for column in table.columns}:
        return _(table.column(name).label)
    if name == "sha256":
        return "SHA-256"
    return name.replace("_", " ").capitalize() if name else _("Value")


def _value(value: Any) -> str:
    """Return a value of the details in Markdown: nothing is a dash, lists and tables stand as JSON."""
    if value is None or value == "":
        return "–"
    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _choice(place: Any, label: str, part: str, value: str, options: dict[str, str]) -> None:
    keys = ["", *sorted(options, key=lambda key: options[key])]
    place.selectbox(
        label, keys, index=keys.index(value) if value in keys else 0, key=f"audit-{part}",
        format_func=lambda key: options.get(key, _("any")),
    )  # fmt: skip


def _search() -> Search:
    said = {part: filters.show(part, text) for part in _PARTS if (text := filters.address(part) or "")}
    return Search(
        person=said.get("person", ""), action=said.get("action", ""), subject_type=said.get("subject_type", ""),
        subject_key=said.get("subject_key", ""), initiative=said.get("in_initiative", ""),
        since=_day(said.get("since")), until=_day(said.get("until")), text=said.get("text", ""),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _go() -> None:
    """Write the form into the address, from which the page is made."""
    filled = {part: st.session_state[f"audit-{part}"] for part in _PARTS}
    filters.go(_PLACE, **{part: str(value).strip() if value else None for part, value in filled.items()})


def _open(place: dict[str, str]) -> None:
    filters.go(_PLACE)
    st.query_params.update(place)
