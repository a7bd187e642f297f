"""Schools like this one: of the same setting and about the same size."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlmodel import Session

from analytics.schools import schools
from analytics.scope import Scope

# The metric that tells a school's size. A peer has from half to twice as many teachers.
SIZE = "teachers_total"
LIKE = 2.0
PEERS = 12
COLUMNS = (
    "school_code", "name", "area_code", "area_name", "is_this", "teachers", "value", "state", "numerator",
    "denominator", "rank", "demonstration",
)  # fmt: skip


@dataclass(frozen=True)
class Peers:
    """A school among its peers.

    `frame`: COLUMNS, the school itself among them (`is_this`), in order of the measure, the highest first, those
    without a value last; teachers (NaN where not reported), rank (Int64 from 1, equal values share it, <NA> without a
    value). `setting` and the range of `teachers` tell who is like it; where the school's own size is not known, setting
    alone decides, and `teachers` is None.
    """

    frame: pd.DataFrame
    setting: str | None
    teachers: tuple[float, float] | None


def peers(session: Session, scope: Scope, school_code: str) -> Peers:
    """Return the schools of the scope's area that are most like one, in the scope's period and measure.

    Of those of its setting with half to twice its teachers the PEERS nearest in size (by ratio; by code where size is
    not known). Without the school itself among the expected ones the frame is empty.
    """
    figures = schools(session, scope).set_index("school_code")
    if school_code not in figures.index:
        return Peers(pd.DataFrame(columns=list(COLUMNS)), None, None)
    sizes = schools(session, scope.of(measure=SIZE)).set_index("school_code")["value"]
    figures["teachers"] = sizes.reindex(figures.index)
    own = figures["teachers"].to_dict()[school_code]
    setting = figures["setting"].where(figures["setting"].notna(), None).to_dict()[school_code]
    same = figures["setting"].isna() if setting is None else figures["setting"] == setting
    between = None
    if own > 0:
        between = (own / LIKE, own * LIKE)
        same &= figures["teachers"].between(*between)
    others = figures[same & (figures.index != school_code)].copy()
    if own > 0:
        others["away"] = np.abs(np.log(others["teachers"] / own))
        others = others.sort_values("away", kind="stable")
    chosen = pd.concat([figures.loc[[school_code]], others.head(PEERS)]).drop(columns="away", errors="ignore")
    chosen = chosen.reset_index(names="school_code").sort_values("value", ascending=False, kind="stable")
    chosen["rank"] = chosen["value"].rank(method="min", ascending=False).astype("Int64")
    chosen["is_this"] = chosen["school_code"] == school_code
    return Peers(chosen.reset_index(drop=True)[list(COLUMNS)], setting, between)
