"""An export into counts: how many users, and how active, by period, group, department, e-mail domain and role.

Users come in one by one and are forgotten one by one. What stays is small and names nobody; it is all in memory.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from intake.finding_list import FindingList, Place
from intake.findings import A_DAY, A_STATUS, A_WHOLE_NUMBER, YES_OR_NO, Finding
from intake.folding import fold
from intake.options import Options
from intake.sources import MOST_CSV_BYTES, ZIP, open_source
from intake.user_export.cells import (
    WITHHELD,
    Audience,
    Status,
    email_parts,
    read_audience,
    read_count,
    read_days,
    read_status,
    read_texts,
    read_yes_or_no,
    without_person,
)
from intake.user_export.columns import ExportColumns, Field, Way, export_columns, is_user_export
from intake.user_export.records import HEAD_BYTES, RecordStream, Undecodable, export_dialect

MOST_USERS = 1_000_000
MOST_COMBINATIONS = 100_000  # of what is counted apart: more means that the texts are people's own
WEEKLY = "weekly"
NEEDED = (Field.USER_STATUS,)


class Span(NamedTuple):
    """The days a row is about, as it says them: what its first and last day may be, and the export's cadence."""

    starts: tuple[date, ...] = ()
    ends: tuple[date, ...] = ()
    cadence: str = ""


class Kind(NamedTuple):
    """What users have in common that are counted together."""

    span: Span
    groups: tuple[str, ...]
    department: tuple[str, ...]
    domain: tuple[str, ...]
    audience: Audience | None

    def texts(self, way: Way) -> tuple[str, ...]:
        """Return the texts by which these users may be matched in this way."""
        return {Way.GROUPS: self.groups, Way.DEPARTMENT: self.department, Way.DOMAIN: self.domain}[way]


@dataclass
class Numbers:
    """How many users of one kind there are. Deleted ones are counted apart, and so are their messages."""

    pending: int = 0
    enabled: int = 0
    deleted: int = 0
    active: int = 0
    messages: int = 0
    deleted_messages: int = 0

    @property
    def users(self) -> int:
        """All of them."""
        return self.pending + self.enabled + self.deleted

    def add(self, other: "Numbers") -> None:
        """Add others to these."""
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class CountedExport:
    """All that is known of an export once it was read: no name, no address, no user's id.

    `rows` below the header; `blank` ones hold nothing, `faulty` ones have an error, `repeated` ones say word for word
    what another said. `inconsistent`: users marked active without a message, or the reverse. `problems`: what is
    wrong with the file and with single rows; where there is an error, the counts are not all of the file.
    """

    sha256: str
    size: int
    columns: ExportColumns
    header_row: int
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    rows: int = 0
    blank: int = 0
    faulty: int = 0
    repeated: int = 0
    inconsistent: int = 0
    kinds: dict[Kind, Numbers] = field(default_factory=dict)
    problems: FindingList = field(default_factory=FindingList)

    @property
    def total(self) -> Numbers:
        """All users, whatever their school."""
        total = Numbers()
        for numbers in self.kinds.values():
            total.add(numbers)
        return total


class _Unreadable(Exception):
    """A cell says nothing that can be counted. It names the column and what should stand there, never the cell."""

    def __init__(self, column: Field, wanted: str) -> None:
        super().__init__(column)
        self.column, self.wanted = column, wanted


