"""The funnels of a brief: how many come how far, each over the schools that reported all of its steps."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlmodel import Session

from access.language import N_, _
from analytics import funnels
from analytics.scope import Scope
from charts import funnel
from charts.states import in_words
from charts.theme import base_text
from data_model.releases import FigureState

TITLES = {"licences": N_("From licence to use"), "teachers": N_("From teacher to user")}


@dataclass(frozen=True)
class Step:
    """A step: its number, None where there is none; `way` says what lies between it and the one before."""

    name: str
    value: float | None
    text: str
    way: str
    is_part: bool


@dataclass(frozen=True)
class Funnel:
    """Steps over the schools that reported all of them; `nothing` says why there are none to show."""

    title: str
    steps: tuple[Step, ...]
    base: str
    nothing: str
    alternative: str


def told(session: Session, scope: Scope, names: dict[str, str]) -> list[Funnel]:
    """Return the funnels whose steps the initiative asks for; `names` are those of its measures by key."""
    asked_for = [which for which, steps in funnels.FUNNELS.items() if set(steps) <= set(names)]
    return [_funnel(funnels.funnel(session, scope, which), which, names) for which in asked_for]


def _funnel(frame: pd.DataFrame, which: str, names: dict[str, str]) -> Funnel:
    frame = frame.assign(name=[names[key] for key in frame["measure"]])
    first = frame.iloc[0]
    reported = bool((frame["state"] == FigureState.REPORTED).any())
    return Funnel(
        title=_(TITLES[which]),
        steps=tuple(_step(row, number) for number, row in enumerate(frame.to_dict("records"))) if reported else (),
        base=_base(first["schools_in_base"], first["schools_expected"]) if reported else "",
        nothing="" if reported else funnel.nothing(str(first["state"])),
        alternative=funnel.alt_text(frame),
    )


def _base(counted: Any, expected: Any) -> str:
    """Return over which schools the steps are counted. A release does not tell how many they are."""
    if pd.isna(counted):
        return _("Over the schools that reported all steps; a release does not tell how many.")
    return _("{base}: those that reported all steps").format(base=base_text(counted, expected))


def _step(row: dict[Any, Any], number: int) -> Step:
    reported = row["state"] == FigureState.REPORTED
    return Step(
        name=str(row["name"]),
        value=float(row["value"]) if reported else None,
        text=funnel.number(row) if reported else in_words(str(row["state"])),
        way=funnel.on_the_way(row) if number else "",
        is_part=bool(row["is_part_of_previous"]),
    )
