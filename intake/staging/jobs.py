"""Jobs: long pieces of work that a process of its own does, one after another, whatever becomes of who asked for them.

A job is a directory: what is to be done (`job.json`, never changed), how it stands (`state.json`) and how far it has
come (`progress.json`). The worker holds a lock while it lives; a job found running while nobody holds the lock lost its
worker, and is taken up again.
"""

import fcntl
import hashlib
import json
import os
import pickle
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from access import origin
from data_model.engine import ROOT, database_url
from intake.staging.folder import SETTING, private_folder, read_json, remove, write_json, write_whole

KEPT = timedelta(days=1)
# What is done at once, in the process of the page: nobody waits two seconds for a process to do it.
AT_ONCE_BYTES, AT_ONCE_CELLS = 1_000_000, 50_000
WORKER = "intake.staging.worker"
LOCK = "worker.lock"


class Kind(StrEnum):
    """What a job does."""

    CHECK = "check"
    SUBMIT = "submit"
    PREVIEW = "preview"
    ACCEPT = "accept"
    UNDO = "undo"


class State(StrEnum):
    """How a job stands. `failed`: it was refused, or could not be done; nothing of it is kept."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """A piece of work and how it stands. `said` is what its kind needs, `answer` what came of it, both as JSON.

    `attempts` is how often a worker has begun it, `begun_at` when it was begun first.
    """

    path: Path
    kind: Kind
    subject: str
    said: Mapping[str, Any]
    account_id: int
    language: str
    address: str  # from which it was asked for
    asked_at: datetime
    state: State
    attempts: int
    begun_at: datetime | None
    answer: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What names the job."""
        return self.path.name

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state in (State.QUEUED, State.RUNNING)


def at_once(*, size: int = 0, cells: int = 0) -> bool:
    """Return whether work on so many bytes of a file, or cells of a submission, is done at once and makes no job."""
    return size <= AT_ONCE_BYTES and cells <= AT_ONCE_CELLS


def ask(
    folder: Path,
    kind: Kind,
    subject: str,
    said: Mapping[str, Any],
    *,
    account_id: int,
    language: str,
    at: datetime,
) -> Job:
    """Return the job that does this for this person: the one that was asked for already, or a new one."""
    # The same wish twice, from two windows or two clicks, is one job.
    wish = json.dumps([kind, subject, said, account_id], sort_keys=True)
    path = private_folder(folder / "jobs") / hashlib.sha256(wish.encode()).hexdigest()[:32]
    found = _read(path)
    if found is not None:
        return found
    said_of_it = {
        "kind": kind, "subject": subject, "said": dict(said), "account_id": account_id, "language": language,
        "address": origin.address(), "asked_at": at.isoformat(),
    }  # fmt: skip
    unfinished = private_folder(path.with_name(f".{path.name}.{secrets.token_hex(4)}"))
    write_json(unfinished / "job.json", said_of_it)
    write_json(unfinished / "state.json", {"state": State.QUEUED, "attempts": 0})
    try:
        unfinished.rename(path)
    except OSError:  # another window asked at the same moment, and was first
        remove(unfinished)
    made = _read(path)
    assert made is not None
    return made


def find(folder: Path, key: str) -> Job | None:
    """Return the job of this name as it stands now, None when it is not there."""
    return _read(folder / "jobs" / key) if key.isalnum() else None


def about(folder: Path, subject: str) -> list[Job]:
    """Return the jobs about a draft's token or a submission's number, in the order in which they were asked for."""
    return [job for job in every(folder) if job.subject == subject]


def every(folder: Path) -> list[Job]:
    """Return all jobs in the order in which they were asked for, which is the order in which they are done."""
    place = folder / "jobs"
    found = [_read(path) for path in place.iterdir() if path.name.isalnum()] if place.is_dir() else []
    return sorted((job for job in found if job is not None), key=lambda job: (job.asked_at, job.key))


def note(job: Job, state: State, *, attempts: int, begun_at: datetime, answer: Mapping[str, Any] | None = None) -> None:
    """Write down how a job stands now. For the worker."""
    said = {"state": state, "attempts": attempts, "begun_at": begun_at.isoformat(), "answer": dict(answer or {})}
    write_json(job.path / "state.json", said)


def tell(job: Job, stage: str, share: float) -> None:
    """Write down how far a job has come. Work goes on where it cannot be written, as on a full disk."""
    with suppress(OSError):
        write_json(job.path / "progress.json", {"stage": stage, "share": min(max(share, 0.0), 1.0)})


def progress(job: Job) -> tuple[str, float]:
    """Return the stage that a job is at, an English text of the catalogue, and the share that is done."""
    said = read_json(job.path / "progress.json") or {}
    return said.get("stage", ""), said.get("share", 0.0)


def keep_result(job: Job, result: Any) -> None:
    """Keep what a job has made beside it, for the process that asked for it."""
    write_whole(job.path / "result", pickle.dumps(result, protocol=5))


def result(job: Job) -> Any | None:
    """Return what `keep_result` kept, None where there is nothing."""
    try:
        return pickle.loads((job.path / "result").read_bytes())  # our own folder, our own processes
    except FileNotFoundError:
        return None


def forget(job: Job) -> None:
    """Remove a job: its answer was heard, or is not asked for any more."""
    remove(job.path)


def clear(folder: Path, at: datetime) -> None:
    """Remove jobs that were done with a day ago."""
    for job in every(folder):
        if not job.open and job.asked_at < at - KEPT:
            forget(job)


@contextmanager
def the_worker(folder: Path) -> Iterator[bool]:
    """Hold the worker's lock inside the block; yield False when another process holds it.

    The lock goes with the process, however that ends: whoever holds it lives.
    """
    descriptor = os.open(private_folder(folder) / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def ensure_running(folder: Path) -> None:
    """Start a worker if there is a job to do and none lives. Whoever waits for a job calls this now and then."""
    _started[:] = [process for process in _started if process.poll() is None]
    if _started or not any(job.open for job in every(folder)):
        return
    with the_worker(folder) as nobody_lives:
        if not nobody_lives:
            return
    environment = {**os.environ, "DATABASE_URL": _absolute(database_url()), SETTING: str(folder)}
    _started.append(
        subprocess.Popen(
            [sys.executable, "-m", WORKER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # an interrupted server does not take it along
        )
    )


# The workers this process has started, so that ended ones are waited for.
_started: list["subprocess.Popen[bytes]"] = []


def _absolute(url: str) -> str:
    """Return the address of a database as a process in another directory understands it."""
    before, marker, path = url.partition("sqlite:///")
    if marker and path and path != ":memory:" and not path.startswith("/"):
        return f"{before}{marker}{Path(path).absolute()}"
    return url


def _read(path: Path) -> Job | None:
    said = read_json(path / "job.json")
    state = read_json(path / "state.json")
    if said is None or state is None:
        return None
    begun_at = state.get("begun_at")
    return Job(
        path=path,
        kind=Kind(said["kind"]),
        subject=said["subject"],
        said=said["said"],
        account_id=said["account_id"],
        language=said["language"],
        address=said.get("address", ""),
        asked_at=datetime.fromisoformat(said["asked_at"]),
        state=State(state["state"]),
        attempts=state["attempts"],
        begun_at=datetime.fromisoformat(begun_at) if begun_at else None,
        answer=state.get("answer", {}),
    )
