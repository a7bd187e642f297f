"""A checked file becomes a submission, and a submission becomes what is held: submit, then accept or reject."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, select

from access import audit
from access.identity import Identity
from access.language import N_, _
from access.permissions import Action, require, require_schools
from data_model.bulk import fetch_numbers, insert_columns, supersede
from data_model.locks import locked_periods
from data_model.moments import take_turn
from data_model.participation import ensure_periods
from data_model.periods import Period
from data_model.registry import Initiative
from data_model.rollups import areas_of, expected_query, refresh
from data_model.statements import Statements
from data_model.submissions import (
    OPEN_STATES,
    Confirmation,
    Finding,
    Observation,
    Submission,
    SubmissionArea,
    SubmissionContent,
    SubmissionState,
)
from intake.cells import REPORTED, STATES, WITHDRAWN, Cells
from intake.compare import Comparison, compare, rules_version, stored_cells
from intake.compare import fingerprint as fingerprint_of
from intake.progress import Progress, silent
from intake.refusal import Refused

# Under this key of a submission's summary stands the version of the rules it was checked by.
RULES = "rules"


class CheckedFinding(Protocol):
    """A finding as it is stored: what any language needs to say it."""

    @property
    def code(self) -> str:
        """Which kind of finding it is."""
        ...

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        ...

    @property
    def row(self) -> int | None:
        """The spreadsheet row, where there is one."""
        ...

    @property
    def column(self) -> str:
        """The column's name, where there is one."""
        ...

    @property
    def value(self) -> str:
        """What stands in the cell."""
        ...

    @property
    def details(self) -> Mapping[str, Any]:
        """What the message names, as JSON can hold it."""
        ...


class Checked(Protocol):
    """What `submit` takes of a check. `reading` and `summary` hold what JSON can hold."""

    initiative: Initiative
    content: bytes
    file_name: str
    sha256: str
    cells: Cells
    fingerprint: str

    @property
    def size(self) -> int:
        """How many bytes the file had: of a user export the file itself, not what of it is kept."""
        ...

    @property
    def reading(self) -> dict[str, Any]:
        """How the file was read."""
        ...

    @property
    def summary(self) -> dict[str, Any]:
        """The check's counts."""
        ...

    @property
    def acceptable(self) -> bool:
        """Whether the file has no error."""
        ...

    @property
    def findings(self) -> Iterable[CheckedFinding]:
        """All findings, in the order of the file."""
        ...


def submit(
    session: Session,
    check: Checked,
    *,
    by: Identity,
    note: str = "",
    answers: Submission | None = None,
    at: datetime,
    demonstration: bool = False,
) -> Submission:
    """Store a checked file with its bytes, statements and findings, waiting for review. Returns the submission.

    `answers` is the returned one that it mends (`intake.review.steps.to_answer`).
    Raises NotAllowed, or Refused (`not_acceptable`) when the file has errors; then nothing is stored.
    """
    initiative = check.initiative
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    require_schools(session, by, Action.SUBMIT, np.unique(check.cells.school_id), initiative=initiative)
    if not check.acceptable:
        raise Refused("not_acceptable", _("The file has errors. Nothing was stored: mend them and upload it again."))
    assert initiative.id is not None and by.account_id is not None
    submission = Submission(
        initiative_id=initiative.id,
        state=SubmissionState.WAITING,
        file_name=storable(check.file_name)[-300:],
        sha256=check.sha256,
        size=check.size,
        reading=check.reading,
        summary={**check.summary, RULES: rules_version(session, initiative)},
        fingerprint=check.fingerprint,
        note=storable(note),
        answers_id=answers.id if answers is not None else None,
        submitted_by=by.account_id,
        submitted_at=at.astimezone(UTC),
        demonstration=demonstration,
    )
    session.add(submission)
    session.flush()
    assert submission.id is not None
    content = {"submission_id": submission.id, "original": check.content, "cells": check.cells.to_bytes()}
    session.connection().execute(sa.insert(SubmissionContent).values(**content))
    places = [{"submission_id": submission.id, "area_id": area} for area in areas_of(session, check.cells.school_id)]
    if places:
        session.connection().execute(sa.insert(SubmissionArea), places)
    _store_findings(session, submission.id, list(check.findings))
    details: dict[str, Any] = {"initiative": initiative.key, "sha256": check.sha256, "cells": len(check.cells)}
    if answers is not None:
        details["answers"] = answers.id
    _audit(session, submission, by, "submit", at, details)
    return submission


