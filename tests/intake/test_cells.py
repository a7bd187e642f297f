"""Cells survive being stored."""

import numpy as np

from data_model.periods import Period
from intake.cells import NOT_APPLICABLE, REPORTED, Cells


def test_cells_come_back_from_bytes_as_they_went_in():
    periods = [Period.parse("2026-09"), Period.parse("2026-10")]
    cells = Cells.of([1, 2], [3, 4], [0, 1], [REPORTED, NOT_APPLICABLE], [5.25, np.nan], [2, 3], periods)
    back = Cells.from_bytes(cells.to_bytes())
    for name in ("school_id", "metric_id", "period_index", "state", "value", "row"):
        assert np.array_equal(getattr(back, name), getattr(cells, name), equal_nan=name == "value")
        assert getattr(back, name).dtype == getattr(cells, name).dtype
    assert back.periods == periods
    assert back.to_bytes() == cells.to_bytes()


def test_no_cells_are_cells_too():
    assert len(Cells.from_bytes(Cells.empty().to_bytes())) == 0


def test_take_keeps_the_chosen_cells():
    cells = Cells.of([1, 2, 3], [1, 1, 1], [0, 0, 0], [0, 0, 0], [1, 2, 3], [2, 3, 4], [Period.parse("2026-09")])
    assert cells.take(cells.value > 1).row.tolist() == [3, 4]
