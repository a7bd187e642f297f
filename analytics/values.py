"""From sums to a figure: its value and which of the four states it is in. The rule stands here once."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analytics.scope import FIGURE_COLUMNS
from data_model.releases import FigureState

SCHOOL_COUNTS = ("schools_in_base", "schools_reporting", "schools_expected")


def values_and_states(
    numerator: np.ndarray,
    denominator: np.ndarray,
    in_base: np.ndarray,
    reporting: np.ndarray,
    *,
    ratio: np.ndarray | bool,
    factor: np.ndarray | float = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (value, state) of figures given as arrays of one length.

    Nothing said: not reported. Only "not applicable" said, or a ratio with a denominator of zero: not applicable.
    `ratio` tells which are a numerator over a denominator (times `factor`). A value that is not reported is NaN.
    """
    is_ratio = np.broadcast_to(ratio, numerator.shape)
    undefined = (in_base == 0) | (is_ratio & ~(denominator != 0))
    state = np.where(
        reporting == 0,
        FigureState.NOT_REPORTED.value,
        np.where(undefined, FigureState.NOT_APPLICABLE.value, FigureState.REPORTED.value),
    ).astype(object)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Multiplied first: 7 of 100 is 7 %, not 7.000000000000001 %.
        value = np.where(is_ratio, numerator * factor / denominator, numerator)
    return np.where(state == FigureState.REPORTED.value, value, np.nan), state


def figure_frame(columns: dict[str, Any], names: Sequence[str]) -> pd.DataFrame:
    """Return a frame of `names` and then FIGURE_COLUMNS with the types that `analytics.scope` promises."""
    typed = {name: columns[name] for name in names}
    # Every column is typed on its way in: a frame that is cast afterwards costs several times as much.
    for name in FIGURE_COLUMNS:
        given = columns[name]
        if name in SCHOOL_COUNTS:
            typed[name] = _counts(given)
        elif name == "state":
            typed[name] = pd.array(np.asarray(given, dtype=object), dtype="str")
        elif name == "recorded_at":
            typed[name] = pd.to_datetime(pd.Series(given, dtype=object), utc=True).array
        else:
            typed[name] = np.asarray(given, dtype=bool if name == "demonstration" else float)
    return pd.DataFrame(typed)


def _counts(given: Any) -> pd.arrays.IntegerArray:
    """Return numbers of schools, <NA> where they are not known."""
    numbers = np.asarray(given, dtype=float)
    unknown = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(unknown, 0, numbers).astype(np.int64), unknown)


def empty_figures(names: Sequence[str]) -> pd.DataFrame:
    """Return a frame without rows: what a release says about districts and schools."""
    return figure_frame({name: [] for name in (*names, *FIGURE_COLUMNS)}, names)
