"""What a reviewer may do with an open submission: take it up, accept it, return it with points, or reject it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import _, format_number
from access.permissions import Action
from access.refusal import NotAllowed
from analytics.submissions import SubmissionDetail
from data_model.engine import Session
from data_model.submissions import SubmissionState
from intake import record
from intake.findings import Finding
from intake.review import steps
from intake.review.about import About
from intake.review.steps import Point
from intake.staging.jobs import Kind
from ui import acting, findings, progress
from ui.asking import asking
from ui.database import reading
from ui.text import plain
from ui.words import Measure

FINDINGS_OFFERED = 200  # to send back one by one; whoever has more says so in the reason


def refusal(number: int) -> NotAllowed | None:
    """Return why this person may not decide on the submission, None when they may."""
    with reading() as session:
        return permissions.refusal(session, asking().who, Action.REVIEW, submission=number, at=asking().at)


def taken_up(row: dict[str, Any], *, may: bool) -> None:
    """Offer to take a waiting submission up; say who has one that was."""
    number, who = row["submission"], asking().who
    in_review = row["state"] == SubmissionState.IN_REVIEW
    mine = in_review and row["taken_up_by_id"] == who.account_id
    if in_review and not mine:
        text = _("{name} has this submission in review. You can still decide, or take it over.")
        st.info(text.format(name=plain(row["taken_up_by"])), icon=":material/visibility:")
    if may and not mine:
        label = _("Take it over") if in_review else _("Take it up for review")
        st.button(label, icon=":material/visibility:", key="take-up", on_click=_take_up, args=(number,))


def decide(
    detail: SubmissionDetail,
    fingerprint: str,
    points: Sequence[Point],
    measures: dict[str, Measure],
    *,
    large: bool,
    accepted: str,
) -> None:
    """Show the buttons to accept, return or reject. Accepting holds for the preview on screen and for no other."""
    number = detail.row["submission"]
    st.subheader(_("Decide"), anchor=False)
    chosen = [*points, *_findings(detail, measures)]
    st.text_area(_("Reason (needed to return or reject)"), key=f"reason-{number}", max_chars=2000)
    returning = _("Return with {count} points").format(count=format_number(len(chosen))) if chosen else _("Return")
    with st.container(horizontal=True):
        st.button(
            _("Accept"), type="primary", icon=":material/check:", key="accept", on_click=_accept,
            args=(number, fingerprint, large, accepted), disabled=bool(chosen),
            help=_("Something is ticked to be mended.") if chosen else None,
        )  # fmt: skip
        st.button(returning, icon=":material/reply:", key="return", on_click=_return, args=(number, chosen))
        st.button(_("Reject"), icon=":material/close:", key="reject", on_click=_reject, args=(number,))


def _findings(detail: SubmissionDetail, measures: dict[str, Measure]) -> list[Point]:
    """Let choose findings to send back."""
    listed = list(findings.stored(detail.findings.head(FINDINGS_OFFERED)))
    if not listed:
        return []
    names = {key: measure.name for key, measure in measures.items()}

    def in_short(place: int) -> str:
        finding = listed[place]
        where = _("row {row}").format(row=finding.row) if finding.row is not None else finding.column
        return f"{where}: {findings.said(finding, names)}"[:160]

    chosen = st.multiselect(
        _("Findings to send back"), range(len(listed)), format_func=in_short, key="findings-back",
        placeholder=_("Choose findings"),
    )  # fmt: skip
    return [Point(_about(listed[place])) for place in chosen]


def _about(finding: Finding) -> About:
    return About(
        row=finding.row, column=finding.column, value=finding.value, finding=finding.code, details=dict(finding.details)
    )


def _take_up(number: int) -> None:
    def take_up(session: Session, who: Identity, at: datetime) -> str:
        steps.take_up(session, number, by=who, at=at)
        return _("You have submission {number} in review.").format(number=number)

    acting.act(take_up)


def _accept(number: int, fingerprint: str, large: bool, accepted: str) -> None:
    if large:
        progress.ask(Kind.ACCEPT, str(number), submission=number, fingerprint=fingerprint)
        return

    def accept(session: Session, who: Identity, at: datetime) -> str:
        record.accept(session, number, by=who, fingerprint=fingerprint, at=at)
        return accepted

    acting.act(accept)


def _return(number: int, points: Sequence[Point]) -> None:
    reason = st.session_state[f"reason-{number}"]

    def send_back(session: Session, who: Identity, at: datetime) -> str:
        steps.send_back(session, number, by=who, reason=reason, points=points, at=at)
        return _("Submission {number} is returned. Nothing was changed.").format(number=number)

    acting.act(send_back)


def _reject(number: int) -> None:
    reason = st.session_state[f"reason-{number}"]

    def reject(session: Session, who: Identity, at: datetime) -> str:
        record.reject(session, number, by=who, reason=reason, at=at)
        return _("Submission {number} is rejected. Nothing was changed.").format(number=number)

    acting.act(reject)
