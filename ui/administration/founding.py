"""Founding an initiative on screen: one page, section by section, and everything that is wrong with it at once."""

from collections.abc import Iterable
from datetime import datetime

import streamlit as st

from access.administration import founding
from access.administration.description import Column, Invalid, Table, Written
from access.administration.founding import CLAIM, INITIATIVE, LEAD, SOURCE, Founding
from access.administration.measure_names import metric_names
from access.administration.registry_tables import CLAIMS, INITIATIVES, ORGANISATIONS, PARTICIPATIONS, SOURCES
from access.identity import Identity
from access.language import N_, _
from data_model.engine import Session
from ui import acting, filters
from ui.administration import fields, row_form
from ui.database import reading
from ui.text import plain

FORM = "founding"
WHAT = ("name", "country", "key", "kind", "status", "programme", "summary", "announced_on", "starts_on", "ends_on")
REPORTS = ("granularity", "due_days")
OF_A_CLAIM = ("figure", "kind", "qualifier", "value", "value_high", "unit", "population", "as_of", "period", "note")
KNOWN, NEW, NOBODY = "known", "new", "nobody"
SOURCES_FROM = {KNOWN: N_("A source in the list"), NEW: N_("A new source")}
LEADS_FROM = {NOBODY: N_("No source says"), KNOWN: N_("An organisation in the list"), NEW: N_("A new organisation")}
# What the page remembers while it is filled in: how many claims, the key that was suggested, and the problems.
_CLAIMS, _SUGGESTED, _PROBLEMS = f"{FORM}-claims", f"{FORM}-suggested", f"{FORM}-problems"
REQUIRED, OPTIONAL = f"{FORM}-required", f"{FORM}-optional"


def show() -> None:
    """Show the page on which an initiative is founded."""
    st.button(
        _("Back to: {what}").format(what=_(INITIATIVES.title)), type="tertiary", icon=":material/arrow_back:",
        key="to-table", on_click=filters.go, kwargs={"row": None},
    )  # fmt: skip
    filters.show("row", "new")
    st.subheader(_("Set up an initiative"), anchor=False)
    st.caption(_("Fields with a star must be filled in. Nothing is saved before the button below."))
    _suggest_key()
    with reading() as session:
        _section(_("1. What is it?"))
        _fields(session, INITIATIVE, INITIATIVES, WHAT)
        _section(_("2. Who says so?"))
        _source(session)
        _section(_("3. Who leads it?"))
        _lead(session)
        _section(_("4. What do its schools report?"))
        _fields(session, INITIATIVE, INITIATIVES, REPORTS)
        _metrics(session)
        _section(_("5. What was announced?"))
        _claims(session)
    st.divider()
    st.button(_("Set up the initiative"), key=f"{FORM}-found", type="primary", icon=":material/flag:", on_click=_found)


def _section(title: str) -> None:
    st.markdown(f"#### {title}")


def _suggest_key() -> None:
    """Fill the key in from country and name, until somebody writes another one."""
    key = fields.key_of(f"{FORM}-{INITIATIVE}", INITIATIVES.column("key"))
    country, name = (_held(INITIATIVE, INITIATIVES.column(column)) for column in ("country", "name"))
    if country and name and st.session_state.get(key, "") in ("", st.session_state.get(_SUGGESTED)):
        st.session_state[key] = st.session_state[_SUGGESTED] = founding.suggested_key(country, name)


def _source(session: Session) -> None:
    kind = _choose(f"{FORM}-source-from", _("Where it was announced"), SOURCES_FROM)
    if kind == KNOWN:
        _fields(session, INITIATIVE, INITIATIVES, ("source",))
    else:
        _fields(session, SOURCE, SOURCES, [column.name for column in SOURCES.columns])


def _lead(session: Session) -> None:
    kind = _choose(f"{FORM}-lead-from", _("The leading organisation"), LEADS_FROM)
    if kind == KNOWN:
        _fields(session, LEAD, PARTICIPATIONS, ("organisation",))
    elif kind == NEW:
        _fields(session, LEAD, ORGANISATIONS, [column.name for column in ORGANISATIONS.columns])


