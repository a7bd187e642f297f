"""Tables taken along: the run that the address asks for a file hands it out, and the address forgets the wish."""

import io
import json
import zipfile
from base64 import b64decode

import pytest

from tests.pages.conftest import go, html
from ui.ways import button, link, switch

ADDRESS = {"measure": "teachers_active", "area": "KZ"}


def handed(app):
    """Return the files that a run handed out: name and content."""
    parts = (json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.id.endswith("-hand"))
    return {part["name"]: b64decode(part["content"]) for part in parts}


@pytest.mark.usefixtures("country")
def test_a_table_is_handed_out_once_with_what_it_says_of_itself(open_page):
    app = open_page("adoption", "analyst", take="csv-trend", **ADDRESS)
    ((name, content),) = handed(app).items()
    text = content.decode("utf-8-sig")
    assert name.endswith(".csv") and "# Definition: What Teachers active means." in text
    assert "take=" not in text, "the address in it restores exactly this view"
    assert text.rstrip().splitlines()[-1].startswith("2026-10,2026-10-01,")
    assert "take" not in app.query_params
    assert not handed(app.run())


@pytest.mark.usefixtures("country")
def test_the_archive_has_a_readme_beside_the_table(open_page):
    ((name, content),) = handed(open_page("adoption", "analyst", take="zip-areas", **ADDRESS)).items()
    packed = zipfile.ZipFile(io.BytesIO(content))
    assert name.endswith(".zip") and {part.rpartition(".")[2] for part in packed.namelist()} == {"csv", "md"}


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("wish", ["csv-nothing", "exe-trend", "../etc/passwd"])
def test_what_is_not_there_is_not_handed_out(open_page, wish):
    app = open_page("adoption", "analyst", take=wish, **ADDRESS)
    assert not handed(app) and "take" not in app.query_params


@pytest.mark.usefixtures("released")
def test_a_visitor_takes_what_was_released_alone(open_page):
    ((_name, content),) = handed(open_page("adoption", take="csv-trend", **ADDRESS)).items()
    assert "# Source: Release 1" in content.decode("utf-8-sig")


@pytest.mark.usefixtures("country")
def test_a_chart_becomes_its_table_and_back(open_page):
    app = open_page("adoption", "analyst", **ADDRESS)
    charts = len(app.get("plotly_chart"))
    go(app, trend_as="table")
    assert len(app.get("plotly_chart")) == charts - 1 and 'data-chart="chart-trend' not in html(app)
    go(app, trend_as="chart")
    assert len(app.get("plotly_chart")) == charts


def test_what_people_wrote_is_text_in_a_way_on():
    hostile = '"><script>alert(1)</script>'
    for made in (
        button(hostile, {"area": hostile}, of=hostile), link(hostile, "review", {"submission": hostile}),
        switch(hostile, {hostile: hostile}, hostile, "view"),
    ):  # fmt: skip
        assert "<script" not in made
