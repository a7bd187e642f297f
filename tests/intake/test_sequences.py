"""Any sequence of submissions, acceptances, undos and withdrawals: what is held is a replay of those that count."""

from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import Engine
from sqlmodel import col, select

from data_model.engine import make_engine, open_session
from data_model.moments import take_turn
from data_model.participation import Enrolment, ReportingPeriod
from data_model.periods import Period
from data_model.places import SchoolRecord
from data_model.rollups import refresh
from data_model.submissions import Submission
from intake.record import accept, preview
from intake.refusal import Refused
from intake.undo import undo
from intake.withdraw import NamedCell, withdraw
from tests.factories import START, make_world
from tests.intake.recomputed import Tables
from tests.intake.stories import NA, Cell, held, submitted, values, who

SCHOOLS = ("001024", "001025", "020311")  # two in one district, one in another region
MOVING = "020311"
PERIODS = ("2026-08", "2026-09")
NUMBERS: dict[str, tuple[Any, ...]] = {
    "teachers_total": (0, 20, NA),
    "teachers_trained": (0, 7, NA),
    "teachers_surveyed": (0, 3, NA),
    "usefulness_score": (3.25, 4.1, NA),
}
CELLS = st.tuples(st.sampled_from(SCHOOLS), st.sampled_from(sorted(NUMBERS)), st.sampled_from(PERIODS))


@st.composite
def files(draw: st.DrawFn) -> dict[Cell, float | str]:
    """Return a file's statements: few cells and few values, so that files overlap and repeat each other."""
    cells = draw(st.lists(CELLS, min_size=4, max_size=16, unique=True))
    return {cell: draw(st.sampled_from(NUMBERS[cell[1]])) for cell in cells}


