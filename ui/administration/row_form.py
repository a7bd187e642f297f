"""The form of one row: filled in and saved, refused with what to mend, or beside what somebody saved meanwhile."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import streamlit as st

from access.administration import listing, rows
from access.administration.description import Invalid, Stale, Table, Written
from access.administration.places import referring
from access.administration.reading import written
from access.administration.tables import described
from access.identity import Identity
from access.language import _, format_number, ngettext
from access.refusal import Refusal
from data_model.engine import Session
from ui import acting, filters
from ui.administration import fields
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain

# What the form that is open showed when it was opened: (form, values). A save says it, so that what somebody else
# saved meanwhile is noticed. The address cannot hold it, and a run of the page must not renew it.
_SHOWN = "administration-shown"
_PROBLEMS = "administration-problems"
_STALE = "administration-stale"

# Adds a row and returns what names it in addresses.
Create = Callable[..., str]


def form_name(table: Table, identity: str) -> str:
    """Return what the controls of a row's form are called after."""
    return f"administration-{table.name}-{identity}"


def new(table: Table) -> None:
    """Show the form of a new row."""
    form = form_name(table, "new")
    within = filters.address("within")
    chosen = _chosen_first(table)
    values = fields.blank(table, chosen or ({table.narrowed_by: within} if within and table.narrowed_by else None))
    with reading() as session, st.form(form, enter_to_submit=False):
        asked = [column for column in table.columns if column.name not in chosen]
        values |= {column.name: fields.only_choice(session, column, values) for column in asked if column.within}
        fields.show(session, form, asked, values, problems_of(form))
        star()
        st.form_submit_button(
            _("Add"), key=f"{form}-save", icon=":material/check:", type="primary", on_click=add,
            args=(table, _create, chosen),
        )  # fmt: skip


def _chosen_first(table: Table) -> Written:
    """Let choose, before the form, what other choices of a new row depend on; return it as written."""
    first = next((column.within for column in table.columns if column.within), "")
    if not first:
        return {}
    column = table.column(first)
    with reading() as session:
        options = listing.places_open(session, column, who=asking().who)
    if not options:
        return {}
    return {first: filters.choose("within", plain(_(column.label)), options, next(iter(options)))}


def existing(session: Session, table: Table, identity: str, row: object) -> None:
    """Show a row with its form, or why it may not be changed."""
    form, now = form_name(table, identity), written(session, table, row)  # type: ignore[arg-type]
    said = listing.in_words(session, table, now)
    st.subheader(plain(listing.called(table, said)), anchor=False)
    refused = listing.refusal(session, table, row, who=asking().who)
    if refused is not None:
        st.info(_("You can read this, but not change it: that takes administering everything that uses it."))
        as_it_stands(table, said)
        return
    shown = remembered(form, now)
    beside(session, table, identity, shown)
    fixed = [column.name for column in table.columns if table.is_fixed(column)]
    with st.form(form, enter_to_submit=False):
        fields.show(session, form, table.columns, shown, problems_of(form), fixed=fixed, shown=said)
        star()
        st.form_submit_button(
            _("Save"), key=f"{form}-save", icon=":material/check:", type="primary", on_click=save,
            args=(table, identity),
        )  # fmt: skip
    _offer_removal(session, table, identity, row)


def star() -> None:
    """Say what the star means."""
    st.caption(_("Fields with a star must be filled in."))


def as_it_stands(table: Table, said: Written) -> None:
    """Show a row to somebody who may not change it."""
    lines = [
        f"{plain(_(column.label))}: {bold(plain(said[column.name]))}" for column in table.columns if said[column.name]
    ]
    st.markdown("  \n".join(lines))


def remembered(form: str, now: Written) -> Written:
    """Return what this form showed when it was opened: how the row stands, where it is opened now."""
    opened, shown = st.session_state.get(_SHOWN, ("", {}))
    if opened != form:
        st.session_state[_SHOWN] = (form, now)
        return now
    values: Written = shown
    return values


def problems_of(form: str) -> dict[str, str]:
    """Return what is wrong in the form, by column: said once."""
    of_form, problems = st.session_state.pop(_PROBLEMS, ("", {}))
    return problems if of_form == form else {}


def keep_problems(form: str, invalid: Invalid) -> Refusal:
    """Keep the problems for the form's next picture, below its fields; return what is said above it."""
    st.session_state[_PROBLEMS] = (form, {problem.column: problem.message for problem in invalid.problems})
    return what_to_mend(invalid)


def what_to_mend(invalid: Invalid) -> Refusal:
    """Return what is said above a form of which each problem stands below its field."""
    count = len(invalid.problems)
    said = ngettext(
        "Nothing was saved: {count} thing is to be mended below.",
        "Nothing was saved: {count} things are to be mended below.",
        count,
    )
    return Refusal("invalid", said.format(count=format_number(count)))