def accept(
    session: Session,
    submission_id: int,
    *,
    by: Identity,
    fingerprint: str,
    at: datetime,
    progress: Progress = silent,
) -> Submission:
    """Let a waiting submission, taken up or not, speak for its cells: all of it or, when anything is refused, none.

    New and changed statements become observations, equal ones confirmations; rollups follow in the same transaction.
    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state`, `period_locked`, `stale_fingerprint` (what is
    stored, who takes part or the rules are no longer what the preview with this fingerprint showed).
    """
    submission = find(session, submission_id)
    initiative, moment = take_turn(session, submission.initiative_id, at)
    require_state(submission, *OPEN_STATES)
    require(session, by, Action.REVIEW, submission=submission, at=moment)
    cells = cells_of(session, submission_id)
    require_schools(session, by, Action.REVIEW, np.unique(cells.school_id), submission=submission)
    refuse_locked(session, initiative, cells.periods, moment)
    progress(N_("Comparing with what is held"), 0.05)
    comparison = Comparison(cells, stored_cells(session, initiative, cells))
    _refuse_stale(session, initiative, submission, comparison, fingerprint)
    _merge(session, initiative, submission, comparison, moment, progress)
    submission.state = SubmissionState.ACCEPTED
    submission.decided_by, submission.decided_at = by.account_id, moment
    _audit(session, submission, by, "accept", moment, {"fingerprint": fingerprint, **comparison.counts})
    return submission


def reject(session: Session, submission_id: int, *, by: Identity, reason: str, at: datetime) -> Submission:
    """Turn a submission that waits or is in review away, with a reason. It stays, and speaks for nothing.

    Raises NotAllowed, or Refused: `unknown_submission`, `wrong_state`, `no_reason`.
    """
    submission = find(session, submission_id)
    require_state(submission, *OPEN_STATES)
    require(session, by, Action.REVIEW, submission=submission, at=at)
    schools = np.unique(cells_of(session, submission_id).school_id)
    require_schools(session, by, Action.REVIEW, schools, submission=submission)
    submission.decision_reason = given_reason(reason)
    submission.state = SubmissionState.REJECTED
    submission.decided_by, submission.decided_at = by.account_id, at.astimezone(UTC)
    _audit(session, submission, by, "reject", at, {"reason": submission.decision_reason})
    return submission


def preview(session: Session, submission_id: int) -> tuple[Comparison, str]:
    """Return what accepting a waiting submission would change now, and the fingerprint that accepting it takes."""
    submission = session.get(Submission, submission_id)
    if submission is None:
        raise _unknown(submission_id)
    initiative = session.get_one(Initiative, submission.initiative_id)
    comparison = compare(session, initiative, cells_of(session, submission_id))
    return comparison, _fingerprint_now(session, initiative, submission, comparison)


def find(session: Session, submission_id: int) -> Submission:
    """Return the submission as it stands now, locked until the transaction ends. Raises Refused."""
    query = select(Submission).where(Submission.id == submission_id).with_for_update()
    submission = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if submission is None:
        raise _unknown(submission_id)
    return submission


def cells_of(session: Session, submission_id: int) -> Cells:
    """Return the statements of a submission, as staged when it was submitted."""
    query = select(SubmissionContent.cells).where(SubmissionContent.submission_id == submission_id)
    return Cells.from_bytes(session.exec(query).one())


def refuse_locked(session: Session, initiative: Initiative, periods: Iterable[Period], at: datetime) -> None:
    """Raise Refused when one of these periods of the initiative is locked at that moment."""
    locked = [period.key for period in sorted(locked_periods(session, initiative, at).intersection(periods))]
    if locked:
        message = _("Nothing may change any more in what is locked: {periods}.")
        raise Refused("period_locked", message.format(periods=", ".join(locked)))


def given_reason(reason: str) -> str:
    """Return the reason without outer spaces. Raises Refused when none was given."""
    if not reason.strip():
        raise Refused("no_reason", _("Say why: a reason is kept with the decision."))
    return storable(reason.strip())


