"""Rules between metrics on screen: which can be made, and what they do to files and to what is asked as of a moment."""

from datetime import timedelta

import pytest

from access.administration import history, listing, measures, rows
from access.administration.description import Invalid, Stale
from access.administration.measure_tables import METRICS
from access.administration.reading import written
from access.administration.rule_tables import RULES
from access.identity import identify
from access.refusal import NotAllowed
from analytics.funnels import funnel
from analytics.scope import Scope
from data_model.periods import Period
from intake.check import check_file
from intake.record import accept, preview
from intake.refusal import Refused
from publishing.traits import read_traits
from tests.factories import START, make_account, make_grant, make_metric, make_rule, make_world
from tests.intake.stories import accepted, submitted
from tests.intake.stories import who as person

AT = START + timedelta(hours=1)
LATER = AT + timedelta(hours=1)
FILE = b"school_code,period,licences_allocated,teachers_total\n001024,2026-09,5,9\n"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
pytestmark = ONE_DATABASE


@pytest.fixture
def world(session):
    made = make_world(session)
    made.accounts["everywhere"] = make_account(session, "everywhere@example.org")
    make_grant(session, made.accounts["everywhere"], "administrator")
    return made


@pytest.fixture
def who(session, world):
    return identify(session, world.accounts["everywhere"])


def ruled(session, who, lesser, greater, at=AT, note=""):
    row = rows.create(session, RULES, {"lesser": lesser, "greater": greater, "note": note}, who=who, at=at)
    return rows.identity_of(session, RULES, row)


def removed(session, who, identity, at=LATER):
    shown = written(session, RULES, rows.find(session, RULES, identity))
    rows.remove(session, RULES, identity, shown=shown, who=who, at=at)


def refused(session, who, lesser, greater):
    with pytest.raises(Invalid) as wrong:
        ruled(session, who, lesser, greater)
    return wrong.value.message


WRONG = (
    ("teachers_total", "teachers_total", "two different metrics"),
    ("usefulness_score", "teachers_total", "mean"),
    ("training_hours", "teachers_total", "adds up over time"),
    ("training_hours", "messages_sent", "different things"),
    ("students_total", "teachers_total", "different things"),
    ("hours_online", "teachers_total", "different units"),
    ("teachers_total", "teachers_trained", "say the contrary"),
    ("licences_allocated", "teachers_active", "say the contrary"),  # over licences_activated
    ("teachers_active", "teachers_total", "There is"),
    ("nothing", "teachers_total", "there is no nothing"),
    ("", "teachers_total", "missing"),
)


def test_a_rule_joins_two_comparable_metrics_and_no_chain_comes_back(session, world, who):
    make_metric(session, "students_total", subject="student", unit="people", kind="stock")
    make_metric(session, "hours_online", subject="teacher", unit="hours", kind="stock")
    for lesser, greater, why in WRONG:
        assert why in refused(session, who, lesser, greater), (lesser, greater)


def test_a_rule_is_said_in_words_in_the_list(session, world, who):
    identity = ruled(session, who, "teachers_surveyed", "teachers_trained", note="Only the trained are asked.")
    line = next(one for one in listing.rows(session, RULES, who=who).lines if one.identity == identity)
    assert listing.called(RULES, line.shown) == "“Teachers surveyed” is never more than “Teachers trained”"


def test_only_who_administers_everything_makes_a_rule(session, world, who):
    identity = ruled(session, who, "teachers_surveyed", "teachers_trained")
    for name in ("administrator", "reviewer", "manager", "analyst"):
        someone = person(session, world, name)
        with pytest.raises(NotAllowed):
            ruled(session, someone, "teachers_trained", "licences_allocated")
        with pytest.raises(NotAllowed):
            removed(session, someone, identity)


def found_in(session, world):
    check = check_file(session, world.initiative, FILE, "report.csv", at=LATER)
    return [(one.code, one.message()) for one in check.findings if one.code == "rule_broken"], check.fingerprint


def test_a_file_checked_afterwards_is_held_to_a_new_rule_and_to_a_removed_one_no_more(session, world, who):
    nothing, before = found_in(session, world)
    assert nothing == []
    identity = ruled(session, who, "teachers_total", "licences_allocated")
    ((_code, message),), during = found_in(session, world)
    assert "teachers_total" in message and "licences_allocated" in message
    removed(session, who, identity)
    assert found_in(session, world) == ([], before) and during != before
    rows.undo(session, RULES, identity, who=who, at=LATER + timedelta(minutes=1))
    assert found_in(session, world)[1] == during


