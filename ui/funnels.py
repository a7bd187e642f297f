"""How many come how far: the two funnels of a place, each over the schools that reported all of its steps."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from access.language import N_, _
from analytics import funnels
from analytics.scope import Scope
from charts import funnel as drawn
from charts.theme import Caption, base_text
from data_model.releases import FigureState
from ui import downloads, figures, words
from ui.answers import ask, derived
from ui.figures import Exhibit
from ui.text import heading
from ui.words import Measure

TITLES = {"licences": N_("From licence to use, {period}"), "teachers": N_("From teacher to user, {period}")}


def show(scope: Scope, measures: dict[str, Measure]) -> None:
    """Show the funnels whose steps the initiative asks for, side by side."""
    known = [which for which, steps in funnels.FUNNELS.items() if set(steps) <= set(measures)]
    for column, which in zip(st.columns(max(len(known), 1), gap="medium"), known, strict=False):
        with column:
            _one(scope, which, [measures[key] for key in funnels.FUNNELS[which]])


def _one(scope: Scope, which: str, steps: list[Measure]) -> None:
    shown = scope.of(measure=steps[0].key, first_period=None)
    title = _(TITLES[which]).format(period=words.period(scope.period))
    frame, caption = derived(
        ("funnel", shown, which), lambda: _asked(shown, which, steps), initiative=scope.initiative,
        released=scope.released,
    )  # fmt: skip
    state = frame["state"].array[0]
    if state != FigureState.REPORTED:
        st.subheader(heading(title), anchor=False)
        st.info(drawn.nothing(str(state)), icon=":material/filter_alt_off:")
        return
    figures.exhibit(
        Exhibit(
            key=f"funnel-{which}",
            title=title,
            frame=frame,
            draw=lambda: drawn.funnel(frame, caption),
            tell=lambda: drawn.alt_text(frame),
            rows=lambda: words.under_headings(
                frame.assign(state=[words.state(code) for code in frame["state"]]),
                {
                    "name": _("Step"), "value": _("Number"), "state": _("State"),
                    "share_of_first": _("Of the first step, %"), "drop": _("Fewer than before"),
                    "drop_share": _("Fewer than before, %"),
                },
            ),
            caption=caption,
            file_name=figures.file_name(f"funnel-{which}", shown, steps[0]),
            facts=downloads.facts(shown, steps[0]),
            definitions={step.name: step.definition for step in steps},
            measure=steps[-1],
        ),
        shown,
    )  # fmt: skip


def _asked(shown: Scope, which: str, steps: list[Measure]) -> tuple[pd.DataFrame, Caption]:
    """Return the steps with their names, and what they rest on."""
    frame = ask(funnels.funnel, shown, which, initiative=shown.initiative, released=shown.released)
    named = frame.assign(name=[step.name for step in steps])
    return named, replace(figures.about(shown), base=_base(named))


def _base(frame: pd.DataFrame) -> str:
    """Return over which schools the steps are counted, as far as may be known."""
    in_base, expected = frame["schools_in_base"].iloc[0], frame["schools_expected"].iloc[0]
    if pd.isna(in_base):
        return _("{base}; counted are those that reported all steps").format(base=base_text(in_base, expected))
    return _("{base}: those that reported all steps").format(base=base_text(in_base, expected))
