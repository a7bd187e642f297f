"""The table of weaknesses in docs/security.md is held to the tests it names; what no other file tests stands here."""

import ast
import re
import tomllib
from pathlib import Path
from urllib.parse import urlencode

import pytest

from access.web import sign_in
from access.web.headers import FAILED
from data_model.engine import make_engine
from tests.access.web.asgi import Client, whole_application

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("access", "analytics", "charts", "intake", "publishing", "ui", "pages")
# Whatever writes CSV. Each keeps a spreadsheet from running what it writes, and its own tests say so; those of the
# user export and of withdrawals write our own codes and counts alone; what is read of a register fills a form.
WRITERS = {
    "access/administration/register_file.py", "intake/register_reading.py", "intake/template.py",
    "intake/user_export/table.py", "intake/withdraw.py", "publishing/export.py", "ui/downloads.py",
}  # fmt: skip


def test_every_weakness_in_the_guide_is_defended_by_a_test_that_exists():
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.*tests/.*) \|$", (ROOT / "docs" / "security.md").read_text(), re.M)
    assert len(rows) > 20
    for weakness, _defence, tests in rows:
        for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", tests):
            defined = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")}
            assert not name or name in defined, f"{weakness}: {path} has no {name}"


def test_every_writer_of_csv_is_known():
    writing = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|\.to_csv\(|write_csv", path.read_text(encoding="utf-8"))
    }
    assert writing == WRITERS


def test_a_visitor_is_told_nothing_of_an_error_on_a_page():
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["client"]
    assert (told["showErrorDetails"], told["showErrorLinks"], told["toolbarMode"]) == ("none", False, "minimal")


def test_a_visitor_is_told_nothing_of_an_error_behind_a_route(tmp_path, monkeypatch):
    application = whole_application(make_engine(f"sqlite:///{tmp_path / 'empty.db'}"))
    client = Client(application)
    form = urlencode({"username": "anna@example.org", "password": "correct horse battery"}).encode()
    monkeypatch.setattr(sign_in.accounts, "try_password", _broken)
    with pytest.raises(ZeroDivisionError):  # it goes on to the log
        client.post("/account/login", form)
    said = b"".join(message.get("body", b"") for message in client.heard)
    assert client.heard[0]["status"] == 500 and said == FAILED.encode()
    assert (b"x-content-type-options", b"nosniff") in client.heard[0]["headers"]


def _broken(*_given):
    raise ZeroDivisionError("the password is swordfish")
