"""Codes in words, the registry's and the schools'. One without a word here is shown as it is, without underscores."""

from collections.abc import Mapping

from access.codes import CLAIM_KINDS as CLAIM_KINDS
from access.codes import CLAIM_PERIODS as CLAIM_PERIODS
from access.codes import FACTS as FACTS
from access.codes import FIGURES as FIGURES
from access.codes import GRADES as GRADES
from access.codes import KINDS as KINDS
from access.codes import QUALIFIERS, UNITS
from access.codes import ROLES as ROLES
from access.codes import STATUSES as STATUSES
from access.codes import TRANSACTIONS as TRANSACTIONS
from access.language import N_, _, format_number

SUBMISSION_STATES = {
    "waiting": N_("Waiting for review"),
    "in_review": N_("In review"),
    "returned": N_("Returned"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Withdrawn"),
    "undone": N_("Undone"),
}
SETTINGS = {"urban": N_("urban"), "rural": N_("rural")}
LANGUAGES_OF_INSTRUCTION = {
    "kk": N_("Kazakh"), "ru": N_("Russian"), "en": N_("English"), "uz": N_("Uzbek"), "ug": N_("Uyghur"),
    "tg": N_("Tajik"),
}  # fmt: skip


def word(code: str | None, words: Mapping[str, str]) -> str:
    """Return the code in words; one that is unknown without its underscores, an empty one as nothing."""
    if not isinstance(code, str) or not code:
        return ""
    return _(words[code]) if code in words else code.replace("_", " ")


def claimed(value: float, high: float, qualifier: str, unit: str, period: str) -> str:
    """Return an announced figure as it was announced: at least 84,000 teachers, about 90 %, 4 to 6 % of GDP."""
    low, upper = _plain(value), _plain(high) if high == high else ""
    said = word(qualifier, QUALIFIERS).format(value=low, high=upper)
    parts = [said, word(unit, UNITS) if unit in UNITS else unit, word(period, CLAIM_PERIODS)]
    return " ".join(part for part in parts if part)


def _plain(value: float) -> str:
    decimals = 0 if float(value).is_integer() else 2 if round(value, 1) != value else 1
    return format_number(value, decimals)
