"""Periods as people write them, in English, Russian and Kazakh: `2026-09`, `09.2026`, `сентябрь 2026`, `2026-Q3`."""

import re
from datetime import date, timedelta

from data_model.periods import SCHOOL_YEAR_BEGINS, Granularity, Period
from intake.folding import HYPHENS, fold, look_alike

# Each month's names: full, as after a preposition or number, and short. A point after a short name is dropped.
MONTH_NAMES = (
    ("january", "jan", "январь", "января", "январе", "янв", "қаңтар", "қаң"),
    ("february", "feb", "февраль", "февраля", "феврале", "фев", "февр", "ақпан", "ақп"),
    ("march", "mar", "март", "марта", "марте", "мар", "наурыз", "нау"),
    ("april", "apr", "апрель", "апреля", "апреле", "апр", "сәуір", "сәу"),
    ("may", "май", "мая", "мае", "мамыр", "мам"),
    ("june", "jun", "июнь", "июня", "июне", "июн", "маусым", "мау"),
    ("july", "jul", "июль", "июля", "июле", "июл", "шілде", "шіл"),
    ("august", "aug", "август", "августа", "августе", "авг", "тамыз", "там"),
    ("september", "sep", "sept", "сентябрь", "сентября", "сентябре", "сен", "сент", "қыркүйек", "қыр", "қырк"),
    ("october", "oct", "октябрь", "октября", "октябре", "окт", "қазан", "қаз"),
    ("november", "nov", "ноябрь", "ноября", "ноябре", "ноя", "нояб", "қараша", "қар"),
    ("december", "dec", "декабрь", "декабря", "декабре", "дек", "желтоқсан", "жел", "желт"),
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, start=1) for name in names}


def _months_by_look() -> dict[str, int]:
    """Return the months by look-alike name, without names that look like another month's (Latin may, Kazakh мау)."""
    months: dict[str, int] = {}
    unclear = set()
    for name, number in MONTHS.items():
        if months.setdefault(look_alike(name), number) != number:
            unclear.add(look_alike(name))
    return {name: number for name, number in months.items() if name not in unclear}


MONTHS_BY_LOOK = _months_by_look()

# Words that say "year" or "month" and carry nothing else.
FILLERS = re.compile(r"(?<!\w)(?:г|год|года|году|ж|жыл|жылы|жылғы|жылдың|айы|year|of|за|for)(?!\w)\.?")
QUARTER_WORDS = r"(?:q|кв|квартал|квартала|тоқсан|тоқсаны|quarter)"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
NUMBER_OF_QUARTER = r"(?P<quarter>[1-4]|i{1,3}|iv)"

YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
MONTH_FIRST = re.compile(rf"(?P<month>[0-9]{{1,2}})[./-]{YEAR}")
# Not `2026.1`: that is January to some, and October to a spreadsheet that took 2026.10 for a number.
YEAR_FIRST = re.compile(rf"{YEAR}(?:(?:[/-]|-m)(?P<month>[0-9]{{1,2}})|\.(?P<padded>[0-9]{{2}}|[2-9]))")
RUN_TOGETHER = re.compile(rf"{YEAR}(?P<month>0[1-9]|1[0-2])")
DAY_LAST = re.compile(rf"{YEAR}[./-](?P<month>[0-9]{{1,2}})[./-](?P<day>[0-9]{{1,2}})")
DAY_FIRST = re.compile(rf"(?P<day>[0-9]{{1,2}})(?P<mark>[./-])(?P<month>[0-9]{{1,2}})(?P=mark){YEAR}")
DAY_NAMED = re.compile(rf"(?P<day>[0-9]{{1,2}})[ .-]*(?P<name>[^\W\d]+)\.?[ ,.-]*{YEAR}")
# The hour at which a day begins or ends says nothing. Any other may be that of another time zone.
MIDNIGHT = re.compile(r"[t ]0?0:00(?::00(?:\.0+)?)?$")
LAST_MOMENT = re.compile(r"[t ]23:59(?::59(?:\.[0-9]+)?)?$")
FROM_TO = re.compile(r"(?:с |from )?(?P<first>[0-9./-]{8,10}?)(?: ?- ?| по | to )(?P<last>[0-9./-]{8,10})")
NAMED = re.compile(r"(?P<name>[^\W\d]+)\.?[ ,.'’/-]*(?P<year>(?:19|20)[0-9]{2}|[0-9]{2})")
NAMED_LAST = re.compile(rf"{YEAR}[ ,.'’/-]*(?P<name>[^\W\d]+)\.?")
# Not after a day: an order of 5 August 2025 says nothing about the figures.
NAMED_IN_TITLE = re.compile(r"(?<!\w)(?<![0-9][ .])[^\W\d]{3,}\.?[ ,]+20[0-9]{2}(?![0-9])")
YEAR_IN_TITLE = re.compile(r"(?<![0-9])20[0-9]{2}[ ,]+[^\W\d]{3,}")
LONGEST_TITLE = 300  # signs
QUARTER_LAST = re.compile(
    rf"{YEAR}[ ,./-]*(?:{QUARTER_WORDS}\.?[ -]*{NUMBER_OF_QUARTER}|"
    rf"{NUMBER_OF_QUARTER.replace('quarter', 'number')}[ .-]*(?:й|ший)?[ .-]*{QUARTER_WORDS}\.?)"
)
QUARTER_FIRST = re.compile(
    rf"(?:{QUARTER_WORDS}\.?[ -]*{NUMBER_OF_QUARTER}|"
    rf"{NUMBER_OF_QUARTER.replace('quarter', 'number')}[ .-]*(?:й|ший)?[ .-]*{QUARTER_WORDS}\.?)[ ,./-]*{YEAR}"
)
SCHOOL_YEAR = re.compile(
    rf"{YEAR} ?[/–-] ?(?P<next>(?:20)?[0-9]{{2}})(?: ?(?:уч\.?|учебный|учебного|оқу|school|academic))?"
)


