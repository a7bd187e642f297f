"""Which lines tell a movement: single schools and places where they move much, and groups of what is left.

Docs/methods.md tells how they are chosen.
"""

from dataclasses import dataclass

import numpy as np

from intake.review.parts import CAUSES, WHOLE_COLUMN, Parts

LINES = 10
# How small a part may be and still be a line of its own: tried from large to small, the best is taken.
WORTH_A_LINE, ENOUGH = 0.03, 0.95
THRESHOLDS = (*(0.8 * 0.8**step for step in range(50)), 1e-9)


@dataclass(frozen=True)
class Level:
    """A kind of line: `place` it names (school, area, region, country), what all of it has in common beside its cause
    (fields of Parts), and how much it tells a reader, from 1 (one school, place or cause) down to 0.
    """

    place: str
    alike: tuple[str, ...]
    tells: float = 1.0

    @property
    def grouped(self) -> bool:
        """Whether many changes without a common cause are counted together, wherever they are."""
        return 0 < self.tells < 1


# From the finest to the coarsest. What a finer one has named is no part of a coarser one.
LEVELS = (
    Level("school", ("plainly", "period", "school")),
    Level("area", ("metric", "turn", "period", "area")),
    Level("area", ("plainly", "period", "area")),
    Level("region", ("metric", "turn", "period", "region")),
    Level("region", ("plainly", "period", "region")),
    Level("country", ("plainly", "period")),
    Level("country", ("metric", "turn", "period"), 0.8),
    Level("country", ("metric", "turn"), 0.6),
    Level("country", ("metric",), 0.4),
    Level("country", (), 0.2),
)
SCHOOL, ONE_CAUSE, LAST = LEVELS[0], LEVELS[5], LEVELS[-1]
ODD_REST, REST = Level("odd_rest", ()), Level("rest", (), 0.0)


@dataclass
class Choice:
    """The line of each part, and of each line its level."""

    line_of: np.ndarray
    lines: list[Level]


def chosen_lines(parts: Parts) -> Choice:
    """Return the lines that tell most, at most LINES beside the rest, which is never more than 1 - ENOUGH.

    Of all thresholds the one whose lines tell most, where a group of many changes tells less than a place or a cause;
    of equals the one with most lines. Below WORTH_A_LINE is only gone where single places and causes above it leave
    more than 1 - ENOUGH to groups.
    """
    numbered = [_numbered(parts, level) for level in LEVELS]
    best: tuple[tuple[float, int], Choice] | None = None
    named = 0.0
    for threshold in THRESHOLDS:
        if threshold < WORTH_A_LINE and named >= ENOUGH:
            break
        choice = _lines_above(parts, numbered, threshold)
        count = sum(level is not REST for level in choice.lines)
        if count > LINES:
            continue
        of_part = np.array([level.tells for level in choice.lines], dtype=float)[choice.line_of]
        worth = (round(float(parts.pull @ of_part), 9), count)
        if best is None or worth > best[0]:
            best, named = (worth, choice), float(parts.pull[of_part == 1].sum())
    assert best is not None, "above the largest threshold there is one line, and one for what is left of each cause"
    return best[1]


@dataclass
class _Numbered:
    """Of one level: the group of each part, -1 where it cannot be named by this level, and the largest group."""

    level: Level
    group: np.ndarray
    largest: float


def _numbered(parts: Parts, level: Level) -> _Numbered:
    """Return the groups of one level. A whole column is one thing; what simply changed everywhere has no one cause."""
    key = parts.cause.astype(np.int64)
    for name in level.alike:
        values, place = np.unique(getattr(parts, name), return_inverse=True)
        key = key * max(len(values), 1) + place.reshape(-1)
    _keys, group = np.unique(key, return_inverse=True)
    group = group.reshape(-1)
    if level is ONE_CAUSE:
        group = np.where(parts.odd | (parts.cause == CAUSES.index("first_report")), group, -1)
    elif level.place != "country":
        group = np.where(parts.cause < len(WHOLE_COLUMN), -1, group)
    inside = group >= 0
    largest = np.bincount(group[inside], weights=parts.pull[inside]).max(initial=0.0)
    return _Numbered(level, group, float(largest))


def _lines_above(parts: Parts, numbered: list[_Numbered], threshold: float) -> Choice:
    """Return the lines in which nothing named is smaller than the threshold, but for what is left in the end."""
    choice = Choice(np.full(len(parts), -1, dtype=np.int64), [])
    for one in numbered:
        least = threshold
        if one.level is LAST and parts.pull[(choice.line_of < 0) & ~parts.odd].sum() > 1 - ENOUGH:
            least = 0.0
        if one.largest >= least:
            _name(parts, choice, one, least)
        if len(choice.lines) > LINES:
            return choice
    for level, odd in ((ODD_REST, True), (REST, False)):
        left = np.flatnonzero((choice.line_of < 0) & (parts.odd == odd))
        if len(left):
            choice.line_of[left] = len(choice.lines)
            # What is left of one school alone is called by its name.
            choice.lines.append(SCHOOL if len(left) == 1 else level)
    return choice


def _name(parts: Parts, choice: Choice, one: _Numbered, least: float) -> None:
    """Make lines of the groups of one level that reach `least`, of what no finer level has named."""
    places = np.flatnonzero((choice.line_of < 0) & (one.group >= 0))
    group = one.group[places]
    sums = np.bincount(group, weights=parts.pull[places])
    large = np.flatnonzero((np.bincount(group) > 0) & (sums >= least))[: LINES + 1]
    named = np.full(len(sums), -1, dtype=np.int64)
    named[large] = len(choice.lines) + np.arange(len(large))
    choice.line_of[places] = named[group]
    choice.lines += [one.level] * len(large)
