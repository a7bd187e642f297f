"""The worker: does the jobs of the staging folder one after another, in a process of its own.

`python -m intake.staging.worker`, started by whoever waits for a job (`jobs.ensure_running`). It ends when there has
been nothing to do for a while. Killed in the middle of a job it leaves nothing half done: a check only writes its
result when it is made, everything else is one transaction; the next worker begins the job anew.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access.identity import identity_of_account
from access.language import N_, _, in_language
from access.origin import Channel, coming_from
from access.permissions import Action, require
from access.refusal import Refusal
from data_model.engine import database_url, open_session, ready_engine
from data_model.submissions import Submission, SubmissionState
from intake import record
from intake.progress import Progress
from intake.staging import drafts, jobs
from intake.staging.drafts import Draft
from intake.staging.folder import staging_folder
from intake.staging.jobs import Job, Kind, State
from intake.staging.outcome import Preview, check_draft, gone, submit_draft, undo_answer
from intake.undo import undo

IDLE_SECONDS = 30.0
LOOKS_EVERY_SECONDS = 0.2
# A job that took its worker along so often is not tried again: most likely it needs more memory than there is.
MOST_ATTEMPTS = 3
TAKES_ITS_WORKER_ALONG = N_("This could not be finished: it broke off several times. Tell the operator of the server.")
WENT_WRONG = N_("Something went wrong, and nothing was changed. The reason is in the server's log.")

Answer = dict[str, Any]
_log = logging.getLogger(__name__)


def now() -> datetime:
    """Return this moment. Tests put another one here."""
    return datetime.now(UTC)


def main() -> None:
    """Do what there is to do, and end when nothing has come for a while."""
    folder = staging_folder(database_url())
    for _attempt in range(5):
        with jobs.the_worker(folder) as alone:
            if alone:
                engine = ready_engine()
                work_until_idle(engine, folder, IDLE_SECONDS)
                engine.dispose()
                return
        time.sleep(LOOKS_EVERY_SECONDS)  # perhaps somebody only looked whether a worker lives


def work_until_idle(engine: Engine, folder: Path, patience_seconds: float) -> None:
    """Do the folder's jobs in order; return when none has come for so many seconds."""
    idle_since = time.monotonic()
    while True:
        job = next((job for job in jobs.every(folder) if job.open), None)
        if job is not None:
            do(engine, folder, job)
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= patience_seconds:
            return
        else:
            time.sleep(LOOKS_EVERY_SECONDS)


def do(engine: Engine, folder: Path, job: Job) -> None:
    """Do one job, and write down what came of it."""
    begun_at = job.begun_at or now()
    job = replace(job, attempts=job.attempts + 1, begun_at=begun_at)

    def note(state: State, answer: Answer | None = None) -> None:
        jobs.note(job, state, attempts=job.attempts, begun_at=begun_at, answer=answer)

    with in_language(job.language), coming_from(Channel.WORKER, job.address):
        if job.attempts > MOST_ATTEMPTS:
            note(State.FAILED, {"error": "broke_off", "message": _(TAKES_ITS_WORKER_ALONG)})
            return
        note(State.RUNNING)
        try:
            note(State.DONE, DEEDS[job.kind](Work(engine, folder, job)))
        except Refusal as refused:
            note(State.FAILED, refused.as_json())
        except Exception:
            _log.exception("job %s (%s) failed", job.key, job.kind)
            note(State.FAILED, {"error": "failed", "message": _(WENT_WRONG)})


@dataclass(frozen=True)
class Work:
    """A job with what it takes to do it."""

    engine: Engine
    folder: Path
    job: Job

    @property
    def progress(self) -> Progress:
        """Tells how far the job has come to whoever looks."""
        return lambda stage, share: jobs.tell(self.job, stage, share)

    @property
    def begun_anew(self) -> bool:
        """Whether an earlier worker may have come to the end of it without being able to say so."""
        return self.job.attempts > 1

    def draft(self) -> Draft | None:
        """Return the draft the job is about."""
        return drafts.find(self.folder, self.job.subject, self.job.account_id)


def _check(work: Work) -> Answer:
    """Check a draft. When its owner has decided otherwise since, nobody waits for this any more."""
    draft, key = work.draft(), work.job.said["key"]
    if draft is None:
        raise gone()
    if draft.result_key(work.job.said["version"]) == key and not drafts.has_result(draft, key):
        with open_session(work.engine) as session:
            who = identity_of_account(session, work.job.account_id)
            check_draft(session, draft, key, by=who, at=now(), progress=work.progress)
    return {}


def _submit(work: Work) -> Answer:
    """Submit a draft. The moment at which the job was begun first tells its submission from any other."""
    said, begun_at, draft = work.job.said, work.job.begun_at, work.draft()
    assert begun_at is not None
    with open_session(work.engine, write=True) as session:
        made = _submitted_before(session, work.job) if work.begun_anew else None
        if made is None:
            if draft is None:
                raise gone()
            who = identity_of_account(session, work.job.account_id)
            made = submit_draft(
                session, draft, said["key"], by=who, note=said["note"], answers=said.get("answers"), at=begun_at
            )
            session.commit()
    if draft is not None:
        drafts.discard(draft)
    return {"submission": made.id}


def _submitted_before(session: Session, job: Job) -> Submission | None:
    query = select(Submission).where(
        Submission.submitted_by == job.account_id, col(Submission.submitted_at) == job.begun_at
    )
    return session.exec(query).first()


def _preview(work: Work) -> Answer:
    """Keep what accepting a submission would change beside the job."""
    number = work.job.said["submission"]
    with open_session(work.engine) as session:
        who = identity_of_account(session, work.job.account_id)
        require(session, who, Action.READ_SUBMISSION, submission=number)
        jobs.keep_result(work.job, Preview.of(session, number, work.progress))
    return {}


def _accept(work: Work) -> Answer:
    said = work.job.said
    with open_session(work.engine, write=True) as session:
        who = identity_of_account(session, work.job.account_id)
        if not (work.begun_anew and _decided_before(session, work.job, SubmissionState.ACCEPTED)):
            record.accept(
                session, said["submission"], by=who, fingerprint=said["fingerprint"], at=now(),
                progress=work.progress,
            )  # fmt: skip
            session.commit()
    return {}


def _undo(work: Work) -> Answer:
    said = work.job.said
    with open_session(work.engine, write=True) as session:
        who = identity_of_account(session, work.job.account_id)
        if work.begun_anew and _decided_before(session, work.job, SubmissionState.UNDONE):
            return {}
        undone = undo(session, said["submission"], by=who, reason=said["reason"], at=now(), progress=work.progress)
        session.commit()
        return undo_answer(undone)


def _decided_before(session: Session, job: Job, state: SubmissionState) -> bool:
    """Whether this very job, begun before, has come to its end: each of the two decisions falls only once."""
    submission = session.get(Submission, job.said["submission"])
    if submission is None or submission.state != state or job.begun_at is None:
        return False
    if state is SubmissionState.ACCEPTED:
        by, at = submission.decided_by, submission.decided_at
    else:
        by, at = submission.undone_by, submission.undone_at
    return by == job.account_id and at is not None and at >= job.begun_at


DEEDS: dict[Kind, Callable[[Work], Answer]] = {
    Kind.CHECK: _check,
    Kind.SUBMIT: _submit,
    Kind.PREVIEW: _preview,
    Kind.ACCEPT: _accept,
    Kind.UNDO: _undo,
}


if __name__ == "__main__":
    main()
