"""What a file would change, as a screen shows it: exact counts and the first changes, however many cells there are."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from intake.cells import WITHDRAWN
from intake.compare import CHANGES_LISTED, Comparison


@dataclass(frozen=True)
class Difference:
    """A comparison without its cells: a few kilobytes that go from one process to another, and into a cache.

    `counts` has the design's keys. `adds` and `overwrites` count the cells that would change, those that say "not
    applicable" or take a value back (`takes_back` of them) among them. `grouped` is `Comparison.by_metric_and_area`;
    `changes` the first in the order of the file.
    """

    cells: int
    counts: dict[str, int]
    adds: int
    overwrites: int
    takes_back: int
    grouped: pd.DataFrame
    changes: list[dict[str, Any]]

    @classmethod
    def of(cls, comparison: Comparison) -> "Difference":
        """Return what a screen shows of the comparison."""
        return cls(
            cells=len(comparison.cells),
            counts=comparison.counts,
            adds=int(comparison.new.sum()),
            overwrites=int(comparison.changed.sum()),
            takes_back=int((comparison.changed & (comparison.cells.state == WITHDRAWN)).sum()),
            grouped=comparison.by_metric_and_area() if len(comparison.cells) else pd.DataFrame(),
            changes=comparison.changes(CHANGES_LISTED),
        )

    @property
    def changing(self) -> int:
        """How many cells say something else than what is held."""
        return self.adds + self.overwrites
