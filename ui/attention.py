"""What a reviewer looks at first: the headline figures before and after, and in ten lines what moves them."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from access.language import N_, _, format_number, format_percent, ngettext
from analytics import catalogue
from analytics.values import values_and_states
from data_model.periods import Period
from intake.review.about import About
from intake.review.attention import Attention
from intake.review.steps import Point
from ui import words
from ui.answers import ask_registry, records
from ui.text import bold, plain
from ui.words import Measure

CAUSES = {
    "moved_together": N_("A column moves as one"),
    "scaled_column": N_("A column looks scaled"),
    "shifted_column": N_("A column looks shifted"),
    "same_as_before": N_("A column is as in the period before"),
    "jump": N_("Jump"),
    "rule_against_stored": N_("Breaks a rule with what is held"),
    "first_report": N_("First report"),
    "changed": N_("Changed"),
    "taken_back": N_("No longer counted"),
    "odd_rest": N_("Smaller odd values"),
    "rest": N_("All other changes"),
}
ROWS_SAID = 5


def show(found: Attention, measures: dict[str, Measure], country: str, *, choosing: bool) -> list[Point]:
    """Show what would move, and return what was ticked as points to mend; `choosing`: whether ticking is offered."""
    names = {row.area_code: row.name for row in records(ask_registry(catalogue.areas, country))}
    st.subheader(_("What moves the headline figures"), anchor=False)
    if found.figures.empty or found.lines.empty:
        st.write(_("None of them would move."))
        _unmoving(found)
        return []
    _figures(found.figures, measures, names, country)
    told = ngettext(
        "{count} line explains {share} of the movement, which comes from {schools}.",
        "{count} lines explain {share} of the movement, which comes from {schools}.",
        int(found.lines["explained"].sum()),
    )
    schools = ngettext("{count} school", "{count} schools", found.schools).format(count=format_number(found.schools))
    share = format_percent(found.explained)
    st.write(told.format(count=int(found.lines["explained"].sum()), share=share, schools=schools))
    if found.grouped:
        text = _("{share} of the movement has no one cause or place: many changes, grouped by metric and direction.")
        st.caption(text.format(share=format_percent(found.grouped)))
    if choosing:
        st.caption(_("Tick what is to be mended, and say what is wrong with it. Odd values stand first."))
    points = []
    with st.container(key="attention", gap="xsmall"):
        several = found.figures["period"].nunique() > 1
        for place, line in enumerate(records(found.lines)):
            points += _line(place, line, measures, names, choosing=choosing, several=several)
    _unmoving(found)
    return points


def said_about(about: About, measures: Mapping[str, Measure], names: Mapping[str, str]) -> str:
    """Return in words what a point or comment is about; nothing for the whole file."""
    parts = [_(CAUSES[about.cause]) if about.cause in CAUSES else ""]
    if about.metric:
        parts.append(measures[about.metric].name if about.metric in measures else about.metric)
    elif about.column:
        parts.append(_("column “{column}”").format(column=about.column))
    parts.append(_place(about.school, about.schools, names.get(about.area, about.area)))
    if about.period:
        parts.append(words.period(Period.parse(about.period), short=True))
    if about.row is not None:
        parts.append(_("row {row}").format(row=about.row))
    if about.value:
        parts.append(_("“{text}”").format(text=about.value))
    return ", ".join(part for part in parts if part)


def _place(school: str, schools: int, area: str) -> str:
    if school:
        return _("school {code}").format(code=school)
    counted = ngettext("{count} school", "{count} schools", schools).format(count=format_number(schools))
    if schools and area:
        return _("{schools} in {area}").format(schools=counted, area=area)
    return counted if schools else area


def _figures(figures: pd.DataFrame, measures: dict[str, Measure], names: Mapping[str, str], country: str) -> None:
    """Show the country's figures before and after, and those of the regions folded away."""
    shown = figures[figures["measure"].isin(list(measures)) & (figures["moved"] > 0)].copy()
    for when in ("before", "after"):
        shown[f"value_{when}"], shown[f"state_{when}"] = values_and_states(
            shown[f"numerator_{when}"].to_numpy(dtype=float),
            shown[f"denominator_{when}"].to_numpy(dtype=float),
            shown[f"schools_in_base_{when}"].to_numpy(dtype=int),
            shown[f"schools_reporting_{when}"].to_numpy(dtype=int),
            ratio=shown["ratio"].to_numpy(dtype=bool),
            factor=shown["factor"].to_numpy(dtype=float),
        )
    national = shown["area_code"] == country
    with st.container(key="headlines-moved"):
        st.table(_table(shown[national], measures, {}), hide_index=True, border="horizontal")
    regions = shown[~national]
    if len(regions):
        count = int(regions["area_code"].nunique())
        label = ngettext("{count} region", "{count} regions", count).format(count=format_number(count))
        with st.expander(label):
            st.table(_table(regions, measures, names), hide_index=True, border="horizontal")


