"""The register of schools: a country's schools with their history, as a table that is edited whole.

A school opens, closes, moves to another area, merges into another or is split from one: each is a new version of its
record, and what was known before stays. The rollups of every initiative in which it takes part follow.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
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
    within,
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
from data_model.moments import TICK, take_turn
from data_model.participation import Enrolment
from data_model.places import Area, School, SchoolRecord, Setting
from data_model.registry import Initiative
from data_model.submissions import Observation, SchoolChoice, ValueState

COLUMNS = (
    "school_code", "name", "area_code", "setting", "languages", "latitude", "longitude", "opened_on", "closed_on",
    "merged_into", "split_from",
)  # fmt: skip
NEEDED = ("school_code",)
OF_A_NEW_ONE = ("name", "area_code")
LANGUAGES = re.compile(r"([a-z]{2}(,[a-z]{2})*)?")
LONGEST_CODE, LONGEST_NAME, LONGEST_LANGUAGES = 40, 300, 60
TOLD = 200  # of the changes, in the audit trail
PIECE = 1_000  # schools asked about at a time
CHANGED, UNDONE = "schools_changed", "schools_undone"
ACTIONS = (CHANGED, UNDONE)
# How people write where a school lies, in the languages of the files.
SETTINGS: dict[str, str] = {
    **dict.fromkeys(("city", "town", "город", "городская", "городской", "қала", "қалалық"), Setting.URBAN.value),
    **dict.fromkeys(("village", "село", "сельская", "сельский", "аул", "ауыл", "ауылдық"), Setting.RURAL.value),
    **{setting.value: setting.value for setting in Setting},
}


def held(session: Session, country: str, *, who: Identity) -> str:
    """Return the country's schools as they stand, as a text to edit. Raises NotAllowed."""
    require(session, who, Action.ADMINISTER, country=country)
    register = _Register(session, country)
    return as_text(COLUMNS, [register.written(code) for code in sorted(register.records)])


def history(session: Session, country: str, *, who: Identity) -> list[RegisterChange]:
    """Return the newest changes of the register, the newest first. Raises NotAllowed."""
    require(session, who, Action.ADMINISTER, country=country)
    return changes(session, "country", country, ACTIONS)


def undo(session: Session, country: str, event: int, *, who: Identity, at: datetime) -> int:
    """Take a change of the register back, exactly, and return of how many schools. It can itself be taken back.

    Every school that it changed stands again as it stood before; one that was new then is not in the register any
    more. Raises NotAllowed, and RegisterRefused (`no_such_change`; `in_the_way`, which names what hangs on it by now).
    """
    require(session, who, Action.ADMINISTER, country=country)
    initiatives = _with_schools(session, country)
    moment = _turn(session, initiatives, at, country)
    then = moment_of(session, event, "country", country, ACTIONS)
    done = versions_at(session, SchoolRecord, _of(country), then)
    _refuse_undo(session, country, done)
    register = _Register(session, country)
    told = [_told(register, number, versions) for number, versions in sorted(done.items())[:TOLD]]
    put_back(session, SchoolRecord, done, moment)
    _follow(session, initiatives, moment)
    audit.record(
        session, at=moment, who=who, action=UNDONE, subject_type="country", subject_key=country,
        details={"changed": len(done), "changes": told, "undoes": event}, places=[EventPlace(country)],
    )  # fmt: skip
    return len(done)


def preview(session: Session, country: str, text: str, *, who: Identity) -> Preview:
    """Return what a text would change. Schools that are not in it stay as they are. Raises NotAllowed."""
    require(session, who, Action.ADMINISTER, country=country)
    return _read(_Register(session, country), text)[0]


def change(session: Session, country: str, text: str, *, seen: str, who: Identity, at: datetime) -> Preview:
    """Make the changes that a preview showed (`seen` is its fingerprint), all of them, and return them.

    Raises NotAllowed, and RegisterRefused (`problems`, `stale`).
    """
    require(session, who, Action.ADMINISTER, country=country)
    initiatives = _with_schools(session, country)
    moment = _turn(session, initiatives, at, country)
    register = _Register(session, country)
    found, said = _read(register, text)
    refuse_problems(found)
    refuse_stale(found, seen)
    if not found.changes:
        return found
    _record(session, register, found, said, moment)
    _follow(session, initiatives, moment)
    changed = [{"school": one.school, "before": one.before, "after": one.after} for one in found.changes[:TOLD]]
    audit.record(
        session, at=moment, who=who, action=CHANGED, subject_type="country", subject_key=country,
        details={"changed": len(found.changes), "changes": changed}, places=[EventPlace(country)],
    )  # fmt: skip
    return found


