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
from access.administration.register_history import (
    RegisterChange,
    Versions,
    changed_since,
    changes,
    moment_of,
    put_back,
    refuse_what_hangs_on_it,
    versions_at,
)
from access.administration.rollups_follow import follow
from access.event_places import EventPlace
from access.identity import Identity
from access.language import _
from access.permissions import Action, require
from data_model.base import known_at
from data_model.moments import take_turn
from data_model.participation import Enrolment
from data_model.places import School, SchoolRecord
from data_model.registry import Initiative
from data_model.submissions import Observation, ValueState

COLUMNS = ("school_code", "wave", "joined_on", "left_on")
NEEDED = ("school_code", "joined_on")
TOLD = 200  # of the changes, in the audit trail
CHANGED, UNDONE = "enrolments_changed", "enrolments_undone"
ACTIONS = (CHANGED, UNDONE)
LARGEST_WAVE = 99


def held(session: Session, key: str, *, who: Identity) -> str:
    """Return the enrolments as they stand, as a text to edit. Raises NotAllowed."""
    initiative = _administered(session, key, who)
    return as_text(COLUMNS, [_written(code, row) for code, row in sorted(_current(session, initiative).items())])


def history(session: Session, key: str, *, who: Identity) -> list[RegisterChange]:
    """Return the newest changes of the enrolments, the newest first. Raises NotAllowed."""
    initiative = _administered(session, key, who)
    return changes(session, "initiative", initiative.key, ACTIONS)


def undo(session: Session, key: str, event: int, *, who: Identity, at: datetime) -> int:
    """Take a change of the enrolments back, exactly, and return of how many schools. It can itself be taken back.

    Raises NotAllowed, and RegisterRefused (`no_such_change`; `in_the_way`, which names what hangs on it by now).
    """
    initiative, moment = take_turn(session, _administered(session, key, who).id or 0, at)
    then = moment_of(session, event, "initiative", key, ACTIONS)
    within = Enrolment.initiative_id == initiative.id
    done = versions_at(session, Enrolment, within, then)
    codes = {number: code for code, number in _schools(session, initiative).items()}
    _refuse_undo(session, initiative, done, codes)
    told = [
        {
            "school": codes[number],
            "before": _written(codes[number], versions.after) if versions.after is not None else None,
            "after": _written(codes[number], versions.before) if versions.before is not None else None,
        }
        for number, versions in sorted(done.items())[:TOLD]
    ]
    put_back(session, Enrolment, done, moment)
    follow(session, initiative, moment)
    audit.record(
        session, at=moment, who=who, action=UNDONE, subject_type="initiative", subject_key=key,
        details={"changed": len(done), "changes": told, "undoes": event},
        places=[EventPlace(initiative.country, initiative.key)],
    )  # fmt: skip
    return len(done)


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
        session, at=moment, who=who, action=CHANGED, subject_type="initiative",
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
    without_zeros = {code.lstrip("0"): code for code in schools}
    said: dict[str, dict[str, Any]] = {}
    for code, (line, cells) in lines.items():
        if code not in schools:
            likely = without_zeros.get(code.lstrip("0"))
            message = _("There is no school {code} in the country's register.").format(code=code)
            if likely is not None:
                message += " " + _("Is that {code}, without the zeros it begins with?").format(code=likely)
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


def _refuse_undo(session: Session, initiative: Initiative, done: dict[int, Versions], codes: dict[int, str]) -> None:
    """Raise RegisterRefused when later changes, or reports of schools that joined by this one, stand in the way."""
    joined = {number for number, versions in done.items() if versions.before is None}
    reported = select(Observation.school_id).where(
        Observation.initiative_id == initiative.id, known_at(Observation, None),
        col(Observation.state) != ValueState.WITHDRAWN,
    )  # fmt: skip
    reporting = joined.intersection(session.exec(reported.distinct()).all()) if joined else set()
    changed = changed_since(session, Enrolment, Enrolment.initiative_id == initiative.id, done)
    refuse_what_hangs_on_it({
        _("Changed again since"): [codes[number] for number in changed if number in codes],
        _("Joined then, and reported since"): [codes[number] for number in reporting],
    })  # fmt: skip


def _schools(session: Session, initiative: Initiative) -> dict[str, int]:
    """Return the schools that are in the country's register now, by code."""
    query = select(School.code, School.id).join(SchoolRecord, col(SchoolRecord.school_id) == col(School.id))
    pairs = session.exec(query.where(School.country == initiative.country, known_at(SchoolRecord, None))).all()
    return {code: number for code, number in pairs if number is not None}


def _current(session: Session, initiative: Initiative) -> dict[str, Enrolment]:
    """Return the current enrolments by the school's code."""
    query = (
        select(School.code, Enrolment)
        .join(Enrolment, col(Enrolment.school_id) == col(School.id))
        .where(Enrolment.initiative_id == initiative.id, known_at(Enrolment, None))
    )
    return dict(session.exec(query).all())
