"""Faulty rows mended on the page, or taken away as a workbook and brought back; what was mended, and by whom."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil
from pathlib import PurePath
from typing import Any

import pandas as pd
import streamlit as st

from access.identity import Identity
from access.language import _, current, format_number, in_language, ngettext
from access.refusal import Refusal
from data_model.registry import Initiative
from intake.check import read_grid
from intake.faulty_rows import Fault, FaultyRows, as_workbook, faults, read_back
from intake.mended import MendedCell, restated, shown, standing
from intake.options import Options
from intake.staging import drafts
from intake.staging.drafts import Draft
from intake.staging.outcome import Outcome
from ui import acting, asking, draft_options, findings, staging
from ui.database import reading
from ui.text import plain
from ui.upload_control import bring_file
from ui.words import Measure

ROWS, CELLS = 25, 10  # shown at once
ROWS_NAMED = 20
LONGEST_NAME = 60


def show(draft: Draft, outcome: Outcome, measures: dict[str, Measure]) -> None:
    """Let mend the faulty rows, where there are any."""
    if not len(outcome.faulty) or not draft.has_content:
        return
    st.subheader(_("Mend"), anchor=False)
    st.write(
        _(
            "What you mend is read in place of the file’s own cells, and recorded with your name. The file itself stays"
            " as it was brought."
        )
    )
    names = {key: measure.name for key, measure in measures.items()}
    here, elsewhere = st.tabs([_("Here"), _("In a spreadsheet")])
    with here:
        _editor(draft, outcome, names)
    with elsewhere:
        _workbook(draft, outcome, names)


def mended_cells(cells: Sequence[MendedCell], token: str = "") -> None:
    """Show what was mended, from what to what and by whom; with a draft named, each can be taken back."""
    if not cells:
        return
    text = ngettext("{count} cell was mended", "{count} cells were mended", len(cells))
    with st.expander(text.format(count=format_number(len(cells))), icon=":material/healing:", expanded=bool(token)):
        pages = ceil(len(cells) / CELLS)
        page = st.pagination(pages, key="mended-page") if pages > 1 else 1
        for number, cell in enumerate(cells[(page - 1) * CELLS : page * CELLS]):
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"mended-{number}"):
                st.markdown(_line(cell))
                if token:
                    st.button(
                        _("Take back"), key=f"unmend-{cell.row}-{cell.position}", type="tertiary",
                        icon=":material/undo:", on_click=_unmend, args=(token, cell.row, cell.position),
                    )  # fmt: skip
        if token and len(cells) > 1:
            st.button(
                _("Take all of them back"), key="unmend-all", type="tertiary", on_click=draft_options.decide,
                args=(token,), kwargs={"mended": ()},
            )  # fmt: skip


def _line(cell: MendedCell) -> str:
    text = _("Row {row}, {column}: “{original}” → **{text}**")
    line = text.format(
        row=cell.row, column=plain(cell.column), original=plain(shown(cell.original)),
        text=plain(shown(cell.text)) or _("blank"),
    )  # fmt: skip
    return line + " · " + _("by {name}").format(name=plain(cell.by)) if cell.by else line


def _editor(draft: Draft, outcome: Outcome, names: Mapping[str, str]) -> None:
    """Show faulty rows a page at a time, each cell to be written anew, with the reasons beside."""
    faulty = outcome.faulty
    pages = ceil(len(faulty) / ROWS)
    page = st.pagination(pages, key="faulty-page") if pages > 1 else 1
    chosen = range((page - 1) * ROWS, min(page * ROWS, len(faulty)))
    rows = [faulty.rows[index] for index in chosen]
    found = faults(outcome.findings, rows)
    table = pd.DataFrame(
        [
            {"row": row, "reasons": _reasons(found.get(row, ()), faulty, names)}
            | {f"c{place}": shown(text) for place, text in enumerate(faulty.texts[index])}
            for index, row in zip(chosen, rows, strict=True)
        ]
    )
    key = f"mend-{outcome.key}-{page}"
    wrong = {fault.position for listed in found.values() for fault in listed}
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        num_rows="fixed",
        column_order=_order(faulty, wrong),
        disabled=["row", "reasons"],
        column_config=_columns(faulty, wrong),
    )
    st.button(
        _("Apply what was mended"), key="apply-mended", type="primary", icon=":material/healing:", on_click=_apply,
        args=(draft.token, faulty, key, list(chosen)),
        disabled=not st.session_state.get(key, {}).get("edited_rows"),
    )  # fmt: skip


def _order(faulty: FaultyRows, wrong: set[int | None]) -> list[str]:
    """Return the order of the table's columns: what is wrong first, with its reasons, then the rest of the row."""
    places = range(len(faulty.names))
    first, rest = [place for place in places if place in wrong], [place for place in places if place not in wrong]
    return ["row", *(f"c{place}" for place in first), "reasons", *(f"c{place}" for place in rest)]


