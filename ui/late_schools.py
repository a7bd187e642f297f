"""Whom to call: the districts with most missing reports, then the schools themselves, and who last spoke for them."""

from collections.abc import Hashable

import pandas as pd
import streamlit as st

from access.language import _, format_number, ngettext
from analytics import late_schools
from analytics.scope import Scope
from ui import figures, filters, navigation, provisional, words
from ui.answers import ask, derived
from ui.asking import asking
from ui.words import Measure


def to_call(shown: Scope, measure: Measure, place: str) -> None:
    """Show whose report was due and has not come: by district, then school by school. For staff."""
    st.subheader(_("Whom to call, {period}").format(period=words.period(shown.period)), anchor=False)
    if shown.released:
        st.info(_("Names of schools are not released. Those who may read live figures see here whom to call."))
        return
    own = shown.of(first_period=None)
    name = (asking().who, asking().hour, st.context.timezone)
    late, districts = derived(("late", own, name), lambda: _asked(own), initiative=shown.initiative)
    if late.empty:
        _nobody(shown)
        return
    text = ngettext(
        "{count} school of {place} has not reported though it was due. The longest silence stands first.",
        "{count} schools of {place} have not reported though they were due. The longest silence stands first.",
        len(late),
    )
    st.caption(text.format(count=format_number(len(late)), place=place))
    _districts(own, measure, districts, name)
    _schools(own, measure, late, name)


def _asked(shown: Scope) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the late schools, moments as their reader's clock shows them, and the districts they lie in."""
    late = ask(late_schools.who_to_call, shown, asking().who, asking().hour, initiative=shown.initiative)
    moments = ["" if pd.isna(moment) else words.moment(moment) for moment in late["last_submitted_at"]]
    return late.assign(last_submitted_at=moments), late_schools.districts_to_call(late)


def _nobody(shown: Scope) -> None:
    found = provisional.found(shown)
    if found.reason == "not_yet_due" or (found.schools_reporting or 0) < (found.schools_expected or 0):
        st.info(_("Nobody yet: these reports are not due."), icon=":material/schedule:")
    else:
        st.success(_("Nobody: every school that was expected has reported."), icon=":material/check:")


def _districts(shown: Scope, measure: Measure, rows: pd.DataFrame, name: Hashable) -> None:
    """Show the districts of the late schools, those with most first; a click goes into one."""
    if len(rows) < 2:
        return
    figures.listing(
        "districts",
        _("Districts to call first"),
        shown,
        measure,
        rows,
        {
            "area_name": _("Area"), "schools_late": _("Schools late"), "longest_silence": _("Longest silence, months"),
            "never_reported": _("Never reported"),
        },
        code="area_code",
        opens=lambda code: filters.go(area=code),
        name=name,
    )  # fmt: skip


def _schools(shown: Scope, measure: Measure, rows: pd.DataFrame, name: Hashable) -> None:
    """Show the late schools; a click opens one on Adoption."""

    def open_school(code: str) -> None:
        area = rows.loc[rows["school_code"] == code, "area_code"].iloc[0]
        navigation.go_to("adoption", area=str(area), school=code)

    figures.listing(
        "late",
        _("Schools to call"),
        shown,
        measure,
        rows,
        {
            "school_code": _("Code"), "name": _("School"), "area_name": _("Area"), "days_late": _("Days late"),
            "periods_missed": _("Months missed"), "last_period": _("Last report for"),
            "last_submitted_at": _("Handed in"), "last_reported_by": _("Submitted by"),
            "last_reported_by_email": _("E-mail"),
        },
        code="school_code",
        opens=open_school,
        name=name,
    )  # fmt: skip
