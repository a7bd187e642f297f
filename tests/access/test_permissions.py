"""Who may what: the design's table, cell by cell, and the limits of grants."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from access.identity import PUBLIC, identify, identity_of_email
from access.permissions import (
    Action,
    may,
    refusal,
    require,
    require_schools,
    schools_not_allowed,
    visible_areas,
    visible_initiatives,
)
from access.refusal import NotAllowed
from data_model.people import Account
from data_model.submissions import Observation, Submission, SubmissionArea
from tests.factories import (
    START,
    make_account,
    make_area,
    make_country,
    make_grant,
    make_initiative,
    make_lock,
    make_period,
    make_source,
    make_world,
)

PEOPLE = ("public", "analyst", "manager", "reviewer", "administrator")
# Who may, with a grant for the country; the manager asks about a submission of their own.
ALLOWED = {
    Action.READ_PUBLIC: PEOPLE,
    Action.READ_LIVE: PEOPLE[1:],
    Action.READ_SUBMISSION: PEOPLE[1:],
    Action.SUBMIT: ("manager", "administrator"),
    Action.REVIEW: ("reviewer", "administrator"),
    Action.TAKE_UP: ("reviewer", "administrator"),
    Action.RETURN: ("reviewer", "administrator"),
    Action.COMMENT: ("manager", "reviewer", "administrator"),
    Action.WITHDRAW: ("manager",),
    Action.LOCK: ("reviewer", "administrator"),
    Action.UNDO: ("manager", "reviewer", "administrator"),
    Action.RELEASE: ("reviewer", "administrator"),
    Action.ADMINISTER: ("administrator",),
}

ABOUT_A_SUBMISSION = (
    Action.REVIEW, Action.TAKE_UP, Action.RETURN, Action.COMMENT, Action.WITHDRAW, Action.UNDO, Action.READ_SUBMISSION,
)  # fmt: skip


@pytest.fixture
def world(session):
    return make_world(session)


def who(session, world, name):
    return PUBLIC if name == "public" else identify(session, world.accounts[name])


def submission_by(session, world, name, **given):
    values = {
        "initiative_id": world.initiative.id, "file_name": "a.csv", "sha256": "0" * 64, "size": 1, "reading": {},
        "summary": {}, "fingerprint": "f", "submitted_by": world.accounts[name].id, "submitted_at": START,
    } | given  # fmt: skip
    submission = Submission(**values)
    session.add(submission)
    session.flush()
    return submission


def observe(session, world, submission, period):
    session.add(
        Observation(
            initiative_id=world.initiative.id, school_id=world.schools["001024"].id,
            metric_id=world.metrics["teachers_total"].id, period_id=period.id, state="reported", value=5,
            submission_id=submission.id, row=2, recorded_at=START,
        )
    )  # fmt: skip
    session.flush()


def test_every_action_has_a_row_in_the_table():
    assert set(ALLOWED) == set(Action)


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_table_of_who_may_what(session, world, name, action):
    subject = {"initiative": world.initiative, "at": START}
    if action in ABOUT_A_SUBMISSION:
        subject = {"submission": submission_by(session, world, "manager"), "at": START}
    assert may(session, who(session, world, name), action, **subject) == (name in ALLOWED[action])


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.READ_PUBLIC])
def test_the_public_is_told_to_sign_in(session, world, action):
    found = refusal(session, PUBLIC, action, initiative=world.initiative, at=START)
    assert found is not None and found.code == "not_signed_in"


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.READ_PUBLIC])
def test_what_does_not_exist_is_refused_like_what_is_hidden(session, world, action):
    administrator = who(session, world, "administrator")
    assert not may(session, administrator, action, initiative="no-such-initiative", at=START)
    assert not may(session, administrator, action, submission=4711, at=START)
    assert not may(session, administrator, action, initiative=world.initiative, area_code="KZ-99", at=START)


@pytest.mark.parametrize("name", ["reviewer", "administrator"])
def test_nobody_reviews_their_own_submission_unless_the_instance_says_so(session, world, monkeypatch, name):
    own = submission_by(session, world, name)
    person = who(session, world, name)
    with pytest.raises(NotAllowed) as refused:
        require(session, person, Action.REVIEW, submission=own)
    assert refused.value.code == "own_submission"
    assert may(session, who(session, world, "second-reviewer"), Action.REVIEW, submission=own.id)
    monkeypatch.setenv("UPTAKE_OWN_REVIEW", "1")
    assert may(session, person, Action.REVIEW, submission=own)


def test_a_manager_undoes_their_own_while_its_period_is_open(session, world):
    period = make_period(session, world.initiative, "2026-09")
    submission = submission_by(session, world, "manager")
    observe(session, world, submission, period)
    manager, reviewer = who(session, world, "manager"), who(session, world, "reviewer")
    assert may(session, manager, Action.UNDO, submission=submission, at=START)
    make_lock(session, period, START)
    assert may(session, manager, Action.UNDO, submission=submission, at=START - timedelta(seconds=1))
    found = refusal(session, manager, Action.UNDO, submission=submission, at=START)
    assert found is not None and found.code == "period_locked"
    assert may(session, reviewer, Action.UNDO, submission=submission, at=START)


def test_a_manager_does_not_undo_or_read_what_another_made(session, world):
    make_grant(session, make_account(session, "colleague@example.org"), "manager", area_id=world.areas["KZ-10"].id)
    colleague = identity_of_email(session, "colleague@example.org")
    submission = submission_by(session, world, "manager")
    for action in (Action.UNDO, Action.READ_SUBMISSION, Action.REVIEW):
        assert not may(session, colleague, action, submission=submission, at=START)


def test_a_submission_is_read_by_who_may_see_all_its_schools_and_by_who_decides_on_any(session, world):
    """A file of two regions: of one region a reviewer reads it, an analyst does not; elsewhere nobody does."""
    for name, role, area in (
        ("reviewer-75", "reviewer", "KZ-75"), ("analyst-75", "analyst", "KZ-75"), ("manager-75", "manager", "KZ-75"),
        ("reviewer-of-a-district", "reviewer", "KZ-10-02"), ("analyst-of-a-district", "analyst", "KZ-75-01"),
    ):  # fmt: skip
        make_grant(session, make_account(session, f"{name}@example.org"), role, area_id=world.areas[area].id)
    read = {}
    for title, districts in (("both", ("KZ-75-01", "KZ-10-01")), ("one", ("KZ-75-01", "KZ-75-02"))):
        submission = submission_by(session, world, "manager")
        for district in districts:
            session.add(SubmissionArea(submission_id=submission.id, area_id=world.areas[district].id))
        session.flush()
        people = session.exec(select(Account.email).where(col(Account.email).contains("-"))).all()
        read[title] = {
            email.split("@")[0]
            for email in people
            if may(session, identity_of_email(session, email), Action.READ_SUBMISSION, submission=submission)
        }
    assert read["both"] == {"reviewer-75", "second-reviewer"}
    assert read["one"] == {"reviewer-75", "analyst-75", "manager-75", "second-reviewer"}


def test_a_grant_holds_in_its_country_area_and_initiative_only(session, world):
    other = make_initiative(session, make_source(session, "S2"), "kz-ai-teachers")
    make_country(session, "EE", time_zone="Europe/Tallinn")
    abroad = make_initiative(session, make_source(session, "S3"), "ee-ti-hupe", country="EE")
    limits = {
        "by-country": {"country": "KZ"},
        "by-area": {"area_id": world.areas["KZ-75"].id},
        "by-initiative": {"initiative_id": world.initiative.id},
        "anywhere": {},
    }
    reached = {}
    for name, limit in limits.items():
        account = make_account(session, f"{name}@example.org")
        make_grant(session, account, "manager", **limit)
        person = identify(session, account)
        reached[name] = {
            initiative.key
            for initiative in (world.initiative, other, abroad)
            if may(session, person, Action.SUBMIT, initiative=initiative)
        }
        assert reached[name] == {initiative.key for initiative in visible_initiatives(session, person)}
    assert reached == {
        "by-country": {"kz-chatgpt-edu", "kz-ai-teachers"},
        "by-area": {"kz-chatgpt-edu", "kz-ai-teachers"},
        "by-initiative": {"kz-chatgpt-edu"},
        "anywhere": {"kz-chatgpt-edu", "kz-ai-teachers", "ee-ti-hupe"},
    }


def test_live_figures_are_seen_where_the_grant_holds_and_below(session, world):
    account = make_account(session, "region@example.org")
    make_grant(session, account, "analyst", area_id=world.areas["KZ-75"].id)
    person = identify(session, account)

    def sees(code):
        return may(session, person, Action.READ_LIVE, initiative="kz-chatgpt-edu", area_code=code)

    assert sees("KZ-75") and sees("KZ-75-01")
    assert not sees("KZ") and not sees("KZ-10") and not sees("KZ-10-02")
    assert not may(session, person, Action.READ_LIVE, initiative="kz-chatgpt-edu")
    assert [area.code for area in visible_areas(session, person, world.initiative)] == ["KZ-75"]
    assert visible_areas(session, PUBLIC, world.initiative) == []


def test_no_grant_reaches_an_area_of_another_country(session, world):
    make_country(session, "EE", time_zone="Europe/Tallinn")
    account = make_account(session, "anywhere@example.org")
    make_grant(session, account, "administrator")
    assert not may(session, identify(session, account), Action.READ_LIVE, initiative=world.initiative, area_code="EE")


def test_a_manager_of_an_area_submits_its_schools_only(session, world):
    account = make_account(session, "region@example.org")
    make_grant(session, account, "manager", area_id=world.areas["KZ-75"].id)
    person = identify(session, account)
    everywhere = [school.id for school in world.schools.values()]
    inside = [world.schools[code].id for code in ("001024", "001025", "002017")]
    outside = sorted(set(everywhere) - set(inside))
    subject = {"initiative": world.initiative}
    require_schools(session, person, Action.SUBMIT, inside, **subject)
    assert schools_not_allowed(session, person, Action.SUBMIT, everywhere, **subject) == outside
    with pytest.raises(NotAllowed) as refused:
        require_schools(session, person, Action.SUBMIT, everywhere, **subject)
    assert refused.value.code == "schools_outside_grant" and "3 schools" in refused.value.message
    assert schools_not_allowed(session, who(session, world, "manager"), Action.SUBMIT, everywhere, **subject) == []
    assert schools_not_allowed(session, PUBLIC, Action.SUBMIT, inside, **subject) == sorted(inside)


def test_a_managers_grant_lends_nothing_to_the_undo_of_anothers_submission(session, world):
    account = make_account(session, "both@example.org")
    make_grant(session, account, "reviewer", area_id=world.areas["KZ-75"].id)
    make_grant(session, account, "manager", area_id=world.areas["KZ-10"].id)
    person = identify(session, account)
    school = [world.schools["100450"].id]
    of_another = submission_by(session, world, "manager")
    own = submission_by(session, world, "manager", submitted_by=account.id)
    assert schools_not_allowed(session, person, Action.UNDO, school, submission=of_another) == school
    assert schools_not_allowed(session, person, Action.UNDO, school, submission=own) == []


def test_releasing_takes_a_grant_for_all_of_the_initiative(session, world):
    account = make_account(session, "region@example.org")
    make_grant(session, account, "reviewer", area_id=world.areas["KZ-75"].id)
    person = identify(session, account)
    assert not may(session, person, Action.RELEASE, initiative=world.initiative)
    assert may(session, who(session, world, "reviewer"), Action.RELEASE, initiative=world.initiative)


def test_administering_the_instance_takes_a_grant_without_limits(session, world):
    assert not may(session, who(session, world, "administrator"), Action.ADMINISTER)
    account = make_account(session, "root@example.org")
    make_grant(session, account, "administrator")
    assert may(session, identify(session, account), Action.ADMINISTER)


def test_a_revoked_grant_and_a_disabled_account_open_nothing(session, world):
    account = make_account(session, "gone@example.org")
    grant = make_grant(session, account, "administrator")
    assert identify(session, account).grants
    grant.revoked_at = START
    session.flush()
    assert identify(session, account).grants == ()
    account.disabled_at = START
    session.flush()
    with pytest.raises(NotAllowed) as refused:
        identity_of_email(session, "gone@example.org")
    assert refused.value.code == "disabled_account"


def test_a_new_district_is_seen_by_whoever_has_the_region(session, world):
    below = make_area(session, "KZ-75-01-A", world.areas["KZ-75-01"])
    account = make_account(session, "region@example.org")
    make_grant(session, account, "analyst", area_id=world.areas["KZ-75"].id)
    assert may(session, identify(session, account), Action.READ_LIVE, initiative=world.initiative, area_id=below.id)
