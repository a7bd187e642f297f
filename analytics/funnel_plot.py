"""Which schools or regions differ from the rest by more than chance, and where to look first. Not a league table.

The rate of a small school wanders widely by chance alone. Around the overall rate lie control limits that narrow with
the number of people: within the middle 95 % a unit says nothing, beyond 99.8 % hardly ever by chance.

- *Chance alone*: exact binomial limits, interpolated as in Spiegelhalter (2005), appendix A.1.1.
- *Adjusted*: schools differ by more than coin tosses, so limits of chance alone would accuse half of them. The spread
  between units is estimated from winsorised z-scores (phi) and, where it is beyond chance, added as a random effect
  (tau squared), on the scale on which a proportion's variance does not depend on it (arcsine of the square root).

D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005),
1185-1202; the additive random effect: D. J. Spiegelhalter and others, "Statistical methods for healthcare regulation:
rating, screening and surveillance", Journal of the Royal Statistical Society A 175 (2012), 1-47.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from sqlmodel import Session

from access.language import _
from analytics.adoption import by_area, schools
from analytics.lookup import look_up
from analytics.scope import CannotAnswer, Scope
from data_model.releases import FigureState

# Two-sided limits: inside 95 % is everyday, outside 99.8 % is about three standard deviations away.
CONFIDENCE = {"95": 0.95, "998": 0.998}
Z = {name: NormalDist().inv_cdf(0.5 + level / 2) for name, level in CONFIDENCE.items()}
# The most extreme tenth of units at either end is drawn in before the spread is judged: outliers must not hide in it.
WINSORISED = 0.1
# Drawing in makes even chance look smaller than it is: by so much, for normal scores cut at their tenths.
_CUT = NormalDist().inv_cdf(1 - WINSORISED)
DRAWN_IN = 1 - 2 * WINSORISED - 2 * _CUT * NormalDist().pdf(_CUT) + 2 * WINSORISED * _CUT**2
# Beyond so many people the normal approximation cannot be told from the binomial on any screen.
EXACT_UP_TO = 2_000
BEYOND = ("below_998", "below_95", "within", "above_95", "above_998")
COLUMNS = (
    "unit", "name", "area_code", "area_name", "rate", "numerator", "denominator", "z", "z_chance", "beyond",
    "people_beyond", "demonstration",
)  # fmt: skip


@dataclass(frozen=True)
class Spread:
    """How units scatter around the overall rate (percent).

    `phi` is the mean square of the winsorised z-scores over what it is by chance: 1 is chance. `tau2` is the variance
    between units that is not chance, on the arcsine scale; 0 unless `is_overdispersed`.
    """

    overall: float
    units: int
    phi: float
    tau2: float
    is_overdispersed: bool


def units(session: Session, scope: Scope, of: str) -> pd.DataFrame:
    """Return the rates of the scope's `schools`, or of the `areas` directly below its area, against the overall rate.

    Columns: unit (code), name, area_code, area_name, rate (percent), numerator, denominator (people), z (adjusted for
    overdispersion), z_chance (binomial), beyond (of BEYOND, by the adjusted limits), people_beyond (how many people
    lie between the unit's count and its adjusted 95 % limit; 0 within), demonstration. In order of code. Only units
    with a rate. Empty for schools in a released scope. Raises CannotAnswer (`no_proportion`) for what is no rate.
    """
    measure = look_up(session, scope).measure
    if not measure.is_ratio or measure.weighted:
        raise CannotAnswer("no_proportion", _("Only a rate can be compared with chance: {key} is none.").format(
            key=scope.measure))  # fmt: skip
    if of == "areas":
        figures = by_area(session, scope).rename(columns={"area_code": "unit"})
        figures = figures.assign(area_code=figures["unit"], area_name=figures["name"])
    else:
        figures = schools(session, scope).rename(columns={"school_code": "unit"})
    return judged(figures[figures["state"] == FigureState.REPORTED])


def judged(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the units with how far each lies from the overall rate: see `units`. A unit of nobody is left out."""
    names = [*COLUMNS[:4], "numerator", "denominator", "demonstration"]
    frame = figures.loc[figures["denominator"] > 0, names].sort_values("unit", ignore_index=True)
    # A part above its whole passes only as a warning; it is no proportion, so it counts as all of them.
    part = np.minimum(frame["numerator"].to_numpy(float), frame["denominator"].to_numpy(float))
    people = frame["denominator"].to_numpy(float)
    spread = _spread(part, people)
    middle = _angle(spread.overall / 100)
    away = _angle(np.divide(part, people, out=np.zeros(len(part)), where=people > 0)) - middle
    by_chance = 1 / (4 * people)
    low, high = _adjusted(people, spread, "95")
    short, over = people * low / 100 - part, part - people * high / 100
    frame["rate"] = part * 100 / people
    frame["z_chance"] = away / np.sqrt(by_chance)
    frame["z"] = away / np.sqrt(by_chance + spread.tau2)
    frame["beyond"] = pd.array(_beyond(frame["z"].to_numpy()), dtype="str")
    outside = np.abs(frame["z"].to_numpy()) > Z["95"]
    frame["people_beyond"] = np.where(outside, np.maximum(np.maximum(short, over), 0), 0.0)
    return frame[list(COLUMNS)]


def summary(frame: pd.DataFrame) -> Spread:
    """Return how the units scatter."""
    people = frame["denominator"].to_numpy(float)
    return _spread(np.minimum(frame["numerator"].to_numpy(float), people), people)


def limits(frame: pd.DataFrame, points: int = 60) -> pd.DataFrame:
    """Return the curves to draw, over the range of the units' sizes, evenly spaced on a logarithmic axis.

    Columns: denominator (people), overall (percent), chance_low_95, chance_high_95, chance_low_998, chance_high_998
    (exact binomial), low_95, high_95, low_998, high_998 (adjusted), all percent. Empty without units.
    """
    names = [f"{side}_{level}" for level in CONFIDENCE for side in ("low", "high")]
    if frame.empty:
        return pd.DataFrame(
            columns=["denominator", "overall", *(f"chance_{name}" for name in names), *names], dtype=float
        )
    spread = summary(frame)
    smallest, largest = frame["denominator"].min(), frame["denominator"].max()
    people = np.unique(np.rint(np.geomspace(max(smallest, 1), max(largest, smallest + 1), points)))
    curves = {"denominator": people, "overall": np.full(len(people), spread.overall)}
    for level in CONFIDENCE:
        low, high = chance_limits(people, spread.overall / 100, CONFIDENCE[level])
        curves |= {f"chance_low_{level}": low * 100, f"chance_high_{level}": high * 100}
    for level in CONFIDENCE:
        low, high = _adjusted(people, spread, level)
        curves |= {f"low_{level}": low, f"high_{level}": high}
    return pd.DataFrame(curves)


def look_at_first(frame: pd.DataFrame, limit: int = 20) -> pd.DataFrame:
    """Return the units that lie below the adjusted limits, those first where most people are concerned: rank (from 1),
    then the columns of `units`. Few people far out and many a little way out thereby meet on one scale: people.
    """
    below = frame[frame["beyond"].isin(BEYOND[:2])]
    first = below.sort_values(["people_beyond", "unit"], ascending=[False, True], ignore_index=True).head(limit)
    return first.assign(rank=pd.array(range(1, len(first) + 1), dtype="Int64"))[["rank", *COLUMNS]]


def chance_limits(people: np.ndarray, rate: float, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits between which the rates of units of these sizes lie by chance alone, as proportions.

    Exact up to EXACT_UP_TO people, where the binomial's steps are interpolated; the score's normal limits beyond.
    """
    tail = (1 - level) / 2
    z = NormalDist().inv_cdf(1 - tail)
    half = z * np.sqrt(rate * (1 - rate) / people)
    low, high = np.maximum(rate - half, 0), np.minimum(rate + half, 1)
    if 0 < rate < 1:
        for place in np.flatnonzero(people <= EXACT_UP_TO):
            cumulative = _cumulative(int(people[place]), rate)
            low[place] = _quantile(cumulative, tail) / people[place]
            high[place] = _quantile(cumulative, 1 - tail) / people[place]
    return low, high


def _cumulative(people: int, rate: float) -> np.ndarray:
    """Return the binomial's distribution function at 0, 1, ... people."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, people + 1)))])
    counts = np.arange(people + 1)
    density = logs[-1] - logs - logs[::-1] + counts * np.log(rate) + (people - counts) * np.log1p(-rate)
    return np.cumsum(np.exp(density))


def _quantile(cumulative: np.ndarray, probability: float) -> float:
    """Return the count at which the distribution function reaches the probability, between its steps."""
    upper = int(np.searchsorted(cumulative, probability))
    if upper == 0:
        return 0.0
    if upper >= len(cumulative):
        return float(len(cumulative) - 1)
    step = cumulative[upper] - cumulative[upper - 1]
    return float(upper - (cumulative[upper] - probability) / step)


def _spread(part: np.ndarray, people: np.ndarray) -> Spread:
    count = len(part)
    if not count:
        return Spread(float("nan"), 0, float("nan"), 0.0, False)
    overall = part.sum() / people.sum()
    variance = 1 / (4 * people)
    z = (_angle(part / people) - _angle(overall)) / np.sqrt(variance)
    drawn_in = np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))
    phi = float(np.mean(drawn_in**2) / DRAWN_IN)
    # By chance count x phi is chi squared with variance 2 x count: less than two standard deviations above is chance.
    is_overdispersed = count > 1 and phi > 1 + 2 * np.sqrt(2 / count)
    weight = 1 / variance
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, (count * phi - (count - 1)) / scale) if is_overdispersed and scale > 0 else 0.0
    return Spread(float(overall * 100), count, phi, float(tau2), bool(is_overdispersed))


def _angle(rate: np.ndarray | float) -> np.ndarray:
    """Return proportions on the arcsine scale, where the variance over n people is 1 / (4 n) whatever the rate."""
    return np.arcsin(np.sqrt(np.clip(rate, 0, 1)))


def _adjusted(people: np.ndarray, spread: Spread, level: str) -> tuple[np.ndarray, np.ndarray]:
    half = Z[level] * np.sqrt(1 / (4 * people) + spread.tau2)
    middle = _angle(spread.overall / 100)
    low, high = np.clip(middle - half, 0, None), np.clip(middle + half, None, np.pi / 2)
    return np.sin(low) ** 2 * 100, np.sin(high) ** 2 * 100


def _beyond(z: np.ndarray) -> np.ndarray:
    edges = np.array([-Z["998"], -Z["95"], Z["95"], Z["998"]])
    return np.array(BEYOND, dtype=object)[np.searchsorted(edges, z)]
