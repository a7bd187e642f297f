"""A running Uptake for stories in the browser: a small demonstration, people with known passwords, a free port."""

import os
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from access import accounts
from data_model.engine import make_engine, open_session
from data_model.people import Account
from tests.access.web.raw import free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery staple"
PATIENCE_SECONDS = 90


@dataclass
class Uptake:
    """Where it runs, and how to reach it."""

    address: str
    environment: Mapping[str, str]
    people: dict[str, str] = field(default_factory=dict)  # role -> e-mail

    @property
    def database(self) -> str:
        """The file of its database."""
        return self.environment["DATABASE_URL"].removeprefix("sqlite:///")

    def command(self, *words: str | Path, given: str = "") -> str:
        """Run `python -m ...` on its database and return what it printed. Raises when it fails."""
        return _run(self.environment, *words, given=given)


@contextmanager
def running(folder: Path, *demonstration: str, people: Mapping[str, str]) -> Iterator[Uptake]:
    """Yield a server on a new database in `folder`, with the demonstration that `python -m seed demo` makes.

    `people` are e-mails by role; all have PASSWORD and the whole of Kazakhstan.
    """
    uptake = _in_folder(folder, people)
    uptake.command("seed", "registry")
    uptake.command("seed", "demo", *demonstration)
    for role, email in people.items():
        uptake.command("access", "add-user", email, "--role", role, "--country", "KZ", given=PASSWORD + "\n")
    with _serving(uptake, folder):
        yield uptake


@contextmanager
def running_on_a_copy(of: Path, folder: Path, people: Mapping[str, str], *changes: str) -> Iterator[Uptake]:
    """Yield a server on a copy of an SQLite file with these people (see `running`), after these SQL statements."""
    uptake = _in_folder(folder, people)
    with closing(sqlite3.connect(of)) as held, closing(sqlite3.connect(uptake.database)) as copy:
        held.backup(copy)
    _add_people(uptake)
    with closing(sqlite3.connect(uptake.database)) as copy:
        for change in changes:
            copy.execute(change)
        copy.commit()
    with _serving(uptake, folder):
        yield uptake


def _add_people(uptake: Uptake) -> None:
    """Add the people who are not there yet, without a process for each."""
    engine = make_engine(uptake.environment["DATABASE_URL"])
    at = datetime.now(UTC)
    with open_session(engine, write=True) as session:
        held = set(session.exec(select(Account.email)).all())
        for role, email in uptake.people.items():
            if email not in held:
                account = accounts.add_account(session, email=email, password=PASSWORD, at=at)
                accounts.add_grant(session, account, role, country="KZ", at=at)
        session.commit()
    engine.dispose()


def _in_folder(folder: Path, people: Mapping[str, str]) -> Uptake:
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'uptake.db'}", "PORT": str(port)}
    return Uptake(f"http://localhost:{port}", environment, dict(people))


@contextmanager
def _serving(uptake: Uptake, folder: Path) -> Iterator[None]:
    """Let the server run."""
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=dict(uptake.environment), stdout=log, stderr=log
        )
        try:
            _wait(uptake.address, server)
            yield
        finally:
            server.terminate()
            server.wait(timeout=30)


def _run(environment: Mapping[str, str], *words: str | Path, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=ROOT, env=dict(environment), input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{words} exited with {done.returncode}: {done.stdout[-1000:]} {done.stderr[-2000:]}")
    return done.stdout


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers. Raises TimeoutError when it does not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError("the server ended while it started: read server.log")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError("the server did not answer in time: read server.log")
