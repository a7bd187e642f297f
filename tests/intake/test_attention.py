"""The attention list: worked out a second, plain way; odd values first; what one cause moves is one line."""

from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from analytics.catalogue import measures
from data_model.engine import make_engine, open_session
from data_model.places import SchoolRecord
from data_model.submissions import Finding, Submission
from intake.compare import compare
from intake.review.attention import attention
from intake.review.line_choice import LINES
from intake.review.movement import headline_measures
from tests.factories import START, make_enrolment, make_school, make_world
from tests.intake.stories import NA, accepted, cells_of, submitted
from ui import cards, words

MONTH = "2026-09"
# measure -> the metrics it is made of
HEADS = {
    "licence_activation": ("licences_activated", "licences_allocated"),
    "teacher_training": ("teachers_trained", "teachers_total"),
    "teacher_activation": ("teachers_active", "teachers_total"),
    "teachers_active": ("teachers_active",),
}
METRICS = sorted({metric for parts in HEADS.values() for metric in parts})
SCHOOLS = ("001024", "001025", "002017", "020311", "100450", "100451")
REGION = dict(zip(SCHOOLS, ("KZ-75", "KZ-75", "KZ-75", "KZ-10", "KZ-10", "KZ-10"), strict=True))
value = st.one_of(st.none(), st.just(NA), st.integers(0, 60))
files = st.fixed_dictionaries(dict.fromkeys(product(SCHOOLS, METRICS), value))


