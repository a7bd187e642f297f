"""The number that says whether anything was written changes with every commit, and with nothing else."""

import pytest
import sqlalchemy as sa

from data_model.data_version import data_version
from data_model.editions import begin_edition
from data_model.engine import make_engine, open_session


def test_it_is_another_after_every_commit_of_whoever(sqlite_url):
    engine, another = make_engine(sqlite_url), make_engine(sqlite_url)
    seen = {data_version(engine)}
    for number, writes in enumerate((engine, another, engine), 2):
        with open_session(writes, write=True) as session:
            begin_edition(session)
            session.commit()
        seen.add(data_version(engine))
        assert len(seen) == number
    engine.dispose()
    another.dispose()


def test_it_stays_while_nothing_is_committed(sqlite_url):
    engine = make_engine(sqlite_url)
    before = data_version(engine)
    with open_session(engine, write=True) as session:
        begin_edition(session)
    with open_session(engine) as session:
        session.execute(sa.text("SELECT count(*) FROM school"))
    assert data_version(engine) == before
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://localhost/nowhere"])
def test_none_is_told_where_there_is_none(url):
    assert data_version(make_engine(url)) is None
