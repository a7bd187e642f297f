"""Choices that are remembered: what a column of that name means in an initiative's files, which school a text names.

A choice holds for everybody's next file of the initiative, so it names who made it and when, and can be made again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from access import audit
from access.identity import Identity
from access.language import _
from access.permissions import Action, require, require_schools
from data_model.people import Account
from data_model.places import School
from data_model.registry import Initiative
from data_model.submissions import ColumnChoice, SchoolChoice
from intake.columns import IGNORE, ColumnRole
from intake.folding import fold
from intake.record import storable
from intake.refusal import Refused
from intake.rulebook import read_rulebook

LONGEST_COLUMN, LONGEST_TEXT = 200, 300  # signs: what the tables hold
TEXTS_IN_ONE_QUERY = 5_000
PLACE = re.compile(r"\([A-Z]{1,3}\)")  # how a column is called that has no name

Choice = TypeVar("Choice", ColumnChoice, SchoolChoice)


@dataclass(frozen=True)
class Remembered:
    """A remembered choice: a column's name or a school's text as it was written, and what was chosen for it.

    `meaning` is a metric's key, a role or "ignore" for a column, and a school's code for a text.
    """

    text: str
    meaning: str
    by: str
    at: datetime

    def as_json(self) -> dict[str, str]:
        """Return the choice as a submission keeps it."""
        return {"text": self.text, "meaning": self.meaning, "by": self.by, "at": self.at.isoformat()}


def remember_column(
    session: Session, initiative: Initiative, column: str, meaning: str, *, by: Identity, at: datetime
) -> None:
    """Let columns of this name mean a metric (by key), a role, or "ignore" in the initiative's files from now on.

    Raises NotAllowed, or Refused: `mapping_invalid`, `nothing_named`, `too_long`.
    """
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    name = _named(column, LONGEST_COLUMN)
    if PLACE.fullmatch(name):
        raise Refused("nothing_named", _("What has no name cannot be remembered."))
    asked = {metric.key for metric in read_rulebook(session, initiative, at).asked}
    if meaning != IGNORE and meaning not in list(ColumnRole) and meaning not in asked:
        message = _("“{meaning}” is neither a metric of this initiative nor a key column nor “ignore”.")
        raise Refused("mapping_invalid", message.format(meaning=meaning))
    held = _held(session, initiative, ColumnChoice)
    _keep(session, held.get(fold(name)), ColumnChoice, initiative, by, at, column=name, meaning=meaning)
    _audit(session, initiative, by, at, "remember_column", {"column": name, "meaning": meaning})


def remember_schools(
    session: Session, initiative: Initiative, chosen: Sequence[tuple[str, str]], *, by: Identity, at: datetime
) -> None:
    """Let each text name the school of this code in the initiative's files from now on: (text, school code) pairs.

    Raises NotAllowed, also for schools outside the person's grants, those chosen until now among them; or Refused:
    `unknown_school`, `nothing_named`, `too_long`. Then nothing is remembered.
    """
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    schools = _schools_by_code(session, initiative, {code for _text, code in chosen})
    held = _held(session, initiative, SchoolChoice)
    names = [_named(text, LONGEST_TEXT) for text, _code in chosen]
    reach = {*schools.values(), *(held[fold(name)].school_id for name in names if fold(name) in held)}
    require_schools(session, by, Action.SUBMIT, sorted(reach), initiative=initiative)
    for name, (_text, code) in zip(names, chosen, strict=True):
        held[fold(name)] = _keep(
            session, held.get(fold(name)), SchoolChoice, initiative, by, at, text=name, school_id=schools[code]
        )
        _audit(session, initiative, by, at, "remember_school", {"text": name, "school": code})


def forget_column(session: Session, initiative: Initiative, column: str, *, by: Identity, at: datetime) -> None:
    """Forget what columns of this name mean. Raises NotAllowed; forgetting what is not remembered changes nothing."""
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    choice = _held(session, initiative, ColumnChoice).get(fold(storable(column)))
    if choice is not None:
        session.delete(choice)
        _audit(session, initiative, by, at, "forget_column", {"column": choice.column, "meaning": choice.meaning})


def forget_school(session: Session, initiative: Initiative, text: str, *, by: Identity, at: datetime) -> None:
    """Forget which school the text names. Raises NotAllowed, also when the school lies outside the person's grants."""
    require(session, by, Action.SUBMIT, initiative=initiative, at=at)
    choice = _held(session, initiative, SchoolChoice).get(fold(storable(text)))
    if choice is not None:
        require_schools(session, by, Action.SUBMIT, [choice.school_id], initiative=initiative)
        code = session.get_one(School, choice.school_id).code
        session.delete(choice)
        _audit(session, initiative, by, at, "forget_school", {"text": choice.text, "school": code})


