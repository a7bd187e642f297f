"""Runs of the rows of `access/`."""

from collections.abc import Collection
from datetime import timedelta

from sqlmodel import select

from access import instance_settings, own_account, trail
from access.accounts import Attempt
from access.invitations import account_of_link, invite, make_link
from access.matrix.table import Asker
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
from data_model.participation import ReportingPeriod
from data_model.people import AuditEventPlace
from tests.access.matrix.world import NOW, REGION, SCHOOL, Case, runs
from tests.factories import make_lock


def asked(case: Case, action: Action, **subject: object) -> None:
    """Ask in all three ways, which must agree."""
    found = refusal(case.session, case.who, action, **subject)
    assert may(case.session, case.who, action, **subject) == (found is None)
    require(case.session, case.who, action, **subject)


@runs("access.instance_settings.change")
def change_a_setting(case: Case) -> None:
    made = instance_settings.change(case.session, case.who, "disclosure_threshold", "10", case.at)
    assert made is not None and instance_settings.disclosure_threshold(case.session) == 10


@runs("access.instance_settings.history")
def what_a_setting_said(case: Case) -> None:
    assert instance_settings.history(case.session, case.who, "disclosure_threshold") == []


@runs("access.invitations.invite")
def invite_somebody(case: Case) -> None:
    key = case.initiative.key
    link = invite(case.session, case.who, email="new@example.org", role="manager", initiative=key, at=case.at)
    assert account_of_link(case.session, link.token, at=case.at).email == "new@example.org"


@runs("access.invitations.make_link")
def link_for_a_colleague(case: Case) -> None:
    assert make_link(case.session, case.who, case.country.world.accounts["colleague"], at=case.at).token


@runs("access.invitations.make_link (for somebody with every grant)")
def link_for_the_chief(case: Case) -> None:
    assert make_link(case.session, case.who, case.country.world.accounts["everywhere"], at=case.at).token


@runs("access.own_account.change_password")
def another_password(case: Case) -> None:
    right = Attempt(case.who.account_id, right=True)
    own_account.change_password(case.session, case.who, right, "correct horse battery", at=case.at)


@runs("access.own_account.change_profile")
def another_name(case: Case) -> None:
    own_account.change_profile(case.session, case.who, name="Somebody", language="kk", at=case.at)
    assert own_account.own(case.session, case.who).name == "Somebody"


@runs("access.own_account.has_password")
def whether_a_password_opens_it(case: Case) -> None:
    assert own_account.has_password(case.session, case.who) in (True, False)


@runs("access.own_account.held_roles")
def own_roles(case: Case) -> None:
    assert len(own_account.held_roles(case.session, case.who)) == len(case.who.grants)


@runs("access.own_account.open_sessions")
def own_sessions(case: Case) -> None:
    assert isinstance(own_account.open_sessions(case.session, case.who, None, case.at), list)


@runs("access.own_account.own")
def own_row(case: Case) -> None:
    assert own_account.own(case.session, case.who).id == case.who.account_id


@runs("access.own_account.sign_out_elsewhere")
def sign_out_elsewhere(case: Case) -> None:
    own_account.sign_out_elsewhere(case.session, case.who, at=case.at)
    assert own_account.open_sessions(case.session, case.who, None, case.at) == []


@runs("access.permissions.require (administer)")
def administer(case: Case) -> None:
    asked(case, Action.ADMINISTER, initiative=case.initiative)


@runs("access.permissions.require (administer a country)")
def administer_a_country(case: Case) -> None:
    asked(case, Action.ADMINISTER, country=case.initiative.country)


@runs("access.permissions.require (administer the instance)")
def administer_the_instance(case: Case) -> None:
    asked(case, Action.ADMINISTER)


@runs("access.permissions.require (read_live)")
def read_live(case: Case) -> None:
    asked(case, Action.READ_LIVE, initiative=case.initiative, area_code=REGION)


@runs("access.permissions.require (read_public)")
def read_public(case: Case) -> None:
    asked(case, Action.READ_PUBLIC)


@runs("access.permissions.require (read_submission)")
def read_submission(case: Case) -> None:
    asked(case, Action.READ_SUBMISSION, submission=case.waiting)


@runs("access.permissions.require (release)")
def release(case: Case) -> None:
    asked(case, Action.RELEASE, initiative=case.initiative)


@runs("access.permissions.require (review)")
def review(case: Case) -> None:
    asked(case, Action.REVIEW, submission=case.waiting, at=case.at)


@runs("access.permissions.require (submit)")
def submit(case: Case) -> None:
    asked(case, Action.SUBMIT, initiative=case.initiative, at=case.at)


@runs("access.permissions.require (undo)")
def undo(case: Case) -> None:
    asked(case, Action.UNDO, submission=case.accepted, at=case.at)


@runs("access.permissions.require (undo, its period locked)")
def undo_in_a_locked_period(case: Case) -> None:
    for period in case.session.exec(select(ReportingPeriod)).all():
        make_lock(case.session, period, NOW - timedelta(hours=1))
    asked(case, Action.UNDO, submission=case.accepted, at=case.at)


@runs("access.permissions.require_schools (review)")
def review_its_schools(case: Case) -> None:
    _schools(case, Action.REVIEW)


@runs("access.permissions.require_schools (submit)")
def submit_its_schools(case: Case) -> None:
    _schools(case, Action.SUBMIT)


def _schools(case: Case, action: Action) -> None:
    schools = [case.country.world.schools[SCHOOL].id or 0]
    outside = schools_not_allowed(case.session, case.who, action, schools, initiative=case.initiative)
    assert outside in ([], schools)
    require_schools(case.session, case.who, action, schools, initiative=case.initiative)
    assert not outside


@runs("access.permissions.visible_areas")
def areas(case: Case) -> str | None:
    codes = [area.code for area in visible_areas(case.session, case.who, case.initiative)]
    return {(): "nothing", ("KZ",): None, ("KZ-10",): "own region"}[tuple(codes)]


@runs("access.permissions.visible_initiatives")
def initiatives(case: Case) -> str | None:
    keys = {initiative.key for initiative in visible_initiatives(case.session, case.who)}
    if case.asker in (Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY):
        assert keys, "what their own grant names is theirs"
    return None if case.initiative.key in keys else "nothing"


def _seen(found: Collection[object]) -> str | None:
    return None if found else "nothing"


@runs("access.trail.everything")
def all_events(case: Case) -> str | None:
    wanted = trail.Search(initiative=case.initiative.key)
    return _seen(list(trail.everything(case.session, case.who, wanted)))


@runs("access.trail.initiatives")
def initiatives_of_events(case: Case) -> str | None:
    return _seen(set(trail.initiatives(case.session, case.who)) & {case.initiative.key})


@runs("access.trail.one")
def an_event(case: Case) -> str | None:
    about = select(AuditEventPlace.event_id).where(AuditEventPlace.initiative == case.initiative.key)
    found = trail.one(case.session, case.who, case.session.exec(about).first() or 0)
    return _seen([found] if found else [])


@runs("access.trail.search")
def events(case: Case) -> str | None:
    # Without naming the initiative: what else they see is not of it.
    entries = trail.search(case.session, case.who, trail.Search(subject_type="submission")).entries
    return _seen(entries)
