"""The commands of reporting periods: periods, lock, unlock, due."""

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from access import command_line
from access.command_line import DONE, period
from access.identity import Identity, identity_of_email
from access.language import _
from data_model.engine import open_session
from data_model.locks import due_day, locks, periods_since_first_enrolment
from data_model.participation import ReportingPeriod
from data_model.periods import Granularity, Period
from data_model.registry import Initiative
from intake.due_days import move_due_day
from intake.locking import lock, unlock
from intake.refusal import Refused

Commands = Any  # argparse does not name what add_subparsers returns
OPEN, LOCKED = "open", "locked"


def add(commands: Commands) -> None:
    """Add the commands to those of `python -m intake`."""
    command = commands.add_parser("periods", help="list an initiative's periods: when due, open or locked, and why")
    command.set_defaults(run=_periods)
    command.add_argument("--initiative", required=True, metavar="KEY", help="such as kz-chatgpt-edu")
    command.add_argument("--json", action="store_true", help="print JSON and nothing else")

    for name, run, text in (
        ("lock", _lock, "lock a period: nothing in it may change"),
        ("unlock", _unlock, "unlock a period"),
        ("due", _due, "move the due day of a period"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        command.add_argument("--initiative", required=True, metavar="KEY", help="such as kz-chatgpt-edu")
        command.add_argument("--period", type=period, required=True, metavar="2026-09")
        if run is _due:
            command.add_argument("--on", type=_day, required=True, metavar="2026-10-15", help="the new due day")
        command.add_argument("--by", required=True, metavar="EMAIL", help="whose rights apply")
        command.add_argument("--reason", required=True, metavar="TEXT")
        command.add_argument("--json", action="store_true", help="print JSON and nothing else")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write 2026-10-15") from error


def _initiative(session: Session, key: str) -> Initiative:
    initiative = session.exec(select(Initiative).where(Initiative.key == key)).one_or_none()
    if initiative is None:
        raise Refused("unknown_initiative", _("There is no initiative {key}.").format(key=key))
    return initiative


def _periods(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine) as session:
        listed = standing(session, _initiative(session, given.initiative), datetime.now(UTC))
    if given.json:
        command_line.print_json({"periods": listed})
    else:
        for one in listed:
            words = [one["period"], one["due_on"], one["state"], one["locked_since"] or "", one["reason"]]
            print("  ".join(words).rstrip())
    return DONE


def standing(session: Session, initiative: Initiative, at: datetime) -> list[dict[str, Any]]:
    """Return the initiative's periods, the newest first: from the first for which a school was enrolled to this one.

    Each has period, due_on, state (open or locked), locked_since, automatic (by the rule) and reason.
    """
    granularity = Granularity(initiative.granularity)
    query = select(ReportingPeriod).where(ReportingPeriod.initiative_id == initiative.id)
    stored = {Period(one.starts_on, granularity): one for one in session.exec(query).all()}
    held = locks(session, initiative, at)
    found = []
    for one in sorted({*stored, *periods_since_first_enrolment(session, initiative, at)}, reverse=True):
        lock_of_it = held.get(one)
        due_on = stored[one].due_on if one in stored else due_day(initiative, one)
        found.append(
            {
                "period": one.key, "due_on": due_on.isoformat(), "state": LOCKED if lock_of_it else OPEN,
                "locked_since": lock_of_it.since.isoformat() if lock_of_it else None,
                "automatic": bool(lock_of_it and lock_of_it.automatic),
                "reason": lock_of_it.reason if lock_of_it else "",
            }
        )  # fmt: skip
    return found


def _lock(engine: Engine, given: argparse.Namespace) -> int:
    return _done(engine, given, LOCKED, lock)


def _unlock(engine: Engine, given: argparse.Namespace) -> int:
    return _done(engine, given, OPEN, unlock)


def _done(engine: Engine, given: argparse.Namespace, state: str, step: Callable[..., Any]) -> int:
    with open_session(engine, write=True) as session:
        initiative, by = _asked(session, given)
        step(session, initiative, given.period, by=by, reason=given.reason, at=datetime.now(UTC))
        session.commit()
    command_line.print_json({"period": given.period.key, "state": state})
    return DONE


def _due(engine: Engine, given: argparse.Namespace) -> int:
    with open_session(engine, write=True) as session:
        initiative, by = _asked(session, given)
        at = datetime.now(UTC)
        moved = move_due_day(session, initiative, given.period, given.on, by=by, reason=given.reason, at=at)
        session.commit()
        answer = {"period": given.period.key, "due_on": moved.due_on.isoformat(), "before": moved.before.isoformat()}
    command_line.print_json(answer)
    return DONE


def _asked(session: Session, given: argparse.Namespace) -> tuple[Initiative, Identity]:
    return _initiative(session, given.initiative), identity_of_email(session, given.by)
