"""The worker: it does what was asked for, as whoever asked; killed at any moment it leaves nothing half done."""

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlmodel import select

from access.identity import identity_of_email
from data_model.engine import ROOT, make_engine, open_session
from data_model.people import Account
from data_model.submissions import Observation, Submission
from intake import record
from intake.staging import drafts, jobs, worker
from intake.staging.drafts import CHECKED
from intake.staging.jobs import Kind, State
from intake.staging.outcome import check_draft, submit_draft
from tests.factories import START

PATIENCE_SECONDS = 60
# A period before any day on which these tests run: a worker started as the server does has the clock of the machine.
FILE = "school_code;period;teachers_total;teachers_active\n001024;2025-03;10;5\n001025;2025-03;20;11\n"
VALUES = 4


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    monkeypatch.setattr(worker, "now", lambda: START)


@pytest.fixture
def people(engine):
    """The account ids of the small country's people."""
    with open_session(engine) as session:
        return {account.email.partition("@")[0]: account.id for account in session.exec(select(Account)).all()}


@pytest.fixture
def draft(bring, people):
    return bring(FILE, account_id=people["manager"])


@pytest.fixture
def ask(folder, people):
    def ask(kind, subject, who="manager", language="en", **said):
        return jobs.ask(folder, kind, str(subject), said, account_id=people[who], language=language, at=START)

    return ask


@pytest.fixture
def work(engine, folder):
    """Return a function that does all there is to do, here and now, and returns a job as it then stands."""

    def work(job):
        worker.work_until_idle(engine, folder, 0)
        return jobs.find(folder, job.key)

    return work


@pytest.fixture
def waiting(engine, draft):
    """The number of a submission that waits, and the fingerprint that accepting it takes."""
    with open_session(engine, write=True) as session:
        by = identity_of_email(session, "manager@example.org")
        check_draft(session, draft, "key", by=by, at=START)
        number = submit_draft(session, draft, "key", by=by, note="", at=START).id
        session.commit()
        return number, record.preview(session, number)[1]


def state(engine, number):
    with open_session(engine) as session:
        return session.get(Submission, number).state


def held(engine):
    with open_session(engine) as session:
        return [row for row in session.exec(select(Observation)).all() if row.superseded_at is None]


def test_a_draft_is_checked_and_its_result_lies_beside_it(ask, work, draft):
    key = draft.result_key("v1")
    job = work(ask(Kind.CHECK, draft.token, key=key, version="v1"))
    assert job.state is State.DONE
    outcome = drafts.result(draft, key)
    assert (outcome.difference.adds, outcome.acceptable, outcome.key) == (VALUES, True, key)
    assert drafts.result(draft, key, CHECKED).content == b"", "the bytes lie beside it"


def test_a_draft_decided_otherwise_since_is_not_checked(ask, work, draft):
    job = work(ask(Kind.CHECK, draft.token, key="of other options", version="v1"))
    assert job.state is State.DONE and not drafts.has_result(draft, draft.result_key("v1"))


def test_submitted_accepted_and_undone_by_jobs_alone(engine, folder, ask, work, draft):
    key = draft.result_key("v1")
    work(ask(Kind.CHECK, draft.token, key=key, version="v1"))
    number = work(ask(Kind.SUBMIT, draft.token, key=key, note="from Semey")).answer["submission"]
    assert drafts.find(folder, draft.token, draft.account_id) is None
    shown = jobs.result(work(ask(Kind.PREVIEW, number, "reviewer", submission=number, version="v1")))
    assert shown.difference.adds == VALUES
    accepting = ask(Kind.ACCEPT, number, "reviewer", submission=number, fingerprint=shown.fingerprint)
    assert work(accepting).state is State.DONE and len(held(engine)) == VALUES
    undone = work(ask(Kind.UNDO, number, "reviewer", submission=number, reason="wrong file"))
    assert undone.answer == {"reversed": VALUES, "kept": [], "kept_count": 0} and not held(engine)
    with open_session(engine) as session:
        stored = session.get(Submission, number)
        assert (stored.state, stored.note, stored.undo_reason) == ("undone", "from Semey", "wrong file")


@pytest.mark.parametrize(
    ("who", "fingerprint", "code"), [("manager", None, "not_allowed"), ("reviewer", "another", "stale_fingerprint")]
)
def test_what_is_refused_is_said_in_the_language_of_who_asked(engine, ask, work, waiting, who, fingerprint, code):
    number, shown = waiting
    job = work(ask(Kind.ACCEPT, number, who, "ru", submission=number, fingerprint=fingerprint or shown))
    assert (job.state, job.answer["error"]) == (State.FAILED, code)
    assert any("а" <= sign <= "я" for sign in job.answer["message"])
    assert state(engine, number) == "waiting"


def test_of_two_reviewers_one_accepts_and_the_other_is_told(engine, ask, work, waiting):
    number, fingerprint = waiting
    said = {"submission": number, "fingerprint": fingerprint}
    first, second = ask(Kind.ACCEPT, number, "reviewer", **said), ask(Kind.ACCEPT, number, "second-reviewer", **said)
    assert first.key != second.key
    ended = [work(first), work(second)]
    assert sorted(job.state for job in ended) == [State.DONE, State.FAILED]
    assert [job.answer["error"] for job in ended if job.answer] == ["wrong_state"]
    assert len(held(engine)) == VALUES


def test_who_lost_the_grant_since_is_refused(engine, ask, work, waiting, people):
    number, fingerprint = waiting
    job = ask(Kind.ACCEPT, number, "reviewer", submission=number, fingerprint=fingerprint)
    with open_session(engine, write=True) as session:
        session.get(Account, people["reviewer"]).disabled_at = START
        session.commit()
    assert work(job).answer["error"] == "disabled_account"


