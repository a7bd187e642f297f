"""`python -m benchmarks.beside`: how long others wait while a file of 1,000,000 rows is taken in, on SQLite.

Meanwhile this process signs in, which writes, and reads a region's rollups, which does not, over and over. The last
line holds the longest wait of each, and how long the acceptance held the database's one write lock.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from access.sessions import start_session
from benchmarks.country import AT, as_long_file, make_reports
from benchmarks.intake import ROOT, SQLite
from data_model.engine import make_engine, open_session
from data_model.people import Account
from data_model.rollups import Rollup

ROWS = 1_000_000
PAUSE = 0.05


def sign_in(session: Session, at: datetime) -> None:
    """Begin a session for the manager."""
    start_session(session, session.exec(select(Account).where(Account.email == "manager@example.org")).one(), at=at)
    session.commit()


def read_rollups(session: Session, _at: datetime) -> None:
    """Read a page's worth of rollups."""
    session.exec(select(Rollup).where(col(Rollup.superseded_at).is_(None)).limit(100)).all()


def longest_waits(engine: Engine, going_on: Callable[[], bool]) -> dict[str, float]:
    """Do each again and again while `going_on`. Returns the longest each took, in seconds."""
    worst = {"sign_in": 0.0, "read_rollups": 0.0}
    while going_on():
        for action, write in ((sign_in, True), (read_rollups, False)):
            began = time.perf_counter()
            with open_session(engine, write=write) as session:
                action(session, AT)
            worst[action.__name__] = max(worst[action.__name__], time.perf_counter() - began)
        time.sleep(PAUSE)
    return worst


def main() -> int:
    """Measure once and print the line."""
    with tempfile.TemporaryDirectory(prefix="uptake-beside-") as name:
        folder = Path(name)
        file = folder / "long.csv"
        file.write_bytes(as_long_file(make_reports(ROWS)))
        with SQLite(folder).fresh() as url:
            command = [sys.executable, "-m", "benchmarks.measuring", "intake", "--database", url]
            command += ["--rows", str(ROWS), "--file", str(file)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as taking_in:
                engine = make_engine(url)
                worst = longest_waits(engine, lambda: taking_in.poll() is None)
                engine.dispose()
                written = taking_in.stdout.read() if taking_in.stdout else ""
            if taking_in.returncode:
                raise RuntimeError("the intake beside which this was measured failed")
    accept = json.loads(written.splitlines()[-1])["accept"]
    print(json.dumps({name: round(seconds, 2) for name, seconds in {**worst, "accept": accept}.items()}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
