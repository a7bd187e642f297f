"""Checking a draft and submitting it: the same steps, whoever takes them, the page's process or the worker."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlmodel import Session, select

from access.identity import Identity
from access.language import N_, _
from access.permissions import Action, require
from data_model.registry import Initiative
from data_model.submissions import Submission
from intake import record
from intake.check import Check, RowCounts, check_counted, check_file
from intake.difference import Difference
from intake.effect import effect
from intake.faulty_rows import FaultyRows
from intake.finding_list import FindingList
from intake.progress import Progress, silent
from intake.reading import Reading
from intake.refusal import Refused
from intake.review.attention import Attention, attention
from intake.review.steps import to_answer
from intake.staging import drafts
from intake.staging.drafts import CHECKED, Draft
from intake.staging.waiting import EXPORTS
from intake.undo import Undone

KEPT_NAMED = 500  # cells that the answer to an undo names
# What is not kept on disk once it is known: the reasons to drop a draft's bytes.
NOT_KEPT = "personal_data"


@dataclass(frozen=True)
class Outcome:
    """What came of checking a draft, as a screen shows it: the findings are all there, the cells are not.

    It is kept under `key`, by which it is submitted.
    """

    key: str
    file_name: str
    recognised: Reading
    findings: FindingList
    rows: RowCounts
    blank_values: int
    difference: Difference
    effect: pd.DataFrame
    acceptable: bool
    faulty: FaultyRows
    choices: dict[str, Any]

    @classmethod
    def of(cls, session: Session, key: str, check: Check) -> "Outcome":
        """Return what a screen shows of a check."""
        return cls(
            key=key,
            file_name=check.file_name,
            recognised=check.recognised,
            findings=check.findings,
            rows=check.rows,
            blank_values=check.blank_values,
            difference=Difference.of(check.comparison),
            effect=effect(session, check.initiative, check.comparison),
            acceptable=check.acceptable,
            faulty=check.faulty,
            choices=check.choices,
        )


def check_draft(
    session: Session, draft: Draft, key: str, *, by: Identity, at: datetime, progress: Progress = silent
) -> Outcome:
    """Check a draft, keep the result under `key` beside it, and return it. The database is only read.

    The bytes of a file with personal data in it are removed at once. Raises NotAllowed, or Refused.
    """
    require(session, by, Action.SUBMIT, initiative=draft.initiative, at=at)
    initiative = session.exec(select(Initiative).where(Initiative.key == draft.initiative)).one()
    check = _checked(session, initiative, draft, at, progress)
    if NOT_KEPT in check.findings.by_code:
        draft.drop_content()
    outcome = Outcome.of(session, key, check)
    if not draft.counted:
        check.content = b""  # lies beside it
    drafts.keep_result(draft, key, outcome, check if outcome.acceptable else None)
    return outcome


def _checked(session: Session, initiative: Initiative, draft: Draft, at: datetime, progress: Progress) -> Check:
    if draft.counted:
        counted = EXPORTS.find(draft.token)
        if counted is None:
            raise gone()
        return check_counted(
            session, initiative, counted, draft.file_name, draft.options, at=at, progress=progress
        )  # fmt: skip
    try:
        content = draft.content()
    except FileNotFoundError as error:
        raise gone() from error
    return check_file(session, initiative, content, draft.file_name, draft.options, at=at, progress=progress)


def submit_draft(
    session: Session, draft: Draft, key: str, *, by: Identity, note: str, answers: int | None = None, at: datetime
) -> Submission:
    """Submit a draft as it was checked under `key`, perhaps as the answer to a returned submission. The caller
    discards it after the transaction.

    Raises NotAllowed, or Refused: what `record.submit` refuses, or `draft_gone` when there is no such result any more.
    """
    check: Check | None = drafts.result(draft, key, CHECKED)
    if check is None or not drafts.is_whole(draft):
        raise gone()
    if not draft.counted:
        check.content = draft.content()
    answered = None if answers is None else to_answer(session, answers, check.initiative, by=by)
    return record.submit(session, check, by=by, note=note, answers=answered, at=at)


@dataclass(frozen=True)
class Preview:
    """What accepting an open submission would change now, bound to the fingerprint that accepting it takes."""

    difference: Difference
    fingerprint: str
    attention: Attention

    @classmethod
    def of(cls, session: Session, number: int, progress: Progress = silent) -> "Preview":
        """Return the preview of the submission with this number. Raises Refused."""
        progress(N_("Comparing with what is held"), 0.1)
        comparison, fingerprint = record.preview(session, number)
        submission = session.get_one(Submission, number)
        initiative = session.get_one(Initiative, submission.initiative_id)
        progress(N_("Working out the effect"), 0.6)
        return cls(Difference.of(comparison), fingerprint, attention(session, initiative, comparison, submission))


def undo_answer(undone: Undone) -> dict[str, Any]:
    """Return what an undo did, as a screen says it: how many values went back, how many stay, and the first of them."""
    kept = [cell._asdict() for cell in undone.kept[:KEPT_NAMED]]
    return {"reversed": undone.reversed, "kept": kept, "kept_count": len(undone.kept)}


def gone() -> Refused:
    """Return the refusal of what is asked about a draft that is not there any more."""
    return Refused("draft_gone", _("This file is no longer here. Bring it again, please."))
