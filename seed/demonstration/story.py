"""The story: which report is sent when, what a reviewer does with it, what is corrected, undone and released."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np

from seed.demonstration.invented import InventedCountry
from seed.demonstration.places import Block

DICE, CLOSURE_DICE = 6, 7
# Late reports and corrections of so many schools stand in one file.
GROUP = 60_000
QUARTER_ENDS = (3, 6, 9, 12)


class Content(StrEnum):
    """What a report holds."""

    ON_TIME = "on time"
    LATE = "late"
    CORRECTION = "correction"
    MISTAKE = "mistake"  # a column ten times too large: accepted, then undone
    MONTH_BEFORE = "month before"  # the wrong month's figures: rejected


class Deed(StrEnum):
    """What happens at a moment."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"
    CLOSE = "close"
    RELEASE = "release"


@dataclass(frozen=True)
class Report:
    """A file to be sent: what it holds, of whose schools, for which month of the story."""

    number: int
    content: Content
    blocks: tuple[int, ...]
    month: int


@dataclass(frozen=True, order=True)
class Step:
    """One thing that happens, in order of time."""

    moment: datetime
    number: int
    deed: Deed = field(compare=False)
    report: Report | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)
    school: str = field(default="", compare=False)
    closed_on: date | None = field(default=None, compare=False)


def steps(country: InventedCountry, *, leads: bool = True) -> list[Step]:
    """Return all that happens in the story, in order of time. Nothing happens after its epilogue.

    One that does not lead stands beside another, whose releases hold its figures too; nothing goes wrong in it.
    """
    writer = _Writer(country, leads=leads)
    for month in range(country.options.months):
        writer.month(month)
    writer.closures()
    if leads:
        writer.releases()
    found = sorted(writer.found)
    if found and found[-1].moment >= country.options.epilogue:
        raise ValueError("the story goes on after its epilogue")
    return found


