import json
from datetime import timedelta

import pytest

from analytics.__main__ import main
from data_model.engine import make_engine, open_session
from tests.analytics.reports import Reports

FIGURE = ["figure", "--initiative", "kz-chatgpt-edu", "--period", "2026-10", "--measure"]


@pytest.fixture
def reports(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    with open_session(make_engine(sqlite_url), write=True) as session:
        made = Reports(session)
        made.report("2026-10", {"001024": {"teachers_active": 12}, "020311": {"teachers_active": 3}})
        session.commit()
        yield made


def ask(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    return main([*FIGURE, *words]), capsys.readouterr().out


def test_json_and_nothing_else_stands_on_standard_output(reports: Reports, capsys: pytest.CaptureFixture[str]):
    status, printed = ask(capsys, "teachers_active", "--json")
    answer = json.loads(printed)
    assert (status, answer["value"], answer["schools_expected"]) == (0, 15, 6)
    assert set(answer) == {
        "value", "numerator", "denominator", "schools_reporting", "schools_expected", "as_of", "demonstration",
        "submissions",
    }  # fmt: skip


def test_an_area_and_a_moment_narrow_the_question(reports: Reports, capsys: pytest.CaptureFixture[str]):
    assert json.loads(ask(capsys, "teachers_active", "--area", "KZ-75", "--json")[1])["value"] == 12
    before = (reports.at - timedelta(minutes=1)).isoformat()
    answer = json.loads(ask(capsys, "teachers_active", "--as-of", before, "--json")[1])
    assert (answer["value"], answer["state"], answer["schools_expected"]) == (None, "not_reported", 6)
    naive = (reports.at + timedelta(minutes=1)).replace(tzinfo=None).isoformat()  # no offset: UTC
    assert json.loads(ask(capsys, "teachers_active", "--as-of", naive, "--json")[1])["value"] == 15


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["happiness"], "unknown_measure"),
        (["teachers_active", "--area", "XX"], "unknown_area"),
        (["teachers_active", "--released"], "no_release"),
        (["teachers_active", "--initiative", "nowhere"], "unknown_initiative"),
        (["teachers_active", "--period", "2026-Q3"], "period_granularity"),
    ],
)
def test_a_refusal_is_json_and_exit_status_1(
    reports: Reports, capsys: pytest.CaptureFixture[str], words: list[str], code: str
):
    status, printed = ask(capsys, *words)
    answer = json.loads(printed)
    assert (status, answer["error"], set(answer)) == (1, code, {"error", "message"})
    assert answer["message"]


@pytest.mark.parametrize(
    "words", [[], ["teachers_active", "--period", "2026-13"], ["teachers_active", "--as-of", "now"]]
)
def test_wrong_usage_is_exit_status_2(reports: Reports, words: list[str]):
    with pytest.raises(SystemExit) as left:
        main([*FIGURE, *words])
    assert left.value.code == 2


def test_without_json_it_is_told_in_lines(reports: Reports, capsys: pytest.CaptureFixture[str]):
    assert "value: 15" in ask(capsys, "teachers_active")[1].splitlines()
    assert "state: not_reported" in ask(capsys, "messages_sent")[1].splitlines()
