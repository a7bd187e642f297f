"""A release gives back the same bytes for as long as it can be opened, whatever is released and changed after it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access.identity import identify
from access.instance_settings import change
from access.language import LANGUAGES
from data_model.engine import open_session
from data_model.measures import Definition
from data_model.places import Area, SchoolRecord
from data_model.registry import Claim, Initiative, Source
from publishing import releases
from publishing.web import resources
from tests.factories import START, make_account, make_claim, make_grant, make_source, make_world
from tests.publishing.test_releases import PLENTY, report
from tests.publishing.web.conftest import REASON, SMALL, client_of


def everything_of(engine, release):
    """Return all that can be downloaded of a release, in every language and form, by address."""
    client = client_of(engine)
    files = [f"/api/v1/releases/{release}{name}" for name in ("", *(f"/{name}" for name in resources.FILES))]
    tables = [f"/api/v1/{name}.{form}" for name in resources.TABLES for form in ("json", "csv")]
    asked = [f"{file}?lang={spoken}" for file in files for spoken in LANGUAGES]
    asked += [f"{table}?release={release}&lang={spoken}" for table in tables for spoken in LANGUAGES]
    return {address: client.get(address) for address in asked}


def at(hours):
    return START + timedelta(hours=hours)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_release_gives_back_the_same_bytes_after_others_and_after_edits_until_it_is_withdrawn(engine):
    with open_session(engine, write=True) as session:
        world = make_world(session)
        make_claim(session, world.initiative, make_source(session, "S2"))
        reviewer = identify(session, world.accounts["reviewer"])
        chief = make_account(session, "chief@example.org")
        make_grant(session, chief, "administrator")
        report(session, world, SMALL)
        releases.release(session, by=reviewer, note="first", at=at(1))
        session.commit()
    first = everything_of(engine, 1)
    assert {answer.status for answer in first.values()} == {200}
    with open_session(engine, write=True) as session:
        # Everything the registry holds is worded anew, other figures are reported, and the rule gets stricter.
        for table, column in (
            (Area, "name_en"), (Area, "name_ru"), (Initiative, "name"), (Initiative, "summary"), (Source, "title"),
            (Claim, "note"), (Definition, "text_en"), (SchoolRecord, "name"),
        ):  # fmt: skip
            for number, row in enumerate(session.exec(select(table)).all()):
                setattr(row, column, f"another {number}")
        make_claim(session, session.merge(world.initiative), make_source(session, "S3"), "another")
        administrator = identify(session, session.merge(chief))
        for key, said in (("disclosure_threshold", "10"), ("licence_code", "ODbL-1.0"), ("instance_name", "Another")):
            change(session, administrator, key, said, at(2))
        report(session, world, PLENTY, at=at(3))
        for hours in (4, 5):
            releases.release(session, by=reviewer, note="again", at=at(hours))
        session.commit()
    after = everything_of(engine, 1)
    assert [address for address in first if first[address].body != after[address].body] == []
    with open_session(engine, write=True) as session:
        releases.withdraw(session, 1, by=reviewer, reason=REASON, at=at(6))
        session.commit()
    for address, answer in everything_of(engine, 1).items():
        assert answer.status == 410 and REASON.encode() in answer.body, address