def test_a_fault_of_ours_is_told_without_its_details_and_the_worker_lives_on(ask, work, draft, monkeypatch):
    def broken(*_words, **_given):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(worker, "check_draft", broken)
    key = draft.result_key("v1")
    job = work(ask(Kind.CHECK, draft.token, key=key, version="v1"))
    assert job.answer["error"] == "failed" and "secret" not in str(job.answer)


def test_a_job_that_takes_its_worker_along_is_given_up(ask, work, draft):
    job = ask(Kind.CHECK, draft.token, key=draft.result_key("v1"), version="v1")
    jobs.note(job, State.RUNNING, attempts=worker.MOST_ATTEMPTS, begun_at=START)
    assert work(job).answer["error"] == "broke_off"


# A worker that stops itself, as if for ever, when a job comes to a stage, or to its end but for saying so.
STOPPING = """
import os, signal, sys
from datetime import timedelta
from intake.staging import jobs, worker
from tests.factories import START
where = sys.argv[1]
worker.now = lambda: START + timedelta(minutes=1)
tell, note = jobs.tell, jobs.note
def telling(job, stage, share):
    tell(job, stage, share)
    if stage == where:
        os.kill(os.getpid(), signal.SIGSTOP)
def noting(job, state, **said):
    if where == "the end" and state == "done":
        tell(job, where, 1)
        os.kill(os.getpid(), signal.SIGSTOP)
    note(job, state, **said)
jobs.tell, jobs.note = telling, noting
worker.main()
"""


@pytest.fixture
def kill_at(engine, folder):
    """Return a function that lets a process do a job up to a stage, calls `meanwhile`, and kills it there."""

    def kill_at(job, stage, meanwhile=lambda: None):
        process = subprocess.Popen(
            [sys.executable, "-c", STOPPING, stage], cwd=ROOT, env={**os.environ, "UPTAKE_STAGING": str(folder)}
        )
        try:
            until(lambda: jobs.progress(job)[0] == stage or process.poll() is not None)
            assert jobs.progress(job)[0] == stage, "the worker ended by itself"
            with jobs.the_worker(folder) as alone:
                assert not alone, "it lives"
            meanwhile()
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert jobs.find(folder, job.key).state is State.RUNNING

    return kill_at


def until(true):
    """Wait until something is true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.02)


def test_a_check_killed_in_the_middle_is_made_anew(ask, work, draft, kill_at):
    key = draft.result_key("v1")
    job = ask(Kind.CHECK, draft.token, key=key, version="v1")
    kill_at(job, "Checking every value")
    assert not drafts.has_result(draft, key)
    assert work(job).state is State.DONE and drafts.result(draft, key).difference.adds == VALUES


@pytest.mark.parametrize("stage", ["Summing up", "the end"])
def test_an_acceptance_killed_in_the_middle_is_done_once(engine, ask, work, waiting, kill_at, stage):
    number, fingerprint = waiting
    job = ask(Kind.ACCEPT, number, "reviewer", submission=number, fingerprint=fingerprint)

    def others_are_answered():
        # Its transaction is open, or closed already; a reader waits for neither.
        patient = make_engine(str(engine.url))
        assert len(held(patient)) == (VALUES if stage == "the end" else 0)
        patient.dispose()

    kill_at(job, stage, others_are_answered)
    assert (state(engine, number), len(held(engine))) == (
        ("accepted", VALUES) if stage == "the end" else ("waiting", 0)
    )
    assert work(job).state is State.DONE
    assert (state(engine, number), len(held(engine))) == ("accepted", VALUES)


@pytest.mark.parametrize("kind", [Kind.SUBMIT, Kind.UNDO])
def test_what_was_done_but_not_said_is_not_done_twice(engine, ask, work, bring, people, waiting, kill_at, kind):
    number, fingerprint = waiting
    if kind is Kind.UNDO:
        work(ask(Kind.ACCEPT, number, "reviewer", submission=number, fingerprint=fingerprint))
        job = ask(kind, number, "reviewer", submission=number, reason="wrong")
    else:
        draft = bring(FILE, account_id=people["manager"])
        key = draft.result_key("v1")
        work(ask(Kind.CHECK, draft.token, key=key, version="v1"))
        job = ask(kind, draft.token, key=key, note="")
    kill_at(job, "the end")
    done = work(job)
    assert done.state is State.DONE, done.answer
    with open_session(engine) as session:
        submissions = session.exec(select(Submission)).all()
    assert len(submissions) == (2 if kind is Kind.SUBMIT else 1)
    assert kind is Kind.UNDO or done.answer["submission"] == submissions[-1].id


def test_whoever_waits_starts_a_worker_that_does_the_job_and_outlives_the_call(folder, ask, draft, monkeypatch):
    monkeypatch.setattr(jobs, "_started", [])
    key = draft.result_key("v1")
    job = ask(Kind.CHECK, draft.token, key=key, version="v1")
    jobs.note(job, State.RUNNING, attempts=1, begun_at=START)  # its first worker died with the server
    jobs.ensure_running(folder)
    (process,) = jobs._started
    try:
        until(lambda: not jobs.find(folder, job.key).open)
        assert jobs.find(folder, job.key).state is State.DONE and drafts.result(draft, key).acceptable
        jobs.ensure_running(folder)
        assert jobs._started == [process], "it is not started twice"
    finally:
        process.terminate()
        process.wait()
