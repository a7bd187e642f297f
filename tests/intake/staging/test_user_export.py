"""An export of users on its way in: counted as it comes, decided on, submitted, and nobody of it on the disk."""

import hashlib
import json

import pytest
from sqlmodel import select

from access.identity import identity_of_email
from data_model.engine import open_session
from data_model.submissions import Submission, SubmissionContent
from intake.options import Options
from intake.refusal import Refused
from intake.staging import drafts
from intake.staging.outcome import check_draft, submit_draft
from intake.staging.waiting import EXPORTS, KEPT_SECONDS, MOST_WAITING, Waiting
from intake.user_export.counting import count_users
from tests.factories import START
from tests.intake.staging.conftest import kept
from tests.intake.staging.test_route import MANAGER, Sender, in_pieces
from tests.intake.user_export.exports import export, table, user, workbook

NAMES = (b"bekova", b"person1", b"user-0", b"acct-1", b"@edu")
USERS = [user(number, groups="school 001025", role="", email=f"person{number}@edu.org") for number in range(1, 40)]
TEXT = export(*USERS, user(99, groups="Lyceum", email="person1@x.org", role="")).encode("utf-16")


@pytest.fixture
def manager(engine, folder):
    return Sender(engine, folder, MANAGER)


def brought(manager, content, **given):
    """Return the draft that a file becomes, sent in small pieces."""
    answer = manager.send(in_pieces(content, 997), **given)
    assert answer.status == 201, answer.text
    return drafts.find(manager.folder, json.loads(answer.text)["draft"], manager.account_id)


def names_in(manager):
    held = kept(manager.folder).lower()
    return [name for name in NAMES if name in held or name.decode().encode("utf-16-le") in held]


@pytest.mark.parametrize("content", [TEXT, TEXT.decode("utf-16").encode(), workbook(table(*USERS))])
def test_an_export_becomes_a_draft_of_counts_and_no_name_reaches_the_disk(manager, engine, content):
    draft = brought(manager, content, name="users of person1@x.org.csv")
    assert (draft.size, draft.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert draft.counted and not draft.has_content and draft.weight == 0
    assert names_in(manager) == [] and not list(manager.folder.glob("incoming/*"))
    with open_session(engine) as session:
        who = identity_of_email(session, MANAGER)
        first = check_draft(session, draft, "first", by=who, at=START)
        assert [f.code for f in first.findings if f.severity == "error"] == ["audience_unclear"]
        draft = drafts.decide(draft, Options(audience="teachers", by="groups", schools={"lyceum": "001024"}))
        outcome = check_draft(session, draft, "second", by=who, at=START)
        assert outcome.acceptable and outcome.recognised.kept["users"]["with_school"] == outcome.rows.read
    with open_session(engine, write=True) as session:
        made = submit_draft(session, draft, "second", by=who, note="", at=START)
        session.commit()
        held = session.get_one(SubmissionContent, made.id).original
        assert held and held.startswith(b"school_code,period,licences_allocated") and b"001025,2026-10,39,39" in held
        assert (made.sha256, made.size, made.file_name) == (draft.sha256, len(content), draft.file_name)
    assert names_in(manager) == []


def test_a_restart_asks_for_the_file_again(manager, engine):
    draft = brought(manager, TEXT)
    with open_session(engine, write=True) as session:
        who = identity_of_email(session, MANAGER)
        draft = drafts.decide(draft, Options(audience="teachers"))
        check_draft(session, draft, "key", by=who, at=START)
        EXPORTS.forget(draft.token)
        assert not drafts.is_whole(draft)
        for again in (
            lambda: check_draft(session, draft, "other", by=who, at=START),
            lambda: submit_draft(session, draft, "key", by=who, note="", at=START),
        ):
            with pytest.raises(Refused) as caught:
                again()
            assert caught.value.code == "draft_gone"
        assert not session.exec(select(Submission)).all()


@pytest.mark.parametrize(
    "content", [TEXT.decode("utf-16").encode() + b"\xff\xfe\xff", TEXT[:-1], b"PK\x03\x04user_status is_active cadence"]
)  # fmt: skip
def test_a_damaged_export_leaves_nothing_either(manager, content):
    manager.send(in_pieces(content, 997))
    assert names_in(manager) == []


def test_an_export_may_not_be_larger_than_any_other_file(manager, monkeypatch):
    monkeypatch.setattr("intake.staging.user_export.MOST_CSV_BYTES", 2000)
    assert manager.refused(in_pieces(TEXT, 997)) == (413, "file_too_large")


def test_counts_wait_for_hours_since_they_were_looked_at_and_not_too_many_of_them():
    now = [0.0]
    waiting = Waiting(lambda: now[0])
    counted = count_users(TEXT)
    assert counted is not None
    waiting.keep("a", counted)
    for _again in range(2):
        now[0] += KEPT_SECONDS
        assert waiting.find("a") is counted
    now[0] += KEPT_SECONDS + 1
    assert waiting.find("a") is None
    for number in range(MOST_WAITING + 1):
        now[0] += 1
        waiting.keep(str(number), counted)
    assert waiting.find("0") is None and waiting.find("1") is counted
    waiting.forget("1")
    assert waiting.find("1") is None
