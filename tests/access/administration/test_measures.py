"""Metrics and indicators on screen: defined anew by versions, and never so that what was said means something else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from access import audit
from access.administration import history, measures
from access.administration.description import Invalid, NoSuchRow, NothingToUndo, Stale
from access.administration.history import ADDED, CHANGED, UNDONE
from access.administration.measure_names import measure_names
from access.administration.measure_tables import INDICATORS, METRICS
from access.identity import PUBLIC, identify
from access.language import LANGUAGES, in_language
from access.refusal import NotAllowed
from analytics.figures import figure
from analytics.names import in_current_language
from analytics.scope import Scope
from data_model.measures import Definition, Measure, Target
from data_model.participation import ReportingPeriod
from data_model.periods import Period
from data_model.registry import Initiative
from intake.folding import fold
from intake.rulebook import read_rulebook
from intake.template_table import wordings
from tests.factories import START, make_account, make_grant, make_requirement, make_world
from tests.intake.recomputed import Tables
from tests.intake.stories import accepted

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
AT = START + timedelta(hours=1)
LATER = AT + timedelta(hours=1)
TEXTS = {f"definition_{language}": f"Counts. ({language})" for language in LANGUAGES}
METRIC = {
    "key": "lessons_given", "kind": "flow", "subject": "teacher", "unit": "hours", "decimals": "1", "count_metric": "",
    "lower": "0", "upper": "1000", "name_en": "Lessons given", "name_ru": "Проведено уроков",
    "name_kk": "Өткізілген сабақтар", **TEXTS,
}  # fmt: skip
INDICATOR = {
    "key": "messages_each", "numerator": "messages_sent", "denominator": "teachers_total", "factor": "1",
    "name_en": "Messages each", "name_ru": "Сообщений на учителя", "name_kk": "Мұғалімге хабарлама", **TEXTS,
}  # fmt: skip


@pytest.fixture
def world(session):
    """The small country with a month of reports of all its schools, and an administrator of everything."""
    made = make_world(session)
    said = {(code, metric, "2026-09"): 10 * (place + 1) * times for place, code in enumerate(made.schools)
            for metric, times in (("teachers_total", 1), ("messages_sent", 3))}  # fmt: skip
    accepted(session, made, said, START)
    made.accounts["everywhere"] = make_account(session, "everywhere@example.org")
    make_grant(session, made.accounts["everywhere"], "administrator")
    return made


@pytest.fixture
def who(session, world):
    return identify(session, world.accounts["everywhere"])


def number_of(session, key):
    return str(session.exec(select(Measure.id).where(Measure.key == key)).one())


def changed(session, table, key, who, at=AT, **values):
    identity = number_of(session, key)
    shown = measures.as_written(session, table, measures.find(session, table, identity))
    measures.change(session, table, identity, shown | values, shown=shown, who=who, at=at)
    return identity, shown


def wrong(session, table, key, who, **values):
    with pytest.raises(Invalid) as refused:
        changed(session, table, key, who, **values)
    return {problem.column for problem in refused.value.problems}


def asked(session, measure, **moment):
    scope = Scope(initiative="kz-chatgpt-edu", area="KZ", period=Period.parse("2026-09"), measure=measure, **moment)
    return figure(session, scope)


def test_an_indicator_has_its_figure_in_every_period_as_soon_as_it_is_added(session, world, who):
    kept = measures.create(session, INDICATORS, INDICATOR, who=who, at=AT)
    assert measures.as_written(session, INDICATORS, kept) == INDICATOR
    now = asked(session, "messages_each")
    assert (now.value, now.schools_in_base, now.schools_expected) == (3, 6, 6)
    tables = Tables(session)
    for period in session.exec(select(ReportingPeriod)).all():
        assert tables.rollups_are(period.id, LATER) == tables.rollups_should_be(period.id, LATER)
    (event,) = history.of(session, INDICATORS, kept.identity)
    assert (event.change.action, event.change.before, event.change.after) == (ADDED, None, INDICATOR)
    assert audit.verify(session).intact


@ONE_DATABASE
def test_a_definition_is_superseded_and_the_past_keeps_its_own(session, world, who):
    identity, shown = changed(session, METRICS, "teachers_total", who, name_en="Teaching staff", upper="2000000")
    now, before = measures.versions(session, identity)
    assert (now.name_en, now.upper, before.name_en, before.upper) == ("Teaching staff", 2e6, shown["name_en"], 1e6)
    assert before.superseded_at == now.recorded_at
    known = read_rulebook(session, world.initiative, LATER)  # a file that still uses the earlier name is read
    named = {known.metrics[known.aliases[name]].key for name in ("teaching staff", "teachers total")}
    assert named == {"teachers_total"}
    with pytest.raises(Invalid):  # values up to the wider bound may be held by now
        measures.undo(session, METRICS, identity, who=who, at=LATER)


@ONE_DATABASE
def test_a_change_of_words_is_taken_back_by_a_third_version(session, world, who):
    identity, shown = changed(session, INDICATORS, "teacher_training", who, name_en="Trained", definition_kk="Анықтама")
    measures.undo(session, INDICATORS, identity, who=who, at=AT)  # by a clock that stands still
    stands = measures.as_written(session, INDICATORS, measures.find(session, INDICATORS, identity))
    assert stands == shown and len(measures.versions(session, identity)) == 3
    assert [entry.change.action for entry in history.of(session, INDICATORS, identity)] == [UNDONE, CHANGED]
    kept = measures.create(session, METRICS, METRIC, who=who, at=AT)
    with pytest.raises(NothingToUndo):  # nothing that was added goes again
        measures.undo(session, METRICS, kept.identity, who=who, at=AT)


@ONE_DATABASE
def test_what_values_mean_cannot_be_changed_once_there_are_any(session, world, who):
    meaning = {"kind": "distinct", "subject": "student", "unit": "accounts", "lower": "1", "upper": "10"}
    assert wrong(session, METRICS, "teachers_total", who, **meaning) == meaning.keys()
    assert wrong(session, METRICS, "messages_sent", who, lower="0.5") == {"lower"}
    changed(session, METRICS, "messages_sent", who, lower="-1", upper="2000000", decimals="1")
    assert wrong(session, METRICS, "messages_sent", who, decimals="0") == {"decimals"}
    changed(session, METRICS, "training_hours", who, unit="points", upper="10")  # nobody has reported it yet
    goal = {"value": Decimal(5), "due_on": date(2027, 1, 1), "recorded_at": AT}
    held = {"initiative_id": world.initiative.id, "area_id": world.areas["KZ"].id}
    session.add(Target(measure_id=world.metrics["training_hours"].id, **held, **goal))
    assert wrong(session, METRICS, "training_hours", who, unit="hours") == {"unit"}


@ONE_DATABASE
def test_an_indicator_with_figures_keeps_its_formula_and_one_without_is_recounted(session, world, who):
    parts = {"numerator": "teachers_total", "denominator": "messages_sent", "factor": "100"}
    measures.create(session, INDICATORS, INDICATOR, who=who, at=AT)
    assert wrong(session, INDICATORS, "messages_each", who, **parts) == parts.keys()
    changed(session, INDICATORS, "teacher_training", who, numerator="messages_sent", factor="10")
    assert asked(session, "teacher_training").value == 30
    assert asked(session, "teacher_training", as_of=START).value is None


FAULTS = (
    (METRICS, {"key": "Lessons-given"}, {"key"}),
    (METRICS, {"key": "teacher_training"}, {"key"}),
    (METRICS, {"kind": "score"}, {"count_metric"}),
    (METRICS, {"count_metric": "teachers_total"}, {"count_metric"}),
    (METRICS, {"kind": "score", "count_metric": "usefulness_score"}, {"count_metric"}),
    (METRICS, {"lower": "1000"}, {"upper"}),
    (METRICS, {"name_ru": "всего  Учителей"}, {"name_ru"}),
    (METRICS, {"decimals": "5"}, {"decimals"}),
    (INDICATORS, {"denominator": "messages_sent"}, {"denominator"}),
    (INDICATORS, {"numerator": "usefulness_score"}, {"numerator"}),
    (INDICATORS, {"numerator": "teacher_training", "factor": "0"}, {"numerator", "factor"}),
)


@ONE_DATABASE
def test_what_cannot_be_is_told_below_its_field(session, world, who):
    for table, values, columns in FAULTS:
        new = (METRIC if table is METRICS else INDICATOR) | values
        with pytest.raises(Invalid) as refused:
            measures.create(session, table, new, who=who, at=AT)
        assert {problem.column for problem in refused.value.problems} == columns, values


@ONE_DATABASE
def test_a_key_never_changes_and_a_form_out_of_date_is_refused(session, world, who):
    identity = number_of(session, "training_hours")
    shown = measures.as_written(session, METRICS, measures.find(session, METRICS, identity))
    other = shown | {"key": "other_key", "name_en": "Hours"}
    measures.change(session, METRICS, identity, other, shown=shown, who=who, at=AT)
    assert number_of(session, "training_hours") == identity
    with pytest.raises(Stale) as refused:
        measures.change(session, METRICS, identity, shown | {"name_en": "Mine"}, shown=shown, who=who, at=LATER)
    assert refused.value.now["name_en"] == "Hours"
    now = refused.value.now
    measures.change(session, METRICS, identity, now, shown=now, who=who, at=LATER)
    assert len(session.exec(select(Definition).where(Definition.measure_id == int(identity))).all()) == 2


@ONE_DATABASE
def test_only_who_administers_everything_defines_what_is_measured(session, world, who):
    identity, _shown = changed(session, METRICS, "teachers_total", who, name_en="Staff")
    for name in ("administrator", "reviewer", "manager", "analyst", ""):
        person = identify(session, world.accounts[name]) if name else PUBLIC
        with pytest.raises(NotAllowed):
            measures.create(session, METRICS, METRIC, who=person, at=AT)
        with pytest.raises(NotAllowed):
            changed(session, METRICS, "teachers_total", person, name_en="Mine")
        with pytest.raises(NotAllowed):
            measures.undo(session, METRICS, identity, who=person, at=AT)


@ONE_DATABASE
def test_what_is_not_there_is_said_to_be_none(session, world):
    for identity in ("0", "abc", "9" * 30, number_of(session, "teacher_training")):
        with pytest.raises(NoSuchRow):
            measures.find(session, METRICS, identity)


@ONE_DATABASE
def test_one_language_is_enough_and_the_others_show_what_there_is(session, world, who):
    told = METRIC | {f"{part}_{language}": "" for part in ("name", "definition") for language in ("en", "kk")}
    kept = measures.create(session, METRICS, told, who=who, at=AT)
    assert kept.name == "Проведено уроков"
    make_requirement(session, world.initiative, kept.traits)
    assert known_at_all_in(session, "kk") == ("Проведено уроков", "Counts. (ru)", "Проведено уроков")
    book = read_rulebook(session, world.initiative, LATER)
    assert "" not in book.aliases and book.aliases[fold("проведено уроков")] == kept.traits.id
    # Another one without English words is told apart by those it has.
    other = told | {"key": "other_lessons", "name_ru": "Других уроков"}
    assert measures.create(session, METRICS, other, who=who, at=AT).name == "Других уроков"
    nothing = told | {"key": "nameless", "name_ru": "", "definition_ru": " "}
    with in_language("ru"), pytest.raises(Invalid) as refused:
        measures.create(session, METRICS, nothing, who=who, at=AT)
    assert {problem.column for problem in refused.value.problems} == {"name_ru", "definition_ru"}


def known_at_all_in(session, language):
    """Return what lists, templates and pages call the new metric in a language, and how a template defines it."""
    with in_language(language):
        named = measure_names(session)["lessons_given"]
        asked_for = [one for one in read_rulebook(session, session.get_one(Initiative, 1), AT).asked
                     if one.key == "lessons_given"]  # fmt: skip
        wording = wordings(session, asked_for)["lessons_given"]
        query = select(in_current_language(Definition)).join(Measure, Measure.id == Definition.measure_id)
        assert session.exec(query.where(Measure.key == "lessons_given")).one() == named
    return wording.name, wording.definition, named
