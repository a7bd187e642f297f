"""The database of the running app: one engine a process, a session for as long as a question takes.

A visitor's questions are asked under the public's own database role where the operator made one: what a page may not
show it then cannot read. Who asks is found out by the instance's own role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from access import settings
from data_model.engine import Engine, Session, database_url, make_engine, open_session, ready_engine

# Whether this run of the script asks for a visitor: `ui.asking` finds out.
_for_public: ContextVar[bool] = ContextVar("for_public", default=False)


def ask_for_public(public: bool) -> None:
    """Let the questions of this run be asked for a visitor, or for somebody who is signed in."""
    _for_public.set(public)


def engine() -> Engine:
    """Return the process's engine on the database that `DATABASE_URL` names, its schema current."""
    return _engine(database_url())


def address() -> str:
    """Return the address under which this run asks: part of the key of every answer that is kept."""
    return (settings.public_database() if _for_public.get() else None) or database_url()


@contextmanager
def reading(*, public: bool | None = None) -> Iterator[Session]:
    """Yield a session to ask with, of the public's role or the instance's (None: as this run asks). Nothing is kept."""
    role = settings.public_database() if (_for_public.get() if public is None else public) else None
    with open_session(engine() if role is None else _public_engine(role)) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session in one transaction that is committed when the block ends well, and rolled back otherwise."""
    with open_session(engine(), write=True) as session:
        yield session
        session.commit()


# Keyed by the address, so that a test that names another database gets another engine.
@lru_cache
def _engine(url: str) -> Engine:
    return ready_engine(url)


@lru_cache
def _public_engine(url: str) -> Engine:
    return make_engine(url)
