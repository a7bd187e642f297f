"""Whether bytes that come in hold people: looked at in memory, before anything of them reaches the disk."""

import codecs
import csv
import io
import re
import zipfile

from intake.decoding import recognise_encoding
from intake.delimited import DELIMITERS, HEAD
from intake.sources import ZIP
from intake.user_export.columns import is_user_export
from intake.workbook import MOST_UNCOMPRESSED, ZIP_DAMAGED

HEAD_BYTES = 64 * 1024
PIECE = 1 << 20
# Longer than any address. A multiple of four, so that wide signs stay whole.
OVERLAP = 1024
LATIN = "latin-1"
# What `intake.reading` calls an e-mail address, found from its "@" outwards, so that no text makes the search slow.
_ADDRESS = re.compile(r"@(?<=[^\s@<>\"',;:()]@)[^\s@<>\"',;:()]{1,255}\.[^\W\d_]{2,}")
_CELL_ENDS = re.compile(rb"</(?:\w+:)?(?:si|c|is)>")
_TAG = re.compile(rb"<[^>]*>")
TEXT_PARTS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml", re.IGNORECASE)


def is_workbook(head: bytes) -> bool:
    """Return whether a file that begins so is a workbook, whose texts are packed."""
    return head.startswith(ZIP)


def holds_user_export(head: bytes) -> bool:
    """Return whether the first bytes of a text name the columns of a vendor's export of users."""
    text = head.decode(_encoding(head), errors="replace")
    lines = text.removeprefix("\ufeff").splitlines()[:HEAD]
    for delimiter in DELIMITERS:
        try:
            if any(map(is_user_export, csv.reader(lines, delimiter=delimiter))):
                return True
        except csv.Error:
            continue
    return False


class AddressWatch:
    """Looks through a delimited text for an e-mail address while it comes in."""

    def __init__(self, head: bytes) -> None:
        """`head`: how the text begins, by which its encoding is known."""
        self._encoding = _encoding(head)
        self._rest = b""

    def sees_address(self, chunk: bytes) -> bool:
        """Return whether there is an address up to the end of this chunk."""
        window = self._rest + chunk
        start = max(0, len(window) - OVERLAP)
        self._rest = window[start - start % 4 :]
        return b"@" in window and bool(_ADDRESS.search(window.decode(self._encoding, errors="replace")))


def workbook_holds_address(content: bytes) -> bool:
    """Return whether a cell of any sheet of a workbook holds an e-mail address.

    What cannot be unpacked, or unfolds to more than is read, is not looked at here: it is refused when it is checked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if TEXT_PARTS.fullmatch(part.filename)]
            if sum(part.file_size for part in parts) > MOST_UNCOMPRESSED:
                return False
            return any(_part_holds_address(archive, part) for part in parts)
    except ZIP_DAMAGED:
        return False


def _part_holds_address(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    rest = b""
    with archive.open(part) as unpacked:
        while piece := unpacked.read(PIECE):
            window = rest + piece
            rest = window[-OVERLAP:]
            if b"@" in window:
                # A text may be formatted in the middle of an address; two cells are two texts.
                plain = _TAG.sub(b"", _CELL_ENDS.sub(b"\n", window))
                if _ADDRESS.search(plain.decode("utf-8", errors="replace")):
                    return True
    return False


def _encoding(head: bytes) -> str:
    """Return an encoding that shows "@", ASCII letters and delimiters for what they are."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF8, "utf-8"),
    ):
        if head.startswith(mark):
            return encoding
    # The head may end within a sign, which says nothing about the file.
    recognised = recognise_encoding(head[: len(head) - len(head) % 4]).encoding
    if recognised in ("utf-16-le", "utf-16-be"):
        return recognised
    return "utf-8" if _is_utf8(head) else LATIN


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
