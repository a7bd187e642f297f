"""The investment case as what it is: a scenario. Every number that goes in is shown, can be moved, names its source.

Nothing here is measured and nothing is a forecast. The benchmarks (what leading countries are said to spend, what is
said to come back) were announced when a fund was; they are not that fund's budget and not its result.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import pandas as pd
import sqlalchemy as sa
from sqlmodel import Session, col

from analytics.announced import claims
from analytics.registry import country_facts
from data_model.bulk import Query
from data_model.registry import Claim, Initiative

GDP = "gdp_usd"
CURRENCY = "USD"
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
COLUMNS = (
    "year", "spending", "spending_percent_of_gdp", "returned", "spending_total", "returned_total", "net_total",
    "returned_per_spent",
)  # fmt: skip


@dataclass(frozen=True)
class Assumptions:
    """What the scenario takes for granted. Amounts in one currency, at the prices of `gdp_year`; GDP stays as it is.

    `spending_percent` of one year's GDP is spent evenly over `spending_years`. From `first_return_year` on it returns
    `growth_percent` of GDP a year (at full spending; in proportion while it is being spent), until `multiplier` times
    the spending has come back: the multiplier is taken as an upper bound, for no source says by when. `horizon` years
    are shown. `discount_percent` a year weighs what comes later less.
    """

    gdp: Decimal
    gdp_year: int
    spending_percent: Decimal
    spending_years: int = 3
    multiplier: Decimal = Decimal(5)
    growth_percent: Decimal = Decimal("1.5")
    first_return_year: int = 2
    discount_percent: Decimal = Decimal(0)
    horizon: int = 20
    currency: str = CURRENCY

    def __post_init__(self) -> None:
        """Refuse what makes no scenario. Raises ValueError."""
        amounts = (self.gdp, self.spending_percent, self.multiplier, self.growth_percent, self.discount_percent)
        if any(amount < 0 for amount in amounts) or self.gdp == 0:
            raise ValueError("amounts, shares and the multiplier must not be negative, and GDP is above 0")
        if not 1 <= self.spending_years <= self.horizon <= 100 or self.first_return_year < 1:
            raise ValueError("years count from 1, and the horizon is at least the years of spending, at most 100")


@dataclass(frozen=True)
class Case:
    """The scenario worked out.

    `years`: year (Int64, from 1), spending, returned (Decimal, of the year, discounted), spending_percent_of_gdp,
    spending_total, returned_total, net_total, returned_per_spent (Decimal; None while nothing is spent).
    `spending` and `returned_by_multiplier`: in all, undiscounted. `breaks_even_in`: the first year in which as much has
    come back as was spent; `multiplier_reached_in`: in which the whole multiplier has. Both None within the horizon's
    end. `years_to_multiplier`: how many years of full return the two benchmarks need to agree (None without return).
    """

    assumptions: Assumptions
    years: pd.DataFrame
    spending: Decimal
    returned_by_multiplier: Decimal
    breaks_even_in: int | None
    multiplier_reached_in: int | None
    years_to_multiplier: Decimal | None


def case(assumed: Assumptions) -> Case:
    """Return the scenario of these assumptions. The same assumptions, the same scenario; nothing else is read."""
    a_year = assumed.gdp * assumed.spending_percent / HUNDRED / assumed.spending_years
    full = assumed.gdp * assumed.growth_percent / HUNDRED
    spending = a_year * assumed.spending_years
    bound = spending * assumed.multiplier
    rows: list[tuple[object, ...]] = []
    spent = returned = spent_now = returned_now = Decimal(0)
    even = reached = None
    for year in range(1, assumed.horizon + 1):
        weight = 1 / (1 + assumed.discount_percent / HUNDRED) ** (year - 1)
        outlay = a_year if year <= assumed.spending_years else Decimal(0)
        begun = Decimal(min(year, assumed.spending_years)) / assumed.spending_years
        income = full * begun if year >= assumed.first_return_year and spending else Decimal(0)
        income = min(income, bound - returned)
        spent, returned = spent + outlay, returned + income
        spent_now, returned_now = spent_now + outlay * weight, returned_now + income * weight
        over = year >= assumed.spending_years
        even = even or (year if over and returned_now >= spent_now > 0 else None)
        reached = reached or (year if returned == bound > 0 else None)
        share = (outlay * HUNDRED / assumed.gdp).quantize(CENT, ROUND_HALF_EVEN)
        ratio = (returned_now / spent_now).quantize(CENT, ROUND_HALF_EVEN) if spent_now else None
        amounts = (outlay * weight, share, income * weight, spent_now, returned_now, returned_now - spent_now)
        rows.append((year, *(amount.quantize(CENT, ROUND_HALF_EVEN) for amount in amounts), ratio))
    years = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"year": "Int64"})
    needed = (bound / full).quantize(CENT, ROUND_HALF_EVEN) if full else None
    return Case(
        assumed, years, spending.quantize(CENT), bound.quantize(CENT), even, reached, needed,
    )  # fmt: skip


@dataclass(frozen=True)
class Benchmarks:
    """What was announced that a scenario may start from, with its sources; None where nothing was.

    `gdp` is the newest year's. `cited`: the rows of `announced.claims` that the benchmarks are, with their sources;
    `gdp_fact`: the rows of `registry.country_facts` that are the GDP.
    """

    gdp: Decimal | None
    gdp_year: int | None
    spending_low: Decimal | None
    spending_high: Decimal | None
    multiplier: Decimal | None
    growth: Decimal | None
    cited: pd.DataFrame
    gdp_fact: pd.DataFrame

    def assumptions(self) -> Assumptions | None:
        """Return the scenario to start from: the middle of the spending benchmark. None where a part is not known."""
        if self.gdp is None or self.gdp_year is None or self.spending_low is None or self.spending_high is None:
            return None
        if self.multiplier is None or self.growth is None:
            return None
        middle = (self.spending_low + self.spending_high) / 2
        return Assumptions(self.gdp, self.gdp_year, middle, multiplier=self.multiplier, growth_percent=self.growth)


def benchmarks(session: Session, country: str) -> Benchmarks:
    """Return the announced benchmarks of national spending on AI, and a country's GDP in US dollars of its year."""
    query: Query = (
        sa.select(
            col(Claim.key), col(Initiative.key), col(Claim.unit), col(Claim.kind), col(Claim.value),
            col(Claim.value_high), col(Claim.period),
        )
        .join(Initiative, col(Initiative.id) == col(Claim.initiative_id))
        .where(sa.or_(col(Claim.unit) == "percent_of_gdp", col(Claim.unit) == "ratio"))
        .order_by(col(Claim.key))
    )  # fmt: skip
    found = {_place(row): row for row in session.connection().execute(query)}
    spending, multiplier, growth = (found.get(name) for name in ("spending", "multiplier", "growth"))
    keys = [row.key for row in found.values()]
    cited = claims(session)
    facts = country_facts(session, country)
    gdp = facts[facts["fact"] == GDP].head(1).reset_index(drop=True)
    return Benchmarks(
        Decimal(int(gdp["value"].iloc[0])) if len(gdp) else None,
        int(gdp["year"].iloc[0]) if len(gdp) else None,
        spending.value if spending else None,
        (spending.value_high or spending.value) if spending else None,
        multiplier.value if multiplier else None,
        growth.value if growth else None,
        cited[cited["claim"].isin(keys)].reset_index(drop=True),
        gdp,
    )


def _place(row: sa.Row[tuple[object, ...]]) -> str:
    """Return which benchmark a claim is: spending, its growth a year, or the ratio of return to spending."""
    if row.unit == "ratio":
        return "multiplier"
    return "growth" if row.kind == "effect" else "spending"
