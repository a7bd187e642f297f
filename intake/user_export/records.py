"""Delimited text into records as it arrives, chunk by chunk, in memory alone."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from intake.decoding import recognise_encoding
from intake.delimited import DELIMITERS, HEAD
from intake.user_export.columns import is_user_export

HEAD_BYTES = 1 << 18  # enough for titles, the header and the words by which an encoding is known
# A quotation mark that is not closed within so much was left open: the lines after it are records again.
LONGEST_RECORD_LINES, LONGEST_RECORD = 200, 1 << 20

Chunk = tuple[list[list[str]], list[int]]


class Undecodable(Exception):
    """The text holds bytes that are none of its encoding's."""


class Dialect:
    """How an export is written, as its first bytes show: encoding, delimiter, the header and its spreadsheet row."""

    def __init__(self, encoding: str, delimiter: str, header: list[str], header_row: int) -> None:
        self.encoding, self.delimiter, self.header, self.header_row = encoding, delimiter, header, header_row


def export_dialect(head: bytes) -> Dialect | None:
    """Return how the export that begins with these bytes is written; None when no export's header is among them."""
    decoding = recognise_encoding(_whole_lines(head))
    if decoding.encoding is None or decoding.problem is not None:
        return None
    text = codecs.getincrementaldecoder(decoding.encoding)("replace").decode(head)
    text = "".join(islice(io.StringIO(text, newline=""), 4 * HEAD))
    for delimiter in DELIMITERS:
        splitter = RecordSplitter(delimiter)
        records = [record for records, _broken in splitter.feed(text, final=True) for record in records]
        for index, record in enumerate(records[:HEAD]):
            if is_user_export(record):
                return Dialect(decoding.encoding, delimiter, record, index + 1)
    return None


def _whole_lines(head: bytes) -> bytes:
    """Return the bytes up to the last line end, so that no letter is cut in two; in UTF-16 a letter has two bytes."""
    end = head.rfind(b"\n") + 1
    wide = 2 if b"\0" in head[:4000] else 1
    return head[: end + end % wide] if end else head[: len(head) - len(head) % wide]


class RecordStream:
    """Decodes and splits what arrives. A record is one spreadsheet row, also when a quoted cell holds line ends."""

    def __init__(self, dialect: Dialect) -> None:
        self._decoder = codecs.getincrementaldecoder(dialect.encoding)("strict")
        self._splitter = RecordSplitter(dialect.delimiter)

    def feed(self, chunk: bytes, *, final: bool = False) -> Iterator[Chunk]:
        """Yield the records that are whole now, with the positions of broken ones. Raises Undecodable."""
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            # The error holds the bytes, and so people's names: it must not be seen.
            raise Undecodable from None
        yield from self._splitter.feed(text, final=final)


class RecordSplitter:
    """Splits text that arrives in pieces into records. A broken record stands as the one line on which it begins."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._rest = ""
        self._lines: list[str] = []

    def feed(self, text: str, *, final: bool = False) -> Iterator[Chunk]:
        """Yield the records that are whole now, in chunks, with the positions in the chunk of broken ones."""
        text = self._rest + text
        lines = list(io.StringIO(text, newline=""))
        self._rest = ""
        # A line end of two signs may have come by half.
        if lines and not final and not lines[-1].endswith("\n") and len(lines[-1]) <= LONGEST_RECORD:
            self._rest = lines.pop()
        self._lines.extend(lines)
        yield from self._split(final)

    def _split(self, final: bool) -> Iterator[Chunk]:
        lines, start = self._lines, 0
        records: list[list[str]] = []
        broken: list[int] = []
        window = len(lines)
        while start < len(lines):
            begun, end = start, min(len(lines), start + window)
            reader = csv.reader(islice(lines, begun, end), delimiter=self._delimiter, strict=True)
            try:
                for record in reader:
                    start = begun + reader.line_num
                    records.append(record)
            except csv.Error:
                at_end = begun + reader.line_num >= end
                if at_end and end < len(lines) and start > begun:
                    continue  # the record may go on beyond the window: begin with it
                if at_end and end == len(lines) and not final and self._may_go_on(lines[start:]):
                    break
                broken.append(len(records))
                records.append([lines[start]])
                start += 1
                # Look no further than a record may go: a file of marks left open must not be read once for each.
                window = LONGEST_RECORD_LINES
        self._lines = lines[start:]
        if records:
            yield records, broken

    @staticmethod
    def _may_go_on(lines: Sequence[str]) -> bool:
        return len(lines) <= LONGEST_RECORD_LINES and sum(map(len, lines)) <= LONGEST_RECORD
