"""What is withheld, and that nothing published gives it back: attacked on random countries, over several releases."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.attack import Attack
from publishing.quantities import Block, Cell, shown, shown_by
from publishing.suppression import Published, known_of, protected_between, protected_counts, withheld_cells
from tests.publishing.blocks import MEASURE, METRIC, ROOT, TRAITS, School, block_of, countries, schools
from tests.publishing.solving import eliminated, narrowed

THRESHOLD = 5
PLENTY: School = {
    "licences_allocated": 60, "licences_activated": 50, "teachers_total": 90, "teachers_trained": 40,
    "teachers_active": 30, "students_total": 900, "students_with_account": 500, "students_active": 200,
    "messages_sent": 4000, "teachers_surveyed": 20, "usefulness_score": 4.0, "training_hours": 120.0,
}  # fmt: skip


def country(*changes):
    """Return the block of a country of one school a region: plenty of everything but for these changes."""
    return block_of([[PLENTY | change] for change in changes])


def names(cells):
    keys = {number: key for key, number in MEASURE.items()}
    return {(keys[cell.measure], cell.area) for cell in cells}


def test_plenty_of_everything_is_shown():
    assert withheld_cells(country({}, {}, {}), TRAITS, THRESHOLD) == frozenset()


def test_zero_is_shown():
    nobody = {"teachers_active": 0, "messages_sent": 0}
    assert withheld_cells(country({}, nobody, {}), TRAITS, THRESHOLD) == frozenset()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_a_small_count_is_withheld_with_all_that_is_about_these_people(count):
    withheld = names(withheld_cells(country({}, {"teachers_active": count}, {}), TRAITS, THRESHOLD))
    second = {key for key, area in withheld if area == 3}
    assert second == {
        "teachers_active", "teacher_activation", "licences_allocated", "licences_activated", "licence_activation",
        "messages_sent", "usefulness_score", "training_hours",
    }  # fmt: skip
    # Students are other people, and how many teachers there are says nothing about the active ones.
    assert not {"teachers_total", "students_active", "student_activation"} & second


def test_a_count_at_the_threshold_is_shown():
    assert withheld_cells(country({}, {"teachers_active": 5}, {}), TRAITS, THRESHOLD) == frozenset()


def test_a_second_region_hides_the_first_from_the_nation():
    withheld = names(withheld_cells(country({}, {"teachers_active": 3}, {"teachers_active": 12}), TRAITS, THRESHOLD))
    assert {area for key, area in withheld if key == "teachers_active"} == {3, 4}, "the smallest of the others"
    assert {area for key, area in withheld if key == "teacher_activation"} == {3, 4}, "its rate would tell it"


def test_two_small_regions_whose_sum_tells_too_much_take_a_third():
    withheld = names(withheld_cells(country({}, {"teachers_active": 1}, {"teachers_active": 1}, {}), TRAITS, THRESHOLD))
    assert len({area for key, area in withheld if key == "teachers_active"}) == 3


def test_the_complement_of_nested_counts_is_protected():
    withheld = names(withheld_cells(country({}, {"teachers_active": 87, "licences_activated": 99}), TRAITS, THRESHOLD))
    assert ("teachers_active", 3) in withheld and ("teacher_activation", 3) in withheld
    assert ("teachers_total", 3) not in withheld
    everybody = {"teachers_active": 90, "teachers_trained": 90, "licences_activated": 99, "teachers_surveyed": 90}
    assert withheld_cells(country({}, everybody), TRAITS, THRESHOLD) == frozenset(), "nobody is left over"


def test_a_part_of_a_part_is_a_part():
    few_left = {"students_total": 203, "students_with_account": 202, "students_active": 200}
    withheld = names(withheld_cells(country({}, few_left), TRAITS, THRESHOLD))
    assert {("students_active", 3), ("students_with_account", 3)} <= withheld


def test_those_whom_a_rate_leaves_out_are_protected():
    """Two active teachers of a school that does not say how many there are: the metric less the rate's numerator."""
    silent = {"teachers_active": 2, "teachers_total": None, "teachers_trained": None, "teachers_surveyed": None}
    block = block_of([[PLENTY], [PLENTY, {**PLENTY, **silent}], [PLENTY]])
    withheld = names(withheld_cells(block, TRAITS, THRESHOLD))
    assert ("teacher_activation", 3) in withheld
    assert ("teachers_active", 3) not in withheld, "32 active teachers are many"


