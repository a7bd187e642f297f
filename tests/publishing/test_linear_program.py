"""The linear programs: answers worked out by hand, and by trying every corner."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.linear_program import Contradiction, Program


def sparse(rows):
    return [(tuple((at, float(times)) for at, times in enumerate(row) if times), side) for row, side in rows]


def bounds(unknowns, equal=(), at_most=(), floors=None, cost=None):
    lowest = np.zeros(unknowns) if floors is None else np.array(floors, dtype=float)
    program = Program(unknowns, sparse(equal), sparse(at_most), lowest)
    cost = np.array(cost if cost is not None else [1] + [0] * (unknowns - 1), dtype=float)
    return program.least(cost), -program.least(-cost)


def test_a_sum_of_two_bounds_each():
    assert bounds(2, equal=[((1.0, 1.0), 10.0)]) == (0, 10)
    assert bounds(2, equal=[((1.0, 1.0), 10.0)], floors=[1, 1]) == (1, 9)


def test_two_equations_together_say_more_than_each():
    # a + b = 10 and a + b + c = 13 leave nothing open about c.
    equal = [((1.0, 1.0, 0.0), 10.0), ((1.0, 1.0, 1.0), 13.0)]
    assert bounds(3, equal=equal, cost=[0, 0, 1]) == pytest.approx((3, 3))


def test_inequalities_bound_and_what_is_not_tied_is_open():
    assert bounds(2, at_most=[((1.0, -1.0), 0.0), ((0.0, 1.0), 7.0)]) == (0, 7)
    assert bounds(1) == (0, np.inf)
    assert bounds(2, at_most=[((1.0, -1.0), 0.0)], cost=[0, 1]) == (0, np.inf)


def test_an_equation_said_twice_changes_nothing():
    assert bounds(2, equal=[((1.0, 1.0), 4.0), ((2.0, 2.0), 8.0)]) == pytest.approx((0, 4))


def test_what_contradicts_itself_is_told():
    with pytest.raises(Contradiction):
        Program(1, sparse([((1.0,), 3.0), ((1.0,), 4.0)]), [], np.zeros(1))


@given(
    matrix=st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=4), min_size=1, max_size=3),
    point=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    cost=st.lists(st.sampled_from([-1, 0, 1]), min_size=4, max_size=4),
)
def test_the_least_value_is_that_of_the_best_corner(matrix, point, cost):
    """Boxed in by 0..20, the least value stands in a corner: where enough of the limits hold with equality."""
    rows = [(tuple(map(float, row)), float(np.dot(row, point))) for row in matrix]
    box = [(tuple(np.eye(4)[index]), 20.0) for index in range(4)]
    found = Program(4, sparse(rows), sparse(box), np.zeros(4)).least(np.array(cost, dtype=float))
    limits = [(np.eye(4)[index], 0.0) for index in range(4)] + [(np.array(row), side) for row, side in box]
    equal = np.array([row for row, _ in rows]), np.array([side for _, side in rows])
    best = np.inf
    for chosen in (choice for size in range(5) for choice in combinations(limits, size)):
        left = np.vstack([equal[0], *[row.reshape(1, -1) for row, _ in chosen]])
        right = np.concatenate([equal[1], [side for _, side in chosen]])
        corner = np.linalg.lstsq(left, right, rcond=None)[0]
        if np.linalg.matrix_rank(left) < 4 or not np.allclose(left @ corner, right):
            continue
        if corner.min() >= -1e-9 and corner.max() <= 20 + 1e-9:
            best = min(best, float(np.dot(cost, corner)))
    assert found == pytest.approx(best, abs=1e-6)


def test_the_solver_writes_nothing_to_standard_output():
    """What commands print there is JSON."""
    code = "from tests.publishing.test_linear_program import bounds; bounds(2, equal=[((1.0, 1.0), 10.0)])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
