"""One released figure as the public is shown it: what it says or why it says nothing, its base, course and meaning.

From the released tables alone, in the current language.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from access.language import _
from access.refusal import Refusal
from analytics.lookup import every_period
from charts.states import written
from charts.theme import Measure, base_text
from charts.trend import period_text
from data_model.periods import Period
from data_model.releases import FigureState
from publishing import open_data
from publishing.addresses import LATEST, FigureKey
from publishing.described import kept
from publishing.open_data import Filters, OpenRelease, Row

PERCENT = "%"


class NoSuchFigure(Refusal):
    """A release does not hold the figure that is asked for (`figure_unknown`)."""


@dataclass(frozen=True)
class Shown:
    """A value, or None for the reason that `state` says, as it is written, and the base in words."""

    period: str
    starts_on: date
    area: str
    value: float | None
    state: str
    text: str
    base: str
    demonstration: bool = False

    @property
    def period_text(self) -> str:
        """The period in words."""
        return period_text(self.period, self.starts_on)


@dataclass(frozen=True)
class ShownFigure:
    """A figure with what explains it. `course` are the periods up to its own, those without a value among them."""

    key: FigureKey
    release: OpenRelease
    initiative: str
    area: str
    measure: Measure
    definition: str
    formula: str
    figure: Shown
    course: tuple[Shown, ...]
    demonstration: bool

    @property
    def title(self) -> str:
        """What it is, where and when."""
        return _("{measure}, {place}, {period}").format(
            measure=self.measure.name, place=self.area, period=self.figure.period_text
        )


def shown_figure(session: Session, release: OpenRelease, key: FigureKey, first: date | None = None) -> ShownFigure:
    """Return a figure of a release; its course begins with the period of `first`, else with the oldest.

    Where `key` asks for the latest period, it is the newest that the release holds. Raises NoSuchFigure.
    """
    one = Filters(initiatives=[key.initiative], measures=[key.measure], areas=[key.area])
    rows = open_data.read_figures(session, release, one)
    if rows and key.period == LATEST:
        key = replace(key, period=str(rows[-1]["period"]))
    asked = next((row for row in rows if row["period"] == key.period), None)
    if asked is None:
        raise NoSuchFigure("figure_unknown", _("Release {number} holds no such figure.").format(number=release.number))
    described = _described(session, release, "measures", "measure", key.measure)
    measure = numbers_of(described)
    until = Period.parse(key.period).starts_on
    course = _course([row for row in rows if _starts_on(row) <= until], measure, first)
    return ShownFigure(
        key=key,
        release=release,
        initiative=str(_described(session, release, "initiatives", "initiative", key.initiative)["name"]),
        area=str(_described(session, release, "areas", "area", key.area)["name"]),
        measure=measure,
        definition=str(described["definition"]),
        formula=str(described["formula"]),
        figure=shown(asked, measure),
        course=course,
        demonstration=any(bool(row["demonstration"]) for row in rows),
    )


def in_areas(session: Session, release: OpenRelease, key: FigureKey) -> list[tuple[str, Shown]]:
    """Return the figure's measure in the areas directly below its own, by name: the greatest first, those without a
    value last. Empty for an area that has none.
    """
    below = {row["area"]: row["name"] for row in kept(session, release.number, "areas") if row["parent"] == key.area}
    if not below:
        return []
    measure = numbers_of(_described(session, release, "measures", "measure", key.measure))
    wanted = Filters(initiatives=[key.initiative], measures=[key.measure], areas=list(below), periods=[key.period])
    rows = open_data.read_figures(session, release, wanted)
    found = [(str(below[row["area"]]), shown(row, measure)) for row in rows]
    return sorted(found, key=lambda pair: (pair[1].value is None, -(pair[1].value or 0), pair[0]))


def numbers_of(row: Row) -> Measure:
    """Return how the numbers of a measure, as it was described in a release, are called and written."""
    percent = row["unit"] == PERCENT
    return Measure(str(row["name"]), "" if percent else str(row["unit"]), 2 if row["kind"] == "score" else 0, percent)


def shown(row: Row, measure: Measure) -> Shown:
    """Return a row of released figures as it is shown."""
    state = str(row["state"])
    value = float(row["value"]) if state == FigureState.REPORTED else None
    text = written(float("nan") if value is None else value, state, measure)
    # What is withheld tells nothing of its base, not even how many schools reported.
    base = "" if state == FigureState.SUPPRESSED else base_text(row["schools_reporting"], row["schools_expected"])
    return Shown(
        str(row["period"]), _starts_on(row), str(row["area"]), value, state, text, base, bool(row["demonstration"])
    )  # fmt: skip


def _course(rows: Sequence[Row], measure: Measure, first: date | None) -> tuple[Shown, ...]:
    """Return every period from the first to the last of the rows; one that no row is of was not reported."""
    held = {str(row["period"]): shown(row, measure) for row in rows}
    periods = every_period(Period.parse(str(rows[0]["period"])), Period.parse(str(rows[-1]["period"])))
    state = FigureState.NOT_REPORTED.value
    return tuple(
        held.get(one.key)
        or Shown(one.key, one.starts_on, str(rows[0]["area"]), None, state, written(0, state, measure), "")
        for one in periods
        if first is None or one.ends_on >= first
    )


def _starts_on(row: Row) -> date:
    return Period.parse(str(row["period"])).starts_on


def _described(session: Session, release: OpenRelease, table: str, column: str, key: str) -> dict[str, Any]:
    """Return what a release says of one measure, area or initiative."""
    return next(row for row in kept(session, release.number, table) if row[column] == key)
