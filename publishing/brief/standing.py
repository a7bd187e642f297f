"""Where a place stands: the headline figures, the course of the one that leads, and what it is held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlmodel import Session

from access.language import _, format_date, format_number
from analytics import adoption, completeness, figures, forecast, registry
from analytics.completeness import Provisional
from analytics.figures import Headline
from analytics.forecast import Forecast
from analytics.scope import Scope
from charts import trend
from charts.forecast import sentences
from charts.states import written
from charts.theme import Measure, base_text
from data_model.measures import MetricKind
from data_model.periods import MONTHS_IN, Granularity, Period
from data_model.releases import FigureState
from publishing.brief.rows import rows

MINUS, PLUS_MINUS = "\N{MINUS SIGN}", "\N{PLUS-MINUS SIGN}"
PERCENT = 100
# Verdicts of a forecast that say something of the target.
SETTLED = ("on_course", "at_risk", "off_course")


@dataclass(frozen=True)
class Told:
    """A measure as it is called, defined and written."""

    key: str
    definition: str
    numbers: Measure

    @classmethod
    def of(cls, row: Any) -> "Told":
        """Return the measure of a row of `analytics.catalogue.measures`."""
        percent = row.type == "indicator" and row.factor == PERCENT
        return cls(row.measure, row.definition, Measure(row.name, row.unit, int(row.decimals), percent))


@dataclass(frozen=True)
class Card:
    """A headline figure: its value or why there is none, its base, its change, and what keeps it from being final."""

    measure: str
    name: str
    value: str
    state: str
    base: str
    change: str
    year_before: str
    provisional: str
    target: str


@dataclass(frozen=True)
class Level:
    """A level to hold a course against, with the words at its line."""

    value: float
    text: str


@dataclass(frozen=True)
class Point:
    """A period of a course; `value` is None where there is none, for the reason that `why` says."""

    period: str
    starts_on: date
    value: float | None
    text: str
    why: str


@dataclass(frozen=True)
class Course:
    """A measure over time, its target and baseline, and what is said of reaching the target."""

    title: str
    percent: bool
    decimals: int
    points: tuple[Point, ...]
    target: Level | None
    baseline: Level | None
    outlook: str
    alternative: str


def heading(listed: pd.DataFrame) -> list[str]:
    """Return the keys of the measures that head a brief: every rate, and those counts that ask who takes part."""
    rates = listed["type"] == "indicator"
    counts = ~rates & (listed["kind"] == MetricKind.DISTINCT) & listed["required"]
    return [*listed["measure"][rates], *listed["measure"][counts]]


def leading(listed: pd.DataFrame, keys: Sequence[str]) -> str:
    """Return the measure that leads a brief: the first rate of people who really take part, else the first at all."""
    heading_it = listed[listed["measure"].isin(keys)]
    taking_part = heading_it[(heading_it["type"] == "indicator") & (heading_it["kind"] == MetricKind.DISTINCT)]
    return str((heading_it if taking_part.empty else taking_part)["measure"].iloc[0])


def cards(session: Session, scope: Scope, shown: Sequence[Told], at: datetime) -> tuple[list[Card], bool]:
    """Return the headline figures of the scope's place and period, and whether any of them is invented."""
    found = figures.headlines(session, scope, [told.key for told in shown])
    aims = registry.targets(session, scope.initiative, scope.as_of, scope.released)
    made = []
    for told in shown:
        own = scope.of(measure=told.key)
        settled = completeness.provisional(session, own, at)
        made.append(_card(told, found[told.key], settled, registry.next_target(aims, own)))
    return made, any(one.figure.demonstration for one in found.values())


def _card(told: Told, headline: Headline, settled: Provisional, aim: Any | None) -> Card:
    now = headline.figure
    value = written(float("nan") if now.value is None else now.value, now.state, told.numbers)
    return Card(
        measure=told.key,
        name=told.numbers.name,
        value=value,
        state=now.state,
        base=_base(headline),
        change=_change(told.numbers, headline),
        year_before=_year_before(told.numbers, headline),
        provisional=completeness.in_words(settled) if now.state == FigureState.REPORTED else "",
        target="" if aim is None else _("Target {target}").format(target=target_in_words(aim, told.numbers)),
    )


