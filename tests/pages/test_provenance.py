"""Where does this come from: down to the row for those who may, and never for the public."""

import pytest

from tests.pages.conftest import go, texts


@pytest.mark.usefixtures("country")
def test_a_figure_opens_to_file_row_and_people(open_page):
    app = open_page("overview", "analyst", figure="teachers_active", period="2026-10")
    lines = next(frame.value for frame in app.dataframe if "School code" in frame.value.columns)
    assert len(lines) == 5
    first = lines.iloc[0]
    assert (first["School code"], first["Value"], first["Metric"]) == ("001024", 5, "Teachers active")
    assert (first["File"], first["Uploaded by"], first["Accepted by"]) == ("report.csv", "manager", "reviewer")
    assert first["Row"] == 4
    assert len(first["SHA-256"]) == 64
    assert "What Teachers active means." in texts(app)


@pytest.mark.usefixtures("country")
def test_a_card_opens_the_panel_and_the_address_says_so(open_page):
    app = open_page("overview", "analyst")
    go(app, figure="teacher_training")
    assert "In numbers: 75 ÷ 150" in texts(app)


@pytest.mark.usefixtures("country")
def test_one_schools_figure_opens_to_its_rows_alone(open_page):
    app = open_page("adoption", "analyst", area="KZ-75-01", school="001024", figure="teacher_activation")
    lines = next(frame.value for frame in app.dataframe if "School code" in frame.value.columns)
    assert set(lines["School code"]) == {"001024"}


@pytest.mark.usefixtures("released")
def test_the_public_sees_definition_base_release_and_sources_alone(open_page):
    app = open_page("overview", "", figure="teachers_active")
    said = texts(app)
    assert "What Teachers active means." in said
    assert "Release 1 of 2 Nov 2026" in said
    assert "A page" in said, "the source's title"
    everything = said + "".join(frame.value.to_string() for frame in app.dataframe)
    for secret in ("report.csv", "manager", "reviewer", "SHA-256", "School code"):
        assert secret not in everything


@pytest.mark.usefixtures("country")
def test_an_unknown_figure_in_the_address_opens_nothing(open_page):
    assert "**Definition**" not in texts(open_page("overview", "analyst", figure="no_such_figure"))
