"""What changed between two files: the one that was returned and the one that answers it, value by value."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlmodel import Session, col, select

from access.identity import Identity
from access.permissions import Action, require
from data_model.measures import Measure
from data_model.places import School
from intake.cells import STATES, Cells
from intake.record import cells_of

COLUMNS = (
    "school", "metric", "period", "what", "before", "state_before", "row_before", "after", "state_after", "row_after",
)  # fmt: skip
KEY = ["school_id", "metric_id", "period"]


@dataclass(frozen=True)
class Mended:
    """What a file says otherwise than the one it answers. `same`: how many values both say alike.

    `changes` has COLUMNS, in the order of school, period and metric: codes and keys; `what` is added, removed or
    changed; before, after (NaN where no value), state_before, state_after (ValueState, "" where the file is silent),
    row_before, row_after (Int64).
    """

    same: int
    changes: pd.DataFrame


def mended(session: Session, earlier: int, later: int, *, who: Identity) -> Mended:
    """Return what the later submission says otherwise than the earlier. Raises NotAllowed for what may not be read."""
    for submission in (earlier, later):
        require(session, who, Action.READ_SUBMISSION, submission=submission)
    both = (
        _table(cells_of(session, earlier))
        .merge(_table(cells_of(session, later)), on=KEY, how="outer", suffixes=("_before", "_after"))
        .rename(columns={"value_before": "before", "value_after": "after"})
    )
    equal = (both["state_before"] == both["state_after"]) & (
        (both["before"] == both["after"]) | (both["before"].isna() & both["after"].isna())
    )
    changes = both[~equal].copy()
    silent = changes["state_before"].isna(), changes["state_after"].isna()
    changes["what"] = np.select(list(silent), ["added", "removed"], "changed")
    changes[["state_before", "state_after"]] = changes[["state_before", "state_after"]].fillna("")
    changes["school"] = changes["school_id"].map(_codes(session, changes["school_id"].unique()))
    changes["metric"] = changes["metric_id"].map(dict(session.exec(select(Measure.id, Measure.key)).all()))
    changes = changes.astype({"row_before": "Int64", "row_after": "Int64"})
    ordered = changes.sort_values(["school", "period", "metric"], ignore_index=True)
    return Mended(int(equal.sum()), ordered[list(COLUMNS)])


def _table(cells: Cells) -> pd.DataFrame:
    keys = np.array([period.key for period in cells.periods], dtype=object)
    return pd.DataFrame(
        {
            "school_id": cells.school_id, "metric_id": cells.metric_id, "period": keys[cells.period_index],
            "value": cells.value, "state": np.array([str(state) for state in STATES], dtype=object)[cells.state],
            "row": cells.row,
        }
    )  # fmt: skip


def _codes(session: Session, school_ids: np.ndarray) -> dict[int | None, str]:
    codes: dict[int | None, str] = {}
    for start in range(0, len(school_ids), 1_000):
        some = school_ids[start : start + 1_000].tolist()
        codes.update(session.exec(select(School.id, School.code).where(col(School.id).in_(some))).all())
    return codes