@pytest.fixture(scope="module")
def country(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("attention") / "uptake.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        yield session, world
    engine.dispose()


def said(file):
    return {(school, metric, MONTH): one for (school, metric), one in file.items() if one is not None}


def looked_at(session, world, file):
    comparison = compare(session, world.initiative, cells_of(world, said(file)))
    return attention(session, world.initiative, comparison)


def plain_sums(file, head, schools):
    """Return numerator, denominator and schools in the base, summed one school after another."""
    parts, sums = HEADS[head], [0, 0, 0]
    for school in schools:
        given = [file.get((school, metric)) for metric in parts]
        if all(isinstance(one, int) for one in given):
            sums = [sums[0] + given[0], sums[1] + (given[1] if len(given) > 1 else 0), sums[2] + 1]
    return sums


def plain_parts(before, after, head, schools):
    """Return what each school adds to the move of the figure over these schools, and the figure's greater size."""
    n0, d0, _ = plain_sums(before, head, schools)
    n1, d1, _ = plain_sums(after, head, schools)
    parts = {}
    for school in schools:
        was, now = plain_sums(before, head, [school]), plain_sums(after, head, [school])
        if len(HEADS[head]) == 1:
            parts[school] = now[0] - was[0]
        elif d1:
            parts[school] = 100 * ((now[0] - was[0]) - (n0 / d0 if d0 else 0) * (now[1] - was[1])) / d1
        else:
            parts[school] = 100 * (now[0] - was[0]) / d0 if d0 else 0
    if len(HEADS[head]) == 1:
        return parts, max(n0, n1)
    return parts, 100 * max(n0 / d0 if d0 else 0, n1 / d1 if d1 else 0)


def plain_pulls(before, after):
    """Return each school's pull: half by the country's figures, half by those of the regions touched."""
    changed = {school for school, metric in after if before.get((school, metric)) != after[school, metric]}
    touched = {REGION[school] for school in changed}
    pulls = dict.fromkeys(SCHOOLS, 0.0)
    for head in HEADS:
        for area, weight in [("KZ", 0.5), *((region, 0.5 / len(touched)) for region in touched)]:
            schools = [school for school in SCHOOLS if area in ("KZ", REGION[school])]
            parts, size = plain_parts(before, after, head, schools)
            for school in schools:
                pulls[school] += weight * abs(parts[school]) / size if size else 0
    total = sum(pulls.values())
    return {school: pull / total for school, pull in pulls.items()} if total else {}


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(held=files, file=files)
def test_parts_shares_and_figures_are_those_worked_out_one_school_after_another(country, held, file):
    session, world = country
    savepoint = session.begin_nested()
    if said(held):
        accepted(session, world, said(held))
    before = {cell: one for cell, one in held.items() if one is not None}
    after = before | {cell: one for cell, one in file.items() if one is not None}
    found = looked_at(session, world, file)
    savepoint.rollback()
    session.expire_all()

    pulls = plain_pulls(before, after)
    lines = found.lines
    assert len(lines[lines["cause"] != "rest"]) <= LINES
    assert lines["moved"].sum() == pytest.approx(1 if pulls else 0)
    assert found.explained == pytest.approx(lines.loc[lines["explained"].astype(bool), "moved"].sum())
    told = lines[lines["school"] != ""].groupby("school")["moved"].sum()
    alone = bool((lines["school"] != "").all())  # else a part of a school may stand in a line with others
    for school, pull in pulls.items():
        assert told.get(school, 0) == pytest.approx(pull) if alone else told.get(school, 0) <= pull + 1e-9, school
    for row in found.figures.itertuples():
        schools = [school for school in SCHOOLS if row.area_code in ("KZ", REGION[school])]
        parts, _size = plain_parts(before, after, row.measure, schools)
        assert row.moved == pytest.approx(sum(map(abs, parts.values())))
        for name, state in (("before", before), ("after", after)):
            n, d, base = plain_sums(state, row.measure, schools)
            assert getattr(row, f"schools_in_base_{name}") == base
            if base:
                assert getattr(row, f"numerator_{name}") == n and (
                    not row.ratio or getattr(row, f"denominator_{name}") == d
                )
        n0, d0, base = plain_sums(before, row.measure, schools)
        n1, d1, _ = plain_sums(after, row.measure, schools)
        if not row.ratio:
            assert sum(parts.values()) == pytest.approx(n1 - n0)
        elif d1 and (d0 or not n0):
            assert sum(parts.values()) == pytest.approx(100 * n1 / d1 - (100 * n0 / d0 if d0 else 0))


@pytest.fixture(scope="module")
def larger_country(sqlite_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("larger") / "uptake.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        world = make_world(session)
        for area, first, count in (("KZ-75-02", 300000, 48), ("KZ-10-02", 400000, 20)):
            for number in range(count):
                code = str(first + number)
                world.schools[code] = make_school(session, code, world.areas[area])
                make_enrolment(session, world.initiative, world.schools[code])
        held = {
            (code, metric, MONTH): base + index
            for index, code in enumerate(sorted(world.schools))
            for metric, base in (("teachers_total", 100), ("teachers_active", 40))
        }
        accepted(session, world, held)
        yield session, world, held
    engine.dispose()


@pytest.fixture
def larger(larger_country):
    """A country with 48 more schools in one district and 20 in another, which have all reported."""
    session, world, held = larger_country
    savepoint = session.begin_nested()
    yield session, world, held
    savepoint.rollback()
    session.expire_all()


def list_of(session, world, statements, findings=()):
    number = submitted(session, world, statements).id
    for finding in findings:
        session.add(Finding(submission_id=number, severity="warning", **finding))
    session.flush()
    comparison = compare(session, world.initiative, cells_of(world, statements))
    return attention(session, world.initiative, comparison, session.get_one(Submission, number))


def test_what_one_cause_moves_is_one_line(larger):
    session, world, held = larger
    of_district = {
        cell: one + 3 + int(cell[0]) % 7
        for cell, one in held.items()
        if cell[0].startswith("3") and cell[1] == "teachers_active"
    }
    single = {("400003", "teachers_active", MONTH): 90}
    found = list_of(session, world, of_district | single)
    lines = found.lines[["cause", "area_code", "school", "schools"]].to_numpy().tolist()
    assert ["changed", "KZ-75-02", "", 48] in lines and ["changed", "KZ-10-02", "400003", 1] in lines
    assert found.explained > 0.95 and found.schools == 49


def test_small_changes_everywhere_are_grouped_by_region_metric_and_direction(larger):
    session, world, held = larger
    regions = {code: "KZ-75" if code[0] in "03" and code not in SCHOOLS[3:] else "KZ-10" for code in world.schools}
    small = {
        cell: one + (1 + int(cell[0]) % 3) * (1 if regions[cell[0]] == "KZ-75" else -1)
        for cell, one in held.items()
        if cell[1] == "teachers_active"
    }
    found = list_of(session, world, small)
    groups = found.lines.set_index("area_code")[["metric", "schools", "up", "down", "most", "period"]]
    east, west = groups[groups["up"] > 0].iloc[0], groups[groups["down"] > 0].iloc[0]
    assert (east["metric"], east["most"], east["down"]) == ("teachers_active", 3, 0)
    assert (west["metric"], west["most"], west["up"]) == ("teachers_active", 3, 0)
    assert found.explained > 0.95 and len(found.lines) <= LINES and found.schools == 74


def drawn_file(world, held, seed, moved, largest, widely):
    """Return a file in which that part of the schools moves by that much, some of them widely, in up to two months."""
    dice = Random(seed)
    statements = {}
    for code, metric, month in product(sorted(world.schools), METRICS, ("2026-09", "2026-10")):
        if dice.random() < moved:
            step = dice.randint(-largest, largest) * (dice.choice((1, 30)) if dice.random() < widely else 1)
            base = held.get((code, metric, MONTH), 20)
            statements[code, metric, month] = float(max(base + step, 0))
    return statements


@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 10_000), moved=st.sampled_from((0.02, 0.3, 1.0)), largest=st.sampled_from((1, 3, 200)),
    widely=st.sampled_from((0.0, 0.02, 0.5)),
)  # fmt: skip
def test_shares_add_up_and_ten_lines_explain_nearly_all_whatever_is_submitted(
    larger_country, seed, moved, largest, widely
):
    session, world, held = larger_country
    statements = drawn_file(world, held, seed, moved, largest, widely)
    comparison = compare(session, world.initiative, cells_of(world, statements))
    found = attention(session, world.initiative, comparison)
    lines = found.lines
    if lines.empty:
        return
    explaining = lines[lines["explained"].astype(bool)]
    assert lines["moved"].sum() == pytest.approx(1) and (lines["moved"] > 0).all()
    assert len(explaining) <= LINES and len(lines) <= LINES + 1
    assert found.explained == pytest.approx(explaining["moved"].sum()) and found.explained >= 0.95
    assert lines.loc[~lines["explained"].astype(bool), "cause"].isin(["rest"]).all()
    assert found.grouped == pytest.approx(lines.loc[lines["grouped"].astype(bool), "moved"].sum())
    assert (lines["schools"] <= lines["changes"]).all() and lines["schools"].max() <= found.schools


