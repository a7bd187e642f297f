"""The browser is found, or installed where nothing may be left out. A made-up machine stands in for the real one."""

import os
import shutil
from pathlib import Path

import pytest

from tests import chromium

INSTALLS = '#!/bin/sh\ncase "$*" in *install*) touch "{bin}/chromium"; chmod +x "{bin}/chromium";; esac\n'
FAILS = "#!/bin/sh\nexit 100\n"


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Path:
    """A machine without a browser; its programs are in the folder returned."""
    for program in ("env", "sh", "touch", "chmod"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return tmp_path


def put(machine: Path, program: str, text: str = "#!/bin/sh\n") -> None:
    (machine / program).write_text(text.replace("{bin}", str(machine)), encoding="utf-8")
    (machine / program).chmod(0o755)


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_is_found_under_each_of_its_names(machine, name):
    assert chromium.find() is None
    put(machine, name)
    assert chromium.find() == str(machine / name)


def test_outside_continuous_integration_nothing_is_installed(machine, monkeypatch, capsys):
    monkeypatch.setenv("CI", "false")
    put(machine, "apt-get", INSTALLS)
    assert chromium.main() == 0
    assert chromium.find() is None
    assert "browser tests will be skipped" in capsys.readouterr().out


def test_in_continuous_integration_the_browser_is_installed(machine, monkeypatch):
    monkeypatch.setenv("CI", "true")
    put(machine, "apt-get", INSTALLS)
    assert chromium.main() == 0
    assert chromium.find() == str(machine / "chromium")


@pytest.mark.parametrize("apt_get", [FAILS, None])
def test_in_continuous_integration_a_browser_that_cannot_be_installed_is_an_error(
    machine, monkeypatch, apt_get, capsys
):
    monkeypatch.setenv("CI", "true")
    if apt_get:
        put(machine, "apt-get", apt_get)
    assert chromium.main() == 1
    assert "could not be installed" in capsys.readouterr().err