def test_a_small_count_that_lies_in_no_region_is_hidden_by_one():
    block = block_of([[PLENTY], [PLENTY]], rest=[{**PLENTY, "teachers_active": 2}])
    withheld = names(withheld_cells(block, TRAITS, THRESHOLD))
    assert any(key == "teachers_active" for key, _area in withheld)


def test_the_only_region_takes_the_nation_with_it():
    withheld = names(withheld_cells(country({"teachers_active": 2}), TRAITS, THRESHOLD))
    assert {("teachers_active", ROOT), ("teachers_active", 2)} <= withheld


def test_a_higher_threshold_withholds_more():
    block = country({}, {"teachers_active": 8}, {})
    assert withheld_cells(block, TRAITS, 5) == frozenset()
    assert withheld_cells(block, TRAITS, 10)


def test_what_was_public_before_hides_nothing():
    first = country({}, {"teachers_active": 10}, {"teachers_active": 60})
    second = country({}, {"teachers_active": 3}, {"teachers_active": 60})
    before = Published(first, frozenset(), THRESHOLD)
    alone = names(withheld_cells(second, TRAITS, THRESHOLD))
    assert {area for key, area in alone if key == "teachers_active"} == {2, 3}
    after = names(withheld_cells(second, TRAITS, THRESHOLD, [before]))
    assert ("teachers_active", ROOT) in after, "every other region is public already"


def test_what_grew_out_of_protection_does_not_betray_what_it_was():
    first = country({}, {"teachers_active": 3}, {"teachers_active": 12})
    held = withheld_cells(first, TRAITS, THRESHOLD)
    second = country({}, {"teachers_active": 20}, {"teachers_active": 12})
    withheld = withheld_cells(second, TRAITS, THRESHOLD, [Published(first, held, THRESHOLD)])
    assert leaks([Published(first, held, THRESHOLD), Published(second, withheld, THRESHOLD)]) == []


def test_a_stricter_rule_cannot_take_back_what_is_public():
    block = country({}, {"teachers_active": 8}, {})
    before = Published(block, frozenset(), 5)
    withheld = names(withheld_cells(block, TRAITS, 10, [before]))
    assert ("teachers_active", 3) in withheld, "but it is not said again"


def test_the_same_number_is_withheld_from_every_initiative_that_shows_it():
    one, other = country({}, {"teachers_active": 3}, {}), country({}, {"teachers_active": 3}, {})
    cells = dict(one.cells) | {cell._replace(initiative=2): sums for cell, sums in other.cells.items()}
    block = Block(one.root, one.regions, cells, one.codes)
    withheld = withheld_cells(block, TRAITS, THRESHOLD)
    for cell in withheld:
        if cell.measure == METRIC["teachers_active"]:
            assert {Cell(1, cell.measure, cell.area), Cell(2, cell.measure, cell.area)} <= withheld


def test_the_choice_does_not_depend_on_the_order_of_things():
    block = country({}, {"teachers_active": 3}, {"teachers_active": 7}, {"teachers_active": 7})
    turned = Block(block.root, block.regions, dict(reversed(block.cells.items())), block.codes)
    assert withheld_cells(block, TRAITS, THRESHOLD) == withheld_cells(turned, TRAITS, THRESHOLD)


def released(*blocks, threshold=THRESHOLD):
    """Return the releases of these blocks, each made with the earlier ones known."""
    made: list[Published] = []
    for block in blocks:
        made.append(Published(block, withheld_cells(block, TRAITS, threshold, made), threshold))
    return made


