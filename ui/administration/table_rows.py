"""A table's rows on screen: the list, and one row with its form, its history and the ways to take things back."""

from datetime import datetime
from math import ceil

import streamlit as st

from access.administration import history, listing, rows
from access.administration.description import NoSuchRow, Table
from access.administration.listing import Line, Listing
from access.identity import Identity
from access.language import _, format_number, ngettext
from data_model.engine import Session
from ui import acting, filters
from ui.administration import past, row_form
from ui.asking import asking
from ui.database import reading
from ui.text import plain

NEW = "new"
ALL = "all"


def show(table: Table) -> None:
    """Show the table's rows: searched, narrowed, a page at a time, each opening; and the way to a new one."""
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    with left:
        search = _search(table)
    with middle if table.search else left:  # what there is to choose by begins at the left
        within = _within(table)
    with right:
        st.button(
            _("Add: {what}").format(what=_(table.one)), key="new-row", icon=":material/add:", type="primary",
            on_click=filters.go, kwargs={"row": NEW},
        )  # fmt: skip
    with reading() as session:
        found = _page(session, table, search, within)
    if not found.lines:
        st.write(_("Nothing is here yet.") if not found.total else _("Nothing fits the search."))
    for line in found.lines:
        _line(table, line)
    _removed(table)


def one(table: Table, identity: str) -> None:
    """Show one row, or an empty form for a new one."""
    st.button(
        _("Back to: {what}").format(what=_(table.title)), type="tertiary", icon=":material/arrow_back:",
        key="to-table", on_click=filters.go, kwargs={"row": None},
    )  # fmt: skip
    filters.show("row", identity)
    if identity == NEW:
        st.subheader(_("Add: {what}").format(what=_(table.one)), anchor=False)
        row_form.new(table)
        return
    with reading() as session:
        try:
            row = rows.find(session, table, identity)
        except NoSuchRow as missing:
            st.warning(missing.message)
            past.of_row(session, table, identity)
            return
        row_form.existing(session, table, identity, row)
        past.of_row(session, table, identity)


def _search(table: Table) -> str:
    if not table.search:
        return ""
    wanted = filters.address("search") or ""
    st.session_state["administration-search"] = wanted
    st.text_input(_("Search"), key="administration-search", icon=":material/search:", on_change=_look_for, max_chars=80)
    return filters.show("search", wanted) if wanted else ""


def _look_for() -> None:
    filters.go(("lines",), search=st.session_state["administration-search"].strip() or None)


def _within(table: Table) -> str:
    if not table.narrowed_by:
        return ""
    column = table.column(table.narrowed_by)
    with reading() as session:
        options = {ALL: _("All")} | listing.choices(session, column)
    chosen = filters.choose("within", plain(_(column.label)), options, ALL, resets=("lines",))
    return "" if chosen == ALL else chosen


def _page(session: Session, table: Table, search: str, within: str) -> Listing:
    """Return the page of rows that is asked for, and show how many there are and the way to the others."""
    who = asking().who
    wanted = filters.address("lines") or "1"
    page = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7 else 1
    found = listing.rows(
        session, table, who=who, search=search, narrowed_to=within, offset=(max(page, 1) - 1) * listing.PAGE
    )
    pages = ceil(found.found / listing.PAGE)
    with st.container(horizontal=True, vertical_alignment="center"):
        counted = ngettext("{count} row", "{count} rows", found.found).format(count=format_number(found.found))
        total = _("{found} of {total}").format(found=counted, total=format_number(found.total))
        st.caption(counted if found.found == found.total else total)
        if pages > 1:
            key = f"administration-lines-{page}"  # the address may turn the page too: then it is another control
            st.pagination(pages, default=min(max(page, 1), pages), key=key, on_change=_turn, args=(key,))
    return found


def _turn(key: str) -> None:
    filters.go(lines=str(st.session_state[key]))


def _line(table: Table, line: Line) -> None:
    facts = [
        f"{_(column.label)}: {line.shown[column.name]}"
        for column in table.columns
        if column.listed and column.name not in table.called and line.shown[column.name]
    ]
    with st.container(gap=None, key=f"lines-row-{line.identity}"):
        st.button(
            plain(listing.called(table, line.shown)), key=f"open-row-{line.identity}", type="tertiary",
            on_click=filters.go, kwargs={"row": line.identity},
        )  # fmt: skip
        st.caption(plain(" · ".join(facts)))


def _removed(table: Table) -> None:
    """Show what was removed on screen, each with the way to bring it back."""
    with reading() as session:
        gone = history.removed(session, table)
        if not gone:
            return
        with st.expander(_("Removed ({count})").format(count=format_number(len(gone))), icon=":material/delete:"):
            for identity, values in gone:
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.write(plain(listing.called(table, listing.in_words(session, table, values))))
                    st.button(
                        _("Bring back"), key=f"bring-back-{identity}", icon=":material/undo:", on_click=_bring_back,
                        args=(table, identity),
                    )  # fmt: skip


def _bring_back(table: Table, identity: str) -> None:
    def bring_back(session: Session, who: Identity, at: datetime) -> str:
        rows.undo(session, table, identity, who=who, at=at)
        return _("It is restored.")

    if acting.act(bring_back):
        filters.go(row=identity)
