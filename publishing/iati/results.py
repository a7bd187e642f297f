"""What came of an initiative: a result for each measure, with baselines, targets and what a release shows as actual.

A figure that a release withholds is not there: no element of IATI says "withheld", and zero would be wrong.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from data_model.measures import MetricKind
from data_model.periods import Period
from data_model.releases import FigureState
from publishing.iati import codes
from publishing.iati.elements import Element, add, number, told
from publishing.open_data import Row

WITHHELD = "Figures that would tell something about few people are withheld and not in this file."
PERCENT = "%"


def add_results(activity: Element, figures: list[Row], measures: list[Row], targets: pd.DataFrame) -> None:
    """Add a result for each measure that is released or to be reached, in the order of its key."""
    aims: dict[str, list[Any]] = {}
    for one in targets.itertuples(index=False):
        aims.setdefault(str(one.measure), []).append(one)
    shown: dict[str, list[Row]] = {}
    for row in figures:
        if row["state"] in (FigureState.REPORTED, FigureState.SUPPRESSED):
            shown.setdefault(row["measure"], []).append(row)
    for measure in measures:
        key = measure["measure"]
        if key in aims or any(row["state"] == FigureState.REPORTED for row in shown.get(key, ())):
            _result(activity, measure, shown.get(key, []), aims.get(key, []))


def _result(activity: Element, measure: Row, figures: list[Row], aims: list[Any]) -> None:
    is_rate = measure["unit"] == PERCENT
    # What people do with what they were given is an outcome; what they were given is an output.
    outcome = is_rate or measure["kind"] in (MetricKind.DISTINCT, MetricKind.FLOW, MetricKind.SCORE)
    result = add(activity, "result", type=codes.OUTCOME if outcome else codes.OUTPUT, aggregation_status="0")
    told(result, "title", measure["name"])
    indicator = add(result, "indicator", measure=codes.PERCENTAGE if is_rate else codes.UNIT, ascending="1",
                    aggregation_status="0")  # fmt: skip
    told(indicator, "title", measure["name"])
    hidden = [row for row in figures if row["state"] == FigureState.SUPPRESSED]
    withheld = bool(hidden)
    told(indicator, "description", f"{measure['definition']} {WITHHELD}" if withheld else measure["definition"])
    countries = {row["area"] for row in figures if "-" not in row["area"]}
    for aim in _first_of_each_area(aims):
        if not pd.isna(aim.baseline) and not pd.isna(aim.baseline_on) and not _is_withheld(aim, hidden):
            said = add(indicator, "baseline", year=str(aim.baseline_on.year), iso_date=aim.baseline_on.isoformat(),
                       value=number(aim.baseline))  # fmt: skip
            _place(said, aim.area_code, countries)
    for first, last, part in _periods(figures, aims):
        period = add(indicator, "period")
        add(period, "period-start", iso_date=first.isoformat())
        add(period, "period-end", iso_date=last.isoformat())
        for aim in part:
            if not isinstance(aim, dict):
                _place(add(period, "target", value=number(aim.value)), aim.area_code, countries)
        for row in part:
            if isinstance(row, dict):
                _place(add(period, "actual", value=number(row["value"])), row["area"], countries)


def _is_withheld(aim: Any, hidden: Iterable[Row]) -> bool:
    """Return whether a target's baseline speaks for a figure that the release withholds."""
    periods = [Period.parse(row["period"]) for row in hidden if row["area"] == aim.area_code]
    return any(period.starts_on <= aim.baseline_on <= period.ends_on for period in periods)


def _first_of_each_area(aims: Iterable[Any]) -> list[Any]:
    """Return one target an area: they share their baseline."""
    found: dict[str, Any] = {}
    for aim in aims:
        found.setdefault(aim.area_code, aim)
    return list(found.values())


def _periods(figures: list[Row], aims: list[Any]) -> list[tuple[date, date, list[Any]]]:
    """Return first day, last day, and the targets and reported figures of each period, in order of time."""
    parts: dict[tuple[date, date], list[Any]] = {}
    for aim in aims:
        begins = date(aim.due_on.year, 1, 1) if pd.isna(aim.baseline_on) else min(aim.baseline_on, aim.due_on)
        parts.setdefault((begins, aim.due_on), []).append(aim)
    for row in figures:
        if row["state"] == FigureState.REPORTED:
            period = Period.parse(row["period"])
            parts.setdefault((period.starts_on, period.ends_on), []).append(row)
    return [(first, last, part) for (first, last), part in sorted(parts.items(), key=lambda one: one[0])]


def _place(element: Element, area: str, countries: set[str]) -> None:
    """Say of which region a number is; one of the whole country says nothing."""
    if area not in countries and "-" in area:
        add(element, "dimension", name="area", value=area)
