"""Locking a reporting period and unlocking it, and the rule by which an initiative's periods lock themselves."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from data_model.locks import AutomaticLock, PeriodLock, lock_rule, locks
from data_model.moments import TICK, take_turn
from data_model.participation import ReportingPeriod, ensure_periods
from data_model.periods import Period
from data_model.registry import Initiative
from intake.record import given_reason
from intake.refusal import Refused

MOST_DAYS = 3_660


def lock(
    session: Session, initiative: Initiative, period: Period, *, by: Identity, reason: str, at: datetime
) -> PeriodLock:
    """Lock a period from this moment on: nothing in it may change. Returns the lock.

    It takes its turn among acceptances and undos, so that each of them comes before it or after it.
    Raises NotAllowed, or Refused: `no_reason`, `wrong_period`, `already_locked`.
    """
    require(session, by, Action.LOCK, initiative=initiative, at=at)
    said = given_reason(reason)
    initiative, moment = take_turn(session, initiative.id or 0, at)
    held = held_period(session, initiative, period)
    if period in locks(session, initiative, moment):
        raise Refused("already_locked", _("{period} is locked already.").format(period=period.key))
    made = PeriodLock(period_id=held.id or 0, locked_by=by.account_id, reason=said, recorded_at=moment)
    session.add(made)
    session.flush()
    details = {"reason": said, "before": {"locked": False}, "after": {"locked": True}}
    _audit(session, initiative, period.key, "lock_period", by, moment, details)
    return made


def unlock(
    session: Session, initiative: Initiative, period: Period, *, by: Identity, reason: str, at: datetime
) -> PeriodLock:
    """Unlock a period from this moment on; the lock that held stays on record, with who ended it and why.

    Raises NotAllowed, or Refused: `no_reason`, `wrong_period`, `not_locked`.
    """
    require(session, by, Action.LOCK, initiative=initiative, at=at)
    said = given_reason(reason)
    initiative, moment = take_turn(session, initiative.id or 0, at)
    held = held_period(session, initiative, period)
    holds = locks(session, initiative, moment).get(period)
    if holds is None:
        raise Refused("not_locked", _("{period} is not locked.").format(period=period.key))
    query = select(PeriodLock).where(PeriodLock.period_id == held.id, col(PeriodLock.superseded_at).is_(None))
    ended = session.exec(query).one_or_none()
    if ended is None:  # the rule locked it, of which nothing is written down until now
        ended = PeriodLock(period_id=held.id or 0, automatic=True, reason=holds.reason, recorded_at=holds.since)
        moment = max(moment, holds.since + TICK)
    ended.superseded_at, ended.unlocked_by, ended.unlock_reason = moment, by.account_id, said
    session.add(ended)
    session.flush()
    before = {"locked": True, "since": holds.since.isoformat(), "automatic": holds.automatic}
    details = {"reason": said, "before": before, "after": {"locked": False}}
    _audit(session, initiative, period.key, "unlock_period", by, moment, details)
    return ended


def lock_after(
    session: Session, initiative: Initiative, days: int | None, *, by: Identity, reason: str, at: datetime
) -> AutomaticLock | None:
    """Let the initiative's periods lock themselves so many days after they are due, from now on (None: not any more).

    What the old rule has locked and the new one would not is open again. Returns the rule that holds now.
    Raises NotAllowed, or Refused: `no_reason`, `wrong_days`, `nothing_new`.
    """
    require(session, by, Action.LOCK, initiative=initiative, at=at)
    said = given_reason(reason)
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise Refused("wrong_days", _("Write a number of days from 0 to {most}.").format(most=MOST_DAYS))
    initiative, moment = take_turn(session, initiative.id or 0, at)
    before = lock_rule(session, initiative, moment)
    if days == (before.days if before else None):
        raise Refused("nothing_new", _("This rule holds already."))
    if before is not None:
        before.superseded_at = moment
        session.add(before)
        session.flush()
    after = None
    if days is not None:
        after = AutomaticLock(
            initiative_id=initiative.id or 0, days=days, set_by=by.account_id, reason=said, recorded_at=moment
        )
        session.add(after)
        session.flush()
    details = {"reason": said, "before": {"days": before.days if before else None}, "after": {"days": days}}
    _audit(session, initiative, "", "set_lock_rule", by, moment, details)
    return after


def held_period(session: Session, initiative: Initiative, period: Period) -> ReportingPeriod:
    """Return the stored period; one that nothing was reported for yet is stored now."""
    if period.granularity != initiative.granularity:
        message = _("{period} is not a period of this initiative.")
        raise Refused("wrong_period", message.format(period=period.key))
    return ensure_periods(session, initiative, [period])[period.starts_on]


def _audit(
    session: Session, initiative: Initiative, period: str, action: str, by: Identity, at: datetime, details: Any
) -> None:
    key = f"{initiative.key} {period}".strip()
    audit.record(session, at=at, who=by, action=action, subject_type="period", subject_key=key, details=details)
