"""A table of the register as people keep it: read from text, every problem told, whole or not at all.

The text is CSV with commas, semicolons or tabs (what a spreadsheet puts on the clipboard). Its first line that says
something names the columns. A column that is not in it leaves what it would say as it is; an empty cell says "nothing".
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from access.language import _
from access.refusal import Refusal

LARGEST_TEXT = 3_000_000
MOST_ROWS = 20_000
DELIMITERS = "\t;,"
# What a spreadsheet takes for a formula, numbers apart; and the apostrophe by which it is told not to.
_FORMULA = re.compile(r"(?!-?\d+(\.\d+)?$)[=+\-@＝＋－＠]")
_QUOTED = re.compile(r"^'(?=[=+\-@＝＋－＠])")

# 01.09.2026, as it is written where the day comes first and dots part it.
_DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{4}")

Written = dict[str, str]


@dataclass(frozen=True)
class RowProblem:
    """What is wrong: in which line of the text (1 is the header; 0: all of it) and column, and what to do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class RowChange:
    """What a line changes about a school: before (None: it is new) and after, by column; only what differs."""

    line: int
    school: str
    before: Written | None
    after: Written


@dataclass
class Preview:
    """What a text would do: all its problems, what it changes, and how many lines change nothing.

    `fingerprint` stands for exactly these changes: they are made only while they are still the same.
    """

    problems: list[RowProblem] = field(default_factory=list)
    changes: list[RowChange] = field(default_factory=list)
    unchanged: int = 0

    @property
    def fingerprint(self) -> str:
        """A text that another preview has only when it says the same."""
        said = [(one.school, one.before, one.after) for one in self.changes]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def add(self, line: int, school: str, before: Written | None, after: Written) -> None:
        """Note what a line says beside what is held."""
        if before is None:
            self.changes.append(RowChange(line, school, None, after))
            return
        differing = [name for name in after if after[name] != before.get(name, "")]
        if not differing:
            self.unchanged += 1
            return
        old, new = ({name: said.get(name, "") for name in differing} for said in (before, after))
        self.changes.append(RowChange(line, school, old, new))


class RegisterRefused(Refusal):
    """A text is not taken: it has problems (`problems`), or what it would change is not what was shown (`stale`)."""


def lines_of(text: str, columns: Sequence[str], needed: Iterable[str], preview: Preview) -> list[tuple[int, Written]]:
    """Return (line, cells by column) of every line that says something; what is wrong goes to the preview."""
    if len(text) > LARGEST_TEXT:
        preview.problems.append(RowProblem(0, "", _("The text is too long: give it in parts.")))
        return []
    text = text.lstrip("\ufeff")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    top = next((number for number, row in enumerate(table) if any(cell.strip() for cell in row)), 0)
    header = [_folded(name) for name in table[top]] if table else []
    for name in header:
        if name not in columns or header.count(name) > 1:
            message = _("There is no column “{name}”, or it stands twice. Columns: {columns}")
            said = message.format(name=name[:60], columns=", ".join(columns))
            preview.problems.append(RowProblem(top + 1, name, said))
    for name in needed:
        if name not in header:
            preview.problems.append(RowProblem(top + 1, name, _("The column {name} is missing.").format(name=name)))
    if len(table) > top + MOST_ROWS + 1:
        message = _("{count} lines at most at a time.").format(count=MOST_ROWS)
        preview.problems.append(RowProblem(0, "", message))
    if preview.problems:
        return []
    found = []
    for number, row in enumerate(table[top + 1 :], start=top + 2):
        cells = [_QUOTED.sub("", " ".join(cell.split())) for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(header):
            message = _("{count} cells, but the header has {wanted}.").format(count=len(cells), wanted=len(header))
            preview.problems.append(RowProblem(number, "", message))
            continue
        found.append((number, dict(zip(header, cells, strict=True))))
    return found


def once_each(lines: Iterable[tuple[int, Written]], key: str, preview: Preview) -> dict[str, tuple[int, Written]]:
    """Return the lines by their key; what stands twice or is empty is a problem."""
    found: dict[str, tuple[int, Written]] = {}
    for line, cells in lines:
        if not cells[key]:
            preview.problems.append(RowProblem(line, key, _("It is empty.")))
        elif cells[key] in found:
            message = _("{value} stands in line {line} already.").format(value=cells[key], line=found[cells[key]][0])
            preview.problems.append(RowProblem(line, key, message))
        else:
            found[cells[key]] = (line, cells)
    return found


def day(text: str) -> date | None:
    """Return the day that a cell says, None for an empty one. Raises ValueError with what to write."""
    if not text:
        return None
    if _DOTTED.fullmatch(text):
        text = "-".join(reversed(text.split(".")))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("Write a day as 2026-09-01.")) from error


def whole(text: str, least: int, greatest: int) -> int:
    """Return the whole number that a cell says. Raises ValueError with what to write."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= greatest):
        message = _("Write a whole number from {least} to {greatest}.")
        raise ValueError(message.format(least=least, greatest=greatest))
    return int(text)


def within(text: str, limit: float) -> float | None:
    """Return the number from -limit to limit that a cell says. Raises ValueError with what to write."""
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = limit + 1
    if not -limit <= number <= limit:
        raise ValueError(_("Write degrees from {least} to {greatest}.").format(least=-limit, greatest=limit))
    return number


def as_text(columns: Sequence[str], rows: Iterable[Written]) -> str:
    """Return rows as such a text, separated by commas. What a spreadsheet would run as a formula gets an apostrophe."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: f"'{cell}" if _FORMULA.match(str(cell)) else cell for name, cell in row.items()})
    return text.getvalue()


def refuse_problems(preview: Preview) -> None:
    """Raise RegisterRefused when anything is wrong: a text is taken whole or not at all."""
    if preview.problems:
        raise RegisterRefused("problems", _("Nothing was changed: mend every problem that is listed first."))


def refuse_stale(preview: Preview, seen: str) -> None:
    """Raise RegisterRefused when the changes are not those that were shown."""
    if preview.fingerprint != seen:
        raise RegisterRefused("stale", _("What this would change is not what was shown any more. Look at it again."))


def _folded(name: str) -> str:
    return "_".join(name.strip().lower().split())
