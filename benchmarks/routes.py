"""`python -m benchmarks.routes`: what a cached public figure route costs, beside a bare Starlette route.

Both answer the same bytes, each from a process of its own with the server's settings: one is a route that returns a
JSON response and nothing else, the other the whole application with its guard, its headers and the open data routes.
Requests a second of one core are requests by the seconds of processor time that the process spent on them, so that
neither the load's own work nor what else the machine does counts. Rounds take turns. The last line is JSON.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from access.identity import identity_of_email
from benchmarks.bare_route import ANSWER
from benchmarks.intake import ROOT
from data_model.engine import make_engine, migrate, open_session
from publishing.releases import release
from tests.factories import START, make_world
from tests.publishing.test_releases import PLENTY, report

ADDRESS = "/api/v1/figures?measure=teacher_activation&area=KZ&release=1"
REQUESTS, ROUNDS, AT_ONCE = 5_000, 5, 20
PATIENCE_SECONDS = 120


class Served:
    """A server in a process of its own, and a connection to it."""

    def __init__(self, command: list[str], path: str, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.path = path
        settings = {**os.environ, **environment, "PORT": str(port)}
        self.process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=settings, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.connection = socket.create_connection(("127.0.0.1", port), timeout=30)
                break
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.2)
        self.request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: application/json\r\n\r\n".encode()
        self.body = self._first()
        self.length = len(self._raw)

    def _first(self) -> bytes:
        """Ask once; return the body, and keep how long a whole answer is."""
        self.connection.sendall(self.request)
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += self.connection.recv(65536)
        head, _end, body = raw.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        while len(body) < int(lines[b"content-length"]):
            body += self.connection.recv(65536)
        self._raw = head + b"\r\n\r\n" + body
        return body

    def seconds(self) -> float:
        """Return the processor time that the process has spent."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def round(self) -> float:
        """Ask REQUESTS times; return how many the server answers in a second of processor time."""
        before = self.seconds()
        for _turn in range(REQUESTS // AT_ONCE):
            self.connection.sendall(self.request * AT_ONCE)
            left = self.length * AT_ONCE
            while left:
                left -= len(self.connection.recv(min(left, 1 << 20)))
        return REQUESTS / (self.seconds() - before)

    def stop(self) -> None:
        """End it."""
        self.connection.close()
        self.process.terminate()
        self.process.wait(30)


def main() -> int:
    """Measure and print a table, then the line."""
    with tempfile.TemporaryDirectory(prefix="uptake-routes-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'uptake.db'}"
        _fill(url)
        answer = folder / "answer"
        environment = {"DATABASE_URL": url, "UPTAKE_DEMO": "0", "UPTAKE_HOSTS": "", "HOST": "",
                       "UPTAKE_API_REQUESTS_PER_MINUTE": "0", ANSWER: str(answer)}  # fmt: skip
        ours = Served(["app.py"], ADDRESS, environment)
        answer.write_bytes(ours.body)
        bare = Served(["-m", "benchmarks.bare_route"], "/figures", environment)
        assert json.loads(bare.body) == json.loads(ours.body) and json.loads(ours.body)["figures"]
        found: dict[str, list[float]] = {"bare": [], "ours": []}
        for _round in range(ROUNDS):
            found["bare"].append(bare.round())
            found["ours"].append(ours.round())
        ours.stop()
        bare.stop()
    per_second = {name: statistics.median(rates) for name, rates in found.items()}
    print("route  requests/s of one core (median)  lowest  highest")
    for one, rates in found.items():
        print(f"{one:5}  {per_second[one]:34,.0f}  {min(rates):6,.0f}  {max(rates):7,.0f}")
    line = {name: round(rate) for name, rate in per_second.items()}
    print(json.dumps(line | {"ratio": round(per_second["ours"] / per_second["bare"], 2)}))
    return 0


def _fill(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    with open_session(engine, write=True) as session:
        report(session, make_world(session), PLENTY)
        reviewer = identity_of_email(session, "reviewer@example.org")
        release(session, by=reviewer, note="measured", at=START + timedelta(hours=1))
        session.commit()
    engine.dispose()


if __name__ == "__main__":
    raise SystemExit(main())
