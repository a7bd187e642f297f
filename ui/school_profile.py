"""One school in full: who it is, what is open about it, how it does beside schools like it, what was sent in about it.

For those who may read live figures: no school is ever released.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from access.language import N_, _, format_date, format_number
from access.refusal import Refusal
from analytics.school_profile import SchoolProfile, school_profile
from analytics.scope import Scope
from charts import bars, spark_rows, trend
from charts.theme import Caption
from data_model.releases import FigureState
from ui import codes, downloads, figures, filters, scope, words
from ui.answers import ask, derived, records
from ui.asking import asking
from ui.figures import Exhibit
from ui.scope import Asked
from ui.text import heading, plain
from ui.words import Measure

Told = TypeVar("Told")
TRAITS = {
    "name": N_("Name"),
    "area_code": N_("Area"),
    "setting": N_("Setting"),
    "languages": N_("Languages of instruction"),
    "opened_on": N_("Opened"),
    "closed_on": N_("Closed"),
    "merged_into": N_("Merged into"),
    "split_from": N_("Split from"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
}


def chosen(shown: Scope, asked: Asked) -> SchoolProfile | None:
    """Return all about the school that the address names; None when it names none, or none that is here."""
    code = filters.address("school")
    if code is None:
        return None
    if shown.released:
        st.info(_("No figure of a single school is released, nor where it takes part."))
        return None
    try:
        found = ask(school_profile, shown, code, asking().who, asking().hour, initiative=shown.initiative)
    except Refusal as refused:
        st.warning(plain(refused.message))
        return None
    if not scope.lies_in(asked, str(found.identity["area_code"])):
        area = str(found.identity["area_code"])
        text = _("School {code} lies elsewhere: in {area}.")
        st.warning(text.format(code=plain(code), area=plain(found.identity["area_name"])))
        st.button(_("Go there"), on_click=filters.go, kwargs={"area": area, "school": code})
        return None
    filters.show("school", code)
    return found


def identity(profile: SchoolProfile, shown: Scope, asked: Asked) -> None:
    """Show what the school is and was, and what it takes part in."""
    own = profile.identity
    st.subheader(plain(own["name"]), anchor=False)
    said, history = told("identity", profile, shown, lambda: _in_words(profile, asked))
    st.markdown(said)
    if not told("expected", profile, shown, lambda: _expected(profile, shown)):
        st.info(_("It was not expected to report in {period}.").format(period=words.period(shown.period)))
    if history:
        with st.expander(_("History of the school"), icon=":material/history:"):
            st.markdown(history)


def _in_words(profile: SchoolProfile, asked: Asked) -> tuple[str, str]:
    """Return what a school is, in one line, and what it was, in a list."""
    own = profile.identity
    facts = {_("Code"): own["school_code"], _("Area"): own["area_name"]}
    facts |= {_(TRAITS[name]): _trait(name, own[name], asked) for name in TRAITS if name not in ("name", "area_code")}
    places = [facts.pop(_(TRAITS[name])) for name in ("latitude", "longitude")]
    if all(places):
        facts[_("Coordinates")] = " / ".join(places)
    facts[_("Takes part")] = ", ".join(_enrolment(row) for row in records(profile.enrolments))
    if own["demonstration"]:
        facts[_("Demonstration")] = _("invented")
    said = " · ".join(f"{label}: **{plain(value)}**" for label, value in facts.items() if value)
    return said, "\n".join(f"- {_changed(row, asked)}" for row in records(profile.history))


def course(profile: SchoolProfile, shown: Scope, measure: Measure) -> None:
    """Show one measure of the school over time."""
    frame = told(f"course of {measure.key}", profile, shown, lambda: _asked_for(profile, shown, measure))
    code, name = str(profile.identity["school_code"]), str(profile.identity["name"])
    title = _("{measure} over time: {place}").format(measure=measure.name, place=name)
    if not (frame["state"] != FigureState.NOT_REPORTED).any():
        st.subheader(heading(title), anchor=False)
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return
    caption = told("caption", profile, shown, lambda: _caption(profile))
    figures.exhibit(
        Exhibit(
            key="school",
            title=title,
            frame=frame,
            draw=lambda: trend.trend(frame, measure.for_charts, caption),
            tell=lambda: trend.alt_text(frame, measure.for_charts),
            rows=lambda: words.table(measure, frame.assign(school_code=code), {"period": _("Period")}),
            caption=caption,
            chart=f"school-{code}-{measure.key}",
            file_name=figures.file_name(f"school-{code}", shown, measure),
            facts=downloads.facts(shown, measure) | {_("School"): f"{code} {name}"},
            definitions={measure.name: measure.definition},
            measure=measure,
        ),
        shown,
    )


def everything(profile: SchoolProfile, shown: Scope, measures: dict[str, Measure]) -> None:
    """Show every measure of the school as a small course, its gaps left open."""
    code, name = str(profile.identity["school_code"]), str(profile.identity["name"])
    frame = told("series", profile, shown, lambda: _wanted(profile, measures))
    caption = told("caption", profile, shown, lambda: _caption(profile))
    there = set(frame["measure"].array)
    charts = {key: one.for_charts for key, one in measures.items() if key in there}
    figures.exhibit(
        Exhibit(
            key="series",
            title=_("Everything it reports: {place}").format(place=name),
            frame=frame,
            draw=lambda: spark_rows.rows(frame, charts, caption),
            tell=lambda: spark_rows.alt_text(frame, charts),
            rows=lambda: pd.DataFrame(
                {
                    _("Measure"): [measures[key].name if key in measures else key for key in frame["measure"]],
                    _("Period"): frame["period"],
                    _("Value"): frame["value"].round(2),
                    _("State"): [_state(row) for row in records(frame)],
                }
            ),
            caption=caption,
            chart=f"series-{code}",
            file_name=f"{shown.initiative}-school-{code}-series",
            facts={_("Initiative"): shown.initiative, _("School"): f"{code} {name}"},
            note=_("Each on its own scale from zero. Shaded: it was expected to report and did not."),
        ),
        shown.of(first_period=None),
    )


def peers(profile: SchoolProfile, shown: Scope, measure: Measure) -> None:
    """Show the school among schools of its setting and about its size; a click opens one of them."""
    found, code = profile.peers, str(profile.identity["school_code"])
    frame = told("peers", profile, shown, lambda: _of_peers(found.frame))
    if len(frame) < 2:
        st.subheader(_("Schools like it"), anchor=False)
        st.write(_("No school of its setting and size was expected to report with it."))
        return
    invented = told("peers invented", profile, shown, lambda: bool(frame["demonstration"].any()))
    caption = Caption(_("Reports of schools, reviewed and accepted"), demonstration=invented)
    figures.exhibit(
        Exhibit(
            key="peers",
            title=_("{measure} in schools like it, {period}").format(
                measure=measure.name, period=words.period(shown.period)
            ),
            frame=found.frame,
            draw=lambda: bars.ranked(frame, measure.for_charts, caption, selected=code, codes="school_code"),
            tell=lambda: bars.alt_text(frame, measure.for_charts),
            rows=lambda: words.table(measure, frame, _peer_names()),
            caption=caption,
            chart=f"peers-{code}-{measure.key}",
            file_name=figures.file_name(f"peers-{code}", shown, measure),
            facts=downloads.facts(shown, measure) | {_("School"): code},
            note=_alike(profile),
            code="school_code",
            opens=lambda other: filters.go(school=other, area=_area_of(found.frame, other)),
        ),
        shown,
    )  # fmt: skip


def _of_peers(peers: pd.DataFrame) -> pd.DataFrame:
    """Return schools as rows of figures: one school has no base."""
    return peers.assign(schools_in_base=None, schools_reporting=None, schools_expected=None)


def _peer_names() -> dict[str, str]:
    return {"rank": _("Rank"), "name": _("School"), "area_name": _("Area"), "teachers": _("Teachers")}


def _area_of(frame: pd.DataFrame, code: str) -> str:
    return str(frame.loc[frame["school_code"] == code, "area_code"].iloc[0])


def _alike(profile: SchoolProfile) -> str:
    """Return what makes a school one like this."""
    found = profile.peers
    setting = _(codes.SETTINGS[found.setting]) if found.setting in codes.SETTINGS else _("setting not known")
    if found.teachers is None:
        return _("Like it: {setting}. Its size is not known.").format(setting=setting)
    low, high = (format_number(round(number)) for number in found.teachers)
    return _("Like it: {setting}, {low} to {high} teachers; those nearest in size.").format(
        setting=setting, low=low, high=high
    )


def told(name: str, profile: SchoolProfile, shown: Scope, make: Callable[[], Told]) -> Told:
    """Return what is made of a school's profile for this person's clock, once as long as it stands."""
    key = (f"school's {name}", profile.identity["school_code"], shown, asking().who, asking().hour, st.context.timezone)
    return derived(key, make, initiative=shown.initiative)


def _wanted(profile: SchoolProfile, measures: dict[str, Measure]) -> pd.DataFrame:
    """Return the series without those that nobody has to report and this school never did: they are no gaps."""
    series = profile.series
    reported = set(series.loc[series["state"] != FigureState.NOT_REPORTED, "measure"])
    return series[series["measure"].isin([key for key, one in measures.items() if one.required or key in reported])]


def _asked_for(profile: SchoolProfile, shown: Scope, measure: Measure) -> pd.DataFrame:
    """Return one measure's series. Before it took part, and after, a school was not asked: that is no gap."""
    frame = profile.series[profile.series["measure"] == measure.key]
    asked = frame.loc[frame["schools_expected"] > 0, "starts_on"]
    return frame[[_within(day, asked, shown) for day in frame["starts_on"]]].reset_index(drop=True)


