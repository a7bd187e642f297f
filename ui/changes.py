"""What changed, words first: which figures moved most, where that came from, and which reports did it."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from access.language import N_, _, format_date, format_number, ngettext
from access.permissions import Action, may_somewhere
from analytics import changes
from analytics.changes import Then
from analytics.scope import CannotAnswer, Scope
from charts import movers
from data_model.engine import Session
from data_model.releases import FigureState
from ui import downloads, figures, filters, navigation, scope, ways, words
from ui.answers import ask, records
from ui.asking import asking
from ui.figures import Exhibit
from ui.scope import Asked
from ui.text import plain
from ui.words import Measure

SINCE = {"month": N_("the month before"), "release": N_("the last release"), "moment": N_("a chosen moment")}
WHAT = {"accepted": N_("accepted"), "undone": N_("undone"), "brought_back": N_("counts again after an undo")}
# So many counts are told after the rates, so many reports open from the page; the others stand in the tables.
COUNTS_TOLD, LISTED = 5, 12


def choose_then(asked: Asked) -> Then | None:
    """Let choose what the figures are set against; None, with the reason said, where there is nothing."""
    shown = asked.scope
    names = {key: _(title) for key, title in SINCE.items() if key != "moment" or not shown.released}
    since = filters.switch("since", _("Compare with"), names, "month")
    if since == "month":
        return changes.last_month(shown)
    moment = scope.choose_past(_("Since (UTC)")) if since == "moment" else None
    if since == "moment" and moment is None:
        st.info(_("Choose the moment to compare with."))
        return None
    try:
        return ask(_then, shown, since, moment, initiative=shown.initiative, released=shown.released)
    except CannotAnswer:
        st.info(_("There is no release to compare with yet."))
        return None


def _then(session: Session, shown: Scope, since: str, moment: datetime | None) -> Then:
    if since == "release" or moment is None:
        return changes.last_release(session, shown)
    return changes.moment(session, shown, moment)


def heading(shown: Scope, then: Then) -> None:
    """Say what is set against what."""
    before, now = words.period(then.period), words.period(shown.period)
    if then.as_of is None or then.as_of == shown.as_of:
        st.caption(_("{now} against {before}").format(now=now, before=before))
    elif then.period == shown.period:
        text = _("{now} as it stands, against {now} as it was known on {moment}.")
        st.caption(text.format(now=now, moment=words.moment(then.as_of)))
    else:
        text = _("{now}, against {before} as it was known on {moment}.")
        st.caption(text.format(now=now, before=before, moment=words.moment(then.as_of)))


@dataclass(frozen=True)
class Moves:
    """The figures that moved most, in words: a line for each rate and count (measure, words, whether it grew), and the
    names of those whose change cannot be told. `bases_differ`: a count's schools then are not those of now.
    """

    rates: list[tuple[str, str, bool]]
    counts: list[tuple[str, str, bool]]
    lost: str
    bases_differ: bool


def moved_most(asked: Asked, then: Then) -> None:
    """Tell which figures moved most, in words, each of them opening its parts; all of them in a table."""
    shown = asked.scope
    frame = ask(changes.since, shown, then, tuple(asked.measures), initiative=shown.initiative,
                released=shown.released)  # fmt: skip
    moves = figures.of_scope(("moves", shown, then), shown, lambda: _moves(frame, asked.measures))
    if not moves.rates and not moves.counts:
        st.write(_("No figure changed."))
    _list(moves.rates)
    if moves.bases_differ:
        st.caption(
            _("A count depends on how many schools reported: where that differs, a part of its change is only that.")
        )
    _list(moves.counts[:COUNTS_TOLD])
    if moves.lost:
        st.caption(_("Cannot be told, because one side has no figure: {measures}.").format(measures=moves.lost))
    title = _("All figures, then and now")
    with st.expander(title):
        rows = figures.sent(("then and now", shown, then), shown, lambda: table(frame, asked.measures))
        st.dataframe(rows, hide_index=True, alt=title)


def _moves(frame: pd.DataFrame, measures: dict[str, Measure]) -> Moves:
    told = [row for row in records(frame) if _moved(row, measures[row.measure])]
    lines: dict[bool, list[tuple[str, str, bool]]] = {True: [], False: []}
    for row in told:
        measure = measures[row.measure]
        said = f"<span><strong>{escape(measure.name)}</strong>: {escape(in_words(row, measure))}</span>"
        lines[measure.indicator].append((measure.key, said, bool(row.change > 0)))
    lost = [plain(measures[row.measure].name) for row in records(frame) if lost_or_found(row)]
    differ = any(bool(row.bases_differ) for row in told if not measures[row.measure].indicator)
    return Moves(lines[True], lines[False], ", ".join(lost), differ)


def _moved(row: Any, measure: Measure) -> bool:
    return row.change == row.change and words.direction(measure, row.change) != "off"


def _list(lines: list[tuple[str, str, bool]]) -> None:
    """Show changes below each other; each opens the parts it is made of."""
    trends = {True: "trending_up", False: "trending_down"}
    ways.lines(*(ways.marked(said, {"measure": measure}, icon=trends[grew]) for measure, said, grew in lines))


def in_words(row: Any, measure: Measure) -> str:
    """Return a change in words: from what to what, by how much, and how many schools were in it then and now."""
    said = _("{before} to {now} ({change})").format(
        before=words.number(measure, row.before), now=words.number(measure, row.now),
        change=words.change(measure, row.change),
    )  # fmt: skip
    parts = [said, _bases(row), _("demonstration") if row.demonstration else ""]
    return " · ".join(part for part in parts if part)


def _bases(row: Any) -> str:
    if pd.isna(row.base_before) or pd.isna(row.base_now):
        return ""
    before, now = format_number(int(row.base_before)), format_number(int(row.base_now))
    if before == now:
        return ngettext("{count} school", "{count} schools", int(row.base_now)).format(count=now)
    return _("{before} schools then, {now} now").format(before=before, now=now)


def lost_or_found(row: Any) -> bool:
    """Return whether only one side has a figure."""
    return bool((row.state_before == FigureState.REPORTED) != (row.state_now == FigureState.REPORTED))


def table(frame: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Return all changes under headings people read; a missing figure says why it is missing."""
    rows = records(frame)
    return pd.DataFrame(
        {
            _("Measure"): [measures[row.measure].name for row in rows],
            _("Then"): [words.figure(measures[row.measure], row.before, row.state_before) for row in rows],
            _("Now"): [words.figure(measures[row.measure], row.now, row.state_now) for row in rows],
            _("Change"): [
                "" if row.change != row.change else words.change(measures[row.measure], row.change) for row in rows
            ],
            _("Schools then"): frame["base_before"],
            _("Schools now"): frame["base_now"],
        }
    )


