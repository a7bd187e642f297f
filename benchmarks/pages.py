"""`python -m benchmarks.pages`: what a rerun of a page costs the server, beside a bare page with the same charts.

Three servers run side by side: Uptake on a small demonstration, Uptake on one of ten times as many schools, and for
each page a bare one (`benchmarks.bare_page`). A round makes a few reruns of each in turn and takes the processor time
they cost. `ratio` is the median over the rounds of page / bare, `growth` that of large / small. The figures that the
Overview shows are made sure of against plain observations.

Of the two numbers in the last line the ratio is the worst of the Overview's, the growth the worst of all pages. What a
page costs beside its charts (who asks, the bar, what can be chosen) weighs more where there are few of them.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from access.identity import identity_of_email
from access.language import format_number
from access.sessions import COOKIE, start_session
from benchmarks.bare_page import POINTS
from benchmarks.observed import active_teachers
from benchmarks.reruns import Shown, Visit, processor_seconds
from data_model.engine import make_engine, open_session
from data_model.people import Account
from data_model.periods import Period

ROOT = Path(__file__).resolve().parent.parent
INITIATIVE, LAST = "kz-chatgpt-edu", Period.parse("2026-09")
ANALYST = "analyst@demo.example"
TIMES = 10
RERUNS = 10
WARM_UP = 3
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Page:
    """A page that is measured, and the address that asks for it."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()


PAGES = (
    Page("Overview, the country", ""),
    Page("Overview, a region", "", (("area", "KZ-19"),)),
    Page("Adoption, the country", "adoption", (("measure", "teacher_activation"),)),
    Page("Adoption, a region", "adoption", (("measure", "teacher_activation"), ("area", "KZ-19"))),
    Page("Adoption, a forecast", "adoption", (("measure", "teacher_activation"), ("course", "forecast"))),
    Page(
        "Adoption, a school", "adoption", (("measure", "teacher_activation"), ("area", "KZ-75"), ("school", "001024"))
    ),
    Page("Completeness", "completeness", (("measure", "teacher_activation"),)),
    Page("An initiative", "initiatives", (("initiative", INITIATIVE),)),
    Page("Compare, regions", "compare", (("measure", "teacher_activation"),)),
    Page("What changed", "changes", (("measure", "teacher_activation"),)),
    Page("Money", "money"),
)


@dataclass
class Server:
    """A server under measurement."""

    port: int
    process: int
    cookie: str = ""

    def visit(self, page: Page | None = None) -> Visit:
        """Open a page of it (the bare one has only one)."""
        asked = page or Page("", "")
        return Visit(self.port, asked.path, dict(asked.query), self.cookie)

    def cost(self, visit: Visit) -> float:
        """Return the milliseconds of processor time that one rerun costs, as the mean of a few."""
        before = processor_seconds(self.process)
        for _number in range(RERUNS):
            visit.run()
        return (processor_seconds(self.process) - before) * 1000 / RERUNS


@dataclass
class Result:
    """What a page cost, in milliseconds of processor time a rerun, round by round."""

    page: Page
    shown: Shown
    first: float
    bare: list[float]
    small: list[float]
    large: list[float]

    @property
    def ratio(self) -> float:
        """How many times a bare page's cost a warm rerun costs."""
        return statistics.median(ours / bare for ours, bare in zip(self.small, self.bare, strict=True))

    @property
    def growth(self) -> float:
        """How many times as much it costs with ten times the observations."""
        return statistics.median(large / small for large, small in zip(self.large, self.small, strict=True))


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and, last, the worst ratio and growth as a line of JSON. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--schools", type=int, default=120, help="of the small demonstration (default: %(default)s)")
    parser.add_argument("--months", type=int, default=12, help="of both (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default: %(default)s)")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        small = servers.enter_context(_uptake(Path(folder) / "small", given.schools, given.months))
        large = servers.enter_context(_uptake(Path(folder) / "large", given.schools * TIMES, given.months))
        results = [_measure(page, small, large, given.rounds) for page in PAGES]
    if not given.json:
        _print_table(results)
    worst = {
        "worst_ratio_warm": round(max(result.ratio for result in results if not result.page.path), 2),
        "worst_growth": round(max(result.growth for result in results), 2),
    }
    print(json.dumps(worst))
    return 0


