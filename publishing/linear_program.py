"""A linear program: the least value of a cost over the points that satisfy what is known. HiGHS solves it.

Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming Computation 10
(2018). One thread and no presolve: the same question takes the same path, and the next one goes on from its answer.
"""

from collections.abc import Sequence

import highspy
import numpy as np

OPTIONS: dict[str, str | int] = {"threads": 1, "presolve": "off", "solver": "simplex"}
PRIMAL = 4  # of HiGHS's strategies

Row = tuple[tuple[tuple[int, float], ...], float]  # (unknown, coefficient) pairs, right-hand side


class Contradiction(ValueError):
    """No point satisfies what is said to be known."""


class _Solver(highspy.Highs):
    """HiGHS that says nothing: its own constructor writes to standard output before it can be told not to."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.silent()


class Program:
    """Unknowns from their floors to their ceilings (without end where none are given) that satisfy the equations and
    the inequalities (coefficients <= side).
    """

    def __init__(
        self,
        unknowns: int,
        equal: Sequence[Row],
        at_most: Sequence[Row],
        floors: np.ndarray,
        ceilings: np.ndarray | None = None,
    ) -> None:
        self.unknowns = np.arange(unknowns, dtype=np.int32)
        self._solver = _Solver()
        for option, value in OPTIONS.items():
            self._solver.setOptionValue(option, value)
        without_end = np.full(unknowns, highspy.kHighsInf)
        self._solver.passModel(_model(equal, at_most, floors, without_end if ceilings is None else ceilings))
        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("no values satisfy what is known")
        # A corner stays one whatever the cost: from there the primal simplex goes on, also to where there is no end.
        self._solver.setOptionValue("simplex_strategy", PRIMAL)

    def least(self, cost: np.ndarray) -> float:
        """Return the least value of cost x unknowns, -inf when there is none."""
        self._solver.changeColsCost(len(self.unknowns), self.unknowns, cost)
        for _attempt in ("from the last answer", "from the beginning"):
            self._solver.run()
            status = self._solver.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                return float(self._solver.getInfo().objective_function_value)
            if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
                return -np.inf
            self._solver.clearSolver()
        raise ArithmeticError(f"the linear program was not solved: {self._solver.modelStatusToString(status)}")


def _model(equal: Sequence[Row], at_most: Sequence[Row], floors: np.ndarray, ceilings: np.ndarray) -> highspy.HighsLp:
    rows, unknowns = [*equal, *at_most], len(floors)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = unknowns, len(rows)
    model.col_cost_ = np.zeros(unknowns)
    model.col_lower_, model.col_upper_ = floors, ceilings
    sides = np.array([side for _, side in rows])
    model.row_lower_ = np.concatenate([sides[: len(equal)], np.full(len(at_most), -highspy.kHighsInf)])
    model.row_upper_ = sides
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = unknowns, len(rows)
    model.a_matrix_.start_ = np.cumsum([0, *(len(pairs) for pairs, _ in rows)], dtype=np.int32)
    model.a_matrix_.index_ = np.array([unknown for pairs, _ in rows for unknown, _ in pairs], dtype=np.int32)
    model.a_matrix_.value_ = np.array([times for pairs, _ in rows for _, times in pairs], dtype=float)
    return model
