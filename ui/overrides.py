"""How a file was read, part by part, each of which can be decided otherwise."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from access.language import N_, _, ngettext
from intake.reading import Reading
from intake.staging.drafts import Draft
from intake.staging.outcome import Outcome
from ui import draft_options
from ui.text import plain

LAYOUTS = {"wide": N_("wide: a row for each school"), "long": N_("long: a row for each value")}
# Recognised, but not to be chosen for any other file.
USERS = {"user_export": N_("a workspace’s users, who are counted by school")}
SIGNS = {"\t": N_("tab"), ";": N_("semicolon"), ",": N_("comma"), "|": N_("bar"), ".": N_("point")}
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "windows-1251", "kz1048", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5",
    "windows-1252", "windows-1250", "windows-1254", "windows-1257", "windows-1253",
)  # fmt: skip
RECOGNISED = ""
PARTS = ("encoding", "delimiter", "decimal_mark", "header_row", "sheet", "layout")
LABELS = {
    "layout": N_("Layout"),
    "encoding": N_("Encoding"),
    "delimiter": N_("Delimiter"),
    "decimal_mark": N_("Decimal mark"),
    "header_row": N_("Column names in row"),
    "sheet": N_("Sheet"),
}
CELLS_SHOWN, LONGEST_ROW = 4, 70


def facts(read: Reading, draft: Draft) -> str:
    """Return in one line how the file was read; what a person decided is marked."""
    said = {part: _in_words(part, getattr(read, part)) for part in LABELS}
    mark = " (" + _("as you decided") + ")"
    parts = [
        f"{_(LABELS[part])}: **{plain(value)}**" + (mark if decided(draft, part) else "")
        for part, value in said.items()
        if value
    ]
    return " · ".join(parts)


def in_words(options: Mapping[str, Any]) -> str:
    """Return which parts of how a file was read were decided by a person, as a submission keeps them."""
    said = [(part, _in_words(part, options.get(part))) for part in LABELS]
    return ", ".join(f"{_(LABELS[part])}: {plain(value)}" for part, value in said if value)


def decided(draft: Draft, part: str) -> bool:
    """Return whether a person decided this part of how the file is read."""
    return getattr(draft.options, part) is not None


def show(draft: Draft, outcome: Outcome) -> None:
    """Let decide otherwise on each part; the file is then checked again."""
    count = sum(decided(draft, part) for part in PARTS)
    text = ngettext("Read it otherwise ({count} part decided)", "Read it otherwise ({count} parts decided)", count)
    label = text.format(count=count) if count else _("Read it otherwise")
    problem = outcome.recognised.header_row is None or not outcome.recognised.columns
    with st.expander(label, icon=":material/tune:", expanded=bool(count) or problem):
        columns = st.columns(3)
        for number, (part, options) in enumerate(_offered(outcome.recognised, draft).items()):
            with columns[number % 3]:
                _choose(draft, outcome.recognised, part, options)
        if count:
            st.button(
                _("All as recognised"), key="as-recognised", type="tertiary", icon=":material/restart_alt:",
                on_click=draft_options.decide, args=(draft.token,), kwargs=dict.fromkeys(PARTS),
            )  # fmt: skip
        _first_rows(outcome.recognised)


def _offered(read: Reading, draft: Draft) -> dict[str, Mapping[Any, str]]:
    """Return the parts that can be decided for this kind of file, with what there is to choose."""
    is_workbook = bool(read.sheets)
    offered: dict[str, Mapping[Any, str]] = {}
    if is_workbook:
        offered["sheet"] = {name: name for name in read.sheets}
    else:
        offered["encoding"] = {name: name for name in ENCODINGS}
        offered["delimiter"] = {sign: _(SIGNS[sign]) for sign in (";", ",", "\t", "|")}
    offered["decimal_mark"] = {sign: _(SIGNS[sign]) for sign in (",", ".")}
    offered["header_row"] = {number: _row(number, cells) for number, cells in enumerate(read.first_rows, start=1)}
    offered["layout"] = {kind: _(name) for kind, name in LAYOUTS.items()}
    return {part: options for part, options in offered.items() if len(options) > (part == "sheet")}


def _choose(draft: Draft, read: Reading, part: str, options: Mapping[Any, str]) -> None:
    held, found = getattr(draft.options, part), _in_words(part, getattr(read, part))
    recognised = _("as recognised: {value}").format(value=found) if found and held is None else _("as recognised")
    shown = {RECOGNISED: recognised, **options, **({held: str(held)} if held and held not in options else {})}
    key = f"read-{part}"
    st.session_state[key] = RECOGNISED if held is None else held
    st.selectbox(
        _(LABELS[part]), list(shown), format_func=lambda value: shown.get(value, str(value)), key=key,
        on_change=_decide, args=(draft.token, part),
    )  # fmt: skip


def _decide(token: str, part: str) -> None:
    chosen = st.session_state[f"read-{part}"]
    # Cells that were mended stay: each is read only where the file, read anew, still holds what was mended.
    draft_options.decide(token, **{part: None if chosen == RECOGNISED else chosen})


def _first_rows(read: Reading) -> None:
    """Show the file's first rows as they are read."""
    if not read.first_rows:
        return
    width = max(map(len, read.first_rows))
    rows = [
        {_("Row"): str(number)} | {f"{index + 1}": cells[index] if index < len(cells) else "" for index in range(width)}
        for number, cells in enumerate(read.first_rows[:10], start=1)
    ]
    st.caption(_("The first rows, as they are read now:"))
    st.dataframe(rows, hide_index=True, alt=_("The first rows of the file"))


def _row(number: int, cells: list[str]) -> str:
    text = " | ".join(cell for cell in cells if cell.strip())
    return f"{number}: {text if len(text) <= LONGEST_ROW else text[:LONGEST_ROW] + '…'}"


def _in_words(part: str, value: Any) -> str:
    if not value:
        return ""
    words = LAYOUTS | USERS if part == "layout" else SIGNS if part in ("delimiter", "decimal_mark") else {}
    return _(words[value]) if value in words else str(value)
