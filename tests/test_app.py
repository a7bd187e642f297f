"""The server as it is started: one process on a fresh database, asked over the network."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app import LARGEST_MESSAGE
from intake.staging import jobs
from intake.staging.jobs import Kind, State
from tests.access.web.raw import Wire, free_port

ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "anna@example.org", "correct horse battery"
PATIENCE_SECONDS = 120


class Running:
    """A server that runs, and how to ask it."""

    def __init__(self, folder):
        self.port = free_port()
        self.host = f"localhost:{self.port}"
        self.environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{folder / 'uptake.db'}", "PORT": str(self.port), "HOST": "",
            "UPTAKE_DEMO": "0", "UPTAKE_SECRET": "", "UPTAKE_HOSTS": "",
        }  # fmt: skip
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, ROOT / "app.py"], cwd=folder, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Uptake is at" not in self.log.read_text():
            assert self.process.poll() is None and time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        named = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body, headers=named)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    def opens_websocket(self, **headers):
        answer, _content = self.ask(
            "GET", "/_stcore/stream", Connection="Upgrade", Upgrade="websocket", Sec_WebSocket_Version="13",
            Sec_WebSocket_Key="x3JJHMbDL1EzLkh9GBhXDw==", **headers,
        )  # fmt: skip
        return answer.status == 101

    def sign_in(self):
        form = urlencode({"username": EMAIL, "password": PASSWORD})
        answer, _content = self.ask("POST", "/account/login", form, Origin=f"http://{self.host}")
        return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = Running(tmp_path_factory.mktemp("server"))
    yield running
    running.process.terminate()
    running.process.wait(30)


def test_it_says_where_it_is_and_nothing_else_about_itself(server):
    lines = server.log.read_text().splitlines()
    assert f"Uptake is at http://localhost:{server.port}" in lines
    assert not [line for line in lines if "GET /" in line or "WARNING" in line or "Traceback" in line]
    answer, _content = server.ask("GET", "/health")
    assert answer.getheader("server") is None


def test_a_fresh_database_is_made_ready(server):
    answer, content = server.ask("GET", "/health")
    assert (answer.status, json.loads(content)) == (200, {"status": "ok", "database": "current"})
    key = Path(server.log).with_name("uptake.key")
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_page_is_served_with_a_policy_that_fits_it(server):
    answer, content = server.ask("GET", "/")
    assert answer.status == 200 and b'<div id="root">' in content
    policy = answer.getheader("content-security-policy")
    assert "'sha256-" in policy and f"ws://localhost:{server.port}" in policy
    # Where the page stands for good and in other languages is told, and loaded by nothing.
    loading = re.sub(rb'<link rel="(?:canonical|alternate)"[^>]*>', b"", content)
    sources = re.findall(rb'(?:src|href)="([^"]+)"', loading)
    assert sources and not [source for source in sources if source.startswith((b"http", b"//"))]


def test_a_websocket_opens_for_its_own_page_only(server):
    assert server.opens_websocket(Origin=f"http://{server.host}")
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "http://localhost:1"}):
        started = time.monotonic()
        assert not server.opens_websocket(**headers)
        assert time.monotonic() - started < 2, "nobody is asked about a foreign origin"


def test_what_is_closed_is_closed(server):
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/auth/login"):
        assert server.ask("GET", path)[0].status == 404
    assert server.ask("GET", "/", Host="evil.example")[0].status == 421
    assert server.ask("PUT", "/_stcore/upload_file/a/b", b"x")[0].status == 404


def test_one_signs_in_and_out(server):
    subprocess.run(
        [sys.executable, "-m", "access", "add-user", EMAIL, "--role", "manager"],
        cwd=ROOT, env=server.environment, input=PASSWORD, text=True, check=True, capture_output=True,
    )  # fmt: skip
    answer = server.sign_in()
    assert answer.status == 303 and answer.getheader("location") == "/"
    cookie = answer.getheader("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    value = cookie.partition(";")[0]
    upload, own = (
        ("PUT", "/intake/files?initiative=kz-chatgpt-edu&name=a.csv", b"x"),
        {"Origin": f"http://{server.host}"},
    )
    assert server.ask(*upload, Cookie=value, **own)[0].status == 201
    assert server.ask("POST", "/account/logout", Cookie=value, Origin="http://evil.example")[0].status == 403
    assert server.ask("POST", "/account/logout", Cookie=value, Origin=f"http://{server.host}")[0].status == 303
    assert server.ask(*upload, Cookie=value, **own)[0].status == 401, (
        "a copy of the cookie is worth nothing after signing out"
    )


HIDDEN = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 50\r\n",
        b"Content-Length: 4, 50\r\n",
        b"Content-Length: +4\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding: chunked\r\n X-Folded: 1\r\n",
        b"X-Null: a\0b\r\n",
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_read_in_none(server, headers):
    wire = Wire(server.port)
    wire.send(b"POST /account/login HTTP/1.1\r\nHost: " + server.host.encode() + b"\r\n" + headers + b"\r\n")
    wire.send(b"0\r\n\r\n" + HIDDEN)
    answered = wire.rest()
    assert answered.startswith(b"HTTP/1.1 400 ") and answered.count(b"HTTP/1.1 ") == 1 and b"status" not in answered


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../dashboard.py", "/app/static/%2e%2e/dashboard.py", "/app/static/..%2fdashboard.py",
        "/app/static/%2e%2e%5cdashboard.py", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/media/../../../../etc/passwd", "/component/..%2f..%2f..%2fetc%2fpasswd", "/app/static//etc/passwd",
        "/api/v1/releases/..%2f..%2f..%2fetc%2fpasswd", "/account/../../../etc/passwd", "/app/static/%00",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_what_is_served(server, path):
    answer, content = server.ask("GET", path)
    assert answer.status < 500 and b"root:" not in content and b"set_page_config" not in content


def test_what_no_page_would_send_over_a_websocket_is_told_nothing_and_breaks_nothing(server):
    for content in (b"", b"\xff" * 100, b"\x0a\x05hello", bytes(range(256)) * 40):
        wire = Wire(server.port)
        assert b" 101 " in wire.open_websocket("/_stcore/stream", server.host)
        wire.send_message(content)
        wire.send(b"\x88\x80\0\0\0\0")
        said = wire.rest()
        assert b"Traceback" not in said and b".py" not in said
    assert server.ask("GET", "/health")[0].status == 200


def test_a_message_longer_than_any_of_a_page_is_not_taken_in(server):
    wire = Wire(server.port)
    assert b" 101 " in wire.open_websocket("/_stcore/stream", server.host)
    wire.send_message(b"", length=LARGEST_MESSAGE + 1)
    assert (1009).to_bytes(2, "big") in wire.rest(), "message too big (RFC 6455, 7.4.1)"


def test_the_log_holds_no_secret_and_no_line_that_a_visitor_wrote(server):
    written = "anna\nUptake is at http://evil.example"
    for path, form in (("/account/login", {"username": written, "password": PASSWORD}), ("/x\nUptake", {})):
        server.ask("POST", path.replace("\n", "%0a"), urlencode(form), Origin=f"http://{server.host}")
    log, key = server.log.read_text(), server.log.with_name("uptake.key").read_text()
    assert PASSWORD not in log and key not in log and "evil.example" not in log


def test_a_taken_port_and_a_wrong_setting_are_told_plainly(server):
    for change, words in (
        ({}, f"Port {server.port} is taken"),
        ({"PORT": str(free_port()), "UPTAKE_SECRET": "short"}, "UPTAKE_SECRET is too short"),
    ):
        done = subprocess.run(
            [sys.executable, ROOT / "app.py"], env=server.environment | change, capture_output=True, text=True,
            check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


def test_it_takes_up_work_that_was_left_and_ends_quietly_when_interrupted(tmp_path):
    staging = tmp_path / "uptake.db-staging"
    at = datetime.now(UTC)
    left = jobs.ask(staging, Kind.CHECK, "a file", {"key": "k"}, account_id=1, language="en", at=at)
    jobs.note(left, State.RUNNING, attempts=1, begun_at=at)
    running = Running(tmp_path)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while jobs.find(staging, left.key).open:
        assert time.monotonic() < deadline, "nobody took it up"
        time.sleep(0.1)
    assert jobs.find(staging, left.key).answer["error"] == "draft_gone"
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert "Traceback" not in running.log.read_text()
