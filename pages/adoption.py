"""Adoption: one measure of one place, over time and by area, down to a single school and back."""

import streamlit as st

from access.language import _
from ui import (
    cards,
    courses,
    filters,
    pictures,
    provenance_panel,
    school_profile,
    school_reports,
    schools,
    scope,
    share,
    two_measures,
    withdrawing,
)

# Which measure of which rollout, where, from when to when?
asked = scope.choose(_("Adoption"), with_range=True)
if asked is None:
    scope.nothing_to_show()
    st.stop()
row = st.container(horizontal=True, vertical_alignment="bottom")
with row:
    measure = scope.choose_measure(asked.measures.values(), width=scope.CONTROL_WIDTH)
shown = asked.scope.of(measure=measure.key)

school = school_profile.chosen(shown, asked)
if school is not None:
    # Which school is this, and what should somebody look into?
    school_profile.identity(school, shown, asked)
    school_reports.questions(school, shown, asked.measures)

    # How did it do, beside schools like it, and in everything else it reports?
    school_profile.course(school, shown, measure)
    left, right = st.columns(2, gap="medium")
    with left:
        school_profile.everything(school, shown, asked.measures)
    with right:
        school_profile.peers(school, shown, measure)

    # What was sent in about it, and is something of that wrong?
    school_reports.sent_in(school, shown, asked.measures)
    withdrawing.offer(shown, str(school.identity["school_code"]), asked.measures)
elif two_measures.wanted(row):
    # What goes together?
    two_measures.show(asked, shown, measure, row)
else:
    # What is the figure, and how sure?
    cards.answer(shown, measure, asked.place)

    # How did the place do, will it reach its target, and where in it is it further? A click leads down.
    courses.show(shown, measure, asked.place, to_target=True)
    if scope.has_areas_below(asked):
        pictures.in_areas(measure, shown, lambda code: filters.go(area=code))
    if scope.lists_schools(asked):
        pictures.schools_in(shown, measure, asked.initiative.country, lambda code: filters.go(school=code))
        schools.list_of(shown, measure)

provenance_panel.open_if_asked(asked)
share.link_to_view(asked.corner)
