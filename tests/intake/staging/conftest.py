"""What tests of staging share: the small country on SQLite, a folder, and drafts of its manager."""

import shutil

import pytest

from data_model.engine import make_engine, open_session
from intake.staging import drafts
from tests.factories import START, make_world

INITIATIVE = "kz-chatgpt-edu"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "staging"


@pytest.fixture(scope="module")
def country_file(sqlite_template, tmp_path_factory):
    """A SQLite file with the small country, to copy."""
    path = tmp_path_factory.mktemp("country") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()
    engine.dispose()  # its write-ahead log goes into the file
    return path


@pytest.fixture
def engine(country_file, tmp_path, monkeypatch):
    """An engine on a country of the test's own, which is also the one `DATABASE_URL` names."""
    path = tmp_path / "uptake.db"
    shutil.copyfile(country_file, path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    opened = make_engine(f"sqlite:///{path}")
    yield opened
    opened.dispose()


@pytest.fixture
def bring(folder):
    """Return a function that makes a draft of a text."""

    def bring(text, *, account_id=2, at=START, **given):
        content = text.encode() if isinstance(text, str) else text
        return drafts.create(
            folder, content, account_id=account_id, initiative=INITIATIVE, at=at, **{"file_name": "october.csv"} | given
        )

    return bring


def kept(folder):
    """Return everything that the folder's files hold, in one piece."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
