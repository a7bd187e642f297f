from datetime import timedelta

import pytest
from sqlmodel import select

from access import language
from analytics import catalogue
from analytics.scope import CannotAnswer
from data_model.measures import Definition
from data_model.participation import Requirement
from data_model.periods import Period
from tests.analytics.reports import Reports
from tests.factories import START

KEY = "kz-chatgpt-edu"


def test_the_measures_of_an_initiative_are_those_it_asks_for(reports: Reports):
    found = catalogue.measures(reports.session, KEY).set_index("measure")
    assert list(found.loc["teacher_activation", ["type", "numerator", "denominator", "kind", "subject"]]) == [
        "indicator", "teachers_active", "teachers_total", "distinct", "teacher",
    ]  # fmt: skip
    assert found.loc["teacher_activation", "factor"] == 100
    assert list(found.loc["usefulness_score", ["kind", "count_metric", "decimals"]]) == [
        "score", "teachers_surveyed", 2,
    ]  # fmt: skip
    assert found.loc["teacher_activation", "required"] and not found.loc["usefulness_score", "required"]


def test_an_indicator_of_which_a_half_is_not_asked_for_is_not_there(reports: Reports):
    metric = reports.world.metrics["teachers_total"]
    reports.session.delete(reports.session.exec(select(Requirement).filter_by(metric_id=metric.id)).one())
    reports.session.flush()
    found = set(catalogue.measures(reports.session, KEY)["measure"])
    assert "licence_activation" in found and not {"teachers_total", "teacher_activation"} & found
    assert "teacher_activation" in set(catalogue.measures(reports.session)["measure"])


def test_a_definition_is_worded_as_it_was_then(reports: Reports):
    held = reports.session.exec(
        select(Definition).filter_by(measure_id=reports.world.metrics["teachers_active"].id)
    ).one()
    later = START + timedelta(days=1)
    held.superseded_at = later
    reports.session.flush()
    texts = {"name_ru": "Активные", "name_kk": "", "text_en": "New", "text_ru": "Новое", "text_kk": ""}
    reports.session.add(Definition(measure_id=held.measure_id, name_en="Active now", recorded_at=later, **texts))
    reports.session.flush()

    def name(moment=None):
        return catalogue.measures(reports.session, as_of=moment).set_index("measure").loc["teachers_active", "name"]

    assert name() == "Active now"
    assert name(START) == "Teachers active"
    assert name(held.recorded_at - timedelta(days=1)) == "Teachers active"  # before the first wording, the first
    with language.in_language("ru"):
        assert name() == "Активные"
    with language.in_language("kk"):
        assert name() == "Active now"  # nobody has written a Kazakh name


def test_areas_stand_under_the_area_they_lie_in(reports: Reports):
    found = catalogue.areas(reports.session, "KZ")
    assert found["area_code"].tolist() == [
        "KZ", "KZ-10", "KZ-10-01", "KZ-10-02", "KZ-75", "KZ-75-01", "KZ-75-02",
    ]  # fmt: skip
    assert found["parent_code"].fillna("").tolist()[:3] == ["", "KZ", "KZ-10"]
    assert found["has_areas_below"].tolist() == [True, True, False, False, True, False, False]


def test_the_trail_leads_from_the_country_to_the_area(reports: Reports):
    assert catalogue.area_trail(reports.session, "KZ-75-02")["area_code"].tolist() == ["KZ", "KZ-75", "KZ-75-02"]
    with pytest.raises(CannotAnswer):
        catalogue.area_trail(reports.session, "nowhere")


def test_countries_are_named_with_their_initiatives(reports: Reports):
    with language.in_language("kk"):
        found = catalogue.countries(reports.session)
    assert found[["country", "name", "initiatives"]].to_numpy().tolist() == [["KZ", "Қазақстан", 1]]


def test_periods_say_which_have_figures_and_the_newest_of_those_is_the_latest(reports: Reports):
    assert catalogue.latest_period(reports.session, KEY) is None
    reports.period("2026-08")
    reports.report("2026-09", {"001024": {"teachers_active": 1}})
    then = reports.at
    reports.report("2026-10", {"001024": {"teachers_active": 1}})
    found = catalogue.periods(reports.session, KEY)
    assert found[["period", "has_figures"]].to_numpy().tolist() == [
        ["2026-08", False], ["2026-09", True], ["2026-10", True],
    ]  # fmt: skip
    assert catalogue.latest_period(reports.session, KEY) == Period.parse("2026-10")
    assert catalogue.latest_period(reports.session, KEY, as_of=then) == Period.parse("2026-09")


def test_the_latest_period_of_the_public_is_the_latest_released(reports: Reports):
    assert catalogue.latest_period(reports.session, KEY, released=True) is None
    reports.report("2026-10", {"001024": {"teachers_active": 1}})
    reports.release([{"measure": "teachers_active", "area_code": "KZ", "period": "2026-08", "value": 1.0}])
    assert catalogue.latest_period(reports.session, KEY, released=True) == Period.parse("2026-08")


def test_the_version_changes_when_an_answer_may(reports: Reports):
    def version(released: bool = False):
        return catalogue.data_version(reports.session, KEY, released)

    first, public = version(), version(True)
    assert version() == first and hash(first)
    reports.report("2026-10", {"001024": {"teachers_active": 1}})
    second = version()
    assert second != first and version(True) == public  # the public's figures have not changed
    wording = reports.session.exec(select(Definition)).first()
    assert wording is not None
    wording.superseded_at = reports.at
    reports.session.flush()
    assert version() != second
    reports.release([])
    assert version(True) != public


def test_an_unknown_initiative_is_refused(reports: Reports):
    for ask in (catalogue.measures, catalogue.periods, catalogue.latest_period, catalogue.data_version):
        with pytest.raises(CannotAnswer) as refused:
            ask(reports.session, "nowhere")
        assert refused.value.code == "unknown_initiative"
