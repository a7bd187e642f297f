"""Each check of a file's rows beside a plain second way to say the same: dates, zones, bounds, rules, duplicates."""

import calendar
import itertools
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from data_model.engine import make_engine, open_session
from data_model.places import Country
from intake.check import Check, check_file
from intake.options import Options
from tests.factories import START, World, make_enrolment, make_period, make_school, make_world
from tests.factories.world import METRICS, RULES
from tests.intake.stories import NA, Cell, accepted

HEADER = "school_code,metric,period,value\n"
MONTHS = ("2026-08", "2026-09", "2026-10")
NINE, TEN = date(2026, 9, 1), date(2026, 10, 1)
END = date(2026, 9, 30)
DAYS = (None, date(2026, 9, 15), END, TEN)
HELD: dict[Cell, float | str] = {
    ("001024", "teachers_total", "2026-09"): 6,
    ("001024", "licences_activated", "2026-09"): 3,
    ("001025", "teachers_active", "2026-09"): 4,
    ("001025", "teachers_total", "2026-09"): NA,
}

Life = tuple[date | None, date | None, date | None, date | None]  # opened, closed, joined, left


@pytest.fixture(scope="module")
def country(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, World]]:
    """A session on the small country, in which four values are held. Checking writes nothing, so it is shared."""
    path = tmp_path_factory.mktemp("country") / "uptake.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        accepted(session, world, HELD, START - timedelta(days=1))
        session.commit()
        yield session, world
    engine.dispose()


def check(country: tuple[Session, World], text: str, *, at: datetime = START, **options: Any) -> Check:
    session, world = country
    return check_file(session, world.initiative, text.encode(), "file.csv", Options(**options), at=at)


def said(found: Check, *codes: str) -> set[tuple[str, int | None]]:
    """Return code and row of the findings, of these codes alone where any are named."""
    return {(finding.code, finding.row) for finding in found.findings if not codes or finding.code in codes}


def lives() -> list[Life]:
    """Return every order of opening, closing, joining and leaving around a month's end, and none of them."""
    found = itertools.product(DAYS, DAYS, DAYS, DAYS)
    return [
        life for life in found
        if (not life[0] or not life[1] or life[0] < life[1])
        and (not life[3] or (life[2] is not None and life[2] < life[3]))
    ]  # fmt: skip


def judged(life: Life, month: str) -> str | None:
    """Return what is wrong with a report of a school with such a life, by the last day of the month."""
    opened, closed, joined, left = life
    year, number = map(int, month.split("-"))
    last = date(year, number, calendar.monthrange(year, number)[1])
    if (opened is not None and last < opened) or (closed is not None and last >= closed):
        return "school_closed"
    if joined is None or last < joined or (left is not None and last >= left):
        return "school_not_enrolled"
    return None


def test_a_school_is_asked_when_it_is_open_and_enrolled_on_the_last_day(country: tuple[Session, World]):
    session, world = country
    text, expected = HEADER, set()
    for number, (life, month) in enumerate(itertools.product(lives(), MONTHS)):
        code = f"7{number // len(MONTHS):05}"
        if month == MONTHS[0]:
            opened, closed, joined, left = life
            school = make_school(session, code, world.areas["KZ-75-01"], opened_on=opened, closed_on=closed)
            if joined:
                make_enrolment(session, world.initiative, school, joined_on=joined, left_on=left)
        text += f"{code},teachers_active,{month},5\n"
        if problem := judged(life, month):
            expected.add((problem, number + 2))
    found = check(country, text)
    assert {problem for problem, _row in expected} == {"school_closed", "school_not_enrolled"}
    assert said(found) == expected and found.rows.accepted == found.rows.read - len(expected)


def test_a_merged_school_reports_no_more_and_a_reopened_one_again(country: tuple[Session, World]):
    session, world = country
    area = world.areas["KZ-75-01"]
    merged = make_school(session, "710001", area, closed_on=TEN, merged_into_id=world.schools["001024"].id)
    # What was known before is superseded: today it is known to have opened again.
    reopened = make_school(session, "710002", area, opened_on=END)
    for school in (merged, reopened):
        make_enrolment(session, world.initiative, school)
    rows = [(code, month) for code in ("710001", "710002") for month in MONTHS]
    text = HEADER + "".join(f"{code},teachers_active,{month},5\n" for code, month in rows)
    assert said(check(country, text)) == {("school_closed", 4), ("school_closed", 5)}


