"""Schools like this one: of the same setting and about the same size."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlmodel import Session

from analytics.lookup import Asked, look_up
from analytics.observed import enrolled_school, expected_of_setting
from analytics.schools import schools
from analytics.scope import Scope

# The metric that tells a school's size. A peer has from half to twice as many teachers.
SIZE = "teachers_total"
LIKE = 2.0
PEERS = 12
WITHIN = (1.05, 1.3, LIKE)
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
    asked = look_up(session, scope.of(measure=SIZE, released=False))
    school = None if scope.released else enrolled_school(session, asked, school_code)
    own = pd.DataFrame() if school is None else schools(session, scope.of(measure=SIZE), [school.school_id])
    if school is None or own.empty:
        return Peers(pd.DataFrame(columns=list(COLUMNS)), None, None)
    size, setting = float(own["value"].iloc[0]), own["setting"].where(own["setting"].notna(), None).iloc[0]
    others = _nearest(session, asked, school_code, setting, size)
    ids = [school.school_id, *others["school_id"].tolist()]
    figures = schools(session, scope, ids).set_index("school_code")
    chosen = figures.loc[[school_code, *others["school_code"]]]
    sizes = schools(session, scope.of(measure=SIZE), ids).set_index("school_code")["value"]
    chosen = chosen.assign(teachers=sizes.reindex(chosen.index)).reset_index(names="school_code")
    chosen = chosen.sort_values("value", ascending=False, kind="stable")
    chosen["rank"] = chosen["value"].rank(method="min", ascending=False).astype("Int64")
    chosen["is_this"] = chosen["school_code"] == school_code
    between = (size / LIKE, size * LIKE) if size > 0 else None
    return Peers(chosen.reset_index(drop=True)[list(COLUMNS)], setting, between)


def _nearest(session: Session, asked: Asked, school_code: str, setting: str | None, size: float) -> pd.DataFrame:
    """Return the PEERS schools nearest to a size, of a setting, by code where the size is not known.

    They are looked for close by first: of a large country hundreds are as large within a twentieth.
    """
    for times in WITHIN:
        between = (size / times, size * times) if size > 0 else None
        found = expected_of_setting(session, asked, asked.scope.period, setting, between)
        found = found[found["school_code"] != school_code].sort_values("school_code", ignore_index=True)
        if between is None:
            break
        if len(found) >= PEERS or times == LIKE:
            found = found.assign(away=np.abs(np.log(found["value"] / size))).sort_values("away", kind="stable")
            break
    return found.head(PEERS)
