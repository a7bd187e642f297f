"""The Upload page's parts: templates and samples, the file, what was recognised in it, and handing it in."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from access import permissions
from access.identity import Identity
from access.language import _, format_number, ngettext
from access.permissions import Action
from analytics import catalogue
from data_model.engine import Session
from data_model.periods import Granularity, Period, last_complete
from data_model.registry import Initiative
from intake.choices import choices_version
from intake.staging import drafts, jobs
from intake.staging.drafts import Draft
from intake.staging.jobs import Kind
from intake.staging.outcome import Outcome, check_draft, submit_draft
from intake.template import template
from intake.unmatched import unmatched_schools
from seed.samples import sample_files
from ui import (
    acting,
    answering,
    choices_used,
    column_choices,
    filters,
    leading,
    mending,
    offline_checker,
    overrides,
    progress,
    school_choices,
    staging,
    words,
)
from ui.answers import ask_registry, records, version
from ui.asking import asking
from ui.database import reading
from ui.text import plain
from ui.upload_control import bring_file
from ui.words import Measure

PERIODS_OFFERED = 36
IN_FILE = "file"


def choose_initiative() -> Any | None:
    """Let choose among the initiatives this person may submit to; return the chosen one's row of the registry."""
    return leading.choose(leading.open_to(Action.SUBMIT), resets=("period", "draft"))


def choose_period(initiative: Any) -> Period | None:
    """Let choose which period the file is about; None where the file says so itself."""
    newest = last_shown(initiative)
    offered = [newest.shifted(-back).key for back in range(PERIODS_OFFERED)]
    options = {IN_FILE: _("as the file says")} | {key: words.period(Period.parse(key)) for key in offered}
    chosen = filters.choose("period", _("Period of the file"), options, IN_FILE)
    return None if chosen == IN_FILE else Period.parse(chosen)


def last_shown(initiative: Any) -> Period:
    """Return the newest period that can be reported: the one that runs now."""
    zones = {row.country: row.time_zone for row in records(ask_registry(catalogue.countries))}
    return last_complete(asking().at, zones[initiative.country], Granularity(initiative.granularity)).shifted(1)


def templates(initiative: Any, period: Period | None) -> None:
    """Offer templates made of the schools expected in the period, and sample files that work on a demonstration."""
    key, shown = initiative.initiative, period or last_shown(initiative).shifted(-1)
    st.write(
        _("A template lists the schools that take part in {period}, with a column for each metric.").format(
            period=words.period(shown)
        )
    )
    with st.container(horizontal=True):
        for file_format, label in (("csv", _("Template as CSV")), ("xlsx", _("Template as XLSX"))):
            st.download_button(
                label,
                _maker(key, shown, file_format),
                f"template-{key}-{shown.key}.{file_format}".replace("/", "-"),
                key=f"template-{file_format}",
                on_click="ignore",
                icon=":material/download:",
            )
    offline_checker.offer(key)
    samples = ask_registry(_samples, key, asking().at.date())
    if samples:
        st.write(_("Sample files to try, made for the demonstration's schools:"))
        with st.container(horizontal=True):
            for name, content in samples.items():
                st.download_button(
                    name, content, name, mime="text/csv", key=f"sample-{name}", on_click="ignore", type="tertiary",
                    icon=":material/science:",
                )  # fmt: skip


def draft(initiative: Any, period: Period | None) -> Draft | None:
    """Let bring a file, and return the draft that the address names, to be read as is chosen now."""
    wanted = filters.address("draft")
    found = staging.draft()
    if found is not None and found.initiative != initiative.initiative:
        found = None
    label = _("Progress file (CSV or XLSX)") if found is None else _("Another file instead")
    if wanted and found is None:
        st.warning(_("This file is no longer here. Bring it again, please."), icon=":material/history:")
    if found is not None:
        found = drafts.decide(found, replace(found.options, period=period))
        filters.show("draft", found.token)
        _named(found)
    bring_file(initiative.initiative, _received, label=label)
    return found


def checked(draft: Draft) -> Outcome | None:
    """Return what came of checking the draft, made again when what is held has changed since; None while it is made."""
    with reading() as session:
        remembered = choices_version(session, _initiative(session, asking().who, draft.initiative))
    state_of_things = repr((version(draft.initiative, False), asking().at.date(), remembered))
    key = draft.result_key(state_of_things)
    if not drafts.has_result(draft, key):
        if jobs.at_once(size=draft.weight):
            with st.spinner(_("Checking the file")), reading() as session:
                check_draft(session, draft, key, by=asking().who, at=asking().at)
        elif not _checked_by_worker(draft, key, state_of_things):
            return None
    return _outcome(draft.token, key, str(draft.path), draft)


def _checked_by_worker(draft: Draft, key: str, state_of_things: str) -> bool:
    """Whether the worker has checked the draft; until then show how far it is, or why it could not."""
    job = progress.ask(Kind.CHECK, draft.token, key=key, version=state_of_things)
    if job.open:
        progress.follow(job, _("Checking the file"))
        return False
    if progress.refused(job):
        return False
    if not drafts.has_result(draft, key):  # an older version of the code was at work: it is asked for again
        jobs.forget(job)
        st.rerun()
    return True