def _metrics(session: Session) -> None:
    names = metric_names(session)
    left, right = st.columns(2)
    with left:
        st.multiselect(
            _("Metrics that must be reported"), list(names), format_func=lambda key: names[key], key=REQUIRED,
            placeholder=_("Choose"),
        )  # fmt: skip
    with right:
        st.multiselect(
            _("Metrics that may be reported"), list(names), format_func=lambda key: names[key], key=OPTIONAL,
            placeholder=_("Choose"),
        )  # fmt: skip
    st.caption(_("None is right for an initiative whose schools do not report here. It can be changed later."))


def _claims(session: Session) -> None:
    count = st.session_state.setdefault(_CLAIMS, 0)
    if not count:
        st.caption(_("Figures that its source states, such as how many teachers are to be trained."))
    for number in range(count):
        with st.container(border=True):
            _fields(session, f"{CLAIM}-{number}", CLAIMS, OF_A_CLAIM)
    with st.container(horizontal=True):
        st.button(_("Add a claim"), key=f"{FORM}-more", icon=":material/add:", on_click=_count, args=(1,))
        if count:
            st.button(_("Remove the last one"), key=f"{FORM}-less", icon=":material/remove:", on_click=_count,
                      args=(-1,))  # fmt: skip


def _count(step: int) -> None:
    st.session_state[_CLAIMS] = max(st.session_state[_CLAIMS] + step, 0)


def _fields(session: Session, part: str, table: Table, names: Iterable[str]) -> None:
    columns = [table.column(name) for name in names]
    kept: dict[str, str] = st.session_state.get(_PROBLEMS, {})
    problems = {column.name: kept[f"{part}.{column.name}"] for column in columns if f"{part}.{column.name}" in kept}
    fields.show(session, f"{FORM}-{part}", columns, fields.blank(table), problems)


def _choose(key: str, label: str, options: dict[str, str]) -> str:
    chosen: str = st.radio(label, list(options), format_func=lambda one: _(options[one]), key=key, horizontal=True)
    return chosen


def _held(part: str, column: Column) -> str:
    return st.session_state.get(fields.key_of(f"{FORM}-{part}", column)) or ""


def _written(part: str, table: Table, names: Iterable[str]) -> Written:
    return fields.read(f"{FORM}-{part}", [table.column(name) for name in names])


def _filled_in() -> Founding:
    """Return what the page says."""
    source_from, lead_from = st.session_state[f"{FORM}-source-from"], st.session_state[f"{FORM}-lead-from"]
    every_source, every_organisation = ([one.name for one in table.columns] for table in (SOURCES, ORGANISATIONS))
    metrics = dict.fromkeys(st.session_state[OPTIONAL], False) | dict.fromkeys(st.session_state[REQUIRED], True)
    return Founding(
        initiative=_written(INITIATIVE, INITIATIVES, (*WHAT, *REPORTS, "source")),
        new_source=_written(SOURCE, SOURCES, every_source) if source_from == NEW else None,
        lead=_held(LEAD, PARTICIPATIONS.column("organisation")) if lead_from == KNOWN else "",
        new_lead=_written(LEAD, ORGANISATIONS, every_organisation) if lead_from == NEW else None,
        metrics=metrics,
        claims=[_written(f"{CLAIM}-{number}", CLAIMS, OF_A_CLAIM) for number in range(st.session_state[_CLAIMS])],
    )


def _found() -> None:
    asked = _filled_in()
    made: list[str] = []

    def found(session: Session, who: Identity, at: datetime) -> str:
        try:
            initiative = founding.found(session, asked, who=who, at=at)
        except Invalid as invalid:
            st.session_state[_PROBLEMS] = {one.column: one.message for one in invalid.problems}
            raise row_form.what_to_mend(invalid) from invalid
        made.append(str(initiative.id))
        return _("{name} is set up. Enrol its schools next, and invite who reports for them.").format(
            name=plain(initiative.name)
        )

    if acting.act(found):
        for key in [key for key in st.session_state if str(key).startswith(f"{FORM}-")]:
            del st.session_state[key]
        filters.go(row=made[0])
