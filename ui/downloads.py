"""Tables people take away: CSV that says what it is, and that no spreadsheet program runs as a formula."""

import csv
import io
import re
from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from access.language import _, current, in_language
from analytics.scope import Scope
from charts.theme import Caption
from ui.asking import asking
from ui.words import Measure

# A cell that begins with one of these is a formula to a spreadsheet program (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[=+\-@\t\r]")
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


def csv_button(
    frame: Callable[[], pd.DataFrame],
    about: Callable[[], Mapping[str, str]],
    file_name: str,
    *,
    key: str,
    demonstration: bool = False,
) -> None:
    """Show a button that hands out the table as CSV. The file is made when the button is pressed."""
    now, spoken = asking().at, current()

    def make() -> bytes:
        with in_language(spoken):  # the button's thread has no language of its own
            invented = _("Demonstration data: these figures are invented, nobody measured them.")
            told = {invented: ""} if demonstration else {}
            return as_csv(frame(), told | dict(about()) | {_("Downloaded"): now.strftime("%Y-%m-%d %H:%M UTC")})

    st.download_button(
        _("Download CSV"),
        make,
        f"demonstration-{file_name}" if demonstration else file_name,
        mime="text/csv",
        key=key,
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def about(title: str, scope: Scope, measure: Measure, caption: Caption) -> dict[str, str]:
    """Return what a table of figures says of itself: what, where, when, how counted, from what, and how final."""
    told = {
        _("Title"): title,
        _("Initiative"): scope.initiative,
        _("Measure"): f"{measure.name} ({measure.key})",
        _("Definition"): measure.definition,
        _("Formula"): measure.formula,
        _("Unit"): "%" if measure.percent else measure.unit,
        _("Place"): scope.area,
        _("Period"): scope.period.key,
        _("As of"): scope.as_of.strftime("%Y-%m-%dT%H:%M:%SZ") if scope.as_of else "",
        _("Base"): caption.base,
        _("Source"): caption.source,
        _("Last update"): caption.last_update,
        _("Provisional"): caption.provisional,
    }
    return {label: text for label, text in told.items() if text}