class _Register:
    """The schools of a country as they stand, by code."""

    def __init__(self, session: Session, country: str) -> None:
        self.country = country
        # Those too that were in it once: their code is theirs for good.
        every = session.exec(select(School).where(School.country == country)).all()
        self.ids = {school.code: school.id or 0 for school in every}
        self.codes = {number: code for code, number in self.ids.items()}
        current = select(SchoolRecord).where(_of(country), known_at(SchoolRecord, None))
        self.records = {self.codes[record.school_id]: record for record in session.exec(current).all()}
        self.without_zeros = {code.lstrip("0"): code for code in self.records}
        areas = session.exec(select(Area).where(Area.country == country)).all()
        self.areas = {area.code: area.id or 0 for area in areas}
        named = [(name.casefold(), area.code) for area in areas for name in {area.name_en, area.name_ru, area.name_kk}]
        often = Counter(name for name, _code in named)
        self.areas_named = {name: code for name, code in named if name and often[name] == 1}
        self.area_codes = {number: code for code, number in self.areas.items()}

    def written(self, code: str) -> Written:
        """Return a school as written."""
        return self.as_written(code, self.records[code])

    def in_codes(self, cells: Written) -> Written:
        """Return a line with the code of an area that it calls by its name, and with the setting as it is kept."""
        said = dict(cells)
        area = said.get("area_code", "")
        if area not in self.areas:
            said |= {"area_code": self.areas_named.get(area.casefold(), area)} if area else {}
        if "setting" in said:
            said["setting"] = SETTINGS.get(said["setting"].casefold(), said["setting"])
        return said

    def as_written(self, code: str, record: SchoolRecord) -> Written:
        """Return what a record says of a school, as written."""
        return {
            "school_code": code, "name": record.name, "area_code": self.area_codes[record.area_id],
            "setting": record.setting or "", "languages": record.languages,
            "latitude": _number(record.latitude), "longitude": _number(record.longitude),
            "opened_on": _iso(record.opened_on), "closed_on": _iso(record.closed_on),
            "merged_into": self.codes.get(record.merged_into_id or 0, ""),
            "split_from": self.codes.get(record.split_from_id or 0, ""),
        }  # fmt: skip


def _read(register: _Register, text: str) -> tuple[Preview, dict[str, dict[str, Any]]]:
    """Return the preview, and by code what a school's record says from now on (other schools still by their code)."""
    found = Preview()
    lines = once_each(lines_of(text, COLUMNS, NEEDED, found), "school_code", found)
    known = register.records.keys() | lines.keys()
    said: dict[str, dict[str, Any]] = {}
    for code, (line, cells) in lines.items():
        before = register.written(code) if code in register.records else None
        after = {**dict.fromkeys(COLUMNS, ""), **(before or {}), **register.in_codes(cells)}
        problems = [RowProblem(line, name, message) for name, message in _wrong(register, after, known, said, code)]
        found.problems.extend(problems)
        if not problems:
            found.add(line, code, before, after)
    return found, said


def _wrong(
    register: _Register, cells: Written, known: set[str], said: dict[str, dict[str, Any]], code: str
) -> list[tuple[str, str]]:
    """Return what is wrong in a line, and note what it says in its types under `said`."""
    found: list[tuple[str, str]] = []
    typed: dict[str, Any] = {
        "name": cells["name"],
        "languages": cells["languages"],
        "setting": cells["setting"] or None,
    }
    for name, read in (
        ("opened_on", day), ("closed_on", day), ("latitude", lambda text: within(text, 90)),
        ("longitude", lambda text: within(text, 180)),
    ):  # fmt: skip
        try:
            typed[name] = read(cells[name])
        except ValueError as error:
            found.append((name, str(error)))
            typed[name] = None
    typed["area_id"] = register.areas.get(cells["area_code"])
    typed |= {name: cells[name] for name in ("merged_into", "split_from")}
    found += [problem for problem in _rules(cells, typed, known, code) if problem is not None]
    likely = register.without_zeros.get(code.lstrip("0"), code)
    if code not in register.records and likely != code:
        message = _("Is that {code}, without the zeros it begins with? Write the code as it is, as text.")
        found.append(("school_code", message.format(code=likely)))
    said[code] = typed
    for name in ("latitude", "longitude"):
        cells[name] = _number(typed[name]) if typed[name] is not None else ""
    return found


def _rules(cells: Written, typed: dict[str, Any], known: set[str], code: str) -> list[tuple[str, str] | None]:
    opened, closed = typed["opened_on"], typed["closed_on"]
    unknown = _("There is no school {code} in the register or in this text.")
    no_area = _("“{area}” is no area of the country: write the code or the name of one that is listed under Areas.")
    return [
        ("school_code", _("It is too long.")) if len(code) > LONGEST_CODE else None,
        ("name", _("Write the school's name.")) if not 0 < len(typed["name"]) <= LONGEST_NAME else None,
        ("area_code", no_area.format(area=cells["area_code"] or "–")) if typed["area_id"] is None else None,
        ("setting", _("Write urban, rural or nothing.")) if typed["setting"] not in (None, *Setting) else None,
        ("languages", _("Write codes of two letters with commas, such as kk,ru."))
        if not LANGUAGES.fullmatch(typed["languages"]) or len(typed["languages"]) > LONGEST_LANGUAGES else None,
        ("longitude", _("Write both latitude and longitude, or neither."))
        if bool(cells["latitude"]) != bool(cells["longitude"]) else None,
        ("closed_on", _("A school closes on a later day than it opened."))
        if opened is not None and closed is not None and closed <= opened else None,
        ("closed_on", _("A school that merges into another closes: write the day."))
        if typed["merged_into"] and closed is None else None,
        ("opened_on", _("A school that was split from another opened: write the day."))
        if typed["split_from"] and opened is None else None,
        *(
            (name, unknown.format(code=typed[name] or code))
            if typed[name] and (typed[name] not in known or typed[name] == code) else None
            for name in ("merged_into", "split_from")
        ),
    ]  # fmt: skip


