"""What was announced beside what is measured: next to each other, never added, never divided by each other."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import _
from analytics.announced import announced_and_measured
from charts import claims
from data_model.releases import FigureState
from ui import codes, words
from ui.answers import ask, records
from ui.figures import Exhibit, about, exhibit
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
    exhibit(
        Exhibit(
            key="announced",
            title=_("Announced and measured"),
            frame=frame,
            draw=lambda: claims.announced(_labelled(frame), about(shown)),
            tell=lambda: claims.alt_text(_labelled(frame)),
            rows=lambda: _table(frame, asked.measures),
            caption=about(shown),
            chart="announced",
            file_name=f"{key}-announced-{shown.period.key}".replace("/", "-"),
            facts={_("Initiative"): key, _("Period"): shown.period.key},
            note=_(
                "What was announced, by whoever said it, and what schools report, for the whole country. The two are"
                " never added or divided: they may count other people. An open mark is a hedged figure."
            ),
            columns={
                _("Source"): st.column_config.LinkColumn(display_text=_("open")),
                _("Grade"): st.column_config.TextColumn(help="  \n".join(_(text) for text in codes.GRADES.values())),
            },
        ),
        shown,
    )


def _table(frame: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Return claims as rows that people read: what, how exactly, about whom, when, and the source with its grade."""
    rows = records(frame)
    return pd.DataFrame(
        {
            _("What"): [codes.word(row.figure, codes.FIGURES) for row in rows],
            _("Announced"): [claim(row) for row in rows],
            _("Who is counted"): frame["population"],
            _("As of"): [words.rough_date(row.as_of) for row in rows],
            _("Measured"): [_measured(row, measures) for row in rows],
            _("Kind"): [codes.word(row.kind, codes.CLAIM_KINDS) for row in rows],
            _("Grade"): frame["grade"],
            _("Publisher"): frame["publisher"],
            _("Source"): frame["url"],
            _("Note"): frame["note"],
        }
    )


def claim(row: Any) -> str:
    """Return an announced figure in words, hedged as it was."""
    return codes.claimed(row.value, row.value_high, row.qualifier, row.unit, row.period)


def _labelled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(label=[_label(row) for row in records(frame)])


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
    parts = [base, _("demonstration")] if row.demonstration else [base]
    return f"{said} ({', '.join(parts)})"