def _change(measure: Measure, headline: Headline) -> str:
    """Return the change since the period before; "" where it is not known."""
    if headline.change is None:
        return ""
    decimals = max(measure.decimals, 1) if measure.percent else measure.decimals
    size = round(abs(headline.change), decimals)
    sign = PLUS_MINUS if size == 0 else "+" if headline.change > 0 else MINUS
    said = f"{sign}{format_number(size, decimals)}"
    text = _("{change} points since {period}") if measure.percent else _("{change} since {period}")
    return text.format(change=said, period=_short(headline.period.shifted(-1)))


def _year_before(measure: Measure, headline: Headline) -> str:
    """Return the same month's figure a year before, which holidays do not distort; "" where there is none."""
    period = headline.period.shifted(-MONTHS_IN[Granularity.SCHOOL_YEAR] // MONTHS_IN[headline.period.granularity])
    then = headline.spark[headline.spark["period"] == period.key]
    if then.empty or then["state"].iloc[0] != FigureState.REPORTED:
        return ""
    return _("{value} in {period}").format(value=measure.write(then["value"].iloc[0]), period=_short(period))


def _base(headline: Headline) -> str:
    """Return what a figure rests on, and on how many schools the one before it did where that differs."""
    now, before = headline.figure, headline.previous
    base = base_text(now.base, now.schools_expected)
    if not headline.bases_differ or before is None or before.base is None:
        return base
    month = _short(headline.period.shifted(-1))
    return _("{base}; {count} in {period}").format(base=base, count=format_number(before.base), period=month)


def _short(period: Period) -> str:
    return trend.short_period(period.key, period.starts_on)


def target_in_words(aim: Any, measure: Measure) -> str:
    """Return a target: 60.0% by 31 May 2027."""
    return _("{value} by {date}").format(value=measure.write(aim.value), date=format_date(aim.due_on))


def course(session: Session, scope: Scope, told: Told) -> Course:
    """Return the course of the scope's measure with its target and what is said of reaching it."""
    frame = adoption.trend(session, scope)
    measure = told.numbers
    aim = registry.next_target(registry.targets(session, scope.initiative, scope.as_of, scope.released), scope)
    target, baseline = _levels(aim, measure)
    points = tuple(
        Point(
            trend.short_period(row.period, row.starts_on), row.starts_on,
            float(row.value) if row.state == FigureState.REPORTED else None,
            written(row.value, row.state, measure), "" if row.state == FigureState.REPORTED else row.state,
        )
        for row in rows(frame)
    )  # fmt: skip
    levels = [f"{level.text}." for level in (target, baseline) if level is not None]
    return Course(
        title=_("{measure} over time").format(measure=measure.name),
        percent=measure.percent,
        decimals=measure.decimals,
        points=points,
        target=target,
        baseline=baseline,
        outlook=_outlook(forecast.to_target(session, scope)) if aim is not None else "",
        alternative=" ".join([trend.alt_text(frame, measure), *levels]),
    )


def _levels(aim: Any | None, measure: Measure) -> tuple[Level | None, Level | None]:
    if aim is None:
        return None, None
    target = Level(float(aim.value), _("Target {target}").format(target=target_in_words(aim, measure)))
    if pd.isna(aim.baseline):
        return target, None
    value = measure.write(aim.baseline)
    if aim.baseline_on is None:
        return target, Level(float(aim.baseline), _("Baseline {value}").format(value=value))
    text = _("Baseline {value}, {date}").format(value=value, date=format_date(aim.baseline_on))
    return target, Level(float(aim.baseline), text)


def _outlook(made: Forecast) -> str:
    """Return whether the target will be met, as far as the forecast can tell, and then how far to trust it."""
    said = sentences(made)
    return " ".join(said if made.verdict in SETTLED else said[:1])
