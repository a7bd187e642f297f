"""An initiative's targets: each with its baseline, where it stands today, and whether it will be met."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_date
from access.refusal import Refusal
from analytics import figures as questions
from analytics import registry
from analytics.figures import Figure
from analytics.registry import InitiativeDetail
from analytics.scope import Scope
from charts import targets as drawn
from ui import figures, scope, targets, words
from ui.answers import ask, derived, records
from ui.figures import Exhibit
from ui.text import bold, heading, plain
from ui.words import Measure


def show(detail: InitiativeDetail) -> None:
    """Show what is to be reached, where and by when, beside what is measured of it, where that may be shown."""
    title = _("Targets")
    key, country = str(detail.initiative["initiative"]), str(detail.initiative["country"])
    if detail.targets.empty:
        st.subheader(heading(title), anchor=False)
        st.write(_("No targets have been set."))
        return
    known = scope.measures(key)
    released, moment = scope.whole_country(key, country)
    if released:
        shown = ask(registry.targets, key, None, True, initiative=key, released=True)
        detail = replace(detail, targets=shown)
    period = scope.latest_period(key, released=released, as_of=moment)
    if period is None:
        st.subheader(heading(title), anchor=False)
        st.caption(_("What is measured of them has not been reported, or not been released yet."))
        _list(detail, known)
        return
    _measured(title, detail, known, Scope(key, next(iter(known)), country, period, as_of=moment, released=released))


def _measured(title: str, detail: InitiativeDetail, known: dict[str, Measure], whole: Scope) -> None:
    charts = {name: measure.for_charts for name, measure in known.items()}
    frame = derived(
        ("targets", whole), lambda: _beside(detail.targets, whole), initiative=whole.initiative, released=whole.released
    )
    caption = replace(
        figures.about(whole.of(measure=str(detail.targets["measure"].iloc[0]))), base="", provisional="",
        demonstration=bool(frame["demonstration"].any()),
    )  # fmt: skip
    own = set(frame["measure"])
    figures.exhibit(
        Exhibit(
            key="targets",
            title=_("Targets, and where they stand in {period}").format(period=words.period(whole.period)),
            frame=frame,
            draw=lambda: drawn.reached(frame, charts, caption),
            tell=lambda: drawn.alt_text(frame, charts),
            rows=lambda: _table(frame, known),
            caption=caption,
            chart=f"targets-{whole.initiative}",
            file_name=f"{whole.initiative}-targets",
            facts={_("Initiative"): str(detail.initiative["name"]), _("Period"): whole.period.key},
            definitions={measure.name: measure.definition for key, measure in known.items() if key in own},
            note=_(
                "A tick is the baseline, the diamond the target. Whether a target will be met is said only where the"
                " forecast's interval allows it: see Adoption."
            ),
        ),
        whole,
    )


def _beside(aims: pd.DataFrame, whole: Scope) -> pd.DataFrame:
    """Return the targets with today's figure of the same measure and place: see `charts.targets.reached`."""
    rows = []
    for row in records(aims):
        own = whole.of(measure=row.measure, area=row.area_code)
        found = _figure(own)
        rows.append(
            {
                "measure": row.measure, "area_code": row.area_code, "name": f"{row.name}, {row.area_name}",
                "baseline": row.baseline, "baseline_on": row.baseline_on, "target": row.value, "due_on": row.due_on,
                "period": whole.period.key,
                "value": float("nan") if found is None or found.value is None else found.value,
                "state": "not_released" if found is None else found.state,
                "schools_in_base": None if found is None else found.base,
                "schools_expected": None if found is None else found.schools_expected,
                "verdict": _verdict(own, row) if found is not None else "",
                "demonstration": bool(row.demonstration) or (found is not None and found.demonstration),
            }
        )  # fmt: skip
    counts = dict.fromkeys(("schools_in_base", "schools_expected"), "Int64")
    return pd.DataFrame(rows).astype(counts)


def _figure(own: Scope) -> Figure | None:
    """Return today's figure, None where it is not released."""
    try:
        return ask(questions.figure, own, initiative=own.initiative, released=own.released)
    except Refusal:
        return None


def _verdict(own: Scope, row: Any) -> str:
    """Return whether a target will be met, of the next one due; nothing is said of those after it."""
    next_one = targets.aim(own)
    return targets.verdict(own) if next_one is not None and next_one.due_on == row.due_on else ""


def _table(frame: pd.DataFrame, known: dict[str, Measure]) -> pd.DataFrame:
    def written(column: str) -> list[str]:
        return [
            "" if pd.isna(value) else words.number(known[measure], value)
            for measure, value in zip(frame["measure"], frame[column], strict=True)
        ]

    return pd.DataFrame(
        {
            _("Measure"): frame["name"],
            _("Baseline"): written("baseline"),
            _("Measured"): written("value"),
            _("State"): [words.state(state) for state in frame["state"]],
            _("Target"): written("target"),
            _("Due"): [format_date(day) for day in frame["due_on"]],
            _("Verdict"): frame["verdict"],
            _("Schools in the base"): frame["schools_in_base"],
            _("Schools expected"): frame["schools_expected"],
        }
    )


def _list(detail: InitiativeDetail, known: dict[str, Measure]) -> None:
    """Show the targets where nothing is measured beside them."""
    for row in records(detail.targets):
        measure = known[row.measure]
        parts = [_("{value} by {date}").format(value=words.number(measure, row.value), date=format_date(row.due_on))]
        if row.baseline == row.baseline:
            parts.append(_("from {baseline}").format(baseline=words.number(measure, row.baseline)))
        if row.demonstration:
            parts.append(_("demonstration"))
        st.markdown(f"{bold(plain(row.name))}, {plain(row.area_name)}: {' · '.join(parts)}")
