"""Upload: a progress file, what is wrong with it, what it would change, and handing it in."""

import streamlit as st

from access.language import _
from ui import acting, effects, findings, preview, scope, submissions, upload

st.title(_("Upload"), anchor=False)
acting.answer()

# One's own submission, opened again?
detail = submissions.chosen()
if detail is not None:
    submissions.in_full(detail)
    st.stop()

# For which initiative and period?
left, right = st.columns([3, 2])
with left:
    initiative = upload.choose_initiative()
if initiative is None:
    st.info(_("There is no initiative whose schools you may report for."))
    st.stop()
with right:
    period = upload.choose_period(initiative)
with st.expander(_("Templates and samples"), icon=":material/table:"):
    upload.templates(initiative, period)

# What is in the file, what is wrong with it, and what would it change?
file = upload.choose_file()
if file is not None:
    check = upload.checked(initiative, file, period)
    measures = scope.measures(initiative.initiative)
    upload.recognised(check, measures)
    findings.show(check.findings, measures, file.name)
    preview.summary(check.comparison, check.blank_values)
    effects.show(upload.effect_of(initiative, file, period, check), measures)
    preview.details(check.comparison, measures, initiative.country)
    upload.hand_in(check)

# What became of earlier ones?
st.subheader(_("My submissions"), anchor=False)
submissions.table(submissions.listing(own=True), empty=_("You have not submitted anything yet."))
