"""All findings of a file, held by the column: a million of them are a few arrays, made into objects one at a time."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from data_model.submissions import Severity
from intake.findings import KINDS, Finding, quoted


@dataclass(frozen=True)
class Coded:
    """A text (or any detail) for each finding of a block: indexes into the distinct ones."""

    codes: np.ndarray
    choices: Sequence[Any]

    def __getitem__(self, index: int) -> Any:
        return self.choices[self.codes[index]]


class Place(NamedTuple):
    """In which column findings lie: its name and its position, by which the findings of a row are ordered."""

    column: str = ""
    position: int = 0


WHOLE_ROW = Place()
Detail = Coded | np.ndarray | Sequence[Any] | str | int | float | None


@dataclass(frozen=True)
class Block:
    """Findings of one kind in one column. `values` and `details` hold one entry for each row, or one for all."""

    code: str
    rows: np.ndarray
    column: str
    position: int
    values: Coded | str
    details: dict[str, Detail]

    def finding(self, index: int) -> Finding:
        """Return one of the block's findings."""
        value = self.values if isinstance(self.values, str) else self.values[index]
        details = {name: _entry(detail, index) for name, detail in self.details.items()}
        if "row" in self.details:
            details["row"] = int(self.rows[index])
        return Finding(self.code, KINDS[self.code].severity, int(self.rows[index]), self.column, quoted(value), details)


def _entry(detail: Detail, index: int) -> Any:
    if isinstance(detail, (Coded, list, np.ndarray)):
        entry = detail[index]
        return entry.item() if isinstance(entry, np.generic) else entry
    return detail


@dataclass
class FindingList:
    """The findings of a file: complete, however many. Iterate for them in the order of the file."""

    of_file: list[Finding] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def add(self, code: str, *, row: int | None = None, column: str = "", value: str = "", **details: Any) -> None:
        """Add one finding, about the file as a whole where no row is named."""
        self.of_file.append(Finding(code, KINDS[code].severity, row, quoted(column), quoted(value), details))

    def add_rows(self, code: str, rows: np.ndarray, place: Place, values: Coded | str, /, **details: Detail) -> None:
        """Add one finding for each spreadsheet row in `rows`, in the column at `place`, quoting `values`.

        A detail is one for all, or a `Coded`, list or array with one for each. The detail `row` is filled in.
        """
        if len(rows):
            self.blocks.append(Block(code, np.asarray(rows), quoted(place.column), place.position, values, details))

    def __len__(self) -> int:
        return len(self.of_file) + sum(len(block.rows) for block in self.blocks)

    def __iter__(self) -> Iterator[Finding]:
        """Yield what concerns the whole file, then row by row, and column by column in a row."""
        singles = sorted(
            ((finding.row or 0, -1, number, finding) for number, finding in enumerate(self.of_file)),
            key=lambda entry: entry[:3],
        )
        waiting = iter(singles)
        single = next(waiting, None)
        for row, block, index in self._in_order():
            while single is not None and single[0] <= row:
                yield single[3]
                single = next(waiting, None)
            yield block.finding(index)
        while single is not None:
            yield single[3]
            single = next(waiting, None)

    def _in_order(self) -> Iterator[tuple[int, Block, int]]:
        if not self.blocks:
            return
        sizes = [len(block.rows) for block in self.blocks]
        rows = np.concatenate([block.rows for block in self.blocks]).astype(np.int64)
        number = np.repeat(np.arange(len(self.blocks), dtype=np.int32), sizes)
        position = np.repeat([block.position for block in self.blocks], sizes)
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        for place in np.lexsort((number, position, rows)):
            block = int(number[place])
            yield int(rows[place]), self.blocks[block], int(place - starts[block])

    @property
    def by_code(self) -> dict[str, int]:
        """How many findings there are of each code, the most frequent first."""
        counts: Counter[str] = Counter(finding.code for finding in self.of_file)
        for block in self.blocks:
            counts[block.code] += len(block.rows)
        return dict(counts.most_common())

    @property
    def totals(self) -> dict[str, int]:
        """How many errors and warnings there are."""
        totals = {severity.value: 0 for severity in Severity}
        for code, count in self.by_code.items():
            totals[KINDS[code].severity.value] += count
        return totals

    @property
    def has_errors(self) -> bool:
        """Whether there is an error among them."""
        return self.totals["error"] > 0

    def rows_with_errors(self) -> np.ndarray:
        """Return the spreadsheet rows that have an error, each once, in order."""
        single = [f.row for f in self.of_file if f.row is not None and f.severity is Severity.ERROR]
        parts = [block.rows for block in self.blocks if KINDS[block.code].severity is Severity.ERROR]
        return np.unique(np.concatenate([np.array(single, dtype=np.int64), *parts]).astype(np.int64))

    def chosen(self, *, code: str | None = None, severity: Severity | None = None) -> "FindingList":
        """Return the findings of one code or severity, for the screen's filters."""

        def fits(candidate: str) -> bool:
            return code in (None, candidate) and severity in (None, KINDS[candidate].severity)

        return FindingList(
            [finding for finding in self.of_file if fits(finding.code)],
            [block for block in self.blocks if fits(block.code)],
        )
