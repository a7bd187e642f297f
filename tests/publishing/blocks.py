"""Random countries for suppression: measures as the seed has them, schools with any numbers, no database."""

from collections.abc import Sequence

from hypothesis import strategies as st

from publishing.quantities import Block, Cell, Sums
from publishing.traits import Trait, Traits

ROOT = 1
# key, subject, kind, counts people
METRICS = (
    ("licences_allocated", "licence", "stock"),
    ("licences_activated", "licence", "stock"),
    ("teachers_total", "teacher", "stock"),
    ("teachers_trained", "teacher", "stock"),
    ("teachers_active", "teacher", "distinct"),
    ("students_total", "student", "stock"),
    ("students_with_account", "student", "stock"),
    ("students_active", "student", "distinct"),
    ("messages_sent", "message", "flow"),
    ("teachers_surveyed", "teacher", "distinct"),
    ("usefulness_score", "teacher", "score"),
    ("training_hours", "teacher", "flow"),
)
METRIC = {key: number for number, (key, _subject, _kind) in enumerate(METRICS, start=1)}
INDICATORS = (
    ("licence_activation", "licences_activated", "licences_allocated"),
    ("teacher_training", "teachers_trained", "teachers_total"),
    ("teacher_activation", "teachers_active", "teachers_total"),
    ("student_activation", "students_active", "students_total"),
)
MEASURE = METRIC | {key: number for number, (key, _n, _d) in enumerate(INDICATORS, start=len(METRICS) + 1)}
RULES = (
    ("licences_activated", "licences_allocated"),
    ("teachers_trained", "teachers_total"),
    ("teachers_active", "teachers_total"),
    ("teachers_active", "licences_activated"),
    ("students_active", "students_with_account"),
    ("students_with_account", "students_total"),
    ("students_active", "students_total"),
    ("teachers_surveyed", "teachers_total"),
)

School = dict[str, float | None]


def traits() -> Traits:
    """Return the traits of the twelve metrics and four indicators."""
    by_id = {}
    for key, subject, kind in METRICS:
        count = METRIC["teachers_surveyed"] if kind == "score" else None
        by_id[METRIC[key]] = Trait(
            METRIC[key], key, METRIC[key], denominator=count, weighted=kind == "score", subject=subject, kind=kind
        )
    for key, numerator, denominator in INDICATORS:
        by_id[MEASURE[key]] = Trait(MEASURE[key], key, METRIC[numerator], denominator=METRIC[denominator], factor=100)
    people = {
        METRIC[key]: subject
        for key, subject, kind in METRICS
        if subject in ("teacher", "student") and kind in ("stock", "distinct")
    }
    return Traits(by_id, people, frozenset((METRIC[lesser], METRIC[greater]) for lesser, greater in RULES))


TRAITS = traits()


def block_of(regions: Sequence[Sequence[School]], rest: Sequence[School] = (), initiative: int = 1) -> Block:
    """Return the block of a country whose regions (2, 3, ...) have these schools, and `rest` in none of them."""
    cells: dict[Cell, Sums] = {}
    for measure, trait in TRAITS.by_id.items():
        for area, schools in enumerate(regions, start=ROOT + 1):
            if schools:
                cells[Cell(initiative, measure, area)] = sums_of(schools, trait)
        everybody = [school for schools in (*regions, rest) for school in schools]
        cells[Cell(initiative, measure, ROOT)] = sums_of(everybody, trait)
    areas = range(ROOT + 1, ROOT + 1 + len(regions))
    return Block(ROOT, tuple(areas), cells, {area: f"KZ-{area:02}" for area in areas})


def sums_of(schools: Sequence[School], trait: Trait) -> Sums:
    """Return what rolling up these schools gives: only schools with both parts are in the base."""
    keys = {number: key for key, number in METRIC.items()}
    numerator = denominator = 0.0
    base = 0
    for school in schools:
        upper = school.get(keys[trait.numerator])
        lower = 0 if trait.denominator is None else school.get(keys[trait.denominator])
        if upper is None or lower is None:
            continue
        base += 1
        numerator += upper * lower if trait.weighted else upper
        denominator += lower
    return Sums(
        numerator if base else None, denominator if base and trait.denominator else None, base, base, len(schools)
    )


@st.composite
def schools(draw: st.DrawFn) -> School:
    """A school that keeps every rule and leaves some values out."""
    size = draw(st.sampled_from([3, 6, 40]))
    total = draw(st.integers(0, size))
    activated = draw(st.integers(0, size))
    pupils = draw(st.integers(0, 3 * size))
    accounts = draw(st.integers(0, pupils))
    school: School = {
        "licences_allocated": activated + draw(st.integers(0, 5)),
        "licences_activated": activated,
        "teachers_total": total,
        "teachers_trained": draw(st.integers(0, total)),
        "teachers_active": draw(st.integers(0, min(total, activated))),
        "students_total": pupils,
        "students_with_account": accounts,
        "students_active": draw(st.integers(0, accounts)),
        "messages_sent": draw(st.integers(0, 500)),
        "teachers_surveyed": draw(st.integers(0, total)),
        "usefulness_score": draw(st.integers(100, 500)) / 100,
        "training_hours": draw(st.integers(0, 400)) / 10,
    }
    for key in draw(st.sets(st.sampled_from(sorted(METRIC)), max_size=4)):
        school[key] = None
    return school


def countries(regions: int = 4) -> st.SearchStrategy[list[list[School]]]:
    """Countries of up to so many regions, each with a few schools."""
    return st.lists(st.lists(schools(), max_size=4), min_size=1, max_size=regions)
