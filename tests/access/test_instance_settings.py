"""The settings of the instance: what they say, who may change them, and what is kept of a change."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from access import instance_settings, settings
from access.identity import identify
from access.instance_settings import SETTINGS, SettingRefused, change
from data_model.people import AuditEvent, Role
from tests.factories import START, make_account, make_grant


@pytest.fixture
def administrator(session: Session):
    account = make_account(session, "chief@example.org")
    make_grant(session, account, Role.ADMINISTRATOR)
    return identify(session, account)


def test_a_setting_nobody_set_has_its_default_and_every_default_is_valid(session, administrator):
    assert instance_settings.values(session) == {key: one.default for key, one in SETTINGS.items()}
    assert instance_settings.disclosure_threshold(session) == 5
    assert instance_settings.instance(session).licence.code == "CC-BY-4.0"
    for key, one in SETTINGS.items():
        assert change(session, administrator, key, f" {one.default}\r\n", START) is None, key


def test_a_change_is_versioned_and_audited_with_before_and_after(session, administrator):
    for hour, written in enumerate(("10", "10", "007")):
        change(session, administrator, "disclosure_threshold", written, START + timedelta(hours=hour))
    assert instance_settings.disclosure_threshold(session) == 7
    newest, first = instance_settings.history(session, administrator, "disclosure_threshold")
    assert (first.value, first.superseded_at, newest.set_by) == ("10", newest.recorded_at, administrator.account_id)
    events = session.exec(select(AuditEvent).where(AuditEvent.subject_type == "instance_setting")).all()
    assert [event.details for event in events] == [{"before": "5", "after": "10"}, {"before": "10", "after": "7"}]


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("disclosure_threshold", "2"), ("disclosure_threshold", "5.5"), ("disclosure_threshold", "٧"),
        ("disclosure_threshold", "9" * 30), ("disclosure_threshold", ""), ("instance_name", " "),
        ("instance_name", "two\nlines"), ("instance_name", "x" * 201), ("operator", "a\x00b"),
        ("contact_email", "nobody"), ("contact_email", "a b@example.org"), ("licence_url", "javascript:alert(1)"),
        ("licence_url", "https://[broken"), ("own_review_allowed", "yes"), ("imprint", "x" * 20_001),
    ],
)  # fmt: skip
def test_a_setting_refuses_what_it_cannot_hold(session, administrator, key, written):
    with pytest.raises(SettingRefused) as refused:
        change(session, administrator, key, written, START)
    assert refused.value.code == "setting_invalid"
    assert session.exec(select(AuditEvent)).all() == []


def test_a_setting_that_does_not_exist_is_refused(session, administrator):
    with pytest.raises(SettingRefused, match="colour"):
        change(session, administrator, "colour", "red", START)


def test_own_review_is_as_set_unless_the_environment_says_so(session, administrator, monkeypatch):
    monkeypatch.delenv(settings.OWN_REVIEW, raising=False)
    assert not instance_settings.own_review_allowed(session)
    change(session, administrator, "own_review_allowed", "1", START)
    assert instance_settings.own_review_allowed(session)
    monkeypatch.setenv(settings.OWN_REVIEW, "0")
    assert not instance_settings.own_review_allowed(session)
