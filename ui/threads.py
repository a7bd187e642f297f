"""The thread of a submission on screen: what was done and said, on all of it, on rows and on values."""

from datetime import datetime

import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import N_, _
from access.permissions import Action
from analytics import catalogue, registry
from analytics.submissions import SubmissionDetail
from data_model.engine import Session
from intake.findings import Finding
from intake.review import steps
from intake.review.about import About
from intake.review.thread import Entry, thread
from ui import acting, attention, findings, words
from ui.answers import ask_registry, records
from ui.asking import asking
from ui.database import reading
from ui.text import plain
from ui.words import Measure

KINDS = {
    "taken_up": N_("took it up for review"),
    "returned": N_("returned it"),
    "point": N_("asks to mend"),
    "comment": N_("says"),
    "withdrawn": N_("withdrew it"),
}
ICONS = {
    "taken_up": ":material/visibility:", "returned": ":material/reply:", "point": ":material/build:",
    "comment": ":material/chat:", "withdrawn": ":material/delete:",
}  # fmt: skip


def show(detail: SubmissionDetail, measures: dict[str, Measure]) -> None:
    """Show the thread of a submission and of those it answers, and let say something in it."""
    number = detail.row["submission"]
    with reading() as session:
        entries = thread(session, number, who=asking().who)
        may = permissions.may(session, asking().who, Action.COMMENT, submission=number)
    if not entries and not may:
        return
    st.subheader(_("Discussion"), anchor=False)
    several = len({entry.submission for entry in entries}) > 1
    names = _areas(detail.row["initiative"])
    with st.container(key="thread", gap="xsmall"):
        for entry in entries:
            st.markdown(_said(entry, measures, names, several=several))
    if may:
        _comment(number)


def _said(entry: Entry, measures: dict[str, Measure], names: dict[str, str], *, several: bool) -> str:
    head = f"{ICONS[entry.kind]} **{plain(entry.written_by)}** {_(KINDS[entry.kind])}"
    about = attention.said_about(entry.about, measures, names)
    parts = [head, f"({plain(about)})" if about else "", words.moment(entry.written_at)]
    if several:
        parts.append(_("on No. {number}").format(number=entry.submission))
    lines = [" ".join(part for part in parts if part)]
    if entry.about.finding:
        named = {key: measure.name for key, measure in measures.items()}
        lines.append(plain(findings.said(_finding(entry.about), named)))
    if entry.text:
        lines.append("> " + plain(entry.text))
    return "  \n".join(lines) if not entry.text else "  \n".join(lines[:-1]) + "\n\n" + lines[-1]


def _finding(about: About) -> Finding:
    return Finding(about.finding, findings.Severity.WARNING, about.row, about.column, about.value, about.details)


def _areas(initiative: str) -> dict[str, str]:
    country = next(row.country for row in records(ask_registry(registry.initiatives, initiative)))
    return {row.area_code: row.name for row in records(ask_registry(catalogue.areas, country))}


def _comment(number: int) -> None:
    with st.form(f"comment-{number}", clear_on_submit=True, border=False):
        st.text_area(_("Comment"), key="comment-text", max_chars=2000, height=80)
        left, right = st.columns(2)
        left.number_input(_("On row (if on one)"), min_value=1, value=None, step=1, key="comment-row")
        right.text_input(_("On column (if on one)"), key="comment-column", max_chars=200)
        st.form_submit_button(_("Send"), icon=":material/send:", on_click=_say, args=(number,), key="comment-send")


def _say(number: int) -> None:
    text, row = st.session_state["comment-text"], st.session_state["comment-row"]
    about = About(row=int(row) if row else None, column=st.session_state["comment-column"].strip())

    def say(session: Session, who: Identity, at: datetime) -> str:
        steps.comment(session, number, by=who, text=text, about=about, at=at)
        return _("Your comment is in the thread.")

    acting.act(say)