def _columns(faulty: FaultyRows, wrong: set[int | None]) -> dict[str, Any]:
    """Return how the columns of the table are called; those with a faulty cell are marked."""
    config: dict[str, Any] = {
        "row": st.column_config.NumberColumn(_("Row"), format="%d", pinned=True, width="small"),
        "reasons": st.column_config.TextColumn(_("What is wrong, and what to do"), width=560),
    }
    for place, name in enumerate(faulty.names):
        label = f"⚠ {name}" if place in wrong else name
        config[f"c{place}"] = st.column_config.TextColumn(
            label[:LONGEST_NAME], width="small" if len(name) < 12 and place not in wrong else None
        )
    return config


def _reasons(listed: Sequence[Fault], faulty: FaultyRows, names: Mapping[str, str]) -> str:
    parts = []
    for fault in listed:
        column = f"{faulty.names[fault.position]}: " if fault.position is not None else ""
        parts.append(column + findings.said(fault.finding, names))
    return "\n".join(parts)


def _apply(token: str, faulty: FaultyRows, key: str, chosen: Sequence[int]) -> None:
    """Take over what was written into the table as mended cells."""
    who, options = asking.begin().who, draft_options.options(token)
    edited: Mapping[int, Mapping[str, str | None]] = st.session_state[key]["edited_rows"]
    rows = {}
    for number, cells in edited.items():
        texts = list(faulty.texts[chosen[int(number)]])
        for column, text in cells.items():
            texts[int(column.removeprefix("c"))] = text or ""
        rows[faulty.rows[chosen[int(number)]]] = texts
    _take_over(token, options, who, lambda: (faulty.standing(options.mended), rows), missing=())


def _workbook(draft: Draft, outcome: Outcome, names: Mapping[str, str]) -> None:
    """Offer the faulty rows as a workbook, and take it back."""
    faulty, spoken, now = outcome.faulty, current(), asking.asking().at
    if faulty.total > len(faulty):
        text = _("The workbook holds the first {count} of {total} faulty rows.")
        st.caption(text.format(count=format_number(len(faulty)), total=format_number(faulty.total)))

    def make() -> bytes:
        with in_language(spoken):  # the button's thread has no language of its own
            said = partial(findings.said, names=names)
            return as_workbook(faulty, outcome.findings, outcome.file_name, at=now, said=said)

    st.download_button(
        _("Faulty rows as XLSX"), make, f"mend-{PurePath(outcome.file_name).stem}.xlsx", key="faulty-rows",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    bring_file(
        draft.initiative, lambda token: _received(draft.token, token, faulty), label=_("Bring the mended rows back"),
        key="bring-mended",
    )  # fmt: skip


def _received(token: str, brought: str | None, faulty: FaultyRows) -> None:
    """Take over what stands in the workbook that came back. It is kept no longer than that takes."""
    who, options = asking.begin().who, draft_options.options(token)
    draft = drafts.find(staging.folder(), token, who.account_id)
    sheet = drafts.find(staging.folder(), brought or "", who.account_id)
    if draft is None or sheet is None:
        return
    content = sheet.content()
    drafts.discard(sheet)

    def said() -> Any:
        with reading() as session:
            initiative: Initiative = draft_options.initiative_named(session, who, draft.initiative)
            grid = read_grid(session, initiative, draft.content(), options, at=asking.asking().at)
            country = initiative.country
        assert grid is not None, "a file with faulty rows holds a table"
        returned = read_back(content, grid, faulty.rows, country)
        missing.extend(returned.missing)
        return standing(grid, faulty.names, returned.rows), returned.rows

    missing: list[int] = []
    _take_over(token, options, who, said, missing=missing)


def _take_over(token: str, options: Options, who: Identity, said: Any, *, missing: Sequence[int]) -> None:
    """Let what was said anew of some rows be read in place of what stands in them, and say how much that is."""
    try:
        file, rows = said()
        cells = restated(options.mended, file, rows, by=who.name, at=asking.asking().at.isoformat(timespec="seconds"))
    except Refusal as refused:
        acting.refuse(refused.message)
        return
    draft_options.decide(token, mended=cells)
    count = len(set(cells) ^ set(options.mended))
    text = ngettext("{count} cell is mended.", "{count} cells are mended.", count).format(count=format_number(count))
    if missing:
        gone = _("Not in the sheet any more, and therefore left as they stand in the file: rows {rows}.")
        named = [*map(str, missing[:ROWS_NAMED]), *["…"][: len(missing) - ROWS_NAMED]]
        text += " " + gone.format(rows=", ".join(named))
    acting.say(text)


def _unmend(token: str, row: int, position: int) -> None:
    held = draft_options.options(token).mended
    draft_options.decide(token, mended=tuple(cell for cell in held if (cell.row, cell.position) != (row, position)))


def of_submission(options: Mapping[str, Any]) -> list[MendedCell]:
    """Return the mended cells that a submission was read with."""
    return [MendedCell.from_json(cell) for cell in options.get("mended", ())]
