"""The schools of a file that are not known, by what is written for them: what there is to choose for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from intake.finding_list import Block, Coded, FindingList
from intake.folding import fold

UNKNOWN, AMBIGUOUS = "unknown_school", "school_code_ambiguous"
# Under this detail of a finding stand the schools that may be meant.
NEAREST = {UNKNOWN: "suggestions", AMBIGUOUS: "schools"}


@dataclass(frozen=True)
class Unmatched:
    """A text for which no one school is known, in how many rows, and the codes of the nearest schools."""

    text: str
    rows: int
    nearest: tuple[str, ...]


def unmatched_schools(findings: FindingList) -> list[Unmatched]:
    """Return the texts that name no school, or several, the most frequent first."""
    found: dict[str, Unmatched] = {}
    for block in findings.blocks:
        if block.code in NEAREST:
            for one in _of_block(block):
                key = fold(one.text)
                known = found.get(key)
                found[key] = one if known is None else Unmatched(known.text, known.rows + one.rows, known.nearest)
    return sorted(found.values(), key=lambda one: (-one.rows, one.text))


def _of_block(block: Block) -> Iterator[Unmatched]:
    if not isinstance(block.values, Coded):
        return
    nearest: Any = block.details[NEAREST[block.code]]
    codes, first, counts = np.unique(block.values.codes, return_index=True, return_counts=True)
    for code, at, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True):
        # A suggestion is written as "code (name)".
        schools = tuple(str(school).partition(" (")[0] for school in nearest[at])
        yield Unmatched(str(block.values.choices[code]), count, schools)
