"""How sure a rate, and a difference of two, can be: intervals that know that teachers of one school are alike.

People sit in schools, and schools differ; an interval that counts people as drawn one by one is too narrow. The
variance of a ratio of sums over schools is taken from the schools (the linearised, cluster-robust estimator:
W. G. Cochran, "Sampling Techniques", 3rd ed., 1977, ch. 6 and 9A), turned into the number of independent people that
would be as uncertain (the effective sample size of E. L. Korn and B. I. Graubard, "Confidence intervals for proportions
with small expected number of positive counts estimated from survey data", Survey Methodology 24 (1998), 193-201), and
put into the score intervals of E. B. Wilson (1927) and, for a difference, R. G. Newcombe, "Interval estimation for the
difference between independent proportions", Statistics in Medicine 17 (1998), 873-890, method 10. Unlike a plain "plus
or minus" they stay between 0 and 1 and hold near its ends, where adoption begins and where it is complete.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
# With fewer schools their differences cannot be judged, and no interval is printed.
LEAST_SCHOOLS = 10


@dataclass(frozen=True)
class Rate:
    """A proportion over schools. `effective` is as many independent people, `design_effect` how many stand for one."""

    rate: float
    people: float
    schools: int
    effective: float
    design_effect: float


def rate_over_schools(part: np.ndarray, people: np.ndarray) -> Rate:
    """Return the ratio of sums over schools (a school an entry) and how much it tells."""
    schools, total = len(part), float(people.sum())
    rate = float(part.sum()) / total if total > 0 else float("nan")
    if schools < 2 or not total > 0:
        return Rate(rate, total, schools, float("nan"), float("nan"))
    if not 0 < rate < 1:
        # All or none: the schools show no spread at all. As if everybody in a school were one person.
        return Rate(rate, total, schools, float(min(schools, total)), total / schools)
    residual = part - rate * people
    variance = schools / (schools - 1) * float((residual**2).sum()) / total**2
    by_chance = rate * (1 - rate) / total
    effect = max(variance / by_chance, 1.0)  # never surer than people drawn one by one
    effective = total / effect * (_z() / _t(schools - 1)) ** 2
    return Rate(rate, total, schools, effective, effect)


def wilson(rate: Rate) -> tuple[float, float]:
    """Return the score interval of a proportion (as proportions); NaN where there are too few schools."""
    if rate.schools < LEAST_SCHOOLS:
        return float("nan"), float("nan")
    z, count, share = _z(), rate.effective, min(max(rate.rate, 0.0), 1.0)
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    half = z / (1 + z**2 / count) * float(np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def difference(one: Rate, other: Rate) -> tuple[float, float]:
    """Return the interval of `one` less `other` (as proportions); NaN where either has too few schools."""
    low_one, high_one = wilson(one)
    low_other, high_other = wilson(other)
    gap = one.rate - other.rate
    down = float(np.hypot(one.rate - low_one, high_other - other.rate))
    up = float(np.hypot(high_one - one.rate, other.rate - low_other))
    return gap - down, gap + up


def _z() -> float:
    return NormalDist().inv_cdf(0.5 + LEVEL / 2)


def _t(freedom: int) -> float:
    """Return Student's quantile by its Cornish-Fisher series: right to three decimals from nine degrees on."""
    z = _z()
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
