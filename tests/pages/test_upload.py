"""Upload: recognised, found, counted, handed in; nothing is stored of a file with errors."""

import pytest
from sqlmodel import select

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import Submission
from intake.staging import drafts
from tests.factories import make_account, make_grant
from tests.pages.conftest import NOW, texts, with_session
from ui import staging

HEADER = "school_code;period;teachers_total;teachers_active\n"
# One value as held, one changed, one school that was silent.
GOOD = HEADER + "001024;2026-10;10;5\n001025;2026-10;20;11\n100451;2026-10;60;7\n"
BAD = HEADER + "001024;2026-10;10;five\n999999;2026-10;20;11\n100451;2026-10;60;70\n"


@pytest.fixture
def bring(engine, open_page):
    """Return a function that brings a file as the manager and opens the page that shows it."""

    def bring(text, name="october.csv", **address):
        with open_session(engine) as session:
            manager = identity_of_email(session, "manager@example.org")
        draft = drafts.create(
            staging.folder(), text.encode(), account_id=manager.account_id, initiative="kz-chatgpt-edu",
            file_name=name, at=NOW,
        )  # fmt: skip
        return open_page("upload", "manager", draft=draft.token, **address)

    return bring


def counts(app):
    return {metric.label: metric.value for metric in app.metric}


def submissions(engine):
    return with_session(engine, lambda session: session.exec(select(Submission).order_by(Submission.id)).all())


@pytest.mark.usefixtures("country")
def test_all_findings_are_shown_with_row_and_what_to_do(bring, engine):
    before = len(submissions(engine))
    app = bring(BAD)
    said = texts(app)
    assert "3 errors, 0 warnings." in said
    table = next(frame.value for frame in app.table if "Row" in frame.value.columns)
    assert table["Row"].to_list() == ["2", "3", "4"]
    assert "“five” is not a number" in table.iloc[0, -1]
    assert "Teachers active (70, row 4) cannot exceed Teachers total (60, row 4)" in table.iloc[2, -1]
    assert "This file cannot be submitted yet" in said
    assert "submit" not in [button.key for button in app.button]
    assert len(submissions(engine)) == before


@pytest.mark.usefixtures("country")
def test_the_preview_counts_exactly_and_says_whether_it_overwrites(bring):
    app = bring(GOOD)
    assert counts(app) == {"New": "2", "Changed": "1", "Unchanged": "3", "Not applicable": "0", "Blank": "0"}
    assert "This file adds 2 values and overwrites 1 value; what is overwritten stays on record." in texts(app)
    changes = next(frame.value for frame in app.table if "Old value" in frame.value.columns)
    assert changes.iloc[0].to_list() == ["001025", "Teachers active", "Oct 2026", "10", "11", "3"]


@pytest.mark.usefixtures("country")
def test_what_was_recognised_is_shown(bring):
    said = texts(bring(GOOD))
    assert "Delimiter: **semicolon**" in said
    assert "Column names in row: **1**" in said
    assert "Rows: 3 read, 0 blank, 3 without errors, 0 with errors." in said


@pytest.mark.usefixtures("country")
def test_a_submission_waits_and_is_listed_with_its_note(bring, open_page, engine):
    app = bring(GOOD)
    app.text_area(key="note").input("From the *district*").run()
    app.button(key="submit").click().run()
    stored = submissions(engine)[-1]
    assert (stored.state, stored.note, stored.file_name) == ("waiting", "From the *district*", "october.csv")
    assert f"Submission {stored.id} is waiting for review." in texts(app)
    assert app.query_params["submission"] == str(stored.id)
    assert r"From the \*district\*" in texts(app)
    app = open_page("upload", "manager")
    assert f"open-{stored.id}" in [button.key for button in app.button]


@pytest.mark.usefixtures("country")
def test_the_same_file_again_changes_nothing_and_says_so(bring):
    same = HEADER + "001024;2026-10;10;5\n"
    said = texts(bring(same))
    assert "This file changes nothing: all it says is held already." in said


@pytest.mark.usefixtures("country")
def test_a_file_without_a_faultless_row_is_not_said_to_be_held_already(bring):
    said = texts(bring(HEADER + "001024;2026-10;10;five\n"))
    assert "There is no value in this file that could be taken over." in said and "held already" not in said


@pytest.mark.usefixtures("country")
def test_findings_are_filtered_by_kind(bring):
    app = bring(BAD)
    app.selectbox(key="choice_kind").select("not_a_number").run()
    table = next(frame.value for frame in app.table if "Row" in frame.value.columns)
    assert table["Row"].to_list() == ["2"]


@pytest.mark.usefixtures("country")
def test_templates_and_an_offline_checker_can_be_taken_away(open_page):
    offered = [button.proto.label for button in open_page("upload", "manager").get("download_button")]
    assert {"Template as CSV", "Template as XLSX", "Offline checker"} <= set(offered)


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(("role", "said"), [("", "Sign in to open this page."), ("analyst", "This page is for those")])
def test_the_page_is_closed_to_who_may_not_submit(open_page, role, said):
    app = open_page("upload", role)
    assert said in texts(app)
    assert "bring-file" not in [element.key for element in app.get("bidi_component")]


@pytest.mark.usefixtures("country")
def test_a_file_is_still_there_after_a_reload_and_gone_when_discarded(bring, open_page):
    app = bring(GOOD)
    token = app.query_params["draft"]
    again = open_page("upload", "manager", draft=token)
    assert "**october.csv**" in texts(again) and counts(again)["New"] == "2"
    again.button(key="discard").click().run()
    assert "draft" not in again.query_params and "october.csv" not in texts(again)
    assert "This file is no longer here. Bring it again, please." in texts(open_page("upload", "manager", draft=token))


@pytest.mark.usefixtures("country")
def test_a_file_is_shown_to_nobody_else(bring, open_page, engine):
    token = bring(GOOD).query_params["draft"]
    with open_session(engine, write=True) as session:
        other = make_account(session, "other@example.org")
        make_grant(session, other, "manager")
        session.commit()
    said = texts(open_page("upload", "other", draft=token))
    assert "This file is no longer here." in said and "october.csv" not in said


@pytest.mark.usefixtures("country")
def test_choosing_the_period_reads_the_file_anew(bring):
    without = "school_code;teachers_total\n001024;10\n"
    app = bring(without)
    assert "1 error" in texts(app)
    app.selectbox(key="choice_period").select("2026-10").run()
    assert counts(app)["Unchanged"] == "1", "the draft is the same, its period another"


@pytest.mark.usefixtures("country")
def test_of_a_file_with_people_in_it_only_the_finding_is_left(bring, open_page):
    app = bring("name;e_mail\nAnna;anna@example.org\n")
    for shown in (app, open_page("upload", "manager", draft=app.query_params["draft"])):
        assert "1 error" in texts(shown)
        assert "e-mail addresses of people" in str([frame.value.to_dict() for frame in shown.table])
    assert not [path for path in staging.folder().rglob("*") if path.is_file() and b"anna" in path.read_bytes()]


@pytest.mark.usefixtures("country")
def test_a_submitted_file_is_a_draft_no_longer(bring):
    app = bring(GOOD)
    app.button(key="submit").click().run()
    assert "draft" not in app.query_params
    assert not [path for path in staging.folder().rglob("*") if path.is_file()]
