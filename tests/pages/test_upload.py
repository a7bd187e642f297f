"""Upload: recognised, found, counted, handed in; nothing is stored of a file with errors."""

import pytest
from sqlmodel import select

from data_model.submissions import Submission
from tests.pages.conftest import texts, with_session

HEADER = "school_code;period;teachers_total;teachers_active\n"
# One value as held, one changed, one school that was silent.
GOOD = HEADER + "001024;2026-10;10;5\n001025;2026-10;20;11\n100451;2026-10;60;7\n"
BAD = HEADER + "001024;2026-10;10;five\n999999;2026-10;20;11\n100451;2026-10;60;70\n"


def upload(app, text, name="october.csv"):
    app.file_uploader(key="file").upload(name, text.encode(), "text/csv").run()
    assert not app.exception, app.exception
    return app


def counts(app):
    return {metric.label: metric.value for metric in app.metric}


def submissions(engine):
    return with_session(engine, lambda session: session.exec(select(Submission).order_by(Submission.id)).all())


@pytest.mark.usefixtures("country")
def test_all_findings_are_shown_with_row_and_what_to_do(open_page, engine):
    before = len(submissions(engine))
    app = upload(open_page("upload", "manager"), BAD)
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
def test_the_preview_counts_exactly_and_says_whether_it_overwrites(open_page):
    app = upload(open_page("upload", "manager"), GOOD)
    assert counts(app) == {"New": "2", "Changed": "1", "Unchanged": "3", "Not applicable": "0", "Blank": "0"}
    assert "This file adds 2 values and overwrites 1 value; what is overwritten stays on record." in texts(app)
    changes = next(frame.value for frame in app.table if "Old" in frame.value.columns)
    assert changes.iloc[0].to_list() == ["001025", "Teachers active", "Oct 2026", "10", "11", "3"]


@pytest.mark.usefixtures("country")
def test_what_was_recognised_is_shown(open_page):
    said = texts(upload(open_page("upload", "manager"), GOOD))
    assert "Delimiter: **semicolon**" in said
    assert "Column names in row: **1**" in said
    assert "Rows: 3 read, 0 blank, 3 without errors, 0 with errors." in said


@pytest.mark.usefixtures("country")
def test_a_submission_waits_and_is_listed_with_its_note(open_page, engine):
    app = upload(open_page("upload", "manager"), GOOD)
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
def test_the_same_file_again_changes_nothing_and_says_so(open_page):
    same = HEADER + "001024;2026-10;10;5\n"
    said = texts(upload(open_page("upload", "manager"), same))
    assert "This file changes nothing: all it says is held already." in said


@pytest.mark.usefixtures("country")
def test_findings_are_filtered_by_kind(open_page):
    app = upload(open_page("upload", "manager"), BAD)
    app.selectbox(key="choice_kind").select("not_a_number").run()
    table = next(frame.value for frame in app.table if "Row" in frame.value.columns)
    assert table["Row"].to_list() == ["2"]


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(("role", "said"), [("", "Sign in to open this page."), ("analyst", "This page is for those")])
def test_the_page_is_closed_to_who_may_not_submit(open_page, role, said):
    app = open_page("upload", role)
    assert said in texts(app)
    assert not app.file_uploader
