"""What each column was read as, and choosing otherwise: remembered for the initiative, or for this file alone."""

from collections import Counter
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access.identity import Identity
from access.language import N_, _
from data_model.engine import Session
from intake import choices
from intake.columns import IGNORE, ColumnRole
from intake.folding import fold
from intake.grid import column_letters
from intake.our_sheets import REASON_COLUMN, ROW_COLUMN
from intake.reading import Reading
from intake.staging.drafts import Draft
from intake.staging.outcome import Outcome
from ui import acting, draft_options
from ui.text import plain
from ui.words import Measure

COLUMNS_OPEN = 12
AS_IT_IS = ""
SAMPLES = 3
HOW = {"exact": N_("by its name"), "alias": N_("by another name of it"), "mapping": N_("as you chose")}
ROLES = {
    "school_code": N_("School code"),
    "school_name": N_("School name (not stored)"),
    "period": N_("Period"),
    "metric": N_("Metric"),
    "value": N_("Value"),
}
OURS = {fold(name) for names in (ROW_COLUMN, REASON_COLUMN) for name in names.values()}


def show(draft: Draft, outcome: Outcome, measures: dict[str, Measure]) -> None:
    """Show what the columns were read as, and let choose for those that are not read, or for any on demand."""
    read = outcome.recognised
    if not read.names:
        return
    meant = {column.position: column for column in read.columns}
    unclear = _unclear(read, outcome, draft)
    with st.expander(_("Columns"), icon=":material/view_column:", expanded=len(read.names) <= COLUMNS_OPEN):
        rows = [_row(name, meant.get(position), draft, measures) for position, name in enumerate(read.names)]
        st.table(pd.DataFrame(rows), hide_index=True, border="horizontal")
        every = st.toggle(_("Choose for other columns too"), key="every-column") if len(unclear) < len(rows) else True
        shown = range(len(read.names)) if every else unclear
        if shown:
            st.caption(_("What is chosen for a column by its name is remembered for the files of this initiative."))
        for position in shown:
            _choose(draft, outcome, position, measures)


def meaning_in_words(meaning: str, measures: dict[str, Measure]) -> str:
    """Return what was chosen for a column: a metric's or key column's name, or that it is not read."""
    if meaning == IGNORE:
        return _("not read")
    return measures[meaning].name if meaning in measures else _(ROLES.get(meaning, meaning))


def _unclear(read: Reading, outcome: Outcome, draft: Draft) -> list[int]:
    """Return the positions of columns that nobody has decided on and that are not read, or that mean the same; and of
    those that were decided on for this file alone.
    """
    meant = {column.position: column.metric or column.role for column in read.columns}
    twice = Counter(meant.values())
    warned = {finding.column for finding in outcome.findings.of_file if finding.code == "ignored_column"}
    disputed = any(finding.code in ("duplicate_column", "layout_unclear") for finding in outcome.findings.of_file)
    return [
        position for position, name in enumerate(read.names)
        if (position not in meant and name in warned)
        or f"({column_letters(position)})" in draft.options.mapping or (disputed and twice[meant.get(position)] > 1)
        or (disputed and position not in meant and fold(name) not in OURS)
    ]  # fmt: skip


def _row(name: str, column: Any | None, draft: Draft, measures: dict[str, Measure]) -> dict[str, str]:
    if column is None:
        return {_("Column"): plain(name), _("Read as"): _("not read"), _("Recognised"): ""}
    meaning = meaning_in_words(column.metric or str(column.role), measures)
    return {_("Column"): plain(name), _("Read as"): plain(meaning), _("Recognised"): _(HOW.get(column.how, column.how))}


def _choose(draft: Draft, outcome: Outcome, position: int, measures: dict[str, Measure]) -> None:
    """Show a column's name and first values, and what it may mean."""
    read = outcome.recognised
    name, place = read.names[position], f"({column_letters(position)})"
    by_name = name != place and sum(fold(one) == fold(name) for one in read.names) == 1
    remembered = {fold(one["text"]): one["meaning"] for one in outcome.choices.get("columns", ())}
    held = remembered.get(fold(name), AS_IT_IS) if by_name else draft.options.mapping.get(place, AS_IT_IS)
    options = {AS_IT_IS: _("as it is"), IGNORE: _("do not read it")}
    options |= {key: measure.name for key, measure in measures.items() if not measure.indicator}
    options |= {str(role): _("Key column: {role}").format(role=_(ROLES[role])) for role in ColumnRole}
    label = plain(name) if by_name else _("{column} in column {letter}, for this file alone").format(
        column=plain(name), letter=column_letters(position)
    )  # fmt: skip
    if samples := _samples(read, position):
        label += f": {plain(', '.join(samples))}"
    key = f"column-{position}"
    st.session_state[key] = held if held in options else AS_IT_IS
    st.selectbox(
        label, list(options), format_func=lambda value: options[value], key=key, on_change=_decide,
        args=(draft.token, draft.initiative, name, place, key, by_name),
    )  # fmt: skip


def _samples(read: Reading, position: int) -> list[str]:
    """Return the first values of a column, as far as the first rows show them."""
    below = read.first_rows[read.header_row or 0 :]
    found = [row[position] for row in below if position < len(row) and row[position].strip()]
    return list(dict.fromkeys(found))[:SAMPLES]


def _decide(token: str, initiative: str, name: str, place: str, key: str, by_name: bool) -> None:
    chosen = st.session_state[key]
    if by_name:

        def remember(session: Session, who: Identity, at: datetime) -> str:
            one = draft_options.initiative_named(session, who, initiative)
            if chosen == AS_IT_IS:
                choices.forget_column(session, one, name, by=who, at=at)
                return _("What was chosen for “{text}” is forgotten.").format(text=plain(name))
            choices.remember_column(session, one, name, chosen, by=who, at=at)
            return _("The column “{text}” is remembered.").format(text=plain(name))

        acting.act(remember)
        return
    mapping = {column: meaning for column, meaning in draft_options.options(token).mapping.items() if column != place}
    draft_options.decide(token, mapping=mapping if chosen == AS_IT_IS else {**mapping, place: chosen})