class _Tally:
    """Takes records below a header and counts them."""

    def __init__(self, header: Sequence[str], header_row: int) -> None:
        self.columns = export_columns(header)
        self.width = len(header)
        self.named = max((place + 1 for place, name in enumerate(header) if name.strip()), default=0)
        self.row = self.header_row = header_row
        self.rows = self.blank = self.faulty = self.repeated = self.inconsistent = 0
        self.kinds: dict[Kind, Numbers] = {}
        self.too_many: str | None = None
        self._seen: dict[int, int] = {}
        self._whole: set[int] = set()
        self._wrong: dict[tuple[str, Field | None, str], list[tuple[int, int]]] = {}

    def add(self, records: Iterable[Sequence[str]], broken: Iterable[int], delimiter: str | None) -> None:
        """Count further records. `broken`: positions of those whose quotation marks do not close."""
        damaged = set(broken)
        for index, record in enumerate(records):
            self.row += 1
            self.rows += 1
            if self.rows > MOST_USERS or len(self.kinds) > MOST_COMBINATIONS:
                self.too_many = "file_too_large" if self.rows > MOST_USERS else "export_too_varied"
                return
            if index in damaged or self._swallows(record, delimiter):
                self._say("quote_never_closed")
            elif not any(cell and not cell.isspace() for cell in record):
                self.blank += 1
            elif len(record) < self.named or any(cell.strip() for cell in record[self.width :]):
                self._say("wrong_cell_count", number=len(record))
            else:
                self._user(record)

    def _swallows(self, record: Sequence[str], delimiter: str | None) -> bool:
        """Whether whole other rows stand in one of the cells: two quotation marks left open closed each other."""
        enough = max(1, self.width - 2)
        return delimiter is not None and any("\n" in cell and cell.count(delimiter) >= enough for cell in record)

    def _say(self, code: str, column: Field | None = None, wanted: str = "", number: int = 0) -> None:
        self.faulty += 1
        self._wrong.setdefault((code, column, wanted), []).append((self.row, number))

    def _cell(self, record: Sequence[str], column: Field) -> str:
        place = self.columns.position.get(column)
        return record[place] if place is not None and place < len(record) else ""

    def _user(self, record: Sequence[str]) -> None:
        try:
            span = self._span(record)
            numbers = self._numbers(record)
        except _Unreadable as unreadable:
            self._say("export_cell_unreadable", unreadable.column, unreadable.wanted)
            return
        if self._stood_before(record, span):
            return
        local, domain = email_parts(self._cell(record, Field.EMAIL))
        # A column that is not known may be that of names or addresses under another name.
        unknown = [record[place] for place in self.columns.unknown if place < len(record)]
        names = [self._cell(record, Field.NAME), *unknown]
        handles = [local, *(email_parts(cell)[0] for cell in unknown if "@" in cell)]
        kind = Kind(
            span=span,
            groups=without_person(read_texts(self._cell(record, Field.GROUPS)), names, handles),
            department=without_person(read_texts(self._cell(record, Field.DEPARTMENT)), names, handles),
            domain=(domain,) if domain else (),
            audience=read_audience(self._cell(record, Field.ROLE)),
        )
        self.kinds.setdefault(kind, Numbers()).add(numbers)

    def _span(self, record: Sequence[str]) -> Span:
        days = []
        for column in (Field.PERIOD_START, Field.PERIOD_END):
            found = read_days(self._cell(record, column))
            if column in self.columns.position and not found:
                raise _Unreadable(column, A_DAY)
            days.append(found)
        cadence = fold(self._cell(record, Field.CADENCE))
        return Span(days[0], days[1], WEEKLY if cadence == WEEKLY else "")

    def _numbers(self, record: Sequence[str]) -> Numbers:
        """Return one user as numbers. Raises _Unreadable."""
        status = read_status(self._cell(record, Field.USER_STATUS))
        if status is None and Field.USER_STATUS in self.columns.position:
            raise _Unreadable(Field.USER_STATUS, A_STATUS)
        said = self._cell(record, Field.MESSAGES).strip()
        messages = read_count(said) if said else 0
        if messages is None:
            raise _Unreadable(Field.MESSAGES, A_WHOLE_NUMBER)
        marked = self._cell(record, Field.IS_ACTIVE)
        active = read_yes_or_no(marked)
        if active is None and Field.IS_ACTIVE in self.columns.position:
            # A user is active who sent a message; where there are messages, a blank mark is no riddle.
            if marked.strip() or (status is Status.ENABLED and not said):
                raise _Unreadable(Field.IS_ACTIVE, YES_OR_NO)
            active = messages > 0
        if active and not said and status is Status.ENABLED and Field.MESSAGES in self.columns.position:
            raise _Unreadable(Field.MESSAGES, A_WHOLE_NUMBER)
        if active is not None and Field.MESSAGES in self.columns.position:
            self.inconsistent += active != (messages > 0) or (active and status is Status.PENDING)
        if status is Status.DELETED:
            return Numbers(deleted=1, deleted_messages=messages)
        enabled = status is Status.ENABLED
        return Numbers(
            pending=not enabled, enabled=enabled, active=bool(active and enabled), messages=messages
        )  # fmt: skip

    def _stood_before(self, record: Sequence[str], span: Span) -> bool:
        """Whether this user was met in the same period, and say so where the two rows differ.

        What is remembered of a user are two numbers that lead nowhere: they are salted anew by each process.
        """
        who = self._cell(record, Field.PUBLIC_ID).strip() or fold(self._cell(record, Field.EMAIL))
        if not who:
            return False
        first = self._seen.setdefault(hash((who, span)), self.row)
        whole = hash(tuple(record))
        if first == self.row:
            self._whole.add(whole)
            return False
        if whole in self._whole:
            self.repeated += 1
        else:
            self._say("user_repeated", number=first)
        return True

    def problems(self) -> FindingList:
        """Return what is wrong with the columns and the rows."""
        findings = FindingList()
        self._report_columns(findings)
        for (code, column, wanted), found in self._wrong.items():
            place = Place(self.name(column), self.columns.position[column]) if column else Place()
            details: dict[str, dict[str, Any]] = {
                "wrong_cell_count": {"count": [number for _row, number in found], "expected": self.width},
                "user_repeated": {"first": [number for _row, number in found]},
                "export_cell_unreadable": {"format": wanted},
            }
            findings.add_rows(code, np.array([row for row, _number in found]), place, "", **details.get(code, {}))
        if self.too_many == "file_too_large":
            findings.add("file_too_large", limit=f"{MOST_USERS:,} users".replace(",", " "))
        elif self.too_many:
            findings.add(self.too_many, limit=MOST_COMBINATIONS)
        elif self.rows == self.blank:
            findings.add("no_rows")
        return findings

    def _report_columns(self, findings: FindingList) -> None:
        for column, places in self.columns.repeated.items():
            names = [shown_name(self.columns.header, place) for place in places]
            findings.add("duplicate_column", column=names[-1], columns=names, meaning=column.value)
        for needed in NEEDED:
            if needed not in self.columns.position:
                findings.add("export_column_missing", column=needed.value)

    def name(self, column: Field) -> str:
        """Return a column's name as it stands in the file."""
        return shown_name(self.columns.header, self.columns.position[column])


