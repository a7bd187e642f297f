"""What was announced beside what is measured: next to each other, never added, never divided by each other."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import _
from analytics.announced import announced_and_measured
from charts import claims
from charts.theme import CONFIG
from data_model.releases import FigureState
from ui import codes, words
from ui.answers import ask, records
from ui.figures import about, drawn
from ui.scope import Asked
from ui.words import Measure


def beside_measured(asked: Asked) -> None:
    """Show each claim about the initiative, and the figure of the same definition where schools report one."""
    shown = asked.scope
    key = asked.initiative.initiative
    arguments = (key, shown.period, shown.as_of, shown.released)
    frame = ask(announced_and_measured, *arguments, initiative=key, released=shown.released)
    if frame.empty:
        return
    st.subheader(_("Announced and measured"), anchor=False)
    st.caption(
        _(
            "What was announced, by whoever said it, and what schools report, for the whole country. The two are never"
            " added or divided: they may count other people. An open mark is a hedged figure."
        )
    )
    labelled = frame.assign(label=[_label(row) for row in records(frame)])
    st.plotly_chart(
        drawn("announced", shown, lambda: claims.announced(labelled, about(shown))),
        key="chart-announced",
        config=CONFIG,
        alt=claims.alt_text(labelled),
    )
    with st.expander(_("All announced figures with their sources")):
        table(frame, asked.measures)


def table(frame: pd.DataFrame, measures: dict[str, Measure] | None = None) -> None:
    """Show claims as a table: what, how exactly, about whom, when, and the source with its grade."""
    shown = pd.DataFrame(
        {
            _("What"): [codes.word(figure, codes.FIGURES) for figure in frame["figure"]],
            _("Announced"): [claim(row) for row in records(frame)],
            _("Who is counted"): frame["population"],
            _("As of"): [words.rough_date(date) for date in frame["as_of"]],
        }
    )
    if measures is not None:
        shown[_("Measured")] = [_measured(row, measures) for row in records(frame)]
    shown[_("Kind")] = [codes.word(kind, codes.CLAIM_KINDS) for kind in frame["kind"]]
    shown[_("Grade")] = frame["grade"]
    shown[_("Publisher")] = frame["publisher"]
    shown[_("Source")] = frame["url"]
    shown[_("Note")] = frame["note"]
    st.dataframe(
        shown,
        hide_index=True,
        alt=_("Announced figures with their sources"),
        column_config={
            _("Source"): st.column_config.LinkColumn(display_text=_("open")),
            _("Grade"): st.column_config.TextColumn(help="  \n".join(_(text) for text in codes.GRADES.values())),
        },
    )


def claim(row: Any) -> str:
    """Return an announced figure in words, hedged as it was."""
    return codes.claimed(row.value, row.value_high, row.qualifier, row.unit, row.period)


def _label(row: Any) -> str:
    what = codes.word(row.figure, codes.FIGURES)
    date = words.rough_date(row.as_of)
    return f"{what}, {date}"


def _measured(row: Any, measures: dict[str, Measure]) -> str:
    if row.measure not in measures:
        return _("nothing of this definition")
    said = words.figure(measures[row.measure], row.measured, row.measured_state)
    if row.measured_state != FigureState.REPORTED:
        return said
    base = words.base(row.schools_in_base, row.schools_expected)
    mark = f", {_('demonstration')}" if row.demonstration else ""
    return f"{said} ({base}{mark})"
