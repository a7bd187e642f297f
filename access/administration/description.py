"""What an editable table is: a description, as data. List, form, validation, audit and history are made from it.

A value stands in a form, in the audit trail and in a comparison as it is *written*: always text, the same in every
language. An empty text is "nothing"; a reference is written by the key of the row it names.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, SQLModel

from access.language import _
from access.permissions import Place
from access.refusal import Refusal

Written = dict[str, str]  # column -> value as written
YES, NO = "yes", "no"


class Kind(StrEnum):
    """What a column holds: which control asks for it, and what may stand in it."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"
    KEY = "key"  # names the row in addresses and files: its form is the column's `form`
    CHOICE = "choice"  # one of the codes in `choices`
    REFERENCE = "reference"  # the key of a row of another table
    ROUGH_DATE = "rough_date"  # as precise as known: 2026, 2026-05 or 2026-05-20
    DAY = "day"
    WHOLE_NUMBER = "whole_number"
    DECIMAL = "decimal"  # exact: money, and what sources state
    NUMBER = "number"  # floating point
    WEB_ADDRESS = "web_address"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Reference:
    """The table a column refers to: by which column its rows are written (`key`) and called on screen (`name`).

    A name ending in `_` is one column a language: `name_` is name_en, name_ru, name_kk. `typed`: there are too many
    rows to choose from a list, so the key is typed. `choose` returns the rows that may be chosen, key -> name, where
    that takes more than a column; of a column with `within` also by what that column says.
    """

    row: type[SQLModel]
    key: str = "key"
    name: str = "name"
    identity: str = "id"
    typed: bool = False
    choose: Callable[..., dict[str, str]] | None = None


@dataclass(frozen=True)
class Column:
    """One column of an editable table."""

    name: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    fixed: bool = False  # said once, when the row is made
    listed: bool = False  # shown in the list
    wide: bool = False  # what it holds is long: it has a line of its own in the form
    choices: Mapping[str, str] = field(default_factory=dict)  # code -> word, marked for translation
    refers_to: Reference | None = None
    form: re.Pattern[str] | None = None  # of a key
    form_said: str = ""  # what to write instead, where a key's form is not the usual one
    longest: int = 2000
    least: float | None = None
    greatest: float | None = None
    past_only: bool = False  # what has happened cannot lie in the future
    default: str = ""
    held_as: str = ""  # the attribute of the row, where it is not called like the column
    within: str = ""  # the column that says among which rows this reference is chosen: it is chosen first
    brings: tuple[str, ...] = ()  # attributes of the row that follow from this one: see `Table.complete`

    @property
    def attribute(self) -> str:
        """The attribute of the row that holds it."""
        if self.held_as:
            return self.held_as
        by_number = self.refers_to is not None and self.refers_to.identity == "id"
        return f"{self.name}_id" if by_number else self.name


@dataclass(frozen=True)
class Problem:
    """What is wrong in a form: in which column (of the whole row where empty), and what to do."""

    column: str
    message: str


@dataclass(frozen=True)
class Asked:
    """What a rule over several columns is asked about: the values in their types, and as written."""

    session: Session
    values: Mapping[str, Any]
    written: Written
    today: date


Rule = Callable[[Asked], Iterator[Problem]]


@dataclass(frozen=True)
class Table:
    """One editable table.

    `key` names the columns that tell its rows apart; `called` those that make a row's name on screen. `places` says
    where a row belongs, which decides who may change it (see `access.permissions.require_places`); None: it is shared
    and belongs wherever it is used. The rows of a versioned table are superseded, never changed: their key columns are
    fixed. `search` names the columns a search reads, `narrowed_by` the reference by which the list can be narrowed.
    """

    name: str
    row: type[SQLModel]
    title: str
    one: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    called: tuple[str, ...]
    places: Callable[[Session, Any], Iterable[Place]] | None
    group: str = ""
    rules: tuple[Rule, ...] = ()
    search: tuple[str, ...] = ()
    narrowed_by: str = ""  # the reference by which the list can be narrowed
    versioned: bool = False
    complete: Callable[[Session, Any], None] | None = None  # fills in what follows from the columns, before it is kept
    follow: Callable[[Session, Any], None] | None = None  # makes true what else hangs on a row that has changed
    sentence: str = ""  # what a row says in words, its `called` columns in braces: its name on screen
    stays: Callable[[Any], str] | None = None  # says why a row may never be removed; empty: it may

    @property
    def stored_as(self) -> str:
        """The name of its database table."""
        return str(self.row.__tablename__)

    def column(self, name: str) -> Column:
        """Return the column of this name."""
        return next(column for column in self.columns if column.name == name)

    def is_fixed(self, column: Column) -> bool:
        """Return whether the column cannot be changed once the row is made."""
        return column.fixed or (self.versioned and column.name in self.key)


class Invalid(Refusal):
    """What was written cannot be kept (`invalid`): every problem at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("invalid", " ".join(dict.fromkeys(problem.message for problem in self.problems)))


class Stale(Refusal):
    """Somebody changed the row since the form was opened (`changed_meanwhile`). `now` is how it stands."""

    def __init__(self, message: str, now: Written) -> None:
        super().__init__("changed_meanwhile", message)
        self.now = now


def refuse_stale(now: Written, shown: Mapping[str, str]) -> None:
    """Raise Stale unless what a form showed when it was opened is how the row stands now."""
    if now != {name: shown.get(name, "") for name in now}:
        raise Stale(_("Somebody changed this since you opened it. Nothing was saved: compare, then decide."), now)


class InUse(Refusal):
    """The row cannot go while others refer to it (`in_use`)."""


class NothingToUndo(Refusal):
    """The last change cannot be taken back any more (`nothing_to_undo`)."""


class NoSuchRow(Refusal):
    """There is no such row (`no_such_row`)."""
