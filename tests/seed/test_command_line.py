"""`python -m seed` and what a fresh server starts with."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from data_model.engine import make_engine, open_session
from data_model.periods import Period
from data_model.places import School
from data_model.registry import Claim
from data_model.submissions import Submission
from seed import start
from seed.__main__ import main
from seed.demo import Options
from seed.start import default_options, seed_when_empty
from tests.seed.conftest import NOW


@pytest.fixture
def address(sqlite_url, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    return sqlite_url


def count(address: str, table: type) -> int:
    engine = make_engine(address)
    with open_session(engine) as session:
        found = len(session.exec(select(table)).all())
    engine.dispose()
    return found


def test_registry_prints_what_it_did(address, capsys):
    assert main(["registry", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["claim"] == {"added": count(address, Claim)}
    assert main(["registry"]) == 0
    assert f"{told['claim']['added']} unchanged" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["demo", "--schools", "none"], ["demo", "--schools", "0"], ["demo", "--schools", "2000001"],
        ["demo", "--until", "2026-Q3"], ["demo", "--until", "soon"], ["nothing"], [],
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_2(address, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["demo", "--until", "2099-01"], "month_not_over"),
        (["demo", "--country", "XX"], "no_initiative"),
    ],
)
def test_a_refusal_is_told_as_json_and_ends_with_1(address, capsys, words, code):
    assert main(words) == 1
    assert json.loads(capsys.readouterr().out)["error"] == code


def test_a_demonstration_is_refused_while_there_is_one(address, capsys):
    words = ["demo", "--schools", "3", "--months", "1", "--until", "2026-09"]
    assert main(words) == 0
    capsys.readouterr()
    assert main(words) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["error"] == "demonstration_exists" and "python -m seed reset" in told["message"]


def test_by_default_it_ends_with_the_last_month_that_is_over_in_the_country(session):
    assert default_options(session, NOW).until.key == "2026-10"
    assert (default_options(session, NOW).schools, default_options(session, NOW).months) == (1_200, 24)


def test_a_fresh_server_gets_registry_and_demonstration_once(address, monkeypatch):
    small = Options(until=Period.parse("2026-10"), schools=4, months=1)
    monkeypatch.setattr(start, "default_options", lambda session, at: small)
    engine = make_engine(address)
    said: list[str] = []
    lines = seed_when_empty(engine, say=said.append, now=NOW)
    assert lines and sum("@demo.example" in line for line in lines) == 4 and said
    assert seed_when_empty(engine, say=said.append, now=NOW + timedelta(days=1)) is None
    engine.dispose()
    assert count(address, School) == 4 and count(address, Submission) > 0


def test_a_fresh_server_can_do_without_the_demonstration(address, monkeypatch):
    monkeypatch.setenv("UPTAKE_DEMO", "0")
    engine = make_engine(address)
    assert seed_when_empty(engine, say=lambda _line: None, now=NOW) == []
    engine.dispose()
    assert count(address, School) == 0 and count(address, Claim) > 100


def test_a_server_that_stops_while_it_is_filled_starts_from_nothing(address, monkeypatch):
    def stop(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "make_demonstration", stop)
    engine = make_engine(address)
    with pytest.raises(KeyboardInterrupt):
        seed_when_empty(engine, say=lambda _line: None, now=NOW)
    engine.dispose()
    assert count(address, Claim) == 0
