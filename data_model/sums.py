"""How schools' statements become the sums of a figure. The rules of figures stand here once.

- *Reporting* are the expected schools that said something about the measure: a value or "not applicable". An
  indicator takes two metrics and a score its count: then about both.
- *On time* are those of them that had said it by the end of the due day (see `data_model.timely`).
- In the *base* are those of them that gave values.
- A rate is the ratio of the sums over its base. Sums add up over disjoint areas: a region is the sum of its districts.

Sums are whole numbers of ten-thousandths (no metric has more decimals), so that any order of adding agrees.
"""

from dataclasses import dataclass, fields

import numpy as np
from sqlmodel import Session, col, select

from data_model.measures import Indicator, Metric, MetricKind

UNITS = 10_000


@dataclass(frozen=True)
class MeasurePlan:
    """How a measure is computed from metrics: which columns of the school x metric table it takes."""

    measure_id: int
    numerator: int
    denominator: int | None = None
    weighted: bool = False  # a score: numerator x denominator is summed


def measure_plans(session: Session) -> tuple[list[int], list[MeasurePlan]]:
    """Return the metric ids (the columns, in order) and a plan for each measure over them."""
    metrics = session.exec(select(Metric).order_by(col(Metric.id))).all()
    position = {metric.id: index for index, metric in enumerate(metrics)}
    plans = []
    for metric in metrics:
        if metric.kind == MetricKind.SCORE and metric.count_metric_id is not None:
            plans.append(MeasurePlan(metric.id, position[metric.id], position[metric.count_metric_id], weighted=True))
        else:
            plans.append(MeasurePlan(metric.id, position[metric.id]))
    for indicator in session.exec(select(Indicator).order_by(col(Indicator.id))).all():
        plans.append(MeasurePlan(indicator.id, position[indicator.numerator_id], position[indicator.denominator_id]))
    return [metric.id for metric in metrics], plans


# So many of the arrays of sums, the first, are by area and measure.
MEASURED = 5


@dataclass
class Sums:
    """The sums of all measures over a list of areas. Arrays are areas x measures; `expected`, `demonstration`: areas.

    `numerator` and `denominator` are in units of 1 / UNITS; `demonstration` is the number of invented schools expected,
    or 1 for "some" where only that is known.
    """

    numerator: np.ndarray
    denominator: np.ndarray
    in_base: np.ndarray
    reporting: np.ndarray
    on_time: np.ndarray
    expected: np.ndarray
    demonstration: np.ndarray

    @classmethod
    def zeros(cls, areas: int, measures: int) -> "Sums":
        """Return sums of nothing."""
        shape = (areas, measures)
        return cls(
            *(np.zeros(shape, np.int64) for _ in range(MEASURED)), *(np.zeros(areas, np.int64) for _ in range(2))
        )

    def parts(self) -> list[np.ndarray]:
        """Return the arrays in a fixed order."""
        return [getattr(self, field.name) for field in fields(self)]

    def copy(self) -> "Sums":
        """Return sums that may be changed without changing these."""
        return Sums(*(part.copy() for part in self.parts()))


def in_units(values: np.ndarray) -> np.ndarray:
    """Return floats as whole ten-thousandths; what is no number counts nothing."""
    return np.rint(np.nan_to_num(values) * UNITS).astype(np.int64)


def from_units(units: np.ndarray) -> np.ndarray:
    """Return whole ten-thousandths as floats."""
    return units / UNITS


def sums_of(
    said: np.ndarray,
    value: np.ndarray,
    area: np.ndarray,
    areas: int,
    plans: list[MeasurePlan],
    timely: np.ndarray | None = None,
) -> Sums:
    """Return the sums over each area's own expected schools; `demonstration` is left at zero.

    `said` and `value` are schools x metrics (NaN where no value was given), `area` is each school's area as an index
    below `areas`. A school whose statement is missing is a row of False and NaN. `timely` says of what was on time;
    without it nothing was.
    """
    sums = Sums.zeros(areas, len(plans))
    np.add.at(sums.expected, area, 1)
    for index, plan in enumerate(plans):
        reporting, numerator = said[:, plan.numerator], value[:, plan.numerator]
        on_time = None if timely is None else reporting & timely[:, plan.numerator]
        base = ~np.isnan(numerator)
        denominator = np.zeros(0)
        if plan.denominator is not None:
            reporting = reporting & said[:, plan.denominator]
            if timely is not None and on_time is not None:
                on_time &= said[:, plan.denominator] & timely[:, plan.denominator]
            denominator = value[:, plan.denominator]
            base = base & ~np.isnan(denominator)
            numerator = numerator * denominator if plan.weighted else numerator
            np.add.at(sums.denominator[:, index], area[base], in_units(denominator[base]))
        np.add.at(sums.numerator[:, index], area[base], in_units(numerator[base]))
        sums.in_base[:, index] = np.bincount(area[base], minlength=areas)
        sums.reporting[:, index] = np.bincount(area[reporting], minlength=areas)
        if on_time is not None:
            sums.on_time[:, index] = np.bincount(area[on_time], minlength=areas)
    return sums
