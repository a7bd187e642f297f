"""Releases: what they hold, who may make one, and that they stand still."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from access import audit
from access.identity import identify
from access.refusal import NotAllowed
from data_model.participation import ensure_periods
from data_model.people import AuditEvent
from data_model.periods import Period
from data_model.releases import Release, ReleasedFigure
from data_model.rollups import refresh
from data_model.submissions import Observation, Submission
from publishing import releases
from publishing.releases import ReleaseRefused
from tests.factories import START, make_account, make_grant, make_world

PERIOD = "2026-09"
# Per school: 001024 and 001025 in KZ-75-01, 002017 in KZ-75-02, 020311 and 100450 in KZ-10-01, 100451 in KZ-10-02.
PLENTY = {
    "001024": {"teachers_total": 40, "teachers_active": 20, "messages_sent": 300, "licences_allocated": 40,
               "licences_activated": 30},
    "002017": {"teachers_total": 30, "teachers_active": 12, "messages_sent": 200},
    "020311": {"teachers_total": 50, "teachers_active": 25, "messages_sent": 900},
    "100450": {"teachers_total": 25, "teachers_active": 0, "messages_sent": 0},
}  # fmt: skip


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def reviewer(session, world):
    return identify(session, world.accounts["reviewer"])


def report(session, world, statements, at=START, period=PERIOD):
    """Store these statements as an accepted submission would, and bring the rollups up to date."""
    submission = Submission(
        initiative_id=world.initiative.id, file_name="a.csv", sha256="0" * 64, size=1, reading={}, summary={},
        fingerprint="f", submitted_by=world.accounts["manager"].id, submitted_at=at, state="accepted", decided_at=at,
    )  # fmt: skip
    session.add(submission)
    session.flush()
    periods = ensure_periods(session, world.initiative, [Period.parse(period)])
    number = periods[Period.parse(period).starts_on].id
    assert number is not None
    for code, values in statements.items():
        for key, value in values.items():
            school, metric = world.schools[code].id, world.metrics[key].id
            held = session.exec(
                select(Observation).where(
                    Observation.school_id == school,
                    Observation.metric_id == metric,
                    Observation.period_id == number,
                    col(Observation.superseded_at).is_(None),
                )
            ).one_or_none()
            if held is not None:
                held.superseded_at = at
                session.flush()
            session.add(
                Observation(
                    initiative_id=world.initiative.id, school_id=school, metric_id=metric, period_id=number,
                    state="reported" if value is not None else "not_applicable", value=value,
                    submission_id=submission.id, row=2, recorded_at=at,
                )
            )  # fmt: skip
            session.flush()
    refresh(session, initiative_id=world.initiative.id, country="KZ", period_ids=[number], at=at)
    session.flush()


def figures(session, release):
    """Return {(measure, area): figure} of the period of the tests."""
    query = select(ReleasedFigure).where(ReleasedFigure.release_id == release.id, ReleasedFigure.period == PERIOD)
    return {(figure.measure, figure.area_code): figure for figure in session.exec(query).all()}


def test_a_release_holds_the_figures_of_the_country_and_its_regions(session, world, reviewer):
    report(session, world, PLENTY)
    made = releases.release(session, by=reviewer, note="Third quarter", at=START + timedelta(hours=1))
    held = figures(session, made)
    assert {area for _, area in held} == {"KZ", "KZ-75", "KZ-10"}
    assert {measure for measure, _ in held} == {*world.metrics, *world.indicators}
    active = held["teachers_active", "KZ-75"]
    assert (active.state, active.value, active.numerator, active.denominator) == ("reported", 32, 32, None)
    assert (active.schools_reporting, active.schools_expected) == (2, 3)
    rate = held["teacher_activation", "KZ"]
    assert (rate.numerator, rate.denominator, rate.value) == (57, 145, pytest.approx(100 * 57 / 145))
    assert held["usefulness_score", "KZ"].state == "not_reported"
    assert held["usefulness_score", "KZ"].schools_reporting == 0
    assert releases.counts(session, made) == releases.Counts(figures=3 * 12, suppressed=0)
    assert releases.latest(session) == made


def test_zero_not_reported_not_applicable_and_suppressed_are_four_things(session, world, reviewer):
    report(
        session,
        world,
        {
            "001024": {"teachers_active": 0, "teachers_total": 20, "training_hours": None},
            "020311": {"teachers_active": 3, "teachers_total": 30},
        },
    )
    held = figures(session, releases.release(session, by=reviewer, note="", at=START + timedelta(hours=1)))
    assert (held["teachers_active", "KZ-75"].state, held["teachers_active", "KZ-75"].value) == ("reported", 0)
    assert held["teachers_trained", "KZ-75"].state == "not_reported"
    assert held["training_hours", "KZ-75"].state == "not_applicable"
    withheld = held["teachers_active", "KZ-10"]
    assert withheld.state == "suppressed"
    assert (withheld.value, withheld.numerator, withheld.denominator, withheld.schools_reporting) == (None,) * 4
    assert withheld.schools_expected == 3


def test_what_is_withheld_is_not_given_back_by_the_nation_or_the_rate(session, world, reviewer):
    report(session, world, PLENTY | {"020311": {"teachers_total": 50, "teachers_active": 3, "messages_sent": 90}})
    held = figures(session, releases.release(session, by=reviewer, note="", at=START + timedelta(hours=1)))
    states = {key: figure.state for key, figure in held.items()}
    # The region with three active teachers, its rate, and everything about them ...
    assert states["teachers_active", "KZ-10"] == states["teacher_activation", "KZ-10"] == "suppressed"
    assert states["messages_sent", "KZ-10"] == "suppressed"
    # ... and of the two regions the other too, or the nation less the other would give it back.
    assert "suppressed" in (states["teachers_active", "KZ-75"], states["teachers_active", "KZ"])
    assert "suppressed" in (states["messages_sent", "KZ-75"], states["messages_sent", "KZ"])
    assert states["teachers_total", "KZ-10"] == states["teachers_total", "KZ"] == "reported"


def test_a_release_stands_still_while_figures_move(session, world, reviewer):
    report(session, world, PLENTY)
    first = releases.release(session, by=reviewer, note="first", at=START + timedelta(hours=1))
    before = {key: figure.value for key, figure in figures(session, first).items()}
    report(session, world, {"001024": {"teachers_active": 35}}, at=START + timedelta(hours=2))
    second = releases.release(session, by=reviewer, note="second", at=START + timedelta(hours=3))
    session.expire_all()
    assert {key: figure.value for key, figure in figures(session, first).items()} == before
    assert figures(session, second)["teachers_active", "KZ"].value == 72
    assert releases.latest(session).id == second.id
    second.withdrawn_at = START + timedelta(hours=4)
    session.flush()
    assert releases.latest(session).id == first.id


def test_a_late_small_region_is_not_found_between_two_releases(session, world, reviewer):
    report(session, world, {code: PLENTY[code] for code in ("001024", "002017")})
    releases.release(session, by=reviewer, note="without KZ-10", at=START + timedelta(hours=1))
    report(session, world, {"020311": {"teachers_active": 3, "teachers_total": 50}}, at=START + timedelta(hours=2))
    second = releases.release(session, by=reviewer, note="with KZ-10", at=START + timedelta(hours=3))
    states = {key: figure.state for key, figure in figures(session, second).items()}
    # KZ-75 is public since the first release, so the nation cannot be shown beside it.
    assert states["teachers_active", "KZ-10"] == states["teachers_active", "KZ"] == "suppressed"


def test_releasing_is_recorded_and_takes_a_reviewer_of_everything(session, world, reviewer):
    report(session, world, PLENTY)
    with pytest.raises(NotAllowed):
        releases.release(session, by=identify(session, world.accounts["manager"]), note="", at=START)
    account = make_account(session, "region@example.org")
    make_grant(session, account, "reviewer", area_id=world.areas["KZ-75"].id)
    with pytest.raises(NotAllowed):
        releases.release(session, by=identify(session, account), note="", at=START)
    assert session.exec(select(Release)).all() == []
    made = releases.release(session, by=reviewer, note="ours", at=START + timedelta(hours=1))
    event = session.exec(select(AuditEvent).where(AuditEvent.action == "released")).one()
    assert (event.subject_key, event.account_id, event.details["note"]) == (str(made.id), reviewer.account_id, "ours")
    assert audit.verify(session).intact


def test_there_must_be_something_to_release_and_something_to_protect(session, world, reviewer):
    with pytest.raises(ReleaseRefused) as refused:
        releases.release(session, by=reviewer, note="", at=START)
    assert refused.value.code == "nothing_to_release"
    report(session, world, PLENTY)
    with pytest.raises(ReleaseRefused) as refused:
        releases.release(session, by=reviewer, note="", at=START, threshold=1)
    assert refused.value.code == "threshold_too_low"


def test_a_release_is_later_than_every_acceptance_it_holds(session, world, reviewer):
    world.initiative.last_recorded_at = START + timedelta(hours=5)
    report(session, world, PLENTY, at=START + timedelta(hours=5))
    made = releases.release(session, by=reviewer, note="", at=START + timedelta(hours=1))
    assert made.as_of > START + timedelta(hours=5)
    assert figures(session, made)["teachers_active", "KZ"].value == 57
