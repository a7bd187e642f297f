"""Taking a school's values back: which, and why. A reviewer decides, as on every submission."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import _
from access.permissions import Action
from analytics import held
from analytics.scope import Scope
from data_model.engine import Session
from data_model.periods import Period
from intake.withdraw import NamedCell, withdraw
from ui import acting, draft_options, words
from ui.answers import ask, records
from ui.asking import asking
from ui.database import reading
from ui.text import plain
from ui.words import Measure


def offer(scope: Scope, school_code: str, measures: dict[str, Measure]) -> None:
    """Let those who may report for the school take values of it back."""
    acting.answer()
    # Who may report nowhere may not here: most who look at a school, of whom the database need not be asked more.
    if scope.released or scope.as_of is not None or not permissions.may_somewhere(asking().who, Action.SUBMIT):
        return
    rows = ask(held.held_of_school, scope.initiative, school_code, initiative=scope.initiative)
    if rows.empty or not _may(scope.initiative, int(rows["school_id"].iloc[0])):
        return
    with st.expander(_("Take values back"), icon=":material/undo:"):
        st.write(
            _(
                "A value that is wrong and cannot be put right yet can be taken back. A reviewer decides; then it is"
                " not reported, and what was held stays on record."
            )
        )
        periods = list(dict.fromkeys(rows["period"]))
        key = st.selectbox(
            _("Period"), periods, format_func=lambda key: words.period(Period.parse(key)), key="withdraw-period",
            index=periods.index(scope.period.key) if scope.period.key in periods else 0,
        )  # fmt: skip
        chosen = [row.metric for row in records(rows[rows["period"] == key]) if _chosen(row, key, measures)]
        st.text_area(_("Why they are taken back"), key="withdraw-reason", max_chars=2000)
        st.button(
            _("Submit for review"), key="withdraw", icon=":material/send:", on_click=_withdraw,
            args=(scope.initiative, school_code, key, chosen), disabled=not chosen,
        )  # fmt: skip


def _may(initiative: str, school_id: int) -> bool:
    who = asking().who
    with reading() as session:
        return permissions.may(session, who, Action.SUBMIT, initiative=initiative) and not (
            permissions.schools_not_allowed(session, who, Action.SUBMIT, [school_id], initiative=initiative)
        )


def _chosen(row: Any, period: str, measures: dict[str, Measure]) -> bool:
    """Show one value that is held; return whether it is chosen."""
    measure = measures.get(row.metric)
    name = measure.name if measure else row.metric
    value = words.state(row.state) if pd.isna(row.value) else words.number(measure, row.value) if measure else row.value
    text = _("{metric}: **{value}** (submission {number})")
    label = text.format(metric=plain(name), value=plain(value), number=row.submission)
    return st.checkbox(label, key=f"withdraw-{period}-{row.metric}")


def _withdraw(initiative: str, school_code: str, period: str, metrics: list[str]) -> None:
    reason = st.session_state["withdraw-reason"]
    named = [NamedCell(school_code, metric, Period.parse(period)) for metric in metrics]

    def take_back(session: Session, who: Identity, at: datetime) -> str:
        one = draft_options.initiative_named(session, who, initiative)
        number = withdraw(session, one, named, by=who, reason=reason, at=at).id
        return _("Submission {number} is waiting for review. The values stand until it is accepted.").format(
            number=number
        )

    if acting.act(take_back):
        for metric in metrics:
            st.session_state[f"withdraw-{period}-{metric}"] = False
        st.session_state["withdraw-reason"] = ""
