"""Choosing findings to send back with a submission, in their table itself; what is chosen stays over its filters."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from access.language import _, format_number, ngettext
from intake.finding_list import FindingList
from intake.findings import Finding
from intake.review.about import About
from intake.review.steps import MOST_POINTS, Point
from ui import findings
from ui.words import Measure

ROWS_IN_VIEW = 9
ROW_HEIGHT = 72  # pixels: three lines of what is wrong; texts wrap from four rem on


@dataclass
class _Memory:
    """What is chosen, by its place in the file; and how often another filter was set. With each the table is a new one,
    which begins with what is chosen: one that was shown before would remember its own rows.
    """

    chosen: set[int] = field(default_factory=set)
    turn: int = 0
    through: Hashable = None

    def look_through(self, chosen_filter: Hashable) -> None:
        """Note which filter is set."""
        self.turn += chosen_filter != self.through
        self.through = chosen_filter


def choose(listed: FindingList, measures: dict[str, Measure], number: int) -> list[Point]:
    """Show a submission's findings as a table in which to choose rows; return the chosen ones as points to mend."""
    if not len(listed):
        return []
    every = list(listed)
    names = {key: measure.name for key, measure in measures.items()}
    severity, code = findings.filtered(listed, names)
    fitting = [
        place for place, one in enumerate(every) if code in (None, one.code) and severity in (None, one.severity)
    ]
    shown = fitting[:MOST_POINTS]
    memory: _Memory = st.session_state.setdefault(f"findings-chosen-{number}", _Memory())
    memory.look_through((severity, code))
    key = f"findings-back-{number}-{memory.turn}"
    _all_or_none(len(fitting), shown, key, memory)
    before = set(memory.chosen)
    with st.container(key="findings-table"):
        picked = st.dataframe(
            findings.table((every[place] for place in shown), names, for_file=True), key=key, hide_index=True,
            alt=_("Findings"), on_select="rerun", selection_mode="multi-row", row_height=ROW_HEIGHT,
            height=min(len(shown) + 1, ROWS_IN_VIEW) * ROW_HEIGHT,
            selection_default={"selection": {"rows": [row for row, place in enumerate(shown) if place in before]}},
            column_order=[_("Row"), _("What is wrong, and what to do"), _("Value"), _("Column"), _("Severity")],
            column_config=_widths(),
        )  # fmt: skip
    memory.chosen = before.difference(shown) | {shown[row] for row in picked["selection"]["rows"]}
    findings.take_away(listed, names, str(number))
    return [Point(_about(every[place])) for place in sorted(memory.chosen)]


def _widths() -> dict[str, Any]:
    narrow = {name: st.column_config.TextColumn(width=width) for name, width in ((_("Row"), 50), (_("Severity"), 80))}
    return narrow | {_("What is wrong, and what to do"): st.column_config.TextColumn(width=460)}


def _all_or_none(fitting: int, shown: Sequence[int], key: str, memory: _Memory) -> None:
    """Offer to choose all rows that are shown, or none of them; say what the table does not hold."""
    all_of_them = ngettext("Choose {count} finding", "Choose all {count} findings", len(shown))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Choose the rows that are to be mended."), width="content")
        st.button(
            all_of_them.format(count=format_number(len(shown))), key="findings-all", type="tertiary",
            on_click=_choose, args=(key, memory, shown, True),
        )  # fmt: skip
        st.button(
            _("Choose none"), key="findings-none", type="tertiary", on_click=_choose, args=(key, memory, shown, False)
        )
    if fitting > len(shown):
        text = _("The first {shown} of {count} are in the table. With more, return the whole file and say so.")
        st.caption(text.format(shown=format_number(len(shown)), count=format_number(fitting)))


def _choose(key: str, memory: _Memory, shown: Sequence[int], wanted: bool) -> None:
    rows = list(range(len(shown))) if wanted else []
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    others = memory.chosen.difference(shown)
    memory.chosen = others.union(shown) if wanted else others


def _about(finding: Finding) -> About:
    return About(
        row=finding.row, column=finding.column, value=finding.value, finding=finding.code, details=dict(finding.details)
    )