def test_a_column_that_is_scaled_is_one_line_before_all_others(larger):
    session, world, held = larger
    scaled = {cell: one * 10 for cell, one in held.items() if cell[1] == "teachers_active"}
    fallen = {("300004", "teachers_total", MONTH): 10.0}
    lines = list_of(session, world, scaled | fallen).lines
    first = lines.iloc[0]
    assert (first["cause"], first["metric"], first["schools"], bool(first["odd"])) == (
        "moved_together", "teachers_active", 74, True,
    )  # fmt: skip
    assert first["moved"] > 0.9


def test_odd_values_come_first_however_little_they_move(larger):
    session, world, held = larger
    statements = {
        ("300001", "teachers_active", MONTH): held["300001", "teachers_active", MONTH] + 1,
        ("400001", "teachers_active", MONTH): 99.0,
    }
    jump = {"code": "jump", "row": 2, "column": "teachers_active", "value": "77"}
    details = {"metric": "teachers_active", "school": "300001", "usual": "7", "period": MONTH}
    lines = list_of(session, world, statements, [{**jump, "details": details}]).lines
    assert lines[["cause", "school", "odd"]].to_numpy().tolist() == [
        ["jump", "300001", True],
        ["changed", "400001", False],
    ]
    assert lines["moved"].is_monotonic_increasing and lines.iloc[1]["rows"] == [3]
    assert (lines.iloc[1]["old"], lines.iloc[1]["new"]) == (held["400001", "teachers_active", MONTH], 99)


def test_what_nobody_reads_at_the_head_of_a_page_moves_nothing(larger):
    session, world, _held = larger
    found = list_of(session, world, {("300001", "messages_sent", MONTH): 5000})
    assert (len(found.lines), found.unmoving, found.explained) == (0, 1, 0)


def test_a_school_that_has_left_moves_nothing(larger):
    session, world, _held = larger
    record = session.exec(select(SchoolRecord).where(SchoolRecord.school_id == world.schools["300001"].id)).one()
    record.closed_on = START.date().replace(month=1)
    session.flush()
    assert list_of(session, world, {("300001", "teachers_active", MONTH): 5000}).lines.empty


def test_the_headlines_are_those_that_head_a_page(country):
    session, world = country
    known = {row.measure: words.Measure.of(row) for row in measures(session, world.initiative.key).itertuples()}
    on_screen = [measure.key for measure in cards.headlines(known)]
    assert [head.key for head in headline_measures(session, world.initiative)] == on_screen == list(HEADS)
