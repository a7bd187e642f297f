"""Enrolments: which schools take part in an initiative, since when and until when, as a table that is edited whole.

Every change is a new version of the school's enrolment; the rollups of all periods follow in the same transaction, so
that who is expected is exact as with every other change.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from access import audit
from access.administration.register_file import (
    Preview,
    RowProblem,
    Written,
    as_text,
    day,
    lines_of,
    once_each,
    refuse_problems,
    refuse_stale,
    whole,
)
from access.administration.rollups_follow import follow
from access.event_places import EventPlace
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from data_model.base import known_at
from data_model.moments import take_turn
from data_model.participation import Enrolment
from data_model.places import School
from data_model.registry import Initiative

COLUMNS = ("school_code", "wave", "joined_on", "left_on")
NEEDED = ("school_code", "joined_on")
TOLD = 200  # of the changes, in the audit trail
LARGEST_WAVE = 99


def held(session: Session, key: str, *, who: Identity) -> str:
    """Return the enrolments as they stand, as a text to edit. Raises NotAllowed."""
    initiative = _administered(session, key, who)
    return as_text(COLUMNS, [_written(code, row) for code, row in sorted(_current(session, initiative).items())])


def before_last(session: Session, key: str, *, who: Identity) -> str:
    """Return what the last change of enrolments changed, as it stood before, as a text to bring back; "" for nothing.

    Schools that joined then are not in it: they stay. Raises NotAllowed.
    """
    initiative = _administered(session, key, who)
    last = max((row.recorded_at for row in _current(session, initiative).values()), default=None)
    query = select(School.code, Enrolment).join(Enrolment, col(Enrolment.school_id) == col(School.id))
    query = query.where(Enrolment.initiative_id == initiative.id, Enrolment.superseded_at == last)
    earlier = session.exec(query.order_by(col(School.code))).all() if last is not None else []
    return as_text(COLUMNS, [_written(code, row) for code, row in earlier]) if earlier else ""


def preview(session: Session, key: str, text: str, *, who: Identity) -> Preview:
    """Return what a text would change. Schools that are not in it stay as they are. Raises NotAllowed."""
    return _read(session, _administered(session, key, who), text)[0]


def change(session: Session, key: str, text: str, *, seen: str, who: Identity, at: datetime) -> Preview:
    """Make the changes that a preview showed (`seen` is its fingerprint), all of them, and return them.

    Raises NotAllowed, and RegisterRefused (`problems`, `stale`).
    """
    initiative, moment = take_turn(session, _administered(session, key, who).id or 0, at)
    found, said = _read(session, initiative, text)
    refuse_problems(found)
    refuse_stale(found, seen)
    if not found.changes:
        return found
    current = _current(session, initiative)
    schools = _schools(session, initiative)
    for one in found.changes:
        if one.school in current:
            row = current[one.school]
            row.superseded_at = moment
            session.add(row)
    session.flush()  # before their successors: one version is current at a time
    session.add_all(
        Enrolment(
            initiative_id=initiative.id or 0, school_id=schools[one.school], recorded_at=moment, **said[one.school]
        )
        for one in found.changes
    )  # fmt: skip
    session.flush()
    follow(session, initiative, moment)
    changed = [{"school": one.school, "before": one.before, "after": one.after} for one in found.changes[:TOLD]]
    audit.record(
        session, at=moment, who=who, action="enrolments_changed", subject_type="initiative",
        subject_key=initiative.key, details={"changed": len(found.changes), "changes": changed},
        places=[EventPlace(initiative.country, initiative.key)],
    )  # fmt: skip
    return found


def _administered(session: Session, key: str, who: Identity) -> Initiative:
    require(session, who, Action.ADMINISTER, initiative=key)
    return session.exec(select(Initiative).where(Initiative.key == key)).one()


def _read(session: Session, initiative: Initiative, text: str) -> tuple[Preview, dict[str, dict[str, Any]]]:
    """Return the preview, and by school what its enrolment says from now on."""
    found = Preview()
    lines = once_each(lines_of(text, COLUMNS, NEEDED, found), "school_code", found)
    schools, current = _schools(session, initiative), _current(session, initiative)
    said: dict[str, dict[str, Any]] = {}
    for code, (line, cells) in lines.items():
        if code not in schools:
            message = _("There is no school {code} in the country's register.").format(code=code)
            found.problems.append(RowProblem(line, "school_code", message))
            continue
        before = _written(code, current[code]) if code in current else None
        whole_row = {"wave": "1", "left_on": "", **(before or {}), **cells}
        typed = _typed(line, whole_row, found)
        if typed is not None:
            said[code] = typed
            found.add(line, code, before, _written(code, Enrolment(**typed)))
    return found, said


def _typed(line: int, cells: Written, found: Preview) -> dict[str, Any] | None:
    typed: dict[str, Any] = {}
    readers = {"wave": lambda text: whole(text, 1, LARGEST_WAVE), "joined_on": day, "left_on": day}
    for name, read in readers.items():
        try:
            typed[name] = read(cells[name])
        except ValueError as error:
            found.problems.append(RowProblem(line, name, str(error)))
            return None
    if typed["joined_on"] is None:
        found.problems.append(RowProblem(line, "joined_on", _("It is empty.")))
        return None
    if typed["left_on"] is not None and typed["left_on"] <= typed["joined_on"]:
        found.problems.append(RowProblem(line, "left_on", _("A school leaves on a later day than it joined.")))
        return None
    return typed


def _written(code: str, row: Enrolment) -> Written:
    return {
        "school_code": code, "wave": str(row.wave), "joined_on": row.joined_on.isoformat(),
        "left_on": _iso(row.left_on),
    }  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _schools(session: Session, initiative: Initiative) -> dict[str, int]:
    pairs = session.exec(select(School.code, School.id).where(School.country == initiative.country)).all()
    return {code: number for code, number in pairs if number is not None}


def _current(session: Session, initiative: Initiative) -> dict[str, Enrolment]:
    """Return the current enrolments by the school's code."""
    query = (
        select(School.code, Enrolment)
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .where(Enrolment.initiative_id == initiative.id, known_at(Enrolment, None))
    )
    return dict(session.exec(query).all())
