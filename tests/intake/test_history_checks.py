"""What a file is told about its schools' past, beside the same rules worked out school by school."""

import math
import shutil
import statistics
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from data_model.engine import make_engine, open_session
from intake.check import Check, check_file
from intake.history_checks import (
    JUMP_DEVIATIONS,
    JUMP_DIFFERENCE,
    JUMP_HISTORY,
    JUMP_RATIO,
    LEAST_DEVIATION,
    NORMAL,
    SAME_SHARE,
    SCALE,
    SCALE_SHARE,
    SCALE_WIDTH,
    SHIFT_FAR,
    SHIFT_NEAR,
)
from tests.factories import START, World, make_enrolment, make_school, make_world
from tests.intake.stories import Cell, accepted

HEADER = "school_code,metric,period,value\n"
MONTHS = ("2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09")
NOW = "2026-10"
# What each school sent, month by month; None where it did not report.
PAST: dict[str, tuple[int | None, ...]] = {
    "steady": (400, 410, 405, 395, 402, 400),
    "summer": (900, 880, 0, 0, 0, 910),
    "long_summer": (700, 690, 710, 0, 0, 0),
    "odd_month": (300, 310, 12_000, 305, 295, 300),
    "odd_month_last": (620, 610, 600, 630, 605, 31),
    "new": (None, None, None, None, 150, 160),
    "first_use": (0, 0, 0, 0, 0, 0),
    "gaps": (50, None, 52, None, 51, None),
    "tiny": (2, 1, 3, 2, 1, 2),
    "noisy": (100, 900, 250, 2_000, 60, 400),
    "growing": (100, 200, 400, 800, 1_600, 3_200),
    "exact": (77, 77, 77, 77, 77, 77),
    "late_start": (None, None, None, 40, 44, 47),
    "large": (52_000, 51_000, 53_500, 52_700, 50_900, 52_200),
}  # fmt: skip
NAMES = tuple(PAST)
CODE = {name: f"6{number:05}" for number, name in enumerate(NAMES)}


@pytest.fixture(scope="module")
def country(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, World]]:
    """A session on the small country whose schools have these pasts, in messages and in teachers alike."""
    path = tmp_path_factory.mktemp("country") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        for code in CODE.values():
            world.schools[code] = make_school(session, code, world.areas["KZ-75-02"])
            make_enrolment(session, world.initiative, world.schools[code])
        held: dict[Cell, float | str] = {
            (CODE[name], metric, month): value
            for name, values in PAST.items()
            for month, value in zip(MONTHS, values, strict=True)
            for metric in ("messages_sent", "teachers_total")
            if value is not None
        }
        accepted(session, world, held, START - timedelta(days=1))
        session.commit()
        yield session, world
    engine.dispose()


def check(country: tuple[Session, World], values: dict[str, int], *metrics: str) -> Check:
    """Check a file of this month with the schools' values, in their order."""
    session, world = country
    lines = [f"{CODE[name]},{metric},{NOW},{value}\n" for metric in metrics for name, value in values.items()]
    return check_file(session, world.initiative, (HEADER + "".join(lines)).encode(), "file.csv", at=START)


def last(name: str) -> int | None:
    return PAST[name][-1]


def jumps(name: str, value: int) -> bool:
    """Whether a value is far from what the school usually reports, by its months above zero alone."""
    logarithms = [math.log(one) for one in PAST[name] if one]
    if value == 0 or len(logarithms) < JUMP_HISTORY:
        return False
    middle = statistics.median(logarithms)
    deviation = NORMAL * statistics.median([abs(one - middle) for one in logarithms])
    usual, distance = math.exp(middle), abs(math.log(value) - middle)
    return (
        distance > JUMP_DEVIATIONS * max(deviation, LEAST_DEVIATION)
        and (value >= JUMP_RATIO * usual or value * JUMP_RATIO <= usual)
        and abs(value - usual) >= JUMP_DIFFERENCE
    )


def pairs(values: dict[str, int], shift: int = 0) -> list[tuple[int, int]]:
    """Return what is reported now beside what was last month, of the school so many rows away; zeros say nothing."""
    names = list(values)
    found = []
    for place, name in enumerate(names):
        if 0 <= place + shift < len(names):
            before = last(names[place + shift])
            if before and values[name]:
                found.append((values[name], before))
    return found


def scaled(values: dict[str, int]) -> bool:
    ratios = [math.log(now / before) for now, before in pairs(values)]
    if len(ratios) < 5:
        return False
    middle = statistics.median(ratios)
    near = sum(abs(ratio - middle) < SCALE_WIDTH for ratio in ratios)
    return abs(middle) >= math.log(SCALE) and near >= SCALE_SHARE * len(ratios)


