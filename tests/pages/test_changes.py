"""What changed: words first, parts that add up, the reports behind it for staff, and releases for everyone else."""

from datetime import timedelta

import pytest

from access.identity import identity_of_email
from data_model.engine import open_session
from publishing.releases import release
from tests.factories import START
from tests.intake.stories import accepted
from tests.pages.conftest import go, pressed, reports, texts, ways


def moved(app):
    """Return the lines on what moved by the measure that each opens."""
    keys = [change["measure"] for change in ways(app) if set(change) == {"measure"}]
    return dict(zip(keys, pressed(app, "uptake-lines"), strict=False))


@pytest.mark.usefixtures("country")
def test_what_moved_most_since_the_month_before_is_said_in_words(open_page):
    app = open_page("changes", "analyst")
    lines = moved(app)
    assert next(iter(lines)) in ("teacher_activation", "teacher_training", "licence_activation"), "rates come first"
    assert lines["teacher_activation"] == "Teacher activation: 20.0% to 50.0% (+30.0 points) · 5 schools"
    assert lines["teachers_active"] == "Teachers active: 30 to 75 (+45) · 5 schools"
    assert "October 2026 against September 2026" in texts(app)


@pytest.mark.usefixtures("country")
def test_the_parts_of_the_areas_add_up_to_the_change(open_page):
    app = open_page("changes", "analyst", measure="teachers_active", movers_as="table")
    rows = next(frame.value for frame in app.dataframe if "Part of the change" in frame.value.columns)
    assert dict(zip(rows["Area"], rows["Part of the change"], strict=True)) == {"KZ-10": 27, "KZ-75": 18}


@pytest.mark.usefixtures("country")
def test_a_line_opens_its_parts(open_page):
    app = open_page("changes", "analyst")
    go(app, measure="teachers_active")
    assert "Where the change of Teachers active came from: Kazakhstan" in texts(app)


@pytest.mark.usefixtures("country")
def test_staff_see_the_reports_behind_it_and_a_reviewer_opens_them(open_page):
    rows = next(frame.value for frame in open_page("changes", "analyst").dataframe if "File" in frame.value.columns)
    assert rows["No."].to_list() == [3] and rows["Event"].to_list() == ["accepted"]
    lines = pressed(open_page("changes", "reviewer"), "uptake-lines")
    assert any(line.startswith("No. 3: report.csv · accepted") for line in lines)


def test_since_a_chosen_moment_only_what_came_later_counts(open_page, country, engine):
    with open_session(engine, write=True) as session:
        later = {cell: value for cell, value in reports(country, "2026-10").items() if cell[0] == "001024"}
        later["001024", "teachers_active", "2026-10"] = 9
        accepted(session, country, later, START + timedelta(hours=12))
        session.commit()
    app = open_page("changes", "analyst", since="moment", then="2026-11-02T19:00:00Z", measure="teachers_active")
    assert moved(app)["teachers_active"] == "Teachers active: 75 to 79 (+4) · 5 schools"
    rows = next(frame.value for frame in app.dataframe if "File" in frame.value.columns)
    assert rows["No."].to_list() == [4]


@pytest.mark.usefixtures("country")
def test_without_a_release_there_is_nothing_to_compare_with_one(open_page):
    assert "There is no release to compare with yet." in texts(open_page("changes", "analyst", since="release"))


def test_a_visitor_sees_what_changed_between_releases_and_no_reports(open_page, released, engine):
    app = open_page("changes", since="release")
    assert "There is no release to compare with yet." in texts(app)
    with open_session(engine, write=True) as session:
        more = {cell: value for cell, value in reports(released, "2026-10").items() if cell[0] == "001024"}
        more["001024", "teachers_active", "2026-10"] = 9
        accepted(session, released, more, START + timedelta(hours=12))
        release(session, by=identity_of_email(session, "reviewer@example.org"), note="Second",
                at=START + timedelta(hours=13))  # fmt: skip
        session.commit()
    app = open_page("changes", since="release")
    assert moved(app)["teachers_active"].startswith("Teachers active: 75 to 79 (+4)")
    assert "The reports behind it" not in texts(app)
    assert not [frame for frame in app.dataframe if "File" in frame.value.columns]
