"""Compare: places, groups and measures side by side, what differs by more than chance, and what may not be seen."""

from datetime import timedelta

import pytest

from data_model.engine import open_session
from tests.factories import START, make_enrolment, make_initiative, make_requirement, make_source
from tests.intake.stories import accepted
from tests.pages.conftest import reports, texts


def table_with(app, heading):
    return next(frame.value for frame in app.dataframe if heading in frame.value.columns)


@pytest.mark.usefixtures("country")
def test_places_stand_side_by_side_over_time(open_page):
    app = open_page("compare", "analyst", measure="teachers_active", places_as="table")
    rows = table_with(app, "Area")
    assert rows[rows["Period"] == "2026-10"]["Teachers active"].to_list() == [45, 30]
    assert app.selectbox(key="choice_measure").value == "teachers_active"
    assert app.query_params["measure"] == "teachers_active"


@pytest.mark.usefixtures("country")
def test_a_rate_is_offered_first_for_rates_compare(open_page):
    app = open_page("compare", "analyst")
    assert app.selectbox(key="choice_measure").value == "licence_activation"


@pytest.mark.usefixtures("country")
def test_by_months_since_joining_the_table_counts_months(open_page):
    rows = table_with(open_page("compare", "analyst", by="since_joining", places_as="table"), "Area")
    assert rows["Months since joining"].to_list() == [0, 1, 2] * 2


@pytest.mark.usefixtures("country")
def test_what_to_look_at_first_is_said_in_words_and_opens_it(open_page):
    app = open_page("compare", "analyst", compare="chance", of="schools", measure="licence_activation")
    said = texts(app)
    assert "What to look at first" in said
    assert "None lies below the limits" in said
    assert "Spiegelhalter 2005" in said


def test_a_school_that_lies_below_comes_with_its_people_and_opens_adoption_there(open_page, country, engine):
    low = {(code, metric, "2026-10"): value for code, total, active in (
        ("001024", 400, 200), ("001025", 400, 205), ("002017", 400, 195), ("020311", 400, 210), ("100450", 400, 190),
        ("100451", 400, 20),
    ) for metric, value in (("teachers_total", total), ("teachers_active", active))}  # fmt: skip
    with open_session(engine, write=True) as session:
        accepted(session, country, low, START + timedelta(hours=8))
        session.commit()
    app = open_page("compare", "analyst", compare="chance", of="schools", measure="teacher_activation")
    assert "1 of 6 lies below the limits." in texts(app)
    links = [link.proto for link in app.get("page_link") if "100451" in link.proto.label]
    assert len(links) == 1 and "5.0% of 400, below the 99.8% limit" in links[0].label
    assert "school=100451" in links[0].query_string and "area=KZ-10-02" in links[0].query_string


@pytest.mark.usefixtures("country")
def test_only_rates_are_compared_with_chance(open_page):
    assert "Only a rate can be compared" in texts(open_page("compare", "analyst", compare="chance",
                                                            measure="teachers_active"))  # fmt: skip


@pytest.mark.usefixtures("country")
def test_groups_are_named_in_words_and_have_their_gaps(open_page):
    app = open_page("compare", "analyst", compare="groups", group="size", measure="teacher_activation",
                    groups_as="table", gaps_as="table")  # fmt: skip
    rows = table_with(app, "Group")
    assert set(rows["Group"]) == {"1–19 teachers", "20–49 teachers", "50–99 teachers", "not known"}
    gaps = table_with(app, "Gap, points")
    assert set(gaps["Compared with"]) == {"20–49 teachers"}
    assert gaps["Gap, points"].notna().all() and (gaps["Schools"] > 0).all()


@pytest.mark.usefixtures("country")
def test_two_measures_keep_why_one_is_missing(open_page):
    app = open_page("compare", "analyst", compare="measures", measure="licences_activated",
                    area="KZ-10", against_as="table", **{"with": "teachers_total"})  # fmt: skip
    rows = table_with(app, "Teachers total: state").set_index("Area")
    assert rows.loc["KZ-10-01", "Licences activated"] == 20 and rows.loc["KZ-10-01", "Teachers total"] == 90
    assert rows.loc["KZ-10-02", "Licences activated: state"] == "Not reported"


@pytest.mark.usefixtures("country")
def test_one_initiative_alone_is_not_compared(open_page):
    assert "there is nothing to set beside it yet" in texts(open_page("compare", "analyst", compare="initiatives"))


def test_initiatives_stand_side_by_side(open_page, country, engine):
    with open_session(engine, write=True) as session:
        other = make_initiative(session, make_source(session, "S5"), "kz-other", name="The Other")
        for metric in country.metrics.values():
            make_requirement(session, other, metric, required=True)
        for school in country.schools.values():
            make_enrolment(session, other, school)
        country.initiative = other
        accepted(session, country, reports(country, "2026-10"), START)
        session.commit()
    app = open_page("compare", "analyst", compare="initiatives", measure="teachers_active",
                    initiative="kz-chatgpt-edu", initiatives_as="table")  # fmt: skip
    rows = table_with(app, "Initiative")
    last = rows[rows["Period"] == "2026-10"]
    assert last["Initiative"].str.contains("The Other").sum() == 1 and last["Teachers active"].to_list() == [75, 75]


@pytest.mark.usefixtures("released")
def test_a_visitor_compares_released_regions_and_no_groups_or_schools(open_page):
    assert "in each area: Kazakhstan" in texts(open_page("compare"))
    assert "Figures of groups of schools are not released" in texts(open_page("compare", compare="groups"))
    chance = open_page("compare", compare="chance", of="schools", measure="teacher_activation")
    assert not [frame for frame in chance.dataframe if "001024" in frame.value.to_string()]
    assert "not there. Shown instead: Areas" in texts(chance)