def storable(text: str) -> str:
    """Return the text without what PostgreSQL cannot hold, NUL and half surrogate pairs, marked where they stood."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def require_state(submission: Submission, *states: SubmissionState) -> None:
    """Raise Refused unless the submission is in one of these states."""
    if submission.state not in states:
        message = _("Submission {number} is {state}. For this it would have to be: {wanted}.")
        wanted = ", ".join(states)
        raise Refused("wrong_state", message.format(number=submission.id, state=submission.state, wanted=wanted))


def _unknown(submission_id: int) -> Refused:
    return Refused("unknown_submission", _("There is no submission {number}.").format(number=submission_id))


def _fingerprint_now(session: Session, initiative: Initiative, submission: Submission, comparison: Comparison) -> str:
    rules = rules_version(session, initiative)
    return fingerprint_of(submission.sha256, submission.reading, rules, comparison.cells, comparison)


def _refuse_stale(
    session: Session, initiative: Initiative, submission: Submission, comparison: Comparison, fingerprint: str
) -> None:
    """Raise Refused unless the preview with this fingerprint still shows what accepting would do."""
    if submission.summary.get(RULES) != rules_version(session, initiative):
        message = _("The rules have changed since this file was checked: reject it and ask for it again.")
        raise Refused("stale_fingerprint", message)
    if fingerprint != _fingerprint_now(session, initiative, submission, comparison):
        message = _("What is stored has changed since this preview was made: look at it again, then accept.")
        raise Refused("stale_fingerprint", message)
    # A value may be taken back from a school that has left.
    cells = comparison.cells.take(comparison.cells.state != WITHDRAWN)
    for index, period in enumerate(cells.periods):
        assert initiative.id is not None
        expected = fetch_numbers(session, expected_query(initiative.id, period.ends_on))[0]
        if not np.isin(cells.school_id[cells.period_index == index], expected).all():
            message = _("A school of this file no longer takes part in {period}: reject it and ask for it again.")
            raise Refused("stale_fingerprint", message.format(period=period.key))


def _merge(
    session: Session,
    initiative: Initiative,
    submission: Submission,
    comparison: Comparison,
    moment: datetime,
    progress: Progress,
) -> None:
    """Write the difference: supersede what changed, insert what is said now, confirm what is equal, sum up anew."""
    cells, stored = comparison.cells, comparison.stored
    held = ensure_periods(session, initiative, cells.periods)
    period_id = np.array([held[period.starts_on].id for period in cells.periods], dtype=np.int64)
    changes = ~comparison.unchanged
    progress(N_("Writing the values"), 0.2)
    supersede(session, Observation, stored.observation_id[changes & (stored.observation_id > 0)], moment)
    for table, chosen in ((Observation, changes), (Confirmation, comparison.unchanged)):
        insert_statements(session, table, submission, cells, chosen, period_id, moment)
    progress(N_("Summing up"), 0.8)
    assert initiative.id is not None
    refresh(
        session,
        initiative_id=initiative.id,
        country=initiative.country,
        # What is only confirmed changes no sum, but may now have been said on time.
        period_ids=period_id[np.unique(cells.period_index)].tolist(),
        at=moment,
        school_ids=np.unique(cells.school_id),
        stated_at=submission.submitted_at,
        known=Statements(
            np.zeros(len(cells), np.int64), period_id[cells.period_index], cells.metric_id, cells.school_id,
            cells.state, cells.value,
        ),
    )  # fmt: skip


def insert_statements(
    session: Session,
    table: type[Observation] | type[Confirmation],
    submission: Submission,
    all_cells: Cells,
    inserted: np.ndarray,
    period_id: np.ndarray,
    moment: datetime,
) -> None:
    """Insert the cells under the mask as observations or confirmations. `period_id` is by the cells' periods.

    Rows go in by the order of the index over the cells: the database then appends to it instead of searching.
    """
    for code, state in enumerate(STATES):
        chosen = _in_order(all_cells, np.flatnonzero(inserted & (all_cells.state == code)), period_id)
        columns: dict[str, Any] = {
            "initiative_id": submission.initiative_id,
            "school_id": chosen.school_id,
            "metric_id": chosen.metric_id,
            "period_id": period_id[chosen.period_index],
            "state": state.value,
            "submission_id": submission.id,
            "row": chosen.row,
            "recorded_at": moment,
        }
        if code == REPORTED:
            columns["value"] = chosen.value
        insert_columns(session, table, columns, len(chosen))


def _in_order(cells: Cells, chosen: np.ndarray, period_id: np.ndarray) -> Cells:
    """Return the chosen cells by period, metric and school."""
    keys = (cells.school_id[chosen], cells.metric_id[chosen], period_id[cells.period_index[chosen]])
    return cells.take(chosen[np.lexsort(keys)])


def _store_findings(session: Session, submission_id: int, findings: list[CheckedFinding]) -> None:
    columns = {
        "submission_id": submission_id,
        "code": [finding.code for finding in findings],
        "severity": [str(finding.severity) for finding in findings],
        "row": [finding.row for finding in findings],
        "column": [storable(finding.column)[:300] for finding in findings],
        "value": [storable(finding.value)[:500] for finding in findings],
        "details": [json.dumps(dict(finding.details), ensure_ascii=False) for finding in findings],
    }
    insert_columns(session, Finding, columns, len(findings))


def _audit(
    session: Session, submission: Submission, by: Identity, action: str, at: datetime, details: dict[str, Any]
) -> None:
    assert submission.id is not None
    audit.record(
        session, at=at, who=by, action=action, subject_type="submission", subject_key=submission.id, details=details
    )
