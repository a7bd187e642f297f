"""What of a file an entry of a thread speaks of: a row, a value, a finding, or a group of changes with one cause."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True)
class About:
    """By codes and keys, as a person may look for it; what is not named is empty. Empty altogether: the whole file.

    `row` is a spreadsheet row, `value` what stands in the cell. `finding` and `details` are what `intake.findings` says
    in any language. `cause`, with `schools` (how many), is that of a line of the attention list.
    """

    row: int | None = None
    column: str = ""
    school: str = ""
    metric: str = ""
    period: str = ""
    value: str = ""
    finding: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    cause: str = ""
    area: str = ""
    schools: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what is named, as JSON can hold it."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Self:
        """Return what `as_json` gave; what a later version named is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


WHOLE_FILE = About()
