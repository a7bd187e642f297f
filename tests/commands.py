"""The house's commands as processes of their own, which need not load the libraries each time.

One process that has loaded the libraries, and nothing of the house, copies itself for every command (fork); the copy
loads the house and runs it as `python -m ...` does. The first command of each package is started from nothing, as at a
prompt: what a package forgot to load is missing there.
"""

import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from subprocess import CompletedProcess

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "alembic.command", "babel", "numpy", "pandas", "psycopg", "pyarrow", "sqlalchemy.orm", "sqlmodel", "xlsxwriter",
)  # fmt: skip


class Commands:
    """Runs commands with one environment; `close` ends the process that waits for them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._begun: set[str] = set()
        self._waiting: subprocess.Popen[str] | None = None

    def run(self, *words: str, given: str = "") -> CompletedProcess[str]:
        """Run `python -m ...` in the root folder, with what is given on standard input."""
        package = words[0]
        if package in self._begun:
            return self._copied(words, given)
        self._begun.add(package)
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT, env=self._environment, input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def close(self) -> None:
        """End the process that waits for commands."""
        if self._waiting is not None:
            self._waiting.communicate()

    def _copied(self, words: tuple[str, ...], given: str) -> CompletedProcess[str]:
        self._waiting = self._waiting or subprocess.Popen(
            [sys.executable, "-m", "tests.commands"],
            cwd=ROOT, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._waiting.stdin is not None and self._waiting.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            standard = [Path(folder, name) for name in ("input", "output", "errors")]
            standard[0].write_text(given, encoding="utf-8")
            self._waiting.stdin.write(json.dumps([words, [str(path) for path in standard]]) + "\n")
            self._waiting.stdin.flush()
            status = int(self._waiting.stdout.readline())
            output, errors = (path.read_text(encoding="utf-8") for path in standard[1:])
        return CompletedProcess(words, status, output, errors)


def _wait() -> None:
    """Run the commands named on standard input, one a line, each in a copy of this process; print their statuses."""
    for library in LIBRARIES:
        import_module(library)
    for line in sys.stdin:
        words, standard = json.loads(line)
        child = os.fork()
        if not child:
            _become(words, standard)
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(words: list[str], standard: list[str]) -> None:
    """Be the command from here on, to its end."""
    status: object = 1
    try:
        flags = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
        for number, (path, flag) in enumerate(zip(standard, flags, strict=True)):
            os.dup2(os.open(path, flag), number)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.argv = list(words)
        try:
            runpy.run_module(words[0], run_name="__main__", alter_sys=True)
            status = 0
        except SystemExit as left:
            status = left.code or 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    _wait()
