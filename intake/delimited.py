"""Delimited text (CSV) into records: strictly, so that a quotation mark never closed is found, not swallowed."""

import csv
import io
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from intake.grid import CHUNK

DELIMITERS = (";", ",", "\t", "|")
HEAD = 60  # records looked at to recognise the delimiter and the header
Records = list[list[str]]


def open_text(content: bytes, encoding: str) -> io.TextIOWrapper:
    """Return the text line by line, decoded as it is read; line ends are those of Windows, Unix or the old Mac."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


def records(content: bytes, encoding: str, delimiter: str) -> Iterator[tuple[Records, list[int]]]:
    """Yield the file's records in chunks, with the positions in the chunk of those whose quotation marks are broken.

    A record is one spreadsheet row, also when a quoted cell holds line ends. A broken record is the one line on which
    it begins, as its only cell; reading goes on with the next line.
    """
    reader = csv.reader(open_text(content, encoding), delimiter=delimiter, strict=True)
    done = 0
    while True:
        chunk: Records = []
        try:
            # What was read before an error is kept: list.extend takes one record after the other.
            chunk.extend(islice(reader, CHUNK))
        except csv.Error:
            yield from _carefully(content, encoding, delimiter, done)
            return
        if not chunk:
            return
        done += len(chunk)
        yield chunk, []


def _carefully(content: bytes, encoding: str, delimiter: str, done: int) -> Iterator[tuple[Records, list[int]]]:
    """Yield the records after the first `done`, one by one, so that each broken one is known by its line."""
    lines = list(open_text(content, encoding))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    deque(islice(reader, done), maxlen=0)
    start = reader.line_num
    chunk: Records = []
    broken: list[int] = []
    while start < len(lines):
        offset, reader = start, csv.reader(_from(lines, start), delimiter=delimiter, strict=True)
        try:
            for record in reader:
                chunk.append(record)
                start = offset + reader.line_num
                if len(chunk) == CHUNK:
                    yield chunk, broken
                    chunk, broken = [], []
        except csv.Error:
            broken.append(len(chunk))
            chunk.append([lines[start]])
            start += 1
    if chunk:
        yield chunk, broken


def _from(lines: Sequence[str], start: int) -> Iterator[str]:
    return (lines[index] for index in range(start, len(lines)))


def head(content: bytes, encoding: str, delimiter: str, count: int = HEAD) -> Records:
    """Return the first records. Broken ones stand as their one line."""
    # Enough for the head whatever the lines' length, and far from the whole of a large file.
    text = open_text(content, encoding)
    lines = list(islice(text, 4 * count))
    sample = "".join(lines).encode("utf-8")
    found: Records = []
    for chunk, _broken in records(sample, "utf-8", delimiter):
        found.extend(chunk)
    return found[:count]


def declared_delimiter(first_line: str) -> str | None:
    """Return the delimiter that a first line `sep=;` declares, as spreadsheets write and read it."""
    declared = first_line.strip().strip('"')
    is_declaration = declared[:4].lower() == "sep=" and len(declared) == 5
    return declared[4] if is_declaration else "\t" if first_line.lower().rstrip("\r\n") == "sep=\t" else None


def recognise_delimiter(content: bytes, encoding: str, known_names: Callable[[Sequence[str]], int]) -> str | None:
    """Return the delimiter under which the head of the file looks most like a table, None when under none.

    `known_names` counts the column names in a record: a row of names that are known beats any regularity. Without
    one, the delimiter wins that gives most rows one and the same number of cells.
    """
    first_line = next(iter(open_text(content, encoding)), "")
    if declared := declared_delimiter(first_line):
        return declared
    best, best_score = None, (0, 0.0, 0)
    for delimiter in DELIMITERS:
        rows = [record for record in head(content, encoding, delimiter) if any(cell.strip() for cell in record)]
        if not rows:
            return None
        width, count = max(Counter(map(len, rows)).items(), key=lambda item: (item[0] > 1, item[1], item[0]))
        names = max(map(known_names, rows))
        # One name that spans a whole line is a name under any delimiter.
        score = (names if width > 1 else 0, count / len(rows) if width > 1 else 0.0, width)
        if score > best_score:
            best, best_score = delimiter, score
    return best if best_score[2] > 1 else None
