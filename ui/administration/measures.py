"""Metrics and indicators on screen: the list, and one with its form, its definitions of before and its history."""

from datetime import datetime

import streamlit as st

from access.administration import listing, measures
from access.administration.description import NoSuchRow, Table, Written
from access.administration.measure_tables import INDICATORS, METRICS
from access.administration.reading import write
from access.identity import Identity
from access.language import N_, _
from data_model.engine import Session
from data_model.measures import Definition
from ui import acting, filters
from ui.administration import fields, past, row_form
from ui.asking import asking
from ui.database import reading
from ui.text import plain

NEW = "new"
STAYS = N_("What was added stays, for what is reported hangs on it. What is said of it can be changed above.")


def of_metrics() -> None:
    """Show the metrics, or the one that the address names."""
    _show(METRICS)


def of_indicators() -> None:
    """Show the indicators, or the one that the address names."""
    _show(INDICATORS)


def _show(table: Table) -> None:
    identity = filters.address("row")
    if identity is None:
        _list(table)
        return
    filters.show("row", identity)
    st.button(
        _("Back to: {what}").format(what=_(table.title)), type="tertiary", icon=":material/arrow_back:",
        key="to-table", on_click=filters.go, kwargs={"row": None},
    )  # fmt: skip
    if identity == NEW:
        _new(table)
    else:
        _one(table, identity)


def _list(table: Table) -> None:
    with reading() as session:
        refused = measures.refusal(session, who=asking().who)
        found = measures.listed(session, table, who=asking().who)
        lines = [(identity, listing.in_words(session, table, values)) for identity, values in found]
    if refused is None:
        st.button(
            _("Add: {what}").format(what=_(table.one)), key="new-row", icon=":material/add:", type="primary",
            on_click=filters.go, kwargs={"row": NEW},
        )  # fmt: skip
    if not lines:
        st.write(_("Nothing is here yet."))
    for identity, said in lines:
        facts = [f"{_(one.label)}: {said[one.name]}" for one in table.columns if one.listed and said[one.name]]
        with st.container(gap=None, key=f"lines-row-{identity}"):
            st.button(
                plain(listing.called(table, said)), key=f"open-row-{identity}", type="tertiary",
                on_click=filters.go, kwargs={"row": identity},
            )  # fmt: skip
            st.caption(plain(" · ".join(facts)))


def _new(table: Table) -> None:
    form = row_form.form_name(table, NEW)
    st.subheader(_("Add: {what}").format(what=_(table.one)), anchor=False)
    st.caption(_("Once added it stays, and so does its key: what is reported hangs on it."))
    with reading() as session, st.form(form, enter_to_submit=False):
        fields.show(session, form, table.columns, fields.blank(table), row_form.problems_of(form))
        row_form.star()
        st.form_submit_button(
            _("Add"), key=f"{form}-save", icon=":material/check:", type="primary", on_click=row_form.add,
            args=(table, _create),
        )  # fmt: skip


def _one(table: Table, identity: str) -> None:
    with reading() as session:
        try:
            kept = measures.find(session, table, identity)
        except NoSuchRow as missing:
            st.warning(missing.message)
            return
        now = measures.as_written(session, table, kept)
        said = listing.in_words(session, table, now)
        st.subheader(plain(listing.called(table, said)), anchor=False)
        if measures.refusal(session, who=asking().who) is None:
            _form(session, table, identity, now, said)
        else:
            st.info(_("You can read this, but not change it: that takes administering everything."))
            row_form.as_it_stands(table, said)
        _versions(session, table, identity)
        past.changes(session, table, identity, _undo, stays=_(STAYS))


def _form(session: Session, table: Table, identity: str, now: Written, said: Written) -> None:
    form = row_form.form_name(table, identity)
    shown = row_form.remembered(form, now)
    row_form.beside(session, table, identity, shown)
    st.caption(_("A change of names, definitions or bounds is a new version: the past keeps the definition of then."))
    fixed = [column.name for column in table.columns if table.is_fixed(column)]
    with st.form(form, enter_to_submit=False):
        fields.show(session, form, table.columns, shown, row_form.problems_of(form), fixed=fixed, shown=said)
        row_form.star()
        st.form_submit_button(
            _("Save"), key=f"{form}-save", icon=":material/check:", type="primary", on_click=row_form.save,
            args=(table, identity, measures.change),
        )  # fmt: skip


def _create(session: Session, table: Table, values: Written, *, who: Identity, at: datetime) -> str:
    return measures.create(session, table, values, who=who, at=at).identity


def _versions(session: Session, table: Table, identity: str) -> None:
    found = measures.versions(session, identity)
    columns = [column for column in table.columns if column.attribute in Definition.model_fields]
    said = [{one.name: write(session, one, getattr(row, one.attribute)) for one in columns} for row in found]
    past.versions(found, columns, said)


def _undo(table: Table, identity: str) -> None:
    def undo(session: Session, who: Identity, at: datetime) -> str:
        measures.undo(session, table, identity, who=who, at=at)
        return _("The last change is taken back.")

    if acting.act(undo):
        row_form.forget(table, identity)