def recognised(draft: Draft, outcome: Outcome, measures: dict[str, Measure]) -> None:
    """Show how the file was read, and let decide otherwise: nothing is guessed silently."""
    st.subheader(_("What was recognised"), anchor=False)
    st.markdown(overrides.facts(outcome.recognised, draft))
    counts = {name: format_number(number) for name, number in outcome.rows.as_json().items()}
    st.write(_("Rows: {read} read, {blank} blank, {accepted} without errors, {rejected} with errors.").format(**counts))
    if draft.has_content:
        overrides.show(draft, outcome)
        column_choices.show(draft, outcome, measures)
        choices_used.show(outcome.choices, measures, draft.initiative)


def mend(draft: Draft, outcome: Outcome, measures: dict[str, Measure]) -> None:
    """Let choose schools that are not known and mend faulty rows, and show what was mended so far."""
    unknown = unmatched_schools(outcome.findings)
    if unknown:
        st.subheader(_("Schools that are not known"), anchor=False)
        text = ngettext(
            "{count} text names no school, or could be several. Choose one, and it is remembered for this initiative.",
            "{count} texts name no school, or could be several. Choose, and it is remembered for this initiative.",
            len(unknown),
        )
        st.write(text.format(count=format_number(len(unknown))))
        school_choices.choose(draft.initiative, unknown)
    mending.show(draft, outcome, measures)
    mending.mended_cells(draft.options.mended, draft.token)


def hand_in(draft: Draft, outcome: Outcome) -> None:
    """Let submit an acceptable file, with a note; say why not where it has errors."""
    st.subheader(_("Submit"), anchor=False)
    if not outcome.acceptable:
        st.error(
            _("This file cannot be submitted yet. Mend the errors, here or in the file: nothing of it was stored."),
            icon=":material/block:",
        )
        return
    st.write(_("Nothing changes yet: a reviewer decides."))
    st.text_area(_("Note for the reviewer"), key="note", max_chars=2000)
    st.button(
        _("Submit for review"),
        type="primary",
        icon=":material/send:",
        key="submit",
        on_click=_submit,
        args=(draft, outcome.key),
    )


def _submit(draft: Draft, key: str) -> None:
    """Submit the draft as its check under `key`, the one on screen, found it."""
    note, answers = st.session_state["note"], answering.number()
    if not jobs.at_once(size=draft.weight):
        progress.ask(Kind.SUBMIT, draft.token, key=key, note=note, answers=answers)
        return
    made: list[int | None] = []

    def submit(session: Session, who: Identity, at: datetime) -> str:
        submission = submit_draft(session, draft, key, by=who, note=note, answers=answers, at=at)
        made.append(submission.id)
        return _is_waiting(submission.id)

    if acting.act(submit):
        drafts.discard(draft)
        filters.go(submission=str(made[0]), draft=None, answers=None)


def submitting() -> bool:
    """Whether the file that the address names is being submitted; show how far. Its submission opens once it is."""
    token = filters.address("draft")
    job = progress.own_job(token, Kind.SUBMIT) if token else None
    if job is not None and job.open:
        progress.follow(job, _("Submitting the file"))
        return True
    answer = progress.answered(job)
    if answer is not None:
        acting.say(_is_waiting(answer["submission"]))
        for parameter in ("draft", "answers"):
            st.query_params.pop(parameter, None)
        st.query_params["submission"] = str(answer["submission"])
        st.rerun()
    return False


def _is_waiting(number: int | None) -> str:
    return _("Submission {number} is waiting for review.").format(number=number)


def _named(draft: Draft) -> None:
    """Show which file it is, and let discard it."""
    with st.container(horizontal=True, vertical_alignment="center", key="draft"):
        about = _("**{file}** ({size} bytes), brought {moment}")
        st.markdown(
            about.format(
                file=plain(draft.file_name), size=format_number(draft.size), moment=words.moment(draft.received_at)
            )
        )
        st.button(
            _("Discard this file"), type="tertiary", icon=":material/delete:", key="discard", on_click=_discard,
            args=(draft,),
        )  # fmt: skip


def _received(token: str | None) -> None:
    if token:
        filters.go(draft=token)


def _discard(draft: Draft) -> None:
    drafts.discard(draft)
    filters.go(draft=None)


def _maker(key: str, period: Period, file_format: Any) -> Any:
    now = asking()  # the button's thread, in which it is made, does not know who asks

    def make() -> bytes:
        with reading() as session:
            initiative = _initiative(session, now.who, key)
            return template(session, initiative, file_format=file_format, period=period, at=now.at)

    return make


def _samples(session: Session, key: str, _day: object) -> dict[str, bytes]:
    return sample_files(session, _initiative(session, asking().who, key), asking().at)


def _initiative(session: Session, who: Identity, key: str) -> Initiative:
    return next(one for one in permissions.visible_initiatives(session, who) if one.key == key)


@st.cache_resource(show_spinner=False, max_entries=4, scope="session")
def _outcome(token: str, key: str, folder: str, _draft: Draft) -> Outcome | None:
    found: Outcome | None = drafts.result(_draft, key)
    return found
