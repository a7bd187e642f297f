"""What a manager may say about how a file is to be read. What is not said is recognised from the file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from access.language import _
from data_model.periods import Period
from intake.mended import MendedCell
from intake.refusal import Refused
from intake.user_export.cells import Audience
from intake.user_export.columns import Way


@dataclass(frozen=True)
class Options:
    """How to read a file, as far as the manager decided it.

    `mapping`: column name -> metric key, role (school_code, school_name, period, metric, value) or "ignore".
    `schools`: a school as written in the file -> school code. `period` fills in where the file names none.
    `header_row` is a spreadsheet row; `layout` is wide or long; `decimal_mark` is "." or ",". A column may be named by
    its letter in brackets, "(C)", where its name is not its own. `mended`: cells read otherwise than they stand.
    Of a user export: `by` is how its users are matched to schools (groups, department, domain; None: by all of them,
    as far as they agree), `audience` is of whom the workspace is (teachers, students), where the file does not say.
    """

    period: Period | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    schools: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    decimal_mark: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    layout: str | None = None
    mended: tuple[MendedCell, ...] = ()
    by: str | None = None
    audience: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what was decided, without what was left open."""
        said: dict[str, Any] = {
            "period": self.period.key if self.period else None,
            "mapping": dict(self.mapping), "schools": dict(self.schools),
            "encoding": self.encoding, "delimiter": self.delimiter, "decimal_mark": self.decimal_mark,
            "header_row": self.header_row, "sheet": self.sheet, "layout": self.layout,
            "mended": [cell.as_json() for cell in self.mended],
            "by": self.by, "audience": self.audience,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Options":
        """Return the options that `as_json` wrote."""
        given = dict(said)
        if given.get("period"):
            given["period"] = Period.parse(given["period"])
        given["mended"] = tuple(map(MendedCell.from_json, given.get("mended", ())))
        return cls(**given)


def read_mapping(path: Path) -> dict[str, Any]:
    """Return what the mapping in a JSON file says, as arguments of Options. Raises Refused.

    The file is an object of column name -> meaning; beside them may stand what a user export needs: `schools` (an
    object of text -> school code), `by` and `audience`.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refused(
            "mapping_unreadable", _("The mapping {file} cannot be read: {reason}.").format(file=path, reason=error)
        ) from error
    if not isinstance(said, dict):
        raise _misshaped(path)
    words: tuple[tuple[str, tuple[str, ...]], ...] = (("by", tuple(Way)), ("audience", tuple(Audience)))
    options: dict[str, Any] = {name: said.pop(name) for name, known in words if said.get(name) in known}
    if isinstance(said.get("schools"), dict):
        options["schools"] = said.pop("schools")
    if not all(isinstance(value, str) for value in [*said.values(), *options.get("schools", {}).values()]):
        raise _misshaped(path)
    return {"mapping": said, **options}


def _misshaped(path: Path) -> Refused:
    message = _("The mapping {file} must be a JSON object of column name and meaning.")
    return Refused("mapping_unreadable", message.format(file=path))
