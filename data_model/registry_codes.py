"""What may stand in the registry, whoever writes it: a file of the seed or a person on screen.

Code lists that grow with what is announced are data here; those the code reasons about are enums beside their table.
"""

import calendar
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from babel.core import get_global

from data_model.registry import ClaimKind, Qualifier

FIGURES = (
    "licences_allocated", "licences_activated", "teachers_targeted", "teachers_trained", "teachers_active",
    "teachers_engaged", "students_targeted", "students_with_account", "students_active", "students_engaged",
    "schools_targeted", "schools_participating", "prompts_sent", "self_reported_hours_saved_per_week",
    "share_surveyed_finding_it_useful", "budget", "unit_price", "other",
)  # fmt: skip
# Beside these a claim's unit may be a currency.
UNITS = (
    "teachers", "students", "schools", "licences", "prompts", "percent", "hours_per_week", "percent_of_gdp", "ratio",
    "accounts", "users", "people",
)  # fmt: skip
CLAIM_PERIODS = ("per_year", "per_licence_month", "month_1", "year_1", "calendar_year", "over_three_years")
FACTS = (
    "schools", "pupils", "teachers", "schools_online", "schools_on_fibre", "rural_schools", "urban_schools",
    "public_pupils", "upper_secondary_schools", "gdp_usd",
)  # fmt: skip
# A fact is one number: a range is two facts.
FACT_QUALIFIERS = tuple(one for one in Qualifier if one is not Qualifier.RANGE)

MONEY = "money"  # stands for every currency below
UNITS_OF_FIGURE = {  # by the whole figure, or its first word
    "licences": {"licences"},
    "teachers": {"teachers", "people", "percent"},
    "students": {"students", "accounts", "percent"},
    "schools": {"schools", "percent"},
    "prompts": {"prompts"},
    "self_reported_hours_saved_per_week": {"hours_per_week"},
    "share_surveyed_finding_it_useful": {"percent"},
    "budget": {MONEY},
    "unit_price": {MONEY},
}

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLAIN_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?")
WEB_ADDRESS = re.compile(r"https?://[^\s\"<>]+")
COUNTRY_CODE = re.compile(r"[A-Z]{2}")
_ROUGH_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@lru_cache
def currencies() -> tuple[str, ...]:
    """Return the ISO 4217 codes of the currencies that are legal tender somewhere today (Unicode CLDR)."""
    held = get_global("territory_currencies").values()
    return tuple(sorted({code for one in held for code, _since, until, tender in one if tender and until is None}))


def first_and_last_day(text: str) -> tuple[str, str] | None:
    """Return the first and last day that a date of day, month or year precision covers; None when it is no date."""
    match = _ROUGH_DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or (month is not None and not 1 <= month <= 12):
        return None
    first_month, last_month = (month, month) if month else (1, 12)
    last_day = calendar.monthrange(year, last_month)[1]
    if day is not None and not 1 <= day <= last_day:
        return None
    return (f"{year}-{first_month:02}-{day or 1:02}", f"{year}-{last_month:02}-{day or last_day:02}")


def ends_before_it_starts(starts_on: str, ends_on: str) -> bool:
    """Return whether, however the rough dates are read, the end lies before the start."""
    start, end = first_and_last_day(starts_on), first_and_last_day(ends_on)
    return start is not None and end is not None and end[1] < start[0]


def belongs_to_country(initiative_key: str, country: str) -> bool:
    """Return whether an initiative's key begins with the code of its country, as every one does."""
    return initiative_key.startswith(country.lower() + "-")


def units_of_figure(figure: str) -> set[str] | frozenset[str]:
    """Return the units that a figure is counted in, MONEY among them for any currency; none where any fits."""
    return UNITS_OF_FIGURE.get(figure) or UNITS_OF_FIGURE.get(figure.split("_")[0]) or frozenset()


def claim_faults(
    *,
    initiative: str,
    figure: str,
    kind: str,
    qualifier: str,
    value: Decimal | None,
    value_high: Decimal | None,
    unit: str,
    note: str,
) -> Iterator[str]:
    """Yield what does not fit together in a claim, as keys of `CLAIM_FAULTS`."""
    if (qualifier == Qualifier.RANGE) != (value_high is not None):
        yield "range"
    elif value is not None and value_high is not None and value_high <= value:
        yield "high"
    if unit == "percent" and value is not None and value > 100:
        yield "percent"
    units = units_of_figure(figure)
    money = unit in currencies()
    if units and (MONEY if money else unit) not in units:
        yield "unit"
    if money and kind != ClaimKind.MONEY:
        yield "money"
    if unit == "percent_of_gdp" and not note:
        yield "share"
    if initiative == "kz-ai-fund" and figure == "budget":
        yield "ai_fund"


# What each fault says, for whoever keeps the files; the screen says it in the reader's language.
CLAIM_FAULTS = {
    "range": "value_high goes with qualifier range, and only with it",
    "high": "value_high is not above value",
    "percent": "more than 100 percent",
    "unit": "unit {unit} does not fit {figure}",
    "money": "an amount of money must have kind money",
    "share": "a share of GDP needs a note that says what it is",
    "ai_fund": "no size of the AI Fund is known: give its source in README.md and lift this rule",
}
