"""Upload: a progress file, what is wrong with it, what it would change, and handing it in."""

import streamlit as st

from access.language import _
from ui import (
    acting,
    answering,
    effects,
    findings,
    first_steps,
    periods,
    preview,
    scope,
    submissions,
    upload,
    user_export,
)

st.title(_("Upload"), anchor=False)
acting.answer()

# One's own submission, opened again?
detail = submissions.chosen()
if detail is not None:
    submissions.in_full(detail)
    st.stop()

# A large file on its way into the database?
if upload.submitting():
    st.stop()

# For which initiative and period?
left, right = st.columns([3, 2])
with left:
    initiative = upload.choose_initiative()
if initiative is None:
    st.info(
        _(
            "There is no initiative whose schools you may report for. It takes a manager's role there, and schools that"
            " are enrolled: an administrator sees to both."
        )
    )
    first_steps.show()
    st.stop()
with right:
    period = upload.choose_period(initiative)
with st.expander(_("Templates and samples"), icon=":material/table:"):
    upload.templates(initiative, period)

# In answer to one that was returned?
answering.show()

# What is in the file, what is wrong with it, and what would it change?
draft = upload.draft(initiative, period)
outcome = upload.checked(draft) if draft is not None else None
if draft is not None and outcome is not None:
    measures = scope.measures(initiative.initiative)
    upload.recognised(draft, outcome, measures)
    user_export.show(draft, outcome, measures)
    findings.show(outcome.findings, measures, draft.file_name)
    user_export.schools(outcome, draft.initiative)
    upload.mend(draft, outcome, measures)
    preview.summary(outcome.difference, outcome.blank_values)
    effects.show(outcome.effect, measures)
    preview.details(outcome.difference, measures, initiative.country)
    upload.hand_in(draft, outcome)

# What became of earlier ones, and what is due?
periods.due(initiative.initiative)
st.subheader(_("My submissions"), anchor=False)
own = submissions.listing(own=True)
answering.call(own)
submissions.table(own, empty=_("You have not submitted anything yet."))
