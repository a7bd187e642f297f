"""The database of the running app: one engine a process, a session for as long as a question takes."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from data_model.engine import Engine, Session, database_url, open_session, ready_engine


def engine() -> Engine:
    """Return the process's engine on the database that `DATABASE_URL` names, its schema current."""
    return _engine(database_url())


@contextmanager
def reading() -> Iterator[Session]:
    """Yield a session to ask with. Nothing asked through it is kept."""
    with open_session(engine()) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Yield a session in one transaction that is committed when the block ends well, and rolled back otherwise."""
    with open_session(engine(), write=True) as session:
        yield session
        session.commit()


# Keyed by the address, so that a test that names another database gets another engine.
@st.cache_resource(show_spinner=False)
def _engine(url: str) -> Engine:
    return ready_engine(url)
