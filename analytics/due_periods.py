"""An initiative's periods for those who report and review: when due, how late, how much has come, what is locked."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col, select

from access.identity import Identity
from access.permissions import Action, require, visible_areas, visible_initiatives
from data_model.bulk import Query
from data_model.locks import due_day, lock_rule, locks, periods_since_first_enrolment
from data_model.participation import ReportingPeriod
from data_model.people import Account
from data_model.periods import Granularity, Period, last_complete
from data_model.places import Country
from data_model.registry import Initiative
from data_model.rollups import Rollup

DUE = (
    "period", "due_on", "days_late", "schools_expected", "schools_reporting", "share", "locked", "locked_since",
    "locked_by", "automatic", "reason",
)  # fmt: skip
PERCENT = 100


def due_periods(session: Session, initiative_key: str, *, who: Identity, at: datetime) -> pd.DataFrame:
    """Return the initiative's periods, the newest first: DUE. Each since the first school joined up to the last
    complete one, and whatever else is stored of the next.

    Schools are those of the areas whose figures `who` may see. period (key), due_on; days_late: days since the due day
    while schools are missing, 0 before it and once all have reported something; schools_expected and schools_reporting
    (Int64: the latter of the metric or indicator that most reported; <NA> before the first report), share (percent,
    NaN); locked, locked_since, locked_by (name; None where the rule locked it), automatic, reason. Raises NotAllowed
    unless `who` may see some figures of the initiative.
    """
    initiative = _visible(session, who, initiative_key)
    zone = session.get_one(Country, initiative.country).time_zone
    today = at.astimezone(ZoneInfo(zone)).date()
    granularity = Granularity(initiative.granularity)
    newest = last_complete(at, zone, granularity)
    stored = {
        Period(row.starts_on, granularity): row
        for row in session.exec(select(ReportingPeriod).where(ReportingPeriod.initiative_id == initiative.id)).all()
    }
    came, held = _came(session, initiative, who), locks(session, initiative, at)
    people = dict(session.exec(select(Account.id, Account.name)).all())
    since_enrolled = {period for period in periods_since_first_enrolment(session, initiative, at) if period <= newest}
    listed = {newest, *since_enrolled, *(period for period in stored if period <= newest.shifted(1))}
    rows = []
    for period in sorted(listed, reverse=True):
        row, lock = stored.get(period), held.get(period)
        due_on = row.due_on if row else due_day(initiative, period)
        expected, reporting = came.get(row.id or 0, (None, None)) if row else (None, None)
        late = 0 if expected is not None and reporting == expected else max((today - due_on).days, 0)
        share = PERCENT * reporting / expected if expected and reporting is not None else None
        rows.append(
            (
                period.key, due_on, late, expected, reporting, share, lock is not None, lock.since if lock else None,
                people.get(lock.locked_by) if lock else None, bool(lock and lock.automatic),
                lock.reason if lock else "",
            )
        )  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(DUE))
    return frame.astype({"schools_expected": "Int64", "schools_reporting": "Int64", "share": float})


def rule_in_days(session: Session, initiative_key: str, *, who: Identity, at: datetime) -> int | None:
    """Return after how many days past the due day periods lock themselves; None where they do not."""
    rule = lock_rule(session, _visible(session, who, initiative_key), at)
    return rule.days if rule else None


def _visible(session: Session, who: Identity, key: str) -> Initiative:
    """Return the initiative. Raises NotAllowed unless `who` may see some figures of it."""
    found = next((one for one in visible_initiatives(session, who) if one.key == key), None)
    if found is None:
        require(session, who, Action.READ_LIVE, initiative=key)
    assert found is not None, "whoever may see all of it sees some of it"
    return found


def _came(session: Session, initiative: Initiative, who: Identity) -> dict[int, tuple[int, int]]:
    """Return by period how many schools are expected, and how many have reported the measure that most did."""
    areas = [area.id for area in visible_areas(session, who, initiative)]
    query: Query = (
        sa.select(
            col(Rollup.period_id), sa.func.sum(col(Rollup.schools_expected)), sa.func.sum(col(Rollup.schools_reporting))
        )
        .where(col(Rollup.initiative_id) == initiative.id, col(Rollup.superseded_at).is_(None))
        .where(col(Rollup.area_id).in_(areas))
        .group_by(col(Rollup.period_id), col(Rollup.measure_id))
    )
    came: dict[int, tuple[int, int]] = {}
    for period, expected, reporting in session.connection().execute(query):
        came[period] = max((int(expected), int(reporting)), came.get(period, (0, 0)))
    return came
