"""Adoption: any measure of any place, down to one school and back, and what may not be seen."""

import pytest

from tests.pages.conftest import go, pressed, texts


def schools_listed(app):
    return next(frame.value for frame in app.dataframe if "School" in frame.value.columns)


@pytest.mark.usefixtures("country")
def test_a_region_lists_its_schools_with_value_or_why_there_is_none(open_page):
    app = open_page("adoption", "analyst", area="KZ-10", measure="licences_activated")
    rows = schools_listed(app).set_index("Code")
    assert rows.loc["020311", "Licences activated"] == 20
    assert rows.loc["100450", "State"] == "Not applicable"
    assert rows.loc["100451", "State"] == "Not reported"
    assert rows["Licences activated"].isna().sum() == 2


@pytest.mark.usefixtures("country")
def test_the_country_does_not_list_every_school(open_page):
    assert not [frame for frame in open_page("adoption", "analyst").dataframe if "School" in frame.value.columns]


@pytest.mark.usefixtures("country")
def test_the_trail_leads_back_from_a_school(open_page):
    app = open_page("adoption", "analyst", area="KZ-75-01", school="001024")
    assert "Licences allocated over time: School 001024" in texts(app)
    assert pressed(app, "uptake-trail") == ["Kazakhstan", "› KZ-75", "› KZ-75-01", "› 001024"]
    go(app, area="KZ-75", school=None)
    assert app.query_params["area"] == "KZ-75"
    assert "school" not in app.query_params


@pytest.mark.usefixtures("country")
def test_a_school_that_is_not_here_is_said(open_page):
    app = open_page("adoption", "analyst", area="KZ-75-01", school="no_such_*school*")
    assert "There is no school no" in texts(app)


@pytest.mark.usefixtures("country")
def test_the_range_of_periods_is_kept(open_page):
    app = open_page("adoption", "analyst", **{"from": "2026-09", "trend_as": "table", "measure": "teachers_active"})
    trend = next(frame.value for frame in app.dataframe if "Period" in frame.value.columns)
    assert trend["Period"].to_list() == ["2026-09", "2026-10"]
    assert trend["Teachers active"].to_list() == [30, 75]


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("address", [{"area": "KZ-75"}, {"area": "KZ-75-01"}, {"area": "KZ-75", "school": "001024"}])
def test_a_visitor_never_reaches_a_school_or_district(open_page, address):
    app = open_page("adoption", "", measure="teachers_active", **address)
    assert not [frame for frame in app.dataframe if "School" in frame.value.columns]
    assert "School 001024" not in texts(app)
    assert "Figures as released" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_manager_takes_values_back_and_a_reviewer_sees_what(open_page, engine):
    app = open_page("adoption", "manager", area="KZ-75-01", school="001024", period="2026-10")
    assert "Teachers active: **5** (submission 3)" in [box.label for box in app.checkbox]
    assert app.button(key="withdraw").disabled
    app.checkbox(key="withdraw-2026-10-teachers_active").check().run()
    app.button(key="withdraw").click().run()
    assert "Say why" in texts(app)
    app.text_area(key="withdraw-reason").input("typed wrongly").run()
    app.button(key="withdraw").click().run()
    assert "Submission 4 is waiting for review." in texts(app)
    assert not app.checkbox(key="withdraw-2026-10-teachers_active").value
    review = open_page("review", "reviewer", submission="4")
    assert "This takes 1 value back: it is then not reported." in texts(review)
    change = next(frame.value for frame in review.table if "Old value" in frame.value.columns).iloc[0].to_list()
    assert change == ["001024", "Teachers active", "Oct 2026", "5", "taken back: not reported", "2"]
    review.button(key="accept").click().run()
    assert "Submission 4 is accepted." in texts(review)
    app = open_page("adoption", "manager", area="KZ-75-01", school="001024", period="2026-10")
    assert "withdraw-2026-10-teachers_active" not in [box.key for box in app.checkbox]
    review = open_page("review", "reviewer", submission="4")
    review.text_area(key="reason-4").input("it was right").run()
    review.button(key="undo").click().run()
    assert "1 value was reversed." in texts(review)
    app = open_page("adoption", "manager", area="KZ-75-01", school="001024", period="2026-10")
    assert "Teachers active: **5** (submission 3)" in [box.label for box in app.checkbox]


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_who_may_not_submit_is_offered_no_withdrawal(open_page, role):
    app = open_page("adoption", role, area="KZ-75-01", school="001024")
    assert "Take values back" not in [one.label for one in app.expander]


@pytest.mark.usefixtures("country")
def test_a_longer_view_says_how_months_are_taken_and_counts_reports(open_page):
    address = {"course": "quarter", "trend_as": "table"}
    app = open_page("adoption", "analyst", measure="messages_sent", **address)
    third = next(frame.value for frame in app.dataframe if "Months in it" in frame.value.columns).set_index("Period")
    assert third.loc["2026-Q3", "Messages sent"] == 10 * (12 + 30)
    assert third.loc["2026-Q3", "Reports"] == 10
    app = open_page("adoption", "analyst", measure="teachers_active", course="quarter")
    assert "never added up" in texts(app)
    assert "Q4 2026 (1 of 3)" in texts(app)


@pytest.mark.usefixtures("country")
def test_nothing_is_forecast_from_three_months_and_the_page_says_so(open_page):
    app = open_page("adoption", "analyst", measure="teachers_active", course="forecast", forecast_as="table")
    assert "No forecast: too few months with a value. Eight are needed." in texts(app)
    rows = next(frame.value for frame in app.dataframe if "Kind" in frame.value.columns)
    assert set(rows["Kind"]) == {"Measured"}


@pytest.mark.usefixtures("country")
def test_any_two_measures_are_held_against_each_other(open_page):
    address = {"measure": "teacher_training", "show": "two", "with": "messages_sent", "against_as": "table"}
    app = open_page("adoption", "analyst", **address)
    rows = next(frame.value for frame in app.dataframe if "Area" in frame.value.columns).set_index("Area")
    assert rows.loc["KZ-75", ["Teacher training, %", "Messages sent"]].to_list() == [50, 300]
