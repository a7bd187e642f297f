"""The four things a figure can be, in words, and how the three without a value look: never like a zero."""

from access.language import N_, _
from charts.theme import Measure

REPORTED = "reported"
MISSING = {
    "not_reported": N_("not reported"),
    "not_applicable": N_("not applicable"),
    "suppressed": N_("withheld"),
    "not_released": N_("not released"),
}


def in_words(state: str) -> str:
    """Return why there is no value: not reported, not applicable, withheld."""
    return _(MISSING.get(state, MISSING["not_reported"]))


def written(value: float, state: str, measure: Measure) -> str:
    """Return a value as written, or in words why there is none."""
    return measure.write(value) if state == REPORTED else in_words(state)
