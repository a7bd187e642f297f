"""Moving the due day of a single period, with a reason. Who was late is judged by it from then on."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from data_model.due_days import MovedDueDay
from data_model.locks import locks
from data_model.moments import take_turn
from data_model.periods import Period
from data_model.registry import Initiative
from data_model.rollups import Rollup, refresh
from intake.locking import MOST_DAYS, held_period
from intake.record import given_reason
from intake.refusal import Refused


def move_due_day(
    session: Session, initiative: Initiative, period: Period, due_on: date, *, by: Identity, reason: str, at: datetime
) -> MovedDueDay:
    """Let a period be due on another day from this moment on; asked as of an earlier one it is due as it was then.

    Where the initiative's periods lock themselves, this one does so by its new day. Raises NotAllowed, or Refused:
    `no_reason`, `wrong_period`, `wrong_day`, `nothing_new`, `period_locked`.
    """
    require(session, by, Action.LOCK, initiative=initiative, at=at)
    said = given_reason(reason)
    initiative, moment = take_turn(session, initiative.id or 0, at)
    held = held_period(session, initiative, period)
    if not period.ends_on <= due_on <= period.ends_on + timedelta(days=MOST_DAYS):
        message = _("A period is due on its last day or after it, within ten years.")
        raise Refused("wrong_day", message)
    if due_on == held.due_on:
        raise Refused("nothing_new", _("It is due on that day already."))
    if period in locks(session, initiative, moment):
        raise Refused("period_locked", _("{period} is locked: unlock it first.").format(period=period.key))
    moved = MovedDueDay(
        period_id=held.id or 0, before=held.due_on, due_on=due_on, moved_by=by.account_id, reason=said,
        recorded_at=moment,
    )  # fmt: skip
    held.due_on = due_on
    session.add_all([moved, held])
    session.flush()
    if session.exec(select(Rollup.id).where(Rollup.period_id == held.id).limit(1)).first() is not None:
        refresh(
            session, initiative_id=initiative.id or 0, country=initiative.country, period_ids=[held.id or 0], at=moment
        )
    details = {
        "reason": said, "before": {"due_on": moved.before.isoformat()}, "after": {"due_on": due_on.isoformat()},
    }  # fmt: skip
    key = f"{initiative.key} {period.key}"
    audit.record(
        session, at=moment, who=by, action="due_day_moved", subject_type="period", subject_key=key, details=details
    )
    return moved
