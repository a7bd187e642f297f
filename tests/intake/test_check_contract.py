"""`python -m intake check` as a script meets it: exit status, one JSON object a line, keys and types, nothing else."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlmodel import select

from data_model.engine import make_engine, open_session
from data_model.submissions import Submission
from intake.command_line import main
from tests.factories import make_world

KEY = "kz-chatgpt-edu"
HEADER = "school_code,metric,period,value\n"
GOOD = (
    HEADER + "001024,teachers_active,2025-09,1\n001025,training_hours,2025-09,1.5\n002017,teachers_active,2025-09,n/a\n"
)
BAD = HEADER + "001024,teachers_active,2025-09,-1\n"
REFUSAL = {"error", "message"}
TYPES: dict[str, dict[str, tuple[type, ...]]] = {
    "file": {
        "name": (str,), "sha256": (str,), "bytes": (int,), "encoding": (str, type(None)), "delimiter": (str,
        type(None)),
        "decimal_mark": (str, type(None)), "header_row": (int, type(None)), "layout": (str, type(None)),
        "sheet": (str, type(None)),
    },
    "rows": dict.fromkeys(("read", "blank", "accepted", "rejected"), (int,)),
    "values": dict.fromkeys(("new", "changed", "unchanged", "blank", "not_applicable"), (int,)),
    "findings_total": dict.fromkeys(("error", "warning"), (int,)),
}  # fmt: skip
KEYS = {
    "file", "columns", "ignored_columns", "rows", "values", "findings", "findings_total", "changes", "fingerprint",
    "verdict",
}  # fmt: skip


class Answer(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    errors: str

    @property
    def lines(self) -> list[Any]:
        """The JSON documents, one a line; anything else on standard output fails."""
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("commands") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        make_world(session)
        session.commit()
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Return a function that runs the command in this process."""
    monkeypatch.setenv("DATABASE_URL", database)

    def command(*words: object) -> Answer:
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        out, errors = capfd.readouterr()
        return Answer(status, out, errors)

    return command


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file."""

    def write(content: str | bytes, name: str = "report.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_a_check_has_the_designs_keys_and_types_and_nothing_else(run, file):
    for content in (GOOD, BAD, "", "x", HEADER, b"\0\1", "школа;период\n1;2\n"):
        answer = run("check", file(content), "--initiative", KEY, "--json")
        (check,) = answer.lines
        assert set(check) == KEYS
        for part, types in TYPES.items():
            assert set(check[part]) == set(types)
            for name, allowed in types.items():
                assert type(check[part][name]) in allowed, (part, name, check[part][name])
        assert check["verdict"] == ("rejected" if check["findings_total"]["error"] else "acceptable")
        assert answer.status == (0 if check["verdict"] == "acceptable" else 1)
        assert isinstance(check["fingerprint"], str) and isinstance(check["ignored_columns"], list)
        counted = [finding["severity"] for finding in check["findings"]]
        assert {kind: counted.count(kind) for kind in ("error", "warning")} == check["findings_total"]
        for finding in check["findings"]:
            assert set(finding) == {"code", "severity", "row", "column", "value", "message"}
            assert finding["row"] is None or finding["row"] >= 1
            assert all(finding[name] is None or isinstance(finding[name], str) for name in ("column", "value"))


def test_columns_changes_and_values_are_said_as_the_design_says_them(run, file):
    (check,) = run("check", file(GOOD), "--initiative", KEY, "--json").lines
    assert check["file"]["name"] == "report.csv" and check["file"]["bytes"] == len(GOOD)
    assert check["columns"][0] == {"name": "school_code", "role": "school_code", "how": "exact"}
    assert check["changes"] == [
        {"school": "001024", "metric": "teachers_active", "period": "2025-09", "old": None, "new": 1, "row": 2},
        {"school": "001025", "metric": "training_hours", "period": "2025-09", "old": None, "new": 1.5, "row": 3},
        {
            "school": "002017", "metric": "teachers_active", "period": "2025-09", "old": None, "new": None, "row": 4,
            "state": "not_applicable",
        },
    ]  # fmt: skip
    assert check["values"] == {"new": 2, "changed": 0, "unchanged": 0, "blank": 0, "not_applicable": 1}
    assert check["rows"] == {"read": 3, "blank": 0, "accepted": 3, "rejected": 0}
    wide = file("Код школы;Период;Активных учителей;Заметка\n1024;09.2025;5;x\n".encode("windows-1251"))
    (check,) = run("check", wide, "--initiative", KEY, "--json").lines
    assert [column["how"] for column in check["columns"]] == ["alias", "alias", "alias"]
    assert check["columns"][2] == {"name": "Активных учителей", "metric": "teachers_active", "how": "alias"}
    assert check["ignored_columns"] == ["Заметка"]
    assert [(found["code"], found["row"]) for found in check["findings"]] == [
        ("ignored_column", None), ("school_code_repaired", 2),
    ]  # fmt: skip


def test_several_files_are_answered_in_order_and_one_rejected_rejects_all(run, file, tmp_path):
    good, bad, empty = file(GOOD, "a.csv"), file(BAD, "b.csv"), file("", "c.csv")
    missing, folder = tmp_path / "none.csv", tmp_path
    answer = run("check", good, bad, missing, empty, folder, good, "--initiative", KEY, "--json")
    assert answer.status == 1
    said = [line.get("verdict") or line["error"] for line in answer.lines]
    assert said == ["acceptable", "rejected", "file_missing", "rejected", "file_unreadable", "acceptable"]
    assert set(answer.lines[2]) == REFUSAL
    assert run("check", good, good, "--initiative", KEY, "--json").status == 0


def test_refusals_are_json_and_exit_with_1(run, file, tmp_path):
    good = file(GOOD)
    mapping = file('{"x": "no such metric"}', "mapping.json")
    for words in (
        ("check", good, "--initiative", "xx-none"),
        ("check", good, "--initiative", KEY, "--mapping", tmp_path / "none.json"),
        ("check", good, "--initiative", KEY, "--mapping", good),
        ("check", good, "--initiative", KEY, "--mapping", mapping),
        ("submit", good, "--initiative", KEY, "--by", "nobody@example.org"),
        ("submit", good, "--initiative", KEY, "--by", "analyst@example.org"),
        ("submit", tmp_path / "none.csv", "--initiative", KEY, "--by", "manager@example.org"),
        ("accept", "999", "--by", "reviewer@example.org", "--fingerprint", "0"),
        ("reject", "999", "--by", "reviewer@example.org", "--reason", "x"),
        ("undo", "999", "--by", "reviewer@example.org", "--reason", "x"),
        ("accept", "0", "--by", "nobody@example.org", "--fingerprint", "0"),
        ("history", "--initiative", KEY, "--school", "999999", "--metric", "teachers_active", "--period", "2025-09"),
        ("history", "--initiative", KEY, "--school", "001024", "--metric", "none", "--period", "2025-09"),
    ):
        answer = run(*words, "--json")
        assert answer.status == 1, words
        (refusal,) = answer.lines
        assert set(refusal) == REFUSAL and refusal["error"] and refusal["message"], words


def test_wrong_usage_exits_with_2_and_says_nothing_on_standard_output(run, file):
    good = file(GOOD)
    for words in (
        (), ("unknown",), ("check",), ("check", good), ("check", "--initiative", KEY), ("submit", good,
        "--initiative", KEY),
        ("check", good, "--initiative", KEY, "--period", "September"), ("check", good, "--initiative", KEY,
        "--period", "2026-13"),
        ("check", good, "--initiative", KEY, "--period", "2026-9"), ("accept", "x", "--by", "a@b.cc", "--fingerprint",
        "0"),
        ("undo", "1", "--by", "a@b.cc"), ("check", good, "--initiative", KEY, "--nonsense"),
    ):  # fmt: skip
        answer = run(*words)
        assert (answer.status, answer.out) == (2, ""), words
        assert answer.errors


def test_a_rejected_file_is_not_stored_and_its_check_goes_along(run, file, database):
    answer = run("submit", file(BAD), "--initiative", KEY, "--by", "manager@example.org", "--json")
    assert answer.status == 1
    (refusal,) = answer.lines
    assert refusal["error"] == "not_acceptable" and refusal["check"]["verdict"] == "rejected"
    engine = make_engine(database)
    with open_session(engine) as session:
        assert session.exec(select(Submission)).all() == []
    engine.dispose()


def test_a_check_stores_nothing_and_gives_the_same_answer_again(run, file):
    first = run("check", file(GOOD), "--initiative", KEY, "--json")
    again = run("check", file(GOOD), "--initiative", KEY, "--json")
    assert first.out == again.out
    (given,) = run(
        "check", file(GOOD.replace(",2025-09", ","), "b.csv"), "--initiative", KEY, "--json", "--period", "2025-09"
    ).lines
    assert given["verdict"] == "acceptable" and given["fingerprint"] != first.lines[0]["fingerprint"]


def test_file_names_of_any_bytes_are_said(run, tmp_path):
    for name in ("отчёт №5 «копия».csv", "a b.csv", "{0}.csv", "=1+1.csv", "x\ny.csv", os.fsdecode(b"\xff\xfe.csv")):
        path = tmp_path / name
        path.write_text(GOOD)
        answer = run("check", path, "--initiative", KEY, "--json")
        assert answer.status == 0
        assert answer.lines[0]["file"]["name"] == name


@pytest.fixture
def empty_environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    yield {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}


def test_a_new_database_is_migrated_and_standard_output_holds_only_json(empty_environment, file):
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "intake", "check", str(file(GOOD)), "--initiative", "нет", "--json"],
        cwd=root, env=empty_environment, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert set(json.loads(done.stdout)) == REFUSAL
