"""Figures, bases, changes and codes in words. A missing figure is always said in words, never drawn as zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd
import streamlit as st

from access.language import (
    N_,
    _,
    current,
    format_date,
    format_moment,
    format_month,
    format_number,
    format_percent,
    format_quarter,
    ngettext,
)
from charts.theme import Measure as ChartMeasure
from data_model.periods import Granularity, Period
from data_model.releases import FigureState

Direction = Literal["up", "down", "off"]

PERCENT = 100
MISSING: dict[str, str] = {
    FigureState.NOT_REPORTED: N_("Not reported"),
    FigureState.NOT_APPLICABLE: N_("Not applicable"),
    FigureState.SUPPRESSED: N_("Withheld"),
    "not_released": N_("Not released"),
}
STATES = {FigureState.REPORTED: N_("Reported"), **MISSING}


@dataclass(frozen=True)
class Measure:
    """A metric or indicator as people are shown it: a row of `analytics.catalogue.measures`."""

    key: str
    name: str
    definition: str
    formula: str
    unit: str
    kind: str
    subject: str
    decimals: int
    percent: bool
    indicator: bool
    required: bool

    @classmethod
    def of(cls, row: Any) -> "Measure":
        """Return the measure of one row (a named tuple) of `analytics.catalogue.measures`."""
        return cls(
            key=row.measure,
            name=row.name,
            definition=row.definition,
            formula=row.formula,
            unit=row.unit,
            kind=row.kind,
            subject=row.subject,
            decimals=int(row.decimals),
            percent=row.type == "indicator" and row.factor == PERCENT,
            indicator=row.type == "indicator",
            required=bool(row.required),
        )

    @property
    def for_charts(self) -> ChartMeasure:
        """How charts write this measure's numbers."""
        return ChartMeasure(self.name, self.unit, self.decimals, self.percent)


def number(measure: Measure, value: float) -> str:
    """Return a value of the measure as written: 42.3%, 8,412 or 3.85."""
    return format_percent(value / PERCENT) if measure.percent else format_number(value, measure.decimals)


def figure(measure: Measure, value: float | None, state: str) -> str:
    """Return a figure as written, or in words why there is none."""
    if state != FigureState.REPORTED or value is None or pd.isna(value):
        return _(MISSING.get(state, MISSING[FigureState.NOT_REPORTED]))
    return number(measure, value)


def state(code: str) -> str:
    """Return in words what state a value is in; an unknown code as it is."""
    return _(STATES[code]) if code in STATES else code.replace("_", " ")


def base(counted: int | None, expected: int | None) -> str:
    """Return a figure's base: 412 of 530 schools."""
    if expected is None or pd.isna(expected):
        return _("base withheld")
    if counted is None or pd.isna(counted):
        return ngettext("{count} school expected", "{count} schools expected", int(expected)).format(
            count=format_number(int(expected))
        )
    return ngettext("{counted} of {expected} school", "{counted} of {expected} schools", int(expected)).format(
        counted=format_number(int(counted)), expected=format_number(int(expected))
    )


def change(measure: Measure, change: float) -> str:
    """Return a change with its sign, in percentage points where the measure is a percentage."""
    size = format_number(abs(change), measure.decimals)
    signs = {"up": "+", "down": "\N{MINUS SIGN}", "off": "\N{PLUS-MINUS SIGN}"}
    sign = signs[direction(measure, change)]
    return _("{change} points").format(change=f"{sign}{size}") if measure.percent else f"{sign}{size}"


def direction(measure: Measure, change: float) -> Direction:
    """Return where a change points as it is written: what rounds to nothing points nowhere."""
    if round(abs(change), measure.decimals) == 0:
        return "off"
    return "up" if change > 0 else "down"


def period(shown: Period, *, short: bool = False) -> str:
    """Return a period as people write it: September 2026, Q3 2026, 2025/26."""
    if shown.granularity == Granularity.MONTH:
        return format_month(shown.starts_on, short=short)
    if shown.granularity == Granularity.QUARTER:
        return format_quarter(shown.starts_on)
    return shown.key


def rough_date(written: str) -> str:
    """Return a date that is as precise as its source: 2026, May 2026 or 20 May 2026; a dash where it is not known."""
    if not isinstance(written, str) or not written:
        return "–"
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 1:
        return written
    day = date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    return format_date(day) if len(parts) > 2 else format_month(day)


def date_format() -> str:
    """Return how a field for a day is written in the current language: the ISO way in English."""
    return "YYYY-MM-DD" if current() == "en" else "DD.MM.YYYY"


def table(measure: Measure, frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of a frame of figures under headings people read; `names` are the columns that name a row."""
    shown = pd.DataFrame({heading: frame[column] for column, heading in names.items()})
    shown[f"{measure.name}, %" if measure.percent else measure.name] = frame["value"].round(measure.decimals)
    shown[_("State")] = [state(code) for code in frame["state"]]
    if "school_code" not in frame:
        shown[_("Schools reporting")] = frame["schools_reporting"]
        shown[_("Schools expected")] = frame["schools_expected"]
    if frame["demonstration"].any():
        shown[_("Demonstration")] = frame["demonstration"]
    return shown


def under_headings(frame: pd.DataFrame, headings: Mapping[str, str], decimals: int = 1) -> pd.DataFrame:
    """Return columns of a frame under headings people read, numbers rounded; what is missing stays empty."""
    shown = {heading: frame[column] for column, heading in headings.items()}
    return pd.DataFrame(
        {heading: cells.round(decimals) if cells.dtype.kind == "f" else cells for heading, cells in shown.items()}
    )


def moment(instant: datetime) -> str:
    """Return an instant as the reader's clock shows it, with the clock's offset from UTC."""
    try:
        return format_moment(instant, ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):  # a browser may say anything
        return format_moment(instant)
