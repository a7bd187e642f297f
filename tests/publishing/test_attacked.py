"""The attack on everything that is public, read from the bytes of its files, on random reports."""

import json
import random
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session

from access.identity import identify
from publishing import __main__ as commands
from publishing import attacked_pages, prepared, releases, shown_figure, suppression
from publishing.attacked import all_printed, attack, files_of, in_files, printed_in
from publishing.attacked_pages import printed_on_pages
from publishing.brief import standing
from publishing.iati import activities
from publishing.suppression import protected_counts
from tests.factories import START, World, make_world
from tests.publishing.test_releases import report

ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

COUNTS = ("teachers_total", "teachers_trained", "teachers_active", "licences_allocated", "licences_activated")
MONTHS = ("2026-09", "2026-10")
# Enough to read every kind of page, each of which tells of every measure alike.
TWO = ("teachers_trained", "teacher_training")


def reported_at_random(world: World, chance: random.Random) -> dict[str, dict[str, float]]:
    """Return what some of the schools say, their numbers small and large, their parts never above their whole."""
    said = {}
    for code in world.schools:
        total = chance.choice([3, 6, 9, 40])
        active, trained = chance.randint(0, total), chance.randint(0, total)
        numbers = (total, trained, active, total + chance.randint(0, 4), active + chance.randint(0, total - active))
        values = dict(zip(COUNTS, numbers, strict=True)) | {"messages_sent": chance.randint(0, 300)}
        if chance.random() < 0.7:
            said[code] = {key: float(value) for key, value in values.items() if chance.random() < 0.9}
    return said


def released_at_random(session: Session, seed: int, threshold: int) -> None:
    """Make a small country and three releases, between which schools report late and differently."""
    world, chance = make_world(session), random.Random(seed)
    world.initiative.starts_on = "2026-05"  # without a day nothing of it is told to IATI
    reviewer = identify(session, world.accounts["reviewer"])
    for number in range(3):
        at = START + timedelta(hours=2 * number)
        for month in MONTHS[: number + 1]:
            report(session, world, reported_at_random(world, chance), at=at, period=month)
        releases.release(session, by=reviewer, note="", at=at + timedelta(hours=1), threshold=threshold)


@ONE_DATABASE
@pytest.mark.parametrize(("seed", "threshold"), [(1, 5), (2, 3), (3, 10)])
def test_disclosure_attack_on_the_files_of_random_releases_finds_nothing(session, seed, threshold):
    released_at_random(session, seed, threshold)
    found = attack(session, in_files)
    print(f"protected counts: {found.protected}, leaks: {len(found.leaks)}, numbers read: {found.numbers}")
    assert found.releases == (1, 2, 3) and found.protected > 10 and found.numbers > 50
    assert found.leaks == ()


@ONE_DATABASE
def test_disclosure_attack_finds_what_primary_suppression_alone_gives_away(session, monkeypatch):
    """The attack can fail: without complementary suppression the nation less the other regions tells the one."""

    def only_small_ones(block, traits, threshold, _earlier=()):
        hidden = {secret.hide for secret in protected_counts(block, traits, threshold)}
        return frozenset(
            cell
            for cell, sums in block.cells.items()
            if hidden.intersection(suppression.shown(traits.by_id[cell.measure], cell.area, sums))
        )

    monkeypatch.setattr(prepared, "withheld_cells", only_small_ones)
    released_at_random(session, 1, 5)
    assert attack(session, in_files).leaks


@ONE_DATABASE
def test_the_attack_reads_every_file_of_a_release(session):
    released_at_random(session, 1, 5)
    files = files_of(session, 3)
    each = [printed_in({name: content}) for name, content in files.items() if not name.endswith("metadata.json")]
    assert len(each) == 5 and all(found == each[0] for found in each) and each[0]


@ONE_DATABASE
def test_the_attack_reads_charts_briefs_and_the_iati_file_to_the_last_mark(session):
    """Each way of printing tells what the files tell, to the precision with which it is written or drawn."""
    released_at_random(session, 1, 5)
    files = printed_in(files_of(session, 3))
    found = [*printed_on_pages(session, 3, START + timedelta(days=30), TWO)]
    assert {how for _place, (how, _value) in found} >= {"chart", "dot", "bar", "card", "brief", "point", "actual"}
    of_two = {place for place in files if place[1] in TWO}
    for ways in ({"dot"}, {"page value"}, {"chart", "bar", "dot"}, {"card", "brief", "point", "step", "look"}):
        read = {place for place, (how, _value) in found if how in ways}
        assert read <= files.keys(), "more than the files tell"
        assert len(ways) > 1 or read == of_two, "less than the files tell"
    for place, (how, value) in found:
        of = how.removeprefix("page ") if how.startswith("page ") else "value"
        assert value == pytest.approx(dict(files[place])[of], rel=0.02, abs=0.51), (place, how)


def unmasked(read):
    """Return a reading of figures that tells a number where one is withheld."""
    return lambda *given, **more: [
        row | {"state": "reported", "value": 3} if row["state"] == "suppressed" else row for row in read(*given, **more)
    ]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("module", "name", "told"),
    [
        (activities, "read_figures", unmasked(activities.read_figures)), (standing, "written", lambda *_given: "3"),
        (shown_figure, "written", lambda *_given: "3"),
    ],
    ids=["iati", "brief", "chart"],
)  # fmt: skip
def test_the_attack_sees_what_a_page_alone_gives_away(session, monkeypatch, module, name, told):
    monkeypatch.setattr(module, name, told)
    released_at_random(session, 1, 5)
    files = printed_in(files_of(session, 3))
    found = printed_on_pages(session, 3, START + timedelta(days=30), ["teachers_active"], briefs=module is standing)
    assert {place for place, _said in found} - files.keys()


@ONE_DATABASE
def test_disclosure_attack_finds_what_charts_alone_give_away(session, monkeypatch):
    released_at_random(session, 1, 5)
    without_briefs = partial(all_printed, briefs=False)
    assert not attack(session, without_briefs).leaks
    monkeypatch.setattr(shown_figure, "written", lambda *_given: "3")
    assert attack(session, without_briefs).leaks


@ONE_DATABASE
def test_from_the_command_line_the_attack_counts(engine, database, monkeypatch, capsys):
    monkeypatch.setenv("DATABASE_URL", database)
    with Session(engine) as session:
        released_at_random(session, 2, 5)
        session.commit()
    monkeypatch.setattr(attacked_pages, "_in_briefs", lambda *_given: ())  # each takes its time, and none is about this
    assert commands.main(["attack", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["leaks"] == 0 and said["protected"] > 10 and said["releases"] == [1, 2, 3]
