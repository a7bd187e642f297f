"""Announced and measured: each claim beside the figure of the same definition that schools report.

Beside each other and nothing more: they are never added, and no share of one in the other is computed, because the
people counted differ (a claim says who in `population`) and announced bases are not confirmed.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.area_figures import area_figures, first_reported
from analytics.catalogue import newest_release
from analytics.lookup import Asked, MeasureFacts, country_of, look_up, measure_facts
from analytics.measures_described import measures
from analytics.reading import read_frame
from analytics.scope import Scope
from analytics.sources import source_columns
from data_model.bulk import Query
from data_model.periods import Period
from data_model.registry import Claim, Initiative, Source

# A claim's figure and unit -> the metric of the same definition. What is not here has none, whatever it is called:
# those "targeted" or "engaged" are counted by nobody, and a share of an unknown number asked is no score.
MEASURED_AS = {
    ("licences_allocated", "licences"): "licences_allocated",
    ("prompts_sent", "prompts"): "messages_sent",
    ("students_with_account", "students"): "students_with_account",
    ("teachers_active", "teachers"): "teachers_active",
    ("teachers_trained", "teachers"): "teachers_trained",
}
# A claim about an initiative's first month of use stands beside the first month that schools reported.
FIRST_MONTH = "month_1"
MEASURED = (
    "measure", "measured_period", "measured", "measured_state", "schools_in_base", "schools_reporting",
    "schools_expected", "demonstration",
)  # fmt: skip


# How a note speaks of other claims: "Conflicts with 2,000 in EE1, the better source."
SENTENCE = re.compile(r"(?<=[.;])\s+")
SOURCE_KEY = re.compile(r"\b[A-Z]{1,4}\d{1,2}\b")
NUMBER = re.compile(r"(?<![A-Z\d])\d[\d,]*\d|(?<![A-Z\d])\d")


def claims(session: Session, *, initiative_key: str | None = None, country: str | None = None) -> pd.DataFrame:
    """Return what was announced of an initiative or country (of all when neither is named).

    Columns: claim (key), initiative, initiative_name, figure, kind, qualifier, value, value_high (floats, NaN but for a
    range), unit, population, as_of, period, note, conflicts_with (keys of the claims that it contradicts, in order and
    separated by spaces; "" for none), then the source. In order of initiative, figure and date. Claims that contradict
    each other stand side by side; two of one figure may count different people: see `population`.
    """
    query: Query = (
        sa.select(
            col(Claim.key).label("claim"), col(Initiative.key).label("initiative"),
            col(Initiative.name).label("initiative_name"), col(Claim.figure), col(Claim.kind), col(Claim.qualifier),
            col(Claim.value), col(Claim.value_high), col(Claim.unit), col(Claim.population), col(Claim.as_of),
            col(Claim.period), col(Claim.note), col(Source.key).label("source"), *source_columns(),
        )
        .join(Initiative, col(Initiative.id) == col(Claim.initiative_id))
        .join(Source, col(Source.id) == col(Claim.source_id))
        .order_by(col(Initiative.key), col(Claim.figure), col(Claim.as_of), col(Claim.key))
    )  # fmt: skip
    if initiative_key is not None:
        query = query.where(col(Initiative.key) == initiative_key)
    if country is not None:
        query = query.where(col(Initiative.country) == country)
    frame = read_frame(session, query).astype({"value": "float64", "value_high": "float64"})
    frame.insert(int(frame.columns.get_loc("note")) + 1, "conflicts_with", _conflicts(frame))  # type: ignore[arg-type]
    return frame.drop(columns="source")


def _conflicts(frame: pd.DataFrame) -> list[str]:
    """Return which claims each contradicts: those of the same figure, unit and kind that its note says so of.

    Which claims cannot both be true is for a person to judge, who knows whom they count: the note of one of the two
    says that they conflict, by the other's source and where that has several by its value.
    """
    found: dict[str, set[str]] = defaultdict(set)
    alike = ["initiative", "figure", "unit", "kind"]
    # What is called "other" is not one figure: nothing in it can contradict anything.
    for _same, group in frame[frame["figure"] != "other"].groupby(alike, sort=False):
        rows = list(group.itertuples(index=False))
        for one in rows:
            sentences = [part for part in SENTENCE.split(str(one.note)) if "onflict" in part]
            sources = {key for part in sentences for key in SOURCE_KEY.findall(part)}
            others = [other for other in rows if other.source in sources and other is not one]
            numbers = {float(text.replace(",", "")) for part in sentences for text in NUMBER.findall(part)}
            for other in [other for other in others if other.value in numbers] or others:
                found[str(one.claim)].add(str(other.claim))
                found[str(other.claim)].add(str(one.claim))
    return [" ".join(sorted(found[str(key)])) for key in frame["claim"]]


def announced_and_measured(
    session: Session, initiative_key: str, period: Period, as_of: datetime | None = None, released: bool = False
) -> pd.DataFrame:
    """Return the columns and rows of `claims` for an initiative, and beside each what is measured.

    Added columns: measure (key; "" where nothing of the same definition is asked for), measured_period (key), measured
    (float), measured_state ("" without a measure; `not_released` where a release would be needed and there is none),
    schools_in_base, schools_reporting, schools_expected, demonstration. Measured is the whole country in `period`; a
    claim about the first month of use stands beside the first month reported.
    """
    frame = claims(session, initiative_key=initiative_key)
    asked_for = set(measures(session, initiative_key)["measure"])
    keys = [MEASURED_AS.get(pair, "") for pair in zip(frame["figure"], frame["unit"], strict=True)]
    frame["measure"] = [key if key in asked_for else "" for key in keys]
    wanted = sorted(set(frame["measure"]) - {""})
    measured = _measured(session, initiative_key, wanted, period, as_of, released) if wanted else {}
    first = [key == FIRST_MONTH for key in frame["period"]]
    rows = [measured.get((measure, early), _nothing()) for measure, early in zip(frame["measure"], first, strict=True)]
    beside = pd.DataFrame(rows, columns=list(MEASURED[1:]), index=frame.index)
    counts = dict.fromkeys(("schools_in_base", "schools_reporting", "schools_expected"), "Int64")
    return frame.join(beside.astype({"measured": "float64", "demonstration": "bool", **counts}))


def _measured(
    session: Session, initiative: str, keys: Sequence[str], period: Period, as_of: datetime | None, released: bool
) -> dict[tuple[str, bool], tuple[Any, ...]]:
    """Return the figures by measure and whether they are those of the first month: MEASURED after its first column."""
    if released and newest_release(session, as_of) is None:
        nothing = _nothing("not_released")
        return {(key, early): nothing for key in keys for early in (False, True)}
    found: dict[tuple[str, bool], tuple[Any, ...]] = {}
    facts = measure_facts(session, keys)
    country = country_of(session, initiative)
    scopes = [Scope(initiative, key, country, period, as_of=as_of, released=released) for key in keys]
    asked = [look_up(session, scope) for scope in scopes]
    figures = area_figures(session, asked[0], [facts[key] for key in keys], {asked[0].area_id: country}, [period])
    for row in figures.itertuples(index=False):
        found[str(row.measure), False] = _row(row)
    for one in asked:
        found[one.measure.key, True] = _first_month(session, one, facts[one.measure.key], country)
    return found


def _first_month(session: Session, asked: Asked, measure: MeasureFacts, country: str) -> tuple[Any, ...]:
    """Return the figure of the first month that schools reported and that may be seen."""
    first = first_reported(session, asked)
    if first is None:
        return _nothing("not_reported")
    return _row(
        next(area_figures(session, asked, [measure], {asked.area_id: country}, [first]).itertuples(index=False))
    )


def _row(row: Any) -> tuple[Any, ...]:
    return (
        row.period, row.value, row.state, row.schools_in_base, row.schools_reporting, row.schools_expected,
        row.demonstration,
    )  # fmt: skip


def _nothing(state: str = "") -> tuple[Any, ...]:
    return ("", None, state, None, None, None, False)
