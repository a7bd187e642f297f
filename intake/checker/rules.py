"""What is data in the modules of intake, as the page's code takes it: words, thresholds, patterns, letters' tables.

So each rule stands once: what is changed in Python is changed in the next checker that is made.
"""

import codecs
import html
import re
import sys
from collections.abc import Mapping
from functools import lru_cache
from html.entities import html5
from types import ModuleType
from typing import Any

from data_model.periods import SCHOOL_YEAR_BEGINS
from intake import (
    column_names,
    columns,
    decoding,
    delimited,
    findings,
    folding,
    grid,
    header,
    layout,
    our_sheets,
    parsed_sheet,
    quantities,
    reading,
    schools,
    side_rows,
    sources,
    statements,
    totals,
    workbook,
    written_periods,
)
from intake.checker.patterns import SPACES, in_javascript
from intake.user_export import columns as user_export_columns

UNKNOWN_LETTER = "\ufffd"

# Module -> the constants that the JavaScript module of the same name takes from it.
EXPORTED: Mapping[ModuleType, tuple[str, ...]] = {
    column_names: ("TAG", "NUMBER_BEFORE", "FOOTNOTE", "PUNCTUATION", "AROUND", "BEFORE", "AFTER"),
    columns: ("LONGEST_NAME", "ROLE_ALIASES", "WEAK", "SCHOOL_WORDS"),
    decoding: (
        "CYRILLIC", "GREEK", "LATIN", "RUSSIAN_AND_KAZAKH", "GREEK_LETTERS", "SIGNS", "SAMPLE", "WORD_BYTES",
        "KAZAKH_COUNTRIES", "GREEK_COUNTRIES",
    ),
    delimited: ("DELIMITERS", "HEAD"),
    findings: (
        "LONGEST_VALUE", "DID_YOU_MEAN", "OLD_OFFICE", "PDF", "TEXT_DOCUMENT", "PICTURE", "COMPRESSED", "WEB_PAGE",
        "BINARY", "DAMAGED_WORKBOOK", "LOCKED_WORKBOOK", "DAMAGED_ZIP", "OTHER_ZIP", "ENDLESS_LINE",
        "MANY_ROWS", "WORDED",
    ),
    folding: ("SPACES", "QUOTES", "HYPHENS", "LOOK_ALIKE"),
    grid: ("WIDE_ENOUGH", "MANY_IN_A_NAME"),
    header: ("LEAST_ABOVE",),
    layout: ("PERIODS_NAMED",),
    our_sheets: ("MARK", "MOST_ROWS", "MOST_COLUMNS", "ROW_COLUMN", "REASON_COLUMN"),
    quantities: (
        "NOT_APPLICABLE_WORDS", "PLAIN", "GROUPED_BY_SPACE", "EXPONENT", "EITHER", "TYPED", "TYPED_NUMBER", "SHAPES",
    ),
    parsed_sheet: ("LAST_COLUMN", "ERROR_WITHOUT_NAME"),
    reading: ("EMAIL",),
    schools: (
        "SUGGESTED", "SUGGESTED_FOR", "NAME_LIKENESS", "CODE_LIKENESS", "LONGEST_CODE", "DECIMAL_TAIL", "EXPONENT",
        "FORMULA_TEXT",
    ),
    side_rows: (
        "EXPLAINING", "LETTERS_OF_COLUMNS", "LEAST_NUMBERED", "EXPLAINED_WITHIN", "COMMENT", "CODE_LIKE", "FIGURES",
    ),
    sources: (
        "FORMATS", "MARKUP", "ENCRYPTED", "LONGEST_LINE",
        "MOST_CSV_BYTES", "MOST_XLSX_BYTES", "MOST_ROWS", "HIDDEN_NAMED", "NOTHING",
    ),
    statements: ("OTHERS_NAMED",),
    totals: ("SUM_WORDS", "SUM_WORDS_ALONE", "SUM_PHRASES", "FOLLOWING", "LEAST_SUMMED"),
    user_export_columns: ("TELLING", "ENOUGH"),
    workbook: ("HEAD", "MOST_UNCOMPRESSED", "CONTENT_TYPES", "WORKBOOK"),
    written_periods: (
        "MONTHS", "MONTHS_BY_LOOK", "ROMAN", "FILLERS", "MONTH_FIRST", "YEAR_FIRST", "RUN_TOGETHER", "DAY_LAST",
        "DAY_FIRST", "DAY_NAMED", "MIDNIGHT", "LAST_MOMENT", "FROM_TO", "NAMED", "NAMED_LAST", "NAMED_IN_TITLE",
        "YEAR_IN_TITLE", "LONGEST_TITLE", "QUARTER_LAST", "QUARTER_FIRST", "SCHOOL_YEAR",
    ),
}  # fmt: skip


@lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return the constants of the modules by their names, with what Python knows of letters and code pages."""
    found = {
        module.__name__.removeprefix("intake.").replace(".", "_"): {
            name: _as_json(getattr(module, name)) for name in names
        }
        for module, names in EXPORTED.items()
    }
    found["decoding"]["TABLES"] = {name: _table(name) for name in decoding.EIGHT_BIT}
    found["periods"] = {"SCHOOL_YEAR_BEGINS": SCHOOL_YEAR_BEGINS}
    found["text"] = _text()
    found["html"] = {"ENTITIES": html5, "REFERENCES": _references()}
    return found


def _as_json(value: Any) -> Any:
    if isinstance(value, re.Pattern):
        return {"pattern": in_javascript(value)}
    if isinstance(value, Mapping):
        return {str(key): _as_json(entry) for key, entry in value.items()}
    if isinstance(value, (frozenset, set)):
        return sorted(_as_json(entry) for entry in value)
    if isinstance(value, (tuple, list)):
        return [_as_json(entry) for entry in value]
    if isinstance(value, bytes):
        return value.decode("latin-1")
    assert isinstance(value, (str, int, float)), f"{value!r} cannot be exported"
    return value


def _table(encoding: str) -> str:
    """Return the 256 signs of an eight-bit encoding, U+FFFD for bytes that are none of its."""
    return codecs.decode(bytes(range(256)), encoding, "replace")


def _text() -> dict[str, Any]:
    """Return what this Python's Unicode says of single signs, where a browser's could say something else."""
    every = [chr(code) for code in range(sys.maxunicode + 1)]
    return {
        "SPACES": SPACES,
        "DIGITS_BESIDE_DECIMALS": "".join(sign for sign in every if sign.isdigit() and not sign.isdecimal()),
        "UNPRINTABLE": _ranges(code for code, sign in enumerate(every) if not sign.isprintable()),
        "CASEFOLD": {sign: sign.casefold() for sign in every if sign.casefold() != sign},
    }


def _references() -> dict[str, str]:
    """Return what numbered references of HTML stand for that is not the sign of that number."""
    odd = [
        *range(0xA0),
        *range(0xFDD0, 0xFDF0),
        *(plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)),
    ]
    said = {code: html.unescape(f"&#{code};") for code in odd}
    return {str(code): sign for code, sign in said.items() if sign != chr(code)}


def _ranges(codes: Any) -> list[int]:
    """Return first and last of each run of codes, one after the other."""
    found: list[int] = []
    for code in codes:
        if found and found[-1] == code - 1:
            found[-1] = code
        else:
            found += [code, code]
    return found
