"""The registry's files keep their rules, and bring a database up to them without ever doing more."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select

from access.language import LANGUAGES
from data_model.measures import Definition, Measure, Metric, MetricAlias, MetricRule, Target
from data_model.money import Fund, Transaction
from data_model.participation import Requirement
from data_model.places import Area, Country
from data_model.registry import (
    Claim,
    CountryFact,
    Initiative,
    Milestone,
    Organisation,
    Participation,
    Programme,
    Source,
)
from data_model.terms import SchoolTerm
from intake.folding import fold
from seed import registry
from seed.registry import check
from seed.registry.files import REFERENCE, REGISTRY, rows
from tests.seed.comparing import all_tables

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
COUNTED = {
    "sources": Source, "organisations": Organisation, "programmes": Programme, "initiatives": Initiative,
    "participations": Participation, "claims": Claim, "milestones": Milestone, "country_facts": CountryFact,
    "school_terms": SchoolTerm,
}  # fmt: skip


def test_the_registry_keeps_its_rules():
    tables, problems = check.check()
    assert problems == []
    assert sum(map(len, tables.values())) > 400


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("claims", ",84000,", ",about 84000,", "is not a plain number"),
        ("claims", "kz-chatgpt-edu,teachers_trained", "kz-nothing,teachers_trained", "is not in initiatives.csv"),
        ("school_terms", "2025-10-26", "2025-11-26", "begins before the term before it ends"),
        ("claims", "kz-fibre-schools-2025,", "kz-fibre-schools-2020,", "or one of its parts is missing"),
        ("sources", ",https://openai.com/index/edu-for-countries/,A", ",https://openai.com/index/edu-for-countries/,D",
         "grade 'D' is not allowed"),
        ("milestones", ",2025-02-25,", ",2025-02-30,", "is not YYYY, YYYY-MM or YYYY-MM-DD"),
        ("areas_kz", "Акмолинская", "Aкмолинская", "is not a Cyrillic letter"),
        ("organisations", "openai,OpenAI", "openai, OpenAI", "has stray spaces"),
    ],
)  # fmt: skip
def test_the_check_finds_what_is_wrong(tmp_path, name, old, new, said):
    for source in REGISTRY.glob("*.csv"):
        text = source.read_bytes().decode()
        if source.stem == name:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / source.name).write_bytes(text.encode())
    _tables, problems = check.check(tmp_path)
    assert any(said in problem for problem in problems)


def test_loading_brings_every_row_of_the_files(session):
    registry.load(session, NOW)
    for name, table in COUNTED.items():
        assert len(session.exec(select(table)).all()) == sum(1 for _ in rows(REGISTRY, name)), name
    regions = session.exec(select(Area).where(Area.country == "KZ", Area.level == 1)).all()
    assert len(regions) == 20 and {region.kind for region in regions} == {"region", "city"}
    roots = session.exec(select(Area.code).where(Area.level == 0)).all()
    assert sorted(roots) == sorted(session.exec(select(Country.code)).all())


def test_loading_twice_changes_nothing(session):
    registry.load(session, NOW)
    before = all_tables(session)
    counts = registry.load(session, NOW + timedelta(days=1))
    assert all_tables(session) == before
    assert {what for count in counts.values() for what, number in count.items() if number} == {"unchanged"}


def test_loading_mends_what_differs_and_keeps_old_definitions(session):
    registry.load(session, NOW)
    claim = session.exec(select(Claim).where(Claim.key == "kz-teachers-readiness-trained")).one()
    claim.value = Decimal(1)
    definition = session.exec(select(Definition).order_by(col(Definition.id))).first()
    definition.text_en = "Something else."
    session.flush()
    registry.load(session, NOW + timedelta(days=1))
    session.refresh(claim)
    assert claim.value == Decimal(84000)
    versions = session.exec(select(Definition).where(Definition.measure_id == definition.measure_id)).all()
    assert sorted(version.text_en == "Something else." for version in versions) == [False, True]
    old = next(version for version in versions if version.text_en == "Something else.")
    new = next(version for version in versions if version is not old)
    assert old.superseded_at == new.recorded_at == NOW + timedelta(days=1) and new.superseded_at is None


def test_twelve_metrics_are_asked_for_of_which_three_are_optional(session):
    registry.load(session, NOW)
    asked = dict(
        session.exec(
            select(Measure.key, Requirement.required)
            .join(Requirement, col(Requirement.metric_id) == col(Measure.id))
            .join(Initiative, col(Initiative.id) == col(Requirement.initiative_id))
            .where(Initiative.key == "kz-chatgpt-edu")
        ).all()
    )
    kinds = {
        key: (metric.kind, metric.subject)
        for metric, key in session.exec(
            select(Metric, Measure.key).join(Measure, col(Measure.id) == col(Metric.id))
        ).all()
    }
    assert kinds == {
        "licences_allocated": ("stock", "licence"), "licences_activated": ("stock", "licence"),
        "teachers_total": ("stock", "teacher"), "teachers_trained": ("stock", "teacher"),
        "students_total": ("stock", "student"), "students_with_account": ("stock", "student"),
        "teachers_active": ("distinct", "teacher"), "students_active": ("distinct", "student"),
        "messages_sent": ("flow", "message"), "teachers_surveyed": ("distinct", "teacher"),
        "usefulness_score": ("score", "teacher"), "training_hours": ("flow", "teacher"),
    }  # fmt: skip
    assert {key for key, required in asked.items() if not required} == {
        "teachers_surveyed", "usefulness_score", "training_hours",
    }  # fmt: skip
    assert asked.keys() == kinds.keys()
    assert len(session.exec(select(MetricRule)).all()) == 7


def test_every_measure_is_defined_in_every_language(session):
    registry.load(session, NOW)
    for definition in session.exec(select(Definition)).all():
        for language in LANGUAGES:
            assert getattr(definition, f"name_{language}") and len(getattr(definition, f"text_{language}")) > 60
        assert len({definition.text_en, definition.text_ru, definition.text_kk}) == 3


def test_every_header_of_the_russian_sample_is_known_but_the_survey_without_its_count(session):
    registry.load(session, NOW)
    known = {
        alias.alias: key
        for alias, key in session.exec(
            select(MetricAlias, Measure.key).join(Measure, col(Measure.id) == col(MetricAlias.metric_id))
        ).all()
    }
    headers = {
        "Выделено лицензий": "licences_allocated", "Активировано лицензий": "licences_activated",
        "Всего учителей": "teachers_total", "Обучено учителей": "teachers_trained",
        "Активных учителей": "teachers_active", "ЖІБЕРІЛГЕН_ХАБАРЛАМАЛАР": "messages_sent",
    }  # fmt: skip
    assert {header: known.get(fold(header)) for header in headers} == headers
    assert fold("Средний балл опроса") not in known


def test_the_ai_fund_has_no_size_and_no_target_is_made_up(session):
    registry.load(session, NOW)
    fund = session.exec(select(Fund)).one()
    assert (fund.key, fund.capital, fund.currency, fund.demonstration) == ("kz-ai-fund", None, None, False)
    assert session.exec(select(Transaction)).all() == [] and session.exec(select(Target)).all() == []


def test_every_region_has_several_places_in_the_country():
    places = list(rows(REFERENCE, "places_kz"))
    regions = {row["code"] for row in rows(REGISTRY, "areas_kz")}
    for region in regions:
        names = [place["name_en"] for place in places if place["region"] == region]
        assert len(names) == len(set(names)) >= 5, region
    for place in places:
        assert 40.5 < float(place["latitude"]) < 55.5 and 46.4 < float(place["longitude"]) < 87.4, place
        assert place["name_ru"] and place["name_kk"]


def test_the_reference_files_have_a_known_form():
    for path in Path(REFERENCE).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, strict=True))
        assert len({len(line) for line in lines}) == 1, path.name
