"""The audit trail: appended only, and any change to it is found."""

import hashlib
import json
import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from access import audit
from access.identity import PUBLIC, identify
from access.origin import Channel, coming_from
from data_model.engine import make_engine, open_session
from data_model.people import AuditEvent
from tests.factories import START, make_account


def note(session, number, who=None):
    return audit.record(
        session,
        at=START,
        who=who,
        action="tried",
        subject_type="test",
        subject_key=number,
        details={"n": [number, "é"]},
    )


def tamper(session, statement):
    """Change the trail as somebody with the database in hand would: without its triggers."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(sa.text(f"DROP TRIGGER audit_event_no_{verb}"))
    else:
        connection.execute(sa.text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
    connection.execute(sa.text(statement))
    session.expire_all()


def test_an_untouched_trail_is_intact(session):
    assert audit.verify(session) == audit.Verification(0, audit.FIRST_PREVIOUS)
    who = identify(session, make_account(session, "anna@example.org"))
    events = [note(session, number, who) for number in range(5)]
    session.expire_all()
    found = audit.verify(session)
    assert found.intact and found.events == 5 and found.head == events[-1].hash
    assert events[0].account_id == who.account_id and events[0].details == {"n": [0, "é"]}
    assert audit.contains(session, events[2].hash) and not audit.contains(session, "f" * 64)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'other' WHERE subject_key = '2'",
        "UPDATE audit_event SET details = '{}' WHERE subject_key = '2'",
        "UPDATE audit_event SET account_id = NULL WHERE subject_key = '2'",
        "UPDATE audit_event SET subject_key = '7' WHERE subject_key = '2'",
        "UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE subject_key = '2'",
        "UPDATE audit_event SET address = '192.0.2.9' WHERE subject_key = '2'",
        "UPDATE audit_event SET channel = 'seed' WHERE subject_key = '2'",
        "UPDATE audit_event SET channel = NULL, address = NULL WHERE subject_key = '2'",
        "DELETE FROM audit_event WHERE subject_key = '2'",
        "DELETE FROM audit_event WHERE subject_key = '0'",
    ],
)
def test_an_altered_or_removed_event_is_found(session, statement):
    who = identify(session, make_account(session, "anna@example.org"))
    with coming_from(Channel.SCREEN, "192.0.2.1"):
        for number in range(5):
            note(session, number, who)
    tamper(session, statement)
    assert not audit.verify(session).intact


def test_an_event_of_before_its_origin_was_kept_still_fits_the_chain(session):
    old = note(session, 1)
    content = [old.previous_hash, "2026-11-02T08:00:00.000000+00:00", None, "tried", "test", "1", {"n": [1, "é"]}]
    as_text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert (old.channel, old.hash) == (None, hashlib.sha256(as_text.encode()).hexdigest())
    with coming_from(Channel.COMMAND_LINE):
        assert note(session, 2).channel == "command_line"
    assert audit.verify(session).events == 2


def test_an_event_says_where_it_came_from_but_never_a_visitors_address(session):
    who = identify(session, make_account(session, "anna@example.org"))
    with coming_from(Channel.SCREEN, "2001:db8::1"):
        events = [note(session, number, asker) for number, asker in enumerate((who, PUBLIC, None))]
    assert [(event.channel, event.address) for event in events] == [
        ("screen", "2001:db8::1"), ("screen", None), ("screen", None),
    ]  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET action = 'other'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_the_trail(session, statement):
    note(session, 1)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        session.connection().execute(sa.text(statement))


def test_details_that_json_cannot_hold_are_refused(session):
    for details in ({"at": START}, {"n": float("nan")}):
        with pytest.raises((TypeError, ValueError)):
            audit.record(session, at=START, who=None, action="a", subject_type="b", subject_key="c", details=details)


def test_writers_side_by_side_keep_one_chain(engine):
    def write(start):
        own = make_engine(engine.url.render_as_string(hide_password=False))
        for number in range(start, start + 5):
            with open_session(own, write=True) as session:
                note(session, number)
                session.commit()
        own.dispose()

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_session(engine) as session:
        assert audit.verify(session).intact
        assert len(session.exec(select(AuditEvent)).all()) == 15
