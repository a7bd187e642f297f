"""How what was released is cited: in words, and for reference managers as BibTeX, RIS and CSL-JSON."""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from access.language import _, current, format_date

# What ends a line or a field in the formats, or is a command in them.
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """What is cited, of which release of which instance, where it stands for good, and when somebody looked.

    `author` is the office that answers for the figures; where none is named the instance stands for it.
    """

    title: str
    instance: str
    author: str
    release: int
    released_on: date
    address: str
    seen_on: date
    licence: str = ""
    demonstration: bool = False

    @property
    def key(self) -> str:
        """What a reference manager may call it: letters, digits and hyphens."""
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.instance}-{self.title}".lower()).strip("-")[:60].strip("-")
        return f"{name or 'uptake'}-release-{self.release}"

    @property
    def by(self) -> str:
        """Who is named first."""
        return self.author or self.instance

    @property
    def heading(self) -> str:
        """The title, which says so where the figures are invented."""
        if not self.demonstration:
            return self.title
        return _("{title} (demonstration figures: invented, not measured)").format(title=self.title)

    def text(self) -> str:
        """Return the citation as a sentence to be printed."""
        return _("{author} ({year}): {title}. {instance}, release {number} of {date}. {address} (seen {seen}).").format(
            author=self.by, year=self.released_on.year, title=self.heading, instance=self.instance,
            number=self.release, date=format_date(self.released_on), address=self.address,
            seen=format_date(self.seen_on),
        )  # fmt: skip

    def bibtex(self) -> str:
        """Return the citation as BibTeX; a date of its own for who looks, as biblatex has it."""
        fields = {
            "author": f"{{{_latex(self.by)}}}",
            "title": f"{{{_latex(self.heading)}}}",
            "publisher": _latex(self.instance),
            "version": _latex(_("Release {number}").format(number=self.release)),
            "year": str(self.released_on.year),
            "date": self.released_on.isoformat(),
            "url": self.address,
            "urldate": self.seen_on.isoformat(),
            "note": _latex(self.licence),
            "language": current(),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"]) + "\n"

    def ris(self) -> str:
        """Return the citation as RIS, a data set by its type."""
        fields = [
            ("TY", "DATA"), ("AU", self.by), ("TI", self.heading), ("PB", self.instance),
            ("PY", str(self.released_on.year)), ("DA", self.released_on.strftime("%Y/%m/%d")),
            ("ET", _("Release {number}").format(number=self.release)), ("UR", self.address),
            ("Y2", self.seen_on.strftime("%Y/%m/%d")), ("N1", self.licence), ("LA", current()),
        ]  # fmt: skip
        lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
        return "\r\n".join([*lines, "ER  - "]) + "\r\n"

    def csl(self) -> str:
        """Return the citation as CSL-JSON, which most reference managers read."""
        told: dict[str, Any] = {
            "id": self.key,
            "type": "dataset",
            "title": self.heading,
            "author": [{"literal": self.by}],
            "publisher": self.instance,
            "version": str(self.release),
            "issued": {"date-parts": [_parts(self.released_on)]},
            "accessed": {"date-parts": [_parts(self.seen_on)]},
            "URL": self.address,
            "language": current(),
        }
        if self.licence:
            told["note"] = self.licence
        return json.dumps([told], ensure_ascii=False, indent=2) + "\n"


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def _latex(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in " ".join(text.split()))
