"""A measure over time: by month, term, quarter or school year, or on to its target; the address says which."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from access.language import N_, _, format_number
from analytics import views
from analytics.scope import Scope
from charts import forecast as forecasts
from charts import trend
from charts.theme import Caption, reports_text
from data_model.releases import FigureState
from ui import downloads, figures, filters, targets, words
from ui.answers import ask, derived, records
from ui.figures import Exhibit
from ui.targets import Aim
from ui.text import heading
from ui.words import Measure

FORECAST = "forecast"
VIEWS = {
    views.MONTH: N_("By month"),
    views.TERM: N_("By term"),
    views.QUARTER: N_("By quarter"),
    views.SCHOOL_YEAR: N_("By school year"),
    FORECAST: N_("Forecast to target"),
}
TITLES = {
    views.TERM: N_("{measure} by term: {place}"),
    views.QUARTER: N_("{measure} by quarter: {place}"),
    views.SCHOOL_YEAR: N_("{measure} by school year: {place}"),
}
# How months become something longer, as each kind of measure allows it.
TAKEN = {
    "sum": N_("Each point is the sum of its months."),
    "last_month": N_("Each point is its last month."),
    "mean_month": N_("Each point is its mean month: the same people come again, so months are never added up."),
    "mean": N_("Each point is the mean over its months, weighted by what was counted."),
}
OF_RATES = N_("Each point is the ratio of the sums over its months, not a mean of rates.")
KINDS = {"measured": N_("Measured"), "forecast": N_("Forecast")}


def show(shown: Scope, measure: Measure, place: str, *, to_target: bool = False) -> None:
    """Let choose how time is divided; show the measure's course so. `to_target` offers the forecast too."""
    there = ask(views.available, shown.initiative, initiative=shown.initiative, released=shown.released)
    names = {view: _(VIEWS[view]) for view in (*there, *([FORECAST] if to_target else []))}
    view = filters.switch("course", _("Time"), names, there[0], label_shown=False)
    if view == FORECAST:
        _forecast(shown, measure, place)
    else:
        _course(shown, measure, place, view, is_longer=view != there[0])


def _course(shown: Scope, measure: Measure, place: str, view: str, *, is_longer: bool) -> None:
    frame = ask(views.over_time, shown, view, initiative=shown.initiative, released=shown.released)
    title = (_(TITLES[view]) if is_longer else _("{measure} over time: {place}")).format(
        measure=measure.name, place=place
    )
    if not any(state != FigureState.NOT_REPORTED for state in frame["state"].array):
        st.subheader(heading(title), anchor=False)
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return
    # What is summed over months is held against no level that was set for one.
    aim = None if is_longer and frame["aggregation"].iloc[0] == "sum" and not measure.indicator else targets.aim(shown)
    lines = _lines(aim, measure)
    caption = _of_longer(figures.about(shown), frame) if is_longer else figures.about(shown)
    figures.exhibit(
        Exhibit(
            key="trend",
            title=title,
            frame=frame,
            draw=lambda: trend.trend(
                frame, measure.for_charts, caption, reports=is_longer, in_part=_in_part(frame), **lines
            ),
            tell=lambda: trend.alt_text(frame, measure.for_charts, **lines),
            rows=lambda: _longer(measure, frame) if is_longer else words.table(measure, frame, _names()),
            caption=caption,
            chart=f"trend-{measure.key}-{shown.area}-{view}",
            file_name=figures.file_name(f"trend-{view}" if is_longer else "trend", shown, measure),
            facts=downloads.facts(shown, measure) | _facts(aim, measure),
            definitions={measure.name: measure.definition},
            note=_note(shown, measure, frame, view) if is_longer else "",
            measure=measure,
        ),
        shown,
    )


def _forecast(shown: Scope, measure: Measure, place: str) -> None:
    found = targets.course(shown)
    if found.frame.empty:
        st.info(_("Nothing was reported here yet."), icon=":material/hourglass_empty:")
        return
    caption, said = figures.about(shown), forecasts.sentences(found)
    if found.target is None:
        st.caption(_("No target is set for this measure here: the forecast is held against nothing."))
    figures.exhibit(
        Exhibit(
            key="forecast",
            title=_("{measure}, forecast: {place}").format(measure=measure.name, place=place),
            frame=found.frame,
            draw=lambda: forecasts.forecast(found, measure.for_charts, caption),
            tell=lambda: forecasts.alt_text(found, measure.for_charts),
            rows=lambda: _ahead(measure, found.frame),
            caption=replace(caption, base=""),
            chart=f"forecast-{measure.key}-{shown.area}",
            file_name=figures.file_name("forecast", shown, measure),
            facts=downloads.facts(shown, measure) | {_("Forecast"): " ".join(said)},
            definitions={measure.name: measure.definition},
            note=_(
                "Three models are tried on the past: each forecasts from every month what followed, and the one that"
                " erred least is shown. The interval is made of those errors. A forecast goes on as before; it knows of"
                " no plan. Who is active depends on lessons: months that the country's calendar of terms gives to"
                " holidays are left out."
            ),
            measure=measure,
        ),
        shown,
    )
    if filters.view().get("forecast_as") == "table":
        st.caption(" ".join(said))


