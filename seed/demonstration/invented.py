"""The invented country as a whole: its blocks, made when asked for and kept as far as memory allows."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from seed.demonstration.options import Options
from seed.demonstration.places import Block, blocks
from seed.demonstration.reporting import LATE, ON_TIME, Reporting, corrected, reporting
from seed.demonstration.schools import Schools, make_schools
from seed.demonstration.truth import Figures, true_figures

# Of so many school-months at most are figures kept at a time: about 150 MB.
KEPT = 1_000_000


@dataclass
class Told:
    """A block's schools, what is true of them, and how they report it."""

    schools: Schools
    figures: Figures
    reporting: Reporting


@dataclass
class Outline:
    """What the story needs to know of a block: in which months anybody reports in time, late, or wrongly; closures."""

    on_time: np.ndarray
    late: np.ndarray
    corrected: np.ndarray
    closures: list[tuple[str, date]]


class InventedCountry:
    """Blocks and what is known of each. Asking twice gives the same, whether it was kept or made anew."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.blocks: list[Block] = blocks(options)
        largest = max(block.schools for block in self.blocks) * options.months
        self._told = lru_cache(maxsize=max(2, KEPT // largest))(self._tell)

    def told(self, block: Block) -> Told:
        """Return the block's schools, figures and reporting."""
        return self._told(block.number)

    def _tell(self, number: int) -> Told:
        block = self.blocks[number]
        schools = make_schools(self.options, block)
        return Told(schools, true_figures(self.options, block, schools), reporting(self.options, block, schools))

    def corrections(self, block: Block, month: int) -> list[tuple[int, str, float]]:
        """Return (school, metric, true value) of what the block's schools first report wrongly for the month."""
        told = self.told(block)
        return corrected(told.figures, told.reporting, month)

    @cached_property
    def outlines(self) -> list[Outline]:
        """Every block's outline, made in one pass: a large country is not kept."""
        return [self._outline(block) for block in self.blocks]

    def _outline(self, block: Block) -> Outline:
        told = self.told(block)
        status = told.reporting.status
        return Outline(
            on_time=(status == ON_TIME).any(axis=0),
            late=(status == LATE).any(axis=0),
            corrected=np.array([bool(self.corrections(block, month)) for month in range(self.options.months)]),
            closures=[
                (code, closed)
                for code, closed in zip(told.schools.codes, told.schools.closed_on, strict=True)
                if closed is not None
            ],
        )