def _table(shown: pd.DataFrame, measures: dict[str, Measure], names: Mapping[str, str]) -> pd.DataFrame:
    one_period = shown["period"].nunique() <= 1
    rows = []
    for row in records(shown):
        measure = measures[row.measure]
        period = "" if one_period else ", " + words.period(Period.parse(row.period), short=True)
        before = words.figure(measure, row.value_before, row.state_before)
        after = words.figure(measure, row.value_after, row.state_after)
        cells = {_("Region"): plain(names.get(row.area_code, row.area_code))} if names else {}
        rows.append(
            cells
            | {
                _("Figure"): plain(measure.name + period),
                _("Before"): f"{before} ({words.base(row.schools_in_base_before, row.schools_expected)})",
                _("After"): f"{bold(after)} ({words.base(row.schools_in_base_after, row.schools_expected)})",
                _("Explained below"): format_percent(row.explained) if row.explained == row.explained else "–",
            }
        )
    return pd.DataFrame(rows)


def _line(
    place: int, line: Any, measures: dict[str, Measure], names: Mapping[str, str], *, choosing: bool, several: bool
) -> list[Point]:
    """Show one line of the list; return it as a point when it is ticked. `several`: periods are in the file."""
    text = _in_words(line, measures, names, several=several)
    if not choosing or not line.explained:
        st.caption(text)
        return []
    if not st.checkbox(text, key=f"attention-{place}"):
        return []
    said = st.text_input(_("What is wrong with it"), key=f"attention-text-{place}", max_chars=500)
    row = line.rows[0] if len(line.rows) == 1 else None
    about = About(
        row=row, school=line.school, metric=line.metric, period=line.period, cause=line.cause,
        area="" if line.school else line.area_code, schools=0 if line.school else int(line.schools),
        value=format_number(line.new) if line.new == line.new else "",
    )  # fmt: skip
    return [Point(about, said)]


def _in_words(line: Any, measures: dict[str, Measure], names: Mapping[str, str], *, several: bool) -> str:
    """Return a line in words: what, where, from what to what, and how far it moves which figure."""
    cause = _("{share} {cause}").format(share=bold(format_percent(line.moved)), cause=bold(_(CAUSES[line.cause])))
    odd = _("odd")
    parts = [f":orange-badge[{odd}] {cause}" if line.odd else cause]
    measure, metric = measures[line.measure], measures.get(line.metric)
    if metric is not None:
        parts.append(plain(metric.name))
    if several and line.period:
        parts.append(words.period(Period.parse(line.period), short=True))
    parts.append(plain(_place(line.school, int(line.schools), names.get(line.area_code, line.area_code))))
    parts += _how_many(line, metric)
    if metric is not None and line.new == line.new:
        old = words.number(metric, line.old) if line.old == line.old else words.state("not_reported")
        parts.append(f"{old} → {words.number(metric, line.new)}")
    if words.direction(measure, line.change) != "off":  # what one region feels the country may not
        moved = _("{measure} of the country {change}")
        parts.append(moved.format(measure=plain(measure.name), change=words.change(measure, line.change)))
    if line.rows:
        listed = ", ".join(map(str, line.rows[:ROWS_SAID])) + (" …" if len(line.rows) > ROWS_SAID else "")
        parts.append(ngettext("row {rows}", "rows {rows}", len(line.rows)).format(rows=listed))
    return " · ".join(parts)


def _how_many(line: Any, metric: Measure | None) -> list[str]:
    """Return how many changes a line of several schools counts, in which direction, and how large they are at most."""
    if line.school:
        return []
    parts = []
    if line.changes > line.schools:
        counted = ngettext("{count} change", "{count} changes", int(line.changes))
        parts.append(counted.format(count=format_number(int(line.changes))))
    up, down = int(line.up), int(line.down)
    if up and down:
        parts.append(_("{up} up, {down} down").format(up=format_number(up), down=format_number(down)))
    if metric is not None and line.most == line.most:
        texts = {"up": _("each at most {count} more"), "down": _("each at most {count} less")}
        text = texts["up"] if not down else texts["down"] if not up else _("each by at most {count}")
        parts.append(text.format(count=words.number(metric, line.most)))
    return parts


def _unmoving(found: Attention) -> None:
    if found.unmoving:
        text = ngettext(
            "{count} changed value stands under no headline figure: see it below.",
            "{count} changed values stand under no headline figure: see them below.",
            found.unmoving,
        )
        st.caption(text.format(count=format_number(found.unmoving)))