class Country(RuleBasedStateMachine):
    """A small country and a model of it: the statements of every submission, and the order in which they counted."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.transaction = ExitStack()
        self.session = self.transaction.enter_context(open_session(self.engine, write=True))
        self.world = make_world(self.session)
        self.clock = START
        self.newest_first = True
        self.statements: dict[int, dict[Cell, float | str]] = {}
        self.seen_at_submission: dict[int, dict[Cell, Any]] = {}
        self.waiting: list[int] = []
        self.counting: list[int] = []  # accepted and not undone, in order of acceptance
        self.away: set[str] = set()
        self.log: list[tuple[datetime, dict[Cell, float | str]]] = []

    @initialize(newest_first=st.booleans())
    def in_the_end_all_is_undone(self, newest_first: bool) -> None:
        self.newest_first = newest_first

    def tick(self) -> datetime:
        self.clock += timedelta(hours=1)
        return self.clock

    def replay(self) -> dict[Cell, float | str]:
        """What should be held: the statements of those that count, one after another."""
        picture: dict[Cell, float | str] = {}
        for number in self.counting:
            picture.update(self.statements[number])
        return {cell: "not_applicable" if value == NA else value for cell, value in picture.items()}

    def reported(self, cells: Any) -> dict[Cell, Any]:
        """What a preview shows of the cells: a withdrawn one holds nothing."""
        picture = self.replay()
        return {cell: picture.get(cell) for cell in cells if picture.get(cell) != "withdrawn"}

    def note(self) -> None:
        """Remember the moment and what was right then."""
        moment = self.world.initiative.last_recorded_at
        assert moment is not None
        self.log.append((moment, self.replay()))

    @rule(file=files())
    def somebody_submits(self, file: dict[Cell, float | str]) -> None:
        self.remember(submitted(self.session, self.world, file, self.tick()).id, file)

    @precondition(lambda self: self.counting)
    @rule(data=st.data())
    def somebody_submits_a_file_again(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.statements)))
        file = {cell: value for cell, value in self.statements[number].items() if value != "withdrawn"}
        if file:
            self.remember(submitted(self.session, self.world, file, self.tick()).id, file)

    @precondition(lambda self: any(value != "withdrawn" for value in self.replay().values()))
    @rule(data=st.data())
    def somebody_withdraws(self, data: st.DataObject) -> None:
        held_now = sorted(cell for cell, value in self.replay().items() if value != "withdrawn")
        cells = data.draw(st.lists(st.sampled_from(held_now), min_size=1, max_size=3, unique=True))
        scores = {(school, "usefulness_score", period) for school, metric, period in cells
                  if metric == "teachers_surveyed"}  # fmt: skip
        cells = sorted({*cells, *scores.intersection(held_now)})
        named = [NamedCell(school, metric, Period.parse(period)) for school, metric, period in cells]
        manager = who(self.session, self.world, "manager")
        number = withdraw(self.session, self.world.initiative, named, by=manager, reason="wrong", at=self.tick()).id
        self.remember(number, dict.fromkeys(cells, "withdrawn"))

    def remember(self, number: int | None, file: dict[Cell, float | str]) -> None:
        assert number is not None
        self.statements[number] = file
        self.seen_at_submission[number] = self.reported(file)
        self.waiting.append(number)

    @rule(file=files())
    def a_file_goes_all_the_way(self, file: dict[Cell, float | str]) -> None:
        self.somebody_submits(file)
        self.decide(self.waiting[-1], fresh=True)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), fresh=st.booleans())
    def a_reviewer_accepts(self, data: st.DataObject, fresh: bool) -> None:
        self.decide(data.draw(st.sampled_from(self.waiting)), fresh=fresh)

    def decide(self, number: int, *, fresh: bool) -> None:
        file = self.statements[number]
        _comparison, shown = preview(self.session, number)
        first = self.session.get_one(Submission, number).fingerprint
        same = self.seen_at_submission[number] == self.reported(file)
        assert (first == shown) == same, "a fingerprint follows the stored values of its cells and nothing else"
        left = any(school in self.away and value != "withdrawn" for (school, _, _), value in file.items())
        before = held(self.session)
        reviewer = who(self.session, self.world, "reviewer")
        try:
            accept(self.session, number, by=reviewer, fingerprint=shown if fresh else first, at=self.tick())
        except Refused as refused:
            assert refused.code == "stale_fingerprint" and (left or not (fresh or same))
            assert held(self.session) == before
            return
        assert not left and (fresh or same)
        self.waiting.remove(number)
        self.counting.append(number)
        self.note()

    @precondition(lambda self: self.counting)
    @rule(data=st.data())
    def a_reviewer_undoes(self, data: st.DataObject) -> None:
        self.take_back(data.draw(st.sampled_from(self.counting)))

    def take_back(self, number: int) -> None:
        before = self.replay()
        self.counting.remove(number)
        after = self.replay()
        reviewer = who(self.session, self.world, "reviewer")
        undone = undo(self.session, number, by=reviewer, reason="wrong", at=self.tick())
        cells = self.statements[number]
        stays = {cell for cell in cells if before[cell] == after.get(cell)}
        assert {(kept.school, kept.metric, kept.period) for kept in undone.kept} == stays
        assert undone.reversed == len(cells) - len(stays)
        now = held(self.session)
        assert all(now[kept[:3]][2] == kept.submission for kept in undone.kept)
        self.note()

    @rule()
    def a_school_leaves_or_comes_back(self) -> None:
        school = self.world.schools[MOVING]
        initiative, moment = take_turn(self.session, self.identity, self.tick())
        current = self.session.exec(
            select(Enrolment).where(Enrolment.school_id == school.id, col(Enrolment.superseded_at).is_(None))
        ).one()
        current.superseded_at = moment
        self.session.flush()
        left_on = None if MOVING in self.away else date(2026, 8, 1)
        self.session.add(
            Enrolment(
                initiative_id=self.identity, school_id=current.school_id, joined_on=current.joined_on,
                left_on=left_on, recorded_at=moment,
            )
        )  # fmt: skip
        self.away ^= {MOVING}
        self.sum_up(initiative.country, moment)

    @rule(district=st.sampled_from(("KZ-75-02", "KZ-10-02", "KZ-10")))
    def a_school_moves(self, district: str) -> None:
        initiative, moment = take_turn(self.session, self.identity, self.tick())
        school = self.world.schools[MOVING].id
        current = self.session.exec(
            select(SchoolRecord).where(SchoolRecord.school_id == school, col(SchoolRecord.superseded_at).is_(None))
        ).one()
        current.superseded_at = moment
        self.session.flush()
        area = self.world.areas[district].id
        assert area is not None
        self.session.add(SchoolRecord(school_id=current.school_id, area_id=area, name=current.name, recorded_at=moment))
        self.sum_up(initiative.country, moment)

    def sum_up(self, country: str, moment: datetime) -> None:
        periods = [period for period in self.session.exec(select(ReportingPeriod.id)).all() if period is not None]
        refresh(self.session, initiative_id=self.identity, country=country, period_ids=periods, at=moment)
        self.note()

    @property
    def identity(self) -> int:
        assert self.world.initiative.id is not None
        return self.world.initiative.id

    @invariant()
    def what_is_held_is_the_replay(self) -> None:
        assert values(self.session) == self.replay()

    def teardown(self) -> None:
        try:
            while self.counting:
                self.take_back(self.counting[-1 if self.newest_first else 0])
                assert values(self.session) == self.replay()
            assert values(self.session) == {}
            self.every_moment_is_remembered()
        finally:
            self.session.rollback()
            self.transaction.close()

    def every_moment_is_remembered(self) -> None:
        tables = Tables(self.session)
        for moment, picture in self.log:
            assert values(self.session, moment) == picture
            for period in tables.frames["reporting_period"].id:
                stored = tables.rollups_are(period, moment)
                if stored or any(Period.parse(cell[2]).starts_on == self.starts_on(period) for cell in picture):
                    assert stored == tables.rollups_should_be(period, moment)

    def starts_on(self, period_id: int) -> date:
        return self.session.get_one(ReportingPeriod, period_id).starts_on


def run_stories(url: str, examples: int) -> None:
    engine = make_engine(url)
    machine = type("CountryHere", (Country,), {"engine": engine})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples, stateful_step_count=16))
    engine.dispose()


def test_any_sequence_equals_a_replay_without_the_undone_on_sqlite(sqlite_url: str) -> None:
    run_stories(sqlite_url, 24)


@pytest.mark.postgresql
def test_any_sequence_equals_a_replay_without_the_undone_on_postgresql(postgresql_url: str) -> None:
    run_stories(postgresql_url, 8)
