"""What every test may ask for: a fresh database of either kind, an engine, a session, the browser.

Under CI=true a skipped test fails the run: a check that did not happen must not look like one that passed.
"""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session
from xdist.scheduler import LoadScopeScheduling

from access import language, origin
from data_model.engine import make_engine, open_session
from tests import chromium, databases

TESTS = Path(__file__).parent
BROWSER_TESTS = TESTS / "browser"
# Of the others those that take longest, longest first.
LONGEST = (
    "test_command_line.py", "test_house.py", "test_app.py", "access/test_access_matrix.py",
    "analytics/test_recomputed.py", "seed/test_demonstration.py", "intake/test_corpus.py", "publishing/test_brief.py",
    "intake/test_naughty_strings.py", "intake/test_sequences.py", "publishing/test_suppression.py",
    "intake/staging/test_worker.py", "publishing/test_attacked.py", "intake/user_export/test_nothing_personal.py",
    "seed/test_reset.py",
)  # fmt: skip

# Two shared cores: a slow example says nothing about the code. In CI the same examples every time.
hypothesis.settings.register_profile("uptake", deadline=None, derandomize=chromium.in_continuous_integration())
hypothesis.settings.load_profile("uptake")


def pytest_configure(config: pytest.Config) -> None:
    if not _is_worker(config):
        databases.choose_server_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker(config):
        databases.stop_server()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    no_browser = chromium.find() is None and not chromium.in_continuous_integration()
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")
            if no_browser:
                item.add_marker(pytest.mark.skip(reason="no Chromium found: apt-get install chromium"))
    names = Counter(item.nodeid for item in items)
    if shared := [name for name, times in names.items() if times > 1]:
        raise pytest.UsageError(f"a worker is told by name what to run, so these would run once only: {shared}")
    # A long file that starts last leaves the other worker without work; the browser's stories take longest of all.
    place = {TESTS / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (BROWSER_TESTS not in item.path.parents, place.get(item.path, len(LONGEST))))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for garbage again and again finds none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class FileByFile(LoadScopeScheduling):
    """Gives a worker a whole file at a time, so that what its tests share is made once, and all the browser's to one.

    xdist's own groups are names written into a test's id, which pytest no longer lets it do.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "browser" if path.startswith("tests/browser/") else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    return FileByFile(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and _left_out(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if left_out := _left_out(config):
        terminalreporter.section("nothing may be skipped where CI=true", red=True)
        for report in left_out:
            terminalreporter.write_line(f"SKIPPED {report.nodeid}", red=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _left_out(config: pytest.Config) -> list[pytest.TestReport | pytest.CollectReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if _is_worker(config) or reporter is None or not chromium.in_continuous_integration():
        return []
    return [*reporter.stats.get("skipped", []), *reporter.stats.get("xfailed", [])]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test starts in English, whatever the one before it spoke."""
    with language.in_language(language.DEFAULT_LANGUAGE):
        yield


@pytest.fixture(autouse=True)
def from_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts without a word on where its deeds come from, whatever the one before it said."""
    monkeypatch.setattr(origin, "_current", ContextVar("origin", default=None))


@pytest.fixture(autouse=True)
def no_default_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that forgets to name its database fails instead of touching somebody's own."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nonexistent/name-a-database-in-the-test.db")


@pytest.fixture(autouse=True)
def secret_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test makes a key file beside a database that is not its own."""
    monkeypatch.setenv("UPTAKE_SECRET", "a secret that signs the cookies of tests")


@pytest.fixture(scope="session")
def postgresql_server() -> databases.PostgreSQLServer:
    """The run's PostgreSQL server."""
    return databases.PostgreSQLServer()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file. Copy it, do not write to it."""
    return databases.migrated_sqlite_file(tmp_path_factory.mktemp("template") / "uptake.db")


@pytest.fixture(scope="session")
def demonstration_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the registry and the small demonstration. Copy it, do not write to it."""
    from tests.demonstration import small_demonstration  # brings all rooms of the house with it

    folder = tmp_path_factory.getbasetemp()
    # A worker's folder lies in that of the run, which all workers share.
    return small_demonstration(folder.parent if _is_worker(request.config) else folder)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite database."""
    path = tmp_path / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: databases.PostgreSQLServer) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    name = postgresql_server.take()
    yield postgresql_server.url(name)
    postgresql_server.give_back(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An engine on `database`."""
    opened = make_engine(database)
    yield opened
    opened.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on `database` that may write; what the test does not commit is rolled back."""
    with open_session(engine, write=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser lies."""
    path = chromium.find()
    assert path, "no Chromium found: run `python -m tests.chromium`"
    return path


def pytest_report_header() -> str:
    return f"uptake: chromium {chromium.find() or 'not found'}, CI={os.environ.get('CI', 'unset')}"
