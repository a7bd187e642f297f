"""What keeps the house in order beyond the import contract: pins, rooms, and the rule that nothing is skipped."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONGEST

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("pages", "ui", "seed", "publishing", "charts", "analytics", "intake", "access", "data_model")
EXACT_PIN = re.compile(r"([A-Za-z0-9._-]+)(\[[a-z,]+\])?==(\d[\w.]*)")


def pins(name: str) -> dict[str, str]:
    """Return the pinned versions of a requirements file by normalised package name."""
    found = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and text != "-r requirements.txt":
            pin = EXACT_PIN.fullmatch(text)
            assert pin, f"{name}: not an exact pin: {line}"
            found[re.sub(r"[-_.]+", "-", pin[1]).lower()] = pin[3]
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_as_in_the_constraints(name):
    assert pins(name).items() <= pins("constraints.txt").items()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_says_why_it_is_there(name):
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line]
    assert lines and all("  # " in line for line in lines)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_says_what_it_is_for(room):
    assert ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))


def test_the_catalogues_do_not_shadow_the_standard_library():
    assert not (ROOT / "locale" / "__init__.py").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_stands_where_the_catalogues_do_not_look(room):
    """Babel does not look into f-strings: a text marked there is in no catalogue, and stays English for ever."""
    hidden = [
        f"{path.relative_to(ROOT)}:{string.lineno}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "N_", "ngettext")
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_the_server_leaves_sql_and_charts_to_their_rooms():
    server = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    imported = set()
    for node in ast.walk(server):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert not imported & {"plotly", "sqlalchemy", "sqlmodel", "alembic", "psycopg"}


def test_make_help_names_every_command_of_the_docs():
    listed = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    documented = set(re.findall(r"`make ([a-z]+)`", (ROOT / "docs" / "developing.md").read_text(encoding="utf-8")))
    assert documented == set(re.findall(r"^  make ([a-z]+)", listed, re.MULTILINE))


@pytest.mark.parametrize(
    ("continuous_integration", "workers", "status"), [("true", [], 1), ("true", ["-n", "1"], 1), ("", [], 0)]
)
def test_a_skipped_test_fails_the_run_in_continuous_integration(tmp_path, continuous_integration, workers, status):
    (tmp_path / "test_it.py").write_text(
        "import pytest\ndef test_passes(): pass\n@pytest.mark.skip\ndef test_left_out(): pass\n", encoding="utf-8"
    )
    plugins = ["--disable-plugin-autoload", "-p", "xdist.plugin", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, *workers]
    run = subprocess.run(
        [*command, "--rootdir", tmp_path, "-c", os.devnull, tmp_path / "test_it.py"],
        cwd=ROOT,
        env=os.environ | {"CI": continuous_integration},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout + run.stderr
    assert ("nothing may be skipped" in run.stdout) == bool(status)
    assert "1 passed, 1 skipped" in run.stdout.splitlines()[-1]


def test_the_files_that_start_first_are_there():
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
