"""Completeness: how many of the reports that were due have come, where and when they are missing, whom to call."""

import streamlit as st

from access.language import _
from ui import completeness, late_schools, provenance_panel, scope, share

# The reports of which measure, where, from when to when?
asked = scope.choose(_("Completeness"), with_range=True)
if asked is None:
    scope.nothing_to_show()
    st.stop()
measure = scope.choose_measure(completeness.counts_first(asked.measures), width=scope.CONTROL_WIDTH)
shown = asked.scope.of(measure=measure.key)

# May a headline stand on what has come?
completeness.headline(shown)

# Where and when are reports missing? A click leads down.
completeness.by_area_and_month(shown, measure, asked.place)

# Who should be called?
late_schools.to_call(shown, measure, asked.place)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
