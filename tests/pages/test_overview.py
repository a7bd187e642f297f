"""The Overview: exact figures with their base, live for those with a grant, released for everyone else."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from data_model.engine import open_session
from data_model.measures import Target
from data_model.places import Area
from tests.factories import START, make_account, make_grant
from tests.pages.conftest import texts, with_session


@pytest.mark.usefixtures("country")
def test_an_analyst_sees_the_live_figures_with_base_and_change(open_page):
    app = open_page("overview", "analyst")
    cards = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert cards["Teacher activation"] == ("50.0%", "+30.0 points")
    assert cards["Teachers active"] == ("75", "+45")
    assert "5 of 6 schools" in texts(app)


@pytest.mark.usefixtures("country")
def test_not_applicable_counts_as_reported_and_leaves_the_base(open_page):
    app = open_page("overview", "analyst")
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Licence activation"] == "50.0%"
    assert "4 of 6 schools" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_visitor_sees_nothing_before_the_first_release(open_page):
    app = open_page("overview")
    assert not app.metric
    assert "No figures have been released yet" in texts(app)


@pytest.mark.usefixtures("released")
def test_a_visitor_sees_the_release_and_that_it_is_one(open_page):
    app = open_page("overview")
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Teachers active"] == "75"
    assert "Figures as released on 2 Nov 2026 (release 1)." in texts(app)
    assert "As of" not in texts(app)


@pytest.mark.usefixtures("country")
def test_the_address_restores_place_period_and_measure(open_page):
    app = open_page("overview", "analyst", area="KZ-75", period="2026-09", measure="teachers_active")
    assert app.selectbox(key="choice_area").value == "KZ-75"
    assert app.selectbox(key="choice_period").value == "2026-09"
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Teachers active"] == "12"
    assert "Teachers active over time: KZ-75" in texts(app)


@pytest.mark.usefixtures("country")
def test_a_choice_writes_the_whole_view_into_the_address(open_page):
    app = open_page("overview", "analyst", lang="en")
    app.selectbox(key="choice_area").select("KZ-10").run()
    assert app.query_params["area"] == "KZ-10"
    assert app.query_params["period"] == "2026-10"
    assert app.query_params["initiative"] == "kz-chatgpt-edu"
    assert app.query_params["lang"] == "en"


@pytest.mark.usefixtures("country")
def test_an_unknown_place_in_the_address_is_said_and_not_guessed(open_page):
    app = open_page("overview", "analyst", area="KZ-99")
    assert "The address asks for “KZ-99”, which is not there." in texts(app)


@pytest.mark.usefixtures("country")
def test_as_of_a_moment_before_the_period_one_is_told_to_choose_an_earlier_one(open_page):
    said = "October 2026 had not begun then: choose an earlier period."
    assert said in texts(open_page("overview", "analyst", as_of="2026-09-30T09:30:00Z", period="2026-10"))
    assert said not in texts(open_page("overview", "analyst", as_of="2026-11-02T09:30:00Z", period="2026-10"))


@pytest.mark.usefixtures("country")
def test_as_of_shows_what_was_known_then(open_page):
    app = open_page("overview", "analyst", as_of="2026-11-02T09:30:00Z", period="2026-10")
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Teachers active"] == "Not reported"
    app = open_page("overview", "analyst", as_of="2026-11-02T10:30:00Z", period="2026-10")
    assert {metric.label: metric.value for metric in app.metric}["Teachers active"] == "75"
    assert "All figures as they were known on" in texts(app)


@pytest.mark.usefixtures("country")
def test_an_announced_figure_stands_beside_the_measured_one(open_page):
    app = open_page("overview", "analyst", announced_as="table")
    table = next(frame.value for frame in app.dataframe if "Announced" in frame.value.columns)
    row = table.iloc[0]
    assert row["Announced"] == "at least 84,000 teachers"
    assert row["Measured"] == "75 (5 of 6 schools)"
    assert row["Grade"] == "C"


@pytest.mark.usefixtures("released")
def test_who_may_read_one_region_sees_it_live_and_the_country_as_released(open_page, engine):
    area = with_session(engine, lambda session: session.exec(select(Area.id).where(Area.code == "KZ-75")).one())
    with open_session(engine, write=True) as session:
        make_grant(session, make_account(session, "regional@example.org"), "analyst", area_id=area)
        session.commit()
    app = open_page("overview", "regional")
    assert app.selectbox(key="choice_area").value == "KZ-75"
    assert "Figures as released" not in texts(app)
    assert "Figures as released" in texts(open_page("overview", "regional", area="KZ"))


@pytest.mark.usefixtures("released")
def test_a_visitor_is_told_that_a_small_count_is_withheld_and_never_what_it_is(open_page):
    app = open_page("overview", "", area="KZ-75", period="2026-08", measure="teachers_active", trend_as="table")
    cards = {metric.label: metric.value for metric in app.metric}
    assert cards["Teachers active"] == "Withheld"
    assert cards["Teacher activation"] == "Withheld"
    trend = next(frame.value for frame in app.dataframe if "Period" in frame.value.columns).set_index("Period")
    assert trend.loc["2026-08", "State"] == "Withheld"
    assert trend["Teachers active"].isna()["2026-08"]
    live = open_page("overview", "analyst", area="KZ-75", period="2026-08")
    assert {metric.label: metric.value for metric in live.metric}["Teachers active"] == "3"


@pytest.mark.postgresql
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("released")
@pytest.mark.parametrize("role", ["", "analyst"])
def test_the_figures_are_the_same_on_postgresql(open_page, role):
    app = open_page("overview", role, figure="teachers_active")
    cards = {metric.label: metric.value for metric in app.metric if metric.label != "Teachers active"}
    assert cards["Teacher activation"] == "50.0%"
    assert cards["Licence activation"] == "50.0%"


@pytest.mark.usefixtures("released")
def test_a_visitor_who_asks_for_a_district_is_shown_the_country_and_told_so(open_page):
    app = open_page("overview", "", area="KZ-75-01")
    assert "The address asks for “KZ-75-01”, which is not there." in texts(app)
    assert app.selectbox(key="choice_area").value == "KZ"


@pytest.mark.usefixtures("released")
def test_what_was_not_released_is_refused_in_words(open_page, engine):
    with open_session(engine, write=True) as session:
        area = session.exec(select(Area.id).where(Area.code == "KZ-75")).one()
        make_grant(session, make_account(session, "regional@example.org"), "analyst", area_id=area)
        session.commit()
    app = open_page("overview", "regional", area="KZ-10-01")
    assert "This figure is not in the newest release." in texts(app)


@pytest.mark.usefixtures("country")
def test_a_funnel_is_over_the_schools_that_reported_all_its_steps(open_page):
    app = open_page("overview", "analyst", **{"funnel-teachers_as": "table", "funnel-licences_as": "table"})
    funnels = {rows.value["Step"].iloc[0]: rows.value for rows in app.dataframe if "Step" in rows.value.columns}
    licences = funnels["Licences allocated"]
    assert licences["Number"].to_list() == [100, 50], "the school to which licences do not apply is in neither step"
    assert licences["Fewer than before"].iloc[1] == 50
    teachers = funnels["Teachers total"]
    assert teachers["Number"].to_list() == [150, 75, 75]
    assert teachers["Fewer than before"].isna().to_list() == [True, False, True], "to be active takes no training"


def test_a_card_and_the_course_name_the_target_and_the_initiative_where_it_stands(open_page, country, engine):
    with open_session(engine, write=True) as session:
        session.add(
            Target(
                initiative_id=country.initiative.id, area_id=country.areas["KZ"].id,
                measure_id=country.indicators["teacher_activation"].id, baseline=Decimal(5), value=Decimal(60),
                baseline_on=date(2026, 8, 1), due_on=date(2027, 5, 31), recorded_at=START,
            )
        )  # fmt: skip
        session.commit()
    app = open_page("overview", "analyst", measure="teacher_activation")
    assert "Target 60.0% by 31 May 2027" in texts(app)
    charts = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    notes = {note["text"] for chart in charts for note in chart["layout"].get("annotations", [])}
    assert {"Target 60.0% by 31 May 2027", "Baseline 5.0%, 1 Aug 2026"} <= notes
    page = open_page("initiatives", "analyst", initiative="kz-chatgpt-edu", targets_as="table")
    row = next(frame.value for frame in page.dataframe if "Baseline" in frame.value.columns).iloc[0]
    assert (row["Baseline"], row["Measured"], row["Target"]) == ("5.0%", "50.0%", "60.0%")
