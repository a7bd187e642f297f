"""Tiny frames of figures, as analytics returns them."""

from datetime import date
from typing import Any

import pandas as pd

from data_model.periods import Period

Told = float | str  # a value, or the state of one that is missing


def figures(told: list[Told], **names: list[Any]) -> pd.DataFrame:
    """Return a frame of figures over 8 of 10 schools; `names` are the columns that name the rows."""
    missing = [isinstance(one, str) for one in told]
    frame = pd.DataFrame(names)
    frame["value"] = [float("nan") if isinstance(one, str) else float(one) for one in told]
    frame["state"] = [one if isinstance(one, str) else "reported" for one in told]
    frame["numerator"], frame["denominator"] = frame["value"], float("nan")
    frame["schools_in_base"] = pd.array([0 if gone else 8 for gone in missing], dtype="Int64")
    frame["schools_reporting"] = pd.array([0 if gone else 9 for gone in missing], dtype="Int64")
    frame["schools_expected"] = pd.array([10] * len(told), dtype="Int64")
    return frame.assign(demonstration=False)


def course(told: list[Told], last: str = "2026-10") -> pd.DataFrame:
    """Return a trend that ends with a period."""
    end = Period.parse(last)
    periods = [end.shifted(index + 1 - len(told)) for index in range(len(told))]
    return figures(told, period=[one.key for one in periods], starts_on=[one.starts_on for one in periods])


def places(told: dict[str, Told]) -> pd.DataFrame:
    """Return figures of places by name; their codes are their names in capitals."""
    return figures(list(told.values()), name=list(told), area_code=[name.upper() for name in told])


def claims(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a frame of `analytics.announced.announced_and_measured`; a row says what differs from the first claim."""
    plain = {
        "claim": "c", "figure": "teachers_trained", "kind": "result", "qualifier": "exact", "value": 84_000.0,
        "value_high": float("nan"), "unit": "teachers", "population": "educators trained", "as_of": "2026-05-20",
        "period": "", "note": "", "grade": "A", "measure": "", "measured_period": "2026-10", "measured": float("nan"),
        "measured_state": "", "schools_in_base": 8, "schools_reporting": 9, "schools_expected": 10,
        "demonstration": False,
    }  # fmt: skip
    return pd.DataFrame([plain | row for row in rows])


def milestones(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return milestones given as (title, due_on, achieved_on)."""
    return pd.DataFrame(list(rows), columns=["title", "due_on", "achieved_on"]).assign(note="")


TODAY = date(2026, 11, 2)