def shown_name(header: Sequence[str], place: int) -> str:
    """Return a column's name as it stands; its number where that holds an address."""
    name = " ".join(header[place].split())
    return f"({place + 1})" if "@" in name or WITHHELD in name else name


class ExportCounter:
    """Takes an export's bytes as they arrive: `feed` each chunk, then `finish`.

    Nothing is written anywhere, and of what was fed only counts and the last unfinished row stay.
    """

    def __init__(self) -> None:
        self._digest, self._size = hashlib.sha256(), 0
        self._head = bytearray()
        self._stream: RecordStream | None = None
        self._tally: _Tally | None = None
        self._skip = 0
        self._stopped: Finding | None = None
        self._is_none = False
        self._written: dict[str, str | None] = {}

    def feed(self, chunk: bytes) -> None:
        """Take further bytes."""
        self._digest.update(chunk)
        self._size += len(chunk)
        if self._stream is not None:
            self._read(chunk)
            return
        if self._is_none:
            return
        self._head.extend(chunk)
        if len(self._head) >= HEAD_BYTES:
            self._begin()

    def finish(self) -> CountedExport | None:
        """Return what was counted; None when these bytes were no export after all."""
        if self._stream is None and not self._is_none:
            self._begin()
        if self._tally is None:
            return None
        self._read(b"", final=True)
        return _counted(self._tally, self._digest.hexdigest(), self._size, self._written, self._stopped)

    def _begin(self) -> None:
        head, self._head = bytes(self._head), bytearray()
        dialect = export_dialect(head)
        if dialect is None:
            self._is_none = True
            return
        self._written = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
        self._tally = _Tally(dialect.header, dialect.header_row)
        self._stream, self._skip = RecordStream(dialect), dialect.header_row
        self._read(head)

    def _read(self, chunk: bytes, *, final: bool = False) -> None:
        if self._tally is None or self._stream is None or self._stopped or self._tally.too_many:
            return
        if self._size > MOST_CSV_BYTES:
            self._stop("file_too_large", limit="200 MB")
            return
        try:
            for records, broken in self._stream.feed(chunk, final=final):
                below = records[self._skip :]
                positions = [index - self._skip for index in broken if index >= self._skip]
                self._skip = max(0, self._skip - len(records))
                self._tally.add(below, positions, self._written["delimiter"])
        except Undecodable:
            self._stop("broken_encoding", encoding=self._written["encoding"])

    def _stop(self, code: str, **details: Any) -> None:
        said = FindingList()
        said.add(code, **details)
        self._stopped = said.of_file[0]


