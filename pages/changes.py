"""What changed: which figures moved most since then, which places moved them, and which reports did it."""

import streamlit as st

from access.language import _
from ui import changes, provenance_panel, scope, share

# Which rollout, which place, which month?
asked = scope.choose(_("What changed"))
if asked is None:
    scope.nothing_to_show()
    st.stop()

# Since when?
then = changes.choose_then(asked)
if then is None:
    share.link_to_view(asked.corner)
    st.stop()
changes.heading(asked.scope, then)

# Which figures moved most?
changes.moved_most(asked, then)

# Which places moved this one, and which reports?
measure = scope.choose_measure(scope.rates_first(asked.measures))
shown = asked.scope.of(measure=measure.key)
changes.by_area(asked, shown, then, measure)
changes.reports(shown, then, measure)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
