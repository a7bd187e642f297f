"""How complete the reports are: the headline with its threshold, and every place and month."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from access.language import N_, _, format_date, format_number, format_percent
from analytics import completeness
from analytics.completeness import Provisional
from analytics.scope import Scope
from charts import heat_map
from charts.theme import base_text
from ui import downloads, figures, filters, provisional, words
from ui.answers import ask, derived, of_frame, records
from ui.asking import asking
from ui.figures import Exhibit
from ui.words import PERCENT, Measure

SHARES = {"share_reporting": N_("Reported"), "share_on_time": N_("Reported on time")}


def counts_first(known: dict[str, Measure]) -> list[Measure]:
    """Return the measures that are reported, the required ones first, then those that are made of them."""
    return sorted(known.values(), key=lambda measure: (measure.indicator, not measure.required))


def headline(shown: Scope) -> None:
    """Show how many of the expected schools have reported, how many in time, and whether that is enough."""
    found = provisional.found(shown)
    row = _whole(shown)
    with st.grid(min_column_width=230, row_height="content", key="completeness-cards"):
        _number(_("Schools that reported"), found.share, found.schools_reporting, found.schools_expected)
        if row is not None and not pd.isna(row.schools_on_time):
            _number(_("Reported on time"), row.share_on_time, row.schools_on_time, found.schools_expected)
        _missing(found)
    _verdict(shown, found)


def by_area_and_month(shown: Scope, measure: Measure, place: str) -> None:
    """Show the share of reports by place and month as a heat map; a click goes into a place."""
    frame = _reporting(shown)
    if frame.empty:
        st.info(_("No reports were expected here."), icon=":material/hourglass_empty:")
        return
    share, knows_time = "share_reporting", of_frame(frame, _knows_time)
    if knows_time:
        names = {key: _(name) for key, name in SHARES.items()}
        share = filters.switch("share", _("Share"), names, share, label_shown=False)
    found = provisional.found(shown)
    caption = replace(figures.about(shown), base=base_text(found.schools_reporting, found.schools_expected))
    figures.exhibit(
        Exhibit(
            key="completeness",
            title=_("Reports by place and month: {measure}, {place}").format(measure=measure.name, place=place),
            frame=frame,
            draw=lambda: heat_map.completeness(frame, caption, share=share),
            tell=lambda: heat_map.alt_text(frame, share=share),
            rows=lambda: _table(frame),
            caption=caption,
            chart=f"completeness-{measure.key}-{shown.area}-{share}-{asking().hour:%d%H}",
            file_name=figures.file_name("completeness", shown, measure),
            facts=downloads.facts(shown, measure),
            definitions=_definitions(on_time=knows_time),
            code="area_code",
            opens=lambda code: filters.go(area=code),
            measure=measure,
        ),
        shown,
    )  # fmt: skip


def _definitions(*, on_time: bool) -> dict[str, str]:
    """Return what counts as reported and, where it is known, as reported on time."""
    defined = {_("Reported"): _("It said something about the measure, “not applicable” included.")}
    if on_time:
        defined[_("Reported on time")] = _(
            "The value in force was first reported in a file handed in by the end of the due day, in the country's"
            " time. Neither waiting for a reviewer nor a later correction makes a report late."
        )
    return defined


def _knows_time(frame: pd.DataFrame) -> bool:
    return bool(frame["share_on_time"].notna().any())


def _reporting(shown: Scope) -> pd.DataFrame:
    return ask(completeness.reporting, shown, asking().hour, initiative=shown.initiative, released=shown.released)


def _whole(shown: Scope) -> Any | None:
    """Return the row of the whole place in the period that is shown, None when there is none."""

    def found() -> Any | None:
        frame = _reporting(shown)
        own = frame[frame["is_whole"].astype(bool) & (frame["period"] == shown.period.key)]
        return records(own)[0] if len(own) else None

    name = ("whole", shown, asking().hour)
    return derived(name, found, initiative=shown.initiative, released=shown.released)


def _number(label: str, share: float | None, count: int | None, expected: int | None) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        known = share is not None and not pd.isna(share)
        st.metric(label, format_percent(share / PERCENT) if known and share is not None else _("Not known"))
        st.caption(words.base(count, expected))


def _missing(found: Provisional) -> None:
    if found.schools_expected is None or found.schools_reporting is None:
        return
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(_("Reports missing"), format_number(found.schools_expected - found.schools_reporting))
        due = _("due by {date}").format(date=format_date(found.due_on)) if found.due_on else ""
        st.caption(due)


def _verdict(shown: Scope, found: Provisional) -> None:
    """Say whether a headline may stand on what has come, and from when on it may."""
    period, threshold = words.period(shown.period), format_percent(found.threshold / PERCENT, 0)
    reason = completeness.in_words(found)
    if reason:
        text = _("Figures for {period} are **provisional**: {reason}. They are final from {threshold} on, once due.")
        st.warning(text.format(period=period, reason=reason, threshold=threshold), icon=":material/pending:")
    elif found.schools_reporting is None:
        st.info(_("How many schools reported is withheld in this release."), icon=":material/visibility_off:")
    else:
        text = _("Figures for {period} are **final**: they were due, and at least {threshold} of the schools reported.")
        st.success(text.format(period=period, threshold=threshold), icon=":material/check:")


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    headings = {
        "name": _("Place"), "period": _("Period"), "due_on": _("Due"), "schools_expected": _("Schools expected"),
        "schools_reporting": _("Schools reporting"), "share_reporting": _("Reported, %"),
    }  # fmt: skip
    if frame["schools_on_time"].notna().any():
        headings |= {"schools_on_time": _("On time"), "share_on_time": _("On time, %")}
    return words.under_headings(frame, headings)
