"""Between a row and its values as written: `written` says a row, `read` understands a form and finds its problems."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from access.administration.description import NO, YES, Asked, Column, Kind, Problem, Table, Written
from access.language import _, current
from data_model.registry_codes import WEB_ADDRESS, first_and_last_day

# What ExactDecimal holds on every database.
DIGITS_BEFORE, DIGITS_AFTER = 18, 6
LONGEST_WHOLE_NUMBER = 9

# What is written in one way only: thousands apart by spaces; a comma that no thousands can follow; day, month and year
# by points. 1,500 may be one and a half or fifteen hundred, and is not guessed at.
IN_THOUSANDS = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+([.,][0-9]+)?")
WITH_A_COMMA = re.compile(r"-?[0-9]+,([0-9]{1,2}|[0-9]{4,})")
BY_POINTS = re.compile(r"(?:([0-9]{1,2})\.)?([0-9]{1,2})\.([0-9]{4})")


class Unreadable(ValueError):
    """A value that is not what its column holds; the message says what to write."""


def written(session: Session, table: Table, row: SQLModel) -> Written:
    """Return the row's values as written."""
    return {column.name: write(session, column, getattr(row, column.attribute)) for column in table.columns}


def write(session: Session, column: Column, value: Any) -> str:
    """Return one value as written."""
    if value is None or value == "":
        return ""
    if column.refers_to is not None:
        return key_of(session, column, value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, float):
        return plain_decimal(Decimal(repr(value)))
    return str(value)