def is_user_export_head(head: bytes) -> bool:
    """Whether delimited text that begins with these bytes is a user export. Up to HEAD_BYTES are worth looking at."""
    return not head.startswith(ZIP) and export_dialect(head[:HEAD_BYTES]) is not None


def count_users(content: bytes, options: Options | None = None) -> CountedExport | None:
    """Return what a whole export in memory counts, delimited text or a workbook; None when it is none."""
    if content.startswith(ZIP):
        return _count_workbook(content, options or Options())
    counter = ExportCounter()
    view = memoryview(content)
    for start in range(0, len(view), HEAD_BYTES):
        counter.feed(bytes(view[start : start + HEAD_BYTES]))
    return counter.finish()


def _count_workbook(content: bytes, options: Options) -> CountedExport | None:
    said = FindingList()
    source = open_source(content, options, "", lambda cells: int(is_user_export(cells)), said)
    tally: _Tally | None = None
    row = 0
    for records, _broken in source.records():
        below: Sequence[Sequence[str]] = records
        if tally is None:
            header = next((index for index, record in enumerate(records) if is_user_export(record)), None)
            if header is None:
                return None
            row = header + 1
            tally, below = _Tally(records[header], row), records[row:]
        tally.add(below, (), None)
        if tally.too_many:
            break
    if tally is None:
        return None
    counted = _counted(tally, hashlib.sha256(content).hexdigest(), len(content), {"sheet": source.sheet}, None)
    # Names of sheets are shown, and a sheet may be named after a person's address.
    counted.problems.of_file[:0] = [finding for finding in said.of_file if "@" not in str(finding.details)]
    return counted


def _counted(
    tally: _Tally, sha256: str, size: int, written: dict[str, str | None], stopped: Finding | None
) -> CountedExport:
    problems = tally.problems()
    if stopped is not None:
        problems.of_file.insert(0, stopped)
    sheet = written.get("sheet")
    return CountedExport(
        sha256=sha256, size=size, columns=tally.columns, header_row=tally.header_row,
        encoding=written.get("encoding"), delimiter=written.get("delimiter"),
        sheet=None if sheet and "@" in sheet else sheet,
        rows=tally.rows, blank=tally.blank, faulty=tally.faulty, repeated=tally.repeated,
        inconsistent=tally.inconsistent, kinds=tally.kinds, problems=problems,
    )  # fmt: skip
