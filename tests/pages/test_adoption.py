"""Adoption: any measure of any place, down to one school and back, and what may not be seen."""

import pytest

from tests.pages.conftest import texts


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
    trail = [button.label for button in app.button if button.key and button.key.startswith("trail-")]
    assert trail == ["Kazakhstan", "› KZ-75", "› KZ-75-01", "› 001024"]
    app.button(key="trail-KZ-75").click().run()
    assert app.query_params["area"] == "KZ-75"
    assert "school" not in app.query_params


@pytest.mark.usefixtures("country")
def test_a_school_that_is_not_here_is_said(open_page):
    app = open_page("adoption", "analyst", area="KZ-75-01", school="no_such_*school*")
    assert "was not expected here" in texts(app)


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
