"""A small linear program: the least value of a cost over the points that satisfy what is known.

The programs here have tens of unknowns and coefficients of one: a dense tableau is quick and exact enough. Bland's
rule (Mathematics of Operations Research 2 (1977)) chooses the pivots, so that it always ends.
"""

from collections.abc import Sequence

import numpy as np

TOLERANCE = 1e-7

Row = tuple[tuple[float, ...], float]  # coefficients, right-hand side


class Contradiction(ValueError):
    """No point satisfies what is said to be known."""


class Program:
    """Unknowns at or above their floors that satisfy the equations and the inequalities (coefficients <= side)."""

    def __init__(self, unknowns: int, equal: Sequence[Row], at_most: Sequence[Row], floors: np.ndarray) -> None:
        self.unknowns, self.floors = unknowns, floors
        slacks = len(at_most)
        rows = [np.concatenate([np.array(row), np.zeros(slacks)]) for row, _ in equal]
        rows += [np.concatenate([np.array(row), np.eye(slacks)[index]]) for index, (row, _) in enumerate(at_most)]
        matrix = np.array(rows).reshape(len(rows), unknowns + slacks)
        sides = np.array([side for _, side in (*equal, *at_most)], dtype=float)
        sides = sides - matrix[:, :unknowns] @ floors  # counted from the floors, every unknown is at least zero
        flip = sides < 0
        matrix[flip], sides[flip] = -matrix[flip], -sides[flip]
        self._find_a_point(matrix, sides)

    def least(self, cost: np.ndarray) -> float:
        """Return the least value of cost x unknowns, -inf when there is none."""
        full = np.zeros(self.tableau.shape[1] - 1)
        full[: self.unknowns] = cost
        bounded = self._walk(full)
        if not bounded:
            return -np.inf
        return float(self._value(full) + cost @ self.floors)

    def _find_a_point(self, matrix: np.ndarray, sides: np.ndarray) -> None:
        """Find a first corner, starting from one artificial unknown a row and driving them out (phase one)."""
        rows, columns = matrix.shape
        self.tableau = np.hstack([matrix, np.eye(rows), sides.reshape(-1, 1)])
        self.basis = list(range(columns, columns + rows))
        self.allowed = columns + rows
        cost = np.concatenate([np.zeros(columns), np.ones(rows)])
        self._walk(cost)
        scale = max(1.0, float(np.abs(sides).max(initial=0.0)))
        if self._value(cost) > TOLERANCE * scale:
            raise Contradiction("no values satisfy what is known")
        for row in range(rows):
            if self.basis[row] >= columns:
                usable = np.flatnonzero(np.abs(self.tableau[row, :columns]) > TOLERANCE)
                if len(usable):
                    self._pivot(row, int(usable[0]))
        kept = [row for row in range(rows) if self.basis[row] < columns]  # the others say nothing new
        self.tableau = np.hstack([self.tableau[kept, :columns], self.tableau[kept, -1:]])
        self.basis = [self.basis[row] for row in kept]
        self.allowed = columns

    def _walk(self, cost: np.ndarray) -> bool:
        """Walk to the corner of least cost. Returns whether there is one."""
        while True:
            reduced = cost - cost[self.basis] @ self.tableau[:, :-1]
            entering = np.flatnonzero(reduced[: self.allowed] < -TOLERANCE)
            if len(entering) == 0:
                return True
            column = int(entering[0])
            steps = self.tableau[:, column]
            usable = np.flatnonzero(steps > TOLERANCE)
            if len(usable) == 0:
                return False
            ratios = self.tableau[usable, -1] / steps[usable]
            nearest = usable[ratios <= ratios.min() + TOLERANCE]
            self._pivot(int(min(nearest, key=lambda row: self.basis[row])), column)

    def _pivot(self, row: int, column: int) -> None:
        self.tableau[row] /= self.tableau[row, column]
        others = np.abs(self.tableau[:, column]) > TOLERANCE
        others[row] = False
        self.tableau[others] -= np.outer(self.tableau[others, column], self.tableau[row])
        self.basis[row] = column

    def _value(self, cost: np.ndarray) -> float:
        return float(cost[self.basis] @ self.tableau[:, -1])
