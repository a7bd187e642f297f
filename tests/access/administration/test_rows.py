"""Every editable table: made, changed, seen in its history and taken back, by those who may and by nobody else."""

from datetime import timedelta

import pytest
from sqlmodel import select

from access import audit
from access.administration import history, rows
from access.administration.description import InUse, Invalid, NoSuchRow, NothingToUndo, Stale
from access.administration.history import ADDED, CHANGED, REMOVED, UNDONE
from access.administration.reading import written
from access.administration.tables import TABLES
from access.identity import PUBLIC
from access.refusal import NotAllowed
from data_model.editions import edition
from data_model.measures import Target
from data_model.registry import Claim, Initiative, Source
from tests.access.administration.conftest import NEW, NOW

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def made(session, name, who, at=NOW, **given):
    table = TABLES[name]
    row = rows.create(session, table, NEW[name][0] | given, who=who, at=at)
    return table, rows.identity_of(session, table, row)


def stands(session, table, identity):
    return written(session, table, rows.find(session, table, identity))


def test_there_are_values_for_every_table():
    assert NEW.keys() == TABLES.keys()


def test_every_table_is_made_changed_remembered_and_taken_back(session, as_):
    who = as_("everywhere")
    for number, name in enumerate(TABLES):
        at = NOW + timedelta(hours=number)
        new, changes = NEW[name]
        table, identity = made(session, name, who, at)
        assert stands(session, table, identity) == new, name

        rows.change(session, table, identity, new | changes, shown=new, who=who, at=at + timedelta(minutes=1))
        assert stands(session, table, identity) == new | changes, name
        newest, first = history.of(session, table, identity)
        assert (newest.change.action, newest.change.after, newest.who) == (CHANGED, changes, "everywhere")
        assert newest.change.before == {column: new[column] for column in changes}
        assert (first.change.action, first.change.before, first.change.after) == (ADDED, None, new)

        rows.undo(session, table, identity, who=who, at=at + timedelta(minutes=2))
        assert stands(session, table, identity) == new, name
        rows.undo(session, table, identity, who=who, at=at + timedelta(minutes=3))
        assert stands(session, table, identity) == new | changes, name

        shown = new | changes
        rows.remove(session, table, identity, shown=shown, who=who, at=at + timedelta(minutes=4))
        with pytest.raises(NoSuchRow):
            rows.find(session, table, identity)
        assert [key for key, _values in history.removed(session, table)] == [identity]
        rows.undo(session, table, identity, who=who, at=at + timedelta(minutes=5))
        assert stands(session, table, identity) == shown, name
        told = [entry.change.action for entry in history.of(session, table, identity)]
        assert told == [UNDONE, REMOVED, UNDONE, UNDONE, CHANGED, ADDED], name
    assert audit.verify(session).intact


@ONE_DATABASE
def test_no_table_is_open_to_anyone_but_administrators(session, as_):
    for name, table in TABLES.items():
        _table, identity = made(session, name, as_("everywhere"))
        new, changes = NEW[name]
        for who in (as_("analyst"), as_("manager"), as_("reviewer"), PUBLIC):
            with pytest.raises(NotAllowed):
                rows.change(session, table, identity, new | changes, shown=new, who=who, at=NOW)
            with pytest.raises(NotAllowed):
                rows.remove(session, table, identity, shown=new, who=who, at=NOW)
            with pytest.raises(NotAllowed):
                rows.undo(session, table, identity, who=who, at=NOW)
            with pytest.raises(NotAllowed):
                rows.create(session, table, new, who=who, at=NOW)
        assert len(history.of(session, table, identity)) == 1, name
        rows.undo(session, table, identity, who=as_("everywhere"), at=NOW)


ADDED_BY: tuple[tuple[str, str, dict[str, str], bool], ...] = (
    ("administrator", "initiative", {}, True),  # of the country
    ("of-one", "initiative", {}, False),
    ("of-area", "initiative", {}, False),
    ("of-uz", "initiative", {}, False),
    ("of-one", "claim", {}, True),
    ("of-one", "claim", {"initiative": "uz-other", "key": "uz-claim"}, False),
    ("administrator", "claim", {}, True),
    ("of-area", "claim", {}, False),
    ("of-one", "country_fact", {}, False),
    ("administrator", "country_fact", {}, True),
    ("administrator", "transaction", {}, True),
    ("administrator", "transaction", {"fund": "uz-fund"}, False),
    ("of-one", "source", {}, True),  # shared: whoever administers anything may add one
    ("of-area", "organisation", {}, True),
    ("of-uz", "exchange_rate", {}, True),
)


@ONE_DATABASE
def test_a_row_is_added_by_who_administers_its_place(session, as_):
    for who, name, given, allowed in ADDED_BY:
        person, before = as_(who), session.begin_nested()
        try:
            made(session, name, person, **given)
            added = True
        except NotAllowed:
            added = False
        before.rollback()
        assert added is allowed, (who, name, given)


@ONE_DATABASE
def test_what_is_shared_is_changed_by_who_administers_all_that_uses_it(session, as_, world):
    """S2 is cited in both countries, S1 in one; a new source nowhere yet; a rate is everybody's."""

    def rename(key, who):
        table = TABLES["source"]
        row = session.exec(select(Source).where(Source.key == key)).one()
        shown = written(session, table, row)
        title = shown["title"] + "!"
        rows.change(session, table, str(row.id), shown | {"title": title}, shown=shown, who=as_(who), at=NOW)

    rename("S1", "administrator")
    rename("S1", "of-one")
    rename("S2", "everywhere")
    for who in ("administrator", "of-uz", "of-one"):
        with pytest.raises(NotAllowed):
            rename("S2", who)
    made(session, "source", as_("of-uz"))
    rename("NEW1", "of-one")
    table, identity = made(session, "exchange_rate", as_("of-uz"))
    new, changes = NEW["exchange_rate"]
    with pytest.raises(NotAllowed):
        rows.change(session, table, identity, new | changes, shown=new, who=as_("of-uz"), at=NOW)