def read_period(text: str) -> Period | None:
    """Return the period a text names, None when it names none or could name several.

    A date names its month only when it is the month's first or last day, as spreadsheets write one.
    """
    if any(sign.isdigit() and not sign.isdecimal() for sign in text):
        return None  # a footnote's mark is no digit: 2026-1¹ is not November
    written = " ".join(FILLERS.sub(" ", fold(text)).split()).strip(" .,")
    written = HYPHENS.sub("-", written).replace(" -", "-").replace("- ", "-")
    written = written.lstrip("'’")
    for reader in (_month, _day, _named_month, _quarter, _school_year, _from_to):
        period = reader(written)
        if period is not None:
            return period
    return None


def periods_in(title: str) -> set[Period]:
    """Return the months that a title names by their names: `Report for September 2026`."""
    written = FILLERS.sub(" ", fold(title)) if len(title) <= LONGEST_TITLE else ""
    found = (_named_month(match[0]) for form in (NAMED_IN_TITLE, YEAR_IN_TITLE) for match in form.finditer(written))
    return {period for period in found if period is not None}


def _month(written: str) -> Period | None:
    for form in (MONTH_FIRST, YEAR_FIRST, RUN_TOGETHER):
        match = form.fullmatch(written)
        if match is None:
            continue
        month = int(match["month"] or match["padded"])
        if 1 <= month <= 12:
            return Period(date(int(match["year"]), month, 1))
    return None


def _day(written: str) -> Period | None:
    day = _date(LAST_MOMENT.sub("", MIDNIGHT.sub("", written)))
    if day is None:
        return None
    is_last = (day + timedelta(days=1)).day == 1
    is_edge = (day.day == 1 and not LAST_MOMENT.search(written)) or is_last
    return Period.containing(day) if is_edge else None


def _date(written: str) -> date | None:
    """Return the day that is written, None when it is none or could be two: 09/01/2026."""
    if match := DAY_LAST.fullmatch(written):
        return _valid(match["year"], match["month"], match["day"])
    if match := DAY_NAMED.fullmatch(written):
        return _valid(match["year"], str(_month_named(match["name"])), match["day"])
    match = DAY_FIRST.fullmatch(written)
    if match is None:
        return None
    european = _valid(match["year"], match["month"], match["day"])
    american = _valid(match["year"], match["day"], match["month"])
    if match["mark"] == "." or european == american or american is None:
        return european
    return american if european is None and match["mark"] == "/" else None


def _valid(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _month_named(name: str) -> int:
    """Return a month by its name, 0 for what is none."""
    return MONTHS.get(name) or MONTHS_BY_LOOK.get(look_alike(name)) or 0


def _from_to(written: str) -> Period | None:
    """Return the period whose first and last day are written: 01.09.2026 - 30.09.2026."""
    match = FROM_TO.fullmatch(written)
    first, last = (_date(match["first"]), _date(match["last"])) if match else (None, None)
    if first is None or last is None:
        return None
    spans = (Period.containing(first, granularity) for granularity in Granularity)
    return next((span for span in spans if (span.starts_on, span.ends_on) == (first, last)), None)


def _named_month(written: str) -> Period | None:
    for form in (NAMED, NAMED_LAST):
        match = form.fullmatch(written)
        if match is None:
            continue
        month = _month_named(match["name"])
        if month:
            year = int(match["year"])
            return Period(date(year if year >= 100 else 2000 + year, month, 1))
    return None


def _quarter(written: str) -> Period | None:
    for form in (QUARTER_LAST, QUARTER_FIRST):
        if match := form.fullmatch(written):
            said = match["quarter"] or match["number"]
            number = ROMAN.get(said) or int(said)
            return Period(date(int(match["year"]), 3 * number - 2, 1), Granularity.QUARTER)
    return None


def _school_year(written: str) -> Period | None:
    match = SCHOOL_YEAR.fullmatch(written)
    if match is None or int(match["next"]) % 100 != (int(match["year"]) + 1) % 100:
        return None
    return Period(date(int(match["year"]), SCHOOL_YEAR_BEGINS, 1), Granularity.SCHOOL_YEAR)
