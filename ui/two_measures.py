"""Any two measures of a place held against each other: its areas as points, and both over time."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from access.language import _
from analytics import adoption
from analytics.scope import Scope
from charts import two_measures
from data_model.releases import FigureState
from ui import downloads, figures, filters, scope, words
from ui.answers import ask
from ui.figures import Exhibit
from ui.scope import Asked
from ui.words import Measure


def wanted(row: DeltaGenerator) -> bool:
    """Let choose whether one measure is looked at, or two held against each other."""
    names = {"one": _("One measure"), "two": _("Two measures")}
    with row:
        shown = filters.switch("show", _("Show"), names, "one")
    return shown == "two"


def show(asked: Asked, shown: Scope, measure: Measure, row: DeltaGenerator) -> None:
    """Let choose a second measure; show both in the areas of the place, and over time in the place itself."""
    others = {key: one.name for key, one in asked.measures.items() if key != measure.key}
    if not others:
        st.info(_("There is no second measure to hold against this one."))
        return
    with row:
        other = asked.measures[filters.choose("with", _("Second measure"), others, next(iter(others)))]
    if scope.has_areas_below(asked):
        _areas(asked, shown, (measure, other))
    _courses(asked, shown, (measure, other))


def beside(frames: tuple[pd.DataFrame, pd.DataFrame], measures: tuple[Measure, Measure], on: list[str]) -> pd.DataFrame:
    """Return two frames of figures as one table: what names the rows, then value and state of either measure."""
    parts = [
        frame[[*on, "value", "state"]].rename(columns={"value": measure.key, "state": f"{measure.key}_state"})
        for frame, measure in zip(frames, measures, strict=True)
    ]
    return parts[0].merge(parts[1], on=on, how="outer", sort=False)


def _areas(asked: Asked, shown: Scope, both: tuple[Measure, Measure]) -> None:
    across, up = (_asked(adoption.by_area, shown, measure) for measure in both)
    caption, charts = figures.about(shown), (both[0].for_charts, both[1].for_charts)
    title = _("{first} against {second} by area, {period}")
    _exhibit(
        shown, both, "against",
        title.format(first=both[0].name, second=both[1].name, period=words.period(shown.period)),
        beside((across, up), both, ["area_code", "name"]), {"name": _("Area")},
        lambda: two_measures.points(across, up, charts, caption),
        lambda: two_measures.points_alt_text(across, up, charts),
        note=_("That two measures go together does not say that one makes the other."),
        code="area_code", opens=lambda code: filters.go(area=code),
    )  # fmt: skip


def _courses(asked: Asked, shown: Scope, both: tuple[Measure, Measure]) -> None:
    first, second = (_asked(adoption.trend, shown, measure) for measure in both)
    if first.empty and second.empty:
        return
    caption, charts = figures.about(shown), (both[0].for_charts, both[1].for_charts)
    title = _("{first} and {second} over time: {place}")
    _exhibit(
        shown, both, "courses", title.format(first=both[0].name, second=both[1].name, place=asked.place),
        beside((first, second), both, ["period", "starts_on"]), {"period": _("Period")},
        lambda: two_measures.panels(first, second, charts, caption),
        lambda: two_measures.panels_alt_text(first, second, charts),
        note=_("Each on its own scale from zero."),
    )  # fmt: skip


def _exhibit(
    shown: Scope, both: tuple[Measure, Measure], key: str, title: str, frame: pd.DataFrame, names: dict[str, str],
    draw: Callable[[], Any], tell: Callable[[], str], *, note: str, code: str = "",
    opens: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    figures.exhibit(
        Exhibit(
            key=key,
            title=title,
            frame=frame,
            draw=draw,
            tell=tell,
            rows=lambda: table(frame, both, names),
            caption=figures.about(shown),
            chart=f"{key}-{both[0].key}-{both[1].key}-{shown.area}",
            file_name=figures.file_name(f"{key}-{both[1].key}", shown, both[0]),
            facts=downloads.facts(shown, both[0]),
            definitions={measure.name: measure.definition for measure in both},
            note=note,
            code=code,
            opens=opens,
            measure=both[0],
        ),
        shown,
    )


def table(frame: pd.DataFrame, both: tuple[Measure, Measure], names: dict[str, str]) -> pd.DataFrame:
    """Return two measures under headings people read; beside a missing value stands why it is missing."""
    shown: dict[str, Any] = {heading: frame[column] for column, heading in names.items()}
    for measure in both:
        heading = f"{measure.name}, %" if measure.percent else measure.name
        shown[heading] = frame[measure.key].round(measure.decimals)
        states = frame[f"{measure.key}_state"].fillna(FigureState.NOT_REPORTED)
        shown[_("{measure}: state").format(measure=measure.name)] = [words.state(str(state)) for state in states]
    return pd.DataFrame(shown)


def _asked(question: Callable[..., pd.DataFrame], shown: Scope, measure: Measure) -> pd.DataFrame:
    scoped = shown.of(measure=measure.key)
    return ask(question, scoped, initiative=shown.initiative, released=shown.released)
