"""A school in full: who it is, its gaps, what is open about it, who is like it; and that no other person sees it."""

from datetime import date

import pytest
from sqlmodel import col, select

import ui.asking
from data_model.engine import open_session
from data_model.places import Area, School, SchoolRecord
from tests.factories import START, make_account, make_grant
from tests.pages.conftest import texts, with_session


def table(app, heading):
    return next(frame.value for frame in app.dataframe if heading in frame.value.columns)


@pytest.mark.usefixtures("country")
def test_a_school_shows_every_measure_and_the_schools_like_it(open_page):
    app = open_page("adoption", "analyst", area="KZ-75", school="001024", series_as="table", peers_as="table")
    series = table(app, "Measure").set_index(["Measure", "Period"])
    assert series.loc[("Teachers active", "2026-10"), "Value"] == 5
    assert series.loc[("Teacher activation", "2026-10"), "Value"] == 50
    assert "001024" in texts(app)
    assert table(app, "Rank")["School"].str.contains("001024").any()
    assert table(app, "Values in force")["State"].to_list() == ["Accepted"] * 3


@pytest.mark.usefixtures("country")
def test_what_was_due_and_did_not_come_is_an_open_question(open_page, monkeypatch):
    monkeypatch.setattr(ui.asking, "clock", lambda: START.replace(month=12, day=31))
    said = texts(open_page("adoption", "analyst", area="KZ-10", school="100451", measure="teachers_active"))
    assert "**Nothing reported** though it was due: October 2026, September 2026, August 2026" in said
    assert "Nothing was reported here yet." in said
    assert "No accepted file has spoken for this school." in said


def test_a_school_that_closed_can_still_be_read(open_page, country, engine):
    with open_session(engine, write=True) as session:
        record = session.exec(
            select(SchoolRecord).join(School, col(School.id) == SchoolRecord.school_id).where(School.code == "001024")
        ).one()
        record.closed_on = date(2026, 9, 15)
        session.add(record)
        session.commit()
    said = texts(open_page("adoption", "analyst", area="KZ-75", school="001024"))
    assert "Closed: **15 Sep 2026**" in said
    assert "It was not expected to report in October 2026." in said


@pytest.mark.usefixtures("country")
def test_a_school_of_elsewhere_is_not_shown_under_the_wrong_place(open_page):
    app = open_page("adoption", "analyst", area="KZ-75", school="100451")
    assert "School 100451 lies elsewhere" in texts(app)
    next(button for button in app.button if button.label == "Go there").click().run()
    assert app.query_params["school"] == "100451" and app.query_params["area"].startswith("KZ-10")


@pytest.mark.usefixtures("released")
def test_who_may_read_one_region_reads_no_school_of_another(open_page, engine):
    area = with_session(engine, lambda session: session.exec(select(Area.id).where(Area.code == "KZ-75")).one())
    with open_session(engine, write=True) as session:
        make_grant(session, make_account(session, "regional@example.org"), "analyst", area_id=area)
        session.commit()
    for place in ("KZ-75", "KZ-10", "KZ"):
        said = texts(open_page("adoption", "regional", area=place, school="100451"))
        assert "Open questions" not in said and "School 100451 lies" not in said