LATE: School = {key: None if value is None else value / 10 for key, value in PLENTY.items()} | {"teachers_active": 3}


def test_a_small_school_that_came_late_is_not_the_difference_of_two_releases():
    """33 active teachers now and 30 before are the three of the school that came."""
    before, after = block_of([[PLENTY], [PLENTY], [PLENTY]]), block_of([[PLENTY], [PLENTY, LATE], [PLENTY]])
    first, second = released(before, after)
    assert first.withheld == frozenset()
    assert {("teachers_active", 3), ("teachers_active", ROOT), ("teacher_activation", 3)} <= names(second.withheld)
    assert ("messages_sent", 3) in names(second.withheld), "the late school's messages are about the three"
    assert {("teachers_total", 3), ("students_active", 3)}.isdisjoint(names(second.withheld)), "nine, twenty: enough"
    assert {area for _key, area in names(second.withheld)} == {3, ROOT}
    assert leaks([first, second]) == []
    told = Published(after, frozenset(), THRESHOLD)
    assert leaks([first, told]), "the attack can succeed"


def test_a_small_school_that_is_taken_back_is_not_the_difference_either():
    before, after = block_of([[PLENTY], [PLENTY, LATE]]), block_of([[PLENTY], [PLENTY]])
    first, second = released(before, after)
    assert ("teachers_active", 3) in names(second.withheld) and leaks([first, second]) == []


def test_those_who_are_left_of_a_school_that_came_late_are_protected():
    nearly_all = {**PLENTY, "teachers_total": 20, "teachers_active": 18, "licences_activated": 45}
    before, after = block_of([[PLENTY], [PLENTY]]), block_of([[PLENTY], [PLENTY, nearly_all]])
    first, second = released(before, after)
    assert ("teachers_active", 3) in names(second.withheld) and ("teachers_total", 3) not in names(second.withheld)
    assert leaks([first, second]) == []


def test_a_region_whose_small_school_came_late_is_not_the_rest_of_the_nation():
    """Many came in another region: the nation's change is large, but less that region's it would be the three."""
    before = block_of([[PLENTY], [PLENTY], [PLENTY]])
    after = block_of([[PLENTY], [PLENTY, LATE], [PLENTY, PLENTY]])
    first, second = released(before, after)
    withheld = {area for key, area in names(second.withheld) if key == "teachers_active"}
    assert 3 in withheld and len(withheld) > 1 and leaks([first, second]) == []


def test_schools_that_came_together_are_enough_to_show():
    before, after = block_of([[PLENTY], [PLENTY]]), block_of([[PLENTY], [PLENTY, PLENTY]])
    assert released(before, after)[1].withheld == frozenset()


def test_what_a_school_says_of_itself_anew_is_no_group_of_people():
    before, after = country({}, {}), country({}, {"teachers_active": 33})
    assert released(before, after)[1].withheld == frozenset()


def test_what_came_late_is_shown_as_soon_as_more_has_come():
    regions = [[PLENTY], [PLENTY]]
    late = [[PLENTY], [PLENTY, LATE]]
    enough = [[PLENTY], [PLENTY, LATE, {**PLENTY, "teachers_total": 80}]]
    first, second, third = released(block_of(regions), block_of(late), block_of(enough))
    assert second.withheld and third.withheld == frozenset()
    assert leaks([first, second, third]) == []


def leaks(releases):
    """Return the protected counts that elimination and narrowing enclose too tightly, over all releases."""
    knowledge = known_of(releases, TRAITS)
    known = frozenset().union(*(shown_by(one.block, one.block.cells.keys() - one.withheld, TRAITS) for one in releases))
    equations = [dict(equation) for equation in knowledge.equations]

    def enclosing(known):
        rows = eliminated(equations, knowledge.values, known)
        box = narrowed(rows, knowledge.orders, knowledge.values, known, knowledge.limits)
        return lambda terms: span(terms, known, box)

    of_everything = enclosing(known)
    # What the zeros alone tell is allowed. Here the sharper of the two attacks says how much that is.
    zeros = Attack(knowledge, {one for one, value in knowledge.values.items() if value == 0})
    secrets = [one for release in releases for one in protected_counts(release.block, TRAITS, release.threshold)]
    found = []
    for secret in [*secrets, *protected_between(releases, TRAITS)]:
        low, high = of_everything(secret.terms)
        least, most = low, low + 1
        if secret.ceiling is not None:
            allowed = zeros.bounds(dict(secret.terms))
            least, most = max(1, allowed[0]), min(secret.ceiling, allowed[1])
        if low > least + 1e-6 or high < most - 1e-6:
            found.append((secret.terms, low, high))
    return found