def plain_decimal(value: Decimal) -> str:
    """Return an exact number without exponent and without zeros that say nothing."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def key_of(session: Session, column: Column, identity: Any) -> str:
    """Return the key of the row that a reference holds."""
    reference = _reference(column)
    query = select(getattr(reference.row, reference.key)).where(getattr(reference.row, reference.identity) == identity)
    return str(session.exec(query).one())


def read(
    session: Session, table: Table, values: Mapping[str, str], today: date
) -> tuple[dict[str, Any], Written, list[Problem]]:
    """Return what a form says: the values in their types, the same as written in one form, and every problem."""
    typed: dict[str, Any] = {}
    tidy: Written = {}
    problems: list[Problem] = []
    for column in table.columns:
        text = tidied(values.get(column.name, ""), column)
        tidy[column.name] = text
        try:
            typed[column.name] = _typed(session, table, column, text, today)
            tidy[column.name] = write(session, column, typed[column.name])
        except Unreadable as error:
            problems.append(Problem(column.name, str(error)))
    if not problems:
        asked = Asked(session, typed, tidy, today)
        problems = [problem for rule in table.rules for problem in rule(asked)]
    return typed, tidy, problems


def tidied(text: str, column: Column) -> str:
    """Return the text in Unicode form NFC, without spaces around it, and on one line unless its column has several."""
    composed = unicodedata.normalize("NFC", text)
    if column.kind is Kind.LONG_TEXT:
        return "\n".join(line.rstrip() for line in composed.replace("\r\n", "\n").strip().split("\n"))
    return " ".join(composed.split())


def _typed(session: Session, table: Table, column: Column, text: str, today: date) -> Any:
    if not text:
        if column.required:
            raise Unreadable(_("{label} is missing: fill it in.").format(label=_(column.label)))
        held = sa.inspect(table.row).local_table.c
        return None if column.attribute not in held or held[column.attribute].nullable else ""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn", "Cs") and sign != "\n" for sign in text):
        raise Unreadable(_("{label} holds an invisible sign: type it again.").format(label=_(column.label)))
    if len(text) > column.longest:
        message = _("{label} is too long: {count} characters are allowed.")
        raise Unreadable(message.format(label=_(column.label), count=column.longest))
    value = READERS[column.kind](session, column, text)
    begins = value.isoformat() if isinstance(value, date) else (first_and_last_day(str(value)) or ("",))[0]
    if column.past_only and begins > today.isoformat():
        raise Unreadable(_("{label} lies in the future: write when it was.").format(label=_(column.label)))
    return value


def _text(_session: Session, _column: Column, text: str) -> str:
    return text


def _key(_session: Session, column: Column, text: str) -> str:
    if column.form is not None and not column.form.fullmatch(text):
        message = _("{label} is written with small Latin letters, digits and single hyphens, such as kz-ai-sana.")
        raise Unreadable((_(column.form_said) or message).format(label=_(column.label)))
    return text


def _choice(_session: Session, column: Column, text: str) -> str:
    if text not in column.choices:
        raise Unreadable(_("{label}: choose one from the list.").format(label=_(column.label)))
    return text


def _referred(session: Session, column: Column, text: str) -> Any:
    reference = _reference(column)
    query = select(getattr(reference.row, reference.identity)).where(getattr(reference.row, reference.key) == text)
    found = session.exec(query).one_or_none()
    if found is None or (reference.choose is not None and text not in reference.choose(session)):
        message = _("{label}: there is no {key}. Choose one from the list, or add it first.")
        raise Unreadable(message.format(label=_(column.label), key=text))
    return found


def _from_the_year(text: str) -> str:
    """Return a date that is written by points as it is kept: the year first."""
    match = BY_POINTS.fullmatch(text)
    if match is None:
        return text
    day, month, year = match.groups()
    return "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])


def _rough_date(_session: Session, column: Column, text: str) -> str:
    text = _from_the_year(text)
    if first_and_last_day(text) is None:
        message = _("{label} is written as precisely as it is known: 2026, 2026-05 or 2026-05-20.")
        raise Unreadable(message.format(label=_(column.label)))
    return text


def _day(_session: Session, column: Column, text: str) -> date:
    text = _from_the_year(text)
    days = first_and_last_day(text)
    if days is None or len(text) != len("2026-05-20"):
        raise Unreadable(_("{label} is a day, written 2026-05-20.").format(label=_(column.label)))
    return date.fromisoformat(text)


def _whole_number(_session: Session, column: Column, text: str) -> int:
    text = _without_grouping(text)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_WHOLE_NUMBER):
        raise Unreadable(_("{label} is a whole number, such as 10.").format(label=_(column.label)))
    return int(_within(column, Decimal(sign + digits)))


def _decimal(_session: Session, column: Column, text: str) -> Decimal:
    number = _plain_number(column, text)
    whole, _point, fraction = plain_decimal(number).lstrip("-").partition(".")
    if len(whole) > DIGITS_BEFORE or len(fraction) > DIGITS_AFTER:
        message = _("{label} has more digits than can be kept: {before} before and {after} after the point.")
        raise Unreadable(message.format(label=_(column.label), before=DIGITS_BEFORE, after=DIGITS_AFTER))
    return _within(column, number)


def _number(_session: Session, column: Column, text: str) -> float:
    number = float(_within(column, _plain_number(column, text)))
    if not isfinite(number):
        raise Unreadable(_("{label} is too large.").format(label=_(column.label)))
    return number


def _without_grouping(text: str) -> str:
    """Return a number that can be read in one way only without spaces and with a point; any other as it is."""
    if IN_THOUSANDS.fullmatch(text) or WITH_A_COMMA.fullmatch(text):
        return text.replace(" ", "").replace(",", ".")
    return text


def _plain_number(column: Column, text: str) -> Decimal:
    """Return the number. What could be read in two ways (1,500) is not guessed at."""
    text = _without_grouping(text)
    whole, point, fraction = text.removeprefix("-").partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdecimal() and whole and (fraction or not point)):
        message = _("{label} is a number without spaces, with a point before its decimals: 1500.25.")
        raise Unreadable(message.format(label=_(column.label)))
    return Decimal(text)


def _within(column: Column, number: Decimal) -> Decimal:
    if column.least is not None and number < Decimal(str(column.least)):
        message = _("{label} is at least {number}.")
        raise Unreadable(message.format(label=_(column.label), number=f"{column.least:g}"))
    if column.greatest is not None and number > Decimal(str(column.greatest)):
        message = _("{label} is at most {number}.")
        raise Unreadable(message.format(label=_(column.label), number=f"{column.greatest:g}"))
    return number


def _web_address(_session: Session, column: Column, text: str) -> str:
    if not WEB_ADDRESS.fullmatch(text):
        message = _("{label} is a web address that begins with https:// or http://.")
        raise Unreadable(message.format(label=_(column.label)))
    return text


def _yes_no(_session: Session, column: Column, text: str) -> bool:
    if text not in (YES, NO):
        raise Unreadable(_("{label}: choose yes or no.").format(label=_(column.label)))
    return text == YES


READERS: dict[Kind, Callable[[Session, Column, str], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.KEY: _key,
    Kind.CHOICE: _choice,
    Kind.REFERENCE: _referred,
    Kind.ROUGH_DATE: _rough_date,
    Kind.DAY: _day,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.DECIMAL: _decimal,
    Kind.NUMBER: _number,
    Kind.WEB_ADDRESS: _web_address,
    Kind.YES_NO: _yes_no,
}


def names_of(session: Session, column: Column, keys: Iterable[str]) -> dict[str, str]:
    """Return what the rows with these keys are called, by key."""
    reference = _reference(column)
    if reference.choose is not None:
        known = reference.choose(session)
        return {key: known[key] for key in keys if key in known}
    key = col(getattr(reference.row, reference.key))
    query = select(key, name_of_reference(column)).where(key.in_(sorted(set(keys))))
    return {str(one): str(name) for one, name in session.exec(query).all()}


def name_of_reference(column: Column) -> Any:
    """Return the expression for what a referred row is called in the current language, in English where it has none."""
    reference = _reference(column)
    if not reference.name.endswith("_"):
        return col(getattr(reference.row, reference.name))
    english = getattr(reference.row, reference.name + "en")
    return sa.func.coalesce(sa.func.nullif(getattr(reference.row, reference.name + current()), ""), english)


def _reference(column: Column) -> Any:
    if column.refers_to is None:
        raise ValueError(f"{column.name} refers to no table")
    return column.refers_to
