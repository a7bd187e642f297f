"""Loading the registry again leaves what people decided on screen, and says what its files say otherwise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from access.administration import measures, rows
from access.administration.measure_tables import INDICATORS, METRICS
from access.administration.reading import read, written
from access.administration.tables import TABLES
from access.identity import identify
from data_model.editions import edition
from data_model.measures import Definition, Indicator, Measure, MetricRule
from data_model.places import Area, Country
from data_model.registry import Claim, Milestone, Organisation, Participation, Source
from seed import registry
from tests.factories import make_account, make_grant
from tests.seed.conftest import NOW, ONE_DATABASE

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def who(with_registry, session):
    """The registry, and an administrator of everything."""
    account = make_account(session, "administrator@example.org")
    make_grant(session, account, "administrator")
    return identify(session, account)


def one(session, model, **named):
    return session.exec(select(model).filter_by(**named)).one()


def changed(session, who, name, row, **values):
    table = TABLES[name]
    shown = written(session, table, row)
    rows.change(session, table, str(row.id), shown | values, shown=shown, who=who, at=LATER)


def removed(session, who, name, row):
    table = TABLES[name]
    rows.remove(session, table, str(row.id), shown=written(session, table, row), who=who, at=LATER)


def loaded(session):
    told: list[str] = []
    counts = registry.load(session, datetime.now(UTC), say=told.append)
    return {table: count["kept"] for table, count in counts.items() if count["kept"]}, told


@ONE_DATABASE
def test_a_column_set_on_screen_stays_and_the_rest_of_its_row_follows_the_file(session, who):
    claim = one(session, Claim, key="kz-teachers-readiness-trained")
    told_by_the_file = claim.note
    changed(session, who, "claim", claim, value="85000")
    claim.note = "An older file said this."
    before = edition(session)
    kept, told = loaded(session)
    assert (kept, claim.value, claim.note) == ({}, 85000, told_by_the_file)  # its note was updated beside
    assert told == ["claim kz-teachers-readiness-trained: value stays as a person set it on screen: 85000"]
    assert edition(session) == before + 1
    assert loaded(session)[0] == {"claim": 1} and edition(session) == before + 1

    rows.undo(session, TABLES["claim"], str(claim.id), who=who, at=LATER)
    claim.value = Decimal(1)  # the file would say otherwise: what was undone decides nothing
    assert loaded(session) == ({}, []) and claim.value == 84000


@ONE_DATABASE
def test_what_was_removed_on_screen_is_not_added_again(session, who):
    organisation = one(session, Organisation, key="openai")
    takes_part = session.exec(select(Participation).where(Participation.organisation_id == organisation.id)).first()
    removed(session, who, "participation", takes_part)
    kept, told = loaded(session)
    assert kept == {"participation": 1} and "not added" in told[0]


@ONE_DATABASE
def test_a_rule_between_metrics_removed_added_or_explained_on_screen_stays_so(session, who):
    def rule(lesser, greater):
        parts = {
            f"{part}_id": one(session, Measure, key=key).id for part, key in (("lesser", lesser), ("greater", greater))
        }
        return one(session, MetricRule, superseded_at=None, **parts)

    table, values = TABLES["metric_rule"], {"lesser": "teachers_surveyed", "greater": "teachers_trained", "note": ""}
    removed(session, who, "metric_rule", rule("teachers_active", "licences_activated"))
    changed(session, who, "metric_rule", rule("teachers_active", "teachers_total"), note="All are teachers.")
    rows.create(session, table, values, who=who, at=LATER)
    kept, told = loaded(session)
    assert kept == {"metric_rule": 1} and "not added" in told[0] and len(told) == 1
    current = session.exec(select(MetricRule).where(col(MetricRule.superseded_at).is_(None))).all()
    assert len(current) == 7  # one of the seven went, one was added
    assert rule("teachers_active", "teachers_total").note == "All are teachers."
    assert rule("teachers_surveyed", "teachers_trained")


@ONE_DATABASE
def test_a_source_replaced_and_removed_on_screen_stays_so(session, who):
    """The file still cites it: from the claim whose source was replaced, and nowhere else."""
    source = session.exec(select(Source).where(Source.key == "KZ7")).one_or_none() or one(session, Source, key="KZ2")
    for name, table in TABLES.items():
        if any(column.name == "source" for column in table.columns):
            for row in session.exec(select(table.row).filter_by(source_id=source.id)).all():
                changed(session, who, name, row, source="O1")
    removed(session, who, "source", source)
    kept, told = loaded(session)
    assert kept["source"] == 1 and sum(kept.values()) == len(told) > 1
    assert session.exec(select(Source).where(Source.key == source.key)).all() == []


@ONE_DATABASE
def test_a_step_renamed_on_screen_is_not_added_beside_itself(session, who):
    step = session.exec(select(Milestone)).first()
    count = len(session.exec(select(Milestone)).all())
    changed(session, who, "milestone", step, title="Called otherwise")
    kept, _told = loaded(session)
    assert kept == {"milestone": 1} and step.title == "Called otherwise"
    assert len(session.exec(select(Milestone)).all()) == count


@ONE_DATABASE
def test_what_was_added_on_screen_is_left_alone(session, who):
    values = {
        "initiative": "kz-chatgpt-edu", "title": "A new step", "due_on": "2027", "achieved_on": "", "source": "O1",
    }  # fmt: skip
    rows.create(session, TABLES["milestone"], values, who=who, at=LATER)
    assert loaded(session) == ({}, [])
    assert one(session, Milestone, title="A new step").due_on == "2027"


@ONE_DATABASE
def test_every_row_of_the_files_could_have_been_written_on_screen(session, who):
    """The files and the forms keep the same rules: what stands in the registry is read back as it is written."""
    wrong = []
    for table in TABLES.values():
        for row in session.exec(select(table.row)).all():
            values = written(session, table, row)
            _typed, tidy, problems = read(session, table, values, NOW.date())
            wrong += [(table.name, values[table.called[0]], problem) for problem in problems]
            assert problems or tidy == values
    assert wrong == []


@ONE_DATABASE
def test_measures_and_areas_set_on_screen_stay_and_the_rest_follows_the_files(session, who):
    def set_on_screen(table, key, **values):
        identity = str(one(session, Measure, key=key).id)
        shown = measures.as_written(session, table, measures.find(session, table, identity))
        measures.change(session, table, identity, shown | values, shown=shown, who=who, at=LATER)
        return identity

    changed(session, who, "area", one(session, Area, code="KZ-75"), name_en="Almaty city")
    changed(session, who, "area", one(session, Area, code="EE"), name_en="The Republic of Estonia")
    set_on_screen(METRICS, "teachers_total", name_en="Teaching staff", upper="2000000")
    set_on_screen(INDICATORS, "teacher_training", numerator="teachers_active", factor="1000")
    taken_back = set_on_screen(METRICS, "messages_sent", name_en="Notes")
    measures.undo(session, METRICS, taken_back, who=who, at=LATER)
    staff = one(session, Definition, measure_id=one(session, Measure, key="teachers_total").id, superseded_at=None)
    said_by_the_file, staff.text_en = staff.text_en, "An older file said this."

    kept, told = loaded(session)
    assert kept == {"area": 2, "definition": 2} and len(told) == 6
    now = one(session, Definition, measure_id=staff.measure_id, superseded_at=None)
    assert (now.name_en, now.upper, now.text_en) == ("Teaching staff", 2e6, said_by_the_file)
    indicator = one(session, Indicator, id=one(session, Measure, key="teacher_training").id)
    assert indicator.factor == 1000 and indicator.numerator_id == one(session, Measure, key="teachers_active").id
    assert one(session, Country, code="EE").name_en == "The Republic of Estonia"
    assert one(session, Area, code="KZ-75").name_en == "Almaty city"


@ONE_DATABASE
def test_every_measure_of_the_files_could_have_been_written_on_screen(session, who):
    for table in (METRICS, INDICATORS):
        for identity, values in measures.listed(session, table, who=who):
            _typed, tidy, problems = read(session, table, values, NOW.date())
            assert (tidy, problems) == (values, []), identity
