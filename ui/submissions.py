"""Submissions on screen: the list of them, one in full, and what may be done with it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import N_, _, format_number, ngettext
from access.permissions import Action
from analytics import registry, submissions
from analytics.submissions import SubmissionDetail
from data_model.engine import Session, database_url
from data_model.submissions import OPEN_STATES, SubmissionState
from intake.staging import jobs
from intake.staging.code import code_version
from intake.staging.jobs import Kind
from intake.staging.outcome import Preview, undo_answer
from intake.undo import undo
from ui import (
    acting,
    answering,
    attention,
    choices_used,
    codes,
    deciding,
    filters,
    findings,
    mending,
    original_file,
    overrides,
    preview,
    progress,
    returning,
    scope,
    staging,
    threads,
    undone,
    words,
)
from ui.answers import ask_registry, records, version
from ui.asking import asking
from ui.database import reading
from ui.text import plain
from ui.words import Measure

PAGE = 10
DECIDED: dict[str, str] = {
    SubmissionState.ACCEPTED: N_("Accepted by {name}, {moment}"),
    SubmissionState.REJECTED: N_("Rejected by {name}, {moment}"),
    SubmissionState.RETURNED: N_("Returned by {name}, {moment}"),
    SubmissionState.WITHDRAWN: N_("Withdrawn by {name}, {moment}"),
}
# Work on a large submission that a process of its own does, and how it is called while it lasts.
LONG_DEEDS = {Kind.ACCEPT: N_("Accepting the submission"), Kind.UNDO: N_("Undoing the submission")}


def listing(states: Iterable[str] | None = None, *, own: bool = False) -> pd.DataFrame:
    """Return the submissions in these states (all when None) that this person may read, newest first.

    `own`: only those they made.
    """
    with reading() as session:
        rows = submissions.listing(session, who=asking().who, states=states)
    return rows[rows["submitted_by_id"] == asking().who.account_id] if own else rows


def table(rows: pd.DataFrame, *, empty: str) -> None:
    """Show submissions as a list of which each opens, a page at a time; `empty` is said where there is none."""
    if rows.empty:
        st.write(empty)
        return
    pages = ceil(len(rows) / PAGE)
    page = st.pagination(pages, key="submissions-page") if pages > 1 else 1
    for row in records(rows[(page - 1) * PAGE : page * PAGE]):
        with st.container(border=True, key=f"submission-{row.submission}", gap="xsmall"):
            st.button(
                _("No. {number}: {file}").format(number=row.submission, file=plain(row.file_name)),
                key=f"open-{row.submission}",
                type="tertiary",
                icon=":material/description:",
                on_click=filters.go,
                kwargs={"submission": str(row.submission)},
            )
            st.caption(_in_short(row))


def _in_short(row: Any) -> str:
    parts = [
        codes.word(row.state, codes.SUBMISSION_STATES),
        plain(row.submitted_by),
        words.moment(row.submitted_at),
        _("{new} new, {changed} changed").format(new=format_number(row.new), changed=format_number(row.changed)),
    ]
    if row.warnings:
        parts.append(
            ngettext("{count} warning", "{count} warnings", row.warnings).format(count=format_number(row.warnings))
        )
    if pd.notna(row.answered_by):
        parts.append(_("answered by No. {number}").format(number=int(row.answered_by)))
    if row.demonstration:
        parts.append(_("demonstration"))
    return " · ".join(parts)


def chosen() -> SubmissionDetail | None:
    """Return the submission that the address names, None when it names none or one that may not be read."""
    wanted = filters.address("submission")
    if wanted is None:
        return None
    with reading() as session:
        if not wanted.isdecimal() or not permissions.may(
            session, asking().who, Action.READ_SUBMISSION, submission=int(wanted)
        ):
            st.warning(_("There is no submission {number} that you may see.").format(number=plain(wanted[:20])))
            return None
        detail = submissions.detail(session, int(wanted), who=asking().who)
    filters.show("submission", wanted)
    return detail


def in_full(detail: SubmissionDetail) -> None:
    """Show one submission: what it is, what became of it, what it would change, and what was found in it."""
    row = detail.row
    st.button(
        _("Back"), type="tertiary", icon=":material/arrow_back:", on_click=filters.go,
        kwargs={"submission": None},
    )  # fmt: skip
    st.subheader(_("No. {number}: {file}").format(number=row["submission"], file=plain(row["file_name"])), anchor=False)
    st.markdown("  \n".join(_facts(detail)))
    original_file.take(detail)
    measures = scope.measures(row["initiative"])
    _how_it_was_read(detail, measures)
    if _worked_on(row["submission"], measures):
        return
    answering.offer(detail)
    if row["state"] in OPEN_STATES:
        _open(detail, measures)
        return
    _counts_then(row)
    _findings(detail, measures)
    if row["state"] == SubmissionState.ACCEPTED:
        _undo(detail)
    threads.show(detail, measures)
    original_file.erase(detail)


def _open(detail: SubmissionDetail, measures: dict[str, Measure]) -> None:
    """Show what accepting would change of what is held now, and let a reviewer decide on exactly that."""
    shown = _preview(detail)
    if shown is None:
        return
    number, initiative = detail.row["submission"], detail.row["initiative"]
    country = next(row.country for row in records(ask_registry(registry.initiatives, initiative)))
    refused = deciding.refusal(number)
    deciding.taken_up(detail.row, may=refused is None)
    preview.summary(shown.difference, detail.row["blank"])
    answering.mended_since(detail.row, measures)
    points = attention.show(shown.attention, measures, country, choosing=refused is None)
    preview.details(shown.difference, measures, country)
    if refused is None:
        points += returning.choose(findings.stored(detail.findings), measures, number)
        large = not jobs.at_once(cells=_cells(detail.row))
        deciding.decide(number, shown.fingerprint, points, large=large, accepted=_accepted(number))
    else:
        _findings(detail, measures)
        if permissions.may_somewhere(asking().who, Action.REVIEW):
            st.info(refused.message, icon=":material/info:")
    threads.show(detail, measures)


def _how_it_was_read(detail: SubmissionDetail, measures: dict[str, Measure]) -> None:
    """Show what people decided about reading the file: its parts, remembered choices, mended cells."""
    decided = overrides.in_words(detail.reading.get("options", {}))
    if decided:
        st.write(_("Read as its submitter decided: {parts}").format(parts=decided))
    choices_used.show(detail.reading.get("choices", {}), measures)
    mending.mended_cells(mending.of_submission(detail.reading.get("options", {})))


def _findings(detail: SubmissionDetail, measures: dict[str, Measure]) -> None:
    if len(detail.findings):
        findings.show(findings.stored(detail.findings), measures, str(detail.row["submission"]))


def _facts(detail: SubmissionDetail) -> list[str]:
    """Return lines on who, when, what file and what was decided."""
    row = detail.row
    sent = _("Submitted by {name}, {moment}")
    lines = [
        f"**{codes.word(row['state'], codes.SUBMISSION_STATES)}** · {plain(row['initiative_name'])}",
        sent.format(name=plain(row["submitted_by"]), moment=words.moment(row["submitted_at"])),
    ]
    if row["note"]:
        lines.append(_("Note: {note}").format(note=plain(row["note"])))
    if row["taken_up_at"] is not None and row["decided_at"] is None:
        text = _("In review by {name} since {moment}")
        lines.append(text.format(name=plain(row["taken_up_by"]), moment=words.moment(row["taken_up_at"])))
    if row["decided_at"] is not None:
        text = _(DECIDED.get(row["state"], DECIDED[SubmissionState.ACCEPTED]))
        lines.append(text.format(name=plain(row["decided_by"]), moment=words.moment(row["decided_at"])))
    if row["decision_reason"]:
        lines.append(_("Reason: {reason}").format(reason=plain(row["decision_reason"])))
    if row["undone_at"] is not None:
        lines.append(
            _("Undone by {name}, {moment}: {reason}").format(
                name=plain(row["undone_by"]), moment=words.moment(row["undone_at"]), reason=plain(row["undo_reason"])
            )
        )
    size = format_number(row["size"])
    lines.append(_("{size} bytes, SHA-256 {sha256}").format(size=size, sha256=f"`{row['sha256']}`"))
    if "table" in detail.reading:
        lines.append(_kept(detail.reading))
    return lines


def _kept(reading: Mapping[str, Any]) -> str:
    """Return a line on what is kept of a user export: rows that are named elsewhere are rows of this table."""
    text = _(
        "Of this file, {users} users were counted and nobody is kept. Kept is the table of school counts:"
        " {rows} rows, SHA-256 {sha256}"
    )
    return text.format(
        users=format_number(reading["original"]["rows"]), rows=format_number(reading["table"]["rows"]),
        sha256=f"`{reading['table']['sha256']}`",
    )  # fmt: skip


def _counts_then(row: dict[str, Any]) -> None:
    text = _(
        "As submitted: {new} new, {changed} changed, {unchanged} unchanged, {blank} blank, {not_applicable} not"
        " applicable."
    )
    names = ("new", "changed", "unchanged", "blank", "not_applicable")
    st.write(text.format_map({name: format_number(row[name]) for name in names}))


def _worked_on(number: int, measures: dict[str, Measure]) -> bool:
    """Whether the submission is being accepted or undone; show how far. Say what came of it to who asked for it."""
    for job in jobs.about(staging.folder(), str(number)):
        if job.open and job.kind in LONG_DEEDS:
            progress.follow(job, _(LONG_DEEDS[job.kind]))
            return True
    own = progress.own_job(str(number), *LONG_DEEDS)
    said = progress.answered(own)
    if own is not None and said is not None:
        acting.say(_accepted(number) if own.kind is Kind.ACCEPT else undone.said(said))
        acting.attach(None if own.kind is Kind.ACCEPT else undone.table(said, measures))
        acting.answer()
    return False


def _preview(detail: SubmissionDetail) -> Preview | None:
    """Return what accepting would change now; None while the worker makes it."""
    number, now = detail.row["submission"], repr(version(detail.row["initiative"], False))
    if not jobs.at_once(cells=_cells(detail.row)):
        job = progress.ask(Kind.PREVIEW, str(number), submission=number, version=f"{now} {code_version()}")
        if job.open:
            progress.follow(job, _("Working out what it would change"))
            return None
        return None if progress.refused(job) else _made_by_worker(job.key, str(job.path))
    return _previewed(number, now, database_url())


def _cells(row: dict[str, Any]) -> int:
    return sum(row[name] for name in ("new", "changed", "unchanged", "not_applicable"))


def _accepted(number: int) -> str:
    return _("Submission {number} is accepted. Its values count from now on.").format(number=number)


def _undo(detail: SubmissionDetail) -> None:
    """Let those who may take an accepted submission back."""
    number, initiative = detail.row["submission"], detail.row["initiative"]
    with reading() as session:
        if not permissions.may(session, asking().who, Action.UNDO, submission=number, at=asking().at):
            return
    st.subheader(_("Undo"), anchor=False)
    st.write(
        _(
            "Each of its values goes back to what the newest other accepted submission says, or to not reported."
            " The submission stays on record."
        )
    )
    st.text_area(_("Reason"), key=f"reason-{number}", max_chars=2000)
    st.button(
        _("Undo this submission"),
        icon=":material/undo:",
        key="undo",
        on_click=_take_back,
        args=(number, initiative, not jobs.at_once(cells=_cells(detail.row))),
    )


def _take_back(number: int, initiative: str, large: bool) -> None:
    reason = st.session_state[f"reason-{number}"]
    if large:
        progress.ask(Kind.UNDO, str(number), submission=number, reason=reason)
        return

    def take_back(session: Session, who: Identity, at: datetime) -> str:
        answer = undo_answer(undo(session, number, by=who, reason=reason, at=at))
        acting.attach(undone.table(answer, scope.measures(initiative)))
        return undone.said(answer)

    acting.act(take_back)


# A preview stands until anything of the initiative changes; then it is made again.
@st.cache_resource(show_spinner=False, max_entries=4, scope="session")
def _previewed(number: int, version: str, database: str) -> Preview:
    with reading() as session:
        return Preview.of(session, number)


@st.cache_resource(show_spinner=False, max_entries=4, scope="session")
def _made_by_worker(key: str, path: str) -> Preview | None:
    job = jobs.find(staging.folder(), key)
    found: Preview | None = jobs.result(job) if job is not None else None
    return found
