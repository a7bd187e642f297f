"""Where drafts and jobs lie, and how their files are written: whole or not at all, for their owner's eyes alone."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url

SETTING = "UPTAKE_STAGING"
DEFAULT_FOLDER = Path("data") / "staging"
PRIVATE = 0o700


def staging_folder(url: URL | str) -> Path:
    """Return the folder of the instance whose database is at `url`: `UPTAKE_STAGING`, or beside a SQLite file."""
    named = os.environ.get(SETTING, "").strip()
    if named:
        return Path(named).absolute()
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        return Path(f"{address.database}-staging").absolute()
    return DEFAULT_FOLDER.absolute()


def private_folder(path: Path) -> Path:
    """Return the folder, made where there is none, with what leads to it; nobody else may look into what is made."""
    if not path.parent.exists():
        private_folder(path.parent)
    path.mkdir(mode=PRIVATE, exist_ok=True)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever reads it sees all of the old or all of the new content."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def write_json(path: Path, said: Mapping[str, Any]) -> None:
    """Write a small file of facts, whole."""
    write_whole(path, json.dumps(said, ensure_ascii=False).encode())


def read_json(path: Path) -> dict[str, Any] | None:
    """Return what `write_json` wrote, None where there is no such file."""
    try:
        said = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def remove(path: Path) -> None:
    """Remove a folder with all that is in it; one that somebody else removes at the same time is gone all the same."""
    shutil.rmtree(path, ignore_errors=True)
