"""Tables people take away: CSV that says what it is, and that no spreadsheet program runs as a formula."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import streamlit as st

from access.language import _, current, format_date, in_language
from analytics.scope import Scope
from charts.theme import Caption
from ui.asking import asking
from ui.columns import MEANINGS, STATES
from ui.words import Measure

# A cell that begins with one of these is a formula to a spreadsheet program (OWASP, "CSV Injection"), the wide signs to
# one that is set to East Asian writing.
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def neutralised(cell: object) -> str:
    """Return a cell as text that a spreadsheet shows and does not run: an apostrophe goes before a formula's sign."""
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def metadata_line(label: str, value: str) -> str:
    """Return one line of what a table is about: one cell wherever it is opened, and no formula.

    Commas and semicolons would part it into cells: between digits they become a thin space, elsewhere a dash.
    """
    line = " ".join((f"# {label}: {value}" if value else f"# {label}").split())
    return re.sub(r"\s*[,;|]\s*", " – ", re.sub(r"(?<=\d)[,;|](?=\d)", "\u202f", line))


def as_csv(frame: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """Return the table as CSV, UTF-8 with a byte-order mark so that spreadsheet programs read Cyrillic.

    Above the header stand lines that begin with `#`: what `about` says (label -> text; the text may be empty).
    pandas reads the file with `comment="#"`.
    """
    text = io.StringIO()
    text.writelines(metadata_line(label, value) + "\r\n" for label, value in about.items())
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutralised(name) for name in frame.columns])
    writer.writerows([neutralised(cell) for cell in row] for row in frame.itertuples(index=False))
    return ("\ufeff" + text.getvalue()).encode()


@dataclass(frozen=True)
class Taken:
    """A table that can be taken away: its rows, what it says of itself, what the file is called, and where it is from.

    Rows and words are made when a button is pressed. `address` tells the address that restores the view.
    """

    frame: Callable[[], pd.DataFrame]
    about: Callable[[], Mapping[str, str]]
    file_name: str
    demonstration: bool = False
    address: Callable[[], str] | None = None

    def told(self, now: datetime) -> dict[str, str]:
        """Return all that the table says of itself, that it is invented before anything else."""
        invented = _("Demonstration data: these figures are invented, nobody measured them.")
        facts = ({invented: ""} if self.demonstration else {}) | dict(self.about())
        where = self.address() if self.address else ""
        if where:
            facts |= {_("Address"): where, _("Citation"): citation(facts, where, now)}
        return facts | {_("Downloaded"): now.strftime("%Y-%m-%d %H:%M UTC")}

    @property
    def name(self) -> str:
        """What the file is called, without its ending; an invented one says so."""
        return f"demonstration-{self.file_name}" if self.demonstration else self.file_name


def citation(facts: Mapping[str, str], address: str, now: datetime) -> str:
    """Return how a table or picture is cited: title, place and period, source, last update, address and day."""
    parts = [
        _("Uptake: {title}").format(title=facts.get(_("Title"), "")),
        ", ".join(facts[label] for label in (_("Place"), _("Period")) if label in facts),
        facts.get(_("Source"), ""),
        _("updated {date}").format(date=facts[_("Last update")]) if facts.get(_("Last update")) else "",
        _("{address} (seen {date})").format(address=address, date=format_date(now.date())),
    ]
    return ". ".join(part for part in parts if part)


def readme(facts: Mapping[str, str], frame: pd.DataFrame, table: str) -> str:
    """Return what stands beside a table that is taken away, in Markdown: what it is, its columns and its states."""
    title = facts.get(_("Title"), table)
    lines = [f"# {_plain(title)}", ""]
    for label, text in facts.items():
        lines.append(f"- **{_plain(label)}**: {_plain(text)}" if text else f"**{_plain(label)}**\n")
    lines += [
        "", "## " + _("File"), "",
        _("`{file}`: comma-separated, UTF-8, decimal points. Lines that begin with # repeat what is said here.").format(
            file=table
        ),
        "", "## " + _("Columns"), "",
    ]  # fmt: skip
    lines += [
        f"- `{str(name).replace('`', '')}`" + (f": {_(MEANINGS[str(name)])}" if str(name) in MEANINGS else "")
        for name in frame.columns
    ]
    if "state" in frame:
        states = [f"- `{code}`: {_(text)}" for code, text in STATES.items()]
        lines += ["", "## " + _("States"), "", *states]
    return "\n".join(lines) + "\n"


def as_archive(frame: pd.DataFrame, facts: Mapping[str, str], name: str) -> bytes:
    """Return a ZIP with the table as CSV and a README beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.csv", as_csv(frame, facts))
        archive.writestr("README.md", readme(facts, frame, f"{name}.csv"))
    return packed.getvalue()


def csv_button(taken: Taken, *, key: str) -> None:
    """Show a button that hands out the table as CSV. The file is made when the button is pressed."""
    now, spoken = asking().at, current()

    def made() -> bytes:
        with in_language(spoken):  # the button's thread has no language of its own
            return as_csv(taken.frame(), taken.told(now))

    st.download_button(
        _("Download CSV"), made, f"{taken.name}.csv", mime="text/csv", key=key, on_click="ignore", type="tertiary",
        icon=":material/download:",
    )  # fmt: skip


def _plain(text: str) -> str:
    """Return a text on one line, without what Markdown would make something else of."""
    return re.sub(r"([\\`*\[\]<>|#])", r"\\\1", " ".join(text.split()))


def about(title: str, scope: Scope, measure: Measure, caption: Caption) -> dict[str, str]:
    """Return what a table of figures says of itself: what, where, when, how counted, from what, and how final."""
    return {_("Title"): title} | facts(scope, measure) | of_caption(caption)


def facts(scope: Scope, measure: Measure) -> dict[str, str]:
    """Return what was asked: the initiative, the measure with its definition and formula, where, when, as of when."""
    told = {
        _("Initiative"): scope.initiative,
        _("Measure"): f"{measure.name} ({measure.key})",
        _("Definition"): measure.definition,
        _("Formula"): measure.formula,
        _("Unit"): "%" if measure.percent else measure.unit,
        _("Place"): scope.area,
        _("Period"): scope.period.key,
        _("As of"): scope.as_of.strftime("%Y-%m-%dT%H:%M:%SZ") if scope.as_of else "",
    }
    return {label: text for label, text in told.items() if text}


def of_caption(caption: Caption) -> dict[str, str]:
    """Return what a picture rests on: base, source, last update, and why it is not final."""
    told = {
        _("Base"): caption.base,
        _("Source"): caption.source,
        _("Last update"): caption.last_update,
        _("Provisional"): caption.provisional,
    }
    return {label: text for label, text in told.items() if text}
