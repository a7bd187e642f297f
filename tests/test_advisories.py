"""The dependency audit: a known weakness fails, what could not be asked is said and never passes for audited."""

import json
import subprocess

import pytest

from tests import advisories

PINS = ["streamlit==1.67.0", "starlette==1.0.0", "uvicorn==0.54.0"]
SOUND = {"name": "streamlit", "version": "1.67.0", "vulns": []}
WEAK = {"name": "starlette", "version": "1.0.0", "vulns": [{"id": "PYSEC-2026-161", "fix_versions": ["1.0.1"]}]}
UNKNOWN = {"name": "uvicorn", "skip_reason": "Dependency not found on PyPI and could not be audited: uvicorn (0.54.0)"}


def audited(monkeypatch, answer):
    def run(_command, **_given):
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess([], 0, stdout=answer, stderr="")

    monkeypatch.setattr(advisories, "PARTS", 1)
    monkeypatch.setattr(advisories.subprocess, "run", run)
    found = advisories.audit(PINS)
    return found.status, found.lines()


def test_a_known_weakness_fails_with_the_version_that_mends_it(monkeypatch):
    status, said = audited(monkeypatch, json.dumps({"dependencies": [SOUND, WEAK]}))
    assert (status, said) == (1, ["known weakness: starlette 1.0.0: PYSEC-2026-161, mended in 1.0.1"])


def test_what_the_index_does_not_know_is_not_audited(monkeypatch):
    status, said = audited(monkeypatch, json.dumps({"dependencies": [SOUND, UNKNOWN]}))
    assert status == 0
    assert said == [
        "not audited: uvicorn: the index knows no advisories of it",
        "audited: 1 packages, no known weakness in them",
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (subprocess.TimeoutExpired([], 10), "no answer within 10 seconds"),
        ("", "the advisory database cannot be reached"),
        ("Traceback (most recent call last):", "the advisory database cannot be reached"),
    ],
)
def test_no_answer_is_no_pass(monkeypatch, answer, reason):
    assert audited(monkeypatch, answer) == (0, [f"not audited: streamlit, starlette, uvicorn: {reason}"])


def test_everything_that_is_pinned_is_asked_about():
    lines = advisories.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    assert len(advisories.pinned(lines)) > 60 and all("==" in pin for pin in advisories.pinned(lines))
