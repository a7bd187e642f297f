"""Overview: where a rollout stands, how it got there, which areas are where, and what had been announced."""

import streamlit as st

from access.language import _
from ui import announced, cards, figures, filters, pictures, provenance_panel, scope, share

# Which rollout, which place, which month?
asked = scope.choose(_("Overview"))
if asked is None:
    scope.nothing_to_show()
    st.stop()

# Where does it stand?
headlines = cards.headlines(asked.measures)
cards.row(asked.scope, headlines)

# How did it get there, and where is it further?
measure = scope.choose_measure(headlines, control=st.pills, required=True)
shown = asked.scope.of(measure=measure.key)
figures.show(pictures.over_time(measure, asked.place), shown, measure)
if scope.has_areas_below(asked):
    pictures.in_areas(measure, shown, lambda code: filters.go(area=code))

# And what had been announced?
announced.beside_measured(asked)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
