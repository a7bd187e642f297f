"""A vendor's export of users on its way in: its people are counted as they come, in memory, and forgotten."""

import io
import zipfile
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from intake.findings import message
from intake.refusal import Refused
from intake.sources import MOST_CSV_BYTES
from intake.staging import people
from intake.user_export.columns import ENOUGH, TELLING
from intake.user_export.counting import CountedExport, ExportCounter, count_users
from intake.workbook import MOST_UNCOMPRESSED, ZIP_DAMAGED, WorkbookUnreadable


async def receive_user_export(head: bytes, pieces: AsyncIterator[bytes]) -> CountedExport:
    """Count the users of an export that begins with `head`, of which nothing may reach the disk.

    Raises Refused: `personal_data` when it is no export that can be counted, `file_too_large`.
    """
    counter, size = ExportCounter(), 0
    piece: bytes | None = head
    while piece is not None:
        size += len(piece)
        if size > MOST_CSV_BYTES:
            raise Refused("file_too_large", message("file_too_large", "", "", {"limit": "200 MB"}))
        await run_in_threadpool(counter.feed, piece)
        piece = await anext(pieces, None)
    counted = await run_in_threadpool(counter.finish)
    if counted is None:
        raise Refused("personal_data", message("personal_data", "", "", {}))
    return counted


def counted_workbook(content: bytes) -> CountedExport | None:
    """Return what a workbook counts that is an export of users; None when it is none."""
    try:
        return count_users(content) if _names_its_columns(content) else None
    except WorkbookUnreadable:
        return None  # said when it is checked


def _names_its_columns(content: bytes) -> bool:
    """Whether enough of an export's columns are named anywhere in a workbook: much sooner known than by reading it."""
    wanted = {name.encode() for name in TELLING}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if people.TEXT_PARTS.fullmatch(part.filename)]
            if sum(part.file_size for part in parts) > MOST_UNCOMPRESSED:
                return False  # refused when it is checked
            for part in parts:
                with archive.open(part) as unpacked:
                    rest = b""
                    while piece := unpacked.read(people.PIECE):
                        text = (rest + piece).lower().replace(b"_", b" ")
                        wanted = {name for name in wanted if name not in text}
                        if len(TELLING) - len(wanted) >= ENOUGH:
                            return True
                        rest = piece[-people.OVERLAP :]
    except ZIP_DAMAGED:
        return False
    return False
