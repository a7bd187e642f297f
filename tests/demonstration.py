"""The small demonstration: made once a run, by whichever worker needs it first, and copied by whoever changes it."""

import fcntl
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session

from access import language
from data_model.engine import make_engine, open_session
from data_model.periods import Period
from seed import registry
from seed.demo import Made, Options, make_demonstration
from tests import databases

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SMALL = Options(until=Period.parse("2026-10"), schools=40, months=6)


def make_small(session: Session, options: Options = SMALL) -> Made:
    """Load the registry and make a small demonstration in the session's transaction."""
    registry.load(session, NOW)
    return make_demonstration(session, options, say=lambda _line: None)


def small_demonstration(folder: Path) -> Path:
    """Return the SQLite file with registry and small demonstration in this folder, made when it is not there."""
    path = folder / "demonstration.db"
    with (folder / "demonstration.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # the other worker waits here, and finds it made
        if not path.exists():
            _make(folder / "unfinished.db").rename(path)
    return path


def _make(path: Path) -> Path:
    engine = make_engine(f"sqlite:///{databases.migrated_sqlite_file(path)}")
    with language.in_language(language.DEFAULT_LANGUAGE), open_session(engine, write=True) as session:
        make_small(session)
        session.commit()
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path
