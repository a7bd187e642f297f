"""What one cell of an export says. What cannot be read is None: no error and no finding ever holds the cell itself."""

import json
import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from intake.folding import fold, squeeze

YES = frozenset({"true", "1", "yes", "истина", "да", "ақиқат", "иә"})
NO = frozenset({"false", "0", "no", "ложь", "нет", "жалған", "жоқ"})
WHOLE = re.compile(r"([0-9]{1,9})(?:[.,]0+)?")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[t ][0-9:.]+(?:z|[+-][0-9:]+)?)?")
POINT_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
SLASH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]+")
WORDS = re.compile(r"[^\W\d_]+")
HAS_DIGIT = re.compile(r"[0-9]")
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
LONGEST_TEXT, MOST_TEXTS, LONGEST_CELL = 200, 30, 20_000

# Stands for a text that names a person. Nothing else of it goes on.
WITHHELD = "\ufffd"


class Status(StrEnum):
    """How far a user has come."""

    PENDING = "pending"
    ENABLED = "enabled"
    DELETED = "deleted"


class Audience(StrEnum):
    """Whom a workspace, or one user of it, is counted among."""

    TEACHERS = "teachers"
    STUDENTS = "students"


AUDIENCE_WORDS = {
    Audience.TEACHERS: frozenset(
        {"teacher", "teachers", "educator", "educators", "faculty", "instructor", "lecturer", "professor", "учитель",
         "учителя", "педагог", "педагоги", "преподаватель", "мұғалім", "мұғалімдер", "оқытушы", "ұстаз"}
    ),
    Audience.STUDENTS: frozenset(
        {"student", "students", "pupil", "pupils", "learner", "learners", "ученик", "ученики", "ученица", "учащийся",
         "учащиеся", "студент", "студенты", "оқушы", "оқушылар", "білім алушы", "студенттер"}
    ),
}  # fmt: skip
AUDIENCE_OF_WORD = {word: audience for audience, words in AUDIENCE_WORDS.items() for word in words}


def read_status(cell: str) -> Status | None:
    """Return the user's status."""
    word = fold(cell)
    return Status(word) if word in list(Status) else None


def read_yes_or_no(cell: str) -> bool | None:
    """Return whether the cell says yes, None when it says neither."""
    word = fold(cell)
    return True if word in YES else False if word in NO else None


def read_count(cell: str) -> int | None:
    """Return the whole number in the cell."""
    match = WHOLE.fullmatch(cell.strip())
    return int(match[1]) if match else None


def read_days(cell: str) -> tuple[date, ...]:
    """Return the days that the cell may mean: two for 10/1/2026, which is read differently here and there."""
    text = cell.strip().lower()
    if match := ISO_DAY.fullmatch(text):
        days = [_day(match[1], match[2], match[3])]
    elif match := POINT_DAY.fullmatch(text):
        days = [_day(match[3], match[2], match[1])]
    elif match := SLASH_DAY.fullmatch(text):
        days = [_day(match[3], match[1], match[2]), _day(match[3], match[2], match[1])]
    else:
        return ()
    return tuple(sorted({day for day in days if day is not None}))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_audience(cell: str) -> Audience | None:
    """Return whom a role counts among, None when the word says neither."""
    return AUDIENCE_OF_WORD.get(fold(cell))


def email_parts(cell: str) -> tuple[str, str]:
    """Return an address's local part and its domain in small letters; the domain is blank where there is no address."""
    local, at, domain = squeeze(cell).casefold().rpartition("@")
    domain = domain.strip(" .>")
    if not at or "@" in local or not DOMAIN.fullmatch(domain):
        return "", ""
    return local, domain


def read_texts(cell: str) -> tuple[str, ...]:
    """Return the texts of a groups or department cell: those of a list written as JSON or Python, or the cell itself.

    A text that holds an e-mail address, or half of one, is WITHHELD.
    """
    cell = cell[:LONGEST_CELL].strip()
    listed = _listed(cell) if cell.startswith("[") else None
    texts = [squeeze(text)[:LONGEST_TEXT] for text in (listed if listed is not None else [cell])[:MOST_TEXTS]]
    return tuple(dict.fromkeys(WITHHELD if "@" in text or WITHHELD in text else text for text in texts if text))


def _listed(cell: str) -> list[str] | None:
    """Return the entries of a list written as JSON does, or as Python does; None when it is neither."""
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError):
        quoted = QUOTED.findall(cell) if cell.endswith("]") else []
        return [single or double for single, double in quoted] or None
    return [entry if isinstance(entry, str) else str(entry) for entry in found] if isinstance(found, list) else None


def without_person(texts: tuple[str, ...], names: Sequence[str], handles: Sequence[str]) -> tuple[str, ...]:
    """Return a user's texts, with those WITHHELD that name this user: a group or department of one person.

    `names`: what may be the user's name. `handles`: the local parts of the user's addresses.
    """
    if not texts:
        return texts
    people = [words for name in names if (words := _words_of_a_name(name))]
    marks = [handle for handle in handles if re.search(r"[._-]", handle) and not HAS_DIGIT.search(handle)]

    def names_person(text: str) -> bool:
        folded = fold(text)
        if any(mark in folded for mark in marks):
            return True
        return bool(people) and any(words <= set(WORDS.findall(folded)) for words in people)

    return tuple(dict.fromkeys(WITHHELD if names_person(text) else text for text in texts))


def _words_of_a_name(name: str) -> set[str]:
    """Return the words of a person's name. A text with digits is none: shared accounts are named after schools."""
    words = [] if HAS_DIGIT.search(name) else WORDS.findall(fold(name))
    return set(words) if len(words) > 1 and all(len(word) > 1 for word in words) else set()
