"""The Upload page with a workspace's user export: who is counted, what is decided, and choices that are remembered."""

import pytest
from sqlmodel import col, select

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import SchoolChoice, Submission, SubmissionContent
from intake.staging import drafts
from intake.staging.waiting import EXPORTS
from intake.user_export.counting import count_users
from tests.intake.user_export.exports import export, user
from tests.pages.conftest import NOW, texts, with_session
from ui import staging

USERS = export(
    user(1), user(2, user_status="pending", is_active="false", messages=""), user(3, user_status="deleted"),
    user(4, groups="Lyceum <b>5</b>", email="a@x.org"), user(5, groups="Lyceum <b>5</b>", email="b@x.org"),
    user(6, groups="001024, 001025"),
)  # fmt: skip


@pytest.fixture
def bring(engine, open_page):
    """Return a function that brings an export as the manager and opens the page that shows it."""

    def bring(text):
        with open_session(engine) as session:
            manager = identity_of_email(session, "manager@example.org")
        counted = count_users(text.encode())
        assert counted is not None
        draft = drafts.create_counted(
            staging.folder(), counted, account_id=manager.account_id, initiative="kz-chatgpt-edu",
            file_name="users.csv", at=NOW,
        )  # fmt: skip
        return open_page("upload", "manager", draft=draft.token), draft

    return bring


def last(engine, query):
    return with_session(engine, lambda session: session.exec(query).first())


def numbers(app):
    return {metric.label: metric.value for metric in app.metric}


@pytest.mark.usefixtures("country")
def test_people_are_shown_in_numbers_and_a_choice_for_their_text_is_remembered(bring, engine):
    app, _draft = bring(USERS)
    shown = numbers(app)
    assert [shown[name] for name in ("Users read", "Enabled", "Pending", "Deleted, counted apart")] == [
        "6", "4", "1", "1",
    ]  # fmt: skip
    assert [shown[name] for name in ("With a school", "Of several schools", "Of no school")] == ["3", "1", "2"]
    assert "person1" not in texts(app) and "ekova" not in texts(app)
    assert "3 users are in no figure" in texts(app)
    chosen = next(box for box in app.selectbox if box.key == "users-for-lyceum <b>5</b>")
    app.text_input(key="users-search").set_value("001025").run()
    chosen = app.selectbox(key=chosen.key).set_value("001025").run()
    app = app.button(key="users-apply").click().run()
    assert numbers(app)["Of no school"] == "0" and numbers(app)["With a school"] == "5"
    remembered = with_session(engine, lambda session: session.exec(select(SchoolChoice.text)).all())
    assert remembered == ["Lyceum <b>5</b>"]
    app = app.button(key="submit").click().run()
    held = last(engine, select(SubmissionContent.original).order_by(col(SubmissionContent.submission_id).desc()))
    assert held.endswith(b"001024,2026-10,2,1,1,10\n001025,2026-10,2,2,2,20\n")
    assert "Of this file, 6 users were counted and nobody is kept" in texts(app)


@pytest.mark.usefixtures("country")
def test_of_whom_the_workspace_is_and_by_what_they_find_their_school_is_decided_on_the_page(bring, engine):
    app, _draft = bring(export(user(1, role="", groups="001025")))
    assert numbers(app)["Of several schools"] == "1"
    app = app.selectbox(key="export-by").set_value("groups").run()
    assert numbers(app)["With a school"] == "1" and "cannot be submitted yet" in texts(app)
    assert "submit" not in [button.key for button in app.button]
    app = app.selectbox(key="export-audience").set_value("teachers").run()
    app.button(key="submit").click().run()
    reading = last(engine, select(Submission.reading).order_by(col(Submission.id).desc()))
    assert reading["options"] == {"by": "groups", "audience": "teachers"}


@pytest.mark.usefixtures("country")
def test_after_a_restart_the_file_is_asked_for_again(bring, open_page):
    _app, draft = bring(USERS)
    EXPORTS.forget(draft.token)
    app = open_page("upload", "manager", draft=draft.token)
    assert "This file is no longer here. Bring it again, please." in texts(app)
    assert not draft.path.exists()
