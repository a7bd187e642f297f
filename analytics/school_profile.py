"""One school: who it is and was, what it takes part in, what it reports, and what is open about it.

Its peers stand in `analytics.peers`. For staff only: no school is ever released.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from access.identity import Identity
from access.language import _
from access.permissions import Action, may, require
from analytics.completeness import due_days, end_of_day
from analytics.lookup import Asked, every_period, look_up
from analytics.measures_described import measures
from analytics.names import in_current_language
from analytics.peers import Peers, peers
from analytics.reading import read_frame
from analytics.school_reports import findings_of, submissions_of
from analytics.schools import school_series
from analytics.scope import FIGURE_COLUMNS, CannotAnswer, Scope
from analytics.values import empty_figures
from data_model.base import known_at
from data_model.bulk import Query
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Period
from data_model.places import Area, School, SchoolRecord
from data_model.registry import Initiative
from data_model.releases import FigureState

TRAITS = (
    "name", "area_code", "setting", "languages", "opened_on", "closed_on", "merged_into", "split_from", "latitude",
    "longitude",
)  # fmt: skip
HISTORY = ("known_from", "what", "before", "after")
ENROLMENTS = ("initiative", "initiative_name", "wave", "joined_on", "left_on")
SERIES = ("measure", "period", "starts_on")
QUESTIONS = ("kind", "subject", "period", "submission", "row")
# Of a school these should be known; without them it is on no map and in no group.
WANTED = ("setting", "languages", "latitude")


@dataclass(frozen=True)
class SchoolProfile:
    """All that is known of one school.

    `identity`: school_code, country, area_name, demonstration, and the TRAITS (None where not known).
    `history`: HISTORY: known_from (when it became known), what (of TRAITS), before, after (text or None), oldest first.
    `enrolments`: ENROLMENTS, all initiatives. `series`: measure (key), period, starts_on, FIGURE_COLUMNS: every measure
    of the initiative over all its periods up to the scope's; a gap is a row without a value, and where the school was
    not expected schools_expected is 0. `peers`: see `analytics.peers`. `submissions`: those that spoke for the school;
    `findings`: what was found in its rows; both of `analytics.school_reports`.
    `questions`: QUESTIONS, what somebody should look into: kind `not_reported` (subject: a required metric; of a period
    whose due day is over), `finding` (subject: its code, in an accepted file), `not_known` (subject: a trait).
    """

    identity: dict[str, Any]
    history: pd.DataFrame
    enrolments: pd.DataFrame
    series: pd.DataFrame
    peers: Peers
    submissions: pd.DataFrame
    findings: pd.DataFrame
    questions: pd.DataFrame


def school_profile(session: Session, scope: Scope, school_code: str, who: Identity, at: datetime) -> SchoolProfile:
    """Return all that is known of a school of the scope's initiative, at the scope's moment.

    Raises NotAllowed for those who may not see live figures of its area; CannotAnswer (`unknown_school`) for a school
    that never took part.
    """
    asked = look_up(session, scope.of(released=False))
    versions = _versions(session, asked, school_code)
    if not versions or not _took_part(session, asked, school_code):
        require(session, who, Action.READ_LIVE, initiative=scope.initiative)
        message = _("There is no school {code} in this initiative.")
        raise CannotAnswer("unknown_school", message.format(code=school_code))
    now = versions[-1]
    require(session, who, Action.READ_LIVE, initiative=scope.initiative, area_code=now["area_code"])
    described = measures(session, scope.initiative, scope.as_of)
    live = scope.of(released=False, first_period=_first(session, asked))
    series = _series(session, live, school_code, described["measure"].tolist())
    submissions = submissions_of(session, asked, now["school_id"])
    findings = findings_of(session, asked, now["school_id"])
    identity = {name: now[name] for name in ("school_code", "country", "area_name", "demonstration", *TRAITS)}
    required = described.loc[(described["type"] == "metric") & described["required"], "measure"].tolist()
    questions = _questions(session, asked, identity, series, required, findings, at)
    enrolments = _enrolments(session, asked, now["school_id"])
    return SchoolProfile(
        identity, _history(versions), enrolments, series,
        peers(session, live.of(area=_seen(session, asked, who, now["area_code"])), school_code), submissions, findings,
        questions,
    )  # fmt: skip


def _seen(session: Session, asked: Asked, who: Identity, own_area: str) -> str:
    """Return the widest area in which a person may see schools: peers that they may not see are none."""
    for area in (asked.country, asked.scope.area):
        if may(session, who, Action.READ_LIVE, initiative=asked.scope.initiative, area_code=area):
            return area
    return own_area


def _versions(session: Session, asked: Asked, school_code: str) -> list[dict[str, Any]]:
    """Return what was known of the school, oldest first, up to the scope's moment."""
    into, out_of = sa.orm.aliased(School), sa.orm.aliased(School)
    record = SchoolRecord
    query: Query = (
        sa.select(
            col(School.id).label("school_id"), col(School.code).label("school_code"), col(School.country),
            col(School.demonstration), col(record.name), col(Area.code).label("area_code"),
            in_current_language(Area).label("area_name"), col(record.setting), col(record.languages),
            col(record.opened_on), col(record.closed_on), col(into.code).label("merged_into"),
            col(out_of.code).label("split_from"), col(record.latitude), col(record.longitude),
            col(record.recorded_at), col(record.superseded_at),
        )
        .join(record, col(record.school_id) == col(School.id))
        .join(Area, col(Area.id) == col(record.area_id))
        .join(into, col(into.id) == col(record.merged_into_id), isouter=True)
        .join(out_of, col(out_of.id) == col(record.split_from_id), isouter=True)
        .where(col(School.code) == school_code, col(School.country) == asked.country)
        .order_by(col(record.recorded_at))
    )  # fmt: skip
    if asked.scope.as_of is not None:
        query = query.where(col(record.recorded_at) <= asked.scope.as_of)
    rows = [dict(row._mapping) for row in session.connection().execute(query)]
    return [row | {name: row[name] or None for name in ("setting", "languages")} for row in rows]


