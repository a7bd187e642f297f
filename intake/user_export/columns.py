"""The vendor's columns by name, whatever their order and version, and which of them a header has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from intake.folding import fold


class Field(StrEnum):
    """A column that is read. The others tell nothing that a school's figures need."""

    CADENCE = "cadence"
    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    PUBLIC_ID = "public_id"
    NAME = "name"
    EMAIL = "email"
    ROLE = "role"
    DEPARTMENT = "department"
    GROUPS = "groups"
    USER_STATUS = "user_status"
    IS_ACTIVE = "is_active"
    MESSAGES = "messages"


class Way(StrEnum):
    """By what a user is matched to a school."""

    GROUPS = "groups"
    DEPARTMENT = "department"
    DOMAIN = "domain"


COLUMN_OF_WAY = {Way.GROUPS: Field.GROUPS, Way.DEPARTMENT: Field.DEPARTMENT, Way.DOMAIN: Field.EMAIL}

ALIASES = {"e-mail": Field.EMAIL, "email address": Field.EMAIL, "user email": Field.EMAIL, "group": Field.GROUPS}

# Columns of the versions of 2025 and 2026 that are known and not needed.
NOT_NEEDED = frozenset(
    {"account id", "user role", "created or invited date", "first day active in period", "last day active in period",
     "messages rank", "model to messages", "gpt messages", "gpts messaged", "gpt to messages", "tool messages",
     "tools messaged", "tool to messages", "project messages", "projects messaged", "project to messages",
     "projects created", "last day active", "credits used"}
)  # fmt: skip
# Names that no other file of ours has: some of them are enough, for versions differ and people rename columns.
TELLING = frozenset(
    {"account id", "public id", "user role", "user status", "created or invited date", "is active", "messages rank",
     "first day active in period", "last day active in period", "gpt messages", "gpts messaged", "model to messages",
     "tool messages", "tools messaged", "credits used", "last day active", "cadence"}
)  # fmt: skip
ENOUGH = 3


@dataclass(frozen=True)
class ExportColumns:
    """Which columns a header has: where each field stands, and by what name that was known.

    `repeated`: fields that more than one column claims, with the positions. `unneeded` and `unknown`: the others.
    """

    header: tuple[str, ...]
    position: Mapping[Field, int]
    how: Mapping[Field, str]
    repeated: Mapping[Field, tuple[int, ...]]
    unneeded: tuple[int, ...]
    unknown: tuple[int, ...]


def is_user_export(cells: Sequence[str]) -> bool:
    """Whether these are the column names of a vendor's export of users."""
    return len({fold(cell) for cell in cells} & TELLING) >= ENOUGH


def export_columns(header: Sequence[str]) -> ExportColumns:
    """Return what the columns of an export are."""
    exact = {fold(field): field for field in Field}
    folded = [fold(name) for name in header]
    claimed: dict[Field, list[int]] = {}
    for place, name in enumerate(folded):
        if field := exact.get(name):
            claimed.setdefault(field, []).append(place)
    how = dict.fromkeys(claimed, "exact")
    for place, name in enumerate(folded):
        field = ALIASES.get(name)
        if field is not None and how.get(field) != "exact":
            claimed.setdefault(field, []).append(place)
            how[field] = "alias"
    read = {place for places in claimed.values() for place in places}
    others = [place for place, name in enumerate(folded) if name and place not in read]
    return ExportColumns(
        header=tuple(header),
        position={field: places[0] for field, places in claimed.items()},
        how=how,
        repeated={field: tuple(places) for field, places in claimed.items() if len(places) > 1},
        unneeded=tuple(place for place in others if folded[place] in NOT_NEEDED),
        unknown=tuple(place for place in others if folded[place] not in NOT_NEEDED and folded[place] not in ALIASES),
    )
