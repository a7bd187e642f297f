"""Side by side: areas, initiatives of any country, and groups of schools, each a small panel of one picture."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import N_, _
from analytics import compare
from analytics.compare import CALENDAR, SINCE_JOINING
from analytics.scope import Scope
from charts import gap, small_multiples
from ui import answers, downloads, figures, filters, groups, scope, words
from ui.figures import Exhibit, Picture
from ui.scope import Asked
from ui.words import Measure

WHAT = {
    "areas": N_("Places"),
    "chance": N_("More than chance"),
    "groups": N_("Groups of schools"),
    "measures": N_("Two measures"),
    "initiatives": N_("Initiatives and countries"),
}
CLOCKS = {CALENDAR: N_("By calendar"), SINCE_JOINING: N_("By months since joining")}


def choose_what() -> str:
    """Let choose what is set side by side."""
    names = {key: _(title) for key, title in WHAT.items()}
    return filters.switch("compare", _("Compare"), names, "areas")


def row() -> DeltaGenerator:
    """Return the row of controls that says how it is compared."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="compared")


def choose_clock(row: DeltaGenerator) -> str:
    """Let choose whether time runs by the calendar or begins for each when it joined."""
    names = {key: _(title) for key, title in CLOCKS.items()}
    with row:
        return filters.switch("by", _("Time"), names, CALENDAR)


def choose_group() -> str:
    """Let choose what makes a group of schools."""
    names = {key: _(title) for key, title in groups.GROUPS.items()}
    return filters.switch("group", _("Group by"), names, "setting")


def areas(asked: Asked, shown: Scope, measure: Measure, row: DeltaGenerator) -> None:
    """Show the measure over time in each area below the place, a panel each; a click goes down into one."""
    if not scope.has_areas_below(asked):
        st.info(_("There are no areas below {place} whose figures may be shown.").format(place=asked.place))
        return
    by = choose_clock(row)
    figures.show(
        Picture(
            key="places",
            title=_("{measure} in each area: {place}").format(measure=measure.name, place=asked.place),
            question=compare.areas,
            arguments=(by,),
            draw=partial(small_multiples.panels, since_joining=by == SINCE_JOINING),
            alternative=small_multiples.alt_text,
            names={"name": _("Area"), **_time(by)},
            code="unit",
            opens=lambda code: filters.go(area=code),
            note=note(by),
        ),
        shown,
        measure,
    )


def groups_of_schools(asked: Asked, shown: Scope, measure: Measure, row: DeltaGenerator) -> None:
    """Show the measure in each group of the place's schools over time, and how far the groups lie apart."""
    if shown.released:
        st.info(_("Figures of groups of schools are not released: those who report see them after signing in."))
        return
    group = choose_group()
    by = choose_clock(row)
    figures.show(
        Picture(
            key="groups",
            title=_("{measure} by group of schools: {place}").format(measure=measure.name, place=asked.place),
            question=groups.over_time,
            arguments=(group, by),
            draw=partial(small_multiples.panels, since_joining=by == SINCE_JOINING, units="group"),
            alternative=partial(small_multiples.alt_text, units="group"),
            names={"name": _("Group"), **_time(by)},
            note=note(by),
        ),
        shown,
        measure,
    )
    gaps(shown, measure, group)


