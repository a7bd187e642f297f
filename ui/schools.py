"""The schools of a place in a table, of which a click opens one."""

import pandas as pd
import streamlit as st

from access.language import _, format_number, ngettext
from analytics import adoption
from analytics.scope import Scope
from ui import filters, words
from ui.answers import ask, derived
from ui.codes import SETTINGS
from ui.figures import table, ways_on
from ui.text import heading
from ui.words import Measure


def list_of(scope: Scope, measure: Measure) -> None:
    """Show the schools of the scope's place in a table; a click on a row opens the school."""
    rows = derived(("schools", scope), lambda: _in_words(_schools(scope)), initiative=scope.initiative)
    if rows.empty:
        return
    title = _("Schools, {period}").format(period=words.period(scope.period))
    st.subheader(heading(title), anchor=False)
    count = len(rows)
    st.caption(
        ngettext(
            "{count} school is expected to report. Choose its row to open it.",
            "{count} schools are expected to report. Choose a row to open a school.",
            count,
        ).format(count=format_number(count))
    )
    names = {"school_code": _("Code"), "name": _("School"), "area_name": _("Area"), "setting": _("Setting")}
    table("schools", title, scope, measure, rows, names, code="school_code", opens=lambda code: filters.go(school=code))
    ways_on("schools", title, scope, measure, rows)


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(setting=[_(SETTINGS[code]) if code in SETTINGS else "" for code in rows["setting"]])


def _schools(scope: Scope) -> pd.DataFrame:
    return ask(adoption.schools, scope, initiative=scope.initiative, released=scope.released)