@pytest.mark.parametrize("done", ["added", "removed"])
def test_a_preview_made_before_is_stale(session, world, who, done):
    waiting = submitted(session, world, {("001024", "teachers_total", "2026-09"): 9}, AT)
    _comparison, seen = preview(session, waiting.id)
    if done == "added":
        ruled(session, who, "teachers_total", "licences_allocated", at=LATER)
    else:
        removed(session, who, rule_of(session, who, "teachers_active", "licences_activated"))
    with pytest.raises(Refused, match="The rules have changed"):
        accept(session, waiting.id, by=person(session, world, "reviewer"), fingerprint=seen, at=LATER)


def rule_of(session, who, lesser, greater):
    lines = listing.rows(session, RULES, who=who).lines
    return next(one.identity for one in lines if (one.values["lesser"], one.values["greater"]) == (lesser, greater))


def test_a_note_alone_changes_no_rule(session, world, who):
    waiting = submitted(session, world, {("001024", "teachers_total", "2026-09"): 9}, AT)
    _comparison, seen = preview(session, waiting.id)
    identity = rule_of(session, who, "teachers_active", "licences_activated")
    shown = written(session, RULES, rows.find(session, RULES, identity))
    changed = shown | {"note": "Who is active has a licence.", "lesser": "teachers_trained"}
    rows.change(session, RULES, identity, changed, shown=shown, who=who, at=LATER)
    assert written(session, RULES, rows.find(session, RULES, identity)) == shown | {"note": changed["note"]}
    assert len(rows.versions(session, RULES, identity)) == 2
    with pytest.raises(Stale):
        rows.remove(session, RULES, identity, shown=shown, who=who, at=LATER)
    accept(session, waiting.id, by=person(session, world, "reviewer"), fingerprint=seen, at=LATER)


def test_what_is_a_part_of_what_is_asked_as_of_a_moment(session, world, who):
    said = {("001024", "licences_allocated", "2026-09"): 9, ("001024", "licences_activated", "2026-09"): 4}
    accepted(session, world, said, START)

    def is_part(**moment):
        scope = Scope("kz-chatgpt-edu", "licences_allocated", "KZ", Period.parse("2026-09"), **moment)
        return bool(funnel(session, scope, "licences")["is_part_of_previous"].iloc[1])

    pair = (world.metrics["licences_activated"].id, world.metrics["licences_allocated"].id)
    assert is_part() and pair in read_traits(session).nested
    removed(session, who, rule_of(session, who, "licences_activated", "licences_allocated"))
    assert not is_part() and is_part(as_of=LATER - timedelta(seconds=1))
    assert pair not in read_traits(session).nested


def test_a_metric_stays_comparable_with_those_that_rules_join_it_with(session, world, who):
    """Nothing is held of it yet, so that its own rules let it become anything."""
    metric = make_metric(session, "teachers_asked", subject="teacher", unit="people", kind="stock")
    make_rule(session, metric, world.metrics["teachers_total"])
    identity = str(metric.id)
    shown = measures.as_written(session, METRICS, measures.find(session, METRICS, identity))
    for change in ({"subject": "student"}, {"unit": "hours"}, {"kind": "flow"}):
        with pytest.raises(Invalid, match="A rule joins this metric with “Teachers total”"):
            measures.change(session, METRICS, identity, shown | change, shown=shown, who=who, at=AT)
    measures.change(session, METRICS, identity, shown | {"kind": "distinct"}, shown=shown, who=who, at=AT)


def test_a_rule_that_became_impossible_is_not_brought_back(session, world, who):
    identity = ruled(session, who, "teachers_surveyed", "teachers_trained")
    removed(session, who, identity)
    ruled(session, who, "teachers_trained", "teachers_surveyed", at=LATER)
    with pytest.raises(Invalid, match="say the contrary"):
        rows.undo(session, RULES, identity, who=who, at=LATER + timedelta(minutes=1))
    assert len(history.of(session, RULES, identity)) == 2