def gaps(shown: Scope, measure: Measure, group: str) -> None:
    """Show the gap between each group and the largest, with the interval in which it lies."""
    if not measure.indicator:
        st.caption(_("How sure a gap is can be told of rates only. Choose a rate to see the gaps."))
        return
    frame = answers.ask(groups.gaps, shown, group, initiative=shown.initiative)
    if frame.empty:
        st.caption(_("No gap can be told: only one group has a figure."))
        return
    caption = figures.about(shown)
    figures.exhibit(
        Exhibit(
            key="gaps",
            title=_("Gaps between groups, {period}").format(period=words.period(shown.period)),
            frame=frame,
            draw=lambda: gap.gaps(frame, measure.for_charts, caption),
            tell=lambda: gap.alt_text(frame, measure.for_charts),
            rows=lambda: words.under_headings(
                frame,
                {
                    "name": _("Group"), "reference_name": _("Compared with"), "rate": _("Rate, %"),
                    "rate_reference": _("Rate beside, %"), "gap": _("Gap, points"), "gap_low": _("Lowest"),
                    "gap_high": _("Highest"), "schools_in_base": _("Schools"), "people": _("People"),
                },
            ),
            caption=caption,
            chart=f"gaps-{measure.key}-{shown.area}-{group}",
            file_name=figures.file_name(f"gaps-{group}", shown, measure),
            facts=downloads.facts(shown, measure),
            definitions={measure.name: measure.definition},
            note=_(
                "Each group is held against the one with most people. The line is the 95% interval: schools, not"
                " people, are taken as drawn. Where it holds zero, the gap may be chance."
            ),
            measure=measure,
        ),
        shown,
    )  # fmt: skip


def initiatives(asked: Asked, shown: Scope, measure: Measure, row: DeltaGenerator) -> None:
    """Show the measure in every initiative that reports it and that may be seen: countries compare by them."""
    scopes = tuple(_scopes(shown, measure))
    if len(scopes) < 2:
        st.info(
            _(
                "Only {initiative} has figures of this measure that you may see: there is nothing to set beside it yet."
                " What was announced elsewhere stands under Initiatives."
            ).format(initiative=asked.initiative.name)
        )
        return
    by = choose_clock(row)
    titles = {one.initiative: _name(one.initiative) for one in scopes}
    frame = answers.ask_together(compare.initiatives, scopes, by)
    frame = frame.assign(name=[titles[str(key)] for key in frame["unit"]])
    caption = replace(figures.about(shown), base="", demonstration=bool(frame["demonstration"].any()))
    draw: Callable[..., object] = partial(small_multiples.panels, since_joining=by == SINCE_JOINING)
    figures.exhibit(
        Exhibit(
            key="initiatives",
            title=_("{measure} by initiative").format(measure=measure.name),
            frame=frame,
            draw=lambda: draw(frame, measure.for_charts, caption),
            tell=lambda: small_multiples.alt_text(frame, measure.for_charts),
            rows=lambda: words.table(measure, frame, {"name": _("Initiative"), **_time(by)}),
            caption=caption,
            chart=f"initiatives-{measure.key}-{by}-{hash(answers.together(scopes))}",
            file_name=figures.file_name(f"initiatives-{by}", shown, measure),
            facts=downloads.facts(shown, measure),
            definitions={measure.name: measure.definition},
            note=note(by) + " " + _("Initiatives may share schools and people: their figures are never added up."),
            code="unit",
            opens=lambda key: filters.go(scope.OF_AN_INITIATIVE, initiative=key, measure=measure.key),
            measure=measure,
        ),
        shown,
    )


def note(by: str) -> str:
    """Return how the panels are read."""
    text = _("One scale for all panels, each before the others in grey. Shaded: no value.")
    if by != SINCE_JOINING:
        return text
    return text + " " + _("Time begins with the first school that joined; later months rest on fewer.")


def _time(by: str) -> dict[str, str]:
    return {"at": _("Months since joining")} if by == SINCE_JOINING else {"period": _("Period")}


def _scopes(shown: Scope, measure: Measure) -> list[Scope]:
    """Return the scopes of every initiative that asks for the measure and of which this person may see figures."""
    found = []
    for row in scope.with_figures().values():
        released, moment = scope.whole_country(row.initiative, row.country)
        newest = scope.latest_period(row.initiative, released=released, as_of=moment)
        if measure.key in scope.measures(row.initiative) and newest is not None:
            found.append(shown.of(initiative=row.initiative, area=row.country, released=released, measure=measure.key))
    return found


def _name(initiative: str) -> str:
    row = scope.with_figures()[initiative]
    return f"{row.country_name}: {row.name}"