def _record(
    session: Session, register: _Register, found: Preview, said: dict[str, dict[str, Any]], moment: datetime
) -> None:
    """Supersede the records that change, add schools that are new, and the records that hold from now on."""
    for one in found.changes:
        if one.before is None and one.school not in register.ids:
            school = School(country=register.country, code=one.school)
            session.add(school)
            session.flush()
            register.ids[one.school] = school.id or 0
        elif one.before is not None:
            register.records[one.school].superseded_at = moment
            session.add(register.records[one.school])
    session.flush()  # before their successors: one version is current at a time
    for one in found.changes:
        typed = dict(said[one.school])
        pointers: dict[str, Any] = {
            f"{name}_id": register.ids.get(typed.pop(name)) for name in ("merged_into", "split_from")
        }
        session.add(SchoolRecord(school_id=register.ids[one.school], recorded_at=moment, **pointers, **typed))
    session.flush()


def _with_schools(session: Session, country: str) -> list[Initiative]:
    """Return the country's initiatives in which schools take part, in one order for everybody who locks them."""
    enrolled = select(Enrolment.initiative_id).where(col(Enrolment.superseded_at).is_(None))
    query = select(Initiative).where(Initiative.country == country, col(Initiative.id).in_(enrolled))
    return list(session.exec(query.order_by(col(Initiative.id))).all())


def _turn(session: Session, initiatives: list[Initiative], at: datetime, country: str) -> datetime:
    """Lock the initiatives and return a moment later than the last of each, and than the register's."""
    turns = [take_turn(session, initiative.id or 0, at)[1] for initiative in initiatives]
    query = select(sa.func.max(col(SchoolRecord.recorded_at)), sa.func.max(col(SchoolRecord.superseded_at)))
    earlier = [moment + TICK for moment in session.exec(query.where(_of(country))).one() if moment is not None]
    return max([at, *turns, *earlier])


def _of(country: str) -> Any:
    """Return the condition for the records of a country's schools."""
    return col(SchoolRecord.school_id).in_(select(School.id).where(School.country == country))


def _follow(session: Session, initiatives: list[Initiative], moment: datetime) -> None:
    for initiative in initiatives:
        initiative.last_recorded_at = moment
        session.add(initiative)
        follow(session, initiative, moment)


def _told(register: _Register, number: int, versions: Versions) -> dict[str, Any]:
    """Return what taking a change back does to a school, as the audit trail keeps it."""
    code = register.codes[number]
    said = [
        register.as_written(code, record) if record is not None else None
        for record in (versions.after, versions.before)
    ]
    return {"school": code, "before": said[0], "after": said[1]}


def _refuse_undo(session: Session, country: str, done: dict[int, Versions]) -> None:
    """Raise RegisterRefused when later changes, or what hangs on schools that were new, stand in the way."""
    codes = {number: code for code, number in _Register(session, country).ids.items()}
    current = session.exec(select(SchoolRecord).where(_of(country), known_at(SchoolRecord, None))).all()
    new = [number for number, versions in done.items() if versions.before is None]
    stay = {record.school_id for record in current}.union(done) - set(new)
    pointing = [record for record in current if record.school_id not in done]
    pointing += [versions.before for versions in done.values() if versions.before is not None]
    enrolled = select(Enrolment.school_id).where(known_at(Enrolment, None))
    reported = select(Observation.school_id).where(
        known_at(Observation, None), col(Observation.state) != ValueState.WITHDRAWN
    )
    chosen = select(SchoolChoice.school_id)
    in_the_way: dict[str, Iterable[int]] = {
        _("Changed again since"): changed_since(session, SchoolRecord, _of(country), done),
        _("New then, and enrolled in an initiative now"): _among(session, enrolled, Enrolment.school_id, new),
        _("New then, and reported since"): _among(session, reported, Observation.school_id, new),
        _("New then, and chosen for a name in files"): _among(session, chosen, SchoolChoice.school_id, new),
        _("Merge into or come from a school that would not be there"): [
            record.school_id for record in pointing
            if any(other is not None and other not in stay for other in (record.merged_into_id, record.split_from_id))
        ],
    }  # fmt: skip
    refuse_what_hangs_on_it({what: [codes[number] for number in numbers] for what, numbers in in_the_way.items()})


def _among(session: Session, query: Any, column: Any, schools: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(schools), PIECE):
        found.update(session.exec(query.where(col(column).in_(schools[start : start + PIECE])).distinct()).all())
    return found


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
