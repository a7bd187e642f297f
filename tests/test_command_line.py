"""The command line as a manager scripts against it: one story, each command a process of its own.

The database is a small demonstration; the figures asked for are worked out here from the files alone.
"""

import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands import Commands

KEY = "kz-chatgpt-edu"
MANAGER, REVIEWER = "anna@example.org", "boris@example.org"
PASSWORD = "correct horse battery"
CHECK_KEYS = {
    "file", "columns", "ignored_columns", "rows", "values", "findings", "findings_total", "changes", "fingerprint",
    "verdict",
}  # fmt: skip


@dataclass
class Answer:
    """What a command gave back."""

    status: int
    text: str
    errors: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.text)


Run = Callable[..., Answer]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Return a function that runs `python -m ...` on a small demonstration with a manager and a reviewer."""
    folder = tmp_path_factory.mktemp("command_line")
    commands = Commands({**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'uptake.db'}"})

    def run(*words: str | Path, given: str = "", status: int | None = 0) -> Answer:
        done = commands.run(*map(str, words), given=given)
        if status is not None:
            assert done.returncode == status, f"{words}: {done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return Answer(done.returncode, done.stdout, done.stderr)

    run("seed", "registry")
    run("seed", "demo", "--schools", "30", "--months", "3", "--until", "2026-09")
    for email, role in ((MANAGER, "manager"), (REVIEWER, "reviewer")):
        run("access", "add-user", email, "--role", role, "--country", "KZ", given=PASSWORD + "\n")
    yield run
    commands.close()


def _filled_template(run: Run, folder: Path, period: str) -> tuple[Path, dict[str, int]]:
    """Return a filled wide template for the period and the active teachers written for each school."""
    template = folder / "template.csv"
    run(
        "intake",
        "template",
        "--initiative",
        KEY,
        "--layout",
        "wide",
        "--format",
        "csv",
        "--period",
        period,
        "-o",
        template,
    )
    rows = list(csv.DictReader(io.StringIO(template.read_text(encoding="utf-8"))))
    active: dict[str, int] = {}
    for number, row in enumerate(rows):
        active[row["school_code"]] = 5 + number
        row.update(
            licences_allocated="200", licences_activated="150", teachers_total="180", teachers_trained=str(60 + number),
            teachers_active=str(5 + number), messages_sent=str(1000 + number),
        )  # fmt: skip
    filled = folder / "filled.csv"
    with filled.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return filled, active


def _figure(run: Run, measure: str, period: str, *more: str) -> Any:
    return run(
        "analytics", "figure", "--initiative", KEY, "--measure", measure, "--period", period, *more, "--json"
    ).json


def test_a_file_goes_in_moves_the_figures_and_comes_out_again(run: Run, tmp_path: Path) -> None:
    period = "2026-10"
    before = _figure(run, "teachers_active", period)
    assert before["value"] is None and before["state"] == "not_reported"
    filled, active = _filled_template(run, tmp_path, period)

    check = run("intake", "check", filled, "--initiative", KEY, "--json").json
    assert set(check) == CHECK_KEYS
    assert check["verdict"] == "acceptable" and check["findings_total"]["error"] == 0
    assert check["rows"] == {"read": 30, "blank": 0, "accepted": 30, "rejected": 0}
    assert check["values"] == {"new": 180, "changed": 0, "unchanged": 0, "blank": 180, "not_applicable": 0}
    assert check["file"]["header_row"] == 1 and check["file"]["layout"] == "wide"
    assert len(check["changes"]) == 180 and check["changes"][0]["old"] is None

    submitted = run("intake", "submit", filled, "--initiative", KEY, "--by", MANAGER, "--json").json
    assert submitted["state"] == "waiting" and submitted["fingerprint"] == check["fingerprint"]
    number, fingerprint = str(submitted["submission"]), submitted["fingerprint"]
    own = run("intake", "accept", number, "--by", MANAGER, "--fingerprint", fingerprint, "--json", status=1)
    assert set(own.json) == {"error", "message"}
    stale = run("intake", "accept", number, "--by", REVIEWER, "--fingerprint", "0" * 64, "--json", status=1)
    assert set(stale.json) == {"error", "message"}
    accepted = run("intake", "accept", number, "--by", REVIEWER, "--fingerprint", fingerprint, "--json").json
    assert accepted == {"submission": submitted["submission"], "state": "accepted"}

    figure = _figure(run, "teachers_active", period)
    assert figure["value"] == sum(active.values())
    assert (figure["schools_reporting"], figure["schools_expected"]) == (30, 30)
    assert figure["demonstration"] is True
    assert [entry["id"] for entry in figure["submissions"]] == [submitted["submission"]]
    assert figure["submissions"][0]["rows"] == list(range(2, 32))
    assert figure["submissions"][0]["sha256"] == check["file"]["sha256"]
    rate = _figure(run, "teacher_activation", period)
    assert (rate["numerator"], rate["denominator"]) == (sum(active.values()), 30 * 180)
    assert rate["value"] == pytest.approx(100 * sum(active.values()) / (30 * 180))

    again = run("intake", "check", filled, "--initiative", KEY, "--json").json
    assert again["values"] == {"new": 0, "changed": 0, "unchanged": 180, "blank": 180, "not_applicable": 0}
    assert again["verdict"] == "acceptable" and again["changes"] == []

    school = min(active)
    words = ("--initiative", KEY, "--school", school, "--metric", "teachers_active", "--period", period, "--json")
    history = run("intake", "history", *words).json["observations"]
    assert [(entry["value"], entry["state"], entry["superseded_at"]) for entry in history] == [
        (active[school], "reported", None)
    ]
    assert (history[0]["uploaded_by"], history[0]["accepted_by"]) == (MANAGER, REVIEWER)
    assert history[0]["submission"] == submitted["submission"] and history[0]["row"] in range(2, 32)

    undone = run("intake", "undo", number, "--by", REVIEWER, "--reason", "wrong month", "--json").json
    assert undone == {"submission": submitted["submission"], "reversed": 180, "kept": []}
    after = _figure(run, "teachers_active", period)
    assert after["value"] is None and after["state"] == "not_reported" and after["schools_expected"] == 30
    asof = _figure(run, "teachers_active", period, "--as-of", history[0]["recorded_at"])
    assert asof["value"] == sum(active.values())


def test_a_faulty_file_is_told_row_by_row_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.csv"
    faulty.write_text(
        "school_code,metric,period,value\n"
        "001024,teachers_active,2026-09,12\n"
        "001025,teachers_active,2026-09,abc\n"
        "999999,teachers_active,2026-09,3\n"
        "002017,teachers_active,2031-01,3\n",
        encoding="utf-8",
    )
    check = run("intake", "check", faulty, "--initiative", KEY, "--json", status=1).json
    assert check["verdict"] == "rejected"
    assert sorted({finding["row"] for finding in check["findings"] if finding["severity"] == "error"}) == [3, 4, 5]
    assert check["rows"] == {"read": 4, "blank": 0, "accepted": 1, "rejected": 3}
    for finding in check["findings"]:
        assert set(finding) == {"code", "severity", "row", "column", "value", "message"} and finding["message"]
    refused = run("intake", "submit", faulty, "--initiative", KEY, "--by", MANAGER, "--json", status=1)
    assert refused.text.strip().startswith("{")


def test_several_files_give_a_line_each_and_usage_errors_exit_with_2(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("school_code,metric,period,value\n001024,teachers_active,2026-09,1\n", encoding="utf-8")
    bad.write_text("school_code,metric,period,value\n001024,teachers_active,2026-09,-1\n", encoding="utf-8")
    both = run("intake", "check", good, bad, "--initiative", KEY, "--json", status=1)
    verdicts = [json.loads(line)["verdict"] for line in both.text.splitlines()]
    assert verdicts == ["acceptable", "rejected"]
    run("intake", "check", "--json", status=2)
    run("intake", "accept", "1", "--json", status=2)
    missing = run("intake", "check", tmp_path / "nothing.csv", "--initiative", KEY, "--json", status=1)
    assert set(missing.json) == {"error", "message"}


def test_a_release_gives_the_public_the_same_figure(run: Run) -> None:
    live = _figure(run, "licence_activation", "2026-09")
    released = run("publishing", "release", "--by", REVIEWER, "--note", "Third quarter", "--json").json
    assert released
    public = _figure(run, "licence_activation", "2026-09", "--released")
    assert public["value"] == live["value"] and public["schools_expected"] == live["schools_expected"]
    assert public["submissions"] == []
