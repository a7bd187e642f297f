"""Adoption: one measure of one place, over time and by area, down to a single school and back."""

import streamlit as st

from access.language import _
from ui import figures, filters, pictures, provenance_panel, schools, scope, share, withdrawing

# Which measure of which rollout, where, from when to when?
asked = scope.choose(_("Adoption"), with_range=True)
if asked is None:
    scope.nothing_to_show()
    st.stop()
measure = scope.choose_measure(asked.measures.values())
shown = asked.scope.of(measure=measure.key)

school = schools.chosen(shown)
if school is not None:
    # How did this one school do?
    schools.profile(school)
    withdrawing.offer(shown, school.school_code, asked.measures)
    figures.show(pictures.of_school(measure, school.school_code, school.name), shown, measure)
else:
    # How did the place do, and where in it is it further? A click leads down.
    figures.show(pictures.over_time(measure, asked.place), shown, measure)
    if scope.has_areas_below(asked):
        pictures.in_areas(measure, shown, lambda code: filters.go(area=code))
    if scope.lists_schools(asked):
        pictures.schools_in(shown, measure, asked.initiative.country, lambda code: filters.go(school=code))
        schools.list_of(shown, measure)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
