"""What stands in a value's place: nothing, "not applicable", a number, or something that is none.

Each distinct text is read once. Numbers are read by the file's own convention. `1,5` shows its decimal mark itself and
`1,234,567` its group separator; `1,234` shows neither and is read only where other numbers of the file show how.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from intake.folding import tidy

# What a text was read as. From NOT_A_NUMBER on it is an error. ROUNDED: `1.2E+03`, whose digits a spreadsheet dropped.
BLANK, NOT_APPLICABLE, NUMBER, NOT_A_NUMBER, AMBIGUOUS, ROUNDED, PERCENT = range(7)

NOT_APPLICABLE_WORDS = frozenset({"n/a", "н/д", "-", "–", "—"})
PLAIN = re.compile(r"[0-9]+")
GROUPED_BY_SPACE = re.compile(r"[0-9]{1,3}(?:[ '’][0-9]{3})+")
EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
# One mark, one to three digits before it that do not begin with 0, three after: a fraction or a group.
EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
MARKS = (",", ".")
# Stands behind a fraction that a sheet holds as a number: it shows how nobody writes, and is read as it is.
TYPED = "\u2060"
TYPED_NUMBER = re.compile(rf"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?{TYPED}")


def _shapes(mark: str, other: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what a number with this decimal mark looks like, and a number whose groups can only be the other's."""
    groups = rf"[0-9]{{1,3}}(?:(?P<by>[ '’{re.escape(other)}])[0-9]{{3}})(?:(?P=by)[0-9]{{3}})*"
    fraction = re.compile(rf"(?:[0-9]*|{groups}){re.escape(mark)}[0-9]+")
    return fraction, re.compile(rf"[0-9]{{1,3}}(?:{re.escape(other)}[0-9]{{3}}){{2,}}")


SHAPES = {mark: _shapes(mark, other) for mark, other in (MARKS, MARKS[::-1])}


@dataclass
class Quantities:
    """What the texts of a column were read as, in their order.

    `status`: int8. `value`: float64, NaN where there is no number.
    """

    status: np.ndarray
    value: np.ndarray


def convention_shown(texts: Iterable[str]) -> set[str]:
    """Return the decimal marks that these texts show beyond doubt: none, one, or both when they contradict."""
    shown = set()
    for text in texts:
        if ("," not in text and "." not in text) or TYPED_NUMBER.fullmatch(text):
            continue
        mark = _mark_shown(_unsigned(tidy(text).removesuffix("%").rstrip()))
        if mark:
            shown.add(mark)
    return shown


def read_quantities(texts: Sequence[str], decimal_mark: str | None) -> Quantities:
    """Read each text. `decimal_mark` is the file's convention, None where the file does not show one."""
    count = len(texts)
    result = Quantities(np.zeros(count, np.int8), np.full(count, np.nan))
    if count == 0:
        return result
    array = pa.array(texts, pa.string())
    plain = pc.match_substring_regex(array, r"^[0-9]{1,15}$").to_numpy(zero_copy_only=False)
    result.status[plain] = NUMBER
    result.value[plain] = pc.cast(array.filter(pa.array(plain)), pa.int64()).to_numpy().astype(float)
    for index in np.flatnonzero(~plain).tolist():
        result.status[index], result.value[index] = read_quantity(texts[index], decimal_mark)
    return result


def read_quantity(text: str, decimal_mark: str | None) -> tuple[int, float]:
    """Return what one text says: (status, value). A PERCENT has its number as value."""
    nothing = float("nan")
    if TYPED_NUMBER.fullmatch(text):
        return NUMBER, float(text.removesuffix(TYPED))
    written = tidy(text)
    if not written:
        return BLANK, nothing
    if written.casefold() in NOT_APPLICABLE_WORDS:
        return NOT_APPLICABLE, nothing
    if written.endswith("%"):
        status, value = read_quantity(written[:-1], decimal_mark)
        if status == NUMBER:
            return PERCENT, value
        return status if status in (AMBIGUOUS, ROUNDED) else NOT_A_NUMBER, nothing
    if EXPONENT.fullmatch(written):
        return ROUNDED, nothing
    status, whole, fraction = _split(_unsigned(written), decimal_mark)
    if status != NUMBER:
        return status, nothing
    value = float(f"{whole or '0'}.{fraction or '0'}")
    if value == float("inf"):
        return NOT_A_NUMBER, nothing
    return NUMBER, -value if written[0] in "-−" else value


def _unsigned(written: str) -> str:
    return written[1:] if written[:1] in ("+", "-", "−") else written


def _split(digits: str, decimal_mark: str | None) -> tuple[int, str, str]:
    """Return (status, whole digits, fraction digits) of an unsigned number."""
    if PLAIN.fullmatch(digits):
        return NUMBER, digits, ""
    marks = [sign for sign in digits if sign in MARKS]
    if not marks:
        return (NUMBER, _digits_of(digits), "") if GROUPED_BY_SPACE.fullmatch(digits) else (NOT_A_NUMBER, "", "")
    if EITHER.fullmatch(digits):
        if decimal_mark is None:
            return AMBIGUOUS, "", ""
        mark = decimal_mark
    else:
        shown = _mark_shown(digits)
        if shown is None:
            return NOT_A_NUMBER, "", ""
        mark = shown
    if mark not in marks:
        return NUMBER, _digits_of(digits), ""
    whole, _, fraction = digits.rpartition(mark)
    return NUMBER, _digits_of(whole), fraction


def _digits_of(text: str) -> str:
    return "".join(sign for sign in text if "0" <= sign <= "9")


def _mark_shown(digits: str) -> str | None:
    """Return the decimal mark an unsigned number shows beyond doubt, None when it shows none or is no number."""
    if EITHER.fullmatch(digits):
        return None
    for mark, (fraction, groups) in SHAPES.items():
        if fraction.fullmatch(digits) or groups.fullmatch(digits):
            return mark
    return None
