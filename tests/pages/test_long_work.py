"""Large files on the pages: followed with a bar, taken up again by a reload, answered in words to who asked."""

import pytest

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import Submission
from intake.staging import drafts, jobs, worker
from tests.intake.stories import accept_now, submitted
from tests.pages.conftest import NOW, START, texts, with_session
from tests.pages.test_review import NEW
from ui import staging

FILE = "school_code;period;teachers_total;teachers_active\n001024;2026-10;10;5\n100451;2026-10;60;7\n"

pytestmark = pytest.mark.usefixtures("everything_is_large", "country")


@pytest.fixture
def everything_is_large(monkeypatch):
    """Nothing is done at once, and no process is started: `work` does what there is to do."""
    monkeypatch.setattr(jobs, "at_once", lambda **_of: False)
    monkeypatch.setattr(jobs, "ensure_running", lambda _folder: None)
    monkeypatch.setattr(worker, "now", lambda: NOW)


@pytest.fixture
def work(engine):
    return lambda: worker.work_until_idle(engine, staging.folder(), 0)


@pytest.fixture
def draft(engine, country):
    with open_session(engine) as session:
        manager = identity_of_email(session, "manager@example.org")
    return drafts.create(
        staging.folder(), FILE.encode(), account_id=manager.account_id, initiative="kz-chatgpt-edu",
        file_name="october.csv", at=NOW,
    )  # fmt: skip


@pytest.fixture
def waiting(engine, country):
    with open_session(engine, write=True) as session:
        number = submitted(session, country, NEW, START).id
        session.commit()
    return number


def bars(app):
    return [element.proto.text for element in app.get("progress")]


def state(engine, number):
    return with_session(engine, lambda session: session.get(Submission, number).state)


def test_a_large_file_is_followed_from_check_to_submission(open_page, engine, draft, work):
    app = open_page("upload", "manager", draft=draft.token)
    assert bars(app) == ["Checking the file: Waiting for its turn"]
    assert "You can close this page" in texts(app) and "What was recognised" not in texts(app)
    again = open_page("upload", "manager", draft=draft.token)  # a reload, or another tab
    assert len(jobs.every(staging.folder())) == 1
    work()
    again.run()
    assert not bars(again) and "This file adds 2 values" in texts(again)
    again.text_area(key="note").input("large").run()
    again.button(key="submit").click().run()
    assert bars(again) == ["Submitting the file: Waiting for its turn"]
    work()
    again.run()
    number = int(again.query_params["submission"])
    assert f"Submission {number} is waiting for review." in texts(again) and "draft" not in again.query_params
    assert state(engine, number) == "waiting" and not list((staging.folder() / "drafts").iterdir())


def test_how_far_it_is_is_said(open_page, draft):
    open_page("upload", "manager", draft=draft.token)
    (job,) = jobs.every(staging.folder())
    jobs.note(job, jobs.State.RUNNING, attempts=1, begun_at=NOW)
    jobs.tell(job, "Checking every value", 0.45)
    assert bars(open_page("upload", "manager", draft=draft.token)) == ["Checking the file: Checking every value"]


def test_a_check_that_failed_says_so_and_the_file_can_be_discarded(open_page, draft, monkeypatch, work):
    app = open_page("upload", "manager", draft=draft.token)
    monkeypatch.setattr(worker, "check_draft", lambda *_words, **_given: 1 / 0)
    work()
    app.run()
    assert "Something went wrong, and nothing was changed." in texts(app)
    app.button(key="discard").click().run()
    assert "draft" not in app.query_params


def test_a_large_submission_is_accepted_and_undone(open_page, engine, waiting, work):
    app = open_page("review", "reviewer", submission=str(waiting))
    assert bars(app) == ["Working out what it would change: Waiting for its turn"]
    work()
    app.run()
    assert "This file adds 1 value and overwrites 1 value" in texts(app)
    app.button(key="accept").click().run()
    assert bars(app) == ["Accepting the submission: Waiting for its turn"]
    assert bars(open_page("upload", "manager", submission=str(waiting))) == bars(app), "whoever looks sees it"
    work()
    app = open_page("review", "reviewer", submission=str(waiting))
    assert f"Submission {waiting} is accepted. Its values count from now on." in texts(app)
    assert f"Submission {waiting} is accepted." not in texts(app.run()), "it is said once"
    app.text_area(key=f"reason-{waiting}").input("wrong month").run()
    app.button(key="undo").click().run()
    work()
    assert "2 values were reversed." in texts(app.run())
    assert state(engine, waiting) == "undone"


def test_a_preview_that_no_longer_fits_is_refused_and_made_again(open_page, engine, country, waiting, work):
    app = open_page("review", "reviewer", submission=str(waiting))
    work()
    app.run()
    with open_session(engine, write=True) as session:
        other = submitted(session, country, {("001024", "teachers_active", "2026-10"): 6.0}, NOW)
        accept_now(session, country, other.id, NOW)
        session.commit()
    app.button(key="accept").click().run()
    work()
    app.run()
    assert "What is stored has changed since this preview was made" in texts(app)
    assert bars(app) == ["Working out what it would change: Waiting for its turn"]
    assert state(engine, waiting) == "waiting"
    work()
    app.run()
    app.button(key="accept").click().run()
    work()
    assert "is accepted" in texts(app.run()) and state(engine, waiting) == "accepted"
