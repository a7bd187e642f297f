"""What an offline checker carries: what is needed to judge a file, as far as its bearer may, and nothing reported."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from access.identity import identify
from access.refusal import NotAllowed
from data_model.engine import make_engine, open_session
from data_model.submissions import SchoolChoice
from intake.checker.page import checker
from intake.checker.snapshot import snapshot
from tests.factories import START, World, make_account, make_grant, make_period, make_school, make_world
from tests.intake.stories import accepted

# Values that nothing else in a checker looks like.
STORED = {("001024", "messages_sent", "2026-09"): 731_357, ("001025", "training_hours", "2026-09"): 7919.5}


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory, sqlite_template) -> Iterator[tuple[Session, World]]:
    path = tmp_path_factory.mktemp("checker") / "uptake.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        make_school(session, "777777", world.areas["KZ-10-02"], name="</script><b>& школа")
        make_period(session, world.initiative, "2026-07", locked_at=START)
        accepted(session, world, STORED)
        session.add(
            SchoolChoice(
                initiative_id=world.initiative.id, text="абай", school_id=world.schools["001025"].id,
                chosen_by=world.accounts["manager"].id, chosen_at=START,
            )
        )  # fmt: skip
        session.flush()
        yield session, world
    engine.dispose()


def test_it_carries_the_rules_the_schools_the_choices_and_the_locks(country):
    session, world = country
    held = snapshot(session, world.initiative, by=identify(session, world.accounts["manager"]), at=START)
    assert held["made_at"] == "2026-11-02T08:00+00:00" and held["granularity"] == "month"
    asked = {metric["key"] for metric in held["metrics"] if metric["asked"]}
    assert asked == set(world.metrics) and len(held["rules"]) == 5 and held["locked"] == ["2026-07"]
    place = held["schools"]["codes"].index("001025")
    assert held["school_choices"] == {"абай": place} and held["outside"] == []
    assert held["schools"]["joined"][place] and held["schools"]["joined"][-1] is None, "777777 takes no part"


def test_no_stored_value_and_no_person_is_in_it(country):
    session, world = country
    text = checker(session, world.initiative, by=identify(session, world.accounts["manager"]), at=START).decode()
    for value in STORED.values():
        assert not re.search(rf"(?<!\d){value:g}(?!\d)", text) and str(value) not in text
    assert "example.org" not in text and "sha256" not in json.loads(text.partition('id="carried">')[2].split("<")[0])


def test_schools_outside_the_bearers_grant_are_marked_so(country):
    session, world = country
    account = make_account(session, "region@example.org")
    make_grant(session, account, "manager", country="KZ", area_id=world.areas["KZ-75"].id)
    held = snapshot(session, world.initiative, by=identify(session, account), at=START)
    outside = {held["schools"]["codes"][place] for place in held["outside"]}
    assert outside == {"020311", "100450", "100451", "777777"}


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
def test_who_may_not_submit_gets_none(country, role):
    session, world = country
    with pytest.raises(NotAllowed):
        checker(session, world.initiative, by=identify(session, world.accounts[role]), at=START)
