"""A register's file or pasted lines read as a table: as progress files are, and every column by the name people write.

What was recognised is told: encoding, delimiter, sheet, the row that names the columns, and what each column is. The
text that comes back has the register's own names of columns, and each row in the line in which it stands in the file.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from access.administration.register_file import LARGEST_TEXT, MOST_ROWS
from access.language import _
from data_model.submissions import Severity
from intake.column_names import plain_name
from intake.columns import ROLE_ALIASES, WEAK, ColumnRole
from intake.finding_list import FindingList
from intake.findings import message
from intake.folding import fold
from intake.grid import column_letters
from intake.options import Options
from intake.quantities import TYPED
from intake.refusal import Refused
from intake.sources import HEAD, Source, open_source
from intake.staging import people

# Other names of a register's columns, in English, Russian and Kazakh; school codes and names as in progress files.
ALIASES: dict[str, tuple[str, ...]] = {
    "school_code": ROLE_ALIASES[ColumnRole.SCHOOL_CODE],
    "name": (*ROLE_ALIASES[ColumnRole.SCHOOL_NAME], "school name"),
    "area_code": (
        "area", "district", "district code", "region", "region code", "район", "код района", "область", "код области",
        "регион", "код региона", "территория", "код территории", "аудан", "аудан коды", "облыс", "облыс коды",
        "аумақ", "аумақ коды", "аймақ", "аймақ коды",
    ),
    "setting": (
        "urban or rural", "urban/rural", "type of settlement", "settlement type", "местность", "тип местности",
        "город/село", "тип населенного пункта", "расположение", "елді мекен түрі", "қала/ауыл", "орналасуы",
    ),
    "languages": (
        "language", "language of instruction", "languages of instruction", "язык", "язык обучения", "языки обучения",
        "оқыту тілі", "оқыту тілдері",
    ),
    "latitude": ("lat", "широта", "ендік"),
    "longitude": ("lon", "lng", "long", "долгота", "бойлық"),
    "opened_on": ("opened", "opening date", "date opened", "дата открытия", "открыта", "ашылған күні"),
    "closed_on": ("closed", "closing date", "date closed", "дата закрытия", "закрыта", "жабылған күні"),
    "merged_into": ("merged with", "merges into", "присоединена к", "объединена с", "біріктірілді"),
    "split_from": ("split off from", "выделена из", "бөлініп шыққан"),
    "wave": ("phase", "cohort", "волна", "этап", "очередь", "кезең", "толқын"),
    "joined_on": ("joined", "start date", "дата подключения", "дата вступления", "дата начала", "қосылған күні"),
    "left_on": ("left", "end date", "дата выхода", "дата окончания", "шыққан күні"),
}  # fmt: skip


@dataclass
class RegisterRead:
    """A register as it was read: its text, what was recognised, and what is wrong (row, column, message).

    `columns`: of each column of the file its name, and the register's column; "" for one that is not read. `width`: how
    many columns the row of their names has.
    """

    text: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int = 1
    width: int = 0
    columns: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> str:
        """Return it as text, as `of_json` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of_json(cls, said: str) -> "RegisterRead":
        """Return what `as_json` wrote."""
        document = json.loads(said)
        for name in ("columns", "problems"):
            document[name] = [tuple(one) for one in document[name]]
        return cls(**document)


def read_pasted(text: str, columns: Sequence[str]) -> RegisterRead:
    """Return pasted lines as they were read. Raises Refused with all that keeps them from being read."""
    if len(text) > LARGEST_TEXT:
        raise Refused("file_too_large", _("The text is too long: give it in parts."))
    read = read_register(text.encode("utf-8", "replace"), columns, "")
    read.encoding = None
    return read


def read_register(content: bytes, columns: Sequence[str], country: str) -> RegisterRead:
    """Return a file's rows as a text for the register, with what was recognised and what is wrong.

    Raises Refused with all that keeps the file as a whole from being read.
    """
    findings = FindingList()
    if _holds_addresses(content):
        raise Refused("personal_data", message("personal_data", "", "", {}))
    meaning = _meanings(tuple(columns))
    source = open_source(content, Options(), country, lambda cells: _known(cells, meaning), findings)
    rows, broken = _rows(source)
    told = [message(one.code, one.column, one.value, one.details) for one in findings]
    if findings.has_errors:
        wrong_with_it = [one.code for one in findings if one.severity is Severity.ERROR]
        raise Refused(wrong_with_it[0], " ".join(told))
    known = [_known(cells, meaning) for cells in rows[:HEAD]]
    top = known.index(max(known)) if any(known) else 0
    read = RegisterRead("", source.encoding, source.delimiter, source.sheet, top + 1, notes=told)
    header = _header(rows[top:], meaning, read) if rows else {}
    text = _("A quotation mark is opened and not closed as it should be.")
    read.problems += [(number, "", text) for number in broken if number > top]
    read.text = _as_text(rows[top + 1 :], header, read, padded=source.sheet is not None)
    return read