def only(block, *places):
    """Return the block as a release that withholds these figures (measure, area) alone would publish it."""
    return Published(block, frozenset(Cell(1, MEASURE[key], area) for key, area in places), THRESHOLD)


def active_in(*areas):
    return [(key, area) for area in areas for key in ("teachers_active", "teacher_activation")]


def test_two_counts_withheld_for_their_own_sake_do_not_tell_each_other():
    """Four and four are eight: who knows that neither is above four knows both."""
    block = country({"teachers_active": 4}, {"teachers_active": 4}, {}, {})
    assert leaks([only(block, *active_in(2, 3))]), "the attack can succeed"
    assert {area for key, area in names(withheld_cells(block, TRAITS, THRESHOLD)) if key == "teachers_active"} > {2, 3}
    assert leaks(released(block)) == []


def test_a_figure_that_hides_another_is_seen_not_to_be_small():
    """One and six are seven. Of the six nothing else is withheld, so they are not few: the other is one or two."""
    block = country({"teachers_active": 1}, {"teachers_active": 6}, {"teachers_active": 30}, {})
    assert leaks([only(block, *active_in(2, 3))]), "the attack can succeed"
    assert leaks(released(block)) == []


def test_whom_a_figure_that_hides_another_leaves_are_seen_not_to_be_few():
    """Of forty teachers 35 are active. Were there more, the five others would be protected: so 39 less 35 are four."""
    hiding = {"teachers_total": 40, "teachers_active": 35, "teachers_trained": 20, "licences_activated": 50}
    block = country({"teachers_active": 4}, hiding, {}, {})
    assert leaks([only(block, *active_in(2, 3))]), "the attack can succeed"
    assert leaks(released(block)) == []


def test_a_region_that_was_protected_before_and_one_that_is_now_do_not_tell_each_other():
    """The regions change places between releases; the nation stays."""
    first = country({"teachers_active": 4}, {"teachers_active": 20}, {}, {})
    second = country({"teachers_active": 20}, {"teachers_active": 4}, {}, {})
    assert leaks(released(first, second)) == []


def test_what_withholding_does_not_help_against_is_shown():
    """Of 40 licences 35 are used by active teachers, so a nation of 32, which stays public, and three has no room."""
    few = {"licences_allocated": 0, "licences_activated": 0}
    first = country({"licences_activated": 40, "teachers_active": 32}, few | {"teachers_active": 25})
    more = {"licences_activated": 40, "teachers_active": 32, "teachers_total": 95, "messages_sent": 4100}
    second = country(more, few | {"teachers_active": 3})
    withheld = names(released(first, second)[1].withheld)
    assert {("teachers_active", 3), ("teachers_active", ROOT)} <= withheld
    assert not {key for key, _area in withheld} & {"teachers_total", "students_total"}


def everything_but_zeros(block):
    return frozenset(
        cell
        for cell, sums in block.cells.items()
        if any(quantity.value for quantity in shown(TRAITS.by_id[cell.measure], cell.area, sums))
    )


def span(terms, known, box):
    low = high = 0.0
    for one, times in terms:
        ends = (one.value, one.value) if one in known else box.get(one, (0, float("inf")))
        ends = sorted((times * ends[0], times * ends[1]))
        low, high = low + ends[0], high + ends[1]
    return low, high