def _within(day: date, asked: pd.Series, shown: Scope) -> bool:
    """Return whether a month lies between the first and the last in which the school was asked, and is shown."""
    begins = shown.first_period is None or day >= shown.first_period.starts_on
    return begins and len(asked) > 0 and asked.iloc[0] <= day <= asked.iloc[-1]


def _caption(profile: SchoolProfile) -> Caption:
    newest = profile.series["recorded_at"].max()
    return Caption(
        _("Reports of the school, reviewed and accepted"),
        last_update="" if pd.isna(newest) else format_date(newest.date()),
        demonstration=bool(profile.identity["demonstration"]),
    )


def _expected(profile: SchoolProfile, shown: Scope) -> bool:
    now = profile.series[profile.series["period"] == shown.period.key]
    return bool((now["schools_expected"] > 0).any())


def _state(row: Any) -> str:
    return words.state(row.state) if row.schools_expected > 0 else _("Not expected")


def _enrolment(row: Any) -> str:
    name = _("{initiative} (wave {wave}, since {date})").format(
        initiative=row.initiative_name, wave=row.wave, date=format_date(row.joined_on)
    )
    return name if row.left_on is None else _("{what}, until {date}").format(what=name, date=format_date(row.left_on))


def _changed(row: Any, asked: Asked) -> str:
    before, after = (_trait(row.what, value, asked) or _("not known") for value in (row.before, row.after))
    text = _("{date}: {what} changed from {before} to {after}")
    return text.format(
        date=words.moment(row.known_from), what=_(TRAITS[row.what]), before=plain(before), after=plain(after)
    )


def _trait(name: str, value: Any, asked: Asked) -> str:
    """Return what is known of a trait in words; empty where nothing is."""
    if value is None or value != value:
        return ""
    if name == "setting":
        return _(codes.SETTINGS[value]) if value in codes.SETTINGS else str(value)
    if name == "languages":
        return ", ".join(_(codes.LANGUAGES_OF_INSTRUCTION.get(code, code)) for code in str(value).split(",") if code)
    if name == "area_code":
        rows = scope.areas(asked.initiative.country)
        return str(rows[value].name) if value in rows else str(value)
    if name in ("opened_on", "closed_on"):
        return format_date(value if isinstance(value, date) else date.fromisoformat(str(value)))
    return format_number(float(value), 4) if name in ("latitude", "longitude") else str(value)
