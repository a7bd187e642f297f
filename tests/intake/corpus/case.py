"""One file of the corpus, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.options import Options

Cell = tuple[str, str, str]  # school code, metric key, period
NA = "n/a"
Value = Any  # a number, or NA
Error = tuple[str, int | None, str | None]  # code, row, column: as the design's JSON has them

# Reported, in whichever words.
ANY_ERROR: tuple[Error, ...] = (("", None, None),)

INITIATIVE, QUARTERLY, YEARLY = "kz-chatgpt-edu", "kz-quarterly", "kz-yearly"


@dataclass(frozen=True)
class Case:
    """A file with its expected verdict.

    `cells`: what its rows without an error state; nothing else may be read from it. `errors`: all of its errors, in
    any order, or ANY_ERROR; none: the file is acceptable. `either`: the file may be refused instead, with any error.
    `warnings`: (code, row) of all warnings, None where they do not matter. `rows`: read, blank, accepted, rejected.
    `blank`: value cells that say nothing. `reading`: what `file` must say.
    """

    kind: str
    name: str
    content: bytes
    cells: Mapping[Cell, Value] = field(default_factory=dict)
    errors: tuple[Error, ...] = ()
    warnings: tuple[tuple[str, int | None], ...] | None = None
    rows: tuple[int, int, int, int] | None = None
    blank: int | None = None
    either: bool = False
    options: Options = field(default_factory=Options)
    file_name: str = "report.csv"
    initiative: str = INITIATIVE
    reading: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The case's name among all."""
        return f"{self.kind}: {self.name}"
