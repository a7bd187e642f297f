"""`python -m benchmarks.pages`: what a run of a page costs the server, beside a bare page with the same charts.

Three servers run side by side: Uptake on a demonstration, Uptake on one of ten times as many schools and observations
(`benchmarks.tenfold`), and for each page a bare one (`benchmarks.bare_page`). `cold` is the processor time of the
first time anybody opens the page since the servers started (all have shown a page without charts before, so that
Streamlit itself is up), `warm` that of one more rerun. A round makes a few reruns of each server in turn; a ratio is
the median over the rounds of page / bare, the growth that of large / small. The figures that the Overview shows are
made sure of against plain observations.

The two numbers in the last line are the worst of all pages. What a page costs beside its charts (who asks, the bar,
what can be chosen) weighs more where there are few of them.

The demonstrations are made for the run; `--small` and `--large` name databases that were made before.
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
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from access.identity import identity_of_email
from access.language import format_number
from access.sessions import COOKIE, start_session
from benchmarks.bare_page import IDLE_RUN, POINTS
from benchmarks.observed import active_teachers
from benchmarks.reruns import Shown, Visit, processor_seconds
from benchmarks.tenfold import tenfold
from data_model.engine import make_engine, open_session
from data_model.people import Account

ROOT = Path(__file__).resolve().parent.parent
INITIATIVE = "kz-chatgpt-edu"
ANALYST = "analyst@demo.example"
RERUNS = 10
WARM_UP = 3
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Page:
    """A page that is measured, and the address that asks for it."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()


# Without charts, and asked for first: whoever opens the pages under measurement finds Streamlit running.
IDLE = Page("Releases", "releases")
PAGES = (
    Page("Overview, the country", "overview"),
    Page("Overview, a region", "overview", (("area", "KZ-19"),)),
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

    def cost(self, visit: Visit, times: int = RERUNS) -> tuple[float, Shown]:
        """Return the milliseconds of processor time that one run costs, as the mean of a few, and what it showed."""
        before = processor_seconds(self.process)
        for _number in range(times):
            shown = visit.run()
        return (processor_seconds(self.process) - before) * 1000 / times, shown


@dataclass
class Costs:
    """What runs of one page cost one server, in milliseconds of processor time: its first, and one more by round."""

    cold: float
    warm: list[float] = field(default_factory=list)

    def times(self, other: "Costs") -> float:
        """Return how many times what the other's reruns cost these do."""
        return statistics.median(own / others for own, others in zip(self.warm, other.warm, strict=True))

    @property
    def median(self) -> float:
        """What a rerun costs."""
        return statistics.median(self.warm)


@dataclass
class Result:
    """What a page cost on the small and on the large demonstration, and the bare page with its charts."""

    page: Page
    shown: Shown
    bare: Costs
    small: Costs
    large: Costs

    @property
    def ratio(self) -> float:
        """How many times a bare page's cost a warm rerun costs."""
        return self.small.times(self.bare)

    @property
    def growth(self) -> float:
        """How many times as much it costs with ten times the observations."""
        return self.large.times(self.small)


def main(words: list[str] | None = None) -> int:
    """Measure, print a table and, last, the worst ratio and growth as a line of JSON. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the line of JSON only")
    parser.add_argument("--schools", type=int, default=120, help="of the demonstration (default: %(default)s)")
    parser.add_argument("--months", type=int, default=12, help="of it (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default: %(default)s)")
    parser.add_argument("--small", metavar="FILE", type=Path, help="a demonstration in SQLite that is there already")
    parser.add_argument("--large", metavar="FILE", type=Path, help="one with ten times its observations")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder:
        small = given.small or _demonstration(Path(folder) / "small.db", given.schools, given.months)
        large = given.large or Path(folder) / "large.db"
        if given.large is None:
            tenfold(small, large)
        results = [_measure(page, small, large, given.rounds) for page in PAGES]
    if not given.json:
        _print_table(results)
    worst = {
        "worst_ratio_warm": round(max(result.ratio for result in results), 2),
        "worst_growth": round(max(result.growth for result in results), 2),
    }
    print(json.dumps(worst))
    return 0


def _measure(page: Page, small: Path, large: Path, rounds: int) -> Result:
    """Open the page on servers of its own, so that no other page has asked before what it asks."""
    with ExitStack() as open_ones:
        ours = [open_ones.enter_context(_uptake(database)) for database in (small, large)]
        visits = [server.visit(page) for server in ours]
        first = [server.cost(visit, 1) for server, visit in zip(ours, visits, strict=True)]
        for _cost, shown in first:
            assert not shown.exceptions, shown.exceptions
            assert shown.cards or page.path != "overview", "the Overview shows no figures"
        shown = first[0][1]
        if page == PAGES[0]:
            for database, (_cost, own) in zip((small, large), first, strict=True):
                _make_sure(database, own)
        bare = open_ones.enter_context(_bare(shown.points))
        bare.visit(Page("", "", ((IDLE_RUN, "1"),))).run()
        servers, visits = [bare, *ours], [bare.visit(), *visits]
        costs = [Costs(bare.cost(visits[0], 1)[0]), *(Costs(cold) for cold, _shown in first)]
        for _number in range(WARM_UP):
            for visit in visits:
                visit.run()
        for _number in range(rounds):
            for server, visit, cost in zip(servers, visits, costs, strict=True):
                cost.warm.append(server.cost(visit)[0])
        for visit in visits:
            visit.close()
        return Result(page, shown, *costs)


def _demonstration(file: Path, schools: int, months: int) -> Path:
    """Make a demonstration of so many schools; return its file."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}"}
    seed = ("seed", "demo", "--schools", str(schools), "--months", str(months))
    subprocess.run([sys.executable, "-m", *seed], cwd=ROOT, env=environment, check=True, capture_output=True)
    return file


