"""The schools of a place, of which a click opens one, and what one school is."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import N_, _, format_number, ngettext
from analytics import adoption
from analytics.scope import Scope
from ui import filters, words
from ui.answers import ask, derived, records
from ui.figures import table, ways_on
from ui.words import Measure

SETTINGS = {"urban": N_("urban"), "rural": N_("rural")}
LANGUAGES_OF_INSTRUCTION = {
    "kk": N_("Kazakh"), "ru": N_("Russian"), "en": N_("English"), "uz": N_("Uzbek"), "ug": N_("Uyghur"),
    "tg": N_("Tajik"),
}  # fmt: skip


def chosen(scope: Scope) -> Any | None:
    """Return the row of the school that the address names, None when it names none or one that is not here."""
    code = filters.address("school")
    if code is None or scope.released:
        return None
    rows = _schools(scope)
    found = rows[rows["school_code"] == code]
    if found.empty:
        st.warning(
            _("School {code} was not expected here in {period}.").format(
                code=code[:40], period=words.period(scope.period)
            )
        )
        return None
    filters.show("school", code)
    return records(found)[0]


def list_of(scope: Scope, measure: Measure) -> None:
    """Show the schools of the scope's place in a table; a click on a row opens the school."""
    rows = derived(("schools", scope), lambda: _in_words(_schools(scope)), initiative=scope.initiative)
    if rows.empty:
        return
    title = _("Schools, {period}").format(period=words.period(scope.period))
    st.subheader(title, anchor=False)
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
    with st.container(horizontal=True):
        ways_on("schools", title, scope, measure, rows)


def profile(school: Any) -> None:
    """Show what the school is: its code, place, setting, languages of instruction and wave."""
    languages = [_(LANGUAGES_OF_INSTRUCTION.get(code, code)) for code in (school.languages or "").split(",") if code]
    facts = {
        _("Code"): school.school_code,
        _("Area"): school.area_name,
        _("Setting"): _(SETTINGS[school.setting]) if school.setting in SETTINGS else "",
        _("Languages of instruction"): ", ".join(languages),
        _("Wave"): str(school.wave),
    }
    st.markdown(" · ".join(f"{label}: **{value}**" for label, value in facts.items() if value))


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(setting=[_(SETTINGS[code]) if code in SETTINGS else "" for code in rows["setting"]])


def _schools(scope: Scope) -> pd.DataFrame:
    return ask(adoption.schools, scope, initiative=scope.initiative, released=scope.released)
