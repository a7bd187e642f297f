"""Choosing findings to send back with a submission, in their table itself; what is chosen stays over its filters."""

from collections.abc import Sequence
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
    shown, memory = fitting[:MOST_POINTS], f"findings-chosen-{number}"
    key = f"findings-back-{number}-{severity or ''}-{code or ''}"
    _all_or_none(len(fitting), shown, key, memory)
    before: set[int] = st.session_state.get(memory, set())
    with st.container(key="findings-table"):
        picked = st.dataframe(
            findings.table((every[place] for place in shown), names, for_file=True), key=key, hide_index=True,
            alt=_("Findings"), on_select="rerun", selection_mode="multi-row", row_height=ROW_HEIGHT,
            height=min(len(shown) + 1, ROWS_IN_VIEW) * ROW_HEIGHT,
            selection_default={"selection": {"rows": [row for row, place in enumerate(shown) if place in before]}},
            column_order=[_("Row"), _("What is wrong, and what to do"), _("Value"), _("Column"), _("Severity")],
            column_config=_widths(),
        )  # fmt: skip
    chosen = before.difference(shown) | {shown[row] for row in picked["selection"]["rows"]}
    st.session_state[memory] = chosen
    findings.take_away(listed, names, str(number))
    return [Point(_about(every[place])) for place in sorted(chosen)]


def _widths() -> dict[str, Any]:
    narrow = {name: st.column_config.TextColumn(width=width) for name, width in ((_("Row"), 50), (_("Severity"), 80))}
    return narrow | {_("What is wrong, and what to do"): st.column_config.TextColumn(width=460)}


def _all_or_none(fitting: int, shown: Sequence[int], key: str, memory: str) -> None:
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


def _choose(key: str, memory: str, shown: Sequence[int], wanted: bool) -> None:
    rows = list(range(len(shown))) if wanted else []
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    others = st.session_state.get(memory, set()).difference(shown)
    st.session_state[memory] = others.union(shown) if wanted else others


def _about(finding: Finding) -> About:
    return About(
        row=finding.row, column=finding.column, value=finding.value, finding=finding.code, details=dict(finding.details)
    )
