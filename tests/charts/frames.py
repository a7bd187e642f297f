"""Tiny frames of figures, as analytics returns them."""

import re
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


def notes(figure: Any) -> list[str]:
    """Return the texts that stand in a picture, without their tags."""
    return [re.sub(r"<[^>]+>", " ", note.text).strip() for note in figure.layout.annotations]


def panels(told: dict[str, list[Told]]) -> pd.DataFrame:
    """Return courses of several units, as `analytics.compare` has them."""
    frames = [course(list(one)).assign(unit=name.upper(), name=name, at=range(len(one))) for name, one in told.items()]
    return pd.concat(frames, ignore_index=True)


def steps(*rows: tuple[str, Told, bool]) -> pd.DataFrame:
    """Return a funnel's steps given as (name, value or state, is a part of the step before)."""
    frame = figures([value for _name, value, _part in rows], name=[name for name, _value, _part in rows])
    frame = frame.assign(
        measure=[f"m{number}" for number in range(len(rows))], is_part_of_previous=[row[2] for row in rows]
    )
    drop = (frame["value"].shift() - frame["value"]).where(frame["is_part_of_previous"])
    return frame.assign(step=range(1, len(rows) + 1), drop=drop, drop_share=drop / frame["value"].shift() * 100)


def rates(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    """Return units of a funnel plot given as (name, rate, people, where they lie)."""
    frame = pd.DataFrame(list(rows), columns=["name", "rate", "denominator", "beyond"])
    return frame.assign(
        unit=frame["name"].str.upper(), numerator=frame["rate"] * frame["denominator"] / 100, z=0.0,
        people_beyond=[0.0 if beyond == "within" else 3.0 for beyond in frame["beyond"]],
    )  # fmt: skip


def reports(*rows: tuple[str, bool, str, int, float, bool]) -> pd.DataFrame:
    """Return reports given as (place, is the whole, period, schools expected, percent reported, due)."""
    names = ["name", "is_whole", "period", "schools_expected", "share_reporting", "is_due"]
    frame = pd.DataFrame(list(rows), columns=names)
    counted = (frame["schools_expected"] * frame["share_reporting"] / 100).round()
    return frame.assign(
        area_code=frame["name"].str.upper(), starts_on=[Period.parse(key).starts_on for key in frame["period"]],
        schools_reporting=counted.astype("Int64"), schools_on_time=counted.astype("Int64"),
        share_on_time=frame["share_reporting"],
    )  # fmt: skip
