"""A returned submission and its answer: the way to mend it, what it answers, and what was mended since."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import N_, _, format_number, ngettext
from access.permissions import Action
from analytics import submissions
from analytics.submissions import SubmissionDetail
from data_model.engine import Session
from data_model.periods import Period
from data_model.submissions import OPEN_STATES, SubmissionState
from intake.review import steps
from intake.review.resubmission import mended
from ui import acting, filters, navigation, words
from ui.answers import records
from ui.asking import asking
from ui.database import reading
from ui.text import bold, plain
from ui.words import Measure

SHOWN = 200
WHAT = {"added": N_("added"), "removed": N_("left out"), "changed": N_("changed")}


def number() -> int | None:
    """Return the returned submission that the address says an upload answers; None when it says none."""
    wanted = filters.address("answers") or ""
    return int(wanted) if wanted.isdecimal() else None


def show() -> None:
    """Say on the page of uploads what the next file will answer, and what is to be mended."""
    wanted = number()
    if wanted is None:
        return
    with reading() as session:
        if not permissions.may(session, asking().who, Action.WITHDRAW, submission=wanted):
            st.warning(_("There is no submission {number} that you may answer.").format(number=wanted))
            return
        detail = submissions.detail(session, wanted, who=asking().who)
    filters.show("answers", str(wanted))
    text = _("The next file answers submission {number}, {file}, which was returned: {reason}")
    row = detail.row
    st.info(
        text.format(number=wanted, file=plain(row["file_name"]), reason=plain(row["decision_reason"])),
        icon=":material/reply:",
    )
    st.button(
        _("It answers nothing"), type="tertiary", icon=":material/link_off:", key="answers-nothing",
        on_click=filters.go, kwargs={"answers": None},
    )  # fmt: skip


def call(own: pd.DataFrame) -> None:
    """Say above somebody's submissions how many were returned to them and wait for an answer."""
    waits = int(((own["state"] == SubmissionState.RETURNED) & own["answered_by"].isna()).sum()) if len(own) else 0
    if waits:
        text = ngettext(
            "{count} submission was returned to you: open it, read what is to be mended, and answer it.",
            "{count} submissions were returned to you: open them, read what is to be mended, and answer them.",
            waits,
        )
        st.warning(text.format(count=format_number(waits)), icon=":material/reply:")


def offer(detail: SubmissionDetail) -> None:
    """Tell what a submission answers and what answers it; let its maker mend a returned one, or withdraw it."""
    row = detail.row
    others = ((row["answers"], _("Answers No. {number}")), (row["answered_by"], _("Answered by No. {number}")))
    for other, text in others:
        if other is not None and other == other:
            st.button(
                text.format(number=int(other)), key=f"other-{int(other)}", type="tertiary", icon=":material/link:",
                on_click=filters.go, kwargs={"submission": str(int(other))},
            )  # fmt: skip
    state, answered = row["state"], row["answered_by"] is not None and row["answered_by"] == row["answered_by"]
    returned = state == SubmissionState.RETURNED and not answered
    if not (returned or state in OPEN_STATES):
        return
    with reading() as session:
        if not permissions.may(session, asking().who, Action.WITHDRAW, submission=row["submission"]):
            return
    with st.container(horizontal=True):
        if returned:
            st.button(
                _("Upload the mended file"), type="primary", icon=":material/upload_file:", key="mend",
                on_click=navigation.go_to, args=("upload",),
                kwargs={"answers": str(row["submission"]), "initiative": row["initiative"]},
            )  # fmt: skip
        st.button(
            _("Withdraw this submission"), icon=":material/delete:", key="withdraw-submission", on_click=_withdraw,
            args=(row["submission"],),
        )  # fmt: skip


def mended_since(row: dict[str, Any], measures: dict[str, Measure]) -> None:
    """Show what an answer says otherwise than the submission it answers."""
    if row["answers"] is None or row["answers"] != row["answers"]:
        return
    with reading() as session:
        found = mended(session, int(row["answers"]), row["submission"], who=asking().who)
    count = len(found.changes)
    text = ngettext(
        "Compared with No. {number}: {count} value differs, {same} the same as before.",
        "Compared with No. {number}: {count} values differ, {same} the same as before.",
        count,
    )
    st.markdown(bold(_("What was mended")))
    said = text.format(number=int(row["answers"]), count=format_number(count), same=format_number(found.same))
    st.write(said)
    if count:
        with st.container(key="mended-since"):
            rows = [_otherwise(one, measures) for one in records(found.changes.head(SHOWN))]
            st.dataframe(pd.DataFrame(rows), hide_index=True, alt=said)


def _otherwise(row: Any, measures: dict[str, Measure]) -> dict[str, str]:
    measure = measures.get(row.metric)

    def value(number: float, state: str) -> str:
        if number != number:
            return words.state(state or "not_reported")
        return words.number(measure, number) if measure else format_number(number)

    return {
        _("School"): row.school,
        _("Metric"): measure.name if measure else row.metric,
        _("Period"): words.period(Period.parse(row.period), short=True),
        _("Change"): _(WHAT[row.what]),
        _("Then"): value(row.before, row.state_before),
        _("Now"): value(row.after, row.state_after),
    }


def _withdraw(number: int) -> None:
    def withdraw(session: Session, who: Identity, at: datetime) -> str:
        steps.withdraw(session, number, by=who, at=at)
        return _("Submission {number} is withdrawn. Nothing was changed.").format(number=number)

    acting.act(withdraw)