def remembered_columns(session: Session, initiative: Initiative) -> dict[str, Remembered]:
    """Return the remembered columns by folded name."""
    query = sa.select(
        col(ColumnChoice.column), col(ColumnChoice.meaning), _person(), col(ColumnChoice.chosen_at)
    ).join(Account, col(Account.id) == col(ColumnChoice.chosen_by))  # fmt: skip
    query = query.where(col(ColumnChoice.initiative_id) == initiative.id).order_by(col(ColumnChoice.id))
    rows = session.connection().execute(query)
    return {fold(text): Remembered(text, meaning, by, at) for text, meaning, by, at in rows}


def remembered_schools(session: Session, initiative: Initiative) -> dict[str, Remembered]:
    """Return the remembered schools by folded text, each with its school's code as the meaning."""
    query = (
        sa.select(col(SchoolChoice.text), col(School.code), _person(), col(SchoolChoice.chosen_at))
        .join(School, col(School.id) == col(SchoolChoice.school_id))
        .join(Account, col(Account.id) == col(SchoolChoice.chosen_by))
        .where(col(SchoolChoice.initiative_id) == initiative.id)
        .order_by(col(SchoolChoice.id))
    )
    rows = session.connection().execute(query)
    return {fold(text): Remembered(text, meaning, by, at) for text, meaning, by, at in rows}


def choices_used(
    session: Session, initiative: Initiative, columns: Iterable[str], schools: Iterable[str]
) -> dict[str, list[dict[str, str]]]:
    """Return the remembered choices by which these columns and school texts of a file were read, as JSON.

    Keys: `columns` and `schools`, each only where there are any.
    """
    found = {}
    for kind, texts, read in (("columns", columns, remembered_columns), ("schools", schools, remembered_schools)):
        wanted = sorted({fold(text) for text in texts})
        held = read(session, initiative) if wanted else {}
        if used := [held[text].as_json() for text in wanted if text in held]:
            found[kind] = used
    return found


def choices_version(session: Session, initiative: Initiative) -> tuple[Any, ...]:
    """Return what changes whenever a choice of the initiative is made or forgotten."""
    found: list[Any] = []
    for table in (ColumnChoice, SchoolChoice):
        query = sa.select(sa.func.count(), sa.func.max(col(table.chosen_at))).where(
            col(table.initiative_id) == initiative.id
        )
        found.extend(session.connection().execute(query).one())
    return tuple(found)


def _named(text: str, longest: int) -> str:
    name = storable(" ".join(text.split()))
    if not fold(name):
        raise Refused("nothing_named", _("What has no name cannot be remembered."))
    if len(name) > longest:
        raise Refused("too_long", _("A text of more than {count} signs cannot be remembered.").format(count=longest))
    return name


def _held(session: Session, initiative: Initiative, table: type[Choice]) -> dict[str, Choice]:
    """Return the choices held, by folded text: however it is written, a text has one.

    The initiative's row is locked first: two people choosing at once do so one after the other.
    """
    session.exec(select(Initiative.id).where(Initiative.id == initiative.id).with_for_update()).one()
    held = session.exec(select(table).where(table.initiative_id == initiative.id).order_by(col(table.id))).all()
    return {fold(one.column if isinstance(one, ColumnChoice) else one.text): one for one in held}


def _keep(
    session: Session,
    held: Choice | None,
    table: type[Choice],
    initiative: Initiative,
    by: Identity,
    at: datetime,
    **said: Any,
) -> Choice:
    """Let a held choice say this from now on, or add it; return it."""
    said |= {"initiative_id": initiative.id, "chosen_by": by.account_id, "chosen_at": at.astimezone(UTC)}
    choice = held or table(**said)
    for name, value in said.items():
        setattr(choice, name, value)
    session.add(choice)
    session.flush()
    return choice


def _schools_by_code(session: Session, initiative: Initiative, codes: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), TEXTS_IN_ONE_QUERY):
        query = sa.select(col(School.code), col(School.id)).where(
            col(School.country) == initiative.country, col(School.code).in_(ordered[start : start + TEXTS_IN_ONE_QUERY])
        )
        found.update((code, identity or 0) for code, identity in session.connection().execute(query))
    for code in ordered:
        if code not in found:
            raise Refused("unknown_school", _("There is no school {code}.").format(code=code))
    return found


def _person() -> sa.ColumnElement[str]:
    """Return what the person is called: their name, or their address where they gave none."""
    return sa.func.coalesce(sa.func.nullif(col(Account.name), ""), col(Account.email))


def _audit(
    session: Session, initiative: Initiative, by: Identity, at: datetime, action: str, details: dict[str, Any]
) -> None:
    audit.record(
        session, at=at, who=by, action=action, subject_type="initiative", subject_key=initiative.key, details=details
    )
