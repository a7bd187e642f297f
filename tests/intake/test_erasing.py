"""Erasing a file: nothing that was copied out of it stays, and everything the record needs does."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from access import audit
from access.refusal import NotAllowed
from data_model.engine import make_engine, open_session
from data_model.people import AuditEvent
from data_model.submissions import Submission, SubmissionContent
from intake.cells import Cells
from intake.erasing import erase, erasure, original
from intake.findings import KINDS
from intake.findings import Finding as Found
from intake.record import reject, submit
from intake.refusal import Refused
from intake.undo import undo
from tests.factories import START, make_world
from tests.intake.stories import accept_now, accepted, checked, held, who

LATER = START + timedelta(days=1)
# As a file would write a name: in Cyrillic, and so that JSON escapes none of it.
SECRET = "Aigul Seitkali"
CELL = ("001024", "teachers_total", "2026-10")


def brought(session, world):
    """Submit a file that names somebody wherever a file can."""
    check = checked(session, world, {CELL: 12})
    check.content += SECRET.encode() * 1_000
    check.file_name = f"{SECRET}.csv"
    check.findings = [Found("school_name_differs", KINDS["school_name_differs"].severity, 2, SECRET, SECRET, {})]
    mended = {"row": 2, "column": "teachers_total", "original": SECRET, "text": "12", "by": ""}
    check.reading = {
        "layout": "long", "ignored_columns": [SECRET], "sheet": SECRET, "choices": {"schools": [SECRET]},
        "columns": [{"name": SECRET, "role": "school"}, {"name": "teachers_total", "metric": "teachers_total"}],
        "options": {"mended": [mended]},
    }  # fmt: skip
    return submit(session, check, by=who(session, world, "manager"), note="", at=START)


def test_no_trace_of_the_file_is_left_in_the_database(sqlite_url):
    engine = make_engine(sqlite_url)
    path = Path(engine.url.database or "")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        number = brought(session, world).id
        reject(session, number, by=who(session, world, "reviewer"), reason="people", at=START)
        session.commit()
    assert SECRET.encode() in whole(engine, path), "the test looks where it can be seen"
    with open_session(engine, write=True) as session:
        erase(session, number, by=who(session, world, "administrator"), reason="names in it", at=LATER)
        session.commit()
    assert SECRET.encode() not in whole(engine, path)
    engine.dispose()


def whole(engine, path):
    """Return the bytes of the database, with all that was written."""
    engine.dispose()
    with engine.connect() as connection:
        connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path.read_bytes() + b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}-wal"))


def test_hash_observations_and_audit_stay_and_an_undo_still_can(session):
    world = make_world(session)
    before = accepted(session, world, {CELL: 10})
    number = brought(session, world).id
    accept_now(session, world, number, START + timedelta(hours=1))
    said, sha256 = held(session), session.get(Submission, number).sha256
    administrator = who(session, world, "administrator")
    erase(session, number, by=administrator, reason="names in it", at=LATER)
    assert held(session) == said and session.get(Submission, number).sha256 == sha256
    found = erasure(session, number, who=who(session, world, "analyst"))
    assert (found.at, found.by, found.reason) == (LATER, "administrator", "names in it")
    with pytest.raises(Refused, match="was erased"):
        original(session, number, who=administrator)
    event = session.exec(select(AuditEvent).order_by(col(AuditEvent.id).desc())).first()
    assert (event.action, event.details["sha256"], event.details["reason"]) == ("bytes_erased", sha256, "names in it")
    assert audit.verify(session).intact
    undo(session, number, by=administrator, reason="wrong too", at=LATER + timedelta(hours=1))
    assert held(session)[CELL] == ("reported", 10, before, 2)


def test_values_of_a_file_that_was_never_accepted_go_with_it(session):
    world = make_world(session)
    number = brought(session, world).id
    reject(session, number, by=who(session, world, "reviewer"), reason="people", at=START)
    erase(session, number, by=who(session, world, "administrator"), reason="names in it", at=LATER)
    content = session.exec(select(SubmissionContent).where(SubmissionContent.submission_id == number)).one()
    assert content.original is None and len(Cells.from_bytes(content.cells)) == 0


def test_an_erasure_is_refused_to_others_without_a_reason_while_open_and_twice(session):
    world = make_world(session)
    number = brought(session, world).id
    administrator = who(session, world, "administrator")

    def refused(by=administrator, reason="names in it"):
        with pytest.raises((Refused, NotAllowed)) as told:
            erase(session, number, by=by, reason=reason, at=LATER)
        return told.value.code

    assert refused(by=who(session, world, "reviewer")) == "not_allowed"
    assert refused(reason=" ") == "no_reason"
    assert refused() == "still_open"
    assert original(session, number, who=administrator).endswith(SECRET.encode())
    reject(session, number, by=who(session, world, "reviewer"), reason="people", at=START)
    erase(session, number, by=administrator, reason="names in it", at=LATER)
    assert refused() == "already_erased"
