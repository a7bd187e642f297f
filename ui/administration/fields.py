"""A form's fields: one control for each column, by its kind. What they hold is read back as it is written."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import streamlit as st

from access.administration import listing
from access.administration.description import NO, YES, Column, Kind, Table, Written
from access.language import _
from data_model.engine import Session
from ui.asking import asking
from ui.text import plain

Value = TypeVar("Value")

FIELD_WIDTH = 280
WIDE = (Kind.LONG_TEXT, Kind.WEB_ADDRESS)
PLACEHOLDERS = {
    Kind.ROUGH_DATE: "2026-05",
    Kind.DAY: "2026-05-20",
    Kind.WEB_ADDRESS: "https://",
}


def key_of(form: str, column: Column) -> str:
    """Return the key of a column's control in a form."""
    return f"{form}-{column.name}"


def show(
    session: Session,
    form: str,
    columns: Iterable[Column],
    values: Written,
    problems: Mapping[str, str],
    *,
    fixed: Iterable[str] = (),
    shown: Mapping[str, str] | None = None,
) -> None:
    """Show the controls, filled with `values` where nothing was written yet, each with its problem below.

    `fixed` columns are shown as they stand (`shown`: in words) and cannot be changed.
    """
    beside: list[Column] = []
    for column in columns:
        if column.wide or column.kind in WIDE:
            _grid(session, form, beside, values, problems, set(fixed), shown or {})
            beside = []
            _field(session, form, column, values, problems, column.name in set(fixed), shown or {})
        else:
            beside.append(column)
    _grid(session, form, beside, values, problems, set(fixed), shown or {})


def read(form: str, columns: Iterable[Column]) -> Written:
    """Return what the controls hold, as written. For callbacks."""
    found: Written = {}
    for column in columns:
        held = st.session_state.get(key_of(form, column))
        found[column.name] = (YES if held else NO) if isinstance(held, bool) else held or ""
    return found


def forget(form: str, columns: Iterable[Column]) -> None:
    """Let the controls be filled anew by the next run. For callbacks."""
    for column in columns:
        st.session_state.pop(key_of(form, column), None)


def blank(table: Table, given: Mapping[str, str] | None = None) -> Written:
    """Return what a new row's form begins with."""
    known = given or {}
    return {column.name: known.get(column.name, column.default) for column in table.columns}


def only_choice(session: Session, column: Column, values: Mapping[str, str]) -> str:
    """Return what there is to choose for a column where it is one thing, such as a new country's root; else nothing."""
    options = listing.places_open(session, column, who=asking().who, within=values[column.within])
    return next(iter(options)) if len(options) == 1 else ""


def label(column: Column) -> str:
    """Return what a column is called in a form: with a star where it must be filled in."""
    return _(column.label) + (" *" if column.required else "")


def _grid(
    session: Session,
    form: str,
    columns: list[Column],
    values: Written,
    problems: Mapping[str, str],
    fixed: set[str],
    shown: Mapping[str, str],
) -> None:
    if columns:
        with st.grid(min_column_width=FIELD_WIDTH):
            for column in columns:
                with st.container(gap="xsmall"):
                    _field(session, form, column, values, problems, column.name in fixed, shown)


def _field(
    session: Session,
    form: str,
    column: Column,
    values: Written,
    problems: Mapping[str, str],
    fixed: bool,
    shown: Mapping[str, str],
) -> None:
    help_text = plain(_(column.help)) or None
    if fixed:
        said = shown.get(column.name, values[column.name])
        st.text_input(label(column), said, key=f"{key_of(form, column)}-fixed", disabled=True, help=help_text)
    elif column.kind is Kind.CHOICE or (column.refers_to is not None and not column.refers_to.typed):
        _choice(session, form, column, values[column.name], help_text, values.get(column.within, ""))
    elif column.kind is Kind.YES_NO:
        checked = _begin(form, column, values[column.name] == YES)
        st.checkbox(label(column), checked, key=key_of(form, column), help=help_text)
    elif column.kind is Kind.LONG_TEXT:
        text = _begin(form, column, values[column.name])
        st.text_area(label(column), text, key=key_of(form, column), max_chars=column.longest, help=help_text)
    else:
        text = _begin(form, column, values[column.name])
        st.text_input(
            label(column), text, key=key_of(form, column), max_chars=column.longest, help=help_text,
            placeholder=PLACEHOLDERS.get(column.kind, ""),
        )  # fmt: skip
    if column.name in problems:
        st.error(plain(problems[column.name]), icon=":material/error:")


def _choice(session: Session, form: str, column: Column, value: str, help_text: str | None, within: str) -> None:
    if column.refers_to is not None:
        options = listing.places_open(session, column, who=asking().who, within=within)
        if value and value not in options:
            options |= listing.choices(session, column)
    else:
        options = {code: _(word) for code, word in column.choices.items()}
    if within and st.session_state.get(key_of(form, column)) not in options:
        st.session_state.pop(key_of(form, column), None)  # chosen before, within something else
    chosen = _begin(form, column, value or None)
    st.selectbox(
        label(column), list(options), key=key_of(form, column), help=help_text,
        index=list(options).index(chosen) if chosen in options else None,
        format_func=lambda code: options.get(code, code),
        placeholder=_("Choose") if column.required else _("None"),
    )  # fmt: skip


def _begin(form: str, column: Column, value: Value) -> Value:
    """Let a control begin with a value, and return it: the control is told of it as its default too. What is set alone
    reaches the browser once, and is lost where a click ends the run before the control was drawn.
    """
    st.session_state.setdefault(key_of(form, column), value)
    return value
