"""What a reviewer may do with an open submission: take it up, accept it, return it with points, or reject it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import _, format_number, ngettext
from access.permissions import Action
from access.refusal import NotAllowed
from data_model.engine import Session
from data_model.submissions import SubmissionState
from intake import record
from intake.review import steps
from intake.review.steps import Point
from intake.staging.jobs import Kind
from ui import acting, progress
from ui.asking import asking
from ui.database import reading
from ui.text import plain


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


def decide(number: int, fingerprint: str, chosen: Sequence[Point], *, large: bool, accepted: str) -> None:
    """Show the buttons to accept, return with the chosen points, or reject. Accepting holds for the preview on screen
    and for no other.
    """
    st.subheader(_("Decide"), anchor=False)
    st.text_area(_("Reason (needed to return or reject)"), key=f"reason-{number}", max_chars=2000)
    points = ngettext("Return with {count} point", "Return with {count} points", len(chosen))
    returning = points.format(count=format_number(len(chosen))) if chosen else _("Return")
    with st.container(horizontal=True):
        st.button(
            _("Accept"), type="primary", icon=":material/check:", key="accept", on_click=_accept,
            args=(number, fingerprint, large, accepted), disabled=bool(chosen),
            help=_("Something is chosen to be mended.") if chosen else None,
        )  # fmt: skip
        st.button(returning, icon=":material/reply:", key="return", on_click=_return, args=(number, chosen))
        st.button(_("Reject"), icon=":material/close:", key="reject", on_click=_reject, args=(number,))


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