@given(regions=countries(), rest=st.lists(schools(), max_size=1), threshold=st.sampled_from([3, 5, 10]))
@settings(max_examples=60)
def test_disclosure_attack_finds_no_protected_count_in_one_release(regions, rest, threshold):
    block = block_of(regions, rest)
    withheld = withheld_cells(block, TRAITS, threshold)
    assert leaks([Published(block, withheld, threshold)]) == []


CHANGES = st.tuples(st.integers(0, 2), schools(), st.booleans())


@given(regions=countries(3), again=st.lists(CHANGES, min_size=2, max_size=2))
@settings(max_examples=25)
def test_disclosure_attack_finds_nothing_more_over_three_releases(regions, again):
    """Between releases a school comes late, or reports differently.

    The attack supposes that a number which is the same was known to be: what even a release of nothing but zeros
    would let it conclude is no release's fault.
    """
    releases: list[Published] = []
    for change in (*again, None):
        block = block_of(regions)
        withheld = withheld_cells(block, TRAITS, THRESHOLD, releases)
        silent = Published(block, everything_but_zeros(block), THRESHOLD)
        releases.append(Published(block, withheld, THRESHOLD))
        found = {terms for terms, _low, _high in leaks(releases)}
        assert not found or found <= {terms for terms, _low, _high in leaks([*releases[:-1], silent])}
        if change is not None:
            place, school, late = change
            number = place % len(regions)
            regions = [
                [*region[0 if late else 1 :], school] if at == number else region for at, region in enumerate(regions)
            ]


@given(regions=countries())
@settings(max_examples=40)
def test_no_rate_and_base_give_back_a_withheld_count(regions):
    block = block_of(regions)
    withheld = withheld_cells(block, TRAITS, THRESHOLD)
    for cell in withheld:
        trait = TRAITS.by_id[cell.measure]
        if cell.measure in TRAITS.people:
            for rate in TRAITS.by_id.values():
                if cell.measure in (rate.numerator, rate.denominator) and not rate.is_plain:
                    other = cell._replace(measure=rate.id)
                    assert other in withheld or block.cells[other].in_base == 0
        assert shown(trait, cell.area, block.cells[cell]), "only what has a number is withheld"


@given(regions=countries())
@settings(max_examples=40)
def test_the_nation_less_its_regions_never_gives_back_a_protected_count(regions):
    block = block_of(regions)
    withheld = withheld_cells(block, TRAITS, THRESHOLD)
    for metric in TRAITS.people:
        national = Cell(1, metric, ROOT)
        held = [cell for cell in withheld if cell.measure == metric and cell.area != ROOT]
        if national in withheld or not held:
            continue
        hidden = [block.cells[cell].numerator or 0 for cell in held]
        if any(1 <= value < THRESHOLD for value in hidden):
            assert len(held) > 1
            # Every one of them might be anything from 1 to 4: so much is left when the others are one each.
            assert sum(hidden) - (len(hidden) - 1) >= THRESHOLD - 1


@given(regions=countries())
@settings(max_examples=20)
def test_all_less_active_is_never_a_protected_count(regions):
    block = block_of(regions)
    withheld = withheld_cells(block, TRAITS, THRESHOLD)
    for cell in block.cells:
        for part, whole in TRAITS.nested:
            pair = [cell._replace(measure=part), cell._replace(measure=whole)]
            if not {part, whole} & TRAITS.people.keys() or any(one in withheld for one in pair):
                continue
            lesser, greater = (block.cells[one].numerator for one in pair)
            if lesser and greater is not None:
                assert not 1 <= greater - lesser < THRESHOLD


def test_areas_are_compared_by_code_when_values_are_equal():
    block = country({}, {"teachers_active": 3}, {}, {})
    withheld = names(withheld_cells(block, TRAITS, THRESHOLD))
    chosen = {area for key, area in withheld if key == "teachers_active"}
    assert chosen == {2, 3}
    assert all(block.codes[first] < block.codes[second] for first, second in pairwise(sorted(chosen)))