def test_a_school_that_left_and_came_back_is_asked_from_its_return_on(country: tuple[Session, World]):
    """One part in an initiative is known at a time; what was known of an earlier one stays on record, superseded."""
    session, world = country
    school = make_school(session, "720001", world.areas["KZ-75-01"])
    first = make_enrolment(
        session, world.initiative, school, joined_on=date(2025, 1, 1), left_on=date(2026, 9, 1), superseded_at=START
    )
    with pytest.raises(IntegrityError), session.begin_nested():
        for _twice in range(2):
            make_enrolment(session, world.initiative, school, joined_on=END, recorded_at=START)
    make_enrolment(session, world.initiative, school, joined_on=END, recorded_at=START)
    text = HEADER + "".join(f"720001,teachers_active,{month},5\n" for month in MONTHS)
    assert first.superseded_at is not None
    assert said(check(country, text)) == {("school_not_enrolled", 2)}


ZONES = {"Asia/Almaty": 5, "Pacific/Kiritimati": 14, "Pacific/Honolulu": -10, "UTC": 0}  # hours before UTC; no summer
BOUNDARY = datetime(2026, 11, 1, tzinfo=UTC)


@settings(max_examples=40)
@given(zone=st.sampled_from(sorted(ZONES)), second=st.integers(-1, 1), shift=st.integers(-16, 16))
def test_a_period_is_future_until_its_first_day_begins_in_the_country(country, zone: str, second: int, shift: int):
    session, _world = country
    place = session.get_one(Country, "KZ")
    at = BOUNDARY - timedelta(hours=ZONES[zone] if shift % 2 else -shift) + timedelta(seconds=second)
    with session.begin_nested() as changed:
        place.time_zone = zone
        session.flush()
        found = check(country, HEADER + "001024,messages_sent,2026-11,5\n", at=at)
        changed.rollback()
    begun = at + timedelta(hours=ZONES[zone]) >= BOUNDARY
    assert said(found) == (set() if begun else {("future_period", 2)})


def test_a_period_is_locked_from_the_moment_of_its_lock_on(country: tuple[Session, World]):
    session, world = country
    make_period(session, world.initiative, "2026-06", locked_at=START)
    text = HEADER + "001024,messages_sent,2026-06,5\n001024,messages_sent,2026-07,5\n"
    assert said(check(country, text, at=START - timedelta(microseconds=1))) == set()
    for at in (START, START + timedelta(days=9)):
        assert said(check(country, text, at=at)) == {("locked_period", 2)}


BOUNDED = {key: (decimals, Decimal(str(low)), Decimal(str(high))) for key, _, _, _, decimals, low, high, *_ in METRICS}


def problems_of(metric: str, number: Decimal) -> set[str]:
    """Return what is wrong with a number, by decimal arithmetic."""
    decimals, low, high = BOUNDED[metric]
    found = set()
    if number < 0:
        return {"negative_value"}
    if number != number.quantize(Decimal(1).scaleb(-decimals)):
        found.add("too_many_decimals" if decimals else "fractional_count")
    if number < low:
        found.add("below_minimum")
    if number > high:
        found.add("above_maximum")
    return found


EDGES = st.tuples(
    st.sampled_from(["0", "1", "5", "12", "100000", "1000000"]), st.integers(-3, 3), st.sampled_from([0, 1, 2, 3, 6])
).map(lambda parts: Decimal(parts[0]) + Decimal(parts[1]).scaleb(-parts[2]))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["teachers_active", "training_hours", "usefulness_score"]), EDGES),
                min_size=1, max_size=8))  # fmt: skip
def test_bounds_and_decimals_hold_to_the_last_digit(country, numbers: list[tuple[str, Decimal]]):
    text, expected = HEADER, set()
    for row, (metric, number) in enumerate(numbers, 2):
        text += f"001024,{metric},2026-{row - 1:02},{number:f}\n"
        expected |= {(problem, row) for problem in problems_of(metric, number)}
    codes = ("negative_value", "fractional_count", "too_many_decimals", "below_minimum", "above_maximum")
    assert said(check(country, text, decimal_mark="."), *codes) == expected


