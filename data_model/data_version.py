"""Whether anything at all was written to the database since one looked last, told without a question to a table.

SQLite counts the changes that others commit (https://sqlite.org/pragma.html#pragma_data_version): one look costs a
fiftieth of the cheapest query through the session. PostgreSQL has no such count.
"""

import sqlite3
from threading import Lock

from sqlalchemy.engine import Engine

# A process looks at one database; only tests have more of them.
KEPT_OPEN = 4
_looking: dict[str, sqlite3.Connection] = {}
_lock = Lock()


def data_version(engine: Engine) -> int | None:
    """Return a number that is another one after every commit to the database, whoever made it; None where none tells.

    Two equal numbers of one process: nothing was committed between them.
    """
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:" or engine.url.query:
        return None
    with _lock:  # the count is the connection's own: it is always the same one that looks
        connection = _looking.get(path) or _look_at(path)
        return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _look_at(path: str) -> sqlite3.Connection:
    while len(_looking) >= KEPT_OPEN:
        _looking.pop(next(iter(_looking))).close()
    _looking[path] = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    return _looking[path]
