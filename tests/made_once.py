"""What many tests of a file begin with is made in the database once, and given to each of them as a copy."""

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import Engine

Made = TypeVar("Made")

# What was made on a file and what the file then held, by what was made and what the file held before.
_made: dict[tuple[str, bytes], tuple[bytes, bytes]] = {}


def made_once(engine: Engine, name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` makes and commits in the database. What it did on a SQLite file that held the very same is not
    done again: the file then holds what it held afterwards.
    """
    if engine.dialect.name != "sqlite":
        return make()
    engine.dispose()  # who leaves last writes the log into the file
    path = Path(str(engine.url.database))
    if path.with_name(f"{path.name}-wal").exists():
        return make()
    key = (name, hashlib.sha256(path.read_bytes()).digest())
    if key not in _made:
        made = make()
        engine.dispose()
        _made[key] = (path.read_bytes(), pickle.dumps(made))
        return made
    held, pickled = _made[key]
    path.write_bytes(held)
    given: Made = pickle.loads(pickled)
    return given
