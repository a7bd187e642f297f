"""What a question is asked about, and the names in it looked up.

Every frame of figures has the columns of FIGURE_COLUMNS after those that name its rows. `state` is one of
`data_model.releases.FigureState`; `value` is NaN unless it is `reported`. Rates are in the indicator's unit (a
percentage is 42.3, not 0.423). Counts of schools are nullable integers: a release withholds them with its figure.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from access.refusal import Refusal
from data_model.periods import Period

FIGURE_COLUMNS = (
    "value",  # float, NaN unless reported
    "state",  # reported | not_reported | not_applicable | suppressed
    "numerator",  # float: a plain metric's sum, an indicator's upper part, a score's sum of value x count
    "denominator",  # float, NaN for plain metrics
    "schools_in_base",  # Int64: expected schools whose values the figure is made of; <NA> in releases
    "schools_reporting",  # Int64: those that said something, "not applicable" included
    "schools_expected",  # Int64
    "demonstration",  # bool: an expected school is invented
    "recorded_at",  # datetime UTC: when this figure last changed; NaT while there is none, and in releases
)


class CannotAnswer(Refusal):
    """The question names something that does not exist or that is not released. See `access.refusal.Refusal`."""


@dataclass(frozen=True)
class Scope:
    """What a question is asked about. Hashable: the same scope and data version give the same answer.

    `area` is an area's code, the country's own included. `as_of` answers as it was known then. `released` answers
    from the newest release only: of the country and its regions, never of districts, schools or rows.
    """

    initiative: str
    measure: str
    area: str
    period: Period
    first_period: Period | None = None
    as_of: datetime | None = None
    released: bool = False

    def of(self, **changed: object) -> Self:
        """Return the scope with some parts changed."""
        return replace(self, **changed)  # type: ignore[arg-type]