def distance(values: dict[str, int], shift: int) -> float | None:
    found = [abs(math.log(now) - math.log(before)) for now, before in pairs(values, shift)]
    return statistics.median(found) if len(found) >= 8 else None


def shifted(values: dict[str, int]) -> bool:
    own = distance(values, 0)
    others = [one for shift in (-1, 1) if (one := distance(values, shift)) is not None]
    return own is not None and own >= SHIFT_FAR and any(one < SHIFT_NEAR for one in others)


def same(values: dict[str, int]) -> bool:
    found = pairs(values)
    return len(found) >= 5 and sum(now == before for now, before in found) >= SAME_SHARE * len(found)


@st.composite
def columns(draw: st.DrawFn) -> dict[str, int]:
    """Return a month's values: as last month, in another unit, slipped by a row, or each school as it likes."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(1, len(NAMES)))]
    usual = {name: last(name) or draw(st.sampled_from([0, 30])) for name in names}
    kind = draw(st.sampled_from(["same", "scaled", "slipped", "free"]))
    values = dict(usual)
    if kind == "scaled":
        factor = draw(st.sampled_from([0.1, 0.21, 4.5, 5.5, 10, 1000]))
        values = {name: round(value * factor) for name, value in usual.items()}
    if kind == "slipped":
        by = draw(st.sampled_from([-1, 1]))
        values = dict(zip(names, [*list(usual.values())[by:], *list(usual.values())[:by]], strict=True))
    wild, tame = (0, 0.05, 0.3, 1.1, 2.9, 3.2, 12, 80), (1, 1, 1, 1, 1.01, 3.4, 0.2)
    often = st.sampled_from(wild if kind == "free" else tame)
    return {name: min(round(value * draw(often)), 1_000_000) for name, value in values.items()}


@settings(max_examples=60)
@given(columns())
def test_jumps_and_odd_columns_are_those_worked_out_by_hand(country: tuple[Session, World], values: dict[str, int]):
    found = check(country, values, "messages_sent")
    expected = {("jump", row) for row, (name, value) in enumerate(values.items(), 2) if jumps(name, value)}
    for code, rule in (("scaled_column", scaled), ("shifted_column", shifted), ("same_as_before", same)):
        expected |= {(code, None)} if rule(values) else set()
    assert {(finding.code, finding.row) for finding in found.findings} == expected


def warned(country: tuple[Session, World], name: str, value: int) -> bool:
    codes = set(check(country, {name: value}, "messages_sent").findings.by_code)
    assert codes <= {"jump"}
    return bool(codes)


@pytest.mark.parametrize("name", ["summer", "long_summer"])
def test_a_school_that_pauses_in_summer_and_comes_back_gets_no_warning(country, name: str):
    assert not warned(country, name, 870) and not warned(country, name, 0)
    assert warned(country, name, 87_000)


@pytest.mark.parametrize("name", ["odd_month", "odd_month_last"])
def test_one_odd_month_does_not_hide_the_next(country, name: str):
    assert warned(country, name, 12_000) and warned(country, name, 31) and not warned(country, name, 450)


@pytest.mark.parametrize("name", ["first_use", "new"])
def test_too_short_a_past_is_no_measure(country, name: str):
    assert not warned(country, name, 90_000)


def test_a_few_more_than_a_few_are_no_jump(country: tuple[Session, World]):
    assert not warned(country, "tiny", 11) and warned(country, "tiny", 12)


def test_levels_may_stay_beside_activity_that_does_not(country: tuple[Session, World]):
    stayed = {name: last(name) or 5 for name in NAMES}
    moved = {name: round(value * 1.2) + 1 for name, value in stayed.items()}
    session, world = country
    lines = [f"{CODE[name]},teachers_total,{NOW},{value}\n" for name, value in stayed.items()]
    for values, expected in ((moved, {}), (stayed, {"same_as_before": 2})):
        both = lines + [f"{CODE[name]},messages_sent,{NOW},{value}\n" for name, value in values.items()]
        found = check_file(session, world.initiative, (HEADER + "".join(both)).encode(), "file.csv", at=START)
        assert {code: count for code, count in found.findings.by_code.items() if code != "jump"} == expected


def test_each_period_of_a_file_is_held_against_the_months_before_it(country: tuple[Session, World]):
    session, world = country
    rows = [("2026-07", 395), ("2026-08", 40_200), ("2026-09", 400), ("2026-10", 40_000)]
    lines = "".join(f"{CODE['steady']},messages_sent,{month},{value}\n" for month, value in rows)
    found = check_file(session, world.initiative, (HEADER + lines).encode(), "file.csv", at=START)
    assert [(finding.code, finding.row, finding.details["usual"]) for finding in found.findings] == [
        ("jump", 3, "402.5"), ("jump", 5, "401"),
    ]  # fmt: skip
