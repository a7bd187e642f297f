"""A submission's file as it was submitted: taken along by those who may read it, erased by those who administer."""

from datetime import datetime

import streamlit as st

from access import permissions
from access.identity import Identity, identity_of_account
from access.language import _
from access.permissions import Action
from analytics.submissions import SubmissionDetail
from data_model.engine import Session
from data_model.submissions import OPEN_STATES
from intake import erasing
from ui import acting, words
from ui.asking import asking
from ui.database import reading
from ui.text import plain


def take(detail: SubmissionDetail) -> None:
    """Offer the file, or say that it was erased, when, by whom and why."""
    number, account_id = detail.row["submission"], asking().who.account_id
    with reading() as session:
        erased = erasing.erasure(session, number, who=asking().who)
    if erased is not None:
        said = _("The file was erased by {name}, {moment}: {reason}. Its hash, what it said and the record stay.")
        said = said.format(name=plain(erased.by), moment=words.moment(erased.at), reason=plain(erased.reason))
        st.info(said, icon=":material/ink_eraser:")
        return

    def content() -> bytes:
        assert account_id is not None, "a submission is shown to those who are signed in"
        with reading() as session:
            who = identity_of_account(session, account_id)  # as they stand when the button is pressed
            return erasing.original(session, number, who=who)

    st.download_button(
        _("The file as it was submitted"), content, detail.row["file_name"], mime="application/octet-stream",
        key="original", on_click="ignore", type="tertiary", icon=":material/download:",
    )  # fmt: skip


def erase(detail: SubmissionDetail) -> None:
    """Let those who administer the initiative erase the file of a submission that was decided on."""
    number = detail.row["submission"]
    if detail.row["state"] in OPEN_STATES:
        return
    with reading() as session:
        allowed = permissions.may(session, asking().who, Action.ADMINISTER, submission=number)
        if not allowed or erasing.erasure(session, number, who=asking().who) is not None:
            return
    with st.expander(_("Erase the file"), icon=":material/ink_eraser:"):
        st.write(
            _(
                "For a file that holds what must not be kept, such as people's names. Its bytes, its name and what was"
                " quoted from it are erased for good; nobody can bring them back. Its hash, the values that were"
                " accepted from it and the audit trail stay."
            )
        )
        st.text_area(_("Reason for erasing"), key=f"erase-reason-{number}", max_chars=2000)
        st.button(_("Erase for good"), key="erase", icon=":material/delete_forever:", on_click=_erase, args=(number,))


def _erase(number: int) -> None:
    reason = st.session_state[f"erase-reason-{number}"]

    def deed(session: Session, who: Identity, at: datetime) -> str:
        erasing.erase(session, number, by=who, reason=reason, at=at)
        return _("The file of submission {number} is erased.").format(number=number)

    acting.act(deed)
