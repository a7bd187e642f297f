"""A small linear program: the least value of a cost over the points that satisfy what is known.

The programs here have tens to hundreds of unknowns and coefficients of one: a dense tableau is quick and exact enough.
Dantzig's rule (the steepest cost) chooses the pivots, and where that does not get on, Bland's rule (Mathematics of
Operations Research 2 (1977)), so that it always ends.
"""

from collections.abc import Sequence

import numpy as np

TOLERANCE = 1e-7
# After so many pivots in a row that stayed in their corner, Bland's rule takes over until one gets on.
PATIENCE = 20

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
        # An inequality that was not turned around holds with its own slack: it needs no artificial unknown.
        own = [None if flip[row] or row < len(equal) else unknowns + row - len(equal) for row in range(len(rows))]
        self._find_a_point(matrix, sides, own)

    def least(self, cost: np.ndarray) -> float:
        """Return the least value of cost x unknowns, -inf when there is none."""
        full = np.zeros(self.tableau.shape[1] - 1)
        full[: self.unknowns] = cost
        bounded = self._walk(full)
        if not bounded:
            return -np.inf
        return float(self._value(full) + cost @ self.floors)

    def _find_a_point(self, matrix: np.ndarray, sides: np.ndarray, own: Sequence[int | None]) -> None:
        """Find a first corner, starting from the rows' own slacks and one artificial unknown for each other row, and
        driving those out (phase one).
        """
        rows, columns = matrix.shape
        artificial = [row for row in range(rows) if own[row] is None]
        numbers = {row: columns + number for number, row in enumerate(artificial)}
        self.tableau = np.hstack([matrix, np.eye(rows)[:, artificial], sides.reshape(-1, 1)])
        self.basis = [numbers[row] if slack is None else slack for row, slack in enumerate(own)]
        self.allowed = columns + len(artificial)
        cost = np.concatenate([np.zeros(columns), np.ones(len(artificial))])
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
        stayed = 0
        while True:
            reduced = (cost - cost[self.basis] @ self.tableau[:, :-1])[: self.allowed]
            entering = np.flatnonzero(reduced < -TOLERANCE)
            if len(entering) == 0:
                return True
            column = int(entering[0] if stayed > PATIENCE else np.argmin(reduced))
            steps = self.tableau[:, column]
            usable = np.flatnonzero(steps > TOLERANCE)
            if len(usable) == 0:
                return False
            ratios = self.tableau[usable, -1] / steps[usable]
            nearest = usable[ratios <= ratios.min() + TOLERANCE]
            stayed = stayed + 1 if ratios.min() <= TOLERANCE else 0
            self._pivot(int(min(nearest, key=lambda row: self.basis[row])), column)

    def _pivot(self, row: int, column: int) -> None:
        self.tableau[row] /= self.tableau[row, column]
        others = np.abs(self.tableau[:, column]) > TOLERANCE
        others[row] = False
        self.tableau[others] -= np.outer(self.tableau[others, column], self.tableau[row])
        self.basis[row] = column

    def _value(self, cost: np.ndarray) -> float:
        return float(cost[self.basis] @ self.tableau[:, -1])
