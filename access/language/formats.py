"""Numbers, money and dates as the current language writes them (Unicode CLDR, through Babel).

A missing figure has no number: these functions refuse NaN and None, so that "not reported", "not applicable" and
"suppressed" are always said in words by whoever knows which it is.
"""

from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, dates, numbers

from access.language.current import current

Number = int | float | Decimal

# A page writes the same numbers and days again on every run, and Babel takes its time over each.
KEPT = 20_000
# The world's order rather than the United States': 1 Sep 2026, not Sep 1, 2026.
_DAY = {"en": "d MMM y"}


def format_number(value: Number, decimals: int = 0) -> str:
    """Return `value` with the language's separators and exactly `decimals` places, halves rounded away from zero."""
    return _number(value, decimals, current())


def format_percent(ratio: Number, decimals: int = 1) -> str:
    """Return a ratio (0.423) as a percentage (42.3%)."""
    return _percent(ratio, decimals, current())


def format_compact(value: Number, decimals: int = 1) -> str:
    """Return a large number in short: 1.2M."""
    return numbers.format_compact_decimal(_exact(value), fraction_digits=decimals, locale=_locale())


def format_money(amount: Decimal, currency: str, decimals: int = 0) -> str:
    """Return an amount before its ISO 4217 code, which unlike a sign means one currency everywhere: 1,200 KZT."""
    return f"{format_number(amount, decimals)}\N{NO-BREAK SPACE}{currency}"


def format_date(day: date) -> str:
    """Return a day: 1 Sep 2026."""
    return _day(day, _DAY.get(current(), "medium"), current())


def format_moment(moment: datetime, time_zone: tzinfo = UTC) -> str:
    """Return an instant as a clock in `time_zone` shows it: 2 Sep 2026, 01:30 GMT+05:00. Refuses one without a zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    there = moment.astimezone(time_zone)
    # Babel writes the zone of no offset as GMT+00:00; people and standards call it UTC.
    zone = dates.get_timezone_gmt(there, locale=_locale()) if there.utcoffset() else "UTC"
    return f"{format_date(there.date())}, {there:%H:%M} {zone}"


def format_month(day: date, *, short: bool = False) -> str:
    """Return the month a day lies in: September 2026, or Sep 2026."""
    return _part(day, "yMMM" if short else "yMMMM", current())


def format_month_name(day: date) -> str:
    """Return the short name of the month a day lies in, without its year: Sep."""
    return _day(day, "LLL", current())


def format_quarter(day: date) -> str:
    """Return the calendar quarter a day lies in: Q3 2026."""
    return _part(day, "yQQQ", current())


# By type too: a Decimal and NumPy's integer of the same value cannot be compared.
@lru_cache(KEPT, typed=True)
def _number(value: Number, decimals: int, language: str) -> str:
    return numbers.format_decimal(
        _rounded(value, decimals), format=_pattern("#,##0", decimals), locale=_locale_of(language)
    )


@lru_cache(KEPT, typed=True)
def _percent(ratio: Number, decimals: int, language: str) -> str:
    locale = _locale_of(language)
    pattern = _pattern(locale.percent_formats[None].pattern, decimals)
    return numbers.format_percent(_rounded(ratio, decimals + 2), format=pattern, locale=locale)


@lru_cache(KEPT)
def _day(day: date, pattern: str, language: str) -> str:
    return dates.format_date(day, format=pattern, locale=_locale_of(language))


@lru_cache(KEPT)
def _part(day: date, skeleton: str, language: str) -> str:
    return dates.format_skeleton(skeleton, day, locale=_locale_of(language))


def _locale() -> Locale:
    return _locale_of(current())


@lru_cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(language)


def _pattern(integer_pattern: str, decimals: int) -> str:
    return integer_pattern.replace("0", "0." + "0" * decimals) if decimals else integer_pattern


def _rounded(value: Number, decimals: int) -> Decimal:
    # Adding zero turns -0 into 0.
    return _exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + 0


def _exact(value: Number) -> Decimal:
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError(f"no number to write: {value!r}")
    return exact
