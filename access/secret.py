"""The secret that signs cookies: from the environment, or a file beside the database that only its owner can read."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from access import settings

DEFAULT_FOLDER = Path("data")


def signing_secret(url: URL | str) -> bytes:
    """Return the secret for the instance whose database is at `url`: `UPTAKE_SECRET`, or its key file's content.

    The file is made when there is none. Several machines on one PostgreSQL database need `UPTAKE_SECRET`: each would
    make a key file of its own, and not know the others' cookies.
    """
    return settings.given_secret() or _from_file(key_path(url))


def key_path(url: URL | str) -> Path:
    """Return where the key file lies: beside a SQLite file, in `data/` for any other database."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        return Path(address.database).with_suffix(".key").absolute()
    return (DEFAULT_FOLDER / "uptake.key").absolute()


@lru_cache
def _from_file(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Write a new key for its owner's eyes alone. Of two processes that do so at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        os.link(draft, path)
    except FileExistsError:
        # Another process was first: its key is the one that counts.
        pass
    finally:
        draft.unlink()