# Two schools, two months, the metrics of the rules; few numbers, so that rules break and rows contradict each other.
RULED = ("licences_allocated", "licences_activated", "teachers_total", "teachers_trained", "teachers_active")
Stated = tuple[int, str, str, str, str]  # row, school, month, metric, text
TEXTS = st.sampled_from(["0", "1", "2", "3", "5", "7", NA, ""])
SCHOOLS = st.sampled_from(["001024", "001025"])
LONG_ROWS = st.lists(st.tuples(SCHOOLS, st.sampled_from(MONTHS[:2]), st.sampled_from(RULED), TEXTS), min_size=1,
                     max_size=14)  # fmt: skip
WIDE_ROWS = st.lists(
    st.tuples(SCHOOLS, st.sampled_from(MONTHS[:2]), st.tuples(*[TEXTS] * len(RULED))), min_size=1, max_size=5
)


def found_by_hand(stated: list[Stated]) -> tuple[set[tuple[str, int]], int]:
    """Return the findings about statements in the order of a file, and how many cells they leave to be stored."""
    of_cell: dict[tuple[str, str, str], list[Stated]] = defaultdict(list)
    for statement in stated:
        if statement[4]:
            of_cell[statement[1:4]].append(statement)
    found, plain, repeated = set(), {}, set()
    for cell, group in of_cell.items():
        if len({text for *_where, text in group}) > 1:
            found |= {("contradictory_duplicate", row) for row, *_rest in group}
            continue
        found |= {("identical_duplicate", row) for row, *_rest in group[1:]}
        repeated |= {(row, cell) for row, *_rest in group[1:]}
        plain[cell] = (group[0][0], group[0][4])
    for lesser, greater in RULES:
        for (school, month, metric), (row, text) in plain.items():
            other, limit = plain.get((school, month, greater), (0, NA))
            if metric == lesser and NA not in (text, limit) and int(text) > int(limit):
                found |= {("rule_broken", row), ("rule_broken", other)}
    faulty = {row for code, row in found if code != "identical_duplicate"}
    # A row that only repeats others is left out, whatever becomes of those.
    faulty |= {row for row, *_rest in stated} - {
        row for row, *cell, text in stated if text and (row, tuple(cell)) not in repeated
    }
    kept: dict[tuple[str, str, str], tuple[int, str]] = {}
    for row, *where, text in stated:
        if text and row not in faulty:
            kept.setdefault((where[0], where[1], where[2]), (row, text))
    for (school, month, metric), (row, text) in kept.items():
        for rule in RULES:
            if metric in rule and text != NA:
                partner = rule[rule[0] == metric]
                held = HELD.get((school, partner, month), NA)
                if (school, month, partner) not in kept and isinstance(held, int):
                    low, high = (int(text), held) if metric == rule[0] else (held, int(text))
                    found |= {("rule_against_stored", row)} if low > high else set()
    return found, len(kept)


CODES = ("contradictory_duplicate", "identical_duplicate", "rule_broken", "rule_against_stored")


@settings(max_examples=80)
@given(LONG_ROWS)
def test_rules_and_duplicates_hold_across_the_rows_of_a_school(country, rows: list[tuple[str, str, str, str]]):
    text = HEADER + "".join(f"{school},{metric},{month},{value}\n" for school, month, metric, value in rows)
    found = check(country, text)
    expected, kept = found_by_hand([(number, *row) for number, row in enumerate(rows, 2)])
    assert said(found, *CODES) == expected and len(found.cells) == kept


@settings(max_examples=60)
@given(WIDE_ROWS)
def test_rules_and_duplicates_hold_within_and_across_rows_of_many_values(country, rows):
    text = f"school_code,period,{','.join(RULED)}\n"
    stated = []
    for number, (school, month, values) in enumerate(rows, 2):
        text += f"{school},{month},{','.join(values)}\n"
        stated += [(number, school, month, metric, value) for metric, value in zip(RULED, values, strict=True)]
    found = check(country, text)
    expected, kept = found_by_hand(stated)
    assert said(found, *CODES) == expected and len(found.cells) == kept


def test_both_rows_of_a_contradiction_name_each_other(country: tuple[Session, World]):
    rows = ("001024,teachers_active,2026-10,5", "001025,teachers_active,2026-10,5", "001024,teachers_active,2026-10,6")
    found = check(country, HEADER + "\n".join(rows))
    assert [(finding.row, finding.details["others"]) for finding in found.findings] == [(2, [4]), (4, [2])]