@ONE_DATABASE
def test_a_form_that_is_out_of_date_is_refused_and_told_how_the_row_stands(session, as_):
    who = as_("everywhere")
    table, identity = made(session, "claim", who)
    shown, changes = NEW["claim"]
    rows.change(session, table, identity, shown | {"note": "Mine"}, shown=shown, who=who, at=NOW)
    with pytest.raises(Stale) as refused:
        rows.change(session, table, identity, shown | changes, shown=shown, who=who, at=NOW)
    assert refused.value.now["note"] == "Mine"
    with pytest.raises(Stale):
        rows.remove(session, table, identity, shown=shown, who=who, at=NOW)
    rows.change(session, table, identity, shown | changes, shown=refused.value.now, who=who, at=NOW)
    assert stands(session, table, identity) == shown | changes


@ONE_DATABASE
def test_saving_what_was_not_changed_records_nothing(session, as_):
    table, identity = made(session, "target", as_("everywhere"))
    new, _changes = NEW["target"]
    rows.change(session, table, identity, new, shown=new, who=as_("everywhere"), at=NOW)
    assert len(history.of(session, table, identity)) == 1 and len(rows.versions(session, table, identity)) == 1


def test_a_target_is_superseded_and_never_overwritten(session, as_, world):
    who = as_("everywhere")
    table, identity = made(session, "target", who)
    new, changes = NEW["target"]
    session.refresh(world.initiative)
    last = world.initiative.last_recorded_at
    rows.change(session, table, identity, new | changes, shown=new, who=who, at=NOW - timedelta(days=9))
    rows.undo(session, table, identity, who=who, at=NOW + timedelta(hours=1))
    found = session.exec(select(Target).order_by(Target.recorded_at)).all()
    assert [float(one.value) for one in found] == [80, 85.5, 80]
    assert [one.superseded_at for one in found] == [found[1].recorded_at, found[2].recorded_at, None]
    assert found[0].recorded_at == last < found[1].recorded_at  # also by a clock that goes wrong
    assert [one.id for one in rows.versions(session, table, identity)] == [one.id for one in found][::-1]


@ONE_DATABASE
def test_what_others_refer_to_cannot_go_and_says_what_refers(session, as_, world):
    who, table = as_("everywhere"), TABLES["initiative"]
    shown = stands(session, table, str(world.initiative.id))
    with pytest.raises(InUse) as refused:
        rows.remove(session, table, str(world.initiative.id), shown=shown, who=who, at=NOW)
    assert "Claims: 1" in refused.value.message and "enrolment: 6" in refused.value.message
    source = TABLES["source"]
    made(session, "source", who)
    table, identity = made(session, "claim", who, source="NEW1")
    new = session.exec(select(Source).where(Source.key == "NEW1")).one()
    with pytest.raises(InUse, match="Claims: 1"):
        rows.undo(session, source, str(new.id), who=who, at=NOW)
    rows.undo(session, table, identity, who=who, at=NOW)
    rows.undo(session, source, str(new.id), who=who, at=NOW)


@ONE_DATABASE
def test_only_a_change_that_still_stands_is_undone(session, as_, world):
    who = as_("everywhere")
    table, identity = made(session, "claim", who)
    new, _changes = NEW["claim"]
    rows.change(session, table, identity, new | {"note": "Mine"}, shown=new, who=who, at=NOW)
    claim = rows.find(session, table, identity)
    claim.note = "Loaded from a file"
    session.flush()
    with pytest.raises(NothingToUndo):
        rows.undo(session, table, identity, who=who, at=NOW)
    old = session.exec(select(Claim.id).where(Claim.key == "kz-old-claim")).one()
    with pytest.raises(NothingToUndo):
        rows.undo(session, table, str(old), who=who, at=NOW)


@ONE_DATABASE
def test_a_key_is_never_given_to_something_else(session, as_):
    who = as_("everywhere")
    table, identity = made(session, "organisation", who)
    new, _changes = NEW["organisation"]
    with pytest.raises(Invalid, match="There is “new-body” already"):
        made(session, "organisation", who)
    rows.change(session, table, identity, new | {"key": "other-key", "name": "B"}, shown=new, who=who, at=NOW)
    assert stands(session, table, identity) == new | {"name": "B"}
    rows.remove(session, table, identity, shown=new | {"name": "B"}, who=who, at=NOW)
    with pytest.raises(Invalid, match="once named something that was removed"):
        made(session, "organisation", who)
    rows.undo(session, table, identity, who=who, at=NOW)
    assert stands(session, table, identity)["name"] == "B"


@ONE_DATABASE
def test_every_change_raises_the_edition_and_the_initiatives_last_moment(session, as_, world):
    before = edition(session)
    made(session, "claim", as_("everywhere"), at=NOW)
    assert edition(session) == before + 1
    held = session.get_one(Initiative, world.initiative.id)
    assert held.last_recorded_at == NOW
    made(session, "milestone", as_("everywhere"), at=NOW)
    assert held.last_recorded_at > NOW


@pytest.mark.parametrize("identity", ["0", "999999", "abc", "", "9" * 30, "-1", "１"])
@ONE_DATABASE
def test_what_is_not_there_is_said_to_be_none(session, as_, identity):
    with pytest.raises(NoSuchRow):
        rows.find(session, TABLES["claim"], identity)
    with pytest.raises(NothingToUndo):
        rows.undo(session, TABLES["claim"], identity, who=as_("everywhere"), at=NOW)
