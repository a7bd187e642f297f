"""What a figure can be, in words, and how what has no value looks: never like a zero."""

import textwrap
from collections.abc import Iterable

import pandas as pd

from access.language import N_, _
from charts.theme import LETTERS_ON_A_PHONE, Measure

REPORTED = "reported"
# No school is awaited there: nothing is missing, and there is nothing to see.
NOT_EXPECTED = "not_expected"
MISSING = {
    "not_reported": N_("not reported"),
    "not_applicable": N_("not applicable"),
    "suppressed": N_("withheld"),
    "not_released": N_("not released"),
    NOT_EXPECTED: N_("not expected to report"),
}


def as_drawn(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of figures in which those of nobody expected have the state NOT_EXPECTED.

    A frame that does not tell who was expected (`schools_expected`) stays as it is.
    """
    if "schools_expected" not in frame:
        return frame
    nobody = (frame["schools_expected"] == 0).fillna(False).astype(bool) & (frame["state"] == "not_reported")
    return frame.assign(state=frame["state"].mask(nobody, NOT_EXPECTED))


def not_expected(names: Iterable[str], letters: int = LETTERS_ON_A_PHONE) -> str:
    """Return a sentence that names of whom nothing is expected, in lines of so many letters; empty where of nobody."""
    listed = ", ".join(names)
    return textwrap.fill(_("Not expected to report: {places}.").format(places=listed), letters) if listed else ""


def in_words(state: str) -> str:
    """Return why there is no value: not reported, not applicable, withheld."""
    return _(MISSING.get(state, MISSING["not_reported"]))


def written(value: float, state: str, measure: Measure) -> str:
    """Return a value as written, or in words why there is none."""
    return measure.write(value) if state == REPORTED else in_words(state)
