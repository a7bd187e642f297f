"""Overview: where a rollout stands against its targets, how it got there, where it is further, who came how far."""

import streamlit as st

from access.language import _
from ui import announced, brief, cards, courses, filters, funnels, pictures, provenance_panel, scope, share

# Which rollout, which place, which month?
asked = scope.choose(_("Overview"))
if asked is None:
    scope.nothing_to_show()
    st.stop()

# Where does it stand against what is to be reached?
headlines = cards.headlines(asked.measures)
cards.row(asked.scope, headlines)

# How did it get there, and where is it further?
measure = scope.switch_measure(headlines)
shown = asked.scope.of(measure=measure.key)
courses.show(shown, measure, asked.place)
if scope.has_areas_below(asked):
    pictures.in_areas(measure, shown, lambda code: filters.go(area=code))

# How many came how far?
funnels.show(asked.scope, asked.measures)

# And what had been announced?
announced.beside_measured(asked)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
brief.offer(shown, asked.corner)
