"""How the invented schools report: on time, late or never, and now and then a wrong number that is corrected later."""

from dataclasses import dataclass

import numpy as np

from seed.demonstration.options import HOLIDAYS, Options
from seed.demonstration.places import Block
from seed.demonstration.schools import Schools
from seed.demonstration.truth import Figures

DICE = 5
NOT_EXPECTED, ON_TIME, LATE, MISSING = range(4)
# What a school first reports wrongly, and as how much of the truth. Each keeps the rules between metrics.
MISTAKES = (("teachers_trained", 0.8), ("messages_sent", 1.25), ("teachers_active", 0.7))


@dataclass
class Reporting:
    """Schools x months: `status` is one of the codes above, `mistake` an index into MISTAKES or -1."""

    status: np.ndarray
    mistake: np.ndarray


def reporting(options: Options, block: Block, schools: Schools) -> Reporting:
    """Return how each school of the block reports each month, always the same."""
    dice = options.dice(DICE, block.number)
    shape = (len(schools), options.months)
    holidays = np.array([period.starts_on.month in HOLIDAYS for period in options.periods])
    # Most schools are reliable, some are not; fewer report in the holidays.
    careless = dice.beta(1.2, 18, len(schools))[:, None] + 0.015 * schools.rural[:, None]
    missing = dice.random(shape) < careless + 0.06 * holidays
    late = dice.random(shape) < 0.04 + careless
    status = np.where(missing, MISSING, np.where(late, LATE, ON_TIME))
    status[schools.sample] = ON_TIME
    # So that the sample files bring something new: some of their schools have not reported the last month yet.
    status[np.flatnonzero(schools.sample)[::2], -1] = MISSING
    status[~expected(options, schools)] = NOT_EXPECTED
    mistake = np.where(dice.random(shape) < 0.012, dice.integers(0, len(MISTAKES), shape), -1)
    if block.number == 0:
        mistake[0, :] = np.arange(options.months) % len(MISTAKES)
    mistake[(status != ON_TIME) | schools.sample[:, None]] = -1
    mistake[:, -1] = -1
    return Reporting(status, mistake)


def expected(options: Options, schools: Schools) -> np.ndarray:
    """Return, schools x months, who has joined and is open on the month's last day: the design's rule."""
    joined = np.array(options.wave_months)[schools.wave - 1]
    told = joined[:, None] <= np.arange(options.months)[None, :]
    for index, (opened, closed) in enumerate(zip(schools.opened_on, schools.closed_on, strict=True)):
        for month, period in enumerate(options.periods):
            if (opened and opened > period.ends_on) or (closed and closed <= period.ends_on):
                told[index, month] = False
    return told


def first_reported(figures: Figures, report: Reporting, month: int) -> dict[str, np.ndarray]:
    """Return the month's values as the schools first report them, by metric: some of them wrong."""
    values = {metric: by_month[:, month].copy() for metric, by_month in figures.values.items()}
    for index, (metric, share) in enumerate(MISTAKES):
        if metric not in values:
            continue
        wrong = report.mistake[:, month] == index
        values[metric][wrong] = np.floor(values[metric][wrong] * share)
    return values


def corrected(figures: Figures, report: Reporting, month: int) -> list[tuple[int, str, float]]:
    """Return (school, metric, true value) for what the schools had reported wrongly for the month."""
    told = first_reported(figures, report, month)
    return [
        (school, metric, float(figures.values[metric][school, month]))
        for index, (metric, _share) in enumerate(MISTAKES)
        for school in np.flatnonzero(report.mistake[:, month] == index).tolist()
        if told[metric][school] != figures.values[metric][school, month]
    ]
