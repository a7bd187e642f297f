"""An answer is kept as long as what it stands on: each kind of change makes it be asked again, nothing else does."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session

import ui.asking
from access import audit, language
from access.identity import identity_of_email
from data_model.editions import begin_edition
from data_model.engine import make_engine, open_session
from data_model.people import Grant
from data_model.registry import Initiative
from intake.undo import undo
from publishing.releases import release
from tests.factories import START, World, make_world
from tests.intake.stories import accepted
from ui import answers, database

KEY = "kz-chatgpt-edu"
SAID = {("001024", "teachers_active", "2026-10"): 3.0}


@pytest.fixture
def world(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, World]]:
    """A small country in the database of the app, and nobody who has asked anything yet."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    answers.forget()
    opened = make_engine(sqlite_url)
    with open_session(opened, write=True) as session:
        made = make_world(session)
        session.commit()
    yield opened, made
    language.use("en")
    opened.dispose()
    database.engine().dispose()


class Count:
    """A question that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, _session: Session, *_arguments: object) -> int:
        self.asked += 1
        return self.asked


def run(engine: Engine, email: str = "analyst@example.org") -> None:
    """Begin a run of the script, asked by this person."""
    with open_session(engine) as session:
        who = identity_of_email(session, email)
    ui.asking._asking.set(ui.asking.Asking(who, START))


def change(engine: Engine, what: Callable[[Session], object]) -> None:
    with open_session(engine, write=True) as session:
        what(session)
        session.commit()


def asked_again(engine: Engine, ask: Callable[[Count], object], what: Callable[[Session], object]) -> bool:
    """Return whether a question is asked of the database again after a change. Without one it must not be."""
    question = Count()
    for _run in range(2):
        run(engine)
        ask(question)
    assert question.asked == 1
    change(engine, what)
    run(engine)
    ask(question)
    return question.asked == 2


def live(question: Count) -> object:
    return answers.ask(question, "scope", initiative=KEY)


def public(question: Count) -> object:
    return answers.ask(question, "scope", initiative=KEY, released=True)


def registry(question: Count) -> object:
    return answers.ask_registry(question)


def test_an_acceptance_and_an_undo_renew_live_answers_and_no_others(world):
    engine, made = world
    numbers: list[int] = []

    def accept(session: Session) -> None:
        numbers.append(accepted(session, made, SAID, START + timedelta(hours=len(numbers))))

    def take_back(session: Session) -> None:
        who = identity_of_email(session, "reviewer@example.org")
        undo(session, numbers.pop(), by=who, reason="wrong", at=START + timedelta(days=1))

    assert asked_again(engine, live, accept)
    assert asked_again(engine, live, take_back)
    assert not asked_again(engine, public, accept)
    assert not asked_again(engine, registry, take_back)


def test_a_release_renews_what_the_public_sees(world):
    engine, made = world
    change(engine, lambda session: accepted(session, made, SAID, START))

    def let_out(session: Session) -> None:
        release(session, by=identity_of_email(session, "reviewer@example.org"), note="First", at=START)

    assert asked_again(engine, public, let_out)


@pytest.mark.parametrize("ask", [live, public, registry])
def test_an_edit_of_the_registry_renews_everything(world, ask):
    engine, _made = world
    assert asked_again(engine, ask, begin_edition)

    def edit(session: Session) -> None:
        session.execute(sa.update(Initiative).values(name="Another"))
        audit.record(session, at=START, who=None, action="changed", subject_type="initiative", subject_key=KEY)

    assert asked_again(engine, ask, edit)


@pytest.mark.parametrize("ask", [live, public, registry])
def test_who_signs_in_or_hands_in_a_file_renews_nothing(world, ask):
    engine, _made = world
    for subject in ("account", "submission"):

        def note(session: Session, subject: str = subject) -> None:
            audit.record(session, at=START, who=None, action="noted", subject_type=subject, subject_key="1")

        assert not asked_again(engine, ask, note)


def test_each_language_and_each_scope_has_answers_of_its_own(world):
    engine, _made = world
    run(engine)
    question = Count()
    assert answers.ask(question, "now", initiative=KEY) == 1
    assert answers.ask(question, "as of then", initiative=KEY) == 2
    language.use("ru")
    assert answers.ask(question, "now", initiative=KEY) == 3
    language.use("en")
    assert answers.ask(question, "now", initiative=KEY) == 1


def test_a_changed_grant_is_another_person(world):
    engine, _made = world
    question = Count()
    run(engine)
    before = answers.ask_registry(question, ui.asking.asking().who)
    change(engine, lambda session: session.execute(sa.update(Grant).values(revoked_at=START)))
    run(engine)
    assert answers.ask_registry(question, ui.asking.asking().who) != before


def test_rows_of_a_frame_are_made_once_and_go_with_it():
    frame = pd.DataFrame({"school": ["001024"]})
    assert answers.records(frame) is answers.records(frame)
    other = frame.assign(school=["020311"])
    assert [row.school for row in answers.records(other)] == ["020311"]
    gone = {id(frame), id(other)}
    del frame, other
    assert not gone & {number for number, _make in answers._made_of}
