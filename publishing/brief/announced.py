"""What was announced, beside what is measured: claims with their sources, milestones, and who takes part."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from access import codes
from access.language import _
from analytics import announced, registry
from analytics.scope import Scope
from charts import claims as drawn
from charts import timeline
from charts.rough_dates import in_words
from charts.states import written
from charts.theme import Measure, base_text, shortened
from data_model.releases import FigureState
from publishing.brief.rows import rows

LETTERS, LETTERS_OF_A_SOURCE = 110, 130


@dataclass(frozen=True)
class Said:
    """One claim: what it is about, as it was hedged, who is counted, when; beside it what is measured. `source` is the
    number of its source in the brief; `conflict` says which sources contradict it.
    """

    what: str
    announced: str
    about: str
    measured: str
    base: str
    source: int
    conflict: str


@dataclass(frozen=True)
class Milestone:
    """A step: when as precisely as it is known, what, and how far it has come."""

    when: str
    title: str
    state: str


@dataclass(frozen=True)
class SourceTold:
    """A source as it is listed: its number, who published what when with what grade, and the grade's letter; `url` is
    "" for none.
    """

    number: int
    text: str
    grade: str
    url: str


def claims(frame: pd.DataFrame, names: dict[str, Measure]) -> tuple[list[Said], list[SourceTold]]:
    """Return the claims of a frame of `analytics.announced`, newest first, and their sources in order of number."""
    ordered = frame.assign(newest=frame["as_of"].fillna("")).sort_values(
        ["newest", "claim"], ascending=[False, True], ignore_index=True
    )
    sources: dict[str, SourceTold] = {}
    numbers = {}
    for row in rows(ordered):
        source = sources.setdefault(str(row.url or row.source_title), source_told(row, len(sources) + 1))
        numbers[row.claim] = source.number
    return [_said(row, names, numbers) for row in rows(ordered)], list(sources.values())


def beside(session: Session, initiative: str, national: Scope | None) -> pd.DataFrame:
    """Return the claims about an initiative, with what is measured in `national`, a scope of the whole country.

    Without such a scope, nothing is measured.
    """
    if national is not None:
        return announced.announced_and_measured(session, initiative, national.period, national.as_of, national.released)
    return announced.claims(session, initiative_key=initiative).assign(measure="")


def grades(sources: list[SourceTold]) -> list[str]:
    """Return what the grades of these sources say, each once."""
    return [_(codes.GRADES[grade]) for grade in sorted({source.grade for source in sources}) if grade in codes.GRADES]


def source_told(row: Any, number: int) -> SourceTold:
    """Return the source of a row that ends with one."""
    parts = [row.publisher, shortened(str(row.source_title), LETTERS_OF_A_SOURCE), in_words(row.published_on or "")]
    graded = " ({})".format(_("grade {grade}").format(grade=row.grade)) if row.grade else ""
    url = str(row.url or "")
    return SourceTold(
        number, ". ".join(str(part) for part in parts if part) + graded, str(row.grade or ""),
        url if url.startswith(("https://", "http://")) else "",
    )  # fmt: skip


def _said(row: Any, names: dict[str, Measure], numbers: dict[str, int]) -> Said:
    unit = _(drawn.UNITS[row.unit]) if row.unit in drawn.UNITS else row.unit
    when = in_words(row.as_of) if row.as_of else ""
    measured = base = ""
    if row.measure in names:
        measured = written(row.measured, row.measured_state, names[row.measure])
        if row.measured_state == FigureState.REPORTED:
            counted = row.schools_reporting if pd.isna(row.schools_in_base) else row.schools_in_base
            period = in_words(row.measured_period) if row.measured_period[5:].isdigit() else row.measured_period
            told = _("demonstration") if row.demonstration else ""
            base = ", ".join(part for part in (period, base_text(counted, row.schools_expected), told) if part)
    what = _(codes.FIGURES[row.figure]) if row.figure in codes.FIGURES else row.figure.replace("_", " ")
    return Said(
        what=what,
        announced=f"{drawn.written(row)} {unit}",
        about=", ".join(part for part in (shortened(str(row.population), LETTERS), when) if part),
        measured=measured,
        base=base,
        source=numbers[row.claim],
        conflict=_conflict(row, numbers),
    )


def _conflict(row: Any, numbers: dict[str, int]) -> str:
    """Return which other sources contradict a claim; nothing is decided between them."""
    others = sorted({numbers[key] for key in row.conflicts_with.split() if key in numbers})
    if not others:
        return ""
    return _("contradicted by source {numbers}").format(numbers=", ".join(map(str, others)))


def milestones(session: Session, initiative: str, at: datetime) -> list[Milestone]:
    """Return the initiative's milestones in order of time."""
    frame = registry.initiative_detail(session, initiative).milestones
    today: date = at.date()
    return [
        Milestone(in_words(step.written) or _("no date"), shortened(step.title, LETTERS), step.state(today))
        for step in timeline.in_order(frame)
    ]


def partners(session: Session, initiative: str) -> list[str]:
    """Return the names of those who take part."""
    names = dict.fromkeys(str(name) for name in registry.participations(session, initiative)["organisation"])
    return [shortened(name, LETTERS) for name in names]
