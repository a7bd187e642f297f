"""Runs of the rows of `publishing/`. What a brief says is worked out once and not set: neither asks who it is for."""

from datetime import datetime
from unittest.mock import patch

from sqlmodel import Session

from publishing import releases
from publishing.brief import make
from publishing.brief.contents import Contents, Question, contents
from publishing.preview import preview
from tests.access.matrix.world import REGION, Case, runs

_SAID: dict[Question, Contents] = {}


def said_once(session: Session, asked: Question, at: datetime) -> Contents:
    """Return what the brief says."""
    if asked not in _SAID:
        _SAID[asked] = contents(session, asked, at)
    return _SAID[asked]


def question(case: Case, *, released: bool) -> Question:
    """Return the question a brief answers."""
    return Question(case.initiative.key, REGION, released=released)


@runs("publishing.brief.make.make (live)")
def make_a_live_brief(case: Case) -> None:
    _make(case, released=False)


@runs("publishing.brief.make.make (released)")
def make_a_public_brief(case: Case) -> None:
    _make(case, released=True)


def _make(case: Case, *, released: bool) -> None:
    with patch.object(make, "contents", said_once), patch.object(make, "as_pdf", return_value=b"%PDF"):
        assert make.make(case.session, question(case, released=released), case.at, case.who)


@runs("publishing.brief.make.require_figures")
def ask_for_figures(case: Case) -> None:
    make.require_figures(case.session, case.who, question(case, released=False))


@runs("publishing.preview.preview")
def look_ahead(case: Case) -> None:
    assert preview(case.session, by=case.who, at=case.at).counts.figures


@runs("publishing.releases.releasable")
def what_it_would_hold(case: Case) -> None:
    found = releases.releasable(case.session, case.who)
    assert [initiative.key for initiative in found] == [case.initiative.key]


@runs("publishing.releases.release")
def release(case: Case) -> None:
    assert releases.release(case.session, by=case.who, note="Second", at=case.at).id == 2


@runs("publishing.releases.withdraw")
def take_it_back(case: Case) -> None:
    taken = releases.withdraw(case.session, 1, by=case.who, reason="It held a wrong file.", at=case.at)
    assert taken.withdrawn_at == case.at