@contextmanager
def _uptake(database: Path) -> Iterator[Server]:
    """Yield Uptake on a demonstration, with the analyst signed in, after a page without charts."""
    address = f"sqlite:///{database}"
    engine = make_engine(address)
    with open_session(engine, write=True) as session:
        account = session.get_one(Account, identity_of_email(session, ANALYST).account_id)
        cookie = f"{COOKIE}={start_session(session, account, at=datetime.now(UTC))}"
        session.commit()
    engine.dispose()
    with _served([sys.executable, "app.py"], {**os.environ, "DATABASE_URL": address}) as server:
        server.cookie = cookie
        visit = server.visit(IDLE)
        visit.run()
        visit.close()
        yield server


def _make_sure(database: Path, shown: Shown) -> None:
    """Make sure that the Overview of the newest month shows what plain observations add up to."""
    engine = make_engine(f"sqlite:///{database}")
    expected = active_teachers(engine, INITIATIVE)
    engine.dispose()
    assert shown.cards["Active teachers"] == format_number(expected), (shown.cards, expected)


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
    print("Milliseconds of processor time that a run costs the server; warm ones are medians\n")
    headings = ("charts", "points", "bare", "warm", "ratio", "x 10", "growth", "cold", "bare", "ratio", "x 10")
    print(f"{'page':24}" + "".join(f"{heading:>8}" for heading in headings))
    for one in results:
        warm = f"{one.bare.median:8.1f}{one.small.median:8.1f}{one.ratio:8.2f}{one.large.median:8.1f}{one.growth:8.2f}"
        cold = f"{one.small.cold:8.0f}{one.bare.cold:8.0f}{one.small.cold / one.bare.cold:8.1f}{one.large.cold:8.0f}"
        print(f"{one.page.name:24}{len(one.shown.points):8}{sum(one.shown.points):8}{warm}{cold}")


if __name__ == "__main__":
    raise SystemExit(main())
