"""Compare: places, initiatives and groups of schools side by side, and which differ by more than chance."""

import streamlit as st

from access.language import _
from ui import beyond_chance, comparing, provenance_panel, scope, share, two_measures

# Which rollout, which place, from when to when?
asked = scope.choose(_("Compare"), with_range=True)
if asked is None:
    scope.nothing_to_show()
    st.stop()

# What is set side by side, and by which measure?
what = comparing.choose_what()
row = comparing.row()
with row:
    measure = scope.choose_measure(scope.rates_first(asked.measures))
shown = asked.scope.of(measure=measure.key)

if what == "areas":
    # How did each part of the place come along?
    comparing.areas(asked, shown, measure, row)
elif what == "chance":
    # Which differ by more than chance, and where to look first?
    beyond_chance.show(asked, shown, measure, row)
elif what == "groups":
    # Do town and village, languages, large and small schools go the same way, and how sure is the gap?
    comparing.groups_of_schools(asked, shown, measure, row)
elif what == "measures":
    # What goes together?
    two_measures.show(asked, shown, measure, row)
else:
    # How do others come along?
    comparing.initiatives(asked, shown, measure, row)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
