"""The periods on screen: what has come, and after the due day what has not."""

import pytest

from tests.pages.conftest import texts


@pytest.mark.usefixtures("country")
def test_a_period_past_its_due_day_names_the_schools_still_missing_and_not_its_days(open_page):
    app = open_page("periods", "reviewer")
    newest_past_due = next(row for row in app.table[0].value.to_dict("records") if row["Period"] == "September 2026")
    assert newest_past_due["Reported"] == "83.3% (5 of 6 schools), 1 school still missing"
    assert "days late" not in texts(app) and newest_past_due["Due"] == "10 Oct 2026"