class _Writer:
    """Lays out the steps month by month."""

    def __init__(self, country: InventedCountry, *, leads: bool) -> None:
        self.country, self.options = country, country.options
        self.found: list[Step] = []
        self.reports = 0
        last = self.options.months - 1
        # The month, never the last, in which one region's file is accepted by mistake, and one in which it is refused.
        self.undone = max(0, last - 3) if leads and last >= 1 else None
        self.refused = last - 1 if leads and last >= 2 else None

    def month(self, month: int) -> None:
        """Lay out one month: each region's report, then the late ones, then the corrections."""
        reporting = [block for block in self.country.blocks if self.country.outlines[block.number].on_time[month]]
        for place, block in enumerate(reporting):
            self._regional_report(block, month, place, len(reporting))
        last = month == self.options.months - 1
        for group in _groups(self.country.blocks):
            if not (last and group[0].number):
                self._late_report(group, month)
            if not last:
                self._correction(group, month)

    def _regional_report(self, block: Block, month: int, place: int, places: int) -> None:
        dice = self.options.dice(DICE, block.number, month)
        last = month == self.options.months - 1
        # The last month is reported in its final week, so that the demonstration is whole as soon as the month is,
        # and the same on whatever day it is made.
        day = int(dice.integers(-7, -3)) if last else int(dice.integers(1, 10))
        if not last and dice.random() < 0.1:
            day += 9  # after the due date
        if month == self.undone and place == places // 2:
            self._mistake_and_undo(block, month, day, dice)
        elif month == self.refused and place == places // 3:
            self._refusal(block, month, day, dice)
        else:
            self._accepted(self._report(Content.ON_TIME, (block,), month), day, dice)

    def _mistake_and_undo(self, block: Block, month: int, day: int, dice: np.random.Generator) -> None:
        mistake = self._report(Content.MISTAKE, (block,), month)
        self._accepted(mistake, day, dice)
        reason = "The column of allocated licences is ten times too large."
        self._add(self._at(month, day + 4, dice), Deed.UNDO, report=mistake, reason=reason)
        self._accepted(self._report(Content.ON_TIME, (block,), month), day + 5, dice)

    def _refusal(self, block: Block, month: int, day: int, dice: np.random.Generator) -> None:
        wrong = self._report(Content.MONTH_BEFORE, (block,), month)
        self._add(self._at(month, day, dice), Deed.SUBMIT, report=wrong)
        reason = f"These are the figures of {self.options.periods[month - 1]}: please send those of this month."
        self._add(self._at(month, day + 1, dice), Deed.REJECT, report=wrong, reason=reason)
        self._accepted(self._report(Content.ON_TIME, (block,), month), day + 2, dice)

    def _late_report(self, group: list[Block], month: int) -> None:
        late = [block for block in group if self.country.outlines[block.number].late[month]]
        if not late:
            return
        dice = self.options.dice(DICE, group[0].number, month, 1)
        report = self._report(Content.LATE, tuple(late), month)
        if month < self.options.months - 1:
            self._accepted(report, int(dice.integers(20, 25)), dice)
        else:  # waits for a reviewer when the story ends
            self._add(self._at(month, -2, dice), Deed.SUBMIT, report=report)

    def _correction(self, group: list[Block], month: int) -> None:
        wrong = [block for block in group if self.country.outlines[block.number].corrected[month]]
        if not wrong:
            return
        dice = self.options.dice(DICE, group[0].number, month, 2)
        report = self._report(Content.CORRECTION, tuple(wrong), month)
        if month < self.options.months - 2:
            self._accepted(report, int(dice.integers(33, 40)), dice)
        else:  # waits for a reviewer when the story ends
            self._add(self._at(month, 26, dice), Deed.SUBMIT, report=report)

    def closures(self) -> None:
        """Schools close; half of the closures become known in advance, half six weeks late."""
        dice = self.options.dice(CLOSURE_DICE)
        for code, closed_on in (pair for outline in self.country.outlines for pair in outline.closures):
            known = self.options.moment(closed_on, days=45 if dice.random() < 0.5 else -10, hours=11)
            if known >= self.options.epilogue:
                known = self.options.moment(closed_on, days=-3, hours=11)
            self._add(known, Deed.CLOSE, school=code, closed_on=closed_on)

    def releases(self) -> None:
        """Each quarter is released three weeks after its end; a short story ends with a release."""
        options = self.options
        quarters = [
            month for month, period in enumerate(options.periods[:-1]) if period.starts_on.month in QUARTER_ENDS
        ]
        for month in quarters:
            self._add(options.after(month, 21 + 9 / 24), Deed.RELEASE, reason=f"Figures up to {options.periods[month]}")
        if not quarters:
            moment = options.epilogue - timedelta(hours=1)
            self._add(moment, Deed.RELEASE, reason=f"Figures up to {options.until}")

    def _accepted(self, report: Report, day: int, dice: np.random.Generator) -> None:
        self._add(self._at(report.month, day, dice), Deed.SUBMIT, report=report)
        self._add(self._at(report.month, day + 1, dice), Deed.ACCEPT, report=report)

    def _at(self, month: int, day: int, dice: np.random.Generator) -> datetime:
        """Return a moment in working hours so many days after the month's end."""
        return self.options.after(month, day + dice.uniform(8.5, 17.5) / 24)

    def _report(self, content: Content, blocks: tuple[Block, ...], month: int) -> Report:
        self.reports += 1
        return Report(self.reports, content, tuple(block.number for block in blocks), month)

    def _add(self, moment: datetime, deed: Deed, *, report: Report | None = None, reason: str = "",
             school: str = "", closed_on: date | None = None) -> None:  # fmt: skip
        self.found.append(Step(moment, len(self.found), deed, report, reason, school, closed_on))


def _groups(blocks: list[Block]) -> Iterator[list[Block]]:
    """Yield neighbouring blocks whose late reports and corrections share a file."""
    group: list[Block] = []
    for block in blocks:
        if group and sum(member.schools for member in group) + block.schools > GROUP:
            yield group
            group = []
        group.append(block)
    if group:
        yield group
