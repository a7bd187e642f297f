"""What is open about a school, and what was sent in about it."""

from typing import Any

import pandas as pd
import streamlit as st

from access.language import _, format_number, ngettext
from analytics.school_profile import SchoolProfile
from analytics.scope import Scope
from data_model.periods import Period
from data_model.submissions import Severity
from intake.findings import Finding
from ui import codes, figures, findings, words
from ui.answers import records
from ui.asking import asking
from ui.school_profile import TRAITS, told
from ui.text import plain
from ui.words import Measure

# So many open questions are shown at once, the newest first.
SHOWN = 8


def questions(profile: SchoolProfile, shown: Scope, measures: dict[str, Measure]) -> None:
    """Show what somebody should look into: what was due and did not come, what was odd, what is not known."""
    st.subheader(_("Open questions"), anchor=False)
    said = told(
        "questions", profile, shown,
        lambda: [*_missing(profile, measures), *_unknown(profile), *_odd(profile, measures)],
    )  # fmt: skip
    if not said:
        st.write(_("None: all that was due has come, and nothing odd was found in it."))
        return
    st.markdown("\n".join(f"- {line}" for line in said[:SHOWN]))
    rest = said[SHOWN:]
    if rest:
        text = ngettext("{count} more question", "{count} more questions", len(rest))
        with st.expander(text.format(count=format_number(len(rest)))):
            st.markdown("\n".join(f"- {line}" for line in rest))


def sent_in(profile: SchoolProfile, shown: Scope, measures: dict[str, Measure]) -> None:
    """Show the submissions that spoke for the school, and what was found in its rows."""
    st.subheader(_("What was sent in"), anchor=False)
    if profile.submissions.empty:
        st.write(_("No accepted file has spoken for this school."))
        return
    name = (profile.identity["school_code"], shown, asking().who, st.context.timezone)
    sent = figures.sent(("sent in", name), shown, lambda: _submissions(profile.submissions))
    st.dataframe(sent, hide_index=True, alt=_("Submissions"))
    if not profile.findings.empty:
        found = figures.sent(("found in it", name), shown, lambda: _findings(profile.findings, measures))
        with st.expander(_("Findings in its rows"), icon=":material/rule:"):
            st.dataframe(found, hide_index=True, alt=_("Findings"))


def _missing(profile: SchoolProfile, measures: dict[str, Measure]) -> list[str]:
    """Return what was due and did not come: the months of which nothing did, then the others, the newest first."""
    rows = profile.questions[profile.questions["kind"] == "not_reported"]
    required = {key for key, measure in measures.items() if measure.required and not measure.indicator}
    silent, lines = [], []
    for key in sorted(set(rows["period"]), reverse=True):
        period, missing = words.period(Period.parse(key)), set(rows.loc[rows["period"] == key, "subject"])
        if missing >= required:
            silent.append(period)
            continue
        names = ", ".join(measure.name for one, measure in measures.items() if one in missing)
        text = _("**{period}**: due and not reported: {measures}")
        lines.append(text.format(period=period, measures=plain(names)))
    nothing = _("**Nothing reported** though it was due: {periods}")
    return [*([nothing.format(periods=", ".join(silent))] if silent else []), *lines]


def _unknown(profile: SchoolProfile) -> list[str]:
    rows = profile.questions[profile.questions["kind"] == "not_known"]
    return [_("**Not known**: {what}").format(what=_(TRAITS[trait])) for trait in rows["subject"]]


def _odd(profile: SchoolProfile, measures: dict[str, Measure]) -> list[str]:
    """Return what was found in the school's rows of accepted files."""
    names = {key: measure.name for key, measure in measures.items()}
    accepted = profile.findings[profile.findings["state"] == "accepted"]
    text = _("**Submission {number}, row {row}**: {what}")
    return [text.format(number=row.submission, row=row.row, what=_said(row, names)) for row in records(accepted)]


def _said(row: Any, names: dict[str, str]) -> str:
    found = Finding(row.code, Severity(row.severity), int(row.row), row.column, row.value, row.details)
    return plain(findings.said(found, names))


def _submissions(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("No."): rows["submission"],
            _("File"): rows["file_name"],
            _("State"): [codes.word(state, codes.SUBMISSION_STATES) for state in rows["state"]],
            _("Submitted"): [words.moment(moment) for moment in rows["submitted_at"]],
            _("Submitted by"): rows["submitted_by"],
            _("Values"): rows["values"],
            _("Values in force"): rows["values_held"],
        }
    )


def _findings(rows: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    names = {key: measure.name for key, measure in measures.items()}
    return pd.DataFrame(
        {
            _("Submission"): rows["submission"],
            _("Row"): rows["row"],
            _("Severity"): [_(findings.SEVERITIES[Severity(severity)]) for severity in rows["severity"]],
            _("Value"): rows["value"],
            _("What is wrong, and what to do"): [_said(row, names) for row in records(rows)],
        }
    )