def _create(session: Session, table: Table, values: Written, *, who: Identity, at: datetime) -> str:
    return rows.identity_of(session, table, rows.create(session, table, values, who=who, at=at))


def add(table: Table, create: Create = _create, chosen: Written | None = None) -> None:
    """Add what the form of a new row says (and what was `chosen` before it), and open it. For callbacks."""
    form = form_name(table, "new")
    values = fields.read(form, table.columns) | (chosen or {})
    made: list[str] = []

    def deed(session: Session, who: Identity, at: datetime) -> str:
        try:
            made.append(create(session, table, values, who=who, at=at))
        except Invalid as invalid:
            raise keep_problems(form, invalid) from invalid
        return _("It is added.")

    if acting.act(deed):
        fields.forget(form, table.columns)
        filters.go(row=made[0])


def save(table: Table, identity: str, change: Callable[..., object] = rows.change) -> None:
    """Save what the form of a row says. For callbacks."""
    form = form_name(table, identity)
    _opened, shown = st.session_state.get(_SHOWN, ("", {}))
    values = {**shown, **fields.read(form, [column for column in table.columns if not table.is_fixed(column)])}

    def deed(session: Session, who: Identity, at: datetime) -> str:
        try:
            change(session, table, identity, values, shown=shown, who=who, at=at)
        except Invalid as invalid:
            raise keep_problems(form, invalid) from invalid
        except Stale as stale:
            st.session_state[_STALE] = (form, stale.now, values)
            raise
        return _("It is saved.") if values != shown else _("Nothing was changed.")

    if acting.act(deed):
        forget(table, identity)


def forget(table: Table, identity: str) -> None:
    """Let the form be filled anew from the row as it stands. For callbacks."""
    st.session_state.pop(_SHOWN, None)
    st.session_state.pop(_STALE, None)
    fields.forget(form_name(table, identity), table.columns)


def beside(session: Session, table: Table, identity: str, shown: Written) -> None:
    """Set beside each other what the form showed, what somebody saved meanwhile, and what was written here."""
    of_form, now, wrote = st.session_state.get(_STALE, ("", {}, {}))
    if of_form != form_name(table, identity):
        return
    columns = [one for one in table.columns if now[one.name] != shown.get(one.name, "")]
    said = [listing.in_words(session, table, values) for values in (shown, now, wrote)]
    st.dataframe(
        pd.DataFrame(
            {
                _("Field"): [_(column.label) for column in columns],
                _("When you opened it"): [said[0][column.name] for column in columns],
                _("Now"): [said[1][column.name] for column in columns],
                _("What you wrote"): [said[2][column.name] for column in columns],
            }
        ),
        hide_index=True,
        alt=_("What somebody else changed meanwhile"),
    )
    with st.container(horizontal=True):
        st.button(
            _("Start again from how it stands now"), key="stale-theirs", icon=":material/refresh:",
            on_click=forget, args=(table, identity),
        )  # fmt: skip
        st.button(
            _("Keep what I wrote; let me save it over that"), key="stale-mine", icon=":material/edit:",
            on_click=_go_on, args=(table, identity, now),
        )  # fmt: skip


def _go_on(table: Table, identity: str, now: Written) -> None:
    """Go on from how the row stands: what was not changed here is taken over, what was stays to be saved."""
    form = form_name(table, identity)
    _opened, shown = st.session_state.get(_SHOWN, ("", {}))
    _form, _now, wrote = st.session_state.pop(_STALE)
    fields.forget(form, [column for column in table.columns if wrote[column.name] == shown.get(column.name, "")])
    st.session_state[_SHOWN] = (form, now)


def _offer_removal(session: Session, table: Table, identity: str, row: object) -> None:
    with st.expander(_("Remove"), icon=":material/delete:"):
        why_not = table.stays(row) if table.stays is not None else ""
        if why_not:
            st.write(_(why_not))
            return
        users = {} if table.versioned else referring(session, row)  # type: ignore[arg-type]
        if users:
            st.write(_("It cannot be removed while others refer to it:"))
            tables = described()
            st.markdown("\n".join(
                f"- {plain(_(tables[name].title) if name in tables else name.replace('_', ' '))}: {count}"
                for name, count in users.items()
            ))  # fmt: skip
            return
        st.write(_("It disappears from every page at once. It stays in the history and can be brought back."))
        st.button(_("Remove"), key="remove-row", icon=":material/delete:", on_click=_remove, args=(table, identity))


def _remove(table: Table, identity: str) -> None:
    _opened, shown = st.session_state.get(_SHOWN, ("", {}))

    def remove(session: Session, who: Identity, at: datetime) -> str:
        rows.remove(session, table, identity, shown=shown, who=who, at=at)
        return _("It is removed. Below, under “Removed”, it can be brought back.")

    if acting.act(remove):
        forget(table, identity)
        filters.go(row=None)
