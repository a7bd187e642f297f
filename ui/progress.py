"""Long work on screen: asked for as a job, followed with a bar that outlives the page, and answered in words."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from access.language import N_, _, current
from intake.staging import jobs
from intake.staging.jobs import Job, Kind, State
from ui import asking, staging

WAITING = N_("Waiting for its turn")


def ask(kind: Kind, subject: str, **said: Any) -> Job:
    """Ask for a job as whoever is on the page, or find the one that was asked for already; return it."""
    now = asking.begin()
    assert now.who.account_id is not None
    job = jobs.ask(
        staging.folder(), kind, subject, said, account_id=now.who.account_id, language=current(), at=now.at
    )  # fmt: skip
    jobs.ensure_running(staging.folder())
    return job


def own_job(subject: str, *kinds: Kind) -> Job | None:
    """Return the job about a draft or submission that whoever asks has asked for, the last one if there are several."""
    account_id = asking.asking().who.account_id
    own = [job for job in jobs.about(staging.folder(), subject) if job.account_id == account_id and job.kind in kinds]
    return own[-1] if own else None


def follow(job: Job, doing: str) -> None:
    """Show how far a job has come, and run the page again when it has ended. `doing` names the work."""
    _bar(job.key, doing)
    st.caption(_("You can close this page: the work goes on, and you find its result here."))


def refused(job: Job) -> bool:
    """Return whether a job was refused, and say so in words."""
    if job.state is not State.FAILED:
        return False
    st.error(job.answer["message"], icon=":material/block:")
    return True


def answered(job: Job | None) -> Mapping[str, Any] | None:
    """Return what came of a job that has ended, once; a refusal is said in words, and nothing is returned."""
    if job is None or job.open:
        return None
    jobs.forget(job)
    return None if refused(job) else job.answer


@st.fragment(run_every=1.0)
def _bar(key: str, doing: str) -> None:
    asking.begin()
    jobs.ensure_running(staging.folder())
    job = jobs.find(staging.folder(), key)
    if job is None or not job.open:
        st.rerun()
    stage, share = jobs.progress(job)
    st.progress(share, text=f"{doing}: {_(stage or WAITING)}")
