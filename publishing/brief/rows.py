"""The rows of a frame, to be read one by one."""

from typing import Any

import pandas as pd


def rows(frame: pd.DataFrame) -> list[Any]:
    """Return a frame's rows as named tuples."""
    return list(frame.itertuples(index=False))
