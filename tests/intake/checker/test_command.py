"""`python -m intake.checker`: it writes the file, or says why not."""

import json

import pytest

from data_model.engine import make_engine, open_session
from intake.checker.__main__ import main
from tests.factories import make_world

WORDS = ("--initiative", "kz-chatgpt-edu", "--by", "manager@example.org")


@pytest.fixture(autouse=True)
def database(sqlite_url, monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()
    engine.dispose()


def test_it_writes_one_file_in_the_language_asked_for(tmp_path):
    assert main([*WORDS, "-o", str(tmp_path / "checker.html"), "--lang", "kk"]) == 0
    text = (tmp_path / "checker.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and '"language":"kk"' in text


@pytest.mark.parametrize(
    ("words", "code"),
    [(("--initiative", "nowhere", "--by", "manager@example.org"), "unknown_initiative"),
     (("--initiative", "kz-chatgpt-edu", "--by", "analyst@example.org"), "not_allowed"),
     (("--initiative", "kz-chatgpt-edu", "--by", "nobody@example.org"), "unknown_account")],
)  # fmt: skip
def test_a_refusal_is_said_in_json_and_nothing_is_written(tmp_path, capsys, words, code):
    assert main([*words, "-o", str(tmp_path / "checker.html")]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == code
    assert not (tmp_path / "checker.html").exists()


def test_a_file_that_cannot_be_written_is_a_refusal(tmp_path, capsys):
    assert main([*WORDS, "-o", str(tmp_path / "no" / "checker.html")]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "file_unwritable"
