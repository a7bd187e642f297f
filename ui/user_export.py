"""A user export on the Upload page: its people in numbers, how they find their school, and who found none."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from access.language import N_, _, format_number, ngettext
from intake.finding_list import FindingList
from intake.layout import USER_EXPORT
from intake.reading import Reading
from intake.staging.drafts import Draft
from intake.staging.outcome import Outcome
from intake.unmatched import Unmatched
from intake.user_export.cells import Audience
from intake.user_export.columns import Way
from ui import choices_used, draft_options, school_choices
from ui.text import plain
from ui.words import Measure

UNDECIDED = ""
WAYS = {
    Way.GROUPS: N_("their groups"),
    Way.DEPARTMENT: N_("their department"),
    Way.DOMAIN: N_("the domain of their e-mail"),
}
AUDIENCES = {Audience.TEACHERS: N_("teachers"), Audience.STUDENTS: N_("students")}
ROLES = {
    "cadence": N_("How often it is exported"),
    "period_start": N_("First day"),
    "period_end": N_("Last day"),
    "public_id": N_("Whether a user stands twice (not kept)"),
    "email": N_("Domain of the e-mail (the rest is not kept)"),
    "role": N_("Teacher or student"),
    "department": N_("Department"),
    "groups": N_("Groups"),
    "user_status": N_("Pending, enabled or deleted"),
    "is_active": N_("Active in the period"),
    "messages": N_("Messages sent"),
}
# Findings about texts for which a school can be chosen, and under which detail of theirs the nearest ones stand.
WITHOUT_SCHOOL = {"unmapped_users": "suggestions", "users_of_several_schools": "schools"}


def show(draft: Draft, outcome: Outcome, measures: dict[str, Measure]) -> None:
    """Show how many people the export counts, and let decide how they are counted; nothing for any other file."""
    if outcome.recognised.layout != USER_EXPORT:
        return
    _people(outcome.recognised)
    by, audience = st.columns(2)
    with by:
        _choose(draft, "by", _("Users find their school by"), {way.value: _(name) for way, name in WAYS.items()},
                _("all that is said of them, where it agrees"))  # fmt: skip
    with audience:
        _choose(draft, "audience", _("The workspace is of"), {who.value: _(name) for who, name in AUDIENCES.items()},
                _("as the column “role” says"))  # fmt: skip
    _columns(outcome.recognised)
    choices_used.show(outcome.choices, measures, draft.initiative)


def schools(outcome: Outcome, initiative: str) -> None:
    """Let choose a school for each text whose users have none; what is chosen is remembered for the initiative."""
    texts = without_school(outcome.findings)
    if not texts:
        return
    st.subheader(_("Users without a school"), anchor=False)
    users = sum(one.rows for one in texts)
    text = ngettext(
        "{count} user is in no figure. Choose the school a text stands for, and leave those that stand for none.",
        "{count} users are in no figure. Choose the school a text stands for, and leave those that stand for none.",
        users,
    )
    st.write(text.format(count=format_number(users)))
    school_choices.choose(initiative, texts, key="users", counted=_in_users)


def without_school(findings: FindingList) -> Sequence[Unmatched]:
    """Return the texts whose users have no school, or several, those of most users first."""
    found: dict[str, Unmatched] = {}
    for finding in findings.of_file:
        if finding.code in WITHOUT_SCHOOL:
            near = finding.details.get(WITHOUT_SCHOOL[finding.code]) or ()
            codes = tuple(str(school).partition(" (")[0] for school in near)
            known = found.get(finding.value)
            users = int(finding.details["count"]) + (known.rows if known else 0)
            found[finding.value] = Unmatched(finding.value, users, known.nearest if known else codes)
    return sorted(found.values(), key=lambda one: (-one.rows, one.text))


def _people(read: Reading) -> None:
    users = read.kept["users"]
    st.write(_("Its people were counted while it arrived. No name and no address of it is kept."))
    shown = {
        _("Users read"): read.kept["original"]["rows"],
        _("Enabled"): users["enabled"],
        _("Pending"): users["pending"],
        _("Deleted, counted apart"): users["deleted"],
        _("With a school"): users["with_school"],
        _("Of several schools"): users["several_schools"],
        _("Of no school"): users["no_school"],
    }
    with st.container(horizontal=True, key="people", gap="large"):
        for label, number in shown.items():
            st.metric(label, format_number(number), width="content")


def _choose(draft: Draft, option: str, label: str, words: dict[str, str], undecided: str) -> None:
    key = f"export-{option}"
    st.session_state[key] = getattr(draft.options, option) or UNDECIDED
    shown = {UNDECIDED: undecided, **words}
    st.selectbox(
        label, list(shown), format_func=lambda value: shown.get(value, value), key=key, on_change=_decide,
        args=(draft.token, option),
    )  # fmt: skip


def _decide(token: str, option: str) -> None:
    draft_options.decide(token, **{option: st.session_state[f"export-{option}"] or None})


def _columns(read: Reading) -> None:
    """Show what the columns were read as, and which are not needed."""
    with st.expander(_("Columns"), icon=":material/view_column:"):
        rows = [
            {_("Column"): plain(column.name), _("Read as"): _(ROLES[str(column.role)])} for column in read.columns
        ]  # fmt: skip
        st.table(pd.DataFrame(rows), hide_index=True, border="horizontal")
        if read.ignored_columns:
            names = ", ".join(map(plain, read.ignored_columns))
            st.caption(_("Not read: {columns}").format(columns=names))


def _in_users(count: int) -> str:
    return ngettext("{count} user", "{count} users", count).format(count=format_number(count))
