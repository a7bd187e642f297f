"""Drafts: files that a person has brought and not yet submitted, with how they are to be read and what came of it.

A draft is a directory that an unguessable token names. It holds the bytes (`content`), what is known of them
(`draft.json`) and, under the key of what it depends on, the result of its check. Only its owner finds it.
"""

import hashlib
import json
import pickle
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from intake.mended import EMAIL
from intake.options import Options
from intake.staging.code import code_version
from intake.staging.folder import private_folder, read_json, remove, write_json, write_whole
from intake.staging.waiting import EXPORTS
from intake.user_export.counting import CountedExport

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
KEPT = timedelta(days=1)
# A transfer that has not grown for so long has lost its sender.
INCOMING_KEPT = timedelta(hours=2)
LONGEST_NAME = 200
WORKBOOK_UNFOLDS = 5
SHOWN, CHECKED = "shown", "checked"


@dataclass(frozen=True)
class Draft:
    """A file that was brought. `path` is its directory; `options` is what its owner decided about reading it.

    `counted`: it is an export of users, which was counted and not kept; the counts wait in `waiting.EXPORTS`.
    """

    path: Path
    token: str
    account_id: int
    initiative: str
    file_name: str
    size: int
    sha256: str
    received_at: datetime
    options: Options
    counted: bool = False

    @property
    def has_content(self) -> bool:
        """Whether its bytes are there: those of a file with personal data in it are not kept."""
        return (self.path / "content").exists()

    @property
    def weight(self) -> int:
        """How many bytes of text it stands for, roughly: a workbook is packed."""
        if self.counted:
            return 0  # of it, only counts are left to read
        return self.size * (WORKBOOK_UNFOLDS if self.file_name.lower().endswith(".xlsx") else 1)

    def content(self) -> bytes:
        """Return its bytes. Raises FileNotFoundError when they were not kept."""
        return (self.path / "content").read_bytes()

    def drop_content(self) -> None:
        """Remove its bytes and keep what is known of them."""
        (self.path / "content").unlink(missing_ok=True)

    def result_key(self, version: str) -> str:
        """Return the key of a result: of how the file is read, of what is held (`version`), and of the code."""
        said = json.dumps([self.options.as_json(), version, code_version()], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


class Receiving:
    """A file on its way in. It is nobody's draft until `finish`; `abandon` leaves nothing of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.token = secrets.token_urlsafe(32)
        self._path = private_folder(private_folder(folder / "incoming") / self.token)
        self._file = (self._path / "content").open("wb")
        self._sha256 = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._file.write(chunk)
        self._sha256.update(chunk)
        self.size += len(chunk)

    def finish(
        self, *, account_id: int, initiative: str, file_name: str, at: datetime, options: Options | None = None
    ) -> Draft:
        """Make it the draft of this account and return it."""
        self._file.close()
        path = private_folder(self._folder / "drafts") / self.token
        draft = Draft(
            path, self.token, account_id, initiative, _plain_name(file_name), self.size, self._sha256.hexdigest(), at,
            options or Options(),
        )  # fmt: skip
        _write(draft, self._path)
        self._path.rename(path)
        return draft

    def abandon(self) -> None:
        """Remove what has come so far."""
        self._file.close()
        remove(self._path)


def create(
    folder: Path,
    content: bytes,
    *,
    account_id: int,
    initiative: str,
    file_name: str,
    at: datetime,
    options: Options | None = None,
) -> Draft:
    """Make a draft of bytes that are in memory already."""
    receiving = Receiving(folder)
    receiving.write(content)
    return receiving.finish(
        account_id=account_id, initiative=initiative, file_name=file_name, at=at, options=options
    )  # fmt: skip


def create_counted(
    folder: Path, counted: CountedExport, *, account_id: int, initiative: str, file_name: str, at: datetime
) -> Draft:
    """Make a draft of an export of users: what is known of the file is written, what was counted waits in memory."""
    token = secrets.token_urlsafe(32)
    path = private_folder(private_folder(folder / "drafts") / token)
    name = EMAIL.sub("…", _plain_name(file_name))
    draft = Draft(
        path, token, account_id, initiative, name, counted.size, counted.sha256, at, Options(), counted=True
    )  # fmt: skip
    EXPORTS.keep(token, counted)
    _write(draft, path)
    return draft


def find(folder: Path, token: str, account_id: int | None) -> Draft | None:
    """Return the draft of this token, if it is this account's and still there.

    Of a counted export the counts may be gone all the same: see `is_whole`.
    """
    if not TOKEN.fullmatch(token) or account_id is None:
        return None
    draft = _read(folder / "drafts" / token)
    return draft if draft is not None and draft.account_id == account_id else None


def is_whole(draft: Draft) -> bool:
    """Return whether a draft can still be read: a restart loses the counts of an export of users."""
    return not draft.counted or EXPORTS.find(draft.token) is not None


def of_account(folder: Path, account_id: int) -> list[Draft]:
    """Return an account's drafts, oldest first."""
    return sorted(
        (draft for draft in _all(folder) if draft.account_id == account_id), key=lambda draft: draft.received_at
    )


def decide(draft: Draft, options: Options) -> Draft:
    """Return the draft with what its owner decided about reading it. New options: the old result is forgotten."""
    if options == draft.options:
        return draft
    decided = replace(draft, options=options)
    _write(decided, draft.path)
    _forget_results(draft)
    return decided


def keep_result(draft: Draft, key: str, shown: Any, checked: Any = None) -> None:
    """Keep a check's result under its key, in place of an older one: what is shown, and what submitting takes."""
    _forget_results(draft)
    # The order matters: who sees what is shown may submit at once.
    if checked is not None:
        write_whole(draft.path / f"{key}.{CHECKED}", pickle.dumps(checked, protocol=5))
    write_whole(draft.path / f"{key}.{SHOWN}", pickle.dumps(shown, protocol=5))


def has_result(draft: Draft, key: str) -> bool:
    """Return whether a check's result is kept under this key."""
    return (draft.path / f"{key}.{SHOWN}").exists()


def result(draft: Draft, key: str, part: str = SHOWN) -> Any | None:
    """Return what `keep_result` kept (the part shown, or CHECKED), None where there is none."""
    try:
        # Our own folder, which nobody else may write to, and our own processes.
        return pickle.loads((draft.path / f"{key}.{part}").read_bytes())
    except FileNotFoundError:
        return None


def discard(draft: Draft) -> None:
    """Remove a draft and all that came of it."""
    EXPORTS.forget(draft.token)
    remove(draft.path)


def clear(folder: Path, at: datetime) -> int:
    """Remove drafts older than a day, and what is left of transfers that broke off. Returns how many."""
    old = [draft.path for draft in _all(folder) if draft.received_at < at - KEPT]
    broken_off = time.time() - INCOMING_KEPT.total_seconds()
    for path in _directories(folder / "incoming"):
        content = path / "content"
        if (content if content.exists() else path).stat().st_mtime < broken_off:
            old.append(path)
    for path in old:
        remove(path)
    return len(old)


def _forget_results(draft: Draft) -> None:
    for part in (SHOWN, CHECKED):
        for path in draft.path.glob(f"*.{part}"):
            path.unlink(missing_ok=True)


def _all(folder: Path) -> Iterator[Draft]:
    for path in _directories(folder / "drafts"):
        draft = _read(path)
        if draft is not None:
            yield draft


def _directories(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


def _plain_name(file_name: str) -> str:
    """Return a file's name without its folders and without what cannot be seen, not too long."""
    last = re.split(r"[/\\]", file_name)[-1]
    visible = "".join(sign for sign in last if sign.isprintable()).strip()
    return visible[-LONGEST_NAME:] or "file"


def _write(draft: Draft, path: Path) -> None:
    said = {
        "account_id": draft.account_id, "initiative": draft.initiative, "file_name": draft.file_name,
        "size": draft.size, "sha256": draft.sha256, "received_at": draft.received_at.isoformat(),
        "options": draft.options.as_json(), "counted": draft.counted,
    }  # fmt: skip
    write_json(path / "draft.json", said)


def _read(path: Path) -> Draft | None:
    said = read_json(path / "draft.json")
    if said is None:
        return None
    return Draft(
        path=path,
        token=path.name,
        account_id=said["account_id"],
        initiative=said["initiative"],
        file_name=said["file_name"],
        size=said["size"],
        sha256=said["sha256"],
        received_at=datetime.fromisoformat(said["received_at"]),
        options=Options.from_json(said["options"]),
        counted=said.get("counted", False),
    )
