"""Locks of periods: each change of state recorded with its reason, asked as of any moment, and kept by the check."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from access.refusal import Refusal
from analytics import completeness
from analytics.due_periods import due_periods
from analytics.scope import Scope
from data_model.engine import make_engine, open_session
from data_model.locks import PeriodLock, locked_periods
from data_model.people import AuditEvent
from data_model.periods import Period
from intake import locking
from intake.due_days import move_due_day
from intake.rulebook import read_rulebook
from tests.factories import START, make_period, make_world
from tests.intake.stories import accept_now, accepted, submitted, who

A = ("001024", "teachers_total", "2026-09")
SEPTEMBER, OCTOBER = Period.parse("2026-09"), Period.parse("2026-10")
# Almaty is five hours ahead: the 20th of October, ten days after the due day, ends there at 19:00 in UTC.
ENDS = datetime(2026, 10, 20, 19, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def country(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("locks") / "uptake.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        yield session, make_world(session)
    engine.dispose()


@pytest.fixture
def session(country):
    opened, _world = country
    savepoint = opened.begin_nested()
    yield opened
    savepoint.rollback()
    opened.expire_all()


@pytest.fixture
def world(session, country):
    return country[1]


def refused(code, step, *arguments, **given_words):
    with pytest.raises(Refusal) as caught:
        step(*arguments, **given_words)
    return caught.value.code == code


def test_a_moved_due_day_tells_who_was_late_and_what_locks_itself_from_then_on(session, world):
    reviewer, initiative = who(session, world, "reviewer"), world.initiative
    accepted(session, world, {A: 20}, datetime(2026, 10, 12, 9, 0, tzinfo=UTC))
    locking.lock_after(session, initiative, 10, by=reviewer, reason="Rule.", at=datetime(2026, 10, 12, 9, tzinfo=UTC))
    before = datetime(2026, 10, 15, 9, tzinfo=UTC)
    scope = Scope(initiative=initiative.key, area="KZ", measure="teachers_total", period=SEPTEMBER)
    late = completeness.reporting(session, scope, at=START).iloc[-1]
    moved = move_due_day(session, initiative, SEPTEMBER, date(2026, 10, 30), by=reviewer, reason="A feast.", at=before)
    now = completeness.reporting(session, scope, at=START).iloc[-1]
    assert (late["schools_on_time"], now["schools_on_time"], now["due_on"]) == (0, 1, date(2026, 10, 30))
    then = replace(scope, as_of=moved.recorded_at - timedelta(seconds=1))
    past = completeness.reporting(session, then, at=START).iloc[-1]
    assert (past["schools_on_time"], past["due_on"]) == (0, date(2026, 10, 10))
    assert SEPTEMBER not in locked_periods(session, initiative, START), "it locks itself ten days after the new day"
    assert SEPTEMBER in locked_periods(session, initiative, datetime(2026, 11, 9, 19, 1, tzinfo=UTC))


def test_a_due_day_is_moved_with_a_reason_to_a_day_that_can_be_and_in_an_open_period_alone(session, world):
    reviewer, initiative = who(session, world, "reviewer"), world.initiative

    def move(day, reason="A feast."):
        return move_due_day(session, initiative, SEPTEMBER, day, by=reviewer, reason=reason, at=START)

    assert refused("no_reason", move, date(2026, 10, 20), " ")
    assert refused("wrong_day", move, date(2026, 9, 29))
    assert refused("nothing_new", move, date(2026, 10, 10))
    locking.lock(session, initiative, SEPTEMBER, by=reviewer, reason="Final.", at=START)
    assert refused("period_locked", move, date(2026, 10, 20))
    locking.unlock(session, initiative, SEPTEMBER, by=reviewer, reason="Late.", at=START)
    assert move(date(2026, 10, 20)).before == date(2026, 10, 10)
    event = session.exec(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.details["after"]) == ("due_day_moved", {"due_on": "2026-10-20"})


def test_a_locked_period_refuses_files_until_it_is_unlocked_and_all_of_it_is_on_record(session, world):
    reviewer, initiative = who(session, world, "reviewer"), world.initiative
    number = submitted(session, world, {A: 20}).id
    locking.lock(session, initiative, SEPTEMBER, by=reviewer, reason="Published.", at=START)
    assert refused("period_locked", accept_now, session, world, number, START)
    assert read_rulebook(session, initiative, START + timedelta(hours=1)).locked == {SEPTEMBER}
    assert refused("already_locked", locking.lock, session, initiative, SEPTEMBER, by=reviewer, reason="x", at=START)
    later = START + timedelta(days=2)
    ended = locking.unlock(session, initiative, SEPTEMBER, by=reviewer, reason="One school was late.", at=later)
    assert accept_now(session, world, number, later + timedelta(hours=1)).state == "accepted"
    assert locked_periods(session, initiative, START + timedelta(days=1)) == {SEPTEMBER}, "as it was then"
    assert (ended.reason, ended.unlock_reason, ended.unlocked_by) == (
        "Published.", "One school was late.", reviewer.account_id,
    )  # fmt: skip
    events = session.exec(select(AuditEvent).where(AuditEvent.subject_type == "period").order_by(AuditEvent.id)).all()
    assert [(event.action, event.details["reason"]) for event in events] == [
        ("lock_period", "Published."), ("unlock_period", "One school was late."),
    ]  # fmt: skip
    assert events[0].details["after"] == {"locked": True} and events[1].details["after"] == {"locked": False}


def test_periods_lock_themselves_after_the_days_of_the_rule_in_the_time_of_the_country(session, world):
    reviewer, initiative = who(session, world, "reviewer"), world.initiative
    set_at = datetime(2026, 10, 15, tzinfo=UTC)
    locking.lock_after(session, initiative, 10, by=reviewer, reason="As agreed.", at=set_at)
    assert SEPTEMBER not in locked_periods(session, initiative, ENDS - timedelta(seconds=1))
    assert SEPTEMBER in locked_periods(session, initiative, ENDS), "though nothing was ever reported for it"
    assert Period.parse("2024-12") not in locked_periods(session, initiative, ENDS), "nobody was enrolled then"
    assert locked_periods(session, initiative, set_at - timedelta(seconds=1)) == frozenset(), "before the rule"
    number = submitted(session, world, {A: 20}, ENDS).id
    assert refused("period_locked", accept_now, session, world, number, ENDS)
    locking.unlock(session, initiative, SEPTEMBER, by=reviewer, reason="A power cut.", at=ENDS + timedelta(days=1))
    assert SEPTEMBER not in locked_periods(session, initiative, ENDS + timedelta(days=300)), "it stays open"
    assert SEPTEMBER in locked_periods(session, initiative, ENDS + timedelta(hours=1)), "as it was then"
    lock = session.exec(select(PeriodLock)).one()
    assert (lock.automatic, lock.recorded_at, lock.reason) == (True, ENDS, "As agreed.")
    locking.lock_after(session, initiative, None, by=reviewer, reason="No more.", at=ENDS + timedelta(days=2))
    assert locked_periods(session, initiative, ENDS + timedelta(days=300)) == frozenset()


def test_who_has_no_grant_for_the_whole_initiative_locks_nothing(session, world):
    manager = who(session, world, "manager")
    for step, more in ((locking.lock, (SEPTEMBER,)), (locking.unlock, (SEPTEMBER,)), (locking.lock_after, (5,))):
        assert refused("not_allowed", step, session, world.initiative, *more, by=manager, reason="x", at=START)
    reviewer = who(session, world, "reviewer")
    quarter = Period.parse("2026-Q3")
    assert refused("wrong_period", locking.lock, session, world.initiative, quarter, by=reviewer, reason="x", at=START)
    assert refused("no_reason", locking.lock, session, world.initiative, SEPTEMBER, by=reviewer, reason="", at=START)
    assert refused("wrong_days", locking.lock_after, session, world.initiative, -1, by=reviewer, reason="x", at=START)


steps = st.lists(st.tuples(st.sampled_from(["lock", "unlock", "rule", "no rule"]), st.integers(1, 15)), max_size=8)


@settings(max_examples=15, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(story=steps)
def test_what_was_locked_at_any_moment_is_what_the_story_says(country, story):
    """Told a second way: by going through the story step by step."""
    session, world = country
    savepoint = session.begin_nested()
    reviewer, initiative = who(session, world, "reviewer"), world.initiative
    make_period(session, initiative, "2026-09", due_on=date(2026, 10, 10))
    now, by_hand = datetime(2026, 10, 11, 12, 0, tzinfo=UTC), False
    days: int | None = None
    since: datetime | None = None
    opened: datetime | None = None
    seen: list[tuple[datetime, bool]] = []

    def is_locked(at):
        if by_hand or days is None or since is None:
            return by_hand
        locks_itself = datetime(2026, 10, 10, 19, 0, tzinfo=UTC) + timedelta(days=days)
        return max(locks_itself, since) <= at and not (opened and opened >= locks_itself)

    for what, wait in story:
        now += timedelta(days=wait)
        locked = is_locked(now)
        said = {"by": reviewer, "reason": "x", "at": now}
        if what == "lock" and not locked:
            locking.lock(session, initiative, SEPTEMBER, **said)
            by_hand = True
        elif what == "unlock" and locked:
            locking.unlock(session, initiative, SEPTEMBER, **said)
            by_hand, opened = False, now
        elif what == "rule" and days != wait:
            locking.lock_after(session, initiative, wait, **said)
            days, since = wait, now
        elif what == "no rule" and days is not None:
            locking.lock_after(session, initiative, None, **said)
            days = None
        moment = now + timedelta(seconds=1)
        seen.append((moment, is_locked(moment)))
    found = [(at, SEPTEMBER in locked_periods(session, initiative, at)) for at, _expected in seen]
    savepoint.rollback()
    session.expire_all()
    assert found == seen


def test_who_reports_and_who_reviews_see_what_is_due_how_late_and_how_much_has_come(session, world):
    accepted(session, world, {A: 20}, START)
    at = datetime(2026, 11, 13, tzinfo=UTC)
    for name in ("manager", "reviewer"):
        rows = due_periods(session, world.initiative.key, who=who(session, world, name), at=at).set_index("period")
        assert [rows.index[0], rows.index[1], rows.index[-1], len(rows)] == ["2026-10", "2026-09", "2025-01", 22]
        september = rows.loc["2026-09"]
        assert (september["due_on"], september["days_late"]) == (date(2026, 10, 10), 34)
        assert (september["schools_reporting"], september["schools_expected"]) == (1, 6)
        assert september["share"] == pytest.approx(100 / 6) and rows.loc["2026-10", "days_late"] == 3
    locking.lock(session, world.initiative, SEPTEMBER, by=who(session, world, "reviewer"), reason="Final.", at=at)
    told = due_periods(session, world.initiative.key, who=who(session, world, "manager"), at=at + timedelta(hours=1))
    row = told.set_index("period").loc["2026-09"]
    assert (row["locked"], row["locked_by"], row["reason"]) == (True, "reviewer", "Final.")