def by_area(asked: Asked, shown: Scope, then: Then, measure: Measure) -> None:
    """Show what each area below gave to the change of the measure: parts that add up to it."""
    if not scope.has_areas_below(asked):
        return
    frame = figures.of_scope(("movers", shown, then), shown, lambda: _parts(shown, then))
    if frame is None:
        st.info(_("What the areas gave to the change of {measure} cannot be told.").format(measure=measure.name))
        return
    caption = figures.about(shown)
    headings = {
        "name": _("Area"), "before": _("Then"), "now": _("Now"), "change": _("Change"),
        "contribution": _("Part of the change"), "of_rates": _("by its rate"), "of_mix": _("by its size"),
    }  # fmt: skip
    if not measure.percent:
        del headings["of_rates"], headings["of_mix"]
    figures.exhibit(
        Exhibit(
            key="movers",
            title=_("Where the change of {measure} came from: {place}").format(measure=measure.name, place=asked.place),
            frame=frame,
            draw=lambda: movers.movers(frame, measure.for_charts, caption),
            tell=lambda: movers.alt_text(frame, measure.for_charts),
            rows=lambda: words.under_headings(frame, headings, max(measure.decimals, 2) if measure.percent else 0),
            caption=caption,
            chart=f"movers-{measure.key}-{shown.area}-{then.period.key}-{then.as_of}",
            file_name=figures.file_name(f"changes-since-{then.period.key}", shown, measure),
            facts=downloads.facts(shown, measure) | {_("Compared with"): then.period.key},
            definitions={measure.name: measure.definition},
            note=_(
                "The parts add up to the change of the whole. Of a rate each has two: the area's own rate moved, and"
                " people moved between areas of high and low rates (Kitagawa 1955)."
            ),
            code="area_code",
            opens=lambda code: filters.go(area=code) if code else None,
            measure=measure,
        ),
        shown,
    )


def _parts(shown: Scope, then: Then) -> pd.DataFrame | None:
    """Return what each area gave to the change, by name; None where that cannot be told."""
    frame = ask(changes.by_area, shown, then, initiative=shown.initiative, released=shown.released)
    if frame.empty or frame["contribution"].isna().all():
        return None
    return frame.assign(name=[name or _("in none of the areas") for name in frame["name"]])


def reports(shown: Scope, then: Then, measure: Measure) -> None:
    """Show the submissions that made the figure what it is since then, to those who may see live figures."""
    if shown.released:
        return
    frame = ask(changes.submissions, shown, then, initiative=shown.initiative)
    st.subheader(_("The reports behind it"), anchor=False)
    if frame.empty:
        st.write(_("No report has changed {measure} since.").format(measure=measure.name))
        return
    count = len(frame)
    text = ngettext(
        "{period}: {count} submission speaks for {measure}.",
        "{period}: {count} submissions speak for {measure}.",
        count,
    )
    st.caption(text.format(count=format_number(count), measure=measure.name, period=words.period(shown.period)))
    opens = may_somewhere(asking().who, Action.REVIEW)
    if opens:
        told = figures.of_scope(("reports", shown, then), shown, lambda: _in_lines(frame))
        query = navigation.along()
        ways.lines(
            *(ways.link(said, "review", query | {"submission": number}, icon="description") for number, said in told)
        )
    if opens and count <= LISTED:
        return
    with st.expander(_("All of them"), expanded=not opens):
        name = ("reports in full", shown, then, st.context.timezone)
        rows = figures.sent(name, shown, lambda: _report_table(frame))
        st.dataframe(rows, hide_index=True, alt=_("The reports behind it"))


def _in_lines(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the submissions that are listed: each one's number, and what it is and did."""
    label = _("No. {number}: {file}")
    return [
        (
            str(row.submission),
            f"{label.format(number=row.submission, file=row.file_name)} · {in_short(row)}",
        )
        for row in records(frame.head(LISTED))
    ]


def in_short(row: Any) -> str:
    """Return what a submission did: accepted on a day, by whom, with how many values of how many schools."""
    values = ngettext("{count} value", "{count} values", row.values).format(count=format_number(row.values))
    schools = ngettext("{count} school", "{count} schools", row.schools).format(count=format_number(row.schools))
    return ", ".join([_(WHAT[row.what]), format_date(row.at.date()), row.by, values, schools])


def _report_table(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("No."): frame["submission"], _("File"): frame["file_name"],
            _("Event"): [_(WHAT[what]) for what in frame["what"]],
            _("When"): ["" if pd.isna(at) else words.moment(at) for at in frame["at"]],
            _("Uploaded by"): frame["by"], _("Values"): frame["values"], _("Schools"): frame["schools"],
        }
    )  # fmt: skip
