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


@dataclass(frozen=True)
class Options:
    """How to read a file, as far as the manager decided it.

    `mapping`: column name -> metric key, role (school_code, school_name, period, metric, value) or "ignore".
    `schools`: a school as written in the file -> school code. `period` fills in where the file names none.
    `header_row` is a spreadsheet row; `layout` is wide or long; `decimal_mark` is "." or ",". A column may be named by
    its letter in brackets, "(C)", where its name is not its own. `mended`: cells read otherwise than they stand.
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

    def as_json(self) -> dict[str, Any]:
        """Return what was decided, without what was left open."""
        said: dict[str, Any] = {
            "period": self.period.key if self.period else None,
            "mapping": dict(self.mapping), "schools": dict(self.schools),
            "encoding": self.encoding, "delimiter": self.delimiter, "decimal_mark": self.decimal_mark,
            "header_row": self.header_row, "sheet": self.sheet, "layout": self.layout,
            "mended": [cell.as_json() for cell in self.mended],
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


def read_mapping(path: Path) -> dict[str, str]:
    """Return the mapping in a JSON file: an object of column name -> meaning. Raises Refused."""
    try:
        mapping = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Refused(
            "mapping_unreadable", _("The mapping {file} cannot be read: {reason}.").format(file=path, reason=error)
        ) from error
    if not isinstance(mapping, dict) or not all(isinstance(value, str) for value in mapping.values()):
        raise Refused(
            "mapping_unreadable",
            _("The mapping {file} must be a JSON object of column name and meaning.").format(file=path),
        )
    return mapping
