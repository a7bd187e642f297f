"""The intake's commands in one process: what they print, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest

from data_model.engine import make_engine, open_session
from intake.command_line import main
from tests.factories import make_world

KEY = "kz-chatgpt-edu"
LONG = "school_code,metric,period,value\n"


@pytest.fixture
def folder(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, with the small country in the database that DATABASE_URL names."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    engine = make_engine(sqlite_url)
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()
    engine.dispose()
    return tmp_path


def file(folder: Path, text: str, name: str = "file.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_check_prints_one_object_a_file_in_order_and_refusals_among_them(folder, capsys):
    good = file(folder, LONG + "001024,teachers_active,2026-09,5\n", "good.csv")
    bad = file(folder, LONG + "001024,teachers_active,2026-09,x\n", "Ошибка.csv")
    assert main(["check", good, str(folder / "gone.csv"), bad, str(folder), "--initiative", KEY, "--json"]) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one.get("verdict") or one["error"] for one in said] == [
        "acceptable", "file_missing", "rejected", "file_unreadable",
    ]  # fmt: skip
    assert said[2]["file"]["name"] == "Ошибка.csv"
    assert main(["check", good, "--initiative", KEY, "--json"]) == 0


def test_check_without_json_speaks_to_a_person(folder, capsys):
    bad = file(folder, "Отчёт\n" + LONG + "001024,teachers_active,2026-09,x\n")
    assert main(["check", bad, "--initiative", KEY]) == 1
    said = capsys.readouterr().out
    assert "row 3, value: “x” is not a number." in said and "1 errors" in said and "Rejected" in said


def test_a_mapping_and_a_period_are_taken(folder, capsys):
    mapping = file(folder, json.dumps({"Мектеп №": "school_code", "жұмыс істейді": "teachers_active"}), "mapping.json")
    text = file(folder, "Мектеп №;жұмыс істейді\n001024;5\n")
    words = ["check", text, "--initiative", KEY, "--mapping", mapping, "--period", "2026-09", "--json"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert [column["how"] for column in said["columns"]] == ["mapping", "mapping"]
    assert said["changes"][0]["period"] == "2026-09"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--initiative", "nowhere"], "unknown_initiative"),
        (["--initiative", KEY, "--mapping", "gone"], "mapping_unreadable"),
    ],
)
def test_what_is_wrong_for_every_file_is_refused_once(folder, capsys, words, code):
    text = file(folder, LONG)
    assert main(["check", text, text, *words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == code


@pytest.mark.parametrize(
    "words",
    [[], ["check"], ["check", "x"], ["check", "x", "--initiative", KEY, "--period", "2026-13"], ["undo", "1"],
     ["accept", "one", "--by", "a@b.kz", "--fingerprint", "f"], ["template", "--initiative", KEY, "--layout", "round"]],
)  # fmt: skip
def test_wrong_words_are_a_usage_error(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2 and capsys.readouterr().out == ""


def test_a_file_goes_in_and_out_again(folder, capsys):
    def said(*words: str, status: int = 0) -> dict[str, Any]:
        assert main([*words, "--json"]) == status
        return json.loads(capsys.readouterr().out)

    text = file(folder, LONG + "001024,teachers_active,2026-09,5\n")
    given = ["submit", text, "--initiative", KEY, "--note", "first"]
    assert said(*given, "--by", "nobody@example.org", status=1)["error"] == "unknown_account"
    submitted = said(*given, "--by", "manager@example.org")
    assert list(submitted) == ["submission", "fingerprint", "state", "check"] and submitted["state"] == "waiting"
    number, fingerprint = str(submitted["submission"]), str(submitted["fingerprint"])
    assert submitted["check"]["fingerprint"] == fingerprint
    rejected = said("reject", number, "--by", "reviewer@example.org", "--reason", "wrong month")
    assert rejected == {"submission": 1, "state": "rejected"}
    number = str(said(*given, "--by", "manager@example.org")["submission"])
    decide = ["accept", number, "--by", "reviewer@example.org", "--fingerprint"]
    assert said(*decide, "0" * 64, status=1)["error"] == "stale_fingerprint"
    assert said(*decide, fingerprint)["state"] == "accepted"
    asked = ["history", "--initiative", KEY, "--school", "001024", "--metric", "teachers_active", "--period", "2026-09"]
    assert [entry["value"] for entry in said(*asked)["observations"]] == [5]
    undone = said("undo", number, "--by", "reviewer@example.org", "--reason", "wrong file")
    assert undone == {"submission": 2, "reversed": 1, "kept": []}


def test_a_faulty_file_is_not_stored_and_says_why(folder, capsys):
    text = file(folder, LONG + "001024,teachers_active,2026-09,x\n")
    assert main(["submit", text, "--initiative", KEY, "--by", "manager@example.org", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "not_acceptable" and said["check"]["findings"][0]["row"] == 2
    assert main(["accept", "1", "--by", "reviewer@example.org", "--fingerprint", "x"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "unknown_submission"


def test_template_writes_a_file(folder, capsys):
    target = folder / "template.csv"
    assert main(["template", "--initiative", KEY, "--period", "2026-09", "-o", str(target)]) == 0
    assert target.read_text(encoding="utf-8").startswith("school_code,school_name,period,licences_allocated")
    assert main(["template", "--initiative", KEY, "-o", str(folder / "no" / "where.csv")]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "file_unwritable"


def test_findings_prints_the_catalogue(capsys):
    assert main(["findings"]) == 0
    assert "| `unknown_school` | error |" in capsys.readouterr().out


def test_periods_are_listed_locked_unlocked_and_due_on_another_day(folder, capsys):
    def run(*words: str) -> tuple[int, Any]:
        status = main([words[0], "--initiative", KEY, *words[1:], "--json"])
        return status, json.loads(capsys.readouterr().out)

    def listed(key: str) -> Any:
        return next(one for one in run("periods")[1]["periods"] if one["period"] == key)

    of = ("--period", "2026-09", "--by", "reviewer@example.org", "--reason")
    assert run("lock", *of, "Final.") == (0, {"period": "2026-09", "state": "locked"})
    held = listed("2026-09")
    assert (held["state"], held["reason"], held["automatic"], held["due_on"]) == (
        "locked", "Final.", False, "2026-10-10",
    )  # fmt: skip
    assert [run("lock", *of, "Again.")[1]["error"], run("unlock", *of, " ")[1]["error"]] == [
        "already_locked", "no_reason",
    ]  # fmt: skip
    assert run("due", "--on", "2026-10-20", *of, "A feast.")[1]["error"] == "period_locked"
    assert run("unlock", *of, "Late.") == (0, {"period": "2026-09", "state": "open"})
    answer = {"period": "2026-09", "due_on": "2026-10-20", "before": "2026-10-10"}
    assert run("due", "--on", "2026-10-20", *of, "A feast.") == (0, answer)
    assert (listed("2026-09")["due_on"], listed("2026-08")["state"]) == ("2026-10-20", "open")
    assert run("lock", "--period", "2026-09", "--by", "manager@example.org", "--reason", "No.")[0] == 1
    with pytest.raises(SystemExit) as usage:
        main(["due", "--initiative", KEY, "--on", "soon", *of, "A feast."])
    assert usage.value.code == 2
