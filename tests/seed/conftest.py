"""One small demonstration for all tests that only look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine
from sqlmodel import Session

from access import accounts
from data_model.engine import make_engine, open_session
from data_model.periods import Period
from seed import registry
from seed.demo import Made, Options, make_demonstration
from tests.demonstration import NOW, SMALL, make_small
from tests.made_once import made_once

__all__ = ["NOW", "ONE_DATABASE", "SMALL", "SMALLEST", "hash_quickly", "make_small"]

SMALLEST = Options(until=Period.parse("2026-10"), schools=12, months=2)
# What no SQL of its own is behind is tested once.
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash the passwords of invented people cheaply: nobody guesses them here."""
    hash_quickly(monkeypatch)


def hash_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let passwords be hashed cheaply until the patch is undone."""
    patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def with_registry(engine: Engine) -> Engine:
    """An engine on a database into which the registry was loaded."""

    def make() -> None:
        with open_session(engine, write=True) as session:
            registry.load(session, NOW)
            session.commit()

    made_once(engine, "registry", make)
    return engine


@pytest.fixture
def smallest(with_registry: Engine) -> Made:
    """What was told when the smallest demonstration was made in the database, beside the registry."""

    def make() -> Made:
        with open_session(with_registry, write=True) as session:
            made = make_demonstration(session, SMALLEST, say=lambda _line: None)
            session.commit()
        return made

    return made_once(with_registry, "smallest", make)


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
