"""What a file would do to the headline figures of its country, from what to what."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_number, ngettext
from analytics.values import values_and_states
from data_model.periods import Period
from ui import cards, words
from ui.answers import records
from ui.text import bold, plain
from ui.words import Measure

SHOWN = 12


def show(effect: pd.DataFrame, measures: dict[str, Measure]) -> None:
    """Show the headline figures that would move. `effect` is the frame of `intake.effect.effect`."""
    st.markdown(bold(_("Effect on the headline figures of the country")))
    heads = [measure.key for measure in cards.headlines(measures)]
    moved = effect[effect["measure"].isin(heads)]
    if moved.empty:
        st.write(_("None of them would move."))
        return
    one_period = moved["period"].nunique() == 1
    lines = [_line(row, measures[row.measure], one_period) for row in records(_with_values(moved))]
    st.markdown("  \n".join(lines[:SHOWN]))
    if len(lines) > SHOWN:
        more = len(lines) - SHOWN
        st.caption(ngettext("and {count} more", "and {count} more", more).format(count=format_number(more)))


def _with_values(moved: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with `value` and `state` before and after."""
    found = moved.copy()
    for when in ("before", "after"):
        found[f"value_{when}"], found[f"state_{when}"] = values_and_states(
            moved[f"numerator_{when}"].to_numpy(),
            moved[f"denominator_{when}"].to_numpy(),
            moved[f"schools_in_base_{when}"].to_numpy(),
            moved[f"schools_reporting_{when}"].to_numpy(),
            ratio=moved["ratio"].to_numpy(dtype=bool),
            factor=moved["factor"].to_numpy(dtype=float),
        )
    return found


def _line(row: Any, measure: Measure, one_period: bool) -> str:
    before = words.figure(measure, row.value_before, row.state_before)
    after = words.figure(measure, row.value_after, row.state_after)
    then = words.base(row.schools_in_base_before, row.schools_expected)
    now = words.base(row.schools_in_base_after, row.schools_expected)
    name = measure.name if one_period else f"{measure.name}, {words.period(Period.parse(row.period), short=True)}"
    return f"{plain(name)}: {before} ({then}) → {bold(f'{after} ({now})')}"
