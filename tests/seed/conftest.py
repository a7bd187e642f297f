"""One small demonstration for all tests that only look at it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from access import language
from data_model.engine import make_engine, open_session
from data_model.periods import Period
from seed import registry
from seed.demo import Made, Options, make_demonstration
from tests import databases

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SMALL = Options(until=Period.parse("2026-10"), schools=40, months=6)
SMALLEST = Options(until=Period.parse("2026-10"), schools=12, months=2)
# What no SQL of its own is behind is tested once.
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def make_small(session: Session, options: Options = SMALL) -> Made:
    """Load the registry and make a small demonstration in the session's transaction."""
    registry.load(session, NOW)
    return make_demonstration(session, options, say=lambda _line: None)


@pytest.fixture(scope="package")
def demonstration_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the registry and the small demonstration. Copy it, do not write to it."""
    path = databases.migrated_sqlite_file(tmp_path_factory.mktemp("demonstration") / "uptake.db")
    engine = make_engine(f"sqlite:///{path}")
    with language.in_language(language.DEFAULT_LANGUAGE), open_session(engine, write=True) as session:
        make_small(session)
        session.commit()
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="package")
def demonstration_engine(demonstration_file: Path) -> Iterator[Engine]:
    """An engine on the small demonstration, for reading."""
    engine = make_engine(f"sqlite:///{demonstration_file}")
    yield engine
    engine.dispose()


@pytest.fixture
def demonstration(demonstration_engine: Engine) -> Iterator[Session]:
    """A session on the small demonstration, for reading."""
    with open_session(demonstration_engine) as session:
        yield session