def _in_part(frame: pd.DataFrame) -> list[bool]:
    """Return which rows are sums of a part of their period only: less than the whole would be."""
    return [row.aggregation == "sum" and row.months_reported < row.months_in_period for row in records(frame)]


def _lines(aim: Aim | None, measure: Measure) -> dict[str, trend.Reference | None]:
    if aim is None:
        return {}
    return {"target": aim.target_line(measure), "baseline": aim.baseline_line(measure)}


def _facts(aim: Aim | None, measure: Measure) -> dict[str, str]:
    return {} if aim is None else {_("Target"): aim.in_words(measure)}


def _of_longer(caption: Caption, frame: pd.DataFrame) -> Caption:
    """Return the caption of a picture whose points are made of months: its base are reports, its last may go on."""
    last = records(frame)[-1]
    counted = last.schools_in_base if not pd.isna(last.schools_in_base) else last.schools_reporting
    is_open = last.months < last.months_in_period
    going_on = _("{period} is not over").format(period=trend.period_text(str(last.period), last.starts_on))
    base = caption.base if last.aggregation == "last_month" else reports_text(counted, last.schools_expected)
    return replace(caption, base=base, provisional=going_on if is_open else caption.provisional)


def _note(shown: Scope, measure: Measure, frame: pd.DataFrame, view: str) -> str:
    name = ("how taken", shown, view)
    made = derived(
        name, lambda: _how(shown, measure, frame, view), initiative=shown.initiative, released=shown.released
    )
    return made


def _how(shown: Scope, measure: Measure, frame: pd.DataFrame, view: str) -> str:
    """Return how the points were made of months, and which months are missing in them."""
    taken = str(frame["aggregation"].iloc[0])
    is_rate = measure.indicator and taken != "last_month"
    said = [_(OF_RATES) if is_rate else _(TAKEN[taken])]
    part = [row for row in records(frame) if row.months_reported < row.months_in_period]
    if any(_in_part(frame)):
        said.append(_("An open point is a sum of a part of its period: it stands alone."))
    if part:
        text = _("{period} ({count} of {total})")
        listed = ", ".join(
            text.format(
                period=trend.period_text(str(row.period), row.starts_on), count=format_number(row.months_reported),
                total=format_number(row.months_in_period),
            )
            for row in part
        )  # fmt: skip
        said.append(_("Months with a value, where some are missing: {periods}.").format(periods=listed))
    if view == views.TERM:
        outside = ask(views.months_in_no_term, shown, initiative=shown.initiative, released=shown.released)
        if (outside["reason"] == "holidays").any():
            said.append(_("Months of holidays are in no term."))
        if (outside["reason"] == "unknown").any():
            said.append(_("The terms of some school years are not known: their months are left out."))
    return " ".join(said)


def _names() -> dict[str, str]:
    return {"period": _("Period")}


def _longer(measure: Measure, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows under headings that people read. What is made of months counts reports, not schools."""
    of_schools = str(frame["aggregation"].iloc[0]) == "last_month"
    rows = words.table(measure, frame, _names())
    months = {_("Months with a value"): frame["months_reported"], _("Months in it"): frame["months_in_period"]}
    counts = {} if of_schools else {
        _("Schools reporting"): _("Reports"), _("Schools expected"): _("Reports expected")
    }  # fmt: skip
    return rows.rename(columns=counts).assign(**months)


def _ahead(measure: Measure, frame: pd.DataFrame) -> pd.DataFrame:
    name = f"{measure.name}, %" if measure.percent else measure.name
    numbers = {name: "value", _("Interval from"): "low", _("Interval to"): "high"}
    return pd.DataFrame(
        {_("Period"): frame["period"], _("Kind"): [_(KINDS[kind]) for kind in frame["kind"]]}
        | {heading: frame[column].round(measure.decimals) for heading, column in numbers.items()}
        | (
            {_("Holidays"): [_("not used") if rest else "" for rest in frame["holidays"]]}
            if frame["holidays"].any()
            else {}
        )
    )