@lru_cache
def _meanings(columns: tuple[str, ...]) -> Callable[[str], tuple[str, bool] | None]:
    """Return what tells the column that a name means, and whether it is its own name; None for any other name."""
    exact = {fold(name): name for name in columns}
    plain = {plain_name(name): name for name in columns}
    for column in columns:
        for alias in ALIASES.get(column, ()):
            if alias not in WEAK or alias in ("code", "код", "коды", "name"):
                plain.setdefault(plain_name(alias), column)

    def meaning(name: str) -> tuple[str, bool] | None:
        if fold(name) in exact:
            return exact[fold(name)], True
        found = plain.get(plain_name(name)) if name.strip() and len(name) < 200 else None
        return (found, False) if found else None

    return meaning


def _known(cells: Sequence[str], meaning: Callable[[str], tuple[str, bool] | None]) -> int:
    return len({found[0] for cell in cells if (found := meaning(cell))})


def _rows(source: Source) -> tuple[list[list[str]], list[int]]:
    """Return all rows, and the numbers of those whose quotation marks are broken."""
    rows: list[list[str]] = []
    broken: list[int] = []
    for records, wrong in source.records():
        broken += [len(rows) + place + 1 for place in wrong]
        rows += [[cell.replace(TYPED, "") for cell in record] for record in records]
        if len(rows) > MOST_ROWS + HEAD:
            raise Refused("too_many_rows", _("{count} lines at most at a time.").format(count=MOST_ROWS))
    return rows, broken


def _header(
    rows: Sequence[Sequence[str]], meaning: Callable[[str], tuple[str, bool] | None], read: RegisterRead
) -> dict[int, str]:
    """Return the register's columns by their place; note what each column is, and names that mean the same twice."""
    cells = list(rows[0])
    found = {place: means for place, cell in enumerate(cells) if (means := meaning(cell))}
    own = {column for column, is_own in found.values() if is_own}
    taken: dict[int, str] = {}
    for place, (column, is_own) in found.items():
        if column in own and not is_own:
            continue  # another name of what stands under its own name: not read, and told so
        if column in taken.values():
            said = _("Two columns are “{name}”: leave one of them out.").format(name=column)
            read.problems.append((read.header_row, cells[place], said))
        else:
            taken[place] = column
    read.width = 1 + max((place for place, cell in enumerate(cells) if cell.strip()), default=-1)
    for place, cell in enumerate(cells):
        if cell.strip():
            read.columns.append((cell, taken.get(place, "")))
        elif any(len(row) > place and row[place].strip() for row in rows[1:]):
            read.columns.append((f"({column_letters(place)})", ""))  # it has no name, and it is told too
    return taken


def _as_text(rows: list[list[str]], header: Mapping[int, str], read: RegisterRead, *, padded: bool) -> str:
    """Return the rows as CSV under the register's names, each in the line of its row.

    A workbook's row may be shorter than its header; of any other text that is a mistake, which is left to be found.
    """
    text = io.StringIO()
    text.write("\n" * (read.header_row - 1))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.values() if header else [name for name, _column in read.columns])
    width = max(header, default=-1) + 1
    broken = {number for number, _column, _message in read.problems}
    for number, row in enumerate(rows, start=read.header_row + 1):
        beyond = [cell for cell in row[max(width, read.width) :] if cell.strip()]
        if number in broken or not any(cell.strip() for cell in row):
            text.write("\n")
        elif len(row) < width and not padded:
            writer.writerow(row)
        else:
            writer.writerow([*(row[place] if place < len(row) else "" for place in header), *beyond])
    if text.tell() > LARGEST_TEXT:
        raise Refused("file_too_large", _("The text is too long: give it in parts."))
    return text.getvalue()


def _holds_addresses(content: bytes) -> bool:
    if people.is_workbook(content):
        return people.workbook_holds_address(content)
    return people.AddressWatch(content[: people.HEAD_BYTES]).sees_address(content)