def _history(versions: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        (after["recorded_at"], trait, _text(before[trait]), _text(after[trait]))
        for before, after in pairwise(versions)
        for trait in TRAITS
        if before[trait] != after[trait]
    ]
    return pd.DataFrame(rows, columns=list(HISTORY))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _took_part(session: Session, asked: Asked, school_code: str) -> bool:
    query: Query = (
        sa.select(col(Enrolment.id))
        .join(School, col(School.id) == col(Enrolment.school_id))
        .where(
            col(School.code) == school_code, col(School.country) == asked.country,
            col(Enrolment.initiative_id) == asked.initiative_id, known_at(Enrolment, asked.scope.as_of),
        )
        .limit(1)
    )  # fmt: skip
    return session.connection().execute(query).first() is not None


def _enrolments(session: Session, asked: Asked, school_id: int) -> pd.DataFrame:
    query: Query = (
        sa.select(
            col(Initiative.key), col(Initiative.name), col(Enrolment.wave), col(Enrolment.joined_on),
            col(Enrolment.left_on),
        )
        .join(Initiative, col(Initiative.id) == col(Enrolment.initiative_id))
        .where(col(Enrolment.school_id) == school_id, known_at(Enrolment, asked.scope.as_of))
        .order_by(col(Enrolment.joined_on), col(Initiative.key))
    )  # fmt: skip
    return read_frame(session, query, ENROLMENTS)


def _first(session: Session, asked: Asked) -> Period:
    """Return the initiative's first period, the scope's own before there is any."""
    query: Query = sa.select(sa.func.min(col(ReportingPeriod.starts_on))).where(
        col(ReportingPeriod.initiative_id) == asked.initiative_id,
        col(ReportingPeriod.granularity) == asked.granularity,
    )
    first = session.connection().execute(query).scalar_one()
    return asked.scope.period if first is None else min(Period(first, asked.granularity), asked.scope.period)


def _series(session: Session, scope: Scope, school_code: str, keys: list[str]) -> pd.DataFrame:
    parts = [school_series(session, scope.of(measure=key), school_code).assign(measure=key) for key in keys]
    return pd.concat(parts, ignore_index=True)[[*SERIES, *FIGURE_COLUMNS]] if parts else empty_figures(SERIES)


def _questions(
    session: Session,
    asked: Asked,
    identity: dict[str, Any],
    series: pd.DataFrame,
    required: list[str],
    findings: pd.DataFrame,
    at: datetime,
) -> pd.DataFrame:
    """Return what is open: what was due and did not come, what was found in accepted files, what is not known."""
    moment = at if asked.scope.as_of is None else min(at, asked.scope.as_of)
    periods = every_period(_first(session, asked), asked.scope.period)
    due = due_days(session, asked, periods)
    over = {day for day, last in due.items() if moment >= end_of_day(session, asked.country, last, asked.scope.as_of)}
    missing = series[
        series["measure"].isin(required) & series["starts_on"].isin(over) & (series["schools_expected"] > 0)
        & (series["state"] == FigureState.NOT_REPORTED)
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        ("not_reported", row.measure, row.period, None, None) for row in missing.itertuples(index=False)
    ]
    spoken = findings[findings["state"] == "accepted"]
    rows += [("finding", row.code, None, row.submission, row.row) for row in spoken.itertuples(index=False)]
    rows += [("not_known", trait, None, None, None) for trait in WANTED if identity[trait] is None]
    return pd.DataFrame(rows, columns=list(QUESTIONS)).astype({"submission": "Int64", "row": "Int64"})
