"""What a file would change: in one sentence, exactly counted, by metric and region, and each value old and new."""

from collections.abc import Mapping
from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_number, ngettext
from analytics import catalogue
from data_model.periods import Period
from intake.difference import Difference
from ui import filters, words
from ui.answers import ask_registry, records
from ui.text import bold, plain
from ui.words import Measure

PAGE = 25


def summary(difference: Difference, blank: int | None) -> None:
    """Show in a sentence and in counts what accepting a file would change. `blank` is how many cells say nothing."""
    st.subheader(_("What it would change"), anchor=False)
    if any(difference.counts.values()) or difference.takes_back:
        said = sentence(difference.adds, difference.overwrites, difference.takes_back)
    else:
        said = _("There is no value in this file that could be taken over.")
    st.write(f"**{said}**")
    _counts(difference.counts, blank)


def details(difference: Difference, measures: dict[str, Measure], country: str) -> None:
    """Show where a file would change something: by metric, by region, and value by value, old and new."""
    if not difference.cells:
        return
    table = difference.grouped
    by_metric, by_region = st.tabs([_("By metric"), _("By region")])
    with by_metric:
        _grouped(table, "metric", _("Metric"), {key: measure.name for key, measure in measures.items()})
    with by_region:
        regions = {row.area_code: row.name for row in records(ask_registry(catalogue.areas, country))}
        _grouped(table, "area_code", _("Region"), regions)
    _changes(difference, measures)


def sentence(new: int, changed: int, taken_back: int = 0) -> str:
    """Return in one sentence whether a file adds or overwrites, or that it takes back. A withdrawal does that alone."""
    if taken_back:
        text = ngettext(
            "This takes {count} value back: it is then not reported. What was held stays on record.",
            "This takes {count} values back: they are then not reported. What was held stays on record.",
            taken_back,
        )
        return text.format(count=format_number(taken_back))
    adds = ngettext("adds {count} value", "adds {count} values", new).format(count=format_number(new))
    overwrites = ngettext("overwrites {count} value", "overwrites {count} values", changed).format(
        count=format_number(changed)
    )
    if new and changed:
        text = _("This file {adds} and {overwrites}; what is overwritten stays on record.")
    elif new:
        text = _("This file {adds} and overwrites nothing.")
    elif changed:
        text = _("This file adds nothing and {overwrites}; what is overwritten stays on record.")
    else:
        text = _("This file changes nothing: all it says is held already.")
    return text.format_map({"adds": adds, "overwrites": overwrites})


def _counts(counts: Mapping[str, int], blank: int | None) -> None:
    shown = {
        _("New"): counts["new"],
        _("Changed"): counts["changed"],
        _("Unchanged"): counts["unchanged"],
        _("Not applicable"): counts["not_applicable"],
        _("Blank"): blank,
    }
    with st.container(horizontal=True, key="counts", gap="large"):
        for label, number in shown.items():
            if number is not None:
                st.metric(label, format_number(number), width="content")


def _grouped(table: pd.DataFrame, column: str, heading: str, names: Mapping[str, str]) -> None:
    """Show the counts of cells by metric or by region."""
    sums = table.groupby(column, sort=False)[["new", "changed", "unchanged", "not_applicable"]].sum()
    shown = pd.DataFrame(
        {
            heading: [plain(names.get(str(key), str(key))) for key in sums.index],
            _("New"): sums["new"].to_list(),
            _("Changed"): sums["changed"].to_list(),
            _("Unchanged"): sums["unchanged"].to_list(),
            _("Not applicable"): sums["not_applicable"].to_list(),
        }
    )
    with st.container(key=f"numbers-{column}"):
        st.table(shown.map(_number), hide_index=True, border="horizontal")


def _changes(difference: Difference, measures: dict[str, Measure]) -> None:
    """Show the values old and new, a page at a time; overwritten ones apart, because they are looked at first."""
    listed = difference.changes
    kinds = {
        "changed": [change for change in listed if change["old"] is not None or "old_state" in change],
        "new": [change for change in listed if change["old"] is None and "old_state" not in change],
    }
    overwritten = _("Taken back: {count}") if difference.takes_back else _("Overwritten: {count}")
    labels = {"changed": overwritten, "new": _("Added: {count}")}
    # All of them are counted, also where only the first are listed.
    counts = {"changed": difference.overwrites, "new": difference.adds}
    options = {kind: labels[kind].format(count=format_number(counts[kind])) for kind, rows in kinds.items() if rows}
    if not options:
        return
    st.markdown(bold(_("Values, old and new")))
    if difference.changing > len(listed):
        st.caption(_("The first {count} in the order of the file.").format(count=format_number(len(listed))))
    kind = filters.choose(
        "values", _("Values"), options, next(iter(options)), control=st.segmented_control,
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    rows = kinds[kind]
    pages = ceil(len(rows) / PAGE)
    page = st.pagination(pages, key=f"values-page-{kind}") if pages > 1 else 1
    shown = [_change(change, measures) for change in rows[(page - 1) * PAGE : page * PAGE]]
    st.table(pd.DataFrame(shown), hide_index=True, border="horizontal")


def _change(change: Mapping[str, Any], measures: dict[str, Measure]) -> dict[str, str]:
    measure = measures.get(change["metric"])
    return {
        _("School"): plain(change["school"]),
        _("Metric"): plain(measure.name if measure else change["metric"]),
        _("Period"): words.period(Period.parse(change["period"]), short=True),
        _("Old value"): _value(measure, change["old"], change.get("old_state", "not_reported")),
        _("New value"): _new(measure, change),
        _("Row"): str(change["row"]),
    }


def _new(measure: Measure | None, change: Mapping[str, Any]) -> str:
    if change.get("state") == "withdrawn":
        return _("taken back: not reported")
    return _value(measure, change["new"], change.get("state", "not_reported"))


def _value(measure: Measure | None, value: float | None, state: str) -> str:
    if value is None:
        return words.state(state)
    return words.number(measure, value) if measure else format_number(value)


def _number(cell: Any) -> str:
    return cell if isinstance(cell, str) else format_number(cell)
