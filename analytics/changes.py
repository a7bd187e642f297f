"""What changed: since the month before, since the last release, since a chosen moment. And which reports did it.

A figure is set against the one that was shown then. Its change is divided among the areas below so that the parts add
up to it: of a count each area's own change; of a rate what came of the areas' own rates, and what came of the people
having moved between areas of high and low rates (E. M. Kitagawa, "Components of a difference between two rates",
Journal of the American Statistical Association 50 (1955), 1168-1194).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.adoption import areas_directly_below
from analytics.area_figures import area_figures
from analytics.catalogue import latest_period
from analytics.lookup import Asked, areas_below, look_up, measure_facts, period_ids
from analytics.reading import read_frame
from analytics.released_figures import require_release
from analytics.scope import Scope
from data_model.base import known_at
from data_model.bulk import Query
from data_model.people import Account
from data_model.periods import Period
from data_model.places import SchoolRecord
from data_model.releases import FigureState
from data_model.submissions import Observation, Submission

CHANGES = (
    "measure", "period_before", "period_now", "before", "now", "change", "relative", "state_before", "state_now",
    "base_before", "base_now", "bases_differ", "importance", "demonstration",
)  # fmt: skip
BY_AREA = (
    "area_code", "name", "before", "now", "change", "contribution", "of_rates", "of_mix", "schools_before",
    "schools_now",
)  # fmt: skip
SUBMISSIONS = ("submission", "file_name", "what", "at", "by", "values", "schools")


@dataclass(frozen=True)
class Then:
    """What a figure is set against: a period, as known at a moment (at the scope's own where it is None)."""

    period: Period
    as_of: datetime | None = None


def last_month(scope: Scope) -> Then:
    """Return the period before the scope's, as known at the scope's moment."""
    return Then(scope.period.shifted(-1), scope.as_of)


def moment(session: Session, scope: Scope, when: datetime) -> Then:
    """Return what was the newest period at a moment (the scope's own before the first report), as known then."""
    newest = latest_period(session, scope.initiative, when, scope.released)
    return Then(min(newest or scope.period, scope.period), when)


def last_release(session: Session, scope: Scope) -> Then:
    """Return what the newest release shows; in a released scope, what the release before it showed.

    Raises CannotAnswer (`no_release`) while there is none.
    """
    release = require_release(session, scope.as_of)
    if scope.released:
        before = require_release(session, release.released_at - timedelta(microseconds=1))
        return moment(session, scope, before.released_at)
    return moment(session, scope, release.as_of)


def since(session: Session, scope: Scope, then: Then, measures: Sequence[str]) -> pd.DataFrame:
    """Return how the measures of the scope's area changed, those first that moved most: CHANGES.

    period_before, period_now (keys); before, now (NaN unless reported), change (unit of the measure: percentage points
    for a percentage), relative (percent of before, NaN where that is 0 or unknown), state_before, state_now,
    base_before, base_now (Int64: schools in the base, in a release those that reported), bases_differ (bool),
    importance (percentage points of a percentage, percent of anything else, without sign; NaN last), demonstration.
    """
    asked = look_up(session, scope.of(measure=measures[0]))
    facts = measure_facts(session, measures)
    wanted = [facts[key] for key in measures]
    areas = {asked.area_id: scope.area}
    now = area_figures(session, asked, wanted, areas, [scope.period])
    before = area_figures(session, _at(session, asked, then), wanted, areas, [then.period])
    frame = pd.DataFrame(
        {
            "measure": now["measure"], "period_before": then.period.key, "period_now": scope.period.key,
            "before": before["value"], "now": now["value"], "change": now["value"] - before["value"],
            "state_before": before["state"], "state_now": now["state"], "base_before": _base(before),
            "base_now": _base(now), "demonstration": now["demonstration"] | before["demonstration"],
        }
    )  # fmt: skip
    frame["relative"] = (frame["change"] * 100 / frame["before"]).where(frame["before"] != 0)
    frame["bases_differ"] = (frame["base_before"] != frame["base_now"]).fillna(False).astype(bool)
    in_points = np.array([facts[key].factor is not None for key in frame["measure"]])
    frame["importance"] = frame["change"].where(in_points, frame["relative"]).abs()
    return frame.sort_values("importance", ascending=False, kind="stable", ignore_index=True)[list(CHANGES)]


def by_area(session: Session, scope: Scope, then: Then) -> pd.DataFrame:
    """Return how the areas below made the change of the scope's measure, the largest part first: BY_AREA.

    area_code and name ("" for the schools that lie in the area itself and in none below), before, now, change, and
    contribution (unit of the measure: they add up to the change of the whole; NaN where one side is withheld or the
    whole has no value). contribution = of_rates + of_mix; of a count of_mix is 0. schools_before, schools_now (Int64).
    """
    asked = look_up(session, scope)
    below = areas_directly_below(session, asked)
    codes = {asked.area_id: scope.area} | dict(zip(below["area_id"], below["area_code"], strict=True))
    now = area_figures(session, asked, [asked.measure], codes, [scope.period]).set_index("area_id")
    then_asked = _at(session, asked, then)
    before = area_figures(session, then_asked, [asked.measure], codes, [then.period]).set_index("area_id")
    parts = _contributions(
        _with_rest(before, asked.area_id), _with_rest(now, asked.area_id), asked.area_id, asked.measure.is_ratio
    )
    parts *= asked.measure.factor or 1
    names = dict(zip(below["area_id"], below["name"], strict=True))
    frame = pd.DataFrame(
        {
            "area_code": [codes.get(area, "") if area else "" for area in parts.index],
            "name": [names.get(area, "") for area in parts.index],
            "before": before["value"].reindex(parts.index), "now": now["value"].reindex(parts.index),
            "of_rates": parts["of_rates"], "of_mix": parts["of_mix"],
            "contribution": parts["of_rates"] + parts["of_mix"],
            "schools_before": _base(before).reindex(parts.index), "schools_now": _base(now).reindex(parts.index),
        }
    )  # fmt: skip
    frame["change"] = frame["now"] - frame["before"]
    order = frame["contribution"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)[list(BY_AREA)]


def submissions(session: Session, scope: Scope, then: Then) -> pd.DataFrame:
    """Return the submissions that made the figure what it is since then, newest first: SUBMISSIONS.

    what: `accepted` since then, `undone` since then, or `brought_back` (its values stand again after an undo). Against
    another period they are all that speak for the scope's. values (of the measure's metrics, in the area), schools.
    Empty in a released scope: a release opens to no file.
    """
    if scope.released:
        return pd.DataFrame(columns=list(SUBMISSIONS))
    asked = look_up(session, scope)
    number = period_ids(session, asked, [scope.period]).get(scope.period.starts_on, 0)
    since_when = then.as_of if then.period == scope.period else None
    spoken = _spoken(session, asked, number).where(known_at(Observation, scope.as_of))
    if since_when is None:
        return _listed(session, spoken, None)
    undone = _spoken(session, asked, number).where(col(Submission.undone_at) > since_when)
    if scope.as_of is not None:
        undone = undone.where(col(Submission.undone_at) <= scope.as_of)
    made = _listed(session, spoken.where(col(Observation.recorded_at) > since_when), since_when)
    taken_back = _listed(session, undone.where(col(Submission.decided_at) <= since_when), since_when)
    found = pd.concat([made, taken_back.assign(what="undone")], ignore_index=True)
    return found.sort_values("at", ascending=False, kind="stable", ignore_index=True)


def _at(session: Session, asked: Asked, then: Then) -> Asked:
    """Return the question as it would have been asked then."""
    scope = asked.scope.of(period=then.period, as_of=then.as_of, measure=asked.measure.key)
    return look_up(session, scope)


def _base(figures: pd.DataFrame) -> pd.Series:
    return figures["schools_in_base"].fillna(figures["schools_reporting"])


def _with_rest(figures: pd.DataFrame, whole: int) -> pd.DataFrame:
    """Return numerator and denominator by area (id), with what lies in none of those below as area 0.

    A figure that is not reported counts nothing; one that is withheld is not known, and then nor is the rest.
    """
    parts = figures[["numerator", "denominator"]].fillna(0.0)
    parts[figures["state"] == FigureState.SUPPRESSED] = np.nan
    below = parts.drop(index=whole)
    parts.loc[0] = parts.loc[whole] - below.sum(skipna=False)
    return parts


def _contributions(before: pd.DataFrame, now: pd.DataFrame, whole: int, is_ratio: bool) -> pd.DataFrame:
    """Return what each area below (0: the rest, where there is any) adds to the change: of_rates, of_mix."""
    total = [side.loc[whole] for side in (before, now)]
    below = [side.drop(index=whole) for side in (before, now)]
    rest_is_empty = all((side.loc[0].fillna(0) == 0).all() for side in below)
    if rest_is_empty:
        below = [side.drop(index=0) for side in below]
    if not is_ratio:
        change = below[1]["numerator"] - below[0]["numerator"]
        return pd.DataFrame({"of_rates": change, "of_mix": change * 0})
    with np.errstate(divide="ignore", invalid="ignore"):
        both = list(zip(below, total, strict=True))
        weight = [side["denominator"] / all_of["denominator"] for side, all_of in both]
        part = [side["numerator"] / all_of["denominator"] for side, all_of in both]
        rate = [side["numerator"] / side["denominator"] for side in below]
        overall = sum(all_of["numerator"] / all_of["denominator"] for all_of in total) / 2
    # An area that had nobody on one side has no rate there: all that it adds is a matter of the mix.
    had_nobody = (below[0]["denominator"] == 0) | (below[1]["denominator"] == 0)
    of_rates = ((weight[0] + weight[1]) / 2 * (rate[1] - rate[0])).mask(had_nobody, 0.0)
    # The same as mean rate above the overall one x change of weight, but it needs no rate where there is none.
    of_mix = part[1] - part[0] - overall * (weight[1] - weight[0]) - of_rates
    return pd.DataFrame({"of_rates": of_rates, "of_mix": of_mix}).replace([np.inf, -np.inf], np.nan)


def _spoken(session: Session, asked: Asked, period_id: int) -> Query:
    """Return the query for how many values of which submissions there are or were in the period and area."""
    query: Query = (
        sa.select(col(Submission.id), sa.func.count(), sa.func.count(sa.distinct(col(Observation.school_id))))
        .select_from(Observation)
        .join(Submission, col(Submission.id) == col(Observation.submission_id))
        .where(
            col(Observation.initiative_id) == asked.initiative_id,
            col(Observation.period_id) == period_id,
            col(Observation.metric_id).in_(asked.measure.metric_ids),
        )
        .group_by(col(Submission.id))
    )
    areas = areas_below(session, asked)
    if areas is not None:
        query = query.join(SchoolRecord, col(SchoolRecord.school_id) == col(Observation.school_id)).where(
            known_at(SchoolRecord, asked.scope.as_of), col(SchoolRecord.area_id).in_(areas)
        )
    return query


def _listed(session: Session, spoken: Query, since_when: datetime | None) -> pd.DataFrame:
    """Return the submissions with their counts: SUBMISSIONS, newest first."""
    counted = spoken.subquery()
    person = sa.orm.aliased(Account)
    number, values, schools = counted.columns
    query: Query = (
        sa.select(
            col(Submission.id).label("submission"), col(Submission.file_name), col(Submission.decided_at),
            col(Submission.undone_at), sa.func.coalesce(sa.func.nullif(col(person.name), ""), col(person.email)),
            values, schools,
        )
        .join(counted, number == col(Submission.id))
        .join(person, col(person.id) == col(Submission.submitted_by))
        .order_by(col(Submission.decided_at).desc(), col(Submission.id).desc())
    )  # fmt: skip
    names = ("submission", "file_name", "decided_at", "undone_at", "by", "values", "schools")
    frame = read_frame(session, query, names)
    frame["at"] = frame["decided_at"]
    frame["what"] = "accepted"
    if since_when is not None and len(frame):
        again = (frame["decided_at"] <= since_when).to_numpy(dtype=bool)
        frame.loc[again, "what"] = "brought_back"
    gone = frame["undone_at"].notna()
    frame.loc[gone, "at"] = frame.loc[gone, "undone_at"]
    return frame[list(SUBMISSIONS)].astype({"submission": "Int64", "values": "Int64", "schools": "Int64"})
