"""Dates as precise as their source: 2026, 2026-05 or 2026-05-20."""

from calendar import monthrange
from datetime import date

from access.language import format_date, format_month


def span(written: str) -> tuple[date, date]:
    """Return the first and last day that a date written as 2026, 2026-05 or 2026-05-20 covers."""
    year, month, day = (*(int(part) for part in written.split("-")), 0, 0)[:3]
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not day:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, month, day), date(year, month, day)


def in_words(written: str) -> str:
    """Return the date as people read it, no more precise than it is: 2026, May 2026, 20 May 2026."""
    parts = written.count("-") if written else -1
    if parts <= 0:
        return written
    first = span(written)[0]
    return format_month(first) if parts == 1 else format_date(first)
