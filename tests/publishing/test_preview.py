"""Before and after a release: what it would show, and taking it back."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from access import audit
from access.identity import identify
from access.instance_settings import change
from access.refusal import NotAllowed
from data_model.engine import open_session
from data_model.people import Account, AuditEvent
from data_model.releases import Release, ReleasedFigure
from publishing import __main__ as commands
from publishing import releases
from publishing.preview import preview
from publishing.releases import ReleaseRefused
from tests.factories import START, make_account, make_grant, make_world
from tests.publishing.test_releases import PLENTY, report

SMALL = {"020311": {"teachers_total": 50, "teachers_active": 3, "messages_sent": 90}}


@pytest.fixture
def world(session):
    return make_world(session)


@pytest.fixture
def reviewer(session, world):
    return identify(session, world.accounts["reviewer"])


def at(hours):
    return START + timedelta(hours=hours)


def what(found):
    return {(row.measure, row.area): row.what for row in found.changes.itertuples()}


def test_a_preview_is_what_the_release_then_holds(session, world, reviewer):
    report(session, world, PLENTY | SMALL)
    found = preview(session, by=reviewer, at=at(1))
    assert session.exec(select(Release)).all() == [], "looking changes nothing"
    made = releases.release(session, by=reviewer, note="", at=at(1))
    assert found.counts == releases.counts(session, made)
    held = session.exec(select(ReleasedFigure).where(ReleasedFigure.release_id == made.id)).all()
    assert {(row.measure, row.area): row.state_now for row in found.changes.itertuples()} == {
        (figure.measure, figure.area_code): figure.state for figure in held
    }
    assert found.last_release is None and set(what(found).values()) == {"new"}
    assert sum(found.states.values()) == found.counts.figures


@pytest.mark.parametrize("meanwhile", ["figures", "rule", "release", "withdrawal", "nothing"])
def test_a_release_is_what_its_preview_showed_or_is_refused(session, world, reviewer, meanwhile):
    report(session, world, PLENTY)
    releases.release(session, by=reviewer, note="", at=at(1))
    looked_at = preview(session, by=reviewer, at=at(2))
    threshold = None
    if meanwhile == "figures":
        report(session, world, {"001024": {"teachers_active": 22}}, at=at(3))
    elif meanwhile == "rule":
        threshold = 6
    elif meanwhile == "release":
        releases.release(session, by=reviewer, note="", at=at(3))
    elif meanwhile == "withdrawal":
        releases.withdraw(session, 1, by=reviewer, reason="why", at=at(3))
    given = {"by": reviewer, "note": "", "threshold": threshold, "fingerprint": looked_at.fingerprint}
    if meanwhile == "nothing":
        made = releases.release(session, at=at(4), **given)
        assert releases.counts(session, made) == looked_at.counts
    else:
        before = len(session.exec(select(Release)).all())
        with pytest.raises(ReleaseRefused) as refused:
            releases.release(session, at=at(4), **given)
        assert refused.value.code == "stale_fingerprint"
        assert len(session.exec(select(Release)).all()) == before


def test_the_rule_of_the_instance_is_that_of_its_releases(session, world, reviewer):
    report(session, world, PLENTY | SMALL)
    grant = make_grant(session, make_account(session, "chief@example.org"), "administrator")
    chief = identify(session, session.get_one(Account, grant.account_id))
    assert releases.release(session, by=reviewer, note="", at=at(1)).threshold == 5
    change(session, chief, "disclosure_threshold", "30", at(2))
    looked_at = preview(session, by=reviewer, at=at(3))
    assert (looked_at.threshold, looked_at.to_withdraw) == (30, [1])
    made = releases.release(session, by=reviewer, note="", at=at(3), fingerprint=looked_at.fingerprint)
    assert made.threshold == 30 and releases.counts(session, made).suppressed == looked_at.counts.suppressed


def test_changes_are_those_against_the_last_public_release(session, world, reviewer):
    report(session, world, PLENTY)
    releases.release(session, by=reviewer, note="", at=at(1))
    assert preview(session, by=reviewer, at=at(2)).changes.empty
    report(session, world, {"001024": {"teachers_total": 44}} | SMALL, at=at(2))
    found = preview(session, by=reviewer, at=at(3))
    assert found.last_release == 1
    assert what(found)["teachers_total", "KZ-75"] == "changed"
    assert what(found)["teachers_active", "KZ-10"] == "now_withheld"
    assert ("teachers_total", "KZ-10") not in what(found)
    row = found.changes.set_index(["measure", "area"]).loc[("teachers_total", "KZ-75")]
    assert (row.before, row.now) == (70, 74)


def test_what_is_withheld_says_why(session, world, reviewer):
    report(session, world, PLENTY | SMALL)
    found = preview(session, by=reviewer, at=at(1))
    why = {(row.measure, row.area): (row.reason, row.figures) for row in found.withheld.itertuples()}
    assert why["teachers_active", "KZ-10"] == ("small_count", 1)
    assert why["messages_sent", "KZ-10"] == ("same_people", 1)
    assert "gives_away" in {reason for reason, _count in why.values()}
    assert found.withheld["figures"].sum() == found.counts.suppressed


def test_periods_that_are_not_final_are_named(session, world, reviewer):
    report(session, world, PLENTY)
    (row,) = preview(session, by=reviewer, at=at(1)).provisional.itertuples()
    assert (row.period, row.reason, row.schools_reporting, row.schools_expected) == ("2026-09", "below_threshold", 4, 6)
    report(session, world, {code: {"teachers_total": 40} for code in world.schools if code not in PLENTY}, at=at(2))
    assert preview(session, by=reviewer, at=at(3)).provisional.empty
    report(session, world, {code: {"teachers_total": 40} for code in world.schools}, at=at(4), period="2026-11")
    (row,) = preview(session, by=reviewer, at=at(5)).provisional.itertuples()
    assert (row.period, row.reason) == ("2026-11", "not_yet_due")
    assert preview(session, by=reviewer, at=START + timedelta(days=60)).provisional.empty


def test_a_stricter_rule_names_the_releases_to_withdraw(session, world, reviewer):
    report(session, world, PLENTY)
    for hours, threshold in ((1, 3), (2, 5), (3, 10)):
        releases.release(session, by=reviewer, note="", at=at(hours), threshold=threshold)
    assert preview(session, by=reviewer, at=at(4), threshold=10).to_withdraw == [1, 2]
    releases.withdraw(session, 1, by=reviewer, reason="weaker rule", at=at(5))
    assert releases.made_under_weaker_rule(session, 10) == [2]
    assert releases.made_under_weaker_rule(session, 5) == []


def test_withdrawing_is_recorded_and_takes_a_reviewer_and_a_reason(session, world, reviewer):
    report(session, world, PLENTY)
    releases.release(session, by=reviewer, note="", at=at(1))
    region = make_account(session, "region@example.org")
    make_grant(session, region, "reviewer", area_id=world.areas["KZ-75"].id)
    for who in (world.accounts["manager"], region):
        with pytest.raises(NotAllowed):
            releases.withdraw(session, 1, by=identify(session, who), reason="why", at=at(2))
    for number, reason, code in ((1, "  ", "reason_missing"), (9, "why", "release_unknown")):
        with pytest.raises(ReleaseRefused) as refused:
            releases.withdraw(session, number, by=reviewer, reason=reason, at=at(2))
        assert refused.value.code == code
    assert releases.latest(session) is not None
    releases.withdraw(session, 1, by=reviewer, reason=" a wrong file ", at=at(2))
    with pytest.raises(ReleaseRefused) as refused:
        releases.withdraw(session, 1, by=reviewer, reason="again", at=at(3))
    assert refused.value.code == "release_withdrawn"
    event = session.exec(select(AuditEvent).where(AuditEvent.action == "release_withdrawn")).one()
    assert (event.subject_key, event.details) == ("1", {"reason": "a wrong file"})
    assert audit.verify(session).intact and releases.latest(session) is None
    (row,) = releases.listing(session).itertuples()
    assert (row.release, row.withdrawal_reason, row.withdrawn_at) == (1, "a wrong file", at(2))


def test_from_the_command_line(engine, database, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database)
    with open_session(engine, write=True) as session:
        report(session, make_world(session), PLENTY | SMALL)
        session.commit()
    by = ["--by", "reviewer@example.org"]
    assert commands.main(["preview", *by, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["figures"], said["last_release"], len(said["changes"])) == (36, None, 36) and said["withheld"]
    assert commands.main(["release", *by, "--note", "one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["suppressed"] == said["suppressed"]
    assert commands.main(["withdraw", "1", *by, "--reason", "wrong", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"release": 1, "state": "withdrawn", "reason": "wrong"}
    assert commands.main(["withdraw", "1", *by, "--reason", "wrong", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"] == "release_withdrawn"