def _measure(page: Page, small: Server, large: Server, rounds: int) -> Result:
    visits = (small.visit(page), large.visit(page))
    before = processor_seconds(small.process)
    shown = visits[0].run()
    first = (processor_seconds(small.process) - before) * 1000
    assert not shown.exceptions, shown.exceptions
    with _bare(shown.points) as bare:
        plain = bare.visit()
        for _number in range(WARM_UP):
            for visit in (*visits, plain):
                visit.run()
        result = Result(page, shown, first, [], [], [])
        for _number in range(rounds):
            result.bare.append(bare.cost(plain))
            result.small.append(small.cost(visits[0]))
            result.large.append(large.cost(visits[1]))
    for visit in visits:
        visit.close()
    return result


@contextmanager
def _uptake(folder: Path, schools: int, months: int) -> Iterator[Server]:
    """Yield Uptake on a demonstration of so many schools, with the analyst signed in and figures made sure of."""
    folder.mkdir()
    address = f"sqlite:///{folder / 'uptake.db'}"
    environment = {**os.environ, "DATABASE_URL": address}
    seed = ("seed", "demo", "--schools", str(schools), "--months", str(months), "--until", LAST.key)
    subprocess.run([sys.executable, "-m", *seed], cwd=ROOT, env=environment, check=True, capture_output=True)
    engine = make_engine(address)
    with open_session(engine, write=True) as session:
        account = session.get_one(Account, identity_of_email(session, ANALYST).account_id)
        cookie = f"{COOKIE}={start_session(session, account, at=datetime.now(UTC))}"
        session.commit()
    with _served([sys.executable, "app.py"], environment) as server:
        server.cookie = cookie
        visit = server.visit(PAGES[0])
        cards = visit.run().cards
        visit.close()
        expected = active_teachers(engine, INITIATIVE, LAST.starts_on, LAST.ends_on)
        assert cards["Active teachers"] == format_number(expected), (cards, expected)
        yield server
    engine.dispose()


@contextmanager
def _bare(points: list[int]) -> Iterator[Server]:
    """Yield a bare page with a chart for each number of points."""
    command = [sys.executable, "-m", "uvicorn", "benchmarks.bare_server:app", "--loop", "uvloop", "--http", "httptools"]
    command += ["--ws", "websockets-sansio", "--no-access-log", "--log-level", "warning", "--port"]
    with _served(command, {**os.environ, POINTS: ",".join(map(str, points))}, port_last=True) as server:
        yield server


@contextmanager
def _served(command: list[str], environment: dict[str, str], *, port_last: bool = False) -> Iterator[Server]:
    """Yield a server that answers; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*command, str(port)] if port_last else command,
        cwd=ROOT, env={**environment, "PORT": str(port)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise RuntimeError("a server did not answer: start it by hand to see why")


def _print_table(results: list[Result]) -> None:
    print("Milliseconds of processor time a rerun costs the server (medians)\n")
    print(
        f"{'page':24}{'charts':>8}{'points':>8}{'bare':>8}{'warm':>8}{'ratio':>8}{'first':>8}{'x 10':>8}{'growth':>8}"
    )
    for result in results:
        numbers = (statistics.median(result.bare), statistics.median(result.small), result.ratio)
        large = statistics.median(result.large)
        print(
            f"{result.page.name:24}{len(result.shown.points):8}{sum(result.shown.points):8}"
            + "".join(f"{number:8.1f}" for number in numbers)
            + f"{result.first:8.0f}{large:8.1f}{result.growth:8.2f}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
